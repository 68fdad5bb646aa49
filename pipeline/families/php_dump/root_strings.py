"""Where does a string at the root end? It has no brace behind it and no count around it, but PHP ends its line.

A length in bytes is believed first, where what stands behind the quote fits. Where somebody changed the text, the
closing quotes that end a line are judged one by one (`line_ends`), and then the scales are tried in mid-line.
"""

from __future__ import annotations

import msgspec

from pipeline.families.embedded_json.scan import json_end
from pipeline.families.php_dump import tokens
from pipeline.families.php_dump.breaks import leads_on
from pipeline.families.php_dump.damage import QUOTE
from pipeline.families.php_dump.landmarks import Landmark
from pipeline.families.php_dump.line_ends import (
    ANOTHER,
    AT_LINE_STOP,
    BY_LINE,
    LINE_BREAK,
    LINE_SHARE,
    LINE_STOP,
    NEXT,
    Candidate,
    candidates,
    kind_of,
    overruns,
)
from pipeline.families.php_dump.prose_quotes import opened
from pipeline.families.php_dump.scales import SCALES, spoken_for
from pipeline.families.php_dump.strings import (
    End,
    alike,
    expected_stop,
    measured_end,
    measured_ends,
    nearest_end,
    window,
)
from pipeline.model import Page
from pipeline.nesting import too_deep
from pipeline.patterns import lazy_compile

AT_ROOT = Landmark(lazy_compile(rb"%b(?=%b)" % (QUOTE, tokens.AFTER_STRING)))
AFTER_JSON = Landmark(lazy_compile(rb"(?<=[}\]])%b(?=%b)" % (QUOTE, tokens.AFTER_STRING)))
JSON_AT_LINE_STOP = Landmark(lazy_compile(rb"(?<=[}\]])" + QUOTE + LINE_STOP))
AT_LINE_END = lazy_compile(LINE_STOP)
AFTER_STRING = lazy_compile(tokens.AFTER_STRING)
HEAD = Landmark(lazy_compile(rb"string\([0-9]{1,12}\)"))
BY_JSON = "the end of its JSON"
HEADS_MOST = 8
"""So many heads of strings at most stand in a text that is tried as JSON."""
JSON_ENDS_MOST = 12
"""So many quotes behind the bracket of JSON are judged."""
LINES_BEHIND_MOST = 4
"""So many quotes at the end of a line are looked at behind an exact end."""


def end_of_root(page: Page, at: int, start: int, length: int) -> End | None:
    """Return where a string at the root ends; None where nothing proves an end.

    Args:
        page: The document.
        at: Where its head begins.
        start: First byte of the payload.
        length: How many bytes it declares.
    """
    exact = _exact(page, start, length)
    if exact and _is_believed(page, start, exact):
        return exact
    if tokens.JSON_START.match(page.raw, start) and (end := _end_of_json(page, start, length)):
        return end
    proven = [found for found in candidates(page, at, start, length) if found.is_proven]
    best = min(proven, key=Candidate.rank, default=None)
    if best and best.explained:
        return best.end
    measured = _end_on_a_scale(page, start, length)
    if measured and not (best and NEXT.count(page, start, measured.payload_stop)):
        return measured
    if best:
        return best.end
    return _in_line(page, start, length) or (exact if exact and not _is_within_prose(page, start, exact) else None)


def _end_on_a_scale(page: Page, start: int, length: int) -> End | None:
    """Return the first end that a scale leads to and that nothing behind it speaks against."""
    for end in measured_ends(page, start, length, AT_ROOT):
        if AT_LINE_END.match(page.raw, end.stop) and not overruns(page, start, end.payload_stop):
            return end
        if not leads_on(page, start, end.payload_stop) and not _is_within_prose(page, start, end):
            return end
    return None


def _end_of_json(page: Page, start: int, length: int) -> End | None:
    """Return where a list or an object in JSON ends: at a bracket, however its own quotes were changed."""
    measured = measured_end(page, start, length, AFTER_JSON)
    if measured and AT_LINE_END.match(page.raw, measured.stop):
        return measured
    wanted, limit = expected_stop(page, start, length), _another(page, start)
    ends = [
        quote
        for quote in JSON_AT_LINE_STOP.following(page, start, JSON_ENDS_MOST)
        if quote.start <= limit and alike(page, start, quote.of(page.raw))
    ]
    nearest = min(ends, key=lambda quote: abs(quote.start - wanted), default=None)
    if nearest and (abs(nearest.start - wanted) <= window(length) or _is_json(page, start, nearest.start)):
        return End(*nearest, BY_LINE)
    if measured:
        return measured
    document = json_end(page.raw, start)
    if document.complete and HEAD.count(page, start, document.stop) <= HEADS_MOST:
        return _quote_behind(page, start, document.stop)  # whatever length and text behind it say
    return nearest_end(page, start, length, AFTER_JSON)


def _quote_behind(page: Page, start: int, stop: int) -> End | None:
    """Return the end of a string whose payload ends at ``stop``; None when no quote like the opening one is there."""
    quote = tokens.ANY_QUOTE.match(page.raw, stop)
    return End(stop, quote.end(), BY_JSON) if quote and alike(page, start, quote[0]) else None


def _another(page: Page, start: int) -> int:
    """Return where a line begins behind a byte that begins with the head of a dump; else the end of the page."""
    return next((head.start for head in ANOTHER.following(page, start)), len(page.raw))


def _exact(page: Page, start: int, length: int) -> End | None:
    stop = start + length
    if page.raw.startswith(b'"', stop) and page.raw.startswith(b'"', start - 1):  # as PHP prints it
        return End(stop, stop + 1)
    quote = tokens.ANY_QUOTE.match(page.raw, stop) if stop < len(page.raw) else None
    return End(stop, quote.end()) if quote and alike(page, start, quote[0]) else None


def _is_believed(page: Page, start: int, exact: End) -> bool:
    """Whether an exact end is believed: a line ends there, or nothing speaks for another end before it."""
    raw, stop = page.raw, exact.payload_stop
    if _is_json(page, start, stop):
        return True
    if tokens.JSON_START.match(raw, start) and nearest_end(page, start, stop - start, JSON_AT_LINE_STOP):
        return False
    if AT_LINE_END.match(raw, exact.stop):
        return not overruns(page, start, exact.payload_stop)
    if not raw.startswith(b'"', start - 1):
        return False  # its quotes were changed, and so was what a length counts
    fits = AFTER_STRING.match(raw, exact.stop) is not None and not ANOTHER.count(page, start, stop)
    return fits and not _is_within_prose(page, start, exact) and not _fits_behind(page, start, exact)


def _fits_behind(page: Page, start: int, exact: End) -> bool:
    """Whether the length fits on a scale as well at the end of a line behind, whose quote no prose there opens."""
    length, kind = exact.payload_stop - start, kind_of(page, start)
    return any(
        any(scale.size(page, start, quote.start) == length for scale in SCALES)
        and opened(page, kind, exact.stop, quote.start) == "no"
        for quote in AT_LINE_STOP.following(page, exact.stop, LINES_BEHIND_MOST)
    )


def _is_within_prose(page: Page, start: int, end: End) -> bool:
    """Whether a text of several lines ends in the midst of one: where lines are left, PHP's own behind a dump is."""
    goes_on = tokens.GOES_ON.match(page.raw, end.stop) is not None
    return goes_on and LINE_BREAK.count(page, start, end.payload_stop) > 0


def _in_line(page: Page, start: int, length: int) -> End | None:
    """Return the first quote behind a string in mid-line, where it is near enough to the length to be its end."""
    quotes = AT_ROOT.following(page, start)
    if not quotes or not alike(page, start, quotes[0].of(page.raw)):
        return None
    stop = quotes[0].start
    lacking = length - spoken_for(page, start).size(page, start, stop)
    fits = 0 <= lacking * LINE_SHARE <= length and not kind_of(page, start).count(page, start, stop)
    return End(*quotes[0], BY_LINE) if fits and not LINE_BREAK.count(page, start, stop) else None


def _is_json(page: Page, start: int, stop: int) -> bool:
    """Whether a text is JSON; one with many heads is not looked at, so that no byte is looked at for many of them."""
    # Nearly always: a single byte is found as fast as memory is read, and a longer text is not.
    holds_none = page.raw.find(b"(", start, stop) < 0 or page.raw.find(b"string(", start, stop) < 0
    return (holds_none or HEAD.count(page, start, stop) <= HEADS_MOST) and is_json(page.raw[start:stop])


def is_json(text: bytes) -> bool:
    """Whether a text is a list or an object in JSON.

    >>> is_json(b'[{"id": 1}]'), is_json(b"12")
    (True, False)
    """
    if not text.startswith((b"[", b"{")) or too_deep(text):
        return False
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True
