"""The documents of one input, one after the other: what a run and `inspect` both read by."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, BinaryIO

from pipeline.errors import DescrapeError, MissingExtraError, RejectedDocument
from pipeline.model import HTML, NOWHERE, Origin, Record, Reject
from pipeline.store.entries import InputEntry
from pipeline.store.inputs import Input, opened_input, read_input
from pipeline.store.part_reading import part_of
from pipeline.store.readers.compression import opened
from pipeline.store.readers.reading import Entry, Found, ReadSettings
from pipeline.store.readers.source import BUFFER, Source, SourceError

NO_RECORD = RejectedDocument("read", "empty", "it holds no record")


class Documents:
    """Reads an input once. What could not be read is among its documents as a reject without run.

    Args:
        item: The input.
        settings: What readers are told.

    Attributes:
        sha256: Digest of the whole file, known when all documents were given; None when reading it failed.
        size: Its bytes, likewise.
        count: Documents and rejects given so far.
        refusal: Code and message of what ended the reading of the file itself; None when nothing did.
    """

    def __init__(self, item: Input, settings: ReadSettings) -> None:
        self.item = item
        self.settings = settings
        self.sha256: str | None = None
        self.size: int | None = None
        self.count = 0
        self.refusal: tuple[str, str] | None = None

    def __iter__(self) -> Iterator[Record | Reject]:
        for found in self._plain() if self.item.form.is_plain else self._container():
            self.count += 1
            yield found

    def entry(self, shard: int) -> InputEntry:
        """Return what the manifest says of the input once it was read."""
        uri, first = self.item.place
        form = self.item.form.label
        return InputEntry(
            uri, self.sha256, self.size, shard, form=form, first=first, records=self.count, refusal=self.refusal
        )

    def _plain(self) -> Iterator[Record | Reject]:
        try:
            raw = _whole(self.item, self.settings)
        except RejectedDocument as refused:
            self.refusal = refused.code, refused.message
            yield self._reject(0, refused)
            return
        self.sha256, self.size = hashlib.sha256(raw).hexdigest(), len(raw)
        origin = Origin(form=HTML) if self.item.form.name == HTML else NOWHERE
        yield Record(self.item.source_uri, 0, raw, origin, self.sha256)

    def _container(self) -> Iterator[Record | Reject]:
        """Yield what a container holds; whatever ends its reading early is its last reject."""
        number = first = self.item.place[1]
        try:
            with self._opened() as (source, records):
                try:
                    for found in self._told(records):
                        if self.item.part is not None and number == self.item.part.stop - 1:
                            self._finish(source)  # or the reject would have the number that the next part begins with
                        yield self._numbered(number, found)
                        number += 1
                    if number == first:
                        yield self._reject(number, NO_RECORD)
                except SourceError:
                    raise
                except RejectedDocument as refused:
                    yield self._reject(number, refused)
                    number += 1
                self._finish(source)
        except SourceError as refused:
            self.sha256 = self.size = None  # or it would be taken to be what it was, and never be read again
            self.refusal = refused.code, refused.message
            yield self._reject(number, refused)

    def _finish(self, source: Source) -> None:
        """Hold the file against what it was, and keep its digest.

        Raises:
            SourceError: It is another one.
        """
        if self.item.part is None:
            self.sha256, self.size = source.finish(), source.size
        elif source.state() != self.item.version:
            message = "the file was written to after it was divided into parts; run again"
            raise SourceError("read", "changed_while_read", message)
        else:
            self.sha256, self.size = self.item.sha256, self.item.size

    @contextmanager
    def _opened(self) -> Iterator[tuple[Source, Iterator[Found]]]:
        """Open a container, or come to a part of one, for what stands in it."""
        if self.item.part is not None:
            with part_of(self.item, self.item.part, self.settings) as opened_part:
                self._finish(opened_part[0])
                yield opened_part
            return
        with opened_input(self.item) as source:
            file = io.BufferedReader(source, BUFFER)  # held to the end, for it closes the source when it goes
            yield source, self._records(file)
            file.detach()

    def _records(self, stored: io.BufferedReader[Any]) -> Iterator[Found]:
        form = self.item.form
        if not form.compression and not stored.peek(1):
            return  # a file without a byte is empty, whatever its form begins with; no compressed one has none
        file = opened(stored, form.compression)
        if form.compression and form.reader.seeks:
            with _unpacked(file) as unpacked:
                yield from form.reader.read(unpacked, self.settings)
        else:
            yield from form.reader.read(file, self.settings)

    def _told(self, records: Iterator[Found]) -> Iterator[Found]:
        """Yield what stands in a container, and tell what is wrong with its reading."""
        try:
            yield from records
        except MissingExtraError as error:
            raise error.met_in(self.item.source_uri) from None
        except (RejectedDocument, DescrapeError):
            raise
        except MemoryError:
            message = "there was not enough memory to read on; --max-worker-memory or the machine sets the limit"
            raise SourceError("read", "out_of_memory", message) from None
        except Exception as error:
            message = f"the reader failed, which is a defect of the program: {type(error).__name__}: {error}"
            message = message.encode("utf-8", "backslashreplace").decode()
            raise RejectedDocument("read", "internal_error", message) from error

    def _numbered(self, number: int, found: Found) -> Record | Reject:
        uri = self.item.source_uri
        if isinstance(found, Entry):
            return Record(uri, number, found.raw, found.origin)
        return Reject(uri, number, "read", found.code, found.message, found.raw, origin=found.origin)

    def _reject(self, number: int, refused: RejectedDocument) -> Reject:
        return Reject(self.item.source_uri, number, refused.stage, refused.code, refused.message)


def digest(item: Input, settings: ReadSettings) -> str:
    """Return SHA-256 of an input, without looking into it.

    Raises:
        RejectedDocument: It cannot be read.
    """
    if item.sha256 is not None:
        return item.sha256
    if item.form.is_plain:
        return hashlib.sha256(_whole(item, settings)).hexdigest()
    with opened_input(item) as source:
        return source.finish()


def _whole(item: Input, settings: ReadSettings) -> bytes:
    """Return the bytes of an input that is one document."""
    if not item.is_remote:
        return read_input(item, settings.max_record_bytes)
    with opened_input(item) as source:
        if source.size > settings.max_record_bytes:
            message = f"the object has {source.size} bytes, more than --max-record-bytes {settings.max_record_bytes}"
            raise RejectedDocument("read", "oversized", message)
        raw = source.read()
        source.finish()
        return raw


def nth(item: Input, settings: ReadSettings, record: int) -> Record | Reject | None:
    """Return one document of an input; None when it has no such record."""
    return next(islice(Documents(item, settings), record, None), None)


@contextmanager
def _unpacked(file: BinaryIO) -> Iterator[BinaryIO]:
    """Hold what a stream gives in a file without name, for readers that jump about."""
    with tempfile.TemporaryFile() as held:
        while part := file.read(BUFFER):
            held.write(part)
        held.seek(0)
        yield held
