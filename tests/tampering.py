"""Change committed tables behind the manifest's back, or with its hashes made to fit: what `verify` has to find."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.schema import TABLES
from pipeline.store.manifest import FileEntry, Manifest, put_manifest, read_manifest
from pipeline.store.parquet import open_writer, seal
from pipeline.store.snapshot import Snapshot

Row = dict[str, Any]
Change = Callable[[list[Row]], list[Row]]


def rewrite(snapshot: Snapshot, table: str, change: Change, *, counted: bool = True) -> None:
    """Write the files of a table again with other rows, and have the manifest say that they were always so.

    Args:
        snapshot: What to change.
        table: Which of its tables.
        change: Gets the rows of one file and gives those that stand there from now on. Files without rows stay.
        counted: Whether the counts of the manifest follow.
    """
    manifest = read_manifest(snapshot.path)
    files: list[FileEntry] = []
    for entry in manifest.files:
        if entry.table == table and entry.rows:
            path = snapshot.path / table / entry.name
            files.append(_again(path, entry, change(pq.read_table(path).to_pylist())))
        else:
            files.append(entry)
    rows = sum(entry.rows for entry in files if entry.table == table)
    counts = {**manifest.counts, table: rows} if counted else manifest.counts
    write_manifest(snapshot, files=tuple(files), counts=counts)


def write_manifest(snapshot: Snapshot, **changes: object) -> Manifest:
    """Write the manifest again with other values, and forget what was read of it."""
    manifest = msgspec.structs.replace(read_manifest(snapshot.path), **changes)
    put_manifest(snapshot.path, manifest)
    forget(snapshot)
    return manifest


def forget(snapshot: Snapshot) -> None:
    """Have the snapshot read its manifest again."""
    vars(snapshot).pop("manifest", None)


def replace_file(snapshot: Snapshot, entry: FileEntry, raw: bytes | pa.Table) -> None:
    """Put other bytes, or a table with other columns, in the place of a file, and have the manifest fit."""
    path = snapshot.path / entry.table / entry.name
    path.unlink()  # it may be a link that another snapshot shares
    if isinstance(raw, bytes):
        path.write_bytes(raw)
    else:
        pq.write_table(raw, path)
    files = tuple(_sealed(path, old) if old == entry else old for old in snapshot.manifest.files)
    write_manifest(snapshot, files=files)


def where(matching: Mapping[str, Any], **changes: object) -> Change:
    """Return a change of every row that has these values: a callable gets the old value, anything else replaces it."""

    def change(rows: list[Row]) -> list[Row]:
        return [_changed(row, changes) if matching.items() <= row.items() else row for row in rows]

    return change


def _changed(row: Row, changes: Mapping[str, Any]) -> Row:
    return {**row, **{name: new(row[name]) if callable(new) else new for name, new in changes.items()}}


def _again(path: Path, entry: FileEntry, rows: list[Row]) -> FileEntry:
    table = TABLES[entry.table]
    path.unlink()
    with open_writer(path, table, "tampered") as writer:
        writer.write_table(pa.Table.from_pylist(rows, table.arrow()))
    return msgspec.structs.replace(_sealed(path, entry), rows=len(rows))


def _sealed(path: Path, entry: FileEntry) -> FileEntry:
    done = seal(path, entry.table, entry.rows)
    return msgspec.structs.replace(entry, size=done.size, sha256=done.sha256)
