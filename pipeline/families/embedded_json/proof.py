"""From a reading to a claim: JSON that was read to its end and stands by itself is a leak."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from pipeline.model import Claim, Page, Span
from pipeline.patterns import lazy_compile

LOOKALIKE_LONGEST = 240
"""How many bytes of a look-alike ``artifacts.raw`` shows at most: enough for a person to judge it."""
OPENING = lazy_compile(rb"[\[{ \t\r\n]{0,130}+")
"""The brackets a document begins with, on one line or on several: they alone tell a person nothing."""
BEFORE_LONGEST = 64
LINE_START = lazy_compile(rb"(?:\A|[\r\n>])(?:[ \t]|\xef\xbb\xbf|\xe2\x80\x8b)*+\Z")
BLANK_BEFORE = (b" ", b"\t")
BLANK_BEHIND = lazy_compile(rb"\Z|[ \t\r\n<]")
LINE_STOP = lazy_compile(rb"[ \t]*+(?:\Z|[\r\n<])")


class Reading(Struct, frozen=True):
    """JSON and what belongs to it: the bytes that leaked, and where the document stands in them.

    ``unfit`` says why it is left in the text all the same; empty when nothing speaks against a cut. ``is_data`` tells
    that it can be nothing but data for a script, also where text stands beside it on its line.
    """

    span: Span
    document: Span | None = None
    unfit: str = ""
    resume: int = 0
    is_data: bool = False


Reader: TypeAlias = Callable[[Page, int], Reading | None]


class JsonGrammar(Struct, frozen=True):
    """One way JSON gets into a text: its anchors, and the reader that proves what stands there."""

    rule: str
    anchors: tuple[bytes, ...]
    reader: Reader

    def read(self, page: Page, at: int) -> Claim | None:
        """Return the claim of the JSON whose anchor stands at ``at``; None when nothing resembles any."""
        reading = self.reader(page, at)
        if reading is None:
            return None
        stop = reading.span.stop
        unfit = reading.unfit
        if not stands_by_itself(page.raw, reading):
            if not begins_line(page.raw, reading.span.start):
                return None
            unfit = unfit or "text follows it on its line"
        if unfit:
            return self._lookalike(page.raw, reading, unfit)
        return Claim(
            span=reading.span,
            family="embedded_json",
            rule=self.rule,
            status="exact",
            payload=reading.document,
            resume=stop,
        )

    def _lookalike(self, raw: bytes, reading: Reading, why: str) -> Claim:
        start = reading.span.start
        limit = min(start + LOOKALIKE_LONGEST, len(raw))
        opening = OPENING.match(raw, start, limit)
        line_stop = raw.find(b"\n", opening.end() if opening else start, limit)
        stop = start + len(raw[start : line_stop if line_stop >= 0 else limit].rstrip())
        return Claim(
            span=Span(start, max(stop, start + 1)),
            family="embedded_json",
            rule=self.rule,
            status="kept",
            reason=why,
            resume=max(reading.resume, reading.span.stop, start + 1),
        )


def begins_line(raw: bytes, at: int) -> bool:
    """Whether nothing but blanks stands before a byte on its line, or a tag ends there."""
    return LINE_START.search(raw, max(0, at - BEFORE_LONGEST), at) is not None


def stands_by_itself(raw: bytes, reading: Reading) -> bool:
    """Whether JSON has its line to itself, or is nothing but data and a blank or its own semicolon ends it."""
    start, stop = reading.span
    if raw.startswith(b"<", start) and raw.startswith(b">", stop - 1):
        return True  # its own tags part it from any text
    if begins_line(raw, start) and ends_line(raw, stop):
        return True
    return reading.is_data and (raw.startswith(b";", stop - 1) or BLANK_BEHIND.match(raw, stop) is not None)


def stands_free(raw: bytes, at: int) -> bool:
    """Whether a byte begins a line or has a blank before it."""
    return begins_line(raw, at) or raw[at - 1 : at] in BLANK_BEFORE


def ends_line(raw: bytes, at: int) -> bool:
    """Whether nothing but blanks follows on the line, or a tag begins."""
    return LINE_STOP.match(raw, at) is not None
