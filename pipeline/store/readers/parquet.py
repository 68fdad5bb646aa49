"""Parquet: a record a row. Only the columns that are wanted are read, a part of a row group at a time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import RejectedDocument
from pipeline.store.readers.fields import MEANT, document, root_of
from pipeline.store.readers.reading import PART_BYTES, Bad, Found, Part, ReadSettings

MAGIC = b"PAR1"
SMALLEST = 12
"""Bytes of the magic at either end, and of the length of the foot."""
ROWS_AT_ONCE = 1024
BYTES_AT_ONCE = 8 * 2**20
"""Uncompressed bytes that are read at once, by what the file says of its row groups."""


class ParquetReader:
    """Reads ``.parquet``; a row group that is damaged costs its own rows."""

    form = "parquet"
    suffixes = (".parquet", ".pq")
    seeks = True
    is_archive = False

    def read(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Found]:
        """Yield a document a row.

        Raises:
            RejectedDocument: ``mislabelled``, ``truncated`` or ``corrupt``: its foot cannot be read.
        """
        parquet = _opened(file)
        yield from _groups(parquet, settings, 0, parquet.num_row_groups, 0)

    def parts(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Part]:  # noqa: ARG002 - the face of splitters
        """Yield parts of whole row groups."""
        metadata = _opened(file).metadata
        part = Part(0, 0, 0, 0)
        row = 0
        for group in range(metadata.num_row_groups):
            told = metadata.row_group(group)
            row += told.num_rows
            part = part._replace(stop=group + 1, size=part.size + told.total_byte_size)
            if part.size >= PART_BYTES and row > part.first:
                yield part
                part = Part(row, group + 1, group + 1, 0)
        if row > part.first:
            yield part

    def read_part(self, file: BinaryIO, settings: ReadSettings, part: Part) -> Iterator[Found]:
        """Yield the documents of some row groups."""
        yield from _groups(_opened(file), settings, part.start, part.stop, part.first)


def _groups(parquet: pq.ParquetFile, settings: ReadSettings, start: int, end: int, row: int) -> Iterator[Found]:
    """Yield the documents of row groups ``[start, end)``, of which the first row is given."""
    columns = _wanted(parquet.schema_arrow.names, settings)
    for group in range(start, end):
        stop = row + parquet.metadata.row_group(group).num_rows
        try:
            for batch in _batches(parquet, group, columns):
                for record in batch:
                    yield document(record, settings, f"row {row}", None)
                    row += 1
        except (pa.ArrowException, OSError, ValueError) as error:
            while row < stop:
                yield Bad("corrupt", f"row {row}: row group {group} cannot be read: {_first_line(error)}")
                row += 1
        if row != stop:
            raise RejectedDocument("read", "corrupt", f"row group {group} ends before row {row}, not {stop}")


def _opened(file: BinaryIO) -> pq.ParquetFile:
    head = file.read(len(MAGIC))
    file.seek(0)
    if head != MAGIC:
        raise RejectedDocument("read", "mislabelled", "it does not begin like a Parquet file, and its name says it is")
    try:
        return pq.ParquetFile(pa.PythonFile(file, "r"), page_checksum_verification=True, pre_buffer=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(size - len(MAGIC), 0))
        code = "corrupt" if size >= SMALLEST and file.read(len(MAGIC)) == MAGIC else "truncated"
        message = f"its foot, before byte {size}, cannot be read: {_first_line(error)}"
        raise RejectedDocument("read", code, message) from None


def _wanted(names: list[str], settings: ReadSettings) -> list[str] | None:
    """Return the columns to read; None for all of them."""
    if settings.source_fields is None:
        return None
    wanted = {root_of(settings.text_field, names), *MEANT, *settings.source_fields}
    return [name for name in names if name in wanted]


def _batches(parquet: pq.ParquetFile, group: int, columns: list[str] | None) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a row group, so many at a time that they are not too large on average."""
    told = parquet.metadata.row_group(group)
    each = max(told.total_byte_size // max(told.num_rows, 1), 1)
    size = max(1, min(ROWS_AT_ONCE, BYTES_AT_ONCE // each))
    for batch in parquet.iter_batches(size, row_groups=[group], columns=columns, use_threads=False):
        yield _rows(batch)


def _rows(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """Return rows as plain values; text stays bytes where it is not UTF-8, which Arrow does not check."""
    names: list[str] = batch.schema.names
    # As in CSV, one that stands there twice gets its place behind it.
    names = [name if name not in names[:place] else f"{name}.{place}" for place, name in enumerate(names)]
    columns = {name: _values(column) for name, column in zip(names, batch.columns, strict=True)}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _values(column: pa.Array) -> list[Any]:
    if pa.types.is_dictionary(column.type):
        # Not decoded by Arrow, which refuses text in it that is not UTF-8.
        words = _values(column.dictionary)
        return [None if place is None else words[place] for place in column.indices.to_pylist()]
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    try:
        values: list[Any] = column.to_pylist()
    except _UNKNOWN_TO_PYTHON:
        return [_value(scalar) for scalar in column]
    return values


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
