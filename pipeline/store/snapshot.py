"""Open a committed snapshot: all tables of one run, pinned for a whole session."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import SnapshotError, UnknownSnapshotError
from pipeline.patterns import lazy_compile
from pipeline.schema import EVERY_TABLE, NEAR_DUPLICATES, TABLES
from pipeline.store.manifest import NAME as MANIFEST
from pipeline.store.manifest import FileEntry, Manifest, read_manifest
from pipeline.store.remote import is_remote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

SNAPSHOTS = "snapshots"
CURRENT = "current"
POINTER = "CURRENT"
"""A file with the name of the snapshot, where the file system has no symbolic links."""
VERSION = lazy_compile(r"v([0-9]{6,})")
"""How a snapshot is named."""
LISTED = 12
"""Snapshots that a message names; it does not leave out a single one."""
_NUMBER = lazy_compile(r"v?([0-9]{1,15})")
"""How people name one."""
BATCH_ROWS = 8192
"""Rows that are held at a time where a table is read batch by batch."""


@dataclass(frozen=True)
class Snapshot:
    """The tables of one run. It stays what it is while later runs commit others.

    Attributes:
        path: Folder of the snapshot itself, never the moving ``current``.
    """

    path: Path

    @property
    def version(self) -> str:
        """Name of the snapshot, such as ``v000042``."""
        return self.path.name

    @cached_property
    def manifest(self) -> Manifest:
        """What was read, what came of it, and which files hold it."""
        return read_manifest(self.path)

    @property
    def tables(self) -> list[str]:
        """Names of the tables it holds."""
        return [*TABLES, *([NEAR_DUPLICATES.name] if self.manifest.near_duplicates is not None else [])]

    def files(self, table: str) -> list[Path]:
        """Return the Parquet files of a table, in row order.

        Raises:
            SnapshotError: There is no such table.
        """
        if table not in self.tables:
            raise SnapshotError(f"there is no table {table!r}; there are: {', '.join(self.tables)}")
        return [self.file(entry) for entry in self.manifest.of_table(table)]

    def file(self, entry: FileEntry) -> Path:
        """Return where one file of the manifest is."""
        return self.path / entry.table / entry.name

    def present(self, table: str) -> set[str]:
        """Return the names of what stands in the folder of a table, whatever the manifest says."""
        folder = self.path / table
        return {path.name for path in folder.iterdir()} if folder.is_dir() else set()

    def arrow(self, table: str, columns: str | Sequence[str] | None = None) -> pa.Table:
        """Return a table, or some of its columns, as an Arrow table.

        Raises:
            SnapshotError: There is no such table or column, a file is missing or damaged, or was written by an older
                version that had no such column yet.
        """
        files = self.files(table)
        wanted = _wanted(table, columns)
        # Read by no column, a table would have no rows either.
        read = wanted or [EVERY_TABLE[table].columns[0].name]
        return pa.concat_tables([read_file(path, read) for path in files]).select(wanted)

    def batches(self, table: str, columns: str | Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield a table, or some of its columns, a few thousand rows at a time: memory stays what one batch takes.

        Raises:
            SnapshotError: There is no such table or column, or a file is missing or damaged.
        """
        files = self.files(table)
        wanted = _wanted(table, columns)
        for path in files:
            yield from read_batches(path, wanted)

    def pandas(self, table: str, columns: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Return a table, or some of its columns, as a pandas data frame.

        Integers stay integers also where some are null (pandas' ``Int64`` and its kin): as floats, clocks of eighteen
        digits would lose some of them.
        """
        import pandas as pd

        integers = {pa.int16(): pd.Int16Dtype(), pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype()}
        frame: pd.DataFrame = self.arrow(table, columns).to_pandas(types_mapper=integers.get)
        return frame


def _wanted(table: str, columns: str | Sequence[str] | None) -> list[str]:
    known = [column.name for column in EVERY_TABLE[table].columns]
    wanted = [columns] if isinstance(columns, str) else list(columns) if columns is not None else known
    if unknown := [name for name in wanted if name not in known]:
        raise SnapshotError(f"{table} has no column {unknown[0]!r}; `descrape schema {table}` lists them")
    return wanted


def read_file(path: Path, columns: Sequence[str] | None = None, *, use_threads: bool = True) -> pa.Table:
    """Read one Parquet file, its page checksums held against its bytes.

    Threads are worth it for large tables; for a few small columns they cost half as much again.

    Raises:
        SnapshotError: It is missing or damaged, or lacks a column.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            if columns is None:
                return file.read(use_threads=use_threads).replace_schema_metadata(None)
            _require(path, file, columns)
            return file.read(columns=list(columns), use_threads=use_threads).replace_schema_metadata(None)
    except (OSError, pa.ArrowException) as error:
        raise SnapshotError(f"{path}: cannot be read: {error}") from None


def read_batches(path: Path, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield the rows of one Parquet file batch by batch, its page checksums held against its bytes.

    Raises:
        SnapshotError: It is missing or damaged, or lacks a column.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            _require(path, file, columns)
            yield from file.iter_batches(columns=list(columns), batch_size=BATCH_ROWS)
    except (OSError, pa.ArrowException) as error:
        raise SnapshotError(f"{path}: cannot be read: {error}") from None


def _require(path: Path, file: pq.ParquetFile, columns: Sequence[str]) -> None:
    """Refuse a file that lacks a column: Arrow would leave it out without a word."""
    there = set(file.schema_arrow.names)
    if lacking := [name for name in columns if name not in there]:
        raise SnapshotError(f"{path}: has no column {lacking[0]!r}; it was damaged, or written by another version")


def open_snapshot(folder: str | os.PathLike[str], version: str | None = None) -> Snapshot:
    """Open the current snapshot of an output folder, or the one named.

    Args:
        folder: The folder or address given to ``--out``, or the folder of one snapshot.
        version: Name of a snapshot, such as ``v000042``, or ``v42`` or ``42``; the current one when None.

    Raises:
        SnapshotError: There is no such snapshot.

    >>> from tempfile import TemporaryDirectory
    >>> from pipeline import run
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "page.txt").write_text("The quay is dry.")
    ...     _ = run(Path(folder, "page.txt"), Path(folder, "clean"))
    ...     snapshot = open_snapshot(Path(folder, "clean"))
    ...     print(snapshot.version, snapshot.arrow("articles", ["source_uri", "body"]).to_pylist())
    v000001 [{'source_uri': 'page.txt', 'body': 'The quay is dry.'}]
    """
    if isinstance(folder, str) and is_remote(folder):
        from pipeline.store.mirror import open_on_s3

        return open_on_s3(folder, version)
    root = Path(folder)
    if not root.is_dir():
        raise SnapshotError(f"{root}: there is no such folder")
    if version is None and (root / MANIFEST).is_file():
        return Snapshot(root.resolve())
    name = full_name(version) if version is not None else current_version(root)
    if name is None:
        there = versions(root)
        if there:
            link = f"`descrape rollback {root} {there[-1]}` makes such a link"
            raise SnapshotError(f"{root / CURRENT}: is no link to a snapshot; {listed(root)}; {link}")
        raise SnapshotError(f"{root}: holds no snapshot yet; `descrape run SOURCE --out {root}` makes one")
    path = root / SNAPSHOTS / name
    if not name or Path(name).name != name or name == ".." or "\0" in name or not path.is_dir():
        if version is None:
            raise SnapshotError(points_nowhere(root, name))
        raise UnknownSnapshotError(f"{root}: holds no snapshot {version!r}; {listed(root)}")
    return Snapshot(path.resolve())


def full_name(version: str) -> str:
    """Return the whole name of a snapshot that may have been named in short.

    >>> full_name("v2"), full_name("2"), full_name("latest")
    ('v000002', 'v000002', 'latest')
    """
    found = _NUMBER.fullmatch(version)
    return f"v{int(found[1]):06d}" if found else version


def versions(root: Path) -> list[str]:
    """Return the names of all snapshots of an output folder, oldest first."""
    folder = root / SNAPSHOTS
    paths = folder.iterdir() if folder.is_dir() else ()
    return in_order(path.name for path in paths if path.is_dir() and not path.is_symlink())


def in_order(names: Iterable[str]) -> list[str]:
    """Return those names that are of snapshots, oldest first; others may stand beside them.

    >>> in_order(["v1000000", "notes", "v000002"])
    ['v000002', 'v1000000']
    """
    return sorted(filter(VERSION.fullmatch, names), key=number)


def number(name: str) -> int:
    """Return the number in the name of a snapshot."""
    return int(name[1:])


def listed(root: Path) -> str:
    """Return which snapshots an output folder holds, for people."""
    there = versions(root)
    if not there:
        return "there is none"
    return "there are " + ", ".join(there if len(there) <= LISTED + 1 else [there[0], "…", *there[1 - LISTED :]])


def points_nowhere(root: Path, name: str) -> str:
    """Return what to say of an output whose current snapshot was removed, and what helps."""
    there = versions(root)
    helps = f"`descrape rollback {root} {there[-1]}` makes the last of them current" if there else "run with --rebuild"
    return f"{root / CURRENT}: points to {name}, which is not there; {listed(root)}; {helps}"


def current_version(root: Path) -> str | None:
    """Return the name of the committed snapshot; None when there is none."""
    try:
        return (root / CURRENT).readlink().name
    except OSError:
        pass  # no link here: the pointer file speaks, if there is one
    try:
        return (root / POINTER).read_text("utf-8").strip() or None
    except OSError:
        return None
