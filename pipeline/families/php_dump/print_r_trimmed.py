"""Read ``print_r`` output whose indents are lost by what its lines begin with.

PHP prints a blank line behind each nested value. Where it is there still, it tells the parenthesis that ends a value
from one that is alone on a line of a text; where it is not, every parenthesis alone on its line ends one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pipeline.families.php_dump import print_r_tokens as tokens
from pipeline.families.php_dump.damage import after_white
from pipeline.families.php_dump.print_r_lines import SURPLUS, Lines
from pipeline.families.php_dump.print_r_tokens import Head, head_at
from pipeline.families.php_dump.print_r_tree import Endless, Outcome
from pipeline.model import Page

if TYPE_CHECKING:
    import regex

UNINDENTED = "the indents or line breaks are not what PHP prints"
TOO_MANY = "more parentheses than values end there, and a member follows"
UNSPACED_MOST = 4
"""So many more parentheses may lack their blank line than have it: then blank lines tell nothing here."""


def read_by_spaced_line(page: Page, start: int, head: Head) -> Outcome | None:
    r"""Read a value whose lines lost their indents, and whose nested values have their blank line behind them.

    >>> from pipeline.families.php_dump.print_r_tokens import head_at
    >>> page = Page(b"Array\n(\n[k] => Array\n(\n[m] => wet\n)\ncold\n)\n\n)")
    >>> read_by_spaced_line(page, 0, head_at(page.raw, 0)).tree.value
    {'k': {'m': 'wet\n)\ncold'}}
    """
    reader, outcome = _read(_Spaced, page, start, head)
    return outcome if reader.spaced > reader.unspaced or (outcome and outcome.complete) else None


def read_by_line(page: Page, start: int, head: Head) -> Outcome | None:
    r"""Read a value whose lines lost their indents; None when the opening parenthesis has no line of its own.

    >>> from pipeline.families.php_dump.print_r_tokens import head_at
    >>> page = Page(b"Array<br>\n(<br>\n[k] => wet<br>\n)")
    >>> read_by_line(page, 0, head_at(page.raw, 0)).tree.value
    {'k': 'wet'}
    """
    return _read(_Trimmed, page, start, head)[1]


class _Trimmed(Lines):
    damage = UNINDENTED
    goes_past = True
    """Whether a parenthesis that a member follows does not end the root."""
    passed = False
    """Whether there was one."""
    surplus = False
    """Whether the next line is such a parenthesis, with no text before it."""
    tagged = True
    """Whether tags may end lines: not where none stand around the first parenthesis."""

    def opening(self, at: int, indent: int) -> int | None:
        del indent
        found = tokens.BREAK.match(self.raw, at)
        opening = tokens.opening_at(self.raw, found.end()) if found else None
        if found is None or opening is None:
            return None
        after = tokens.BREAK.match(self.raw, opening)
        if after is None and opening < len(self.raw):
            return None
        if not self.tree.depth and after and b"<" not in found[0] + after[0]:
            self.tagged = False
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
        if not tokens.AFTER_ROOT.match(self.raw, at) or self.opens_prose(at + 1):
            return None
        if self.tree.depth > 1:
            return at + 1 if self._ends_nested(at + 1) else None
        if self.goes_past and self.goes_on(at + 1):
            self.passed = True
            self.surplus = self.text is None
            self.doubt = TOO_MANY if self.surplus or tokens.SPACED.match(self.raw, at + 1) else self.doubt
            return None
        if self.is_surplus(at + 1):
            self.doubt = SURPLUS
            return None
        return at + 1

    def _ends_nested(self, stop: int) -> bool:
        """Whether nothing stands behind a parenthesis on its line."""
        return not self.raw[stop : self.line_stop(stop)[0]].strip()

    def inner_value(self, begin: int, stop: int) -> regex.Match[bytes] | None:
        found = tokens.INNER_LINES.match(self.raw, stop)
        if found is None or tokens.SPACED.match(self.raw, found.end()) is None:
            return found
        head = head_at(self.raw, begin)  # alone on its line it is that of a nested value, which has a blank line behind
        return None if head is not None and head.stop == stop else found

    def bounds(self, at: int) -> tuple[int, int]:
        return self.line_stop(at)

    def token_in(self, line: int) -> int:
        return after_white(self.raw, line)

    def begins_member(self, token: int) -> bool:
        return tokens.ANY_KEY.match(self.raw, token) is not None

    def may_follow(self, at: int, stop: int) -> bool:
        return not self.raw[at:stop].strip()

    def ends_paragraph(self, line: int, stop: int) -> bool:
        return not self.raw[line:stop].strip()

    def go_on(self) -> bool:
        if self.surplus:
            self.surplus = False
            self.at = self.line_stop(self._skipped())[1]
            return True
        return super().go_on()

    def after_closer(self, stop: int) -> int:
        return self.line_stop(stop)[1]

    def _breaks(self) -> regex.Pattern[bytes]:
        return tokens.LINE_STOP if self.tagged else tokens.PLAIN_LINE_STOP

    def line_stop(self, at: int) -> tuple[int, int]:
        found = self._breaks().search(self.raw, at)
        return found.span() if found else (len(self.raw), len(self.raw))

    def is_partial_key(self, stop: int) -> bool:
        return tokens.PARTIAL_KEY.match(self.raw, self._skipped(), stop) is not None

    def value_text(self, start: int, stop: int) -> bytes:
        return self._breaks().sub(b"\n", self.raw[start:stop]).strip()


class _Spaced(_Trimmed):
    spaced = 0
    """How many parentheses alone on their lines had a blank line behind them."""
    unspaced = 0
    """How many had none."""

    def _ends_nested(self, stop: int) -> bool:
        if not super()._ends_nested(stop):
            return False
        spaced = tokens.SPACED.match(self.raw, stop) is not None
        self.spaced += spaced
        self.unspaced += not spaced
        self.over |= self.unspaced > self.spaced + UNSPACED_MOST
        return spaced


_Lines = TypeVar("_Lines", bound=_Trimmed)


def _read(way: type[_Lines], page: Page, start: int, head: Head) -> tuple[_Lines, Outcome | None]:
    """Read past parentheses that a member follows; where the value then has no end, the first of them was it."""
    endless = page.once(Endless)
    reader = way(page, start)
    reader.goes_past = start >= endless.stop
    outcome = reader.read(head)
    if reader.passed and not (outcome and outcome.complete):
        endless.stop = max(endless.stop, reader.at)
        reader = way(page, start)
        reader.goes_past = False
        outcome = reader.read(head)
    return reader, outcome
