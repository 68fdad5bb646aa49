"""Parquet: a record a row. Arrow is imported by who reads one: naming a form should not wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.store.readers.reading import PART_BYTES, Found, Part, ReadSettings


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
        from pipeline.store.readers.row_groups import documents

        yield from documents(file, settings, None)

    def parts(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Part]:
        """Yield parts of whole row groups.

        Raises:
            RejectedDocument: As for reading it.
        """
        from pipeline.store.readers.row_groups import opened

        metadata = opened(file, settings).metadata
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
        from pipeline.store.readers.row_groups import documents

        yield from documents(file, settings, part)
