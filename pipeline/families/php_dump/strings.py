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
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import regex

from pipeline.families.php_dump.damage import QUOTE, SINGLE_QUOTE
from pipeline.families.php_dump.landmarks import Landmark
from pipeline.model import Page
from pipeline.patterns import lazy_compile

NEAREST = "the nearest closing quote"
"""How a string ends where no scale fits."""

FIRST = "the first closing quote"
"""How it ends where the nearest one cannot be it."""

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

    def reach(self, page: Page, start: int, length: int) -> int | None:
        """Return the byte that stands ``length`` behind ``start`` on this scale; None inside a mark or past the end.

        >>> [CODE_POINTS.reach(Page("été été".encode()), 0, length) for length in (0, 1, 3, 7, 8)]
        [0, 2, 5, 11, None]
        """
        at = self.about(page, start, length)
        marks = page.once(self.marks)
        within = bisect_right(marks.starts, at) - 1 if at is not None else -1
        return None if within >= 0 and at is not None and marks.starts[within] < at < marks.stops[within] else at


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
_TYPOGRAPHY = QUOTE + rb"|" + SINGLE_QUOTE + rb"|\xe2\x80[\x93\x94\xa6]|&(?:[mn]dash|hellip|#821[12]|#8230);"
_TYPOGRAPHY += rb"|<br ?/?>\n?|</p>\n?<p>"
_CURLY = lazy_compile("[“”„‟″‶«»‘’‚‛′…–—]")
_WEIGHTS = {"…": 3, "–": 2, "—": 3}
"""What typographers make one sign of: three full stops, two hyphens, three hyphens. Line breaks become tags."""

_BYTE_LONGEST_IN_BMP = 3


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


def farthest(page: Page, start: int, length: int) -> int:
    """Return how far a text of a declared length may reach, on the scale that makes it longest.

    >>> farthest(Page(b"Q&amp;A and so on"), 0, 3)
    7
    """
    reached = [scale.about(page, start, length) for scale in SCALES]
    return max(len(page.raw) if about is None else about for about in [*reached, start + length])


def _is_plain(page: Page, start: int) -> bool:
    """Whether the opening quote before ``start`` is a straight one, or the entity of one."""
    return _BEHIND_PLAIN.match(page.raw, start) is not None


def alike(page: Page, start: int, closing: bytes) -> bool:
    """Whether a closing quote is of the kind of the opening one before ``start``: straight, its entity, or curly."""
    if page.raw.startswith(b'"', start - 1):
        return closing == b'"'
    return closing != b'"' and _is_plain(page, start) == (_PLAIN.match(closing) is not None)


def measured_end(page: Page, start: int, length: int, closing: Landmark) -> End | None:
    r"""Return where a string ends by its length, on the first scale that lands on a closing quote; None on no scale.

    Args:
        page: The document.
        start: First byte of the payload.
        length: How much it declares.
        closing: What its closing quote looks like.

    >>> before_brace = Landmark(regex.compile(QUOTE + rb"(?=[ \n]{0,9}})"))
    >>> measured_end(Page(b'&quot;Q&amp;A&quot; }'), 6, 3, before_brace)
    End(payload_stop=13, stop=19, measure='bytes once entities are decoded')
    """
    tried: set[int | None] = {None}
    for measure, reach in _measures(page, start):
        reached = reach(page, start, length)
        if reached in tried or reached is None:
            continue
        tried.add(reached)
        quote = closing.pattern.match(page.raw, reached)
        if quote and alike(page, start, quote[0]):
            return End(reached, quote.end(), measure)
    return None


def _measures(page: Page, start: int) -> Iterator[tuple[str, Callable[[Page, int, int], int | None]]]:
    yield "", _in_bytes
    for scale in SCALES if _is_plain(page, start) else (TYPED, TYPED_DECODED, *SCALES):
        yield scale.name, scale.reach


def _in_bytes(page: Page, start: int, length: int) -> int | None:
    return start + length if start + length <= len(page.raw) else None


def expected_stop(page: Page, start: int, length: int) -> int:
    """Return about where a text ends by its length, laid on the scale that its opening quote speaks for.

    >>> expected_stop(Page(b"&quot;Q&amp;A&quot;"), 6, 3)
    13
    """
    about = (DECODED if _is_plain(page, start) else TYPED).about(page, start, length)
    return start + length if about is None else about


def nearest_end(page: Page, start: int, length: int, closing: Landmark) -> End | None:
    """Return where a string ends by the closing quote nearest to its length; None when none is near.

    The length is laid on the scale that the opening quote speaks for: an entity, a curly quote, or bytes.

    >>> before_brace = Landmark(regex.compile(rb'"(?= })'))
    >>> nearest_end(Page(b'"now" })" }'), 1, 7, before_brace).payload_stop
    8
    """
    wanted = expected_stop(page, start, length)
    quote = closing.nearest(page, wanted, start)
    if quote is None or not alike(page, start, quote.of(page.raw)):
        return None
    if abs(quote.start - wanted) > max(WINDOW_LEAST, length // WINDOW_SHARE):
        return None
    return End(*quote, NEAREST)


def guessed_end(page: Page, start: int, length: int, closing: Landmark, *, nearest: bool = True) -> End | None:
    """Return where a string ends that no scale fits; None when that cannot be guessed.

    Args:
        page: The document.
        start: First byte of the payload.
        length: How many bytes it declares.
        closing: What its closing quote looks like.
        nearest: Whether to take the closing quote nearest to the length: within the window, or the last before it,
            for dropped tags can take most of a string. Else the first one before the length.
    """
    if nearest and (end := nearest_end(page, start, length, closing)):
        return end
    if not nearest:
        quotes = closing.following(page, start)
    elif start + length <= page.text_stop:
        quotes = closing.preceding(page, start + length, start)
    else:
        quotes = []
    if quotes and quotes[0].start <= start + length and alike(page, start, quotes[0].of(page.raw)):
        return End(*quotes[0], NEAREST if nearest else FIRST)
    return None
