"""Read ``print_r`` output by its indents, every one of which is as printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.families.php_dump import print_r_tokens as tokens
from pipeline.families.php_dump.print_r_lines import GOES_ON_LONGEST, HEAD_ENDS, STEP, Lines
from pipeline.families.php_dump.print_r_tokens import Head
from pipeline.families.php_dump.print_r_tree import Outcome
from pipeline.model import Page

if TYPE_CHECKING:
    import regex

DAMAGED = "line ends, arrows or trailing blanks are not what PHP prints"


def read_by_indent(page: Page, start: int, head: Head) -> Outcome | None:
    r"""Read a value whose every indent is as printed; None when the opening parenthesis is not.

    >>> from pipeline.families.php_dump.print_r_tokens import head_at
    >>> page = Page(b"Array\n(\n    [k] => wet\n and cold\n)\n")
    >>> read_by_indent(page, 0, head_at(page.raw, 0)).tree.value
    {'k': 'wet\n and cold'}
    """
    return _Indented(page, start).read(head)


class _Indented(Lines):
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
        found = found or self._long_key(self.at + indent, b"\n" + b" " * indent + b"[")
        if found is None:
            return False
        if found[2] != tokens.PRINTED_ARROW or not found[0].endswith(b" "):
            self.damage = DAMAGED
            self.tree.decode |= b"&" in found[2]
        self.begin(found[1], found.end())
        return True

    def _long_key(self, at: int, following: bytes) -> regex.Match[bytes] | None:
        """Return a key of several lines, unless the line of the next key comes first."""
        found = tokens.LONG_KEY.match(self.raw, at)
        return None if found is None or following in found[0] else found

    def closer(self) -> int | None:
        indent = self._indent()
        if not self.raw.startswith(b" " * indent + b")", self.at):
            return None
        stop = self.at + indent + 1
        if indent:
            return stop if self.raw[stop : stop + 1] in (b"\n", b"\r", b"") else None
        if not tokens.AFTER_ROOT.match(self.raw, self.at) or self.opens_prose(stop):
            return None
        if self.text is not None and self.goes_on(stop):
            return None
        return stop

    def inner_value(self, stop: int) -> regex.Match[bytes] | None:
        return tokens.INNER.match(self.raw, stop)

    def goes_on(self, at: int, *, closed: bool = False) -> bool:
        """Whether a member of the innermost value follows soon behind a parenthesis, which then belongs to a text.

        Nothing prints members without a head, so no prose stands before one. ``closed`` makes the end of the
        innermost value count as well.
        """
        indent = b" " * self._indent()
        window = self.raw[at : at + GOES_ON_LONGEST]
        at += window.find(b"\n") + 1
        for line in window.split(b"\n")[1:]:
            if line.startswith(indent + b"    ["):
                return tokens.KEY.match(self.raw, at + len(indent) + 4) is not None
            if closed and line.startswith(indent + b")"):
                return True
            if line.rstrip(b"\r").endswith(HEAD_ENDS) or (not indent and not line.strip()):
                return False
            at += len(line) + 1
        return False

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
