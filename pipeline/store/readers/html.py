"""Pages in HTML: a file is a document, and its bytes are the page's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from msgspec import structs

from pipeline.model import HTML
from pipeline.store.readers.reading import Entry, Found, ReadSettings
from pipeline.store.readers.text import whole


class HtmlReader:
    """Reads a file as one page, byte for byte; what of it is text is not the reader's business."""

    form = HTML
    suffixes = (".html", ".htm", ".xhtml")
    seeks = False
    is_archive = False

    def read(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Found]:
        """Yield the one page."""
        found = whole(file, settings)
        yield (
            structs.replace(found, origin=structs.replace(found.origin, form=HTML))
            if isinstance(found, Entry)
            else found
        )
