"""JSON Lines: a JSON object a line. A bad line costs itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from pipeline.errors import RejectedDocument
from pipeline.nesting import DEEPEST, too_deep
from pipeline.store.readers.fields import document
from pipeline.store.readers.lines import BYTE_ORDER_MARK, Line, lines, refuse_utf_16
from pipeline.store.readers.reading import PART_BYTES, Bad, Cursor, Found, Part, ReadSettings
from pipeline.store.readers.source import SourceError

_DECODER = msgspec.json.Decoder()


class JsonLinesReader:
    """Reads ``.jsonl`` and ``.ndjson``; blank lines are no records."""

    form = "jsonl"
    suffixes = (".jsonl", ".ndjson")
    seeks = False
    is_archive = False

    def read(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Found]:
        """Yield a document a line; one that is not a JSON object with the text in it is bad, by line and byte.

        Raises:
            RejectedDocument: ``mislabelled``: it is UTF-16.
        """
        for line in lines(file, settings.max_record_bytes):
            yield from _record(line, settings)

    def parts(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Part]:
        """Yield parts that end with a line.

        Raises:
            RejectedDocument: ``mislabelled``: it is UTF-16.
        """
        can_be_entered = file.seekable()
        part = Part(0, 0, 0, 0 if can_be_entered else None)
        start = records = stop = 0
        for line in _as_far_as_they_go(lines(file, settings.max_record_bytes)):
            if line.number == 1:
                refuse_utf_16(line.raw or b"")
            stop = line.start + len(line.raw or b"")
            if _is_record(line):
                if line.start - start >= PART_BYTES and records > part.first:
                    yield part._replace(stop=records, size=line.start - start)
                    start = line.start
                    part = Part(records, 0, 0, start if can_be_entered else None, line.number)
                records += 1
        if records > part.first:
            yield part._replace(stop=records, size=stop - start)

    def cursor(self, file: BinaryIO, settings: ReadSettings) -> Cursor:
        """Return what reads parts, line by line."""
        return _LineCursor(file, settings)


class _LineCursor:
    """Stands between two lines of a file."""

    def __init__(self, file: BinaryIO, settings: ReadSettings) -> None:
        self._file = file
        self._settings = settings
        self._lines = lines(file, settings.max_record_bytes)
        self._record = 0

    def read(self, part: Part) -> Iterator[Found]:
        """Yield the documents of some lines; those before them are passed over, or left unread where that can be."""
        if part.start is not None and self._record != part.first:
            self._file.seek(part.start)
            self._lines = lines(self._file, self._settings.max_record_bytes, part.line, part.start)
            self._record = part.first
        while self._record < part.stop and (line := next(self._lines, None)) is not None:
            if self._record < part.first:
                self._record += _is_record(line)
                continue
            for found in _record(line, self._settings):
                self._record += 1
                yield found


def _as_far_as_they_go(found: Iterator[Line]) -> Iterator[Line]:
    """Yield lines to the end of a file, or to where what it is packed in is damaged."""
    try:
        yield from found
    except SourceError:
        raise
    except RejectedDocument:
        return


def _is_record(line: Line) -> bool:
    return line.raw is None or bool(line.raw.strip())


def _record(line: Line, settings: ReadSettings) -> Iterator[Found]:
    """Yield what a line holds; nothing for a blank one."""
    if line.number == 1:
        refuse_utf_16(line.raw or b"")
    if line.raw is None:
        yield Bad("oversized", f"{line.where}: the line has more bytes than --max-record-bytes allows")
    elif _is_record(line):
        yield _read(line, line.raw, settings)


def _read(line: Line, raw: bytes, settings: ReadSettings) -> Found:
    if too_deep(raw):
        return Bad("bad_json", f"{line.where}: is nested more than {DEEPEST} deep", raw)
    try:
        # Files that were put together from several have the mark of each.
        record = _decoded(raw.removeprefix(BYTE_ORDER_MARK))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Bad("bad_json", f"{line.where}: is not valid JSON: {_reason(error)}", raw)
    if not isinstance(record, dict):
        return Bad("bad_json", f"{line.where}: is not a JSON object", raw)
    return document(record, settings, line.where, raw)


def _reason(error: Exception) -> str:
    """Return what a decoder says is wrong; its bytes are counted from the beginning of the record, not of the file.

    >>> _reason(msgspec.DecodeError("JSON is malformed: invalid character (byte 14)"))
    'invalid character (byte 14 of the record)'
    """
    said = str(error).removeprefix("JSON is malformed: ")
    return said.removesuffix(")") + " of the record)" if said.endswith(")") else said


def _decoded(raw: bytes) -> Any:  # noqa: ANN401 - whatever a line holds
    """Return the value that a line holds, also where it has what Python and JavaScript write and JSON has not.

    These are NaN, numbers beyond those of a machine, and halves of a pair of surrogates.

    Raises:
        msgspec.DecodeError, UnicodeDecodeError: It is not JSON.
    """
    try:
        return _DECODER.decode(raw)
    except msgspec.DecodeError as error:
        try:
            return json.loads(raw.decode())
        except ValueError:
            raise error from None
