"""On how many scales can a text be counted whose length was declared before somebody changed it?

PHP counts the bytes it prints. What happens to a page afterwards makes texts longer or shorter: entities are encoded
or decoded, quotes made curly, bytes read as another encoding, runs of blanks collapsed, tags dropped. Each scale undoes
one such change while it counts. Some changes leave only a range: a line break was one byte or two.

What a scale asks of a page is computed once; laying a length against it, or measuring a text, is a binary search. A
million hostile heads with huge lengths stay linear in that way.
"""

from __future__ import annotations

import html
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import regex

from pipeline.families.php_dump.damage import QUOTE, SINGLE_QUOTE
from pipeline.model import Page
from pipeline.patterns import lazy_compile


class _Marks(NamedTuple):
    """The places where a scale counts otherwise than in bytes."""

    starts: list[int]
    """First byte of each."""

    stops: list[int]
    """First byte after each."""

    scaled: list[int]
    """How much the scale counts from the start of the page to that byte."""


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
            marks.starts.append(start)
            saved += stop - start - self.weigh(found[0])
            marks.stops.append(stop)
            marks.scaled.append(stop - saved)
        return marks

    def about(self, page: Page, start: int, length: int) -> int | None:
        """Return about where ``length`` behind ``start`` lies on this scale; None past the end of the page."""
        marks = page.once(self.marks)
        before = bisect_right(marks.stops, start) - 1
        wanted = length + start - (marks.stops[before] - marks.scaled[before] if before >= 0 else 0)
        last = bisect_right(marks.scaled, wanted) - 1
        at = wanted + (marks.stops[last] - marks.scaled[last] if last >= 0 else 0)
        return at if at <= len(page.raw) else None

    def size(self, page: Page, start: int, stop: int) -> int:
        """Return how much the scale counts between two bytes, neither of which lies inside a mark.

        >>> CODE_POINTS.size(Page("été été".encode()), 0, 5)
        3
        """
        return self._scaled(page, stop) - self._scaled(page, start)

    def _scaled(self, page: Page, at: int) -> int:
        marks = page.once(self.marks)
        before = bisect_right(marks.stops, at) - 1
        return at - (marks.stops[before] - marks.scaled[before] if before >= 0 else 0)

    def reach(self, page: Page, start: int, length: int) -> int | None:
        """Return the byte that stands ``length`` behind ``start`` on this scale; None inside a mark or past the end.

        >>> [CODE_POINTS.reach(Page("été été".encode()), 0, length) for length in (0, 1, 3, 7, 8)]
        [0, 2, 5, 11, None]
        """
        at = self.about(page, start, length)
        marks = page.once(self.marks)
        within = bisect_right(marks.starts, at) - 1 if at is not None else -1
        return None if within >= 0 and at is not None and marks.starts[within] < at < marks.stops[within] else at


@dataclass(frozen=True, eq=False, slots=True)
class Range:
    """What a change leaves no more than a range of: how much of a text there was at least, and at most.

    Attributes:
        name: What was counted, in words.
        least, most: The two ends.
    """

    name: str
    least: Scale
    most: Scale

    def holds(self, page: Page, start: int, stop: int, length: int) -> bool:
        r"""Whether a text may have had a length.

        >>> [LINE_ENDS.holds(Page(b"one\r\ntwo\nsix"), 0, 12, length) for length in (10, 11, 13, 14)]
        [False, True, True, False]
        """
        return self.least.size(page, start, stop) <= length <= self.most.size(page, start, stop)


def _range(name: str, pattern: bytes, least: Callable[[bytes], int], most: Callable[[bytes], int]) -> Range:
    compiled = lazy_compile(pattern)
    return Range(name, Scale(name, compiled, least), Scale(name, compiled, most))


def decoded(text: bytes) -> bytes:
    """Return a text with its entities decoded once; what only looks like one, without its semicolon, stays.

    >>> decoded(b"R&amp;D &copy= &#39;&lt;")
    b"R&D &copy= '<"
    """
    return _ENTITIES.sub(lambda entity: _decoded(entity[0]).encode(), text) if b"&" in text else text


_ENTITY = rb"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_PLAIN = lazy_compile(rb"\"|'|&(?:quot|apos|#0?3[49]|#x0?2[27]);")
_BEHIND_PLAIN = lazy_compile(rb"(?<=%b)" % _PLAIN.pattern)
_ENTITIES = lazy_compile(_ENTITY)
_MULTIBYTE = rb"[\xc2-\xf4][\x80-\xbf]{1,3}"
_SIGNS = QUOTE + rb"|" + SINGLE_QUOTE + rb"|\xe2\x80[\x93\x94\xa6]|&(?:[mn]dash|hellip|#821[12]|#8230);"
_TYPOGRAPHY = _SIGNS + rb"|<br ?/?>\n?|</p>\n?<p>"
_CURLY = lazy_compile("[“”„‟″‶«»‘’‚‛′…–—]")
_WEIGHTS = {"…": 3, "–": 2, "—": 3}
"""What typographers make one sign of: three full stops, two hyphens, three hyphens. Line breaks become tags."""

_BYTE_LONGEST_IN_BMP = 3


def is_plain(page: Page, start: int) -> bool:
    """Whether the opening quote before ``start`` is a straight one, or the entity of one."""
    return _BEHIND_PLAIN.match(page.raw, start) is not None


def is_plain_quote(quote: bytes) -> bool:
    """Whether a quote is a straight one, or the entity of one."""
    return _PLAIN.match(quote) is not None


def spoken_for(page: Page, start: int) -> Scale:
    """Return the scale that the opening quote before ``start`` speaks for: entities, or curly quotes."""
    return DECODED if is_plain(page, start) else TYPED


def _decoded(entity: bytes) -> str:
    return html.unescape(entity.decode("utf-8", "replace"))


def _as_typed(sign: bytes) -> int:
    if sign.startswith(b"<"):
        return 2 if sign.startswith(b"</") else 1
    char = _decoded(sign)
    return _WEIGHTS.get(char, 1) if _CURLY.match(char) else len(char.encode())


DECODED = Scale("bytes once entities are decoded", _ENTITIES, lambda entity: len(_decoded(entity).encode()))
CODE_POINTS = Scale("code points", lazy_compile(_MULTIBYTE), lambda _: 1)
UTF16_UNITS = Scale(
    "UTF-16 units", lazy_compile(_MULTIBYTE), lambda char: 1 if len(char) <= _BYTE_LONGEST_IN_BMP else 2
)
TYPED = Scale(
    "bytes as typed, before quotes were made curly",
    lazy_compile(_TYPOGRAPHY),
    lambda sign: len(sign) if _PLAIN.match(sign) else _as_typed(sign),
)
TYPED_DECODED = Scale(
    "bytes as typed, once entities are decoded", lazy_compile(_TYPOGRAPHY + rb"|" + _ENTITY), _as_typed
)
DECODED_CODE_POINTS = Scale(
    "code points once entities are decoded",
    lazy_compile(_MULTIBYTE + rb"|" + _ENTITY),
    lambda sign: len(_decoded(sign)),
)

ONE_BYTE_BREAKS = Scale("bytes with line ends of one byte", lazy_compile(rb"\r\n"), lambda _: 1)
TWO_BYTE_BREAKS = Scale("bytes with line ends of two bytes", lazy_compile(rb"(?<!\r)\n"), lambda _: 2)

SCALES = (
    ONE_BYTE_BREAKS,
    TWO_BYTE_BREAKS,
    DECODED,
    CODE_POINTS,
    UTF16_UNITS,
    TYPED,
    TYPED_DECODED,
    DECODED_CODE_POINTS,
)
"""In the order they are tried, after bytes."""

_ENCODED_LONGEST = {b"<": 4, b">": 4, b"&": 5, b'"': 6, b"'": 6}
_NAMED_LONGEST = 8
_LETTERS = rb"[\xc3-\xcb][\x80-\xbf]|\xe1[\xb8-\xbb][\x80-\xbf]"


def _decomposed(letter: bytes) -> int:
    return len(unicodedata.normalize("NFD", letter.decode()).encode())


MADE_CURLY = _range(
    "bytes before some of the quotes were made curly",
    _SIGNS,
    _as_typed,
    lambda sign: len(_decoded(sign).encode()),
)
LINE_ENDS = _range("bytes, whatever each line ended with", rb"\r\n|[\r\n]", lambda _: 1, lambda _: 2)
RANGES = (
    LINE_ENDS,
    _range(
        "bytes before entities were decoded",
        rb"[<>&\"']|\xc2[\xa0-\xbf]|\xe2\x80[\x93-\xa6]",
        len,
        lambda sign: _ENCODED_LONGEST.get(sign, _NAMED_LONGEST),
    ),
    _range("bytes before U+FFFD stood for some", rb"\xef\xbf\xbd", lambda _: 1, lambda _: 3),
    _range("bytes before accents were joined to letters", _LETTERS, len, _decomposed),
    _range("bytes before fractions were spelled out", rb"[0-9]\xe2\x81\x84(?:10|[0-9])", lambda _: 2, lambda _: 3),
)
"""The ranges in which a length proves something: each of few signs, and none without an upper end."""
