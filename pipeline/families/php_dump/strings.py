"""Where does a string end whose length was declared before somebody changed the text?

PHP counts the bytes it prints. What happens to a page afterwards makes strings longer or shorter: entities are encoded
or decoded, quotes made curly, bytes read as another encoding, runs of blanks collapsed, tags dropped. So the length
is laid against the text on several scales, and the first that lands on a quote with structure behind it is
believed. Only then the closing quote nearest to the length is taken, for want of better.

What a scale asks of a page is computed once; laying a length against it is a binary search. A million hostile heads
with huge lengths stay linear in that way.
"""

from __future__ import annotations

import html
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import regex

from pipeline.families.php_dump.damage import QUOTE, SINGLE_QUOTE
from pipeline.model import Page

NEAREST = "the nearest closing quote"
"""How a string ends where no scale fits."""

WINDOW_LEAST = 16
WINDOW_SHARE = 3
"""The nearest closing quote counts within a third of the length, or 16 bytes where that is more."""


class End(NamedTuple):
    """Where a string ends.

    Attributes:
        payload_stop: First byte of the closing quote.
        stop: First byte after it.
        measure: What found it, in words; empty for the length in bytes, as PHP counts.
    """

    payload_stop: int
    stop: int
    measure: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Closing:
    """A closing quote with what must stand behind it.

    Attributes:
        pattern: Matches the quote; looks ahead at what follows, without taking it.
    """

    pattern: regex.Pattern[bytes]

    def places(self, raw: bytes) -> list[int]:
        """Return where such quotes begin, in order."""
        return [found.start() for found in self.pattern.finditer(raw)]

    def nearest(self, page: Page, start: int, length: int) -> int | None:
        """Return the place nearest to ``length`` bytes behind ``start``, within the window; None when there is none.

        >>> quote = Closing(regex.compile(rb'"(?= })'))
        >>> quote.nearest(Page(b'"now" })" }'), 1, 8), quote.nearest(Page(b'"now" })" }'), 1, 100)
        (8, None)
        """
        places = page.once(self.places)
        wanted = start + length
        window = max(WINDOW_LEAST, length // WINDOW_SHARE)
        index = bisect_left(places, wanted)
        near = [place for place in places[max(0, index - 1) : index + 1] if place >= start]
        best = min(near, key=lambda place: abs(place - wanted), default=None)
        return best if best is not None and abs(best - wanted) <= window else None


class _Marks(NamedTuple):
    """The places where a scale counts otherwise than in bytes."""

    stops: list[int]
    """First byte after each."""

    scaled: list[int]
    """How much the scale counts from the start of the page to that byte."""

    starts_scaled: list[int]
    """How much it counts to the first byte of each."""


@dataclass(frozen=True, eq=False, slots=True)
class Scale:
    """A way to count a text: each byte is one, but what ``pattern`` matches counts as ``weigh`` says.

    Attributes:
        name: What was counted, in words.
        pattern: Matches what counts otherwise; never empty.
        weigh: How much a match counts.
    """

    name: str
    pattern: regex.Pattern[bytes]
    weigh: Callable[[bytes], int]

    def marks(self, raw: bytes) -> _Marks:
        """Return the places where the scale differs from bytes."""
        marks = _Marks([], [], [])
        saved = 0
        for found in self.pattern.finditer(raw):
            start, stop = found.span()
            marks.starts_scaled.append(start - saved)
            saved += stop - start - self.weigh(found[0])
            marks.stops.append(stop)
            marks.scaled.append(stop - saved)
        return marks

    def reach(self, page: Page, start: int, length: int) -> int | None:
        """Return the byte that stands ``length`` behind ``start`` on this scale; None inside a mark or past the end.

        >>> [CODE_POINTS.reach(Page("été été".encode()), 0, length) for length in (0, 1, 3, 7, 8)]
        [0, 2, 5, 11, None]
        """
        marks = page.once(self.marks)
        before = bisect_right(marks.stops, start) - 1
        wanted = length + start - (marks.stops[before] - marks.scaled[before] if before >= 0 else 0)
        last = bisect_right(marks.scaled, wanted) - 1
        at = wanted + (marks.stops[last] - marks.scaled[last] if last >= 0 else 0)
        if last + 1 < len(marks.stops) and marks.starts_scaled[last + 1] < wanted:
            return None
        return at if at <= len(page.raw) else None


_ENTITY = rb"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_MULTIBYTE = rb"[\xc2-\xf4][\x80-\xbf]{1,3}"
_TYPOGRAPHY = QUOTE + rb"|" + SINGLE_QUOTE + rb"|\xe2\x80[\x93\x94\xa6]|&(?:[mn]dash|hellip|#821[12]|#8230);"
_CURLY = regex.compile("[“”„‟″‶«»‘’‚‛′…–—]")
_WEIGHTS = {"…": 3, "–": 2, "—": 3}
"""What typographers make one sign of: three full stops, two hyphens, three hyphens."""

_BYTE_LONGEST_IN_BMP = 3


def _decoded(entity: bytes) -> str:
    return html.unescape(entity.decode("utf-8", "replace"))


def _as_typed(sign: bytes) -> int:
    char = _decoded(sign)
    return _WEIGHTS.get(char, 1) if _CURLY.match(char) else len(char.encode())


DECODED = Scale(
    "bytes once entities are decoded", regex.compile(_ENTITY), lambda entity: len(_decoded(entity).encode())
)
CODE_POINTS = Scale("code points", regex.compile(_MULTIBYTE), lambda _: 1)
UTF16_UNITS = Scale(
    "UTF-16 units", regex.compile(_MULTIBYTE), lambda char: 1 if len(char) <= _BYTE_LONGEST_IN_BMP else 2
)
TYPED = Scale(
    "bytes as typed, before entities and curly quotes", regex.compile(_TYPOGRAPHY + rb"|" + _ENTITY), _as_typed
)
DECODED_CODE_POINTS = Scale(
    "code points once entities are decoded",
    regex.compile(_MULTIBYTE + rb"|" + _ENTITY),
    lambda sign: len(_decoded(sign)),
)
SCALES = (DECODED, CODE_POINTS, UTF16_UNITS, TYPED, DECODED_CODE_POINTS)
"""In the order they are tried, after bytes."""


def measured_end(page: Page, start: int, length: int, closing: Closing) -> End | None:
    r"""Return where a string ends by its length, on the first scale that lands on a closing quote; None on no scale.

    >>> before_brace = Closing(regex.compile(QUOTE + rb"(?=[ \n]{0,9}})"))
    >>> measured_end(Page(b'"Q&amp;A" }'), 1, 3, before_brace)
    End(payload_stop=8, stop=9, measure='bytes once entities are decoded')
    """
    at = start + length
    if at <= len(page.raw) and (quote := closing.pattern.match(page.raw, at)):
        return End(at, quote.end())
    for scale in SCALES:
        reached = scale.reach(page, start, length)
        if reached is not None and reached != at and (quote := closing.pattern.match(page.raw, reached)):
            return End(reached, quote.end(), scale.name)
    return None


def nearest_end(page: Page, start: int, length: int, closing: Closing) -> End | None:
    """Return where a string ends by the closing quote nearest to its length; None when none is near."""
    at = closing.nearest(page, start, length)
    quote = None if at is None else closing.pattern.match(page.raw, at)
    return quote and End(quote.start(), quote.end(), NEAREST)
