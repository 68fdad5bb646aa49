"""Read the members of a serialized array or object, one attempt at a time: with the ends of strings that are chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from pipeline.families.php_dump import serialize_tokens as tokens
from pipeline.families.php_dump.breaks import begins_line
from pipeline.families.php_dump.damage import QUOTE, decoded
from pipeline.families.php_dump.edges import (
    ELLIPSIS_LONGEST,
    cut_short_stop,
    has_last_paragraph,
    is_followed_by_prose,
    is_quoted,
    what_is_at,
    without_ellipsis,
)
from pipeline.families.php_dump.landmarks import Landmark
from pipeline.families.php_dump.lengths import has_end_within, likely_ends
from pipeline.families.php_dump.reading import Reading, Refusal
from pipeline.families.php_dump.references import Slots, TooMuchRepeated
from pipeline.families.php_dump.signals import CutShort, Refused
from pipeline.families.php_dump.strings import End
from pipeline.families.php_dump.value import JSON, Container, from_bytes, key_text
from pipeline.model import Page
from pipeline.patterns import lazy_compile

if TYPE_CHECKING:
    import regex

DEEPEST = 256
CLOSED = lazy_compile(QUOTE + b";")
"""What ends a string, whatever became of its quote."""
"""Nested values beyond this are refused."""
COLLIDED = "two members have the same name; the last one's value stands"
UNKNOWN = "a reference to a value that is not there is read as null"
NAMELESS = "without its NUL bytes, the class a private property belongs to cannot be told from its name"
DAMAGED = "lengths or quotes are not those that PHP prints"
QUOTED = "it stands in quotes, as code and data do"


@dataclass(slots=True)
class _Open:
    """A container that is still being read, its number, and what references had repeated when it began."""

    container: Container
    number: int
    repeated: int


class StructureReader:
    """Reads members until the stack of open containers is empty."""

    def __init__(self, page: Page, start: int, ends: dict[int, list[End]], *, in_doubt: bool = False) -> None:
        self.page = page
        self.raw = page.raw
        self.start = start
        self.at = start
        self.ends = ends
        self.in_doubt = in_doubt
        self.stack: list[_Open] = []
        self.slots = Slots(start)
        self.keys = 0
        self.as_printed = True
        self.collided = False
        self.nameless = False
        self.declared_stop = 0
        self.value: JSON = None
        self.done = False

    def attempt(self) -> Reading | Refusal | None:
        """Read the value with the ends that are chosen; None when no head stands here."""
        try:
            return self._read()
        except Refused as refused:
            return Refusal(max(refused.at, self.start + 2), refused.reason)

    def _read(self) -> Reading | Refusal | None:
        try:
            if not self._open() and not self._custom():
                return None
            while not self.done:
                self._step()
        except CutShort as cut:
            return self._cut_short(cut.stop, cut.sure)
        except TooMuchRepeated:
            return Refusal(self.at, "references repeat more than is read")
        return Reading(
            self.at,
            self.value,
            repaired=self._repaired(),
            ambiguous=self._ambiguous(),
            unfit=QUOTED if is_quoted(self.raw, self.start, self.at) else "",
        )

    def _repaired(self) -> str:
        return "" if self.as_printed else DAMAGED

    def _ambiguous(self) -> str:
        reasons = ((self.collided, COLLIDED), (self.slots.unknown, UNKNOWN), (self.nameless, NAMELESS))
        return "; ".join(reason for holds, reason in reasons if holds)

    def _step(self) -> None:
        """Read one member, or up to the members of its value, or close the innermost container."""
        opened = self.stack[-1]
        container = opened.container
        if container.seen == container.declared:
            if not self.raw.startswith(b"}", self.at):
                self._fail(f"{container.declared} members are declared, and no brace follows them")
            self.at += 1
            self.stack.pop()
            self.collided |= container.collided
            value = container.value()
            self.slots.close(opened.number, value, self.at, opened.repeated)
            self._complete(value)
            return
        self._key(container)
        self._member()

    def _complete(self, value: JSON) -> None:
        if self.stack:
            self.stack[-1].container.add(value)
        else:
            self.value, self.done = value, True

    def _key(self, container: Container) -> None:
        if match := tokens.INT.match(self.raw, self.at):
            container.name(int(match[1]))
            self.at = match.end()
        elif head := tokens.STRING_HEAD.match(self.raw, self.at):
            text = self._string(head, tokens.AFTER_KEY)
            if container.class_name is None:
                container.name(key_text(text))
            else:
                self._property(container, text, dropped=int(head[1]) - len(text))
        elif head := tokens.ESCAPED_HEAD.match(self.raw, self.at):
            container.name(key_text(self._escaped(head)))
        else:
            self._fail(f"{container.declared} members are declared, {container.seen} stand there")
        self.keys += 1

    def _property(self, container: Container, text: bytes, dropped: int) -> None:
        """Begin a property; its name holds the class it is private to, between NUL bytes unless they were dropped."""
        if hidden := tokens.HIDDEN.match(text):
            container.name(key_text(hidden[2]), None if hidden[1] == b"*" else key_text(hidden[1]))
            return
        own = (container.class_name or "").encode()
        if dropped >= 2 and text.startswith(b"*"):  # noqa: PLR2004 - the two NUL bytes
            text = text[1:]
        elif dropped == 2 and text.startswith(own) and text != own:  # noqa: PLR2004 - the two NUL bytes
            text = text.removeprefix(own)
        elif dropped == 2:  # noqa: PLR2004 - the two NUL bytes
            self.nameless = True
        container.name(key_text(text))

    def _member(self) -> None:
        """Read the value of the member that was begun, or open the container that it is."""
        start = self.at
        if reference := tokens.REFERENCE.match(self.raw, start):
            if reference[1] == b"r":
                self.slots.close(self.slots.open(start), None, start)
            self.at = reference.end()
            self._complete(self.slots.resolve(int(reference[2]), self.at))
        elif head := tokens.STRING_HEAD.match(self.raw, start):
            self._scalar(start, from_bytes(self._string(head, tokens.AFTER_VALUE)))
        elif (read := tokens.scalar(self.raw, start)) is not None:
            self.at = read[1]
            self._scalar(start, read[0])
        elif head := tokens.ESCAPED_HEAD.match(self.raw, start):
            self._scalar(start, from_bytes(self._escaped(head)))
        elif match := tokens.ENUM.match(self.raw, start):
            self.at = match.end()
            self._scalar(start, {"$enum": f"{key_text(match[1])}::{key_text(match[2])}"})
        elif not self._open() and not self._custom():
            self._fail("no value follows a key")

    def _scalar(self, start: int, value: JSON) -> None:
        self.slots.close(self.slots.open(start), value, self.at)
        self._complete(value)

    def _open(self) -> bool:
        """Push the container whose head stands here; return False when there is no head."""
        if head := tokens.ARRAY_HEAD.match(self.raw, self.at):
            container = Container(int(head[1]), None)
        elif head := tokens.OBJECT_HEAD.match(self.raw, self.at):
            container = Container(int(head[4]), key_text(head[2]))
            self.as_printed &= head[1] == head[3] == b'"'
        else:
            return False
        self.stack.append(_Open(container, self.slots.open(self.at), self.slots.repeated))
        self.at = head.end()
        if len(self.stack) > DEEPEST:
            raise Refused(self.at, f"values are nested deeper than {DEEPEST} levels")
        return True

    def _custom(self) -> bool:
        """Read an object that wrote its own data; return False when no head of one stands here."""
        head = tokens.CUSTOM_HEAD.match(self.raw, self.at)
        if head is None:
            return False
        start, length = self.at, int(head[4])
        self.as_printed &= head[1] == head[3] == b'"'
        closer = tokens.AFTER_CUSTOM if self.stack else tokens.AFTER_ROOT
        data = self._sized(head.end(), length, closer, 1)
        self._scalar(start, {"$class": key_text(head[2]), "$data": from_bytes(data)})
        return True

    def _string(self, head: regex.Match[bytes], closer: Landmark) -> bytes:
        self.as_printed &= head[2] == b'"'
        text = self._sized(head.end(), int(head[1]), closer, 2)
        return decoded(text) if head[2].startswith(b"&") else text

    def _sized(self, start: int, length: int, closer: Landmark, closer_size: int) -> bytes:
        """Return the bytes that a length counts: exactly as many, or as many as fit best in a changed text."""
        exact = start + length
        found = closer.pattern.match(self.raw, exact)
        fits = found is not None and len(found[0]) == 1
        if fits and not (self.in_doubt and tokens.MEMBER_WITHIN.search(self.raw, start, exact)):
            self.at = exact + closer_size
            return self.raw[start:exact]
        ends = self.ends.get(start)
        if ends is None:
            ends = self.ends[start] = likely_ends(self.page, start, length, closer)
        if ends:
            self.as_printed = False
            end = ends[0]
            self.at = end.stop + closer_size - 1
            return self.raw[start : end.payload_stop]
        if self.raw.startswith(b'";', exact):  # what must follow it was cut off
            self.at = exact + closer_size
            return self.raw[start:exact]
        if self.raw.startswith(b'"', exact) and without_ellipsis(self.raw, self.page.text_stop) == exact + 1:
            self.at = exact + 1  # what must follow it was cut off, and its semicolon as well
            return self.raw[start:exact]
        if (closed := CLOSED.match(self.raw, exact)) and closed.end() >= self.page.text_stop:
            self.as_printed = False
            self.at = closed.end()
            return self.raw[start:exact]
        longest = 2 * length + closer_size
        stop = cut_short_stop(self.page, start, longest + 1 + ELLIPSIS_LONGEST)
        if has_last_paragraph(self.page, start) and begins_line(self.page, self.start):
            stop = max(self.page.text_stop, start)
        if without_ellipsis(self.raw, stop) - start <= longest and not has_end_within(self.page, start, stop, closer):
            if not begins_line(self.page, self.start) and without_ellipsis(self.raw, stop) == stop:
                raise Refused(stop, "prose may follow a string that has no closing quote")
            self.keys += 1
            self.declared_stop = start + length
            raise CutShort(stop, start)
        raise Refused(stop, f"no closing quote fits a length of {length} bytes")

    def _escaped(self, head: regex.Match[bytes]) -> bytes:
        """Read a string whose bytes may be written as a backslash and two hexadecimal digits."""
        text = bytearray()
        position = head.end()
        for _ in range(int(head[1])):
            found = tokens.ESCAPED.match(self.raw, position)
            if found is None:
                raise Refused(position, "an escaped string ends too soon")
            text += bytes.fromhex(found[1].decode()) if found[1] else found[0]
            position = found.end()
        if not self.raw.startswith(b'";', position):
            raise Refused(position, f"no closing quote stands {len(text)} bytes after the opening one")
        self.at = position + 2
        return bytes(text)

    def _fail(self, reason: str) -> NoReturn:
        """Refuse the value, unless all that is left of its line may be the beginning of what is expected."""
        stop = cut_short_stop(self.page, self.at, tokens.PARTIAL_LONGEST)
        if is_followed_by_prose(self.page, stop) and tokens.PARTIAL.match(
            self.raw, self.at, without_ellipsis(self.raw, stop), partial=True
        ):
            raise CutShort(stop, self.at)
        raise Refused(self.at, reason)

    def _cut_short(self, stop: int, sure: int) -> Reading | Refusal:
        """Close what is open: every complete member counts, the open one is dropped."""
        if not self.keys:
            return Refusal(stop, "the text ends before the first member begins")
        counts = ", ".join(f"{opened.container.seen} of {opened.container.declared}" for opened in self.stack)
        while len(self.stack) > 1:
            inner = self.stack.pop().container
            outer = self.stack[-1].container
            outer.members[outer.key] = inner.value()
        value = self.stack[0].container.value() if self.stack else None
        reason = f"{what_is_at(self.page, stop)} inside the value; members complete, outermost first: {counts or 0}"
        repaired = self._repaired()
        return Reading(stop, value, sure=sure, truncated=reason, repaired=repaired, declared_stop=self.declared_stop)
