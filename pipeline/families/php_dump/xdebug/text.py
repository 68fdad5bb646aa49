"""Xdebug's text form: ``array(1) {``, ``class Foo#1 (2) {``, keys in single quotes, values on lines of their own."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace

import regex

from pipeline.families.php_dump.cursor import (
    ELLIPSIS,
    ELLIPSIS_LONGEST,
    EXCERPT,
    INDENT_LONGEST,
    BrokenOff,
    Cursor,
    blank_line_stands,
)
from pipeline.families.php_dump.last_line import MARK_SIZE
from pipeline.families.php_dump.tokens import GOES_ON, JSON_START
from pipeline.families.php_dump.value import JSON, Container, from_bytes, from_float, key_text
from pipeline.families.php_dump.view import decoded
from pipeline.families.php_dump.xdebug import tokens
from pipeline.families.php_dump.xdebug.lengths import Closer, code_points, ending, with_first_bytes
from pipeline.families.sentences import holds_words
from pipeline.patterns import lazy_compile

LINES_LONGEST = 4096
"""Bytes at most of a text of several lines that breaks off, and may be known by nothing but a mark."""
CLOSED_LONGEST = 64
PARAGRAPH_BREAKS = (b"\n\n", b"\n\r\n")
NUL = rb"\000"
"""How a string shows a NUL byte; a key shows it as ``\\0``."""
ELEMENT = Closer(
    tokens.TEXT_ELEMENT_END,
    tokens.TEXT_EXACT_END,
    tokens.TEXT_ELEMENT_END,
    tokens.TEXT_SURE_ELEMENT_END,
    breaks_off=True,
)
PROPERTY = Closer(
    tokens.TEXT_PROPERTY_STOP,
    tokens.TEXT_EXACT_END,
    tokens.TEXT_PROPERTY_STOP,
    tokens.TEXT_SURE_PROPERTY_STOP,
    breaks_off=True,
)
LAST_ELEMENT = replace(ELEMENT, last=tokens.TEXT_LAST_CUT)
LAST_PROPERTY = replace(PROPERTY, last=tokens.TEXT_LAST_CUT)
"""Those of the root's last member: the brace behind it is the root's own, and prose may follow."""
NOTHING = lazy_compile(rb"(?!)")
"""No member stands behind a string at the root, so none tells that it ends."""
ROOT = Closer(tokens.TEXT_ROOT_END, tokens.TEXT_ROOT_EXACT_END, tokens.TEXT_ROOT_LINE_END, NOTHING, alone=True)


@dataclass(slots=True)
class Level(Container):
    """A container of Xdebug, which may have been left unfinished.

    Attributes:
        cut: Whether Xdebug left out members, for there were too many or they stood too deep.
        indent: Of the HTML form: how far its head is indented.
    """

    cut: bool = False
    indent: int = -1
    inherited: set[str] = field(default_factory=set)
    """Private properties of a parent, which the class may have as well."""

    def name(self, key: str | int, class_name: str | None = None) -> None:
        """Begin the member ``key``, and remember a private one of a parent."""
        if class_name not in {None, self.class_name}:
            self.inherited.add(str(key))
        Container.name(self, key, class_name)

    def may_hide(self, name: str) -> bool:
        """Whether a private property has the name of a parent's, and is not here yet."""
        return name in self.inherited and f"{self.class_name}::{name}" not in self.names

    @property
    def complete(self) -> bool:
        """Whether every member that is declared stands there."""
        return self.seen == self.declared


class XdebugCursor(Cursor):
    """What both forms share."""

    limit_name = "Xdebug's own limit"
    as_html = False
    type_name = ""
    """The type of the property whose value comes next, where it has one."""

    def key(self, start: int, stop: int, *, unescaped: bool) -> str:
        """Return the key or property name between two places; ``unescaped`` undoes what the text form escapes."""
        raw = self.view.between(start, stop)
        arrow = self.view.changes(self.view.start(stop), self.view.end(stop + 4))
        name = decoded(raw) if self.as_html or arrow else raw
        self.taken(start, stop)
        name = with_first_bytes(name) if self.as_html else name
        return key_text(tokens.ESCAPED_QUOTE.sub(rb"\1", name).replace(rb"\0", b"\0") if unescaped else name)

    def key_stop(self, start: int, literal: bytes, end: regex.Pattern[bytes]) -> regex.Match[bytes] | None:
        """Return the first place behind ``start`` where a key ends and a value follows it."""
        limit = min(start + tokens.KEY_LONGEST, self.next_dump(start))
        place = self.text.find(literal, start, limit)
        while place >= 0:
            if found := end.match(self.text, place):
                return found
            place = self.text.find(literal, place + 1, limit)
        return None

    def scalar(self, found: regex.Match[bytes]) -> JSON:  # noqa: PLR0911 - one return a kind of value
        """Return the value of a token without members or length."""
        name = found.lastgroup
        text = found[name] if name else b""
        if name == "int":
            return int(text)
        if name == "float":
            return from_float(text)
        if name == "bool":
            return text == b"true"
        if name == "enum":
            return {"$enum": key_text(text)}
        if name == "resource":
            return {"$resource": key_text(text), "$id": int(found["id"])}
        if name == "recursion":
            return {"$recursion": True}
        return None

    def broken_off(self, partial: regex.Pattern[bytes] | None) -> None:
        """Look whether the text breaks off in this line.

        Raises:
            BrokenOff: It does.
        """
        if partial and (begun := tokens.NULLABLE_BEGUN.match(self.text, self.at)):
            self.sure = begun.end()
        super().broken_off(partial)

    def left_out(self, level: Container) -> bool:
        """Step over what says that members of the innermost container are not shown; return whether it stands here.

        Raises:
            BrokenOff: The mark of an excerpt stands behind it.
        """
        more = self.match(tokens.MORE)
        if not more and (level.seen or not self.match(tokens.DOTS)):
            if words := tokens.MORE_WORDS.match(self.text, self.at):
                self.sure = words.end()  # one of their dots ends no sentence
            return False
        if isinstance(level, Level):
            level.cut = self.limits = True
        if more and (more["excerpt"] or (not self.as_html and blank_line_stands(self.text, self.at))):
            raise BrokenOff(self.at)
        return True

    def key_breaks_off_below(self) -> None:
        """Look whether a key of several lines begins at this quote and breaks off at a mark below.

        Raises:
            BrokenOff: It does.
        """
        if tokens.KEY_OF_LINES.match(self.text, self.at):
            self.breaks_off_below(self.at + 1)

    def breaks_off_below(self, start: int, closed: regex.Pattern[bytes] | None = None) -> None:
        """Look whether a text of several lines breaks off at the next mark of an excerpt, or where the document ends.

        It does where its closing quote stands there with the first letters of its length; else only in its paragraph,
        at a mark, and where its further lines have no words side by side as prose below would have.

        Args:
            start: Place of its first byte.
            closed: The closing quote with what stands behind it, at the end.

        Raises:
            BrokenOff: It does.
        """
        view = self.view
        marks = view.starts(EXCERPT)
        index = bisect_left(marks, start)
        is_marked = index < len(marks)
        stop = marks[index] if is_marked else view.stop
        if stop - start > LINES_LONGEST:
            return
        if closed is None or not closed.search(self.text, max(start, stop - CLOSED_LONGEST), stop):
            line = view.next(b"\n", start)
            if not is_marked or view.next(b"\n\n", start) < stop or holds_words(self.text, line, stop):
                return
        raise BrokenOff(stop + MARK_SIZE * is_marked)


class TextCursor(XdebugCursor):
    """Reads one value of the text form."""

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
        start = self.at
        self.ends_here()
        self.white()
        if self.at >= len(self.text):
            raise BrokenOff(self.view.stop)
        gap = self.text[start : self.at]
        if self.text.startswith(b"}", self.at):
            self.as_printed &= gap == b"\n" + b"  " * (depth - 1) or self.loose_before(start)
            return self.close(level)
        if self.left_out(level):
            return False
        self.as_printed &= gap == b"\n" + b"  " * depth or self.loose_before(start)
        self.member(level)
        self.sure = start = self.at
        self.ends_here()
        self.white()
        dots = tokens.DOTS.match(self.text, self.at)
        if self.at >= len(self.text) or (dots and dots.end() >= self.view.stop):
            raise BrokenOff(self.view.stop)
        self.as_printed &= self.text[start : self.at] == b"\n" + b"  " * depth or bool(dots)
        return self.value()

    def beyond(self) -> bool:
        """Whether a new paragraph begins here: not indented behind Xdebug's dots, or as ``(more elements)...`` is."""
        before = len(self.text[max(0, self.at - INDENT_LONGEST) : self.at].rstrip()) + max(0, self.at - INDENT_LONGEST)
        is_loose = self.loose_before(before) or tokens.MORE_BEGINS.match(self.text, self.at) is not None
        return super().beyond() and not (is_loose and self.text.endswith(b" ", 0, self.at))

    def loose_before(self, start: int) -> bool:
        """Whether Xdebug itself is free with white space here: it is, behind the dots of what it left out."""
        return self.text.endswith((b"...", b"\xe2\x80\xa6"), 0, start)

    def close(self, level: Container) -> bool:
        """End the innermost container; return whether it was the root."""
        if not (isinstance(level, Level) and level.cut) and level.seen != level.declared:
            self.refuse(f"{level.declared} members are declared, {level.seen} stand there")
        self.at += 1
        return self.pop()

    def member(self, level: Container) -> None:
        """Read the key of a member, or the visibility, type and name of a property."""
        if level.class_name is None:
            if found := self.match(tokens.TEXT_INTEGER_KEY):
                level.name(int(found[1]))
                return
            if self.text.startswith(b"'", self.at):
                stop = self.key_stop(self.at + 1, b"' =>", tokens.TEXT_KEY_END)
                if stop:
                    level.name(self.key(self.at + 1, stop.start(), unescaped=True))
                    self.at = stop.end()
                    return
                self.broken_off(tokens.TEXT_PARTIAL)
                self.key_breaks_off_below()
        elif found := tokens.TEXT_PROPERTY.match(self.text, self.at):
            stop = self.key_stop(found.end(), b" =>", tokens.TEXT_PROPERTY_END)
            if stop:
                level.name(self.key(found.end(), stop.start(), unescaped=True))
                self.type_name = key_text(found["type"] or b"")
                self.at = stop.end()
                return
        partial = tokens.TEXT_PARTIAL if level.seen < level.declared else tokens.TEXT_CLOSER
        self.expected("neither a key nor a closing brace follows a member", partial)

    def value(self) -> bool:
        """Read a value; return whether it was the whole root."""
        if found := self.match(tokens.TEXT_STRING):
            return self.string(int(found[1]))
        if found := self.match(tokens.TEXT_ARRAY):
            self.push(Level(int(found[1]), None))
            return False
        if found := self.match(tokens.TEXT_OBJECT):
            self.push(Level(int(found[2]), key_text(found[1])))
            return False
        found = self.match(tokens.TEXT_SCALAR)
        if found is None:
            self.expected("no value follows a key", tokens.TEXT_PARTIAL)
        if found["uninitialized"] and self.stack:
            self.stack[-1].add({"$uninitialized": self.type_name})
            return False
        return self.put(self.scalar(found))

    def stop_without_mark(self) -> int:
        """Return where the text ends, without the ellipsis of an excerpt."""
        begin = max(self.at, self.view.stop - ELLIPSIS_LONGEST)
        mark = ELLIPSIS.search(self.text, begin, self.view.stop)
        return mark.start() if mark else self.view.stop

    def may_reach(self, stop: int, declared: int) -> bool:
        """Whether a text of a declared length may reach a place, if each of its bytes became a character."""
        size = stop - self.at
        return size <= 4 * declared and code_points(self.text[self.at : stop]) <= declared

    def string(self, declared: int) -> bool:
        """Read the text of a string whose head was read; return whether it was the whole root."""
        start = self.at
        closer = ROOT
        if self.stack:
            level = self.stack[-1]
            is_last = len(self.stack) == 1 and level.seen + 1 == level.declared
            if level.class_name is None:
                closer = LAST_ELEMENT if is_last else ELEMENT
            else:
                closer = LAST_PROPERTY if is_last else PROPERTY
        end = ending(self.view, start, declared, closer, NUL)
        if end is None:
            self.declared_stop = self.view.end(start) + declared
            line = self.view.next(b"\n", start)
            if line >= self.view.stop:
                self.sure = start
            to_the_end = start + declared >= self.stop_without_mark()
            break_behind = b"\n" if to_the_end else b"\n\n"
            if JSON_START.match(self.text, start) and self.view.raw.startswith(break_behind, self.view.start(line)):
                raise BrokenOff(min(line, self.view.stop))  # what prints JSON breaks no lines
            if to_the_end:
                if max(self.view.previous(blank, self.view.stop) for blank in PARAGRAPH_BREAKS) < start:
                    self.broken_off(None)  # at dots that end its line, where there are any
                    raise BrokenOff(self.view.stop)
                self.broken_off(None)
            elif self.view.next(b"\n", start) >= self.view.stop and self.may_reach(self.view.stop, declared):
                self.broken_off(None)
            self.breaks_off_below(start)
            self.at = min(len(self.text), start + 3 * declared + 64)
            self.refuse(f"no closing quote stands where {declared} bytes end")
        if not self.stack and b"\n" in self.text[start : end.stop] and GOES_ON.match(self.text, end.closer.end()):
            self.at = end.stop
            self.refuse("a string of several lines ends in the midst of one")
        self.taken(start, end.stop)
        self.at = end.closer.end()
        self.limits |= end.cut
        self.as_printed &= end.fits or end.cut
        return self.put(from_bytes(end.text))
