"""What stands at the edges of a value: a longer word before its head, or prose behind one that was cut short.

A server or an excerpt stops in the middle of a value; what then follows is the end of the document, or prose. So no
more than the rest of its line is taken for an unfinished text.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

import regex

from pipeline.families.php_dump.damage import ARROW, BLANK_LINE, ELLIPSIS, QUOTE, SINGLE_QUOTE
from pipeline.families.php_dump.landmarks import Landmark
from pipeline.families.sentences import BETWEEN_SENTENCES
from pipeline.model import Page
from pipeline.patterns import lazy_compile

_TAG = rb"(?:<br ?/?>|</(?:p|pre|div)>)(?=[ \t\r\n]{0,64}(?:\n|\Z|<p>))"
"""A tag that ends a line, and does not stand within a text."""
LINE_STOP = lazy_compile(rb"[\r\n]|" + _TAG)
_STRUCTURE_STOP = lazy_compile(
    BLANK_LINE + rb"|(?:<br ?/?>[ \t\r\n]*){2}|</(?:p|pre|div)>(?=[ \t\r\n]{0,64}(?:\n|\Z|<p>))"
)
TAGS_TO_LINE_STOP = lazy_compile(rb"(?:[ \t]{0,8}(?:<br ?/?>|</?(?:p|pre|div)>)){1,8}+(?=[ \t]{0,8}(?:[\r\n]|\Z))")
"""Tags alone on the rest of a line go with what is cut before them."""

DOCUMENT_ENDS = "the document ends"
EXCERPT_ENDS = "an excerpt ends"
PROSE_FOLLOWS = "other text follows"
"""What is there where a value was cut short."""

LONGER_WORD = lazy_compile(rb"(?:[A-Za-z0-9_$\\]|->|::)\Z")


def is_part_of_a_word(raw: bytes, at: int) -> bool:
    """Whether the head at ``at`` is the end of a longer name, such as a method's.

    >>> is_part_of_a_word(b"$array (", 1), is_part_of_a_word(b"<pre>array (", 5)
    (True, False)
    """
    return LONGER_WORD.search(raw, max(0, at - 2), at) is not None


ARROW_BEFORE = lazy_compile(ARROW + rb"[ \t\r\n]*\Z")
ARROW_LONGEST = 1024


def is_member(raw: bytes, at: int) -> bool:
    """Whether the value at ``at`` stands behind an arrow, as a member of another one.

    >>> is_member(b"[boat] => Array", 10)
    True
    """
    return ARROW_BEFORE.search(raw, max(0, at - ARROW_LONGEST), at) is not None


QUOTE_BEFORE = lazy_compile(rb"(?:%b|%b)\Z" % (QUOTE, SINGLE_QUOTE))
QUOTE_AFTER = lazy_compile(rb"(?:%b|%b)" % (QUOTE, SINGLE_QUOTE))
QUOTE_LONGEST = 8


def is_quoted(raw: bytes, start: int, stop: int) -> bool:
    """Whether quotes stand directly before and behind a value.

    >>> is_quoted(b"'a:0:{}'", 1, 7), is_quoted(b"'a:0:{}", 1, 7)
    (True, False)
    """
    before = QUOTE_BEFORE.search(raw, max(0, start - QUOTE_LONGEST), start)
    return before is not None and QUOTE_AFTER.match(raw, stop) is not None


def unfinished_stop(page: Page, at: int, longest: int | None = None) -> int:
    r"""Return where an unfinished token ends that ``at`` lies in: at the end of its line.

    It is looked for in ``longest`` bytes, and taken to be behind them when it is not there.

    >>> unfinished_stop(Page(b"0 => 'wet quay\nWind."), 6)
    14
    """
    if longest is not None:
        return _stop(page, at, LINE_STOP, longest)
    lines = page.once(_lines)
    index = bisect_left(lines, (at,))
    return _behind_tags(page.raw, max(lines[index].text_stop, at)) if index < len(lines) else max(page.text_stop, at)


class _LineEnd(NamedTuple):
    """Where a line ends, and where its text does, without the blanks before that."""

    at: int
    text_stop: int


def _lines(raw: bytes) -> list[_LineEnd]:
    """Return every end of a line in a page: a line may hold thousands of values that each ask for its end."""
    ends: list[_LineEnd] = []
    begin = 0
    for found in LINE_STOP.finditer(raw, 0, len(raw.rstrip(b" \t\r\n"))):
        ends.append(_LineEnd(found.start(), begin + len(raw[begin : found.start()].rstrip(b" \t\r"))))
        begin = found.end()
    return ends


SENTENCE_BEGINS = lazy_compile(
    rb"[ \t]{1,8}(?:[\"'(\[]|\xe2\x80[\x98-\x9e]|\xc2[\xab\xbb]|&[a-z]{2,5};)?[A-Z\xc3-\xf4]"
)
"""How a sentence begins; of other scripts than Latin any letter."""
SENTENCE_ENDS = lazy_compile(
    rb"(?:[.!?]|\xd8\x9f|\xdb\x94|\xe3\x80\x82)(?:[\"')\]]|\xe2\x80[\x98-\x9e]|\xc2[\xab\xbb]|&[a-z]{2,5};){0,3}\Z"
)
SENTENCE_ENDS_LONGEST = 24
SENTENCE_LONGEST = 400
NUMBER = lazy_compile(rb"[ \t]{0,8}-?[0-9]{1,19}(?:\.[0-9]{1,64})?[ \t]{0,8}")
DOTS_IN_LINE = Landmark(lazy_compile(ELLIPSIS + rb"(?=[ \t]{1,64}+[^\s])"))


def cut_short_stop(page: Page, at: int, longest: int | None = None) -> int:
    r"""Return where an unfinished text ends that nothing is to follow: at the end of its line.

    Dots in the midst of the line may be those of an excerpt, and prose stand behind them; in the last line of the
    document they are taken for the text's own, unless whole sentences follow, or nothing but a number stands before.

    >>> page = Page(b"[0] => wet... Read on.\nWind.")
    >>> cut_short_stop(page, 7), unfinished_stop(page, 7)
    (13, 22)
    """
    stop = unfinished_stop(page, at, longest)
    dots = next((found for found in DOTS_IN_LINE.following(page, at) if found.stop < stop), None)
    if dots is None:
        return stop
    is_number = NUMBER.fullmatch(page.raw, at, dots.start) is not None
    if is_number or stop < page.text_stop or _is_sentence(page.raw, dots.stop, stop):
        return dots.stop
    return stop


def _is_sentence(raw: bytes, start: int, stop: int) -> bool:
    """Whether a text begins and ends as a sentence does."""
    if SENTENCE_BEGINS.match(raw, start, stop) is None:
        return False
    ends = SENTENCE_ENDS.search(raw, max(start, stop - SENTENCE_ENDS_LONGEST), stop)
    return ends is not None or BETWEEN_SENTENCES.search(raw, start, min(stop, start + SENTENCE_LONGEST)) is not None


def structure_stop(page: Page, at: int, longest: int) -> int:
    r"""Return where a paragraph ends; what stands before must then be proven to be structure, for it may be prose.

    >>> structure_stop(Page(b"'a' =>\n  arr\n\nWind."), 4, 99)
    12
    """
    return _stop(page, at, _STRUCTURE_STOP, longest)


def _stop(page: Page, at: int, pattern: regex.Pattern[bytes], longest: int | None) -> int:
    limit = page.text_stop if longest is None else min(at + longest, page.text_stop)
    found = pattern.search(page.raw, at, limit)
    if found is None:
        return max(limit, at)
    return _behind_tags(page.raw, at + len(page.raw[at : found.start()].rstrip(b" \t\r")))


def _behind_tags(raw: bytes, stop: int) -> int:
    tags = TAGS_TO_LINE_STOP.match(raw, stop)
    return tags.end() if tags else stop


BARRIER = Landmark(
    lazy_compile(
        rb"</?(?:p|pre|div)>|<br ?/?>\s{0,8}<br|[\r\n][ \t]{0,8}(?:[aOCs]:[0-9]|Array[ \t]{0,8}[\r\n]|NULL\b"
        rb"|(?:\(object\) )?(?:string|array|object|int|float|bool|enum|resource) ?\()"
    )
)
"""The tag of a paragraph, or the head of another value at the start of a line."""


DOTS_BEFORE_LINE = Landmark(lazy_compile(ELLIPSIS + rb"(?=[ \t]{0,8}(?:<br ?/?>)?\r?\n[ \t]{0,64}+[^\s])"))
"""Dots at the end of a line that is not the last: those of an excerpt, and prose stands below."""


def has_last_paragraph(page: Page, at: int) -> bool:
    r"""Whether a text that begins at ``at`` may have all that is left of the document: no paragraph, no value follows.

    >>> [has_last_paragraph(Page(text), 5) for text in (b"s:9:\"one\ntwo", b"s:9:\"one\n\ntwo", b"s:9:\"one\nNULL")]
    [True, False, False]
    """
    if page.last_paragraph_break >= at or BARRIER.following(page, at):
        return False
    return not DOTS_BEFORE_LINE.following(page, at)


ELLIPSIS_AT_STOP = lazy_compile(rb"[ \t]{0,8}%b\Z" % ELLIPSIS)
ELLIPSIS_LONGEST = 24


def without_ellipsis(raw: bytes, stop: int) -> int:
    r"""Return where the text ends that stops at ``stop``, without the ellipsis an excerpt put behind it.

    >>> without_ellipsis(b"Rain fell ...", 13)
    9
    """
    found = ELLIPSIS_AT_STOP.search(raw, max(0, stop - ELLIPSIS_LONGEST), stop)
    return found.start() if found else stop


def what_is_at(page: Page, stop: int) -> str:
    r"""Return what is there where a value was cut short that stops at ``stop``.

    >>> what_is_at(Page(b"[0] => wet...\n\nWind."), 13), what_is_at(Page(b"[0] => wet"), 10)
    ('an excerpt ends', 'the document ends')
    """
    if without_ellipsis(page.raw, stop) < stop:
        return EXCERPT_ENDS
    return DOCUMENT_ENDS if stop >= page.text_stop else PROSE_FOLLOWS


NEW_PARAGRAPH = lazy_compile(
    rb"(?:\n[ \t\r]{0,64}\n(?:[ \t\r]{0,64}\n){0,8}|(?:<[/a-z ]{1,8}>\s{0,8}+){1,4}+)(?![ \t'\"$/#)*\]}\\])"
)


def is_followed_by_prose(page: Page, at: int) -> bool:
    r"""Whether nothing or a new paragraph at the margin follows the white space at ``at``: no member, no code.

    >>> is_followed_by_prose(Page(b"0 => 1,\n\nWind."), 7), is_followed_by_prose(Page(b"0 => 1,\n\n  f(),"), 7)
    (True, False)
    """
    return at >= page.text_stop or NEW_PARAGRAPH.match(page.raw, at) is not None
