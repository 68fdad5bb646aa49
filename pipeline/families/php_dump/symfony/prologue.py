"""The script and the style sheet that VarDumper prints once before its first HTML dump, each in one long line."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.families.php_dump.cursor import ELLIPSIS, ELLIPSIS_LONGEST
from pipeline.families.php_dump.last_line import MARK_SIZE, before_text
from pipeline.families.php_dump.symfony import tokens
from pipeline.families.php_dump.view import View
from pipeline.families.sentences import ends_sentence
from pipeline.patterns import lazy_compile

_SIGN = rb"\s\[\]{}()=<>;$:#|&+*/\\."
_WORD = rb"[^%b]{0,30}?[A-Za-z\x80-\xff][^%b]{0,30}" % (_SIGN, _SIGN)
_STOP = rb"[.!?][^\w\s]{0,8}"
_PROSE = lazy_compile(
    rb"(?:\A|\s)[^\s]{1,60} (?:%b) (?:%b)%b\s*\Z|%b {1,4}[A-Z][^\s]{0,30}(?: %b)?%b\s*\Z"
    % (_WORD, _WORD, _STOP, _STOP, _WORD, _STOP)
)
"""Words side by side before a full stop, or a short sentence behind another: code has signs between its words."""
_PLAIN = rb"(?!(?:function|if|return|new|var|in)\b)[A-Za-z\x80-\xff][A-Za-z'\x80-\xff]{0,30}"
_WORDS = lazy_compile(rb"[\s(\"'](?:%b) [\"'(]?(?:%b) [\"'(]?(?:%b)[\"')}]{0,2}\s*\Z" % (_PLAIN, _PLAIN, _PLAIN))
"""Three plain words side by side at the end, or before a mark, which is then that of the prose.

Code hardly ever has so many without a sign between them or a word of the language among them.
"""
_PROSE_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Prologue:
    """Where a prologue stands in a view.

    Attributes:
        start: Place where its script begins, tag included.
        stop: Place behind it.
        breaks_off: Whether the text breaks off in it, at the end or at the mark of an excerpt.
        closed: Whether nothing but a ``<pre>`` of VarDumper goes on with it: its style sheet's tag is closed, say.
    """

    start: int
    stop: int
    breaks_off: bool = False
    closed: bool = False


def prologue(view: View, place: int) -> Prologue | None:
    """Return the prologue whose script assigns ``Sfdump`` at a place; None where it neither ends nor breaks off."""
    opened = tokens.SCRIPT_OPEN.search(view.text, max(0, place - 192), place)
    start = opened.start() if opened else place
    stop = view.next(tokens.SCRIPT_STOP, place)
    if stop >= min(view.next(b"\n\n", place), len(view.text)):
        broken = _broken_off(view, place)
        return Prologue(start, broken[1], breaks_off=True) if broken else None
    if stop - place > tokens.SCRIPT_LONGEST:
        return None
    stop += len(tokens.SCRIPT_STOP)
    if after := tokens.AFTER_SCRIPT.match(view.text, stop):
        stop = after.end()
    while rule := tokens.RULE.match(view.text, stop):
        stop = rule.end()
    closed = False
    if after := tokens.AFTER_RULES.match(view.text, stop):
        stop = after.end()
        closed = b"</style>" in after[0]
    broken = _broken_off(view, stop)
    if broken and broken[0] == stop < broken[1] < min(view.line_stop(stop), view.stop):
        return Prologue(start, stop, closed=True)  # a mark with words behind it, and nothing of a rule before it
    partial = tokens.PRE_OPEN if closed else tokens.RULE_PARTIAL
    if broken and broken[1] > stop and partial.fullmatch(view.text, stop, broken[0], partial=True):
        return Prologue(start, broken[1], breaks_off=True)
    return Prologue(start, stop, closed=closed)


def _broken_off(view: View, place: int) -> tuple[int, int] | None:
    """Return where code breaks off in the line of a place: without the mark of an excerpt, and with it."""
    stop = min(view.line_stop(place), view.stop)
    mark = ELLIPSIS.search(view.text, max(place, stop - ELLIPSIS_LONGEST), stop) if place < stop else None
    first = before_text(view, place, stop)
    if first < stop and (mark or stop >= view.stop):
        return first - MARK_SIZE, first
    if (stop < view.stop and mark is None) or _ends_in_prose(view, place, stop):
        return None
    begun = mark.start() if mark else stop
    floor = max(place, begun - _PROSE_LONGEST)
    in_comment = view.text.rfind(b"/*", floor, begun) > view.text.rfind(b"*/", floor, begun)
    if not in_comment and _WORDS.search(view.text, floor, begun):
        return None
    return (mark.start(), mark.end()) if mark else (stop, stop)


def _ends_in_prose(view: View, start: int, stop: int) -> bool:
    """Whether code has a sentence behind it in its line; a point within a name ends none."""
    if not ends_sentence(view.text, start, stop):
        return False
    tail = view.text[max(start, stop - _PROSE_LONGEST) : stop]
    return not tail[-3:].isascii() or _PROSE.search(tail) is not None
