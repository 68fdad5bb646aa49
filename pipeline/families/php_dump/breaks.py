"""Where does a value end that was cut short, so that no prose behind it goes with it?

The document ends, or an excerpt puts dots and prose follows. Of an unfinished token no more is taken than can be told:
the rest of its line where it is the beginning of a token, the rest of its paragraph where it is a string and the
dump has paragraphs of its own, and what stands before dots. Else the cut ends behind the last token that is whole,
if its line ends there too.
"""

from __future__ import annotations

from typing import NamedTuple

from pipeline.families.php_dump import tokens
from pipeline.families.php_dump.damage import BLANK_LINE, QUOTE
from pipeline.families.php_dump.edges import DOCUMENT_ENDS, EXCERPT_ENDS, PROSE_FOLLOWS
from pipeline.families.php_dump.landmarks import Landmark
from pipeline.families.php_dump.strings import farthest
from pipeline.model import Page, Span
from pipeline.patterns import lazy_compile

LINE_STOP = Landmark(lazy_compile(rb"(?<![ \t])[ \t]*+(?:[\r\n]|<br ?/?>|</p>)"))
PLAIN_LINE_STOP = Landmark(lazy_compile(rb"(?<![ \t])[ \t]*+(?:[\r\n]|(?:<br ?/?>|</p>)[ \t]{0,64}+(?:[\r\n]|\Z))"))
PARAGRAPH_STOP = Landmark(lazy_compile(rb"(?<![ \t])[ \t]*+(?:\r?\n[ \t\r]*+\n|\r[ \t]*+\r)"))
DOTS = Landmark(tokens.ANY_DOTS)
CLOSING = Landmark(tokens.CLOSED)
OPENING_BRACE = Landmark(lazy_compile(rb"\{"))
CLOSING_BRACE = Landmark(lazy_compile(rb"\}"))
ROOT_HEAD = Landmark(
    lazy_compile(
        rb"(?<![A-Za-z0-9_$\\])(?:array\([0-9]{1,9}\)|object\([^()\s]{1,512}\)#[0-9]"
        rb"|string\([0-9]{1,12}\)[ \t]?%b)" % QUOTE
    )
)
REST_OF_LINE = lazy_compile(rb"[ \t]*(?:[\r\n]|<br ?/?>|</p>|\Z)")
BLANK_LINE_AFTER = lazy_compile(rb"[ \t]*(?:\n[ \t\r]*\n|\r\n[ \t]*\r\n|\Z)")
BLANK_LINE_BEFORE = lazy_compile(rb"(?:%b|\A)[ \t\r\n]*(?:<p>)?\Z" % BLANK_LINE)
LINE_BEFORE = lazy_compile(rb"(?:\A|[\r\n])[ \t]*(?:<p(?:re)?>)?\Z")
BEFORE_LONGEST = 64
TAGS_AT_LINE_STOP = (b"<br>", b"/>", b"</p>")
LINE_BEFORE_LONGEST = 640
_WORD = rb"[^\s]{0,128}+"
_INTEGER_BEGUN = rb"-?[0-9]{0,19}+(?:\](?:=(?:>|&g?t?;?)?)?)?"
KEY_BEGUN = lazy_compile(rb"\[(?:%b|(?:&[a-z#0-9]{0,5}|%b)%b(?: %b){0,2})" % (_INTEGER_BEGUN, QUOTE, _WORD, _WORD))
KEY_BEGUN_IN_LINE = lazy_compile(rb"\[(?:%b|(?:&[a-z#0-9]{0,5}|%b)%b)" % (_INTEGER_BEGUN, QUOTE, _WORD))
HEADS_MOST = 64
"""How many strings are stepped over in what may be a key or a payload."""
KEY_BEGUN_LONGEST = 256
KEY_BEFORE_DOTS = lazy_compile(rb"\[(?:\"|&(?:quot|#0?34);|\xe2\x80[\x9c\x9d])[^\r\n]{1,256}")
"""A key that an excerpt ends in, with which the document ends: no prose goes on behind it, and none begins so."""
INDENTED = lazy_compile(rb"\n(?:[ ]{2}){1,320}+\Z")
DOTS_LAST = lazy_compile(tokens.ANY_DOTS.pattern + rb"\Z")
DOTS_LONGEST = 16


class Break(NamedTuple):
    """Where a value breaks off.

    Attributes:
        stop: First byte that is not part of it.
        what: What is there, in words.
        at_end: Whether nothing but white space follows.
    """

    stop: int
    what: str
    at_end: bool = False


def broken_off(page: Page, sure: int, at: int) -> Break | None:
    """Return how a value breaks off where a token was expected; None when that cannot be told.

    Args:
        page: The document.
        sure: First byte after the last token that is whole.
        at: Where the next token ought to begin.

    >>> page = Page(b"array(2) { [0]=> int(1) [1]=> stri... Read on")
    >>> page.raw[: broken_off(page, 23, 30).stop].endswith(b"stri...")
    True
    """
    raw, text_stop = page.raw, page.text_stop
    if at >= text_stop:
        return Break(max(text_stop, sure), DOCUMENT_ENDS, at_end=True)
    line_stop = _first(LINE_STOP, page, at, text_stop).start
    dots = _first(DOTS, page, at, line_stop)
    begun = dots.start - raw.startswith(b" ", max(at, dots.start - 1))
    if (
        dots.start < line_stop
        and (begun <= at or _is_partial(raw, at, begun) or _is_key_before_last_dots(page, at, dots, begun))
        and not _opens_prose(raw, sure, dots, line_stop)
    ):
        return Break(dots.stop, EXCERPT_ENDS, at_end=dots.stop >= text_stop)
    if line_stop >= text_stop and _is_partial(raw, at, text_stop):
        return Break(text_stop, DOCUMENT_ENDS, at_end=True)
    if BLANK_LINE_AFTER.match(raw, line_stop) and _is_partial(raw, at, line_stop):
        return Break(line_stop, PROSE_FOLLOWS)
    return _behind(page, sure)


def _is_key_before_last_dots(page: Page, at: int, dots: Span, begun: int) -> bool:
    """Whether a line at its indent, the last of the document, is a key of any words that an excerpt's dots end."""
    if dots.stop < page.text_stop or INDENTED.search(page.raw, max(0, at - LINE_BEFORE_LONGEST), at) is None:
        return False
    return KEY_BEFORE_DOTS.fullmatch(page.raw, at, begun) is not None


def _opens_prose(raw: bytes, sure: int, dots: Span, line_stop: int) -> bool:
    """Whether dots begin a line that goes on behind them: it may be the first one of the prose."""
    between = raw[sure : dots.start]
    return b"\n" in between and not between.strip() and raw[dots.stop : line_stop].strip() != b""


def open_string(page: Page, start: int, sure: int, at: int, length: int) -> Break | None:
    """Return how a value breaks off inside a string; None when that cannot be told.

    Args:
        page: The document.
        start: First byte of the whole value.
        sure: First byte after the last token before the string's member that is whole.
        at: First byte of the payload.
        length: How many bytes it declares.
    """
    raw, text_stop = page.raw, page.text_stop
    if at >= text_stop:
        return Break(max(text_stop, at), DOCUMENT_ENDS, at_end=True)
    before = max(0, start - BEFORE_LONGEST)
    reach = farthest(page, at, length) + 1
    limit = min(text_stop, reach + DOTS_LONGEST)
    has_paragraphs = BLANK_LINE_BEFORE.search(raw, before, start) is not None
    has_paragraphs &= tokens.JSON_START.match(raw, at) is None  # what prints JSON breaks no lines
    # Where lines end without tags, one in the midst of a line is the text's own.
    line_stop = PLAIN_LINE_STOP if _has_plain_lines(raw, start, at) else LINE_STOP
    stop = _first(PARAGRAPH_STOP if has_paragraphs else line_stop, page, at, limit).start
    if stop == text_stop and raw.startswith(b"<p>", max(0, start - 3)) and raw.endswith(b"</p>", at, stop):
        stop -= len(b"</p>")  # it closes what stands before the value, and is no end of the text
    ended = min(stop, text_stop) < reach
    dots = _first(DOTS, page, at, stop)
    last = DOTS_LAST.search(raw, max(at, stop - DOTS_LONGEST), stop)
    if last and last.start() < reach:
        return Break(stop, EXCERPT_ENDS, at_end=stop >= text_stop)
    closed = _first(CLOSING, page, at, stop)
    if closed.start < stop and not tokens.JSON_START.match(raw, at):
        return None
    if dots.start < stop < text_stop:
        return Break(dots.stop, EXCERPT_ENDS)
    if ended and begins_line(page, start):
        return Break(stop, DOCUMENT_ENDS if stop >= text_stop else PROSE_FOLLOWS, at_end=stop >= text_stop)
    return Break(dots.stop, EXCERPT_ENDS) if dots.start < stop else _behind(page, sure)


def _has_plain_lines(raw: bytes, start: int, at: int) -> bool:
    """Whether the line of a value that ends before ``at`` has no tag for its end."""
    line = raw.rfind(b"\n", max(start, at - LINE_BEFORE_LONGEST), at)
    return line >= 0 and not raw[max(start, line - BEFORE_LONGEST) : line].rstrip().endswith(TAGS_AT_LINE_STOP)


def begins_line(page: Page, start: int) -> bool:
    """Whether nothing stands before a value on its line."""
    return LINE_BEFORE.search(page.raw, max(0, start - BEFORE_LONGEST), start) is not None


def has_its_line(page: Page, start: int, stop: int) -> bool:
    r"""Whether nothing else stands on the line of a value, tags apart that end one.

    >>> [has_its_line(Page(text), 0, 9) for text in (b"Array ( )\nRain.", b"Array ( ) is empty.")]
    [True, False]
    """
    return begins_line(page, start) and REST_OF_LINE.match(page.raw, stop) is not None


def leads_on(page: Page, at: int, stop: int) -> bool:
    """Whether what would be a key or a payload leads on into another dump: a head stands in it that is not closed.

    Where a value was cut short in it, the text behind is prose, and after it a later dump may hold what ends a key or
    a string. A string that holds a dump holds all of it.
    """
    if page.raw.find(b"(", at, stop) < 0:  # as in nearly every key and most payloads: no head is without one
        return False
    for _ in range(HEADS_MOST):
        head = _first(ROOT_HEAD, page, at, stop).start
        string = tokens.STRING_HEAD.match(page.raw, head) if head < stop else None
        if string is None:
            return OPENING_BRACE.count(page, head, stop) > CLOSING_BRACE.count(page, head, stop)
        at = string.end() + int(string[1])
        if at >= stop:
            return True
    return True


def _first(landmark: Landmark, page: Page, at: int, limit: int) -> Span:
    """Return the first place of a landmark in ``[at, limit)``, else the empty place at ``limit``."""
    return next((span for span in landmark.following(page, at) if span.start < limit), Span(limit, limit))


def _behind(page: Page, sure: int) -> Break | None:
    return Break(sure, PROSE_FOLLOWS) if REST_OF_LINE.match(page.raw, sure) else None


def _is_partial(raw: bytes, at: int, stop: int) -> bool:
    """Whether a token begins at ``at`` that would go on behind ``stop``.

    A key may hold blanks, and prose may follow it on its line, so of a key no more than a few words are believed.
    """
    if raw.startswith(b"[", at):
        alone = LINE_BEFORE.search(raw, max(0, at - BEFORE_LONGEST), at)
        begun = KEY_BEGUN if alone else KEY_BEGUN_IN_LINE
        return stop <= at + KEY_BEGUN_LONGEST and begun.fullmatch(raw, at, stop) is not None
    found = tokens.PARTIAL.match(raw, at, stop, partial=True)
    return found is not None and (found.partial or found.end() == stop)
