"""One value as VarDumper prints it, lines kept or run together.

Where lines are kept a string ends with its line, whatever quotes it holds. Where they are not, it ends at a quote that
something structural follows.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.families.php_dump.cursor import (
    ELLIPSIS,
    ELLIPSIS_LONGEST,
    EXCERPT,
    INDENT_LONGEST,
    PARAGRAPH,
    BrokenOff,
    Cursor,
)
from pipeline.families.php_dump.symfony import tokens
from pipeline.families.php_dump.symfony.strings import shown, unescaped
from pipeline.families.php_dump.tokens import OBJECTS_START
from pipeline.families.php_dump.value import JSON, Container, from_float, key_text
from pipeline.families.php_dump.view import View

ESCAPES = "a backslash in a string may be an escape or a character of its own"
UNKNOWN = -1
TAGS_MOST = 16
"""So many tags in a string are stepped over that stand for line breaks elsewhere."""
BYTES_MOST = 4
"""Bytes at most that show one character, be they an escape or UTF-8."""
LONGEST = 1_000_000
"""Bytes of a string at most whose end has to be searched for."""


@dataclass(slots=True)
class Level(Container):
    """A container of VarDumper.

    Attributes:
        closer: The bracket that ends it.
        named: Whether its members are properties.
        left_out: How many members were not shown; -1 when that is not said.
    """

    closer: bytes = b"]"
    named: bool = False
    left_out: int = 0


class SymfonyCursor(Cursor):
    """Reads one value.

    Attributes:
        lines: Whether the dump still has its lines.
        signs: How often something stood there that VarDumper alone prints.
        encoded: Whether text is encoded as HTML.
        commas: How many values have a comma behind them.
        unparted: How many members stand behind another one without a comma between them.
        keys: How many keys of arrays have been read, each with its arrow.
        unescaped: How many texts hold quotes that every program would have to escape.
    """

    limit_name = "VarDumper's own limit"

    def __init__(self, view: View, at: int) -> None:
        super().__init__(view, at)
        self.lines: bool | None = None
        self.signs = 0
        self.objects: set[int] = set()
        self.encoded = False
        self.commas = 0
        self.unparted = 0
        self.keys = 0
        self.unescaped = 0

    def read(self) -> None:
        """Read the value that begins here, to its end.

        Raises:
            Refused: It is none.
            BrokenOff: The text breaks off inside it.
        """
        done = self.value()
        while not done:
            done = self.step()

    def step(self) -> bool:
        """Read one member or the end of the innermost container; return whether the root ended."""
        level, depth = self.stack[-1], len(self.stack)
        parted = not level.seen
        if level.seen and self.text.startswith(b",", self.at):
            self.at += 1
            self.commas += 1
            parted = True
        start = self.at
        self.ends_here()
        if depth == 1 and not level.members and (source := tokens.SOURCE.match(self.text, self.at)):
            self.at = start = source.end()
            self.signs += 1
        self.white()
        if self.at >= len(self.text):
            raise BrokenOff(self.view.stop)
        gap = self.text[start : self.at]
        if self.lines is None:
            self.lines = b"\n" in gap
        assert isinstance(level, Level)  # noqa: S101 - nothing else is pushed here
        if self.text.startswith(level.closer, self.at):
            self.as_printed &= gap in (b"", b"\n" + b"  " * (depth - 1))
            return self.close(level)
        if left := self.match(tokens.LEFT_OUT):
            self.excerpt_ends(left.start(), level.closer)
            level.left_out = int(left["count"] or UNKNOWN)
            self.limits = True
            return False
        self.as_printed &= gap == b"\n" + b"  " * depth
        if not self.key(level):
            return False
        self.unparted += not parted
        if self.at >= len(self.text):
            raise BrokenOff(self.view.stop)
        self.sure = self.at
        self.ends_here()
        return self.value(named=level.named)

    def close(self, level: Level) -> bool:
        """End the innermost container; return whether it was the root."""
        if self.was_folded():
            level.left_out = UNKNOWN
        shown_and_not = level.seen + max(level.left_out, 0)
        if level.declared >= 0 and level.left_out != UNKNOWN and shown_and_not != level.declared:
            self.refuse(f"{level.declared} members are declared, {shown_and_not} stand there")
        self.at += len(level.closer)
        return self.pop()

    def was_folded(self) -> bool:
        """Return whether a browser folded the container that closes here, and take note: its members are not shown."""
        if not self.text.endswith(tokens.FOLDED, 0, self.at):
            return False
        self.limits, self.limit_name = True, "a browser that folded it"
        return True

    def key(self, level: Level) -> bool:
        """Read a key or a property's name; return False when a whole line was taken that has none."""
        if level.named:
            return self.property_name(level)
        if found := self.match(tokens.INTEGER_KEY):
            level.name(int(found[1]))
            self.keys += 1
        elif (head := tokens.STRING.match(self.text, self.at)) and (stop := self.key_stop(head.end())) is not None:
            arrow = self.view.raw[self.view.start(stop) : self.view.start(stop + 5)]
            self.encoded |= b"&" in arrow
            text, _ = shown(
                self.view.between(head.end(), stop), None, binary=head["binary"] is not None, encoded=self.encoded
            )
            self.taken(head.end(), stop)
            self.look_for_quotes(head.end(), stop)
            level.name(text if isinstance(text, str) else key_text(unescaped(self.text[head.end() : stop])))
            self.at = stop + len(b'" => ')
            self.keys += 1
        elif level.declared < 0:
            level.name(level.seen)
        else:
            self.expected("neither a key nor a closing bracket follows a member", tokens.PARTIAL)
        self.shown_by_key |= level.declared >= 0
        return True

    def look_for_quotes(self, start: int, stop: int) -> None:
        """Take note of a text between two places that is in no code, for it holds words in quotes of its own kind."""
        if tokens.QUOTED_WITHIN.search(self.text, start, stop):
            self.unescaped += 1
            self.shown_by_key = True

    def key_stop(self, start: int) -> int | None:
        """Return where a key in quotes ends, when this line has one."""
        limit = min(start + tokens.KEY_LONGEST, self.view.next(b"\n", start) + 1)
        place = self.text.find(b'" =>', start, limit)
        return place if place >= 0 and tokens.KEY_END.match(self.text, place) else None

    def property_name(self, level: Level) -> bool:
        """Read the name of a property; a line of a trace or of code has none and is taken as it stands."""
        found = self.match(tokens.PROPERTY)
        if found and found["name"] and not found["sign"] and PARAGRAPH.match(self.text, self.sure, found.start() + 1):
            raise BrokenOff(self.sure)  # a name with a colon may begin a paragraph of prose
        if found:
            group = "name" if found["quoted"] is None else "quoted"
            raw = self.view.between(*found.span(group))
            name, _ = shown(raw, None, binary=False, encoded=self.encoded)
            self.taken(*found.span(group))
            level.name(
                name if isinstance(name, str) else key_text(unescaped(found[group])),
                "private" if found["sign"] == b"-" else None,
            )
            self.shown_by_key |= found["sign"] is not None
            return True
        indented = self.text.endswith(b"\n" + b"  " * len(self.stack), 0, self.at)
        if level.class_name is not None or not self.lines or not indented:
            self.expected("neither a property nor a closing brace follows a member", tokens.PARTIAL)
        level.name(str(level.seen))
        level.add(key_text(self.line(len(self.stack))))
        return False

    def line(self, depth: int) -> bytes:
        """Take this line; when it opens braces that have no number, also the lines inside them.

        Raises:
            BrokenOff: The mark of an excerpt ends it.
        """
        start, stop = self.at, self.view.next(b"\n", self.at)
        self.excerpt_ends_line()
        if self.text[start:stop].rstrip().endswith(b"{"):
            closer = b"\n" + b"  " * depth + b"}"
            end = self.text.find(closer, stop)
            if end < 0:
                self.at = len(self.text)
                self.refuse("braces are opened and never closed")
            stop = end + len(closer)
        self.at = stop
        return self.text[start:stop].rstrip()

    def value(self, *, named: bool = False) -> bool:  # noqa: PLR0911 - one return a kind of value
        """Read a value; return whether it was the whole root."""
        self.match(tokens.REFERENCE)
        if found := self.match(tokens.ARRAY):
            return self.opened(Level(int(found[1]), None))
        if self.text.startswith(b"[]", self.at):
            self.at += 2
            return self.put([])
        if found := self.match(tokens.LIGHT):
            return self.opened(Level(UNKNOWN, None))
        if found := self.match(tokens.STRING):
            length = int(found["length"]) if found["length"] else None
            return self.string(length, binary=found["binary"] is not None)
        if found := self.match(tokens.SCALAR):
            return self.put(self.scalar(found.lastgroup or "", found[found.lastgroup or 0]))
        if found := self.match(tokens.OBJECT):
            self.signs += 1
            return self.object(found["class"], int(found["id"]))
        if found := self.match(tokens.RESOURCE):
            self.signs += 1
            return self.resource(found["type"], int(found["id"]), has_members=found["open"] is not None)
        if found := tokens.NUMBER_BEGUN.match(self.text, self.at):
            self.sure = found.end()  # its point ends no sentence
        return self.virtual() if named else self.expected("no value follows a key", tokens.PARTIAL)

    def virtual(self) -> bool:
        """Read what a virtual member shows that is no value of PHP."""
        if found := self.match(tokens.META):
            name = key_text(found["class"].strip()) if found["class"] else None
            self.push(Level(UNKNOWN, name, closer=b"}", named=True))
            return False
        if self.lines:
            return self.put(key_text(self.virtual_line()))
        found = self.match(tokens.META_VALUE) or self.expected("no value follows a name", tokens.PARTIAL)
        if self.at >= self.view.stop:
            raise BrokenOff(self.view.stop)
        return self.put(key_text(found[0].strip()))

    def virtual_line(self) -> bytes:
        """Take the line of a property that shows no value of PHP.

        Raises:
            BrokenOff: The text breaks off in it, or the mark of an excerpt begins it.
        """
        if mark := tokens.DOTS_FIRST.match(self.text, self.at):
            raise BrokenOff(mark.end())
        name_stop = self.sure
        line = self.line(len(self.stack))
        at_end = self.at >= self.view.stop
        if at_end or self.text.startswith(b"\n\n", self.at):
            before = max(0, name_stop - tokens.PROPERTY_LONGEST)
            has_sign = tokens.SIGN_BEFORE.search(self.text, before, name_stop) is not None
            if has_sign and not tokens.CONSTANT_BEGUN.fullmatch(line):
                raise BrokenOff(len(self.text[before:name_stop].rstrip()) + before)
        if at_end:
            raise BrokenOff(self.view.stop)
        return line

    def scalar(self, kind: str, text: bytes) -> JSON:
        """Return the value of a token without members."""
        if kind == "int":
            return int(text)
        if kind == "float":
            return from_float(text)
        if kind == "bool":
            return text == b"true"
        return {"$uninitialized": key_text(text)} if kind == "uninitialized" else None

    def opened(self, level: Level) -> bool:
        """Open an array whose head was read; one that only refers to itself is closed already."""
        if self.match(tokens.ARRAY_REFERENCE):
            return self.put({"$recursion": True})
        self.push(level)
        return False

    def object(self, name: bytes | None, number: int) -> bool:
        """Open an object whose head was read; one without members is empty, or was shown before."""
        if self.text.startswith(b"}", self.at):
            self.was_folded()
            self.at += 1
            if number in self.objects:
                return self.put({"$recursion": True})
            self.objects.add(number)
            return self.put({"$class": key_text(name) if name else "stdClass"})
        self.objects.add(number)
        self.push(Level(UNKNOWN, key_text(name) if name else "stdClass", closer=b"}", named=True))
        return False

    def resource(self, kind: bytes, number: int, *, has_members: bool) -> bool:
        """Open a resource whose head was read."""
        if not has_members and not self.members_follow():
            self.limits |= self.match(tokens.RESOURCE_CUT) is not None
            return self.put({"$resource": key_text(kind), "$id": number})
        level = Level(UNKNOWN, None, closer=b"}", named=True)
        level.members["$resource"], level.members["$id"] = key_text(kind), number
        self.push(level)
        return False

    def members_follow(self) -> bool:
        """Whether members of a resource follow, whose opening brace the HTML form does not print."""
        if self.lines is not False:
            return self.text.startswith(b"\n" + b"  " * (len(self.stack) + 1), self.at)
        named = isinstance(level := self.stack[-1], Level) and level.named
        return not named and tokens.FIRST_META.match(self.text, self.at) is not None

    # ------------------------------------------------------------------------------------------------- strings

    def string(self, declared: int | None, *, binary: bool) -> bool:
        """Read a string whose opening quote was read; return whether it was the whole root."""
        start = self.at
        stop = self.line_stop(start)
        by_lines = self.lines if self.stack else stop < len(self.text)
        block = self.text.startswith(b'""', start)
        if (
            by_lines
            and block
            and not self.text[start + 2 : stop].strip()
            and (taken := self.block(stop, binary=binary))
        ):
            return taken == "root"
        if block and not by_lines and self.text[start + 2 : start + 3] in (b" ", b"\n") and self.run_together(binary):
            return not self.stack
        if by_lines and self.stack and (end := tokens.LINE_STRING_END.search(self.text, max(start, stop - 64), stop)):
            self.at = end.end() - len(end[0]) + len(end[0].rstrip(b"\r,"))
            cut = bool(end["cut"]) and not self.is_excerpt(end.start("cut"))
            if not cut and stop >= self.view.stop and self.is_beyond(start, end.start(), declared):
                raise BrokenOff(start)
            return self.text_of(start, end.start(), declared, binary=binary, cut=cut)
        last_line = stop >= self.view.stop or self.text.startswith(b"\n", stop + 1)
        if by_lines and self.stack and last_line and OBJECTS_START.match(self.text, start):
            raise BrokenOff(min(stop, self.view.stop))  # what prints JSON breaks no lines
        return self.inline_string(start, declared, binary=binary)

    def line_stop(self, start: int) -> int:
        """Return where the line ends; in a dump whose lines end without tags, one in a string ends none."""
        stop = self.view.next(b"\n", start)
        before = self.text.rfind(b"\n", max(0, start - INDENT_LONGEST), start)
        if before < 0 or self.is_tag(before) or (self.text.startswith(b"\n", before - 1) and self.is_tag(before - 1)):
            return stop
        for _ in range(TAGS_MOST):
            if stop >= len(self.text) or not self.is_tag(stop):
                break
            stop = self.view.next(b"\n", stop + 1)
        return stop

    def is_tag(self, place: int) -> bool:
        """Whether a tag stands for the line break at a place."""
        return self.view.raw.startswith(b"<", self.view.end(place))

    def inline_string(self, start: int, declared: int | None, *, binary: bool) -> bool:
        """Read a string that ends at a quote which something structural follows."""
        level = self.stack[-1] if self.stack else None
        closer = tokens.ROOT_STRING_END
        if level is not None:
            light = isinstance(level, Level) and level.declared < 0 and not level.named
            closer = tokens.INLINE_LIGHT_END if light else tokens.INLINE_STRING_END
        line_stop = self.view.next(b"\n", start)
        limit = min(line_stop + 1, start + LONGEST)
        asked = closer.pattern, limit
        end = closer.search(self.text, self.view.barren.past(asked, start), limit)
        if end is None:
            self.view.barren.add(asked, start, limit)
            self.look_for_quotes(start, min(line_stop, start + tokens.KEY_LONGEST))
            self.broken_off(None)
            self.at = min(line_stop, start + LONGEST)
            self.refuse("no quote ends a string")
        self.at = end.end()
        cut = bool(end["cut"]) and not self.is_excerpt(end.start("cut"))
        return self.text_of(start, end.start(), declared, binary=binary, cut=cut)

    def is_beyond(self, start: int, stop: int, declared: int | None) -> bool:
        """Whether more characters stand between two places than a string declares, however its escapes are read."""
        if declared is None or stop - start <= declared:
            return False
        if stop - start > BYTES_MOST * (declared + ELLIPSIS_LONGEST):
            return True
        mark = ELLIPSIS.search(self.text, max(start, stop - ELLIPSIS_LONGEST), stop)
        text = unescaped(self.text[start : mark.start() if mark else stop])
        return len(text.decode("utf-8", "ignore").rstrip()) > declared

    def is_excerpt(self, mark: int) -> bool:
        """Whether the mark behind a string is that of an excerpt, which is then left for what comes next."""
        if EXCERPT.match(self.text, mark) is None:
            return False
        self.at = mark
        return True

    def text_of(self, start: int, stop: int, declared: int | None, *, binary: bool, cut: bool) -> bool:
        """Give the string between two places to its container; return whether it was the whole root."""
        self.limits |= cut
        self.taken(start, stop)
        self.look_for_quotes(start, min(stop, start + tokens.KEY_LONGEST))
        return self.put(self.shown(self.view.between(start, stop), None if cut else declared, binary=binary))

    def shown(self, raw: bytes, declared: int | None, *, binary: bool) -> JSON:
        """Return the string that is shown as these bytes."""
        value, ambiguous = shown(raw, declared, binary=binary, encoded=self.encoded)
        self.ambiguous = ESCAPES if ambiguous else self.ambiguous
        return value

    def block(self, first: int, *, binary: bool) -> str:
        r"""Read a string of several lines, of which each but the last ends with ``\n`` as text.

        Returns:
            ``root`` or ``member``, by what it was; nothing when it is no such string.
        """
        parts: list[bytes] = []
        place, indent = first + 1, b"  " * (len(self.stack) + 1) if self.stack else b""
        goes_on = True
        while place <= len(self.text):
            stop = self.view.next(b"\n", place)
            line = self.text[place:stop]
            if parts and (end := tokens.BLOCK_END.match(line)):
                self.at = place + len(line.rstrip(b" \t\r,"))
                self.limits |= bool(end["cut"]) and not self.is_excerpt(place + end.start("cut"))
                self.taken(first, place)
                return "root" if self.put(self.shown(b"".join(parts), None, binary=binary)) else "member"
            if not goes_on:
                if tokens.BLOCK_END_PARTIAL.match(line) and (stop >= self.view.stop or line.rstrip()[-1:] != b'"'):
                    raise BrokenOff(place + len(line.rstrip()))
                break
            goes_on = tokens.LINE_GOES_ON.search(line) is not None
            raw = self.view.between(place, stop).removesuffix(b"\r")
            self.as_printed &= raw.startswith(indent) or not raw
            part = tokens.LINE_CUT.sub(b"", raw.removeprefix(indent))
            parts.append(part[:-2] + b"\n" if goes_on and part.endswith(rb"\n") else part)
            if not goes_on and len(parts) == 1:
                return ""
            if stop >= self.view.stop:
                raise BrokenOff(self.view.stop)
            place = stop + 1
        self.at = self.text.rfind(b"\n", first, place - 1) + 1 if parts else first
        self.broken_off(None)
        return self.refuse("a string of several lines has no end")

    def run_together(self, binary: bool) -> bool:  # noqa: FBT001 - one caller, which names it
        """Read a string of several lines that stand in one; return False when it is none."""
        end = tokens.RUN_TOGETHER_END.search(self.text, self.at + 2, self.at + LONGEST)
        if end is None:
            return False
        text = self.view.between(self.at + 2, end.start()).strip()
        parts = tokens.LINE_JOINT.split(text)
        tail = b"\n" if text.endswith(rb"\n") else b""
        joined = b"\n".join(part.removesuffix(rb"\n") for part in parts) + tail
        self.taken(self.at, end.start())
        self.at = end.end()
        self.limits |= bool(end["cut"])
        self.as_printed = False
        self.put(self.shown(joined, None, binary=binary))
        return True
