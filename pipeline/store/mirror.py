"""An output on S3: worked on in a folder of this machine, its mirror, and made visible by one conditional put.

    s3://bucket/clean/CURRENT                     the commit: the name of the snapshot
    s3://bucket/clean/snapshots/v000042/claim     which run the number belongs to
    s3://bucket/clean/snapshots/v000042/…         tables and manifest, as in a folder

S3 knows neither renames nor links nor locks. So a run claims the number of its snapshot by a put that demands that
nobody did before, writes every file below it, and at last replaces ``CURRENT`` on the condition that it is still the
one the run began with. Of two runs that commit at once one is told so, and nothing of it is visible.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from pipeline.errors import DescrapeError, OutputLockedError, SnapshotError, UnknownSnapshotError, UsageError
from pipeline.store.bucket import Bucket
from pipeline.store.commit import RUNS, Output, locked, name_behind
from pipeline.store.manifest import DIGEST_NAME, NAME, FileEntry, Manifest, read_manifest
from pipeline.store.snapshot import CURRENT, POINTER, SNAPSHOTS, VERSION, Snapshot, full_name

CLAIM = "claim"
MIRROR_OF = ".mirror-of"
"""The file of a mirror that says which address it mirrors."""


@contextmanager
def mirrored(url: str, folder: Path | None = None) -> Iterator[Output]:
    """Hold a mirror of an output on S3, as it is now.

    Args:
        url: The address of the output.
        folder: Where the mirror is, and stays for the next run; None for one that is dropped behind the run.

    Raises:
        UsageError: The address is none of S3, or the folder is no mirror of it.
        OutputLockedError: Another run on this machine holds the mirror.
    """
    bucket = Bucket(url)
    with tempfile.TemporaryDirectory(prefix="descrape-mirror-") as passing:
        root = folder if folder is not None else Path(passing)
        with locked(root):
            _own(root, bucket.url)
            output = MirroredOutput(root, bucket)
            output.pull()
            before = set((root / RUNS).glob("*"))
            try:
                yield output
            finally:
                output.push_runs(before)


def _own(root: Path, url: str) -> None:
    note = root / MIRROR_OF
    if not note.is_file() and (root / SNAPSHOTS).exists():
        raise UsageError(f"{root}: is an output itself, and no mirror; name another folder for --mirror")
    if note.is_file() and note.read_text("utf-8") != url:
        raise UsageError(f"{root}: mirrors {note.read_text('utf-8')}; name another folder for --mirror")
    note.write_text(url, "utf-8")


class MirroredOutput(Output):
    """An output on S3 that this run works on in its mirror; whether it alone does is found out when it commits."""

    def __init__(self, root: Path, bucket: Bucket) -> None:
        super().__init__(root)
        self._bucket = bucket
        self._tag: str | None = None

    def pull(self) -> None:
        """Have the mirror hold the current snapshot, and no other."""
        pointer = self._bucket.get(POINTER)
        self._tag = pointer.tag if pointer is not None else None
        name = pointer.raw.decode().strip() if pointer is not None else None
        self.discard()
        if name is not None and not (self.root / SNAPSHOTS / name).is_dir():
            self._fetch(name)
        (self.root / CURRENT).unlink(missing_ok=True)
        if name is not None:
            (self.root / CURRENT).symlink_to(f"{SNAPSHOTS}/{name}", target_is_directory=True)
        for path in (self.root / SNAPSHOTS).glob("*"):
            if path.name != name:
                shutil.rmtree(path)

    def _fetch(self, name: str) -> None:
        """Fetch a snapshot; of files that older ones in the mirror hold as well, nothing is fetched."""
        building = self.staging / name
        building.mkdir(parents=True)
        key = f"{SNAPSHOTS}/{name}"
        self._bucket.download({f"{key}/{file}": building / file for file in (NAME, DIGEST_NAME)})
        here = {(path.name, path.stat().st_size): path for path in (self.root / SNAPSHOTS).glob("*/*/*.parquet")}
        wanted: dict[str, Path] = {}
        manifest = read_manifest(building)
        for entry in manifest.files:
            target = building / entry.table / entry.name
            target.parent.mkdir(exist_ok=True)
            same = here.get((entry.name, entry.size))
            if same is not None:
                os.link(same, target)
            else:
                wanted[f"{key}/{entry.table}/{entry.name}"] = target
        self._bucket.download(wanted)
        for entry in manifest.files:
            _hold(building, entry)
        (self.root / SNAPSHOTS).mkdir(exist_ok=True)
        building.rename(self.root / SNAPSHOTS / name)

    def next_version(self) -> str:
        """Claim a name that no snapshot ever had, committed or not."""
        keys = self._bucket.sizes(SNAPSHOTS)
        while True:
            names = {key.split("/")[1] for key in keys}
            version = name_behind(names)
            key = f"{SNAPSHOTS}/{version}/{CLAIM}"
            if self._bucket.put_if(key, uuid4().hex.encode(), None):
                return version
            keys[key] = 0

    def carry(self, snapshot: Path, manifest: Manifest) -> None:
        """Write all files of a snapshot to S3; those that the last one has as well are copied there."""
        key = f"{SNAPSHOTS}/{manifest.version}"
        before = self.current()
        old = {entry.sha256: entry for entry in before.manifest.files} if before is not None else {}
        copied: dict[str, str] = {}
        new: dict[str, Path] = {}
        for entry in manifest.files:
            where = f"{entry.table}/{entry.name}"
            known = old.get(entry.sha256)
            if known is not None and known.table == entry.table and before is not None:
                copied[f"{key}/{where}"] = f"{SNAPSHOTS}/{before.version}/{known.table}/{known.name}"
            else:
                new[f"{key}/{where}"] = snapshot / where
        self._bucket.copy(copied)
        self._bucket.upload(new)
        self._bucket.upload({f"{key}/{name}": snapshot / name for name in (NAME, DIGEST_NAME)})
        there = self._bucket.sizes(key)
        for entry in manifest.files:
            if there.get(f"{key}/{entry.table}/{entry.name}") != entry.size:
                raise DescrapeError(f"{self._bucket.url}/{key}/{entry.table}/{entry.name}: was not written whole")

    def switch(self, stage: Path, version: str) -> None:
        """Replace the pointer, unless another run did since this one began.

        Raises:
            OutputLockedError: Another run did.
        """
        if not self._bucket.put_if(POINTER, f"{version}\n".encode(), self._tag):
            raise OutputLockedError(f"{self._bucket.url}: another run committed while this one worked; run again")
        super().switch(stage, version)

    def push_runs(self, before: set[Path]) -> None:
        """Write logs and reports of this run to S3."""
        files = [
            path for run in set((self.root / RUNS).glob("*")) - before for path in run.rglob("*") if path.is_file()
        ]
        self._bucket.upload({path.relative_to(self.root).as_posix(): path for path in files})


def _hold(folder: Path, entry: FileEntry) -> None:
    """Hold a file that was fetched against what the manifest says of it."""
    path = folder / entry.table / entry.name
    with path.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != entry.sha256:
            raise SnapshotError(f"{entry.table}/{entry.name}: is not what was committed; --rebuild needs another --out")


def open_on_s3(url: str, version: str | None = None) -> Snapshot:
    """Open a snapshot of an output on S3; its files are fetched when they are first read, and held for the session.

    Raises:
        SnapshotError: There is no such snapshot.
    """
    bucket = Bucket(url)
    if version is None:
        pointer = bucket.get(POINTER)
        if pointer is None:
            raise SnapshotError(f"{url}: holds no snapshot yet; `descrape run SOURCE --out {url}` makes one")
        version = pointer.raw.decode().strip()
    version = full_name(version)
    if not VERSION.fullmatch(version):  # it becomes the name of a folder of this machine
        raise UnknownSnapshotError(f"{url}: holds no snapshot {version!r}")
    held = tempfile.TemporaryDirectory(prefix="descrape-snapshot-")
    folder = Path(held.name, version)
    folder.mkdir()
    for name in (NAME, DIGEST_NAME):
        content = bucket.get(f"{SNAPSHOTS}/{version}/{name}")
        if content is None:
            raise UnknownSnapshotError(f"{url}: holds no snapshot {version!r}")
        (folder / name).write_bytes(content.raw)
    return SnapshotOnS3(folder, bucket, held)


@dataclass(frozen=True)
class SnapshotOnS3(Snapshot):
    """A snapshot whose files are fetched as they are asked for.

    Attributes:
        bucket: Where they come from.
        held: The folder of this machine that holds them; it goes with the snapshot.
    """

    bucket: Bucket = field(repr=False, compare=False)
    held: tempfile.TemporaryDirectory[str] = field(repr=False, compare=False)

    def file(self, entry: FileEntry) -> Path:
        """Return where a file is, once it is here.

        Raises:
            DescrapeError: It is gone, or cannot be fetched.
        """
        path = super().file(entry)
        if not path.is_file():
            path.parent.mkdir(exist_ok=True)
            aside = path.with_name(f"{entry.name}.{uuid4().hex}")
            self.bucket.download({f"{self._key}/{entry.table}/{entry.name}": aside})
            aside.rename(path)
        return path

    def present(self, table: str) -> set[str]:
        """Return the names of what stands in the folder of a table."""
        return {key.rpartition("/")[2] for key in self.bucket.sizes(f"{self._key}/{table}")}

    @property
    def _key(self) -> str:
        return f"{SNAPSHOTS}/{self.version}"
