"""Write staged Parquet files: zstd, page checksums, a row group a batch, and metadata that explains itself."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.schema import SCHEMA_VERSION, SCHEMAS, TABLES, Table
from pipeline.store.bodies import Bodies
from pipeline.version import __version__

TEXTS = (pa.string(), pa.binary())
COMPRESSION_LEVEL = 3
"""Of columns that hold text.

Numbers and digests have Arrow's own level, which is 1: there the longer search takes more time and finds no more.
"""

PAGE_ROWS = 256
"""How many rows are put on a page before its size is looked at, so that the texts of a batch make several pages.

A page of a few megabytes costs up to a tenth more to compress, and each reader needs room for the whole of it.
"""

DICTIONARIES: Mapping[str, Sequence[str]] = {"related_items": ("title", "headline", "media_path", "media_url", "url")}
"""Columns that have a dictionary: pages that stand near each other list the same items, long texts far apart.

Elsewhere zstd alone finds what repeats, in as few bytes, and a dictionary is one more page to fill and compress, in
each column of each row group.
"""

DIGESTS = frozenset({"doc_id", "near_doc_id", "duplicate_of", "body_sha256", "raw_sha256"})
"""Columns of hex digits: a digest is like no other, so there is nothing to find in them."""


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file that was written and synced, but belongs to no snapshot yet; of articles also which bodies are in it."""

    table: str
    path: str
    rows: int
    size: int
    sha256: str
    bodies: Bodies | None = None


class StagedTables:
    """Writes the tables of one shard; a table without rows gets no file. Use as a context manager."""

    def __init__(self, folder: Path, prefix: str, run_id: str) -> None:
        self._folder = folder
        self._prefix = prefix
        self._run_id = run_id
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._rows: dict[str, int] = {}
        self._bodies: list[Bodies] = []
        self.files: tuple[StagedFile, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as closing:  # each of them, though one may fail: Arrow prints a traceback of what is left open
            for writer in self._writers.values():
                closing.callback(writer.close)
        if kind is None:
            self.files = tuple(self._finish(table) for table in TABLES if table in self._writers)

    def write(self, tables: Mapping[str, pa.Table]) -> None:
        """Write one batch as a row group of each table that has rows in it."""
        for name, rows in tables.items():
            if rows.num_rows:
                if name not in self._writers:
                    self._writers[name] = open_writer(self._path(name), TABLES[name], self._run_id)
                    self._rows[name] = 0
                self._writers[name].write_table(rows, row_group_size=rows.num_rows)
                self._rows[name] += rows.num_rows
                if name == "articles":
                    self._bodies.append(Bodies.of(rows))

    def _path(self, table: str) -> Path:
        return self._folder / f"{table}-{self._prefix}.parquet"

    def _finish(self, table: str) -> StagedFile:
        file = seal(self._path(table), table, self._rows[table])
        return replace(file, bodies=Bodies.together(self._bodies)) if table == "articles" else file


def open_writer(path: Path, table: Table, run_id: str) -> pq.ParquetWriter:
    """Open a writer for a file of a table."""
    texts = [column.name for column in table.columns if column.type in TEXTS and column.name not in DIGESTS]
    return pq.ParquetWriter(
        path.absolute(),  # a relative one such as s3:a/b would be taken for an address
        SCHEMAS[table.name].with_metadata(_metadata(table, run_id)),
        compression="zstd",
        compression_level=dict.fromkeys(texts, COMPRESSION_LEVEL),
        use_dictionary=list(DICTIONARIES.get(table.name, ())),
        write_page_checksum=True,
        write_batch_size=PAGE_ROWS,
        store_schema=True,
    )


def seal(path: Path, table: str, rows: int) -> StagedFile:
    """Sync a finished file to disk and return what the manifest says of it."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return StagedFile(table, str(path), rows, path.stat().st_size, digest)


def _metadata(table: Table, run_id: str) -> dict[bytes, bytes]:
    meanings = {column.name: column.meaning for column in table.columns}
    return {
        b"descrape.version": __version__.encode(),
        b"descrape.schema_version": str(SCHEMA_VERSION).encode(),
        b"descrape.table": f"{table.name}: {table.grain}".encode(),
        b"descrape.columns": msgspec.json.encode(meanings),
        b"descrape.run_id": run_id.encode(),
    }
