"""Where does a string end whose length was declared before somebody changed the text?

The length is laid against the text on several scales (`scales`), and the first that lands on a quote with structure
behind it is believed. Only then the closing quote nearest to the length is taken, for want of better. Where else an end
may be proven depends on what stands around the string: `payloads` knows the members that are still to come,
`root_strings` the end of the line, `lengths` what parts the members of ``serialize``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pipeline.families.php_dump.landmarks import Landmark
from pipeline.families.php_dump.scales import SCALES, TYPED, TYPED_DECODED, is_plain, is_plain_quote, spoken_for
from pipeline.model import Page

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


def window(length: int) -> int:
    """Return how far a closing quote may stand from its length.

    >>> window(12), window(300)
    (16, 100)
    """
    return max(WINDOW_LEAST, length // WINDOW_SHARE)


def farthest(page: Page, start: int, length: int) -> int:
    """Return how far a text of a declared length may reach, on the scale that makes it longest.

    >>> farthest(Page(b"Q&amp;A and so on"), 0, 3)
    7
    """
    reached = [scale.about(page, start, length) for scale in SCALES]
    return max(len(page.raw) if about is None else about for about in [*reached, start + length])


def alike(page: Page, start: int, closing: bytes) -> bool:
    """Whether a closing quote is of the kind of the opening one before ``start``: straight, its entity, or curly."""
    if page.raw.startswith(b'"', start - 1):
        return closing == b'"'
    return closing != b'"' and is_plain(page, start) == is_plain_quote(closing)


def measured_end(page: Page, start: int, length: int, closing: Landmark) -> End | None:
    r"""Return where a string ends by its length, on the first scale that lands on a closing quote; None on no scale.

    Args:
        page: The document.
        start: First byte of the payload.
        length: How much it declares.
        closing: What its closing quote looks like.

    >>> import regex
    >>> before_brace = Landmark(regex.compile(rb'(?:"|&quot;)(?=[ \n]{0,9}})'))
    >>> measured_end(Page(b'&quot;Q&amp;A&quot; }'), 6, 3, before_brace)
    End(payload_stop=13, stop=19, measure='bytes once entities are decoded')
    """
    return next(measured_ends(page, start, length, closing), None)


def measured_ends(page: Page, start: int, length: int, closing: Landmark) -> Iterator[End]:
    """Yield where a string ends by its length, for each scale that lands on another closing quote."""
    tried: set[int | None] = {None}
    for measure, reach in _measures(page, start):
        reached = reach(page, start, length)
        if reached in tried or reached is None:
            continue
        tried.add(reached)
        quote = closing.pattern.match(page.raw, reached)
        if quote and alike(page, start, quote[0]):
            yield End(reached, quote.end(), measure)


def _measures(page: Page, start: int) -> Iterator[tuple[str, Callable[[Page, int, int], int | None]]]:
    yield "", _in_bytes
    for scale in SCALES if is_plain(page, start) else (TYPED, TYPED_DECODED, *SCALES):
        yield scale.name, scale.reach


def _in_bytes(page: Page, start: int, length: int) -> int | None:
    return start + length if start + length <= len(page.raw) else None


def expected_stop(page: Page, start: int, length: int) -> int:
    """Return about where a text ends by its length, laid on the scale that its opening quote speaks for.

    >>> expected_stop(Page(b"&quot;Q&amp;A&quot;"), 6, 3)
    13
    """
    about = spoken_for(page, start).about(page, start, length)
    return start + length if about is None else about


def nearest_end(page: Page, start: int, length: int, closing: Landmark) -> End | None:
    """Return where a string ends by the closing quote nearest to its length; None when none is near.

    The length is laid on the scale that the opening quote speaks for: an entity, a curly quote, or bytes.

    >>> import regex
    >>> before_brace = Landmark(regex.compile(rb'"(?= })'))
    >>> nearest_end(Page(b'"now" })" }'), 1, 7, before_brace).payload_stop
    8
    """
    wanted = expected_stop(page, start, length)
    quote = closing.nearest(page, wanted, start)
    if quote is None or not alike(page, start, quote.of(page.raw)):
        return None
    off = min(abs(quote.start - wanted), abs(spoken_for(page, start).size(page, start, quote.start) - length))
    return End(*quote, NEAREST) if off <= window(length) else None


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
