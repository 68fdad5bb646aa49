"""Carry rows of unchanged inputs over from the last snapshot, so that a run costs what changed and not its shards.

A changed shard is written as a whole, but only its new and changed inputs are cleaned. The rows of the others are
slices of the last snapshot's files, put between the new rows in the order of the inputs: row groups and rows are those
that cleaning everything would give.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import SnapshotError
from pipeline.model import doc_id
from pipeline.schema import TABLES
from pipeline.store.manifest import FileEntry, InputEntry

HELD_BYTES = 32 * 2**20
"""A file with no more than this in it is read as a whole, and once."""


@dataclass(frozen=True, slots=True)
class Former:
    """What the last snapshot, cleaned with the same configuration, holds of the inputs of a shard.

    Attributes:
        entries: One an input; None where the snapshot does not hold it.
        files: The files of all shards that hold one of them.
        whole: Whether one shard of the snapshot holds just these inputs: when none changed, its files are linked.
    """

    entries: tuple[InputEntry | None, ...]
    files: tuple[FileEntry, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Carried:
    """A document whose rows are carried over. ``size`` is that of its raw bytes."""

    doc_id: str
    size: int


class _Place(NamedTuple):
    """Where the rows of one document stand: ``[start, stop)`` of a row group."""

    group: int
    start: int
    stop: int


class _Slice(NamedTuple):
    source: pa.Table
    start: int
    stop: int


@dataclass(slots=True)
class _Rows:
    """The rows of one table by document.

    Row groups of a small file are held from the first look on. Of large ones a single group is held at a time:
    documents are asked for in the order in which they stand.
    """

    table: str
    groups: list[tuple[pq.ParquetFile, int]] = field(default_factory=list)
    places: dict[str, _Place] = field(default_factory=dict)
    held: dict[int, pa.Table] = field(default_factory=dict)
    large: int | None = None
    sizes: dict[str, int] = field(default_factory=dict)

    def add(self, file: pq.ParquetFile) -> None:
        """Take note of the documents in a file."""
        sizes = [file.metadata.row_group(number).total_byte_size for number in range(file.num_row_groups)]
        for number in range(file.num_row_groups):
            group = len(self.groups)
            self.groups.append((file, number))
            if sum(sizes) <= HELD_BYTES:
                ids = self.held[group] = self._read(group)
            else:
                ids = file.read_row_group(number, _key(self.table))
            self.sizes.update(_sizes(ids, self.table))
            for owner, (start, stop) in _runs(ids, self.table).items():
                self.places[owner] = _Place(group, start, stop)

    def of(self, owner: str) -> _Slice | None:
        """Return the rows of a document; None when it has none in this table."""
        place = self.places.get(owner)
        if place is None:
            return None
        if place.group not in self.held:
            if self.large is not None:
                del self.held[self.large]
            self.large = place.group
            self.held[place.group] = self._read(place.group)
        return _Slice(self.held[place.group], place.start, place.stop)

    def _read(self, group: int) -> pa.Table:
        file, number = self.groups[group]
        return pa.Table.from_arrays(file.read_row_group(number).columns, schema=TABLES[self.table].arrow())


class FormerRows:
    """Rows of the last snapshot, by table and document."""

    def __init__(self) -> None:
        self._tables = {table: _Rows(table) for table in TABLES}

    def __contains__(self, owner: str) -> bool:
        return owner in self._tables["articles"].places or owner in self._tables["rejects"].places

    def add(self, table: str, file: pq.ParquetFile) -> None:
        """Take note of the documents in a file of a table."""
        self._tables[table].add(file)

    def size(self, owner: str) -> int:
        """Return how many raw bytes a document has."""
        articles, rejects = self._tables["articles"].sizes, self._tables["rejects"].sizes
        return articles[owner] if owner in articles else rejects[owner]

    def between(self, built: Mapping[str, pa.Table], order: Sequence[str | Carried]) -> dict[str, pa.Table]:
        """Return tables in which carried rows stand between new ones.

        Args:
            built: The rows of the documents that were cleaned.
            order: Every document of the batch in order: ``doc_id`` of one that was cleaned, or what is carried.
        """
        return {table: self._table(table, rows, order) for table, rows in built.items()}

    def _table(self, table: str, built: pa.Table, order: Sequence[str | Carried]) -> pa.Table:
        own = _runs(built, table)
        slices: list[_Slice] = []
        for document in order:
            if isinstance(document, Carried):
                part = self._tables[table].of(document.doc_id)
            else:
                part = _Slice(built, *own[document]) if document in own else None
            if part is None:
                continue
            if slices and slices[-1].source is part.source and slices[-1].stop == part.start:
                part = part._replace(start=slices.pop().start)
            slices.append(part)
        if not slices:
            return built
        rows = pa.concat_tables([source.slice(start, stop - start) for source, start, stop in slices])
        return rows.combine_chunks()


@contextmanager
def former_rows(snapshot: Path | None, former: Former | None) -> Iterator[FormerRows]:
    """Hold the rows that may be carried over: none at all when a file is not the one that was committed."""
    rows = FormerRows()
    with ExitStack() as stack:
        if snapshot is not None and former is not None:
            try:
                for entry in sorted(former.files, key=lambda entry: entry.shard):
                    path = snapshot / entry.table / entry.name
                    _hold_to(entry, path)
                    # Every byte was just held to the manifest, so the checksums of the pages can say nothing more.
                    rows.add(entry.table, stack.enter_context(pq.ParquetFile(path.absolute())))
            except (OSError, pa.ArrowException, SnapshotError):
                rows = FormerRows()  # the inputs are cleaned again, and the damage is gone with the new files
        yield rows


def _hold_to(entry: FileEntry, path: Path) -> None:
    with path.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != entry.sha256:
            raise SnapshotError(f"{path}: is not the file that was committed")


def _key(table: str) -> list[str]:
    """Return the columns that tell whose rows they are, and how large the documents."""
    return {"rejects": ["source_uri", "record", "raw"], "articles": ["doc_id", "raw_size"]}.get(table, ["doc_id"])


def _sizes(rows: pa.Table, table: str) -> dict[str, int]:
    """Return how many raw bytes each document has, where a table tells."""
    if table == "articles":
        return dict(zip(rows["doc_id"].to_pylist(), rows["raw_size"].to_pylist(), strict=True))
    if table == "rejects":
        sizes = pc.fill_null(pc.binary_length(rows["raw"]), 0).to_pylist()
        places = zip(rows["source_uri"].to_pylist(), rows["record"].to_pylist(), sizes, strict=True)
        return {doc_id(uri, record): size for uri, record, size in places}
    return {}


def _runs(rows: pa.Table, table: str) -> dict[str, tuple[int, int]]:
    """Return where the rows of each document stand, which are next to each other."""
    if table == "rejects":
        places = enumerate(zip(rows["source_uri"].to_pylist(), rows["record"].to_pylist(), strict=True))
        return {doc_id(uri, record): (place, place + 1) for place, (uri, record) in places}
    if not rows.num_rows:
        return {}
    encoded = pc.run_end_encode(rows["doc_id"].combine_chunks())
    stops = encoded.run_ends.to_pylist()
    spans = pairwise([0, *stops])
    return dict(zip(encoded.values.to_pylist(), spans, strict=True))
