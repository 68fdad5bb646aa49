"""One value as VarDumper prints it, lines kept or run together: its members, and what they are called."""

from __future__ import annotations

from pipeline.families.php_dump.cursor import MARGIN_BEHIND_BLANK_LINE, BrokenOff
from pipeline.families.php_dump.symfony import tokens
from pipeline.families.php_dump.symfony.level import Level
from pipeline.families.php_dump.symfony.string_ends import StringCursor
from pipeline.families.php_dump.symfony.strings import shown, unescaped
from pipeline.families.php_dump.value import JSON, from_float, key_text
from pipeline.families.php_dump.view import View

UNKNOWN = -1


class SymfonyCursor(StringCursor):
    """Reads one value.

    Attributes:
        signs: How often something stood there that VarDumper alone prints.
        objects: The numbers of the objects that were shown.
        commas: How many values have a comma behind them.
        unparted: How many members stand behind another one without a comma between them.
        keys: How many keys of arrays have been read, each with its arrow.
    """

    limit_name = "VarDumper's own limit"

    def __init__(self, view: View, at: int) -> None:
        super().__init__(view, at)
        self.signs = 0
        self.objects: set[int] = set()
        self.commas = 0
        self.unparted = 0
        self.keys = 0

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

    def key_stop(self, start: int) -> int | None:
        """Return where a key in quotes ends, when this line has one."""
        limit = min(start + tokens.KEY_LONGEST, self.view.next(b"\n", start) + 1)
        place = self.text.find(b'" =>', start, limit)
        return place if place >= 0 and tokens.KEY_END.match(self.text, place) else None

    def property_name(self, level: Level) -> bool:
        """Read the name of a property; a line of a trace or of code has none and is taken as it stands."""
        found = self.match(tokens.PROPERTY)
        named = found and found["name"] and not found["sign"]
        if found and named and MARGIN_BEHIND_BLANK_LINE.match(self.text, self.sure, found.start() + 1):
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
