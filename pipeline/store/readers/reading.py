"""What a reader of a container is, what it is told, and what it gives: documents, bad records, or the end of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple, Protocol, TypeAlias

from msgspec import Struct

from pipeline.model import NOWHERE, Origin

MAX_RECORD_BYTES = 64 * 2**20
PART_BYTES = 4 * 2**20
"""Bytes of the smallest part of a container, unpacked and but for the end of its last record: as much work as a shard
of files that are a page each."""
TO_THE_END = sys.maxsize
"""Stands for the record behind the last one of a file, however many there are."""


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """What readers are told; it decides what rows say, so a snapshot keeps it.

    Attributes:
        max_record_bytes: A document, and a record that holds one, is rejected when it is larger.
        text_field: The field of a record that holds the text; dots lead into objects.
        source_fields: Names of the other fields that are kept; None for all of them.
    """

    max_record_bytes: int = MAX_RECORD_BYTES
    text_field: str = "text"
    source_fields: tuple[str, ...] | None = None

    def canonical(self) -> bytes:
        """Return everything the settings say, as bytes that are equal only when they say the same."""
        return repr(self).encode()


class Entry(Struct, frozen=True, gc=False):
    """One document as a container holds it."""

    raw: bytes
    origin: Origin = NOWHERE


class Bad(Struct, frozen=True, gc=False):
    """One record that gives no document; the records behind it can be read.

    Attributes:
        code: A stable word for programs, listed in ``docs/errors.md``.
        message: What was wrong and where: the line or member, and the byte.
        raw: The bytes of the record, as far as they are known.
        origin: What is known of it all the same.
    """

    code: str
    message: str
    raw: bytes | None = None
    origin: Origin = NOWHERE


Found: TypeAlias = Entry | Bad


class Reader(Protocol):
    """Reads the documents of one form. Readers hold no state: one object serves every input of the form."""

    @property
    def form(self) -> str:
        """Name of the form: the suffix of its files without the dot, such as ``jsonl``."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Suffixes that files of the form have, each with its dot."""

    @property
    def seeks(self) -> bool:
        """Whether it needs to jump about in a file; otherwise it reads from the first byte to the last, once."""

    @property
    def is_archive(self) -> bool:
        """Whether its members are files of other forms; an archive inside an archive is left alone."""

    def read(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Found]:
        """Yield what stands in a file, in order, one thing at a time and no more held than one record or batch.

        The place of a thing in this order is its ``record``; so a bad record is yielded, never left out.

        Raises:
            RejectedDocument: What stands behind the last thing yielded cannot be read; code and message say why.
        """


class Part(NamedTuple):
    """A run of records of a large container.

    Attributes:
        first: Index of its first record.
        stop: Index behind its last record. The last part goes to the end, and meets whatever ends the file early.
        size: Its bytes, unpacked.
        start: Where it can be entered, a byte or a row group; None when it is reached from the beginning alone.
        line: Number of the line that stands there, where there are lines.
    """

    first: int
    stop: int
    size: int
    start: int | None = None
    line: int = 1

    def and_next(self, other: Part) -> Part:
        """Return one part that holds this one and the next."""
        return self._replace(stop=other.stop, size=self.size + other.size)


class Cursor(Protocol):
    """Stands in an open file and goes forward, so that several parts of it are come by in one way through it."""

    def read(self, part: Part) -> Iterator[Found]:
        """Yield what stands in a part, just as reading the whole file would; it lies behind the last one.

        Raises:
            RejectedDocument: As for reading the whole file.
        """


class Splitter(Reader, Protocol):
    """A reader of a form that can be divided into parts."""

    def parts(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Part]:
        """Yield the smallest parts of a file, in order; each holds one record at least.

        Where the file breaks off or is damaged the last one ends: whoever reads it finds the same fault.

        Raises:
            RejectedDocument: The file cannot be divided.
        """

    def cursor(self, file: BinaryIO, settings: ReadSettings) -> Cursor:
        """Return what reads parts of a file, which is open at its beginning.

        Raises:
            RejectedDocument: None of it can be read.
        """
