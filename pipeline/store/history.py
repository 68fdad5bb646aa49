"""Which snapshots an output holds, and the undo of a run: an older one is made current again, and none is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
from msgspec import Struct

from pipeline.errors import OutputLockedError, SnapshotError, UnknownSnapshotError
from pipeline.store.bucket import Bucket
from pipeline.store.commit import Output, locked, refuse_inside_a_snapshot, sync
from pipeline.store.manifest import NAME as MANIFEST
from pipeline.store.manifest import FileEntry
from pipeline.store.snapshot import POINTER, SNAPSHOTS, current_version, full_name, in_order, listed, versions


class Entry(Struct, frozen=True):
    """What the manifest of a snapshot says of it in short; the long list of inputs is passed over.

    Attributes:
        version: Name of the snapshot.
        previous: The one it followed; None for the first.
        run_id: The run that committed it.
        created_at: UTC.
        counts: As in the manifest.
        files: The files that hold its tables.
    """

    version: str
    previous: str | None
    run_id: str
    created_at: str
    counts: dict[str, Any]
    files: tuple[FileEntry, ...]


class History(Struct, frozen=True):
    """The snapshots of an output.

    Attributes:
        current: Name of the one that readers see; None when there is none.
        entries: Newest first.
        damaged: Names of those whose manifest is missing or cannot be read.
    """

    current: str | None
    entries: tuple[Entry, ...]
    damaged: tuple[str, ...]


def history(out: Path | str) -> History:
    """Return which snapshots an output holds.

    Args:
        out: The output folder, or its address on S3.

    Raises:
        UsageError: The folder is a snapshot itself, or lies in one.
        DescrapeError: A request failed each time.
    """
    current, raws = _on_s3(Bucket(out)) if isinstance(out, str) else _in_folder(out)
    entries: list[Entry] = []
    damaged: list[str] = []
    for name, raw in raws:
        try:
            entries.append(msgspec.json.decode(raw, type=Entry))
        except msgspec.DecodeError:
            damaged.append(name)
    return History(current, tuple(reversed(entries)), tuple(reversed(damaged)))


def _in_folder(root: Path) -> tuple[str | None, Iterator[tuple[str, bytes]]]:
    refuse_inside_a_snapshot(root)
    paths = [root / SNAPSHOTS / name / MANIFEST for name in versions(root)]
    return current_version(root), ((path.parent.name, path.read_bytes() if path.is_file() else b"") for path in paths)


def _on_s3(bucket: Bucket) -> tuple[str | None, Iterator[tuple[str, bytes]]]:
    """Return the current snapshot, and each that was written whole: the number of another is only claimed."""
    pointer = bucket.get(POINTER)
    current = pointer.raw.decode().strip() if pointer is not None else None
    keys = [key for key in bucket.sizes(SNAPSHOTS) if key.endswith(f"/{MANIFEST}")]
    names = in_order(key.split("/")[1] for key in keys)
    contents = ((name, bucket.get(f"{SNAPSHOTS}/{name}/{MANIFEST}")) for name in names)
    return current, ((name, content.raw if content is not None else b"") for name, content in contents)


def roll_back(out: Path | str, version: str | None = None) -> tuple[str, str]:
    """Make a snapshot the current one again, by the same switch as a commit. Nothing is removed, so it can be undone.

    Args:
        out: The output folder, or its address on S3.
        version: Name of the snapshot; None for the one that the current one followed.

    Returns:
        The snapshot that was current, and the one that is.

    Raises:
        UnknownSnapshotError: There is no such snapshot, it was removed, or the current one followed none.
        SnapshotError: A file of it is missing or cut short, or none is current.
        OutputLockedError: A run holds the output, or committed meanwhile.
    """
    if isinstance(out, str):
        return _roll_back_on_s3(out, version)
    refuse_inside_a_snapshot(out)
    if not (out / SNAPSHOTS).is_dir():
        raise SnapshotError(f"{out}: holds no snapshot yet")
    with locked(out) as output:
        output.current()  # something else than a link there is refused before anything is done
        past = history(out)
        target = _target(past, out, version, listed(out))
        folder = out / SNAPSHOTS / target.version
        sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.glob("*/*")}
        _demand_whole(target, sizes)
        _switch(output, target.version)
    return past.current or target.version, target.version


def _switch(output: Output, version: str) -> None:
    """Switch aside from what a dead run may have left staged, which the next run is to find."""
    stage = output.staging / f"rollback-{uuid4().hex}"
    stage.mkdir(parents=True)
    try:
        output.switch(stage, version)
        sync(output.root)
    finally:
        for path in (*stage.iterdir(), stage):
            path.unlink() if path.is_symlink() or path.is_file() else path.rmdir()
        if not output.holds_remains():
            output.discard()


def _roll_back_on_s3(url: str, version: str | None) -> tuple[str, str]:
    bucket = Bucket(url)
    pointer = bucket.get(POINTER)
    past = history(url)
    there = "there are " + ", ".join(entry.version for entry in reversed(past.entries))
    target = _target(past, url, version, there)
    key = f"{SNAPSHOTS}/{target.version}/"
    _demand_whole(target, {name.removeprefix(key): size for name, size in bucket.sizes(key.rstrip("/")).items()})
    tag = pointer.tag if pointer is not None else None
    if not bucket.put_if(POINTER, f"{target.version}\n".encode(), tag):
        raise OutputLockedError(f"{url}: a run committed while this was looked at; look again, then try again")
    return past.current or target.version, target.version


def _target(past: History, out: Path | str, version: str | None, there: str) -> Entry:
    """Return the snapshot to go back to."""
    known = {entry.version: entry for entry in past.entries}
    if version is not None:
        name = full_name(version)
        if name in past.damaged:
            raise SnapshotError(f"{out}: the manifest of {name} is missing or damaged, so it cannot be current")
        if name not in known:
            raise UnknownSnapshotError(f"{out}: holds no snapshot {version!r}; {there}")
        return known[name]
    if past.current not in known:
        raise SnapshotError(f"{out}: has no current snapshot that can be read, so name the one to go back to; {there}")
    before = known[past.current].previous
    if before is None:
        more = f"; {there}" if len(known) > 1 else ""
        what = f"{past.current} followed no other snapshot, so there is nothing to go back to"
        raise UnknownSnapshotError(f"{out}: {what}{more}")
    if before not in known:
        raise UnknownSnapshotError(f"{out}: {before}, the snapshot before, was removed; {there}")
    return known[before]


def _demand_whole(target: Entry, sizes: dict[str, int]) -> None:
    """Refuse a snapshot that no reader could read to its end; `verify` looks at every byte."""
    for entry in target.files:
        place = f"{entry.table}/{entry.name}"
        if sizes.get(place) != entry.size:
            raise SnapshotError(f"{target.version}: {place} is missing or cut short, so it cannot be current")
