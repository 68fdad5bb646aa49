"""Where does a string at the root end? It has no brace behind it and no count around it, but PHP ends its line.

A length in bytes is believed first, where what stands behind the quote fits. Where somebody changed the text, the
closing quotes that end a line are judged one by one (:class:`_Candidate`): does a scale explain the length there, is
the line the last of its paragraph, and could the quote be one of prose instead? Prose opens what it closes. So a
quote with none of its kind before it, back to the head, is no quote of prose that follows a dump cut short.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from pipeline.families.php_dump import tokens
from pipeline.families.php_dump.breaks import PARAGRAPH_STOP, begins_line, leads_on
from pipeline.families.php_dump.damage import QUOTE
from pipeline.families.php_dump.edges import DOTS_BEFORE_LINE
from pipeline.families.php_dump.landmarks import Landmark
from pipeline.families.php_dump.scales import LINE_ENDS, MADE_CURLY, RANGES, SCALES, is_plain, spoken_for
from pipeline.families.php_dump.strings import (
    WINDOW_SHARE,
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
_LINE_STOP = rb"(?=(?:</p>|<br ?/?>)?[ \t]{0,64}+(?:[\r\n]|\Z))"
AT_LINE_STOP = Landmark(lazy_compile(QUOTE + _LINE_STOP))
JSON_AT_LINE_STOP = Landmark(lazy_compile(rb"(?<=[}\]])" + QUOTE + _LINE_STOP))
LINE_STOP = lazy_compile(_LINE_STOP)
AFTER_STRING = lazy_compile(tokens.AFTER_STRING)
ANOTHER = Landmark(
    lazy_compile(
        rb"[\r\n][ \t]{0,8}(?:<p>)?(?:string\([0-9]{1,12}\)|array\([0-9]{1,9}\)|object\([^()\s]{1,512}\)#[0-9])"
    )
)
"""The head of another dump at the start of a line: no string whose length is not exact is taken to hold one."""
NEXT = Landmark(
    lazy_compile(
        rb"%b(?:</p>|<br ?/?>)?[ \t]{0,8}\r?\n[ \t]{0,8}(?:<p>)?string\([0-9]{1,12}\)[ \t]?%b" % (QUOTE, QUOTE)
    )
)
"""The end of a string and the head of the next."""
ALONE_BEHIND = lazy_compile(
    rb"(?:</p>|<br ?/?>)?[ \t\r]*"
    rb"(?:\Z|\n[ \t\r]*(?:\n|\Z)|\n[ \t]{0,8}(?:<p>)?(?:(?:string|array|object|int|float|bool)\(|NULL\b))"
)
"""What ends a line that a string has alone: an end of the document or a paragraph, or the next dump."""
STRAIGHT = Landmark(lazy_compile(rb'"'))
ENTITY = Landmark(lazy_compile(rb"&(?:quot|#0?34|#x0?22);"))
CURLY = Landmark(lazy_compile(rb'(?!"|&(?:quot|#0?34|#x0?22);)' + QUOTE))
LINE_BREAK = Landmark(lazy_compile(rb"[\r\n]"))
PROSE_LINE = Landmark(
    lazy_compile(
        rb"[\r\n](?![ \t\r\n]{0,64}+(?:[\])}{]|\([ \t]{0,8}[\r\n]|\[(?:%b|-?[0-9]{1,19}\])|%b))"
        % (QUOTE, tokens.ROOT_HEAD)
    )
)
"""A line at which prose may begin: not with a bracket or a head, as in what a dump prints."""
HEAD = Landmark(lazy_compile(rb"string\([0-9]{1,12}\)"))
HEADS_MOST = 8
"""So many heads of strings at most stand in a text that is tried as JSON."""
CANDIDATES_MOST = 12
"""So many quotes at the end of a line are judged."""
QUOTES_MOST = 64
"""A text with so many quotes is not looked at further."""
LINE_SHORT = 24
LINE_SHARE = 8
"""A text may differ from its length by a third; one of less than 24 bytes, or in mid-line, by an eighth."""
LOST_SHARE = 2, 3
"""A text may have lost two thirds where no other end is possible."""
LOST_SHARE_ALONE = 4, 5
"""Or four fifths, where it is all of a paragraph of one line and holds no quote: a prose that ends there opened one."""
LOST_ALONE, LOST_IN_LINE = 64, 32
"""Or so many bytes, where the dump has its line to itself or not: the tags that stood around a word."""
SURE = {LINE_ENDS.name, *(scale.name for scale in SCALES)}
"""What explains a length so narrowly that chance does not."""
BY_LINE = "the end of its line"


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
    candidates = [found for found in _candidates(page, at, start, length) if found.is_proven]
    best = min(candidates, key=_Candidate.rank, default=None)
    if best and best.explained:
        return best.end
    if measured := _end_on_a_scale(page, start, length):
        return measured
    if best:
        return best.end
    return _in_line(page, start, length) or (exact if exact and not _is_within_prose(page, start, exact) else None)


def _end_on_a_scale(page: Page, start: int, length: int) -> End | None:
    """Return the first end that a scale leads to and that nothing behind it speaks against."""
    for end in measured_ends(page, start, length, AT_ROOT):
        if LINE_STOP.match(page.raw, end.stop) and not overruns(page, start, end):
            return end
        if not leads_on(page, start, end.payload_stop) and not _is_within_prose(page, start, end):
            return end
    return None


def _end_of_json(page: Page, start: int, length: int) -> End | None:
    """Return where a list or an object in JSON ends: at a bracket, however its own quotes were changed."""
    measured = measured_end(page, start, length, AFTER_JSON)
    if measured and LINE_STOP.match(page.raw, measured.stop):
        return measured
    wanted, limit = expected_stop(page, start, length), _another(page, start)
    ends = [
        quote
        for quote in JSON_AT_LINE_STOP.following(page, start, CANDIDATES_MOST)
        if quote.start <= limit and alike(page, start, quote.of(page.raw))
    ]
    nearest = min(ends, key=lambda quote: abs(quote.start - wanted), default=None)
    if nearest and (abs(nearest.start - wanted) <= window(length) or _is_json(page, start, nearest.start)):
        return End(*nearest, BY_LINE)
    return measured or nearest_end(page, start, length, AFTER_JSON)


def _another(page: Page, start: int) -> int:
    """Return where a line begins behind a byte that begins with the head of a dump; else the end of the page."""
    return next((head.start for head in ANOTHER.following(page, start)), len(page.raw))


def _exact(page: Page, start: int, length: int) -> End | None:
    stop = start + length
    quote = tokens.ANY_QUOTE.match(page.raw, stop) if stop < len(page.raw) else None
    return End(stop, quote.end()) if quote and alike(page, start, quote[0]) else None


def _is_believed(page: Page, start: int, exact: End) -> bool:
    """Whether an exact end is believed: a line ends there, or nothing speaks for another end before it."""
    raw, stop = page.raw, exact.payload_stop
    if _is_json(page, start, stop):
        return True
    if tokens.JSON_START.match(raw, start) and nearest_end(page, start, stop - start, JSON_AT_LINE_STOP):
        return False
    if LINE_STOP.match(raw, exact.stop):
        return not overruns(page, start, exact)
    if not raw.startswith(b'"', start - 1):
        return False  # its quotes were changed, and so was what a length counts
    fits = AFTER_STRING.match(raw, exact.stop) is not None and not ANOTHER.count(page, start, stop)
    return fits and not _is_within_prose(page, start, exact)


def _is_within_prose(page: Page, start: int, end: End) -> bool:
    """Whether a text of several lines ends in the midst of one: where lines are left, PHP's own behind a dump is."""
    goes_on = tokens.GOES_ON.match(page.raw, end.stop) is not None
    return goes_on and LINE_BREAK.count(page, start, end.payload_stop) > 0


def overruns(page: Page, start: int, end: End) -> bool:
    """Whether a string that ends there would hold the end of a line, the head behind it, and less than that declares.

    So a dump looks that lost as many bytes as the next one, or what it has of it, is long.
    """
    stop = end.payload_stop
    return NEXT.count(page, start, stop) > 0 and leads_on(page, start, stop)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A closing quote at the end of a line, and what speaks for it.

    Attributes:
        end: The end it makes.
        length: How many bytes are declared.
        excess: How many more stand there, on the scale that the opening quote speaks for.
        explained: What accounts for the length exactly: a scale or a range; empty when nothing does.
        alone: Whether the paragraph or the document ends there, or another dump begins.
        begins: Whether the head begins its line.
        lines: Whether the text has several lines.
        paragraphs: Whether it has several paragraphs.
        quotes: How many of its kind stand before it.
        unopened: Whether it closes nothing that prose opened, at whatever line prose may have begun.
        leads_on: Whether the text would hold the head of a dump and less than that declares.
    """

    end: End
    length: int
    excess: int
    explained: str
    alone: bool
    begins: bool
    lines: bool
    paragraphs: bool
    quotes: int
    unopened: bool
    leads_on: bool

    @property
    def is_proven(self) -> bool:
        """Whether nothing else can be meant."""
        if not self.unopened:
            if self.paragraphs or not (self.explained or self.alone):
                return False
            return self.explained in SURE or (self.alone and (bool(self.explained) or self._is_near))
        if not self.quotes and self.excess <= 0:
            has_its_line = self.alone and self.begins
            share = LOST_SHARE_ALONE if has_its_line and not self.lines else LOST_SHARE
            return self._has_lost(LOST_ALONE if has_its_line else LOST_IN_LINE, share)
        if self.explained:
            return True
        if self.alone and self.begins and self.excess <= 0:
            return self._has_lost(0)
        return self._is_near

    @property
    def _is_near(self) -> bool:
        """Whether the text is about as long as declared."""
        shrunk = self.alone and self.excess <= 0
        share = LINE_SHARE if self.length < LINE_SHORT and not shrunk else WINDOW_SHARE
        return not self.leads_on and abs(self.excess) * share <= self.length

    def _has_lost(self, least: int, share: tuple[int, int] = LOST_SHARE) -> bool:
        """Whether the text lacks no more than damage takes: so many bytes at least, or a share."""
        return -self.excess <= max(least, self.length * share[0] // share[1])

    def rank(self) -> tuple[bool, bool, int]:
        """Return what the likeliest has least of."""
        return not self.explained, not self.alone, abs(self.excess)


def _candidates(page: Page, at: int, start: int, length: int) -> Iterator[_Candidate]:
    raw, scale = page.raw, spoken_for(page, start)
    kind = _kind(page, start)
    another = _another(page, start)
    begins = begins_line(page, at)
    is_json = tokens.JSON_START.match(raw, start) is not None
    for quote in AT_LINE_STOP.following(page, start, CANDIDATES_MOST):
        quotes = kind.count(page, start, quote.start)
        if quote.start > another and quotes:
            break
        if not alike(page, start, quote.of(raw)):
            continue
        excess = scale.size(page, start, quote.start) - length
        explained = _explanation(page, start, quote.start, length)
        if not explained and (excess > window(length) or DOTS_BEFORE_LINE.count(page, start, quote.start)):
            break
        if not explained and is_json and not raw.startswith((b"]", b"}"), quote.start - 1):
            continue  # JSON is closed where it ends
        yield _Candidate(
            End(*quote, explained or BY_LINE),
            length,
            excess,
            explained,
            alone=ALONE_BEHIND.match(raw, quote.stop) is not None,
            begins=begins,
            lines=LINE_BREAK.count(page, start, quote.start) > 0,
            paragraphs=PARAGRAPH_STOP.count(page, start, quote.start) > 0,
            quotes=quotes,
            unopened=_is_unopened(page, kind, start, quote.start),
            leads_on=leads_on(page, start, quote.start),
        )


def _kind(page: Page, start: int) -> Landmark:
    """Return the quotes of the kind that opens a string: straight, its entity, or curly."""
    if page.raw.startswith(b'"', start - 1):
        return STRAIGHT
    return ENTITY if is_plain(page, start) else CURLY


def _is_unopened(page: Page, kind: Landmark, start: int, stop: int) -> bool:
    """Whether prose that begins at any line behind ``start`` opens all its quotes again that it closes before ``stop``.

    A dump may break off at the end of a line, and prose with quotes of its own follow. Then there is one more quote to
    be closed from where the prose begins, and the one at ``stop`` closes it.
    """
    first = next((place.stop for place in PROSE_LINE.following(page, start) if place.start < stop), stop)
    quotes = [place.start for place in kind.following(page, first, QUOTES_MOST) if place.start < stop]
    if len(quotes) % 2 or len(quotes) == QUOTES_MOST:
        return False
    pairs = zip(quotes[::2], quotes[1::2], strict=True)
    return not any(PROSE_LINE.count(page, opening, closing) for opening, closing in pairs)


def _explanation(page: Page, start: int, stop: int, length: int) -> str:
    """Return the scale or the range on which a text is as long as declared; empty when there is none."""
    for scale in SCALES:
        if scale.size(page, start, stop) == length:
            return scale.name
    ranges = RANGES if is_plain(page, start) else (MADE_CURLY, *RANGES)
    return next((found.name for found in ranges if found.holds(page, start, stop, length)), "")


def _in_line(page: Page, start: int, length: int) -> End | None:
    """Return the first quote behind a string in mid-line, where it is near enough to the length to be its end."""
    quotes = AT_ROOT.following(page, start)
    if not quotes or not alike(page, start, quotes[0].of(page.raw)):
        return None
    stop = quotes[0].start
    lacking = length - spoken_for(page, start).size(page, start, stop)
    fits = 0 <= lacking * LINE_SHARE <= length and not _kind(page, start).count(page, start, stop)
    return End(*quotes[0], BY_LINE) if fits and not LINE_BREAK.count(page, start, stop) else None


def _is_json(page: Page, start: int, stop: int) -> bool:
    """Whether a text is JSON; one with many heads is not looked at, so that no byte is looked at for many of them."""
    holds_none = page.raw.find(b"string(", start, stop) < 0  # as nearly always; the search halts at the next head
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
