r"""Read an array or object as ``var_export`` prints it.

The output is PHP code, and so is what people write by hand. What tells them apart: ``var_export`` prints ``array (``
with a blank, a key for every member, a comma behind every member, and single quotes only. Code that does all of this
still shows by what stands around it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn, TypeAlias

import regex
from msgspec import Struct

from pipeline.families.php_dump import var_export_tokens as tokens
from pipeline.families.php_dump.barren import Barren
from pipeline.families.php_dump.breaks import begins_line, has_its_line
from pipeline.families.php_dump.damage import after_white, decoded
from pipeline.families.php_dump.edges import (
    cut_short_stop,
    has_last_paragraph,
    is_followed_by_prose,
    is_part_of_a_word,
    structure_stop,
    unfinished_stop,
    what_is_at,
    without_ellipsis,
)
from pipeline.families.php_dump.inner import Inner
from pipeline.families.php_dump.reading import Reading, Refusal
from pipeline.families.php_dump.signals import CutShort, Refused
from pipeline.families.php_dump.value import JSON, Container, from_bytes, key_text
from pipeline.families.sentences import ends_sentence
from pipeline.model import Page

if TYPE_CHECKING:
    import regex

ANCHORS = (b"array (", b"(object) array(", b"::__set_", b"@anonymous")
DEEPEST = 256
"""Nested values beyond this are refused."""
DAMAGED_LONGEST = 65_536
"""How far the end of a string is looked for where its quotes were changed."""
COLLIDED = "two members have the same name; the last one's value stands"
DAMAGED = "white space, quotes or arrows are not what PHP prints"


class _Open(Struct):
    """A container that is still being read, and how it ends."""

    container: Container
    is_state: bool

    @property
    def margin(self) -> int:
        """Blanks before a member beyond those of its depth: properties stand one further right."""
        return 0 if self.container.class_name is None else 1


def read_var_export(page: Page, at: int) -> Reading | Refusal | None:
    r"""Read the array or object whose anchor stands at ``at``; None when it is the head of nothing.

    >>> read_var_export(Page(b"array (\n  'k' => 'it\\'s',\n)"), 0).value
    {'k': "it's"}
    """
    start = tokens.class_start(page.raw, at) if page.raw.startswith((b"::", b"@"), at) else at
    if start is None or (start == at and is_part_of_a_word(page.raw, at)):
        return None
    if page.raw.startswith(b"@", at):
        return _head_begun(page, start)
    before = max(0, start - tokens.CODE_LONGEST)
    if tokens.CODE_BEFORE.search(page.raw, before, start):
        return Refusal(at + 8, "it stands in code, or is a member of a value whose own head is not there")
    reader = _Reader(page, start)
    if not reader.open(start):
        return _head_begun(page, start) if page.raw.startswith(b"::", at) else None
    try:
        return reader.read()
    except Refused as refused:
        # A head alone is a common thing in prose and code about arrays: it resembles nothing yet.
        return Refusal(max(refused.at, at + 1), refused.reason) if reader.members else None


def _head_begun(page: Page, start: int) -> Reading | None:
    """Read the head of an object that the document ends in, on a line of its own."""
    if not page.raw.startswith(b"\\", start) or not begins_line(page, start):
        return None
    if page.text_stop - start > tokens.HEAD_LONGEST or ends_sentence(page.raw, start, page.text_stop):
        return None
    stop = without_ellipsis(page.raw, page.text_stop)
    if tokens.STATE_HEAD.match(page.raw, start, stop):
        return None  # it is whole: what stands in it is read from its own anchor
    head = tokens.STATE_HEAD.fullmatch(page.raw, start, stop, partial=True)
    if head is None or not head.partial:
        return None
    name = tokens.CLASS_AT.match(page.raw, start, stop)
    value: JSON = {"$class": key_text(name[0].removeprefix(b"\\"))} if name else None
    truncated = f"{what_is_at(page, page.text_stop)} inside the head of an object"
    return Reading(page.text_stop, value, start=start, truncated=truncated)


_Follow: TypeAlias = Callable[[bytes, int], bool]
"""Whether at a byte stands what must follow a string."""


class _Reader:
    """Reads members until the stack of open containers is empty."""

    def __init__(self, page: Page, start: int) -> None:
        self.page = page
        self.raw = page.raw
        self.start = start
        self.at = self.token = start
        self.stack: list[_Open] = []
        self.members = 0
        self.as_printed = True
        self.decode = False
        self.collided = False

    def open(self, at: int) -> bool:
        """Push the container whose head stands at ``at``; return False when there is no head."""
        if head := tokens.ARRAY_HEAD.match(self.raw, at):
            opened = _Open(Container(0, None), is_state=False)
        elif head := tokens.STDCLASS_HEAD.match(self.raw, at):
            opened = _Open(Container(0, "stdClass"), is_state=False)
        elif head := tokens.STATE_HEAD.match(self.raw, at):
            name = head["class"].removeprefix(b"\\") + (b"@anonymous" if head["anonymous"] else b"")
            opened = _Open(Container(0, key_text(name)), is_state=True)
        else:
            return False
        self.stack.append(opened)
        self.at = head.end()
        if len(self.stack) > DEEPEST:
            raise Refused(self.at, f"values are nested deeper than {DEEPEST} levels")
        return True

    def read(self) -> Reading | Refusal:
        while self.stack:
            try:
                self._step()
            except CutShort as cut:
                return self._cut_short(cut.stop, cut.sure)
        return Reading(
            self.at,
            self.value,
            start=self.start,
            repaired="" if self.as_printed else DAMAGED,
            ambiguous=COLLIDED if self.collided else "",
            unfit=self._unfit(),
        )

    def _step(self) -> None:
        """Read one member, up to its comma or into its value, or close the innermost container."""
        opened, depth = self.stack[-1], len(self.stack)
        self.token = self.at
        indent = b"\n" + b"  " * (depth - 1)
        if self.raw.startswith(indent + b")", self.at):
            self.at += len(indent)
            self._close()
            return
        self._white(indent + b"  " + b" " * opened.margin)
        if self.raw.startswith(b")", self.at):
            self.as_printed = False
            self._close()
            return
        self._key(opened.container)
        self.members += 1
        self._value()

    def _close(self) -> None:
        """End the innermost container; its comma follows unless it is the root."""
        self.at += 1
        if self.stack[-1].is_state:
            second = after_white(self.raw, self.at)
            if not self.raw.startswith(b")", second):
                self._fail("an object ends with two parentheses")
            self.as_printed &= second == self.at
            self.at = second + 1
        container = self.stack.pop().container
        self.collided |= container.collided
        self.value = container.value()
        if self.stack:
            self._complete(self.value)

    def _complete(self, value: object) -> None:
        """Add the value of a member whose comma comes next; without the comma it may have been cut off."""
        self.token = self.at
        comma = after_white(self.raw, self.at)
        if not self.raw.startswith(b",", comma):
            self._fail("no comma follows a member")
        self.as_printed &= comma == self.at
        self.at = comma + 1
        self.stack[-1].container.add(value)  # type: ignore[arg-type]  # a JSON value, by all callers

    def _key(self, container: Container) -> None:
        if found := tokens.INTEGER_KEY.match(self.raw, self.at):
            container.name(int(found[0]))
            self.at = found.end()
        elif opening := tokens.OPENING.match(self.raw, self.at):
            container.name(key_text(self._string(opening, tokens.is_key_end, tokens.is_key_end)))
        else:
            self._fail("neither a key nor a closing parenthesis follows a member")
        at = after_white(self.raw, self.at)
        arrow = tokens.ARROW_TOKEN.match(self.raw, at)
        if arrow is None:
            self._fail("no arrow follows a key")
        self.as_printed &= arrow[0] == b"=>" and self.raw[self.at : at] == b" "
        self.decode |= b"&" in arrow[0]
        self.at = arrow.end()

    def _value(self) -> None:
        self.token = self.at
        nested = b" \n" + b"  " * len(self.stack)
        if self.raw.startswith(nested, self.at) and self.raw[self.at + len(nested) : self.at + len(nested) + 1] not in (
            b" ",
            b"'",
        ):
            self.at += len(nested)
            on_own_line = True
        else:
            self._white(b" ")
            if tokens.PARAGRAPH_BREAK.search(self.raw, self.token, self.at):
                raise CutShort(self.token, self.token)
            on_own_line = False
        if opening := tokens.OPENING.match(self.raw, self.at):
            self._complete(from_bytes(self._string(opening, tokens.is_value_end, tokens.is_damaged_value_end)))
        elif self.open(self.at):
            self.as_printed &= on_own_line
        elif (read := tokens.scalar(self.raw, self.at)) is not None:
            value, self.at = read
            self.as_printed &= on_own_line == (isinstance(value, dict) and "$enum" in value)
            self._complete(value)
        else:
            self._fail("no value follows a key")

    def _string(self, opening: regex.Match[bytes], follow: _Follow, damaged: _Follow) -> bytes:
        """Read a string: its end is the first quote that is not escaped, or in a damaged text the first that fits."""
        start = position = opening.end()
        if opening[0] != b"'":
            limit = min(start + DAMAGED_LONGEST, len(self.raw))
            if follow is tokens.is_key_end:
                limit = structure_stop(self.page, start, tokens.KEY_LONGEST)
            return self._damaged_string(opening, damaged, start, limit)
        while found := tokens.STRAIGHT.search(self.raw, position):
            position = found.end()
            if found[0].startswith(b"\\"):
                continue
            if nul := tokens.nul_at(self.raw, found.start()):
                position = nul
                continue
            if follow(self.raw, position):
                return self._text(opening, start, found)
            stop = unfinished_stop(self.page, start)
            if position <= stop:
                return self._damaged_string(opening, damaged, position, stop)
            break
        return self._break_off(start)

    def _damaged_string(self, opening: regex.Match[bytes], follow: _Follow, position: int, limit: int) -> bytes:
        """Read a string whose quotes were changed: it ends at the first one that a key or a closer follows."""
        self.as_printed = False
        start, stray = opening.end(), position if position > opening.end() else 0
        inner = Inner(self.raw, start, limit)
        barren = self.page.once(Barren)
        searched = position
        while found := tokens.ANY_QUOTE.search(self.raw, position, limit):
            position = found.end()
            if found[0].startswith(b"\\"):
                continue
            if nul := tokens.nul_at(self.raw, found.start()):
                position = nul
            elif follow(self.raw, position):
                if inner.is_whole(found.start()):
                    return self._text(opening, start, found)
                searched = position
                stray = stray or position
            elif not inner.begins_behind(found.start()):
                stray = stray or position
                position = barren.past(follow, position)
            elif tokens.opens_value(self.raw, found.start()):
                break
            else:
                stray = stray or position
        else:
            barren.add(follow, searched, position)
        stop = unfinished_stop(self.page, start)
        rest = without_ellipsis(self.raw, stop)
        rest_only = stop - stray <= tokens.REST_LONGEST and tokens.REST.match(self.raw, stray, rest)
        if inner.begins_behind(stop) and (not start < stray <= stop or rest_only):
            if start < stray <= stop and begins_line(self.page, self.start):
                raise CutShort(stop, stray)  # the string is closed, and what follows it breaks off in its line
            self._break_off(start)
        raise Refused(max(position, stop), "no closing quote ends a string")

    def _break_off(self, start: int) -> NoReturn:
        """End the value in a string that has no end: its line is part of it where the value has lines of its own."""
        stop = cut_short_stop(self.page, start)
        if begins_line(self.page, self.start):
            raise CutShort(max(self.page.text_stop, start) if has_last_paragraph(self.page, start) else stop, start)
        if without_ellipsis(self.raw, stop) == stop:
            raise Refused(stop, "prose may follow a string that has no closing quote")
        raise CutShort(stop, start)

    def _text(self, opening: regex.Match[bytes], start: int, closing: regex.Match[bytes]) -> bytes:
        self.at = closing.end()
        self.decode |= opening[0].startswith(b"&")
        text = tokens.unescaped(self.raw[start : closing.start()])
        return decoded(text) if self.decode else text

    def _white(self, printed: bytes) -> None:
        """Step over white space; remember when it is not what PHP prints there."""
        after = after_white(self.raw, self.at)
        self.as_printed &= self.raw[self.at : after] == printed
        self.at = after

    def _fail(self, reason: str) -> NoReturn:
        """Refuse the value, unless all that is left of its line may be the beginning of what is expected."""
        for stop_of in (structure_stop, cut_short_stop):
            stop = stop_of(self.page, self.token, tokens.PARTIAL_LONGEST)
            if is_followed_by_prose(self.page, stop) and tokens.PARTIAL.match(
                self.raw, self.token, without_ellipsis(self.raw, stop), partial=True
            ):
                raise CutShort(stop, self.token)
        raise Refused(self.at, reason)

    def _cut_short(self, stop: int, sure: int) -> Reading | Refusal:
        """Close what is open: every complete member counts, the open one is dropped."""
        complete = sum(opened.container.seen for opened in self.stack)
        ends = what_is_at(self.page, stop)
        begun = self.stack[0].is_state and stop >= self.page.text_stop and begins_line(self.page, self.start)
        if not self.members and not begun:
            return Refusal(stop, f"{ends} before the first member is complete")
        while len(self.stack) > 1:
            inner = self.stack.pop().container
            outer = self.stack[-1].container
            outer.members[outer.key] = inner.value()
        reason = f"{ends} inside the value; {complete} members of those still open are complete"
        value = self.stack[0].container.value()
        return Reading(stop, value, start=self.start, sure=sure, truncated=reason)

    def _unfit(self) -> str:
        """Return what speaks against a whole value by what stands around it."""
        if tokens.CODE_AFTER.match(self.raw, self.at, self.at + tokens.CODE_LONGEST):
            return "code goes on behind it"
        return "" if self.members or self._is_proven_empty() else "an empty array on one line proves nothing"

    def _is_proven_empty(self) -> bool:
        """Whether a value without members is more than words: it has lines of its own, or one that it has to itself."""
        if b"\n" in self.raw[self.start : self.at] or tokens.EMPTY_STATE.fullmatch(self.raw, self.start, self.at):
            return True
        collapsed = tokens.EMPTY_IN_LINE.fullmatch(self.raw, self.start, self.at)
        return collapsed is not None and has_its_line(self.page, self.start, self.at)
