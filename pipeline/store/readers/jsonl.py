"""JSON Lines: a JSON object a line. A bad line costs itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from pipeline.store.readers.fields import document
from pipeline.store.readers.lines import Line, lines
from pipeline.store.readers.reading import Bad, Found, ReadSettings

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_DECODER = msgspec.json.Decoder()


class JsonLinesReader:
    """Reads ``.jsonl`` and ``.ndjson``; blank lines are no records."""

    form = "jsonl"
    suffixes = (".jsonl", ".ndjson")
    seeks = False
    is_archive = False

    def read(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Found]:
        """Yield a document a line; one that is not a JSON object with the text in it is bad, by line and byte."""
        for line in lines(file, settings.max_record_bytes):
            if line.raw is None:
                message = f"{line.where}: the line has more bytes than --max-record-bytes allows"
                yield Bad("oversized", message)
            elif line.raw.strip():
                yield _read(line, line.raw, settings)


def _read(line: Line, raw: bytes, settings: ReadSettings) -> Found:
    if line.number == 1:
        raw = raw.removeprefix(BYTE_ORDER_MARK)
    try:
        record = _DECODER.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Bad("bad_json", f"{line.where}: is not valid JSON: {error}", raw)
    if not isinstance(record, dict):
        return Bad("bad_json", f"{line.where}: is not a JSON object", raw)
    return document(record, settings, line.where, raw)
