"""Which of the closing quotes that end a line may end a string at the root? Each is judged by itself.

Does a scale explain the length there, is the line the last of its paragraph, and could the quote be one of prose
instead? Prose opens what it closes. So a quote that no prose below the head can have opened is no quote of prose that
follows a dump cut short.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pipeline.families.php_dump import tokens
from pipeline.families.php_dump.breaks import PARAGRAPH_STOP, begins_line, leads_on
from pipeline.families.php_dump.damage import QUOTE
from pipeline.families.php_dump.edges import DOTS_BEFORE_LINE
from pipeline.families.php_dump.landmarks import Landmark
from pipeline.families.php_dump.prose_quotes import QUOTES_MOST, Opened, opened
from pipeline.families.php_dump.scales import LINE_ENDS, MADE_CURLY, RANGES, SCALES, is_plain, spoken_for
from pipeline.families.php_dump.strings import WINDOW_SHARE, End, alike, window
from pipeline.model import Page
from pipeline.patterns import lazy_compile

LINE_STOP = rb"(?=(?:</p>|<br ?/?>)?[ \t]{0,64}+(?:[\r\n]|\Z))"
AT_LINE_STOP = Landmark(lazy_compile(QUOTE + LINE_STOP))
ANOTHER = Landmark(
    lazy_compile(
        rb"[\r\n][ \t]{0,8}(?:<p>)?(?:string\([0-9]{1,12}\)|array\([0-9]{1,9}\)|object\([^()\s]{1,512}\)#[0-9])"
    )
)
"""The head of another dump at the start of a line: no string whose length nothing explains is taken to hold one."""
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
STRING = Landmark(tokens.STRING_HEAD)
OPENS_STRING = lazy_compile(rb"string\([0-9]{1,12}\)[ \t]?\Z")
"""What stands before the opening quote of another string."""
HEAD_LONGEST = 24
CANDIDATES_MOST = 12
"""So many quotes at the end of a line are judged."""
LINE_SHORT = 24
LINE_SHARE = 8
"""A text may differ from its length by a third; one of less than 24 bytes, or in mid-line, by an eighth."""
LOST_SHARE = 2, 3
"""A text may have lost two thirds where no other end is possible."""
LOST_SHARE_IN_LINE = 4, 5
"""Or four fifths, where it has one line and prose that ends there would have opened a quote in it."""
LOST_ALONE, LOST_AMONG_LINES = 64, 32
"""Or so many bytes, where the dump has its line to itself or not: the tags that stood around a word."""
SURE = {LINE_ENDS.name, *(scale.name for scale in SCALES)}
"""What explains a length so narrowly that chance does not."""
BY_LINE = "the end of its line"


def overruns(page: Page, start: int, stop: int) -> bool:
    """Whether a string that ends there would hold the end of a line, the head behind it, and less than that declares.

    So a dump looks that lost as many bytes as the next one, or what it has of it, is long.
    """
    return NEXT.count(page, start, stop) > 0 and leads_on(page, start, stop)


class Candidate(Struct, frozen=True):
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
        unopened: Whether it closes nothing that prose opened, at whatever line prose may have begun, quotes counted.
        opened: Whether prose behind the head opens what it closes, by what can open and close.
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
    opened: Opened
    leads_on: bool

    @property
    def is_proven(self) -> bool:
        """Whether nothing else can be meant."""
        if not self.unopened and self.opened != "no":
            return self._is_proven_though_opened
        has_its_line = self.alone and self.begins
        if self.excess <= 0 and self.opened == "no" and not self.lines:
            return self._has_lost(LOST_ALONE, LOST_SHARE_IN_LINE)
        if self.excess <= 0 and not self.quotes:
            return self._has_lost(LOST_ALONE if has_its_line else LOST_AMONG_LINES)
        if self.explained:
            return True
        if has_its_line and self.excess <= 0 and not self.paragraphs:
            return self._has_lost(0)
        return self._is_near

    @property
    def _is_proven_though_opened(self) -> bool:
        """Whether nothing else can be meant, though prose below the head may have opened the quote."""
        if self.paragraphs or not (self.explained or self.alone):
            return False
        if self.explained in SURE:
            return True
        return self.alone and self.opened == "perhaps" and (bool(self.explained) or self._is_near)

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


def candidates(page: Page, at: int, start: int, length: int) -> Iterator[Candidate]:
    """Yield the closing quotes at the end of a line that may end a string whose head begins at ``at``."""
    raw, scale = page.raw, spoken_for(page, start)
    kind = kind_of(page, start)
    another = ANOTHER.following(page, start)
    limit = another[0].start if another else len(raw)
    begins = begins_line(page, at)
    is_json = tokens.JSON_START.match(raw, start) is not None
    for quote in AT_LINE_STOP.following(page, start, CANDIDATES_MOST):
        quotes = kind.count(page, start, quote.start)
        is_far = quote.start > limit and quotes > 0
        explained = explanation(page, start, quote.start, length)
        if is_far and (not explained or leads_on(page, start, quote.start) or _ends_another(page, start, quote.start)):
            break
        if not alike(page, start, quote.of(raw)):
            continue
        excess = scale.size(page, start, quote.start) - length
        if not explained and (excess > window(length) or DOTS_BEFORE_LINE.count(page, start, quote.start)):
            break
        if not explained and is_json and not raw.startswith((b"]", b"}"), quote.start - 1):
            continue  # JSON is closed where it ends
        if not explained and OPENS_STRING.search(raw, max(start, quote.start - HEAD_LONGEST), quote.start):
            continue
        if overruns(page, start, quote.start):
            continue
        yield Candidate(
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
            opened=opened(page, kind, start, quote.start) if quotes else "no",
            leads_on=leads_on(page, start, quote.start),
        )


def kind_of(page: Page, start: int) -> Landmark:
    """Return the quotes of the kind that opens a string: straight, its entity, or curly."""
    if page.raw.startswith(b'"', start - 1):
        return STRAIGHT
    return ENTITY if is_plain(page, start) else CURLY


def explanation(page: Page, start: int, stop: int, length: int) -> str:
    """Return the scale or the range on which a text is as long as declared; empty when there is none."""
    for scale in SCALES:
        if scale.size(page, start, stop) == length:
            return scale.name
    ranges = RANGES if is_plain(page, start) else (MADE_CURLY, *RANGES)
    return next((found.name for found in ranges if found.holds(page, start, stop, length)), "")


def _ends_another(page: Page, start: int, stop: int) -> bool:
    """Whether the last head of a string before ``stop`` explains the quote there as well: then it may be that one's."""
    for found in STRING.preceding(page, stop, start):
        head = tokens.STRING_HEAD.match(page.raw, found.start)
        if head and explanation(page, found.stop, stop, int(head[1])):
            return True
    return False


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
