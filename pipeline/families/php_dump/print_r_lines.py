"""Read ``print_r`` output whose line breaks survived: by its indents, or where those are lost by what lines begin with.

A text may have lines of its own, so a line that is neither a key nor a closing parenthesis at the right indent belongs
to the text before it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from pipeline.families.php_dump import print_r_tokens as tokens
from pipeline.families.php_dump.damage import after_white
from pipeline.families.php_dump.edges import is_followed_by_prose, unfinished_stop
from pipeline.families.php_dump.print_r_tokens import Head, head_at
from pipeline.families.php_dump.print_r_tree import DEEPEST, Outcome, Tree
from pipeline.model import Page

STEP = 8
"""Blanks by which a nested value stands further right; a key stands half of that right of its parentheses."""
HEAD_ENDS = (b"Array", b" Object", b" Enum", b" Enum:int", b" Enum:string")
DAMAGED = "line ends, arrows or trailing blanks are not what PHP prints"
UNINDENTED = "the indents or line breaks are not what PHP prints"


def read_by_indent(page: Page, start: int, head: Head) -> Outcome | None:
    r"""Read a value whose every indent is as printed; None when the opening parenthesis is not.

    >>> page = Page(b"Array\n(\n    [k] => wet\n and cold\n)\n")
    >>> read_by_indent(page, 0, head_at(page.raw, 0)).tree.value
    {'k': 'wet\n and cold'}
    """
    return _Indented(page, start).read(head)


def read_by_line(page: Page, start: int, head: Head) -> Outcome | None:
    r"""Read a value whose lines lost their indents; None when the opening parenthesis has no line of its own.

    >>> page = Page(b"Array<br>\n(<br>\n[k] => wet<br>\n)")
    >>> read_by_line(page, 0, head_at(page.raw, 0)).tree.value
    {'k': 'wet'}
    """
    return _Trimmed(page, start).read(head)


class _Lines(ABC):
    """What both ways share: one pass over the lines, each looked at once."""

    damage = ""

    def __init__(self, page: Page, start: int) -> None:
        self.page = page
        self.raw = page.raw
        self.start = start
        self.tree = Tree()
        self.at = start
        self.token = start
        """Where the last piece of structure ended, or the text that may be unfinished begins."""
        self.over = False
        """Whether the head of another value stands behind a text: no text is taken to hold one."""
        self.text: tuple[int, int] | None = None
        """The text of the member that was begun, so far."""

    def read(self, head: Head) -> Outcome | None:
        opened = self.opening(head.stop, 0)
        if opened is None:
            return None
        self.tree.open(head)
        self.at, self.token = opened, self.raw.rfind(b"(", head.stop, opened) + 1
        while self.at < len(self.raw) and not self.over:
            if self.key():
                continue
            if (stop := self.closer()) is not None:
                self._end_text()
                self.tree.close()
                if not self.tree.depth:
                    return Outcome(self.tree, stop, stop, complete=True, damage=self.damage)
                self.text = None
                self.token = stop
                self.at = self.after_closer(stop)
            elif self.tree.depth > DEEPEST or not self.go_on():
                break
        return self._cut_short()

    @abstractmethod
    def opening(self, at: int, indent: int) -> int | None:
        """Return the start of the line behind an opening parenthesis; None when none follows a head."""

    @abstractmethod
    def key(self) -> bool:
        """Read a line that begins with a key; return False when it does not."""

    @abstractmethod
    def closer(self) -> int | None:
        """Return the byte behind the closing parenthesis of the innermost value; None when it is not here."""

    @abstractmethod
    def after_closer(self, stop: int) -> int:
        """Return the start of the line behind a nested value."""

    @abstractmethod
    def line_stop(self, at: int) -> tuple[int, int]:
        """Return where the line ends, and where the next one starts."""

    @abstractmethod
    def is_partial_key(self, stop: int) -> bool:
        """Whether the line may be a key that was cut off."""

    @abstractmethod
    def value_text(self, start: int, stop: int) -> bytes:
        """Return a text that may have several lines."""

    def value(self, start: int) -> None:
        """Read what stands behind an arrow, up to the end of its line, or the head of a nested value."""
        stop, following = self.line_stop(start)
        head = head_at(self.raw, start)
        if head is not None and head.stop <= stop:
            if (opened := self.opening(head.stop, STEP * self.tree.depth)) is not None:
                self.tree.open(head)
                self.text, self.at = None, opened
                self.token = self.raw.rfind(b"(", head.stop, opened) + 1
                return
            if recursion := tokens.recursion_at(self.raw, head.stop):
                self.tree.recursion()
                self.text, self.token = None, recursion
                self.at = self.line_stop(recursion)[1]
                return
        self.over = head is None and self.ends_in_head(stop)
        self.text, self.token, self.at = (start, stop), start, following

    def ends_in_head(self, stop: int) -> bool:
        """Whether the line that ends at ``stop`` ends in a head, and its parenthesis follows."""
        return self.raw.endswith(HEAD_ENDS, 0, stop) and self.opening(stop, 0) is not None

    def go_on(self) -> bool:
        """Take the line for one more of a text; return False when no text was begun."""
        stop, following = self.line_stop(self.at)
        if self.ends_in_head(stop):
            return False
        if self.is_partial_key(stop) and is_followed_by_prose(self.page, stop):
            self.text, self.token = None, self.at
            return False
        if self.text is None:
            if self.raw[self.at : stop].strip():
                return False
        else:
            self.text = (self.text[0], stop)
        self.at = following
        return True

    def _end_text(self) -> None:
        if self.text is not None:
            self.tree.scalar(self.value_text(*self.text))
            self.text = None

    def begin(self, key: bytes, value: int) -> None:
        """Complete the member before, and begin one."""
        self._end_text()
        self.tree.name(key)
        self.value(value)

    def _cut_short(self) -> Outcome:
        stop = unfinished_stop(self.page, self.token)
        if last := tokens.LAST_PARENTHESIS.match(self.raw, stop):
            stop = last.end()
        self.tree.cut()
        return Outcome(self.tree, stop, max(self.at, stop), complete=False, damage=self.damage)


class _Indented(_Lines):
    def opening(self, at: int, indent: int) -> int | None:
        printed = b"\n" + b" " * indent + b"(\n"
        if self.raw.startswith(printed, at):
            return at + len(printed)
        for damaged in (b"\r\n" + b" " * indent + b"(\r\n", b"\n" + b" " * indent + b"("):
            if self.raw.startswith(damaged, at) and (len(damaged) + at == len(self.raw) or damaged.endswith(b"\n")):
                self.damage = DAMAGED
                return at + len(damaged)
        return None

    def _indent(self) -> int:
        return STEP * (self.tree.depth - 1)

    def key(self) -> bool:
        indent = self._indent() + STEP // 2
        if not self.raw.startswith(b" " * indent + b"[", self.at):
            return False
        found = tokens.KEY.match(self.raw, self.at + indent)
        if found is None:
            return False
        if found[2] != tokens.PRINTED_ARROW or not found[0].endswith(b" "):
            self.damage = DAMAGED
            self.tree.decode |= b"&" in found[2]
        self.begin(found[1], found.end())
        return True

    def closer(self) -> int | None:
        indent = self._indent()
        if not self.raw.startswith(b" " * indent + b")", self.at):
            return None
        stop = self.at + indent + 1
        if indent:
            return stop if self.raw[stop : stop + 1] in (b"\n", b"\r", b"") else None
        return stop if tokens.AFTER_ROOT.match(self.raw, self.at) else None

    def after_closer(self, stop: int) -> int:
        if self.raw.startswith(b"\n\n", stop):
            return stop + 2
        self.damage = DAMAGED
        following = self.line_stop(stop)[1]
        after, behind = self.line_stop(following)
        return behind if not self.raw[following:after].strip() else following

    def line_stop(self, at: int) -> tuple[int, int]:
        stop = self.raw.find(b"\n", at)
        if stop < 0:
            return len(self.raw), len(self.raw)
        if self.raw[stop - 1 : stop] == b"\r" and stop > at:
            self.damage = DAMAGED
            return stop - 1, stop + 1
        return stop, stop + 1

    def is_partial_key(self, stop: int) -> bool:
        del stop
        indent = self._indent() + STEP // 2
        return self.raw.startswith(b" " * indent + b"[", self.at)

    def value_text(self, start: int, stop: int) -> bytes:
        return self.raw[start:stop]


class _Trimmed(_Lines):
    damage = UNINDENTED

    def opening(self, at: int, indent: int) -> int | None:
        del indent
        found = tokens.BREAK.match(self.raw, at)
        opening = found and tokens.opening_at(self.raw, found.end())
        if not opening:
            return None
        after = tokens.BREAK.match(self.raw, opening)
        if after is None and opening < len(self.raw):
            return None
        return after.end() if after else opening

    def _skipped(self) -> int:
        return after_white(self.raw, self.at)

    def key(self) -> bool:
        found = tokens.ANY_KEY.match(self.raw, self._skipped())
        if found is None:
            return False
        self.tree.decode |= found[2].startswith(b"&") or b"&" in found[2]
        self.begin(found[1], found.end())
        return True

    def closer(self) -> int | None:
        at = self._skipped()
        if not tokens.AFTER_ROOT.match(self.raw, at):
            return None
        if self.tree.depth > 1 and self.raw[at + 1 : self.line_stop(at + 1)[0]].strip():
            return None
        return at + 1

    def after_closer(self, stop: int) -> int:
        return self.line_stop(stop)[1]

    def line_stop(self, at: int) -> tuple[int, int]:
        found = tokens.LINE_STOP.search(self.raw, at)
        return found.span() if found else (len(self.raw), len(self.raw))

    def is_partial_key(self, stop: int) -> bool:
        return tokens.PARTIAL_KEY.match(self.raw, self._skipped(), stop) is not None

    def value_text(self, start: int, stop: int) -> bytes:
        return tokens.LINE_STOP.sub(b"\n", self.raw[start:stop]).strip()
