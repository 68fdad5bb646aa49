"""Xdebug's HTML form, read without its tags: ``array (size=1)``, ``object(Foo)[3]``, ``string 'abc' (length=3)``.

A string's length stands behind it, so each ``' (length=N)`` is held against the text before it. An object says neither
how many properties it has nor where it ends: its properties are indented further than its head, and where the indent
is lost the object goes on until something comes that cannot be its property.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import regex

from pipeline.families.php_dump.cursor import DEEPEST, ELLIPSIS, WHITE, BrokenOff
from pipeline.families.php_dump.value import Container, from_bytes, key_text
from pipeline.families.php_dump.view import decoded
from pipeline.families.php_dump.xdebug import tokens
from pipeline.families.php_dump.xdebug.lengths import Ending, code_points, fitting, with_first_bytes
from pipeline.families.php_dump.xdebug.text import Level, XdebugCursor
from pipeline.patterns import lazy_compile

LENGTHS = 8
"""Lengths behind a string that are tried at most."""
BEFORE_LENGTH = lazy_compile(rb"'(?P<cut>\.\.\.|\xe2\x80\xa6)?[ \t\r\n]{0,16}\Z")
BEFORE_LENGTH_LONGEST = 24
INDENT_LONGEST = 2048
TAGS_BEHIND = b"'</font> <i>(length="
"""What Xdebug alone prints behind a text, whose own signs it encodes; so whatever the text has lost, it ends there."""
LENGTH = lazy_compile(rb"\(length=([0-9]{1,12})\)")
PROSE = -1
OF_CLOSURES = {"closure", "parameter", "static", "this"}
"""All that Xdebug shows of a closure."""
NESTED = "which object some properties belong to is lost with the indent"


class HtmlCursor(XdebugCursor):
    """Reads one value of the HTML form."""

    as_html = True
    encoded = False
    """Whether entities are as Xdebug printed them, as those of its arrows show."""
    indented: bool | None = None
    """Whether the indent still tells levels apart; unknown before the first member of an object."""
    most = 0
    """How many members a container that has ended had at most."""
    run: Sequence[int] = ()
    """Where members are left out several times in a row."""
    run_stop = 0
    """What comes behind the last of these."""

    def read(self) -> None:
        """Read the value that begins here, to its end.

        Raises:
            Refused: It is none.
            BrokenOff: The text breaks off inside it.
        """
        self.value()
        while self.stack:
            self.step()

    def step(self) -> None:
        """Read one member of the innermost container, or end it."""
        level = self.stack[-1]
        if level.class_name is None and (level.seen == level.declared or (isinstance(level, Level) and level.cut)):
            self.finish(level)
            return
        end = self.at
        self.ends_here()
        self.white()
        if self.at >= len(self.text):
            self.at = end
            self.end_of_text()
            return
        if level.class_name is not None and tokens.MORE.match(self.text, self.at) and not self.owns_more(level):
            self.at = end
            self.pop()
        elif self.left_out(level):
            if level.class_name is not None:
                self.pop()
        elif level.class_name is None:
            self.element(level)
        elif not self.property_of(level):
            self.at = end
            self.pop()

    def owns_more(self, level: Container) -> bool:
        """Whether the members that are left out here are of the innermost object; else it has ended before.

        The indent tells. Where it is lost, so does the count: Xdebug shows as many members of whatever it cuts, and of
        nothing more than that.
        """
        indent = self.indent()
        if isinstance(level, Level) and indent >= 0 and level.indent >= 0 and self.indented is not False:
            return indent > level.indent
        around = self.stack[-2::-1]
        most = max(self.most, level.seen, *(outer.seen + 1 for outer in around), 0)
        if level.seen < most:
            return False
        times, property_follows = self.run_of_more()
        due = 0
        for outer in around:
            goes_on = outer.seen + 1 < most
            if outer.class_name is not None and goes_on and property_follows:
                break
            if outer.class_name is None and outer.seen + 1 < outer.declared:
                if goes_on:
                    break
                due += 1
        return times > due

    def run_of_more(self) -> tuple[int, bool]:
        """Return how often in a row members are left out from here on, and whether a property follows."""
        if self.at >= self.run_stop:
            self.run, place = [], self.at
            while (found := tokens.MORE.match(self.text, place)) and len(self.run) < DEEPEST:
                self.run.append(place)
                white = WHITE.match(self.text, found.end())
                place = white.end() if white else found.end()
            self.run_stop = place
        times = len(self.run) - bisect_left(self.run, self.at)
        return times, tokens.HTML_PROPERTY.match(self.text, self.run_stop) is not None

    def pop(self) -> bool:
        """Close the innermost container; return whether it was the root."""
        self.most = max(self.most, self.stack[-1].seen)
        return super().pop()

    def finish(self, level: Container) -> None:
        """End an array whose members are complete; an empty one says so, or that it stands too deep to be shown."""
        if not level.declared:
            end = self.at
            self.white()
            if not self.match(tokens.HTML_EMPTY) and not (self.in_pre and self.match(tokens.DOTS)):
                if self.at > end and self.at < self.view.stop:
                    self.broken_off(tokens.HTML_EMPTY_PARTIAL)
                self.at = end
        self.pop()

    def end_of_text(self) -> None:
        """The document ends here: so do objects, which have no end of their own, but arrays break off."""
        if any(level.class_name is None and not level.seen + 1 >= level.declared for level in self.stack):
            raise BrokenOff(self.view.stop)
        if any(level.class_name is None and level is not self.stack[-1] for level in self.stack) and (
            self.stack[-1].class_name is None
        ):
            raise BrokenOff(self.view.stop)
        if self.stack[-1].class_name is None:
            raise BrokenOff(self.view.stop)
        self.pop()

    def indent(self) -> int:
        """Return how far the token here is indented; -1 when it does not begin its line."""
        start = self.text.rfind(b"\n", max(0, self.at - INDENT_LONGEST), self.at) + 1
        return self.at - start if start and not self.text[start : self.at].strip(b" ") else PROSE

    def element(self, level: Container) -> None:
        """Read a key and its value."""
        if found := self.match(tokens.HTML_INTEGER_KEY):
            level.name(int(found[1]))
        elif self.text.startswith(b"'", self.at) and (stop := self.key_stop(self.at + 1, b"' =>", tokens.HTML_KEY_END)):
            level.name(self.key(self.at + 1, stop.start(), unescaped=False))
            self.at = stop.end()
        else:
            self.broken_off(tokens.HTML_PARTIAL)
            if self.text.startswith(b"'", self.at) and not self.is_closed():
                self.key_breaks_off_below()
            self.refuse(f"{level.declared} members are declared, {level.seen} stand there")
        self.member_value()

    def property_of(self, level: Container) -> bool:
        """Read a property and its value; return False when none of this object stands here."""
        found = tokens.HTML_PROPERTY.match(self.text, self.at)
        stop = self.key_stop(found.end(), b"'", tokens.HTML_PROPERTY_END) if found else None
        if found is None or stop is None:
            return self.partial_property()
        indent = self.indent()
        if self.indented is None:
            self.indented = isinstance(level, Level) and indent > level.indent >= 0
        name = self.key(found.end(), stop.start(), unescaped=False)
        if self.indented and indent >= 0:
            if isinstance(level, Level) and indent <= level.indent:
                return False
        elif sum(other.class_name is not None for other in self.stack) > 1:
            declared = found["visibility"] != b"public" or found["type"]
            own = found["visibility"] == b"private" and isinstance(level, Level) and level.may_hide(name)
            if (name in level.names and not stop["class"] and not own) or (declared and level.class_name == "stdClass"):
                return False
            if level.class_name == "Closure" and name not in OF_CLOSURES:
                return False
            self.ambiguous = NESTED
        owner = key_text(stop["class"]) if stop["class"] else level.class_name
        level.name(name, owner if found["visibility"] == b"private" else None)
        self.type_name = key_text(found["type"].strip())
        self.at = stop.end()
        if found["visibility"] == b"virtual":
            self.white()
            if text := self.match(tokens.HTML_VIRTUAL_VALUE):
                level.add(from_bytes(text["text"]))
                return True
        self.member_value()
        return True

    def partial_property(self) -> bool:
        """Return False, unless a property breaks off here together with the text."""
        self.broken_off(tokens.PROPERTY_PARTIAL)
        return False

    def member_value(self) -> None:
        """Read the value behind an arrow."""
        self.encoded |= self.view.raw.endswith(b"=&gt;", 0, self.view.end(self.at))
        self.sure = self.at
        self.ends_here()
        self.white()
        if self.at >= len(self.text):
            raise BrokenOff(self.view.stop)
        self.value()

    def value(self) -> None:
        """Read a value, or the head of one that has members."""
        # What stands before the root is none of its own, so that it reads the same wherever it stands.
        indent = self.indent() if self.stack else 0
        if self.match(tokens.HTML_STRING):
            self.string()
        elif found := self.match(tokens.HTML_ARRAY):
            self.push(Level(int(found[1]), None))
        elif found := self.match(tokens.HTML_OBJECT):
            self.push(Level(PROSE, key_text(found[1]), indent=indent))
        elif found := self.match(tokens.HTML_SCALAR):
            if self.is_last() and (found["recursion"] in tokens.MARKS or self.ends_open(found)):
                raise BrokenOff(self.view.stop)
            self.put({"$uninitialized": self.type_name} if found["uninitialized"] else self.scalar(found))
            if found["enum"] and self.text.startswith(b" :", self.at):
                self.at += 1
                self.broken_off(tokens.ENUM_VALUE_PARTIAL)
                self.at -= 1
        else:
            if found := tokens.HTML_FLOAT_BEGUN.match(self.text, self.at):
                self.sure = found.end()  # its point ends no sentence
            self.expected("no value follows a key", tokens.HTML_PARTIAL)

    def is_last(self) -> bool:
        """Whether the text ends here, or in the mark of an excerpt."""
        return self.at >= self.view.stop or ELLIPSIS.fullmatch(self.text, self.at, self.view.stop) is not None

    def ends_open(self, found: regex.Match[bytes]) -> bool:
        """Whether a number ends inside the tag that colours it: there may have been more of it."""
        is_number = found.lastgroup in {"int", "float"}
        return is_number and self.in_pre and self.view.last_change(self.at).startswith(b"<font")

    def string(self) -> None:
        """Read the text of a string whose head was read."""
        start = self.at
        end = self.string_end(start)
        if end is None:
            examined, self.at = self.at, start
            if self.in_last_line(start):
                raise BrokenOff(self.view.stop)
            self.broken_off(None)
            if not self.is_closed():
                self.breaks_off_below(start, tokens.HTML_LENGTH_PARTIAL)
            self.at = examined
            self.refuse("no length that stands behind a string fits it")
        self.taken(start, end.stop)
        self.at = end.closer.end()
        self.limits |= end.cut
        self.as_printed &= end.fits or end.cut
        self.put(from_bytes(end.text))

    def broken_off(self, partial: regex.Pattern[bytes] | None) -> None:
        """Look whether the text breaks off in this line, before the ``</pre>`` of the root.

        Raises:
            BrokenOff: It does.
        """
        if not self.is_closed():
            super().broken_off(partial)

    def in_last_line(self, place: int) -> bool:
        """Whether no line, no length and no ``</pre>`` ends behind a place in one; entities may break lines there."""
        view = self.view
        if not self.in_pre or self.is_closed() or view.last_line_break >= view.end(place):
            return False
        last = view.previous(tokens.HTML_LENGTH, len(self.text))
        if last >= 0 and LENGTH.match(self.text, last) is None:
            last = view.previous(tokens.HTML_LENGTH, last)
        return last < place

    def string_end(self, start: int) -> Ending | None:
        """Return where a string ends: at the first length that fits, else at the first that nearly does."""
        view, place = self.view, start
        nearest: Ending | None = None
        limit = self.next_dump(start)
        for _ in range(LENGTHS):
            place = view.next(tokens.HTML_LENGTH, place)
            if place >= limit:
                break
            length = LENGTH.match(self.text, place)
            before = BEFORE_LENGTH.search(self.text, max(start, place - BEFORE_LENGTH_LONGEST), place)
            place += 1
            if length is None or before is None:
                continue
            stop, declared = before.start(), int(length[1])
            whole = with_first_bytes(decoded(view.between(start, stop)))
            if not before["cut"] and (fit := fitting(view, start, stop, declared)):
                # Where arrows are encoded, so are texts: another length fits by chance.
                fits, text = fit if not self.encoded else (fit[0] and fit[1] == whole, whole)
                return Ending(stop, length, fits, text)
            if before["cut"] and stop - start <= 8 * declared and nearest is None:
                return Ending(stop, length, fits=False, text=decoded(view.between(start, stop)), cut=True)
            if not before["cut"] and len(whole) == declared:
                return Ending(stop, length, fits=True, text=whole)
            off = min(abs(size - declared) for size in (stop - start, code_points(view.text[start:stop])))
            is_told = view.raw.startswith(TAGS_BEHIND, view.start(stop))
            if nearest is None and (is_told or off <= max(16, declared // 3)):
                nearest = Ending(stop, length, fits=False, text=whole)
        if nearest is None:
            self.at = max(self.at, min(place, len(self.text)))
        return nearest
