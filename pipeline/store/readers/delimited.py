"""CSV: a header and a record a row, in whatever dialect. A bad row costs itself; an open quote costs what follows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO

from pipeline.errors import RejectedDocument
from pipeline.patterns import lazy_compile
from pipeline.store.readers.dialect import DELIMITERS, SAMPLE, dialect, kept, said
from pipeline.store.readers.fields import distinct, document, no_text, root_of
from pipeline.store.readers.lines import BYTE_ORDER_MARK, Line, lines, refuse_utf_16
from pipeline.store.readers.reading import Bad, Found, ReadSettings

ROW_BYTES = 2
"""A row may have so many times the bytes of a record: all quotes inside its fields stand there twice."""

_NO_NAME = lazy_compile(r"[\x00-\x1f]")


class CsvReader:
    """Reads ``.csv`` and ``.tsv``. The first row names the fields; bytes that are not UTF-8 stay what they are."""

    form = "csv"
    suffixes = (".csv", ".tsv")
    seeks = False
    is_archive = False

    def read(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Found]:
        """Yield a document a row.

        Raises:
            RejectedDocument: ``no_text`` where the first row names no text field, ``mislabelled`` where it names none;
                ``truncated`` inside quotes; ``bad_csv`` behind a field, a row or a line that is too long, for nobody
                knows where the next row begins.
        """
        # The module's limit is one for the process, so it is never lowered by one that reads another input.
        csv.field_size_limit(max(csv.field_size_limit(), settings.max_record_bytes + 1))
        rows = _Rows(file, settings)
        header = rows.header()
        for row in rows:
            if isinstance(row, Bad):
                yield row
            elif len(row) != len(header):
                message = f"{rows.where}: the row has {len(row)} fields, and the header {len(header)}"
                yield Bad("bad_csv", message, rows.raw)
            else:
                record: dict[str, Any] = dict(zip(header, row, strict=True))
                yield document(_unescaped(record, settings.text_field), settings, rows.where, rows.raw)


class _Rows:
    """The rows of a file, with the bytes that the last one was read from."""

    def __init__(self, file: BinaryIO, settings: ReadSettings) -> None:
        self._settings = settings
        self._lines = lines(file, settings.max_record_bytes)
        self._first: Line | None = None
        self._raw = bytearray()
        first, sample, is_whole = self._look()
        delimiter = said(sample.partition("\n")[0])
        if delimiter is not None:
            first, sample = first[1:], sample.partition("\n")[2]
        self._ahead = chain(first, self._lines)
        known = dialect(sample, settings.text_field, delimiter or DELIMITERS, is_whole=is_whole)
        self._escaped = known.quotechar if known.escapechar is not None else None
        self._reader = csv.reader(iter(self._text, None), known)

    @property
    def where(self) -> str:
        """Where the last row begins, for people."""
        return self._first.where if self._first is not None else "the beginning"

    @property
    def raw(self) -> bytes:
        """The bytes of the last row."""
        return bytes(self._raw)

    def header(self) -> list[str]:
        """Return the names of the fields; one that stands there twice gets its place behind it, from 0.

        Raises:
            RejectedDocument: ``no_text``, ``mislabelled``, ``empty``.
        """
        first = next(iter(self), None)
        if first is None:
            raise RejectedDocument("read", "empty", "it holds no record")
        text_field = self._settings.text_field
        if isinstance(first, Bad) or not _is_header(first):
            message = "its first row is none of a table, and its name says it is"
            raise RejectedDocument("read", "mislabelled", message)
        if root_of(text_field, first) not in first:
            raise RejectedDocument("read", "no_text", no_text("the header", text_field, "is not there", first))
        return distinct(first)

    def __iter__(self) -> Iterator[list[str] | Bad]:
        """Yield rows; blank lines are none."""
        while True:
            self._first = None
            self._raw.clear()
            try:
                row = next(self._reader, None)
            except csv.Error as error:
                yield self._broken(error)
                continue
            if row is None:
                return
            if row:
                yield row

    def _broken(self, error: csv.Error) -> Bad:
        """Return the bad row.

        Raises:
            RejectedDocument: Nothing behind it can be read.
        """
        why = str(error)
        if "unexpected end of data" in why:
            message = f"{self.where}: a quote is opened, and the file ends without its end"
            raise RejectedDocument("read", "truncated", message) from None
        if "field limit" in why:
            message = f"{self.where}: a field has more bytes than --max-record-bytes allows; is a quote missing?"
            raise RejectedDocument("read", "bad_csv", message) from None
        return Bad("bad_csv", f"{self.where}: {why}", self.raw)

    def _text(self) -> str | None:
        """Return the next line as the csv module reads it; None at the end.

        Raises:
            RejectedDocument: ``bad_csv``: the line or the row is too long.
        """
        line = next(self._ahead, None)
        if line is None:
            return None
        self._first = self._first or line
        if line.raw is None:
            message = f"{line.where}: a line has more bytes than --max-record-bytes allows; nothing behind it was read"
            raise RejectedDocument("read", "bad_csv", message)
        self._raw += line.raw
        if len(self._raw) > ROW_BYTES * self._settings.max_record_bytes:
            message = f"{self.where}: a row has more than {ROW_BYTES} times the bytes that --max-record-bytes allows"
            raise RejectedDocument("read", "bad_csv", f"{message}; is a quote missing? nothing behind it was read")
        raw = line.raw.removeprefix(BYTE_ORDER_MARK) if line.number == 1 else line.raw
        text = raw.decode("utf-8", "surrogateescape")
        return kept(text, self._escaped) if self._escaped else text

    def _look(self) -> tuple[list[Line], str, bool]:
        """Return the first lines, their text, and whether these are all.

        Raises:
            RejectedDocument: ``mislabelled``: nothing of it can be read.
        """
        ahead: list[Line] = []
        size = 0
        for line in self._lines:
            ahead.append(line)
            size += len(line.raw or b"")
            if size >= SAMPLE:
                break
        head = b"".join(line.raw or b"" for line in ahead)[:SAMPLE]
        refuse_utf_16(head)
        if b"\n" not in head and b"\r" in head.rstrip(b"\r"):
            message = "its lines end with carriage returns alone, as on old Macintoshes; convert it first"
            raise RejectedDocument("read", "mislabelled", message)
        return ahead, head.decode("utf-8", "replace").removeprefix("\ufeff"), size < SAMPLE


def _is_header(row: list[str]) -> bool:
    """Whether a first row may name the fields of a table; that of JSON, a page in HTML or a picture does not."""
    return not (row[0].lstrip().startswith(("{", "[", "<")) or any(_NO_NAME.search(name) for name in row))


def _unescaped(record: dict[str, Any], text_field: str) -> dict[str, Any]:
    """Return a record whose text is the bytes that stood in the file, whether or not they are UTF-8."""
    if text_field in record:
        record[text_field] = record[text_field].encode("utf-8", "surrogateescape")
    return record
