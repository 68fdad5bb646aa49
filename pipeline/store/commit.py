"""The one atomic switch: a run's files are staged, synced, renamed into place, and made visible by one link.

Order of steps, each durable before the next begins: files, their folders, the manifest, the rename of the whole
snapshot, the link. A reader sees the old snapshot or the new one at every instant, also after a power cut.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import filelock

from pipeline.errors import DescrapeError, OutputLockedError, SnapshotError, UsageError
from pipeline.patterns import lazy_compile
from pipeline.schema import TABLES
from pipeline.store.bodies import Bodies
from pipeline.store.manifest import DIGEST_NAME, NAME, FileEntry, Manifest, put_manifest
from pipeline.store.parquet import StagedFile, open_writer, seal
from pipeline.store.snapshot import CURRENT, POINTER, SNAPSHOTS, VERSION, Snapshot, current_version
from pipeline.store.tables import empty

STAGING = ".staging"
LOCK = ".lock"
RUNS = "runs"

NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
"""What a file system without symbolic links answers."""

SURROGATE = lazy_compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the snapshot to come: one that this run staged moves there, any other is linked and stays as well.

    ``bodies`` is what is known of an articles file without opening it.
    """

    shard: int
    table: str
    rows: int
    size: int
    sha256: str
    path: str
    bodies: Bodies | None = None


class Output:
    """An output folder that this run alone may write to."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def staging(self) -> Path:
        """Folder for what is not committed yet."""
        return self.root / STAGING

    def current(self) -> Snapshot | None:
        """Return the committed snapshot; None when there is none.

        Raises:
            SnapshotError: Something else stands where the link should be.
        """
        link = self.root / CURRENT
        if link.exists() and not link.is_symlink():
            raise SnapshotError(f"{link}: is not the link that this program makes; move it away and run again")
        name = current_version(self.root)
        return Snapshot((self.root / SNAPSHOTS / name).resolve()) if name is not None else None

    def next_version(self) -> str:
        """Return a name that no snapshot ever had, committed or not."""
        folder = self.root / SNAPSHOTS
        names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        return name_behind([*names, current_version(self.root) or ""])

    def holds_remains(self) -> bool:
        """Whether the last run died with its work half done: one that fails, or is interrupted, clears up."""
        return self.staging.is_dir() and any(self.staging.iterdir())

    def stage(self, run_id: str) -> Path:
        """Make the staging folder of a run, and drop what dead runs left behind."""
        shutil.rmtree(self.staging, ignore_errors=True)
        folder = self.staging / run_id
        folder.mkdir(parents=True)
        return folder

    def discard(self) -> None:
        """Drop everything that is staged."""
        shutil.rmtree(self.staging, ignore_errors=True)

    def commit(
        self,
        stage: Path,
        parts: Sequence[Part],
        manifest_of: Callable[[tuple[FileEntry, ...]], Manifest],
        before_switch: Callable[[], None] = lambda: None,
    ) -> Snapshot:
        """Make a snapshot of the parts, and switch to it.

        Args:
            stage: The run's staging folder, which holds the new files.
            parts: Files of the snapshot in row order.
            manifest_of: Gives the manifest, once the files have their names.
            before_switch: Called when all is durable and only the switch is left.
        """
        building = stage / "snapshot"
        entries = tuple(self._place(building, stage, parts))
        manifest = manifest_of(entries)
        put_manifest(building, manifest)
        for name in (NAME, DIGEST_NAME):
            sync(building / name)
        for table in sorted({entry.table for entry in entries}):
            sync(building / table)
        sync(building)
        snapshots = self.root / SNAPSHOTS
        snapshots.mkdir(exist_ok=True)
        final = snapshots / manifest.version
        building.rename(final)
        sync(snapshots)
        sync(self.root)
        self.carry(final, manifest)
        before_switch()
        self.switch(stage, manifest.version)
        # The snapshot is visible: what fails from here on cannot make the run a failed one.
        with suppress(OSError):
            sync(self.root)
        return Snapshot(final.resolve())

    def _place(self, building: Path, stage: Path, parts: Sequence[Part]) -> Iterator[FileEntry]:
        """Move or link every part into the new snapshot under a name that no file had before."""
        by_table: dict[str, list[Part]] = {table: [] for table in (*TABLES, *(part.table for part in parts))}
        for part in parts:
            by_table[part.table].append(part)
        for table, own in by_table.items():
            (building / table).mkdir(parents=True)
            for place, part in enumerate(own or [_empty_part(stage, table)]):
                name = f"part-{place:06d}-{part.sha256[:12]}.parquet"
                _link_or_copy(part.path, f"{building}/{table}/{name}", move=part.path.startswith(f"{stage}/"))
                yield FileEntry(table, name, part.rows, part.size, part.sha256, part.shard)

    def carry(self, snapshot: Path, manifest: Manifest) -> None:
        """Bring a whole snapshot to where its readers are, which is here."""

    def switch(self, stage: Path, version: str) -> None:
        """Make a snapshot the one that readers see."""
        link = stage / CURRENT
        try:
            link.symlink_to(f"{SNAPSHOTS}/{version}", target_is_directory=True)
        except OSError as error:
            if error.errno not in NO_LINKS or (self.root / CURRENT).is_symlink():
                raise
            pointer = stage / POINTER
            pointer.write_text(version + "\n", "utf-8")
            sync(pointer)
            pointer.replace(self.root / POINTER)
        else:
            link.replace(self.root / CURRENT)


def name_behind(names: Iterable[str]) -> str:
    """Return the name of a snapshot behind all others.

    >>> name_behind(["v000009", "v000011", "notes"])
    'v000012'
    """
    numbers = [int(found[1]) for name in names if (found := VERSION.fullmatch(name))]
    return f"v{max(numbers, default=0) + 1:06d}"


@contextmanager
def locked(root: Path) -> Iterator[Output]:
    """Hold an output folder for one run; the system lets go of it when the process dies.

    Raises:
        OutputLockedError: Another run holds it.
        UsageError: It lies in a snapshot, which never changes, or its name is not UTF-8.
        DescrapeError: The folder cannot be made or written to.
    """
    if not str(root).isascii() and SURROGATE.search(str(root)):
        raise UsageError("the name of the output folder is not UTF-8, and Parquet readers could not open it")
    refuse_inside_a_snapshot(root)
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(root / LOCK, timeout=0)
        lock.acquire()
    except filelock.Timeout:
        raise OutputLockedError(f"{root}: another run holds this output; try again when it is done") from None
    except OSError as error:
        raise DescrapeError(f"{root}: cannot be written to: {error.strerror or error}") from None
    try:
        yield Output(root)
    finally:
        lock.release()


def refuse_inside_a_snapshot(root: Path) -> None:
    """Refuse what ``current`` leads to: an output in there would stand beside the tables, and go with them.

    Raises:
        UsageError: The folder is a snapshot, or lies in one.
    """
    for folder in (whole := root.resolve(), *whole.parents):
        if folder.parent.name == SNAPSHOTS and VERSION.fullmatch(folder.name) and (folder / NAME).is_file():
            outer = folder.parent.parent
            raise UsageError(f"{root}: is a snapshot, or lies in one, and those never change; the output is {outer}")


def sync(path: Path) -> None:
    """Make a file or a folder's entries durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def part_of(staged: StagedFile, shard: int) -> Part:
    """Return the part that a staged file becomes."""
    return Part(shard, staged.table, staged.rows, staged.size, staged.sha256, staged.path, staged.bodies)


def reused_part(snapshot: Snapshot, entry: FileEntry, shard: int) -> Part:
    """Return the part that a file of the last snapshot becomes when nothing in its shard changed."""
    path = str(snapshot.path / entry.table / entry.name)
    return Part(shard, entry.table, entry.rows, entry.size, entry.sha256, path)


def _empty_part(stage: Path, table: str) -> Part:
    """Write a file without rows: a reader that opens the table's folder must find its columns."""
    path = stage / f"{table}-empty.parquet"
    with open_writer(path, TABLES[table], stage.name) as writer:
        writer.write_table(empty(table))
    return part_of(seal(path, table, 0), shard=-1)


def _link_or_copy(source: str, target: str, *, move: bool) -> None:
    # Thousands of files may stand in a snapshot, and one as an object costs more than its link.
    if move:
        os.rename(source, target)  # noqa: PTH104 - see above
        return
    try:
        os.link(source, target)
    except OSError:
        # No hard links here (another device, or a file system without them): a copy is as good, only larger.
        shutil.copyfile(source, target)
        sync(Path(target))
