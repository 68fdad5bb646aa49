"""Where a string of VarDumper ends.

Where lines are kept a string ends with its line, whatever quotes it holds. Where they are not, it ends at a quote that
something structural follows.
"""

from __future__ import annotations

from pipeline.families.php_dump.cursor import ELLIPSIS, ELLIPSIS_LONGEST, EXCERPT, INDENT_LONGEST, BrokenOff, Cursor
from pipeline.families.php_dump.symfony import tokens
from pipeline.families.php_dump.symfony.level import Level
from pipeline.families.php_dump.symfony.strings import shown, unescaped
from pipeline.families.php_dump.tokens import OBJECTS_START
from pipeline.families.php_dump.value import JSON
from pipeline.families.php_dump.view import View

ESCAPES = "a backslash in a string may be an escape or a character of its own"
TAGS_MOST = 16
"""So many tags in a string are stepped over that stand for line breaks elsewhere."""
BYTES_MOST = 4
"""Bytes at most that show one character, be they an escape or UTF-8."""
LONGEST = 1_000_000
"""Bytes of a string at most whose end has to be searched for."""


class StringCursor(Cursor):
    """Reads strings.

    Attributes:
        lines: Whether the dump still has its lines; None before that is known.
        encoded: Whether text is encoded as HTML.
        unescaped: How many texts hold quotes that every program would have to escape.
    """

    def __init__(self, view: View, at: int) -> None:
        super().__init__(view, at)
        self.lines: bool | None = None
        self.encoded = False
        self.unescaped = 0

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

    def look_for_quotes(self, start: int, stop: int) -> None:
        """Take note of a text between two places that is in no code, for it holds words in quotes of its own kind."""
        if tokens.QUOTED_WITHIN.search(self.text, start, stop):
            self.unescaped += 1
            self.shown_by_key = True
