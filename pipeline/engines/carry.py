"""Carry rows of unchanged inputs over from the last snapshot, so that a run costs what changed and not its shards.

A changed shard is written as a whole, but only its new and changed inputs are cleaned. The rows of the others are
slices of the last snapshot's files, put between the new rows in the order of the inputs: row groups and rows are those
that cleaning everything would give.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, pairwise
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.dates.evidence import Facts
from pipeline.errors import SnapshotError
from pipeline.model import doc_id
from pipeline.schema import SCHEMAS, TABLES
from pipeline.store.entries import InputEntry
from pipeline.store.manifest import FileEntry, Told

if TYPE_CHECKING:
    import numpy.typing as npt

HELD_BYTES = 32 * 2**20
"""A file with no more than this in it is read as a whole, and once."""


@dataclass(frozen=True, slots=True)
class Former:
    """What the last snapshot, cleaned with the same configuration, holds of the inputs of a shard.

    Attributes:
        entries: One an input; None where the snapshot does not hold it, or where it is known to have changed.
        files: The files of all shards that hold one of them.
        whole: Whether one shard of the snapshot holds just these inputs: when none changed, its files are linked.
        told: What the timestamps of each input told; None where that is not kept.
    """

    entries: Sequence[InputEntry | None]
    files: tuple[FileEntry, ...]
    whole: bool
    told: Told | tuple[Mapping[str, Facts] | None, ...]

    def of(self, same: Sequence[bool]) -> Former:
        """Return what is left when some inputs were found to be what they were, and the others not."""
        entries = zip(self.entries, same, strict=True)
        return Former(
            tuple(entry if is_same else None for entry, is_same in entries), self.files, whole=False, told=self.told
        )


class Carried(NamedTuple):
    """Documents whose rows are carried over: a run of those that the last snapshot holds, by their numbers in it."""

    start: int
    stop: int


class _Group(NamedTuple):
    """A row group of a file, and the place of its first row among all rows of the table."""

    file: pq.ParquetFile
    number: int
    start: int


class _Rows:
    """The rows of one table, in the order of the documents they belong to.

    Row groups of a small file are held from the first look on. Of large ones a single group is held at a time:
    documents are asked for in the order in which they stand.
    """

    def __init__(self, table: str) -> None:
        self._table = table
        self._groups: list[_Group] = []
        self._held: dict[int, pa.Table] = {}
        self._large: int | None = None
        self._count = 0
        self._keys: list[pa.Table] = []
        self._offsets = np.zeros(1, np.int64)

    def add(self, file: pq.ParquetFile) -> None:
        """Take note of a file, which stands behind those that were added."""
        sizes = [file.metadata.row_group(number).total_byte_size for number in range(file.num_row_groups)]
        for number in range(file.num_row_groups):
            place = len(self._groups)
            self._groups.append(_Group(file, number, self._count))
            if sum(sizes) <= HELD_BYTES:
                self._held[place] = self._read(place)
                keys = self._held[place].select(_key(self._table))
            else:
                keys = file.read_row_group(number, _key(self._table), use_threads=False).select(_key(self._table))
            self._keys.append(keys.replace_schema_metadata(None))
            self._count += len(keys)

    def keys(self) -> pa.Table:
        """Return the columns that tell whose the rows are, and how large the documents."""
        if not self._keys:
            return SCHEMAS[self._table].empty_table().select(_key(self._table))
        return pa.concat_tables(self._keys)

    def settle(self, ids: pa.Array) -> None:
        """Learn the ``doc_id`` of every document in order, and so where the rows of each begin.

        Raises:
            SnapshotError: Rows do not stand in the order of the documents, or belong to none.
        """
        owners, counts = _owners(self.keys(), self._table)
        of_rows = pc.fill_null(pc.index_in(owners, ids), -1).to_numpy().astype(np.int64)
        if (np.diff(of_rows, prepend=-1) <= 0).any():
            raise SnapshotError(f"{self._table}: its rows do not stand in the order of the documents")
        rows = np.zeros(len(ids) + 1, np.int64)
        rows[of_rows + 1] = counts
        self._offsets = np.cumsum(rows)

    def of(self, start: int, stop: int) -> Iterator[pa.Table]:
        """Yield the rows of the documents from one place to another."""
        first, last = int(self._offsets[start]), int(self._offsets[stop])
        number = max(0, bisect_right(self._groups, first, key=attrgetter("start")) - 1)
        while first < last:
            group = self._rows(number)
            begin = first - self._groups[number].start
            part = group.slice(begin, min(last - first, len(group) - begin))
            yield part
            first += len(part)
            number += 1

    def _rows(self, place: int) -> pa.Table:
        if place not in self._held:
            if self._large is not None:
                del self._held[self._large]
            self._large = place
            self._held[place] = self._read(place)
        return self._held[place]

    def _read(self, place: int) -> pa.Table:
        file, number, _ = self._groups[place]
        return pa.Table.from_arrays(file.read_row_group(number, use_threads=False).columns, schema=SCHEMAS[self._table])


class FormerRows:
    """Rows of the last snapshot, by table and document.

    Args:
        files: The files of each table in row order.

    Raises:
        SnapshotError: Their rows do not stand in the order of the documents.
    """

    def __init__(self, files: Sequence[tuple[str, pq.ParquetFile]] = ()) -> None:
        self._tables = {table: _Rows(table) for table in TABLES}
        for table, file in files:
            self._tables[table].add(file)
        found = sorted(chain(_articles(self._tables["articles"].keys()), _rejects(self._tables["rejects"].keys())))
        uris, records, sizes, owners = zip(*found, strict=True) if found else ((), (), (), ())
        self._uris: tuple[str, ...] = uris
        self._records: tuple[int, ...] = records
        self._bytes = np.cumsum([0, *sizes])
        ids = pa.array(owners, pa.string())
        for rows in self._tables.values():
            rows.settle(ids)

    def of(self, entries: Iterable[InputEntry | None]) -> Iterator[Carried | None]:
        """Yield the documents of each of some inputs in order; None where there is none, or a document is missing."""
        uris, records = self._uris, self._records
        next_one = 0
        for entry in entries:
            if entry is None or entry.records < 1:
                yield None
                continue
            number = next_one
            # Inputs that did not change stand one behind the other as a rule.
            if number >= len(uris) or uris[number] != entry.uri or records[number] != entry.first:
                first, behind = bisect_left(uris, entry.uri), bisect_right(uris, entry.uri)
                number = bisect_left(records, entry.first, first, behind)
            stop = number + entry.records
            # Records of an input stand one behind the other, so that the first and the last one tell of all.
            if self._is_at(number, entry.uri, entry.first) and self._is_at(stop - 1, entry.uri, entry.numbers[-1]):
                yield Carried(number, stop)
                next_one = stop
            else:
                yield None

    def _is_at(self, number: int, uri: str, record: int) -> bool:
        return number < len(self._uris) and self._uris[number] == uri and self._records[number] == record

    def fitting(self, run: Carried, documents: int, size: int) -> int:
        """Return how many documents of a run make so many documents, or so many raw bytes; all if they do not."""
        enough = int(np.searchsorted(self._bytes, self._bytes[run.start] + size))
        return min(run.stop, run.start + documents, enough) - run.start

    def size(self, run: Carried) -> int:
        """Return how many raw bytes the documents of a run have."""
        return int(self._bytes[run.stop] - self._bytes[run.start])

    def between(self, built: Mapping[str, pa.Table], order: Sequence[str | Carried]) -> dict[str, pa.Table]:
        """Return tables in which carried rows stand between new ones.

        Args:
            built: The rows of the documents that were cleaned.
            order: Every document of the batch in order: ``doc_id`` of one that was cleaned, or what is carried.
        """
        return {table: self._table(table, rows, order) for table, rows in built.items()}

    def _table(self, table: str, built: pa.Table, order: Sequence[str | Carried]) -> pa.Table:
        owners, counts = _owners(built, table)
        stops = np.cumsum(counts).tolist()
        own = dict(zip(owners.to_pylist(), pairwise([0, *stops]), strict=True))
        slices: list[pa.Table] = []
        for each in order:
            if isinstance(each, Carried):
                slices += self._tables[table].of(each.start, each.stop)
            elif each in own:
                start, stop = own[each]
                slices.append(built.slice(start, stop - start))
        return pa.concat_tables(slices) if slices else built


@contextmanager
def former_rows(snapshot: Path | None, former: Former | None) -> Iterator[FormerRows]:
    """Hold the rows that may be carried over: none at all when a file is not the one that was committed."""
    rows = FormerRows()
    with ExitStack() as stack:
        if snapshot is not None and former is not None and any(former.entries):
            # Otherwise the inputs are cleaned again, and the damage is gone with the new files.
            with suppress(OSError, pa.ArrowException, SnapshotError):
                rows = FormerRows([_opened(snapshot, entry, stack) for entry in sorted(former.files, key=_shard)])
        yield rows


def _shard(entry: FileEntry) -> int:
    return entry.shard


def _opened(snapshot: Path, entry: FileEntry, stack: ExitStack) -> tuple[str, pq.ParquetFile]:
    """Return an open file that was held, every byte of it, to the manifest: checksums of pages can say nothing more.

    Raises:
        SnapshotError: It is not the one that was committed.
    """
    path = snapshot / entry.table / entry.name
    with path.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != entry.sha256:
            raise SnapshotError(f"{path}: is not the file that was committed")
    return entry.table, stack.enter_context(pq.ParquetFile(path.absolute()))


_KEYS = {"articles": ["source_uri", "record", "raw_size", "doc_id"], "rejects": ["source_uri", "record", "raw"]}


def _key(table: str) -> list[str]:
    """Return the columns that tell whose rows they are, and how large the documents."""
    return _KEYS.get(table, ["doc_id"])


def _articles(keys: pa.Table) -> Iterator[tuple[str, int, int, str]]:
    """Yield where each article stands, how many raw bytes it has, and its ``doc_id``."""
    return zip(*(column.to_pylist() for column in keys.columns), strict=True)


def _rejects(keys: pa.Table) -> Iterator[tuple[str, int, int, str]]:
    """Yield the same of each reject."""
    sizes = pc.fill_null(pc.binary_length(keys["raw"]), 0).to_pylist()
    for uri, record, size in zip(keys["source_uri"].to_pylist(), keys["record"].to_pylist(), sizes, strict=True):
        yield uri, record, size, doc_id(uri, record)


def _owners(rows: pa.Table, table: str) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    """Return the document of each run of rows that belong to the same one, and how many they are."""
    if table == "rejects":
        places = zip(rows["source_uri"].to_pylist(), rows["record"].to_pylist(), strict=True)
        return pa.array([doc_id(uri, record) for uri, record in places], pa.string()), np.ones(len(rows), np.int64)
    if not rows.num_rows:
        return pa.array([], pa.string()), np.zeros(0, np.int64)
    encoded = pc.run_end_encode(rows["doc_id"].combine_chunks())
    stops = encoded.run_ends.to_numpy().astype(np.int64)
    return encoded.values, np.diff(stops, prepend=0)
