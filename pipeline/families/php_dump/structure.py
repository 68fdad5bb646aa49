"""Arrays and objects: members counted against their heads, however deep, every string ended by its declared length.

A payload may hold unescaped quotes and whatever looks like a closer, so strings are measured, never searched through.
The stack is explicit, the depth bounded, and each byte is looked at once.
"""

from __future__ import annotations

from collections import Counter

import regex

from pipeline.families.php_dump import tokens
from pipeline.families.php_dump.breaks import (
    Break,
    begins_line,
    broken_off,
    open_string,
)
from pipeline.families.php_dump.edges import PROSE_FOLLOWS
from pipeline.families.php_dump.frame import Frame
from pipeline.families.php_dump.keys import Key, joined, read_key
from pipeline.families.php_dump.landmarks import Landmark
from pipeline.families.php_dump.payloads import GUESSES, Place, member_end
from pipeline.families.php_dump.printed import printed_array, printed_texts
from pipeline.families.php_dump.reading import Reading, Refusal
from pipeline.families.php_dump.scalars import read_scalar
from pipeline.families.php_dump.scales import decoded
from pipeline.families.php_dump.value import JSON, from_bytes, key_text
from pipeline.model import Page
from pipeline.patterns import lazy_compile

DEEPEST = 256
"""Nested values beyond this are refused; PHP pages nest a handful of levels."""
EXTENDED_MOST = 8
"""How often, in one value, a key is given a later end because the first one led nowhere."""

COLLIDED = "two members have the same name; the last one's value stands"
JOINED = "a key holds what ends a key, and its head's count fits more than one reading"
WHITE_SPACE = "white space between the tokens is not what PHP prints"
CHANGED = "quotes, arrows or heads are not as PHP prints them"

BEFORE_BRACE = Landmark(tokens.BEFORE_BRACE)
BEFORE_KEY = Landmark(tokens.BEFORE_KEY)
JSON_BEFORE_BRACE = Landmark(lazy_compile(tokens.AFTER_JSON + tokens.BEFORE_BRACE.pattern))
JSON_BEFORE_KEY = Landmark(lazy_compile(tokens.AFTER_JSON + tokens.BEFORE_KEY.pattern))


class _Refused(Exception):  # noqa: N818 - control flow inside this module
    def __init__(self, at: int, reason: str) -> None:
        self.at = at
        self.reason = reason


class _BrokenOff(Exception):  # noqa: N818 - control flow inside this module
    def __init__(self, place: Break | None, at: int, reason: str) -> None:
        self.place = place
        self.at = at
        self.reason = reason


def read_structure(page: Page, at: int, *, refcounts: bool = False) -> Reading | Refusal | None:
    r"""Read ``array(N) {…}`` or ``object(Class)#id (N) {…}``; None when no such head stands at ``at``.

    Where the text was changed so much that no scale fits a string, its end is guessed: by the closing quote nearest to
    its length, and where the counts then do not come out, by the first.

    Args:
        page: The document.
        at: Where the head begins.
        refcounts: Whether the head tells how often the value is referred to, as ``debug_zval_dump`` prints it.

    >>> read_structure(Page(b'array(1) {\n  [0]=>\n  int(7)\n}'), 0).value
    [7]
    """
    reader = _StructureReader(page, at)
    head = reader.head(at)
    if head is None or (head["refcount"] is not None) != refcounts:
        return None
    reading = reader.outcome()
    if not reader.guessed or (isinstance(reading, Reading) and not reading.truncated):
        return reading
    again = _StructureReader(page, at, nearest=False)
    again.head(at)
    other = again.outcome()
    return other if isinstance(other, Reading) and not other.truncated else reading


class _StructureReader:
    """Reads members until the stack of open containers is empty."""

    def __init__(self, page: Page, start: int, *, nearest: bool = True) -> None:
        self.page = page
        self.raw = page.raw
        self.start = start
        self.nearest = nearest
        self.guessed = False
        self.at = start
        self.sure = start
        self.stack: list[Frame] = []
        self.notes: Counter[str] = Counter()
        self.ambiguous = ""
        self.extended = 0
        self.declared_stop = 0

    def head(self, at: int) -> regex.Match[bytes] | None:
        """Open the container whose head stands at ``at``; return None when there is no head."""
        if head := tokens.ARRAY_HEAD.match(self.raw, at):
            self.stack.append(Frame(int(head[1])))
        elif head := tokens.OBJECT_HEAD.match(self.raw, at):
            self.stack.append(Frame(int(head[2]), key_text(head[1])))
        else:
            return None
        self._took(head)
        return head

    def outcome(self) -> Reading | Refusal:
        """Return the value behind the head that was opened, or why it is refused."""
        behind_head = self.at
        try:
            return self._read()
        except _Refused as refused:
            return Refusal(max(refused.at, behind_head), refused.reason)

    def _read(self) -> Reading:
        try:
            while not self._step():
                pass
        except _BrokenOff as broken:
            return self._cut_short(broken)
        repaired = "; ".join(note if times == 1 else f"{note} ({times} times)" for note, times in self._told())
        return Reading(self.at, self.root_value, repaired=repaired, ambiguous=self.ambiguous)

    def _told(self) -> list[tuple[str, int]]:
        return [(note, 1 if note in {WHITE_SPACE, CHANGED} else times) for note, times in self.notes.items()]

    def _step(self) -> bool:
        """Read a member or a closing brace; return whether the root is closed."""
        frame = self.stack[-1]
        closer = b"\n" + b" " * (2 * len(self.stack) - 2) + b"}"
        if self.raw.startswith(closer, self.at):
            self.at += len(closer)
            return self._close(frame)
        if not frame.reference and (self._texts(frame) or self._nested(frame)):
            return False
        self._white(b"\n" + b"  " * len(self.stack))
        if self.raw.startswith(b"}", self.at):
            self.notes[WHITE_SPACE] += 1
            self.at += 1
            return self._close(frame)
        if frame.reference and not frame.members:
            self._value(frame)
        else:
            self._member(frame)
        return False

    def _texts(self, frame: Frame) -> bool:
        """Read the strings that stand as PHP prints them; return whether there are any."""
        members, last, stop = printed_texts(self.raw, self.at, len(self.stack))
        if not members:
            return False
        frame.members += members
        frame.counted += len(members)
        frame.key_start = last
        self.at = self.sure = stop
        return True

    def _nested(self, frame: Frame) -> bool:
        """Open the array that stands as PHP prints it, or take all of it; return whether there is one."""
        nested = printed_array(self.raw, self.at, len(self.stack))
        if nested is None:
            return False
        frame.key, frame.key_start, declared, self.at, whole = nested
        self.sure = self.at
        if whole is not None and len(self.stack) < DEEPEST:
            value, self.at = whole
            self.sure = self.at
            frame.add(value)
            return True
        self.stack.append(Frame(declared))
        self._bound()
        return True

    def _bound(self) -> None:
        """Refuse what is nested too deep, when one more container is open."""
        if len(self.stack) > DEEPEST:
            raise _Refused(self.at, f"values are nested deeper than {DEEPEST} levels")

    def _close(self, frame: Frame) -> bool:
        """End the innermost container; return whether it was the root."""
        if frame.counted != frame.declared:
            self._join(frame)
        self.stack.pop()
        self.sure = self.at
        value: JSON
        if frame.reference:
            value = frame.members[0].value
        else:
            container = frame.container()
            value = container.value()
            if container.collided:
                self.ambiguous = COLLIDED
        if not self.stack:
            self.root_value = value
            return True
        self.stack[-1].add(value)
        return False

    def _join(self, frame: Frame) -> None:
        """Put keys together that were taken apart, or refuse when no reading has as many members as declared."""
        fitting = joined(self.raw, frame.members, frame.declared, b"\n" + b"  " * len(self.stack))
        if fitting is None:
            reason = f"{frame.declared} members are declared, {frame.counted} stand there"
            raise _Refused(self.at, reason)
        frame.members, choice = fitting
        if choice:
            self.ambiguous = JOINED

    def _member(self, frame: Frame) -> None:
        """Read ``[key]=>`` and its value."""
        start = self.at
        key = read_key(self.page, start)
        if key is None:
            self._extend(frame, start)
            return
        self._take_key(frame, key, start)

    def _take_key(self, frame: Frame, key: Key, start: int) -> None:
        frame.key, frame.key_start = key, start
        if not key.as_printed:
            self.notes[CHANGED] += 1
        self.at = key.stop
        self._white(b"\n" + b"  " * len(self.stack))
        if frame.class_name is not None and (match := tokens.UNINITIALIZED.match(self.raw, self.at)):
            self.at = self.sure = match.end()
            frame.add({"$uninitialized": key_text(match[1])}, counted=False)
            return
        if reference := tokens.AMPERSAND.match(self.raw, self.at):
            self.at = reference.end()
        self._value(frame)

    def _extend(self, frame: Frame, at: int) -> None:
        """Give the key of the last member a later end, since no member follows; else the value breaks off here."""
        last = frame.members[-1].key if frame.members else None
        if last is None or last.span is None or self.extended == EXTENDED_MOST:
            raise _BrokenOff(self._break(at), at, "neither a key nor a closing brace follows a member")
        self.extended += 1
        longer = read_key(self.page, frame.key_start, beyond=last.stop)
        if longer is None or longer.stop < at:
            raise _BrokenOff(self._break(at), at, "neither a key nor a closing brace follows a member")
        frame.counted -= frame.members.pop().counted
        self._take_key(frame, longer, frame.key_start)

    def _break(self, at: int) -> Break | None:
        return broken_off(self.page, self.sure, at)

    def _value(self, frame: Frame) -> None:
        start = self.at
        if head := tokens.STRING_HEAD.match(self.raw, start):
            self._string(frame, head)
        elif self.head(start):
            self._bound()
        elif head := tokens.REFERENCE_HEAD.match(self.raw, start):
            self.stack.append(Frame(1, reference=True))
            self._took(head)
        elif scalar := read_scalar(self.raw, start):
            if not scalar.as_printed:
                self.notes[CHANGED] += 1
            self.at = scalar.stop
            self._complete(frame, scalar.value)
        else:
            self.sure = frame.key.stop if frame.key else self.sure
            raise _BrokenOff(self._break(start), start, "no value follows a key")

    def _took(self, head: regex.Match[bytes]) -> None:
        if not tokens.PRINTED_HEAD.fullmatch(head[0]):
            self.notes[CHANGED] += 1
        self.at = self.sure = head.end()

    def _complete(self, frame: Frame, value: JSON) -> None:
        if refcount := tokens.REFCOUNT.match(self.raw, self.at):
            self.at = refcount.end()
        self.sure = self.at
        frame.add(value)

    def _string(self, frame: Frame, head: regex.Match[bytes]) -> None:
        start, length = head.end(), int(head[1])
        last = frame.reference or frame.counted + 1 >= frame.declared
        end = member_end(self.page, start, length, Place(len(self.stack), last), nearest=self.nearest)
        self.guessed |= end is None or end.measure in GUESSES
        if end is None:
            place = open_string(self.page, self.start, self.sure, start, length)
            reason = f"no quote stands {length} bytes after the opening one"
            if start + length >= len(self.raw):
                reason = f"a string of {length} bytes is declared, more than the document has left"
            if head["line_break"] and not tokens.JSON_START.match(self.raw, start):
                start = head.end(1) + len(b")")  # a quote that begins a line may be the first one of the prose
                place = Break(start, PROSE_FOLLOWS)
            self.declared_stop = start + length
            raise _BrokenOff(place, start, reason)
        if not tokens.PRINTED_HEAD.fullmatch(head[0]) or self.raw[end.payload_stop : end.stop] != b'"':
            self.notes[CHANGED] += 1
        if end.measure:
            self.notes[f"a string ends by {end.measure}"] += 1
        payload = self.raw[start : end.payload_stop]
        self.at = end.stop
        self._complete(frame, from_bytes(decoded(payload) if head["quote"].startswith(b"&") else payload))

    def _begun(self, place: Break) -> bool:
        """Whether a value without a complete member is one all the same: it has its lines alone, and a key begins."""
        alone = begins_line(self.page, self.start)
        return alone and (
            self.stack[0].class_name is not None or self.stack[0].key is not None or place.stop > self.sure
        )

    def _white(self, printed: bytes) -> None:
        """Step over white space; remember when it is not what PHP prints there."""
        if self.raw.startswith(printed, self.at):
            after = self.at + len(printed)
            if after < len(self.raw) and self.raw[after] not in b" \t\r\n":
                self.at = after
                return
        self.notes[WHITE_SPACE] += 1
        white = tokens.SPACE.match(self.raw, self.at)
        self.at = white.end() if white else self.at

    def _cut_short(self, broken: _BrokenOff) -> Reading:
        """Close what is open: every complete member counts and the open one is dropped."""
        place = broken.place
        complete = sum(frame.counted for frame in self.stack)
        if (
            place is None
            or not (complete or place.at_end)
            or any(frame.counted > frame.declared for frame in self.stack)
        ):
            raise _Refused(broken.at, broken.reason)
        if not complete and not self._begun(place):
            raise _Refused(broken.at, f"{place.what} before the first member is complete")
        counts = ", ".join(f"{frame.counted} of {frame.declared}" for frame in self.stack)
        while len(self.stack) > 1:
            frame = self.stack.pop()
            if frame.reference:
                continue
            outer = self.stack[-1]
            if not outer.reference:
                outer.add(frame.container().value())
        container = self.stack[0].container()
        told = "; ".join(note for note, _ in self._told() if note != WHITE_SPACE)
        reason = f"{place.what} inside the value; members complete, outermost first: {counts}"
        return Reading(
            place.stop,
            container.value(),
            sure=broken.at,
            truncated=reason,
            repaired=told,
            declared_stop=self.declared_stop,
        )
