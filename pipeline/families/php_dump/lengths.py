"""Where may a string end whose declared length no longer fits? In order of how well each place fits.

Most damage makes a text shorter: white space is collapsed, tags, accents and NUL bytes go. What makes it longer can
nearly always be undone before counting (`strings`). So a place that is too near costs less than one too far.
"""

from __future__ import annotations

import html

from pipeline.families.php_dump.landmarks import Landmark
from pipeline.families.php_dump.strings import End, measured_end
from pipeline.families.php_dump.tokens import JSON_START
from pipeline.model import Page, Span
from pipeline.patterns import lazy_compile

SLACK_LEAST = 16
SLACK_SHARE = 2
"""A text may be too long by this many bytes, or by one part in so many; too short by all of it, where tags are gone."""
MOST_PLACES = 12
"""So many places behind the start of a string are looked at."""
EXCESS_COSTS = 4
"""One byte too many weighs as much as so many too few."""

NEAR = "the end that fits the length best"

BARRIER = Landmark(lazy_compile(rb"[\r\n][aOC]:[0-9]{1,9}:[{\"&\xe2\xc2]"))
"""The head of another value at the start of a line: no string whose length is not exact is taken to hold one."""
_CURLY_DOUBLE = lazy_compile("[“”„‟″‶«»]")
_CURLY_SINGLE = lazy_compile("[‘’‚‛′]")


def likely_ends(page: Page, start: int, length: int, closing: Landmark) -> list[End]:
    r"""Return where a string of ``length`` bytes may end, the likeliest first; empty when no place is near.

    >>> before_brace = Landmark(lazy_compile(rb'"(?=;\})'))
    >>> [end.payload_stop for end in likely_ends(Page(b'"wet  quay";}  "dry";}'), 1, 12, before_brace)]
    [10, 19]
    """
    measured = measured_end(page, start, length, closing)
    if measured and BARRIER.count(page, start, measured.payload_stop):
        measured = None
    slack = max(SLACK_LEAST, length // SLACK_SHARE)
    costs: list[tuple[int, Span]] = []
    sizes, position = [0, 0, 0], start
    for place in closing.following(page, start, MOST_PLACES):
        if place.start - start > 3 * (length + slack):
            break
        if BARRIER.count(page, position, place.start):
            break
        piece = page.raw[position : place.start]
        sizes = [size + more for size, more in zip(sizes, _sizes(piece), strict=True)]
        position = place.start
        cost, excess = min((_cost(size - length), size - length) for size in sizes)
        if excess <= slack:
            costs.append((cost, place))
    ends = [] if measured is None else [measured]
    for _, place in sorted(costs):
        if measured is None or place.start != measured.payload_stop:
            ends.append(End(*place, NEAR))
    if JSON_START.match(page.raw, start):
        brackets = [end for end in ends if page.raw.startswith((b"]", b"}"), end.payload_stop - 1)]
        return brackets or ends
    return ends


def has_end_within(page: Page, start: int, stop: int, closing: Landmark) -> bool:
    """Whether a string that begins at ``start`` may end before ``stop``, whatever its length.

    >>> has_end_within(Page(b'"quay";}'), 1, 8, Landmark(lazy_compile(rb'"(?=;)')))
    True
    """
    places = closing.following(page, start)
    return bool(places) and places[0].start < stop


def _cost(excess: int) -> int:
    return EXCESS_COSTS * excess if excess > 0 else -excess


def _sizes(piece: bytes) -> tuple[int, int, int]:
    """Return how long a text is in bytes, in bytes as they were typed, and in code points."""
    if piece.isascii() and b"&" not in piece:
        return (len(piece),) * 3
    text = piece.decode("utf-8", "replace")
    typed = _CURLY_SINGLE.sub("'", _CURLY_DOUBLE.sub('"', html.unescape(text)))
    return len(piece), len(typed.encode("utf-8", "replace")), len(text)
