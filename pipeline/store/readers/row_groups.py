"""Row groups of Parquet, as documents. Only the columns that are wanted are read, a part of a row group at a time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import RejectedDocument
from pipeline.store.readers.compression import RATIO, UNSUSPICIOUS
from pipeline.store.readers.fields import MEANT, distinct, document, no_text, root_of
from pipeline.store.readers.reading import Bad, Entry, Found, Part, ReadSettings

MAGIC = b"PAR1"
_HOW = {"page_checksum_verification": True, "pre_buffer": False}
SMALLEST = 12
"""Bytes of the magic at either end, and of the length of the foot."""
ROWS_AT_ONCE = 1024
BYTES_AT_ONCE = 8 * 2**20
"""Uncompressed bytes that are read at once, by what the file says of its row groups."""
LARGE_DICTIONARY = BYTES_AT_ONCE // 32
"""Bytes of a column from which on its words, each written out for every row that has it, would be much at once."""
BLOCK = 2**12
"""Bytes of the heads of pages, roughly."""
PLACE_BYTES = 8
"""Compressed bytes a row at most where a column holds places in its dictionary, and no text."""


class RowCursor:
    """Stands between two rows of a file. Of one row group, what was read and not asked for yet is held.

    Args:
        file: The file.
        settings: What readers are told.

    Raises:
        RejectedDocument: Its foot cannot be read, or no column is there for the text.
    """

    def __init__(self, file: BinaryIO, settings: ReadSettings) -> None:
        self._settings = settings
        self._parquet = opened(file, settings)
        self._size = file.seek(0, io.SEEK_END)
        self._most = max(UNSUSPICIOUS, RATIO * self._size)
        self._columns = _wanted(self._parquet.schema_arrow.names, settings)
        groups = map(self._parquet.metadata.row_group, range(self._parquet.num_row_groups))
        self._begins = list(accumulate((told.num_rows for told in groups), initial=0))
        self._group: int | None = None
        self._batches: Iterator[pa.RecordBatch] = iter(())
        self._batch: pa.RecordBatch | None = None
        self._row = 0

    def read(self, part: Part) -> Iterator[Found]:
        """Yield the documents of some rows; a row group that is damaged costs its own rows.

        Raises:
            RejectedDocument: ``bomb``: more comes out than any text gives; ``corrupt``: a row group is damaged, and how
                many rows there are cannot be believed.
        """
        given = 0
        for group, (begin, end) in enumerate(pairwise(self._begins)):
            row, stop = max(begin, part.first), min(end, part.stop)
            if row >= stop:
                continue
            try:
                for records in self._records(group, row, stop):
                    for record in records:
                        found = document(record, self._settings, f"row {row}", None)
                        given += len(found.raw) if isinstance(found, Entry) else 0
                        if given > self._most:
                            message = f"row {row}: more than {RATIO} bytes come out of each that is stored"
                            raise RejectedDocument("read", "bomb", f"{message}; nothing behind that was read")
                        yield found
                        row += 1
                reason = "it ends there"
            except (pa.ArrowException, OSError, ValueError) as error:
                self._group = None
                reason = _first_line(error)
            lost = f"row group {group} cannot be read: {reason}"
            if row < stop and not are_believable(end, self._size):
                message = f"row {row}: {lost}; the file says that it has more rows than bytes so far"
                raise RejectedDocument("read", "corrupt", f"{message}; nothing behind that was read")
            while row < stop:
                yield Bad("corrupt", f"row {row}: {lost}")
                row += 1

    def _records(self, group: int, first: int, stop: int) -> Iterator[list[dict[str, Any]]]:
        """Yield rows of a row group, some at a time; those before them are unpacked and passed over."""
        if self._group != group or self._row > first:
            self._group, self._row = group, self._begins[group]
            self._batches, self._batch = _batches(self._parquet, group, self._columns), None
        while self._row < stop:
            batch = self._batch if self._batch is not None else next(self._batches, None)
            if batch is None:
                return
            passed = min(max(0, first - self._row), batch.num_rows)
            behind = min(stop - self._row, batch.num_rows)
            self._batch = batch.slice(behind) if behind < batch.num_rows else None
            self._row += behind
            if passed < behind:
                yield _rows(batch.slice(passed, behind - passed))


def are_believable(rows: int, size: int) -> bool:
    """Whether a file may have so many rows to the end of a row group that cannot be read: each of its is a reject then.

    Args:
        rows: What the file says.
        size: Its bytes.
    """
    return rows <= size


def opened(file: BinaryIO, settings: ReadSettings) -> pq.ParquetFile:
    """Return a file that has a column for the text.

    Raises:
        RejectedDocument: It is none, or cannot be read, or has no such column.
    """
    head = file.read(len(MAGIC))
    file.seek(0)
    if head != MAGIC:
        raise RejectedDocument("read", "mislabelled", "it does not begin like a Parquet file, and its name says it is")
    try:
        parquet = pq.ParquetFile(pa.PythonFile(file, "r"), **_HOW)
        names = parquet.schema_arrow.names
        if words := _of_words(parquet.metadata):
            parquet = pq.ParquetFile(pa.PythonFile(file, "r"), read_dictionary=words, **_HOW)
    except (pa.ArrowException, OSError, ValueError) as error:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(size - len(MAGIC), 0))
        code = "corrupt" if size >= SMALLEST and file.read(len(MAGIC)) == MAGIC else "truncated"
        message = f"its foot, before byte {size}, cannot be read: {_first_line(error)}"
        raise RejectedDocument("read", code, message) from None
    if root_of(settings.text_field, names) not in names:
        raise RejectedDocument("read", "no_text", no_text("the file", settings.text_field, "is not there", names))
    return parquet


def _of_words(metadata: pq.FileMetaData) -> list[str]:
    """Return the columns that hold few large words, and for each row which of them: these are not written out."""
    found: dict[str, None] = {}
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for told in map(group.column, range(group.num_columns)):
            if told.has_dictionary_page and told.total_uncompressed_size > LARGE_DICTIONARY:
                words = told.data_page_offset - (told.dictionary_page_offset or 0)
                if told.total_compressed_size - words <= PLACE_BYTES * told.num_values + BLOCK:
                    found[told.path_in_schema] = None
    return list(found)


def _wanted(names: list[str], settings: ReadSettings) -> list[str] | None:
    """Return the columns to read; None for all of them."""
    if settings.source_fields is None:
        return None
    wanted = {root_of(settings.text_field, names), *MEANT, *settings.source_fields}
    return [name for name in names if name in wanted]


def _batches(parquet: pq.ParquetFile, group: int, columns: list[str] | None) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a row group, so many at a time that they are not too large on average."""
    told = parquet.metadata.row_group(group)
    each = max(told.total_byte_size // max(told.num_rows, 1), 1)
    size = max(1, min(ROWS_AT_ONCE, BYTES_AT_ONCE // each))
    yield from parquet.iter_batches(size, row_groups=[group], columns=columns, use_threads=False)


def _rows(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """Return rows as plain values; text stays bytes where it is not UTF-8, which Arrow does not check."""
    names: list[str] = batch.schema.names
    columns = {name: _values(column) for name, column in zip(distinct(names), batch.columns, strict=True)}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _values(column: pa.Array) -> list[Any]:
    if pa.types.is_dictionary(column.type):
        # Not decoded by Arrow, which refuses text in it that is not UTF-8. A dictionary may hold more than is needed.
        places = column.indices.unique().drop_null()
        words = dict(zip(places.to_pylist(), _values(column.dictionary.take(places)), strict=True))
        return [words.get(place) for place in column.indices.to_pylist()]
    if (exact := _in_microseconds(column.type)) != column.type:
        column = column.cast(exact, safe=False)
    try:
        values: list[Any] = column.to_pylist()
    except _UNKNOWN_TO_PYTHON:
        return [_value(scalar) for scalar in column]
    return values


def _in_microseconds(kind: pa.DataType) -> pa.DataType:
    """Return a type whose times are as exact as Python's, at any depth: Arrow gives what is finer as values of pandas.

    What a row says must not hang on whether the process has imported it.

    >>> _in_microseconds(pa.list_(pa.timestamp("ns", "UTC")))
    ListType(list<item: timestamp[us, tz=UTC]>)
    """
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return pa.timestamp("us", kind.tz)
    if pa.types.is_duration(kind) and kind.unit == "ns":
        return pa.duration("us")
    return _of_microseconds(kind) if pa.types.is_nested(kind) else kind


def _of_microseconds(kind: pa.DataType) -> pa.DataType:
    """Return a nested type that holds no finer times than that."""
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_in_microseconds(field.type)) for field in kind])
    if pa.types.is_map(kind):
        return pa.map_(_in_microseconds(kind.key_type), _in_microseconds(kind.item_type))
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_in_microseconds(kind.value_type)))
    if pa.types.is_large_list(kind):
        return pa.large_list(kind.value_field.with_type(_in_microseconds(kind.value_type)))
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(kind.value_field.with_type(_in_microseconds(kind.value_type)), kind.list_size)
    return kind


_UNKNOWN_TO_PYTHON = (OverflowError, ValueError, KeyError)
"""What times that Python has no date for raise, time zones that nobody knows, and text that is not UTF-8."""


def _value(scalar: pa.Scalar) -> Any:  # noqa: ANN401 - whatever a column holds
    """Return a plain value: bytes for text that is not UTF-8, what is stored for a time that Python does not know."""
    try:
        return scalar.as_py()
    except _UNKNOWN_TO_PYTHON:
        if isinstance(scalar, pa.StructScalar):
            return {name: _value(scalar[place]) for place, name in enumerate(scalar.type.names)}
        if pa.types.is_nested(scalar.type):
            return [_value(inner) for inner in scalar.values]
        return scalar.as_buffer().to_pybytes() if hasattr(scalar, "as_buffer") else scalar.value


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]
