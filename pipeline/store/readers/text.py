"""Plain text: a file is a document."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.errors import RejectedDocument
from pipeline.store.readers.reading import Bad, Entry, Found, ReadSettings

PART = 2**20


class TextReader:
    """Reads a file as one document, byte for byte."""

    form = "txt"
    suffixes = (".txt",)
    seeks = False
    is_archive = False

    def read(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Found]:
        """Yield the one document; of a compressed one that breaks off, what there is of it goes with the reject."""
        yield whole(file, settings)


def whole(file: BinaryIO, settings: ReadSettings) -> Found:
    """Return a file as one document, or why it is none."""
    parts: list[bytes] = []
    size = 0
    try:
        # One piece at a time: what was read before a fault must not be lost with it.
        while part := file.read1(PART) if isinstance(file, io.BufferedIOBase) else file.read(PART):
            parts.append(part)
            size += len(part)
            if size > settings.max_record_bytes:
                message = f"the document has more bytes than --max-record-bytes {settings.max_record_bytes} allows"
                return Bad("oversized", message)
    except RejectedDocument as refused:
        return Bad(refused.code, refused.message, b"".join(parts) or None)
    return Entry(b"".join(parts))
