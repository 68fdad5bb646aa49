"""Readers of what documents come in: a file each, and this list of them.

A reader is given a file that is open and unpacked, and yields what stands in it; numbering, digests, limits of a run
and the tables are not its business. To add a form: a module with a class that has what
:class:`pipeline.store.readers.reading.Reader` asks for, and a line in ``READERS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from pipeline.model import HTML
from pipeline.store.readers.compression import COMPRESSIONS
from pipeline.store.readers.delimited import CsvReader
from pipeline.store.readers.html import HtmlReader
from pipeline.store.readers.jsonl import JsonLinesReader
from pipeline.store.readers.parquet import ParquetReader
from pipeline.store.readers.reading import Reader, Splitter
from pipeline.store.readers.tar import TarReader
from pipeline.store.readers.text import TextReader
from pipeline.store.readers.warc import WarcReader
from pipeline.store.readers.zipped import ZipReader

SPLITTERS: Mapping[str, Splitter] = {each.form: each for each in (JsonLinesReader(), ParquetReader())}
"""Readers of forms that can be entered in their midst, by name of the form."""

_READERS: tuple[Reader, ...] = (
    TextReader(),
    HtmlReader(),
    *SPLITTERS.values(),
    CsvReader(),
    WarcReader(),
    TarReader(),
    ZipReader(),
)
READERS: Mapping[str, Reader] = {each.form: each for each in _READERS}
"""By name of the form."""

SHORT = {".tgz": ".tar.gz", ".tbz2": ".tar.bz2", ".txz": ".tar.xz", ".tzst": ".tar.zst"}
"""Suffixes that stand for two."""
PLAIN = "txt"
"""The form of a file that is a document."""


class Form(NamedTuple):
    """What a file holds: a form, and how it is compressed; empty for not at all."""

    name: str = PLAIN
    compression: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether the bytes of the file are those of its one document."""
        return self.name in (PLAIN, HTML) and not self.compression

    @property
    def label(self) -> str:
        """What the manifest says of it: nothing for a plain file."""
        return "" if self == PLAIN_FORM else str(self)

    @property
    def reader(self) -> Reader:
        """What reads it."""
        return READERS[self.name]

    def __str__(self) -> str:
        return ".".join(filter(None, self))


PLAIN_FORM = Form()


def form_of(name: str) -> Form | None:
    """Return the form of a file by its name; None for one of no known kind.

    >>> str(form_of("crawl/2016.JSONL.gz")), form_of("cover.jpg")
    ('jsonl.gz', None)
    """
    last = name.rfind(".")
    if last < 0:
        return None
    if is_compression(name[last:]):
        last = max(0, name.rfind(".", 0, last))
    return _form_of(name[last:])


@lru_cache(1000)
def is_compression(suffix: str) -> bool:
    """Whether a suffix, with its dot, says how a file is compressed, and not what it holds."""
    return suffix[1:].lower() in COMPRESSIONS


@lru_cache(1000)
def _form_of(name: str) -> Form | None:
    """Return the form that the last suffix of a name tells, or the last two."""
    name = name.lower()
    for short, long in SHORT.items():
        name = name.removesuffix(short) + long if name.endswith(short) else name
    inner, dot, last = name.rpartition(".")
    compression = last if dot and last in COMPRESSIONS else ""
    inner = inner if compression else name
    for reader in READERS.values():
        if inner.endswith(reader.suffixes):
            return Form(reader.form, compression)
    return None
