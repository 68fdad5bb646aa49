"""Parquet: a record a row. Arrow is imported by who reads one: naming a form should not wait for it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.store.readers.reading import PART_BYTES, TO_THE_END, Cursor, Found, Part, ReadSettings

MOST_PIECES = 64
"""Parts of one row group at most: they are reached by passing over its other rows."""


class ParquetReader:
    """Reads ``.parquet``; a row group that is damaged costs its own rows."""

    form = "parquet"
    suffixes = (".parquet", ".pq")
    seeks = True
    is_archive = False

    def read(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Found]:
        """Yield a document a row.

        Raises:
            RejectedDocument: ``mislabelled``, ``truncated`` or ``corrupt``: its foot cannot be read; ``no_text``: no
                column is there for the text; ``bomb``: its rows hold far more than the file.
        """
        from pipeline.store.readers.row_groups import RowCursor

        yield from RowCursor(file, settings).read(Part(0, TO_THE_END, 0))

    def parts(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Part]:
        """Yield parts of whole row groups; one that is large is several parts.

        The last part ends before a row group with which there are more rows than can be believed.

        Raises:
            RejectedDocument: As for reading it.
        """
        from pipeline.store.readers.row_groups import are_believable, opened

        metadata = opened(file, settings).metadata
        size = file.seek(0, io.SEEK_END)
        part: Part | None = None
        first = 0
        for group in range(metadata.num_row_groups):
            told = metadata.row_group(group)
            if not are_believable(first + told.num_rows, size):
                return  # if it is damaged nothing behind it is read, and only the last part may end early
            for piece in _pieces(group, first, told.num_rows, told.total_byte_size):
                part = part.and_next(piece) if part is not None else piece
                if part.size >= PART_BYTES:
                    yield part
                    part = None
            first += told.num_rows
        if part is not None:
            yield part

    def cursor(self, file: BinaryIO, settings: ReadSettings) -> Cursor:
        """Return what reads parts, a part of a row group at a time.

        Raises:
            RejectedDocument: As for reading it.
        """
        from pipeline.store.readers.row_groups import RowCursor

        return RowCursor(file, settings)


def _pieces(group: int, first: int, rows: int, size: int) -> Iterator[Part]:
    """Yield parts of one row group, which begins with the row ``first``; what the file says of it may be anything."""
    pieces = max(1, min(rows, size // PART_BYTES, MOST_PIECES))
    for piece in range(pieces if rows > 0 else 0):
        start, stop = rows * piece // pieces, rows * (piece + 1) // pieces
        yield Part(first + start, first + stop, size // pieces, group if piece == 0 else None)
