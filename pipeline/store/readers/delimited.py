"""CSV: a header and a record a row, in whatever dialect. A bad row costs itself; an open quote costs what follows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain, product
from typing import Any, BinaryIO

from pipeline.errors import RejectedDocument
from pipeline.patterns import lazy_compile
from pipeline.store.readers.fields import document, root_of
from pipeline.store.readers.lines import BYTE_ORDER_MARK, Line, lines, refuse_utf_16
from pipeline.store.readers.reading import Bad, Found, ReadSettings

SAMPLE = 64 * 2**10
"""Bytes by which the dialect is told."""
SAMPLE_ROWS = 50
DELIMITERS = ",;\t|"
_BACKSLASH = lazy_compile(r'\\["\\]?')
"""One with what it may stand for; of two, the first escapes the second, and neither escapes a quote behind them."""


class CsvReader:
    """Reads ``.csv`` and ``.tsv``. The first row names the fields; bytes that are not UTF-8 stay what they are."""

    form = "csv"
    suffixes = (".csv", ".tsv")
    seeks = False
    is_archive = False

    def read(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Found]:
        """Yield a document a row.

        Raises:
            RejectedDocument: ``mislabelled`` where the first row names no text field; ``truncated`` inside quotes;
                ``bad_csv`` behind a field or a line that is too long, for nobody knows where the next row begins.
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
    """The rows of a file, with the lines that the last one was read from."""

    def __init__(self, file: BinaryIO, settings: ReadSettings) -> None:
        self._settings = settings
        self._lines = lines(file, settings.max_record_bytes)
        self._taken: list[Line] = []
        first, sample = self._look()
        self._ahead = chain(first, self._lines)
        dialect = _dialect(sample, settings.text_field)
        self._escapes = dialect.escapechar is not None
        self._reader = csv.reader(iter(self._text, None), dialect)

    @property
    def where(self) -> str:
        """Where the last row begins, for people."""
        return self._taken[0].where if self._taken else "the beginning"

    @property
    def raw(self) -> bytes:
        """The bytes of the last row."""
        return b"".join(line.raw or b"" for line in self._taken)

    def header(self) -> list[str]:
        """Return the names of the fields; one that stands there twice gets its place behind it, from 0.

        Raises:
            RejectedDocument: ``mislabelled``, ``empty``.
        """
        first = next(iter(self), None)
        if first is None:
            raise RejectedDocument("read", "empty", "it holds no record")
        text_field = self._settings.text_field
        if isinstance(first, Bad) or root_of(text_field, first) not in first:
            names = ", ".join(name[:40] for name in first[:20]) if isinstance(first, list) else "unreadable"
            message = f"the first row names no field {text_field!r}; it is: {names}; see --text-field"
            raise RejectedDocument("read", "mislabelled", message)
        return [name if name not in first[:place] else f"{name}.{place}" for place, name in enumerate(first)]

    def __iter__(self) -> Iterator[list[str] | Bad]:
        """Yield rows; blank lines are none."""
        while True:
            self._taken = []
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
        """Return the next line as the csv module reads it; None at the end."""
        line = next(self._ahead, None)
        if line is None:
            return None
        self._taken.append(line)
        if line.raw is None:
            message = f"{line.where}: a line has more bytes than --max-record-bytes allows; nothing behind it was read"
            raise RejectedDocument("read", "bad_csv", message)
        raw = line.raw.removeprefix(BYTE_ORDER_MARK) if line.number == 1 else line.raw
        text = raw.decode("utf-8", "surrogateescape")
        return _kept(text) if self._escapes else text

    def _look(self) -> tuple[list[Line], str]:
        """Return the first lines, and their text."""
        ahead: list[Line] = []
        size = 0
        for line in self._lines:
            ahead.append(line)
            size += len(line.raw or b"")
            if size >= SAMPLE:
                break
        head = b"".join(line.raw or b"" for line in ahead)[:SAMPLE]
        refuse_utf_16(head)
        return ahead, head.decode("utf-8", "replace").removeprefix("\ufeff")


def _dialect(sample: str, text_field: str) -> type[csv.Dialect]:
    """Return the dialect that the first rows are written in: the one by which they fit the header best."""
    header = sample.partition("\n")[0]
    escapes = (False, True) if '\\"' in sample else (False,)
    blanks = (False, True) if any(f"{delimiter} " in header for delimiter in DELIMITERS) else (False,)
    # Where several fit as well, the first is taken: the plainest.
    known = [_made(*each) for each in product(escapes, blanks, DELIMITERS)]
    return max(known, key=lambda dialect: _fit(sample, dialect, text_field))


def _made(escapes: bool, blanks: bool, mark: str) -> type[csv.Dialect]:  # noqa: FBT001 - called with products alone
    """Return a dialect.

    Args:
        escapes: Whether a backslash stands before a quote inside a field; it is doubled otherwise.
        blanks: Whether a blank stands behind each delimiter.
        mark: The delimiter.
    """

    class Dialect(csv.Dialect):
        delimiter = mark
        quotechar = '"'
        lineterminator = "\n"
        quoting = csv.QUOTE_MINIMAL
        strict = True
        skipinitialspace = blanks
        doublequote = not escapes
        escapechar = "\\" if escapes else None

    return Dialect


def _kept(text: str) -> str:
    """Return text in which a backslash escapes quotes alone: the csv module would take every other one away."""
    return _BACKSLASH.sub(lambda found: found[0] if found[0].endswith('"') else found[0] * 2, text)


def _fit(sample: str, dialect: type[csv.Dialect], text_field: str) -> tuple[bool, int, int, int]:
    """Return how well a dialect fits: the text field is there, rows that agree, fields of the header.

    Rows of one field agree with a header of one by any delimiter that the file has not, so they count last.
    """
    header: list[str] = []
    agree = 0
    text = sample if dialect.escapechar is None else _kept(sample)
    reader = csv.reader(text.splitlines(keepends=True), dialect)
    for _ in range(SAMPLE_ROWS):
        try:
            row = next(reader, None)
        except csv.Error:
            continue
        if row is None:
            break
        header = header or row
        agree += len(row) == len(header)
    return root_of(text_field, header) in header, agree if len(header) > 1 else 0, len(header), agree


def _unescaped(record: dict[str, Any], text_field: str) -> dict[str, Any]:
    """Return a record whose text is the bytes that stood in the file, whether or not they are UTF-8."""
    if text_field in record:
        record[text_field] = record[text_field].encode("utf-8", "surrogateescape")
    return record
