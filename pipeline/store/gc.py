"""Collect what a long-lived output no longer needs: old snapshots, the logs of their runs, what dead runs staged."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SnapshotError
from pipeline.patterns import lazy_compile
from pipeline.store.commit import RUNS, Output, locked, refuse_inside_a_snapshot, sync
from pipeline.store.manifest import NAME as MANIFEST
from pipeline.store.shares import abandoned
from pipeline.store.snapshot import CURRENT, SNAPSHOTS, Snapshot, versions

RUN_ID = lazy_compile(r"([0-9]{8}T[0-9]{6}Z)-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Collected:
    """What was collected, or would be.

    Attributes:
        kept, removed: Names of snapshots, oldest first.
        runs: Folders of runs that were removed.
        bytes: Disk space that becomes free; files that a kept snapshot links as well do not count.
    """

    kept: tuple[str, ...]
    removed: tuple[str, ...]
    runs: int
    bytes: int


def collect(root: Path, keep: int, *, dry_run: bool = False) -> Collected:
    """Remove all but the newest snapshots of an output folder, with the logs of the runs before them.

    What dead runs staged goes as well, and so do shares of jobs that can no longer be committed or that were given up.

    The current snapshot stays whatever its age. A snapshot leaves its place by one rename before anything in it is
    deleted, so no reader ever opens half of one; a reader that holds it open loses it.

    Args:
        root: The output folder.
        keep: How many snapshots stay at least, 1 or more.
        dry_run: Say what would go, and remove nothing.

    Raises:
        OutputLockedError: A run holds the output.
        SnapshotError: The folder is no output of this program.
    """
    refuse_inside_a_snapshot(root)
    if not (root / SNAPSHOTS).is_dir():
        raise SnapshotError(f"{root}: holds no snapshots, so there is nothing to collect")
    with locked(root) as output:
        current = output.current()
        names = versions(root)
        if current is not None and current.version not in names:
            raise SnapshotError(
                f"{root / CURRENT}: points to {current.version}, which is not there, so nothing is removed; "
                f"`descrape rollback` makes one of these current: {', '.join(names) or 'there is none'}"
            )
        staying = {*names[max(0, len(names) - keep) :], *([current.version] if current is not None else [])}
        kept = tuple(name for name in names if name in staying)
        removed = tuple(name for name in names if name not in staying)
        snapshots = [root / SNAPSHOTS / name for name in removed]
        runs = list(_old_runs(root, kept))
        shares = list(abandoned(root, current.version if current is not None else None))
        freed = _freed([*snapshots, *runs, *shares, output.staging])
        if not dry_run:
            _remove(output, snapshots, [*runs, *shares])
    return Collected(kept, removed, len(runs), freed)


def _remove(output: Output, snapshots: Iterable[Path], others: Iterable[Path]) -> None:
    output.discard()
    grave = output.staging / "collected"
    grave.mkdir(parents=True)
    for path in snapshots:
        path.rename(grave / path.name)
    sync(output.root / SNAPSHOTS)
    for path in others:
        shutil.rmtree(path)
    output.discard()


def _old_runs(root: Path, kept: Iterable[str]) -> Iterator[Path]:
    """Yield folders of runs that began before the run of the oldest kept snapshot; names of runs begin with a time."""
    snapshots = (Snapshot(root / SNAPSHOTS / name) for name in kept)
    oldest = next((one.manifest.run_id for one in snapshots if (one.path / MANIFEST).is_file()), "")
    since = RUN_ID.fullmatch(oldest)
    folder = root / RUNS
    if since is None or not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        began = RUN_ID.fullmatch(path.name)
        if began and began[1] < since[1] and path.is_dir() and not path.is_symlink():
            yield path


def _freed(folders: Iterable[Path]) -> int:
    """Return the bytes of files whose every link lies below these folders."""
    links: Counter[tuple[int, int]] = Counter()
    sizes: dict[tuple[int, int], tuple[int, int]] = {}
    for folder in folders:
        for parent, _, files in os.walk(folder):
            for name in files:
                status = Path(parent, name).lstat()
                identity = (status.st_dev, status.st_ino)
                links[identity] += 1
                sizes[identity] = (status.st_size, status.st_nlink)
    return sum(size for identity, (size, of_all) in sizes.items() if links[identity] >= of_all)
