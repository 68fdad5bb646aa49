"""Reading a view token by token: what every reader of a tool's own dump format does alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

import regex
from msgspec.structs import replace

from pipeline.families.php_dump.last_line import MARK_SIZE, before_text
from pipeline.families.php_dump.reading import Reading, Refusal
from pipeline.families.php_dump.tags import begins, is_printed
from pipeline.families.php_dump.tokens import OBJECTS_START
from pipeline.families.php_dump.value import JSON, Container
from pipeline.families.php_dump.view import View
from pipeline.patterns import lazy_compile

DEEPEST = 256
"""Nested values beyond this are refused; PHP pages nest a handful of levels."""
WHITE = lazy_compile(rb"[ \t\r\n]*+")
ELLIPSIS = lazy_compile(rb"[ \t\r\n]*(?:\[?(?:\xe2\x80\xa6|\.\.\.)\]?)\Z")
ELLIPSIS_LONGEST = 64
EXCERPT_ENDS = lazy_compile(rb"(?P<mark>\xe2\x80\xa6|\.\.\.)[ \t\r]{0,64}+(?:\n\s{0,512}+|\Z)")
DOTS_IN_LINE = lazy_compile(
    rb"(?P<token>[^\n.\xe2\[]{0,512}+(?:(?!\[?(?:\.\.\.|\xe2\x80\xa6))[.\xe2\[][^\n.\xe2\[]{0,512}+){0,64}+)"
    rb"(?P<dots>\[?(?:\.\.\.|\xe2\x80\xa6)\]?)(?=[ \t]{1,64}+[^\s])"
)
"""The first dots in a line, with text of the same line behind them."""
MARGIN_BEHIND_BLANK_LINE = lazy_compile(rb"[ \t\r]*+(?:\n[ \t\r]*+){2,64}+(?<=\n)(?=\S)")
"""A blank line before text at the margin."""
GAP_LONGEST = 512
"""Bytes at most that are looked at for such a line: a pattern that must hold a line break is searched for one first."""
_DOTS = (b"...", b"\xe2\x80\xa6")
INDENT_LONGEST = 2 * DEEPEST + 8
EXCERPT = lazy_compile(rb"(?P<mark>\xe2\x80\xa6|\.\.\.)[ \t\r]{0,64}+(?:\Z|\n[ \t\r]{0,64}+(?:\n|\Z))")
"""The same with a blank line behind it, or nothing."""
LAST_LINE_OF_PARAGRAPH = lazy_compile(rb"[ \t\r]{0,64}+\n[ \t\r]{0,64}+\n")
"""White space to the end of a line, and a blank line behind it."""
DUMP_OPENED = lazy_compile(rb"<pre\s[^<>]{0,64}(?:xdebug-var-dump|sf-dump)")
"""Where a dump of Xdebug or of VarDumper opens: neither has such a tag inside, and in a text its signs are encoded."""
PRE_STOP = b"</pre>"
COLLIDED = "two members have the same name; the last one's value stands"
CHANGED = "white space, quotes or entities between the tokens are not what the tool prints"


class Refused(Exception):  # noqa: N818 - control flow inside a reader
    """What stands at a place is not what the head promised."""

    def __init__(self, at: int, reason: str) -> None:
        self.at = at
        self.reason = reason


class BrokenOff(Exception):  # noqa: N818 - control flow inside a reader
    """The text breaks off inside a value, at the end of the document or at an ellipsis that ends its line."""

    def __init__(self, stop: int) -> None:
        self.stop = stop


class Cursor:
    """A place in a view, the containers that are open there, and what was noticed on the way.

    Attributes:
        view: The document.
        text: What is read.
        at: The place.
        sure: Behind the last member, or head of one, that is whole.
        stack: Open containers, the root first.
        as_printed: Whether everything so far is as the tool prints it.
        limits: Whether the tool left something out for its own limits.
        collided: Whether a container had two members of one name.
        ambiguous: Why the same text may stand for another value.
        in_pre: Whether the value stands in a ``<pre>`` of the tool's own, so that ``</pre>`` must follow.
        proven: Whether what stands before the value shows already that the tool printed it.
        shown_by_key: Whether a head with the key below it does.
        declared_stop: First raw byte behind what a string declares that has no end; else 0.
    """

    limit_name = ""
    """What the limits of the tool are called."""

    def __init__(self, view: View, at: int) -> None:
        self.view = view
        self.text = view.text
        self.at = at
        self.begin = self.sure = at
        self.stack: list[Container] = []
        self.as_printed = True
        self.limits = False
        self.collided = False
        self.ambiguous = ""
        self.in_pre = self.proven = False
        self.shown_by_key = False
        self.root: JSON = None
        self.inside = 0
        self.declared_stop = 0

    def match(self, pattern: regex.Pattern[bytes]) -> regex.Match[bytes] | None:
        """Step over a token when it stands here, and return it."""
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def white(self, printed: bytes | None = None) -> None:
        """Step over white space; remember when it is not what the tool prints there."""
        start = self.at
        if found := WHITE.match(self.text, start):
            self.at = found.end()
        if printed is not None and self.text[start : self.at] != printed and self.at < len(self.text):
            self.as_printed = False

    def put(self, value: JSON) -> bool:
        """Give a value to the innermost open container; return whether it was the root itself."""
        self.sure = self.at
        if not self.stack:
            self.root = value
            return True
        self.stack[-1].add(value)
        return False

    def push(self, container: Container) -> None:
        """Open a container."""
        self.sure = self.at
        self.stack.append(container)
        if len(self.stack) > DEEPEST:
            self.refuse(f"values are nested deeper than {DEEPEST} levels")

    def pop(self) -> bool:
        """Close the innermost container; return whether it was the root."""
        container = self.stack.pop()
        self.collided |= container.collided
        return self.put(container.value())

    def taken(self, start: int, stop: int) -> None:
        """Remember that what was changed between two places belongs to a text, not to the tokens."""
        self.inside += self.view.changes(self.view.end(start), self.view.start(stop))

    def refuse(self, reason: str) -> NoReturn:
        """Give up.

        Raises:
            Refused: Always.
        """
        raise Refused(self.at, reason)

    def expected(self, what: str, partial: regex.Pattern[bytes]) -> NoReturn:
        """Give up because something else stands here; a token that breaks off with the text ends the value instead.

        Raises:
            BrokenOff: The text breaks off here.
            Refused: It does not.
        """
        self.broken_off(partial)
        self.refuse(what)

    def broken_off(self, partial: regex.Pattern[bytes] | None) -> None:
        """Look whether the text breaks off in this line: inside the token here, or inside a text when None is given.

        Raises:
            BrokenOff: It does.
        """
        if partial:
            self.broken_off_in_line(partial)
        line_stop = self.view.line_stop(self.at)
        at_end = line_stop >= self.view.stop or self.blank_line_ends(line_stop)
        stop = min(line_stop, self.view.stop)
        begin = max(self.at, stop - ELLIPSIS_LONGEST)
        mark = ELLIPSIS.search(self.text, begin, stop) if begin < stop else None
        if not at_end and mark is None:
            return
        token_stop = mark.start() if mark else stop
        if self.proven and (begun := begins(self.view, self.at, token_stop)) is not None:
            is_mark_up = is_printed(self.text, begun, token_stop)
            if not is_mark_up and not any(container.seen for container in self.stack):
                return
            token_stop = len(self.text[self.at : begun].rstrip()) + self.at
            if not is_mark_up:  # prose stands behind a tag that breaks off
                stop = len(self.text[self.begin : begun].rstrip()) + self.begin
        token = partial if self.at < token_stop else None
        if token and (self.beyond() or token.fullmatch(self.text, self.at, token_stop, partial=True) is None):
            return
        floor = stop - ELLIPSIS_LONGEST
        if floor > self.at and (tail := self.text[floor:stop].rstrip()):
            raise BrokenOff(floor + len(tail))
        raise BrokenOff(len(self.text[:stop].rstrip()) if floor > self.at else _trimmed(self, stop))

    def broken_off_in_line(self, partial: regex.Pattern[bytes]) -> None:
        """Look whether the token here breaks off at dots in the midst of its line: prose stands behind those.

        Raises:
            BrokenOff: It does.
        """
        dots = DOTS_IN_LINE.match(self.text, self.at)
        if (
            dots
            and dots["token"]
            and not self.beyond()
            and partial.fullmatch(self.text, self.at, dots.end("token"), partial=True)
        ):
            raise BrokenOff(dots.end("dots"))

    def beyond(self) -> bool:
        """Whether what stands here is a new paragraph, or a line without the indent that all lines had so far."""
        before = len(self.text[max(0, self.at - INDENT_LONGEST) : self.at].rstrip(b" \t\r\n"))
        gap = self.text[max(0, self.at - INDENT_LONGEST) + before : self.at]
        return gap.count(b"\n") > 1 or (gap.endswith(b"\n") and self.as_printed and bool(self.stack))

    def is_closed(self) -> bool:
        """Whether the ``</pre>`` of the root stands somewhere behind: then nothing breaks off with the text."""
        return self.in_pre and self.view.next(PRE_STOP, self.at) < self.next_dump(self.at)

    def next_dump(self, place: int) -> int:
        """Return where the ``<pre>`` of another dump opens at or behind a place: no value goes on past it."""
        return self.view.next_start(DUMP_OPENED, place)

    def blank_line_ends(self, place: int) -> bool:
        """Whether a blank line at a place shows that the value broke off: the tools print none in a ``<pre>``."""
        return self.in_pre and blank_line_stands(self.text, place) and not self.is_closed()

    def ends_here(self) -> None:
        """Look whether the text breaks off behind the token before: at a mark that ends its line, or at a blank line.

        Raises:
            BrokenOff: It does.
        """
        if self.blank_line_ends(self.at):
            raise BrokenOff(self.at)
        if not self.is_closed():
            self.excerpt_ends(self.at)

    def excerpt_ends(self, place: int, closer: bytes = b"") -> None:
        """Look whether the mark of an excerpt stands at a place and ends its line; before a closer it is the tool's.

        Raises:
            BrokenOff: It does.
        """
        mark = EXCERPT_ENDS.match(self.text, place)
        if mark and not (closer and self.text.startswith(closer, mark.end())):
            self.proven |= not self.stack and place > self.begin
            raise BrokenOff(mark.end("mark"))

    def excerpt_ends_line(self) -> None:
        """Look whether the mark of an excerpt ends this line and a blank one follows, whatever stands before the mark.

        Raises:
            BrokenOff: It does.
        """
        line_stop = self.view.next(b"\n", self.at)
        mark = ELLIPSIS.search(self.text, max(self.at, line_stop - ELLIPSIS_LONGEST), line_stop)
        if mark and (found := EXCERPT.match(self.text, mark.end() - MARK_SIZE)):
            raise BrokenOff(found.end("mark"))

    def cut_short(self, stop: int) -> Reading:
        """Close what is open: every complete member counts, and the open one is dropped.

        Raises:
            Refused: No member is complete.
        """
        complete = sum(container.seen for container in self.stack)
        if not complete and not self.proven and not self.shown_by_key:
            self.at = stop
            self.refuse("the text breaks off before the first member is complete")
        in_line = self.in_pre and self.text[stop : stop + 1].isspace()
        raw_stop = self.view.start(stop) if in_line and stop < self.view.stop else self.view.close(stop)
        if not self.stack:
            return Reading(raw_stop, self.root, truncated="the text breaks off before or behind the value")
        counts = ", ".join(
            f"{container.seen} of {container.declared}" if container.declared >= 0 else f"{container.seen}"
            for container in self.stack
        )
        while len(self.stack) > 1:
            inner = self.stack.pop()
            self.stack[-1].members[self.stack[-1].key] = inner.value()
        reason = f"the text breaks off inside the value; members complete, outermost first: {counts}"
        value = self.stack[0].value()
        return Reading(raw_stop, value, truncated=reason, declared_stop=self.declared_stop)

    def whole(self, start: int, stop: int, *, changes_wanted: bool = False, note: str = "") -> Reading:
        """Return the reading of a value that was read to its end.

        Args:
            start: First raw byte of it.
            stop: Raw byte behind it.
            changes_wanted: Whether the tool itself prints tags and entities.
            note: What else is not as the tool prints it.
        """
        if not changes_wanted and self.view.changes(start, stop) > self.inside:
            self.as_printed = False
        repaired = note or ("" if self.as_printed else CHANGED)
        truncated = f"{self.limit_name} left some of it out" if self.limits else ""
        ambiguous = self.ambiguous or (COLLIDED if self.collided else "")
        return Reading(stop, self.root, start=start, repaired=repaired, truncated=truncated, ambiguous=ambiguous)


def blank_line_stands(text: bytes, place: int) -> bool:
    """Whether a line ends at a place and a blank one follows."""
    return LAST_LINE_OF_PARAGRAPH.match(text, place, place + GAP_LONGEST) is not None


def outcome(cursor: Cursor, first: int, read: Callable[[], Reading]) -> Reading | Refusal:
    """Return what is read with a cursor: the value, what is left of one that breaks off, or why there is none.

    Args:
        cursor: Stands where the value begins.
        first: First raw byte of what belongs to the value.
        read: Reads it to its end.
    """
    try:
        try:
            return read()
        except BrokenOff as broken:
            within = OBJECTS_START.match(cursor.text, cursor.at) is not None  # a string stands there, its head is whole
            sure = cursor.view.start(cursor.at) if within else cursor.view.end(cursor.sure)
            stop = before_text(cursor.view, cursor.sure, _before_paragraph(cursor, broken.stop))
            return replace(cursor.cut_short(stop), start=first, sure=sure)
    except Refused as refused:
        return Refusal(max(cursor.view.end(refused.at), first + 1), refused.reason)


def _before_paragraph(cursor: Cursor, stop: int) -> int:
    """Return where a value ends that breaks off at a place: before a new paragraph that only its last member has."""
    gap = MARGIN_BEHIND_BLANK_LINE.match(cursor.text, cursor.sure, min(stop, cursor.sure + GAP_LONGEST))
    if gap is None or cursor.text.endswith(_DOTS, 0, cursor.sure):
        return stop
    return stop if cursor.text.find(b"\n\n", cursor.begin, cursor.sure) >= 0 else cursor.sure


def _trimmed(cursor: Cursor, stop: int) -> int:
    """Return the place behind the last byte before a place that is no white space."""
    while stop > cursor.at and cursor.text[stop - 1] in b" \t\r\n":
        stop -= 1
    return stop
