"""Read ``print_r`` output whose indents are lost by what its lines begin with."""

from __future__ import annotations

from pipeline.families.php_dump import print_r_tokens as tokens
from pipeline.families.php_dump.damage import after_white
from pipeline.families.php_dump.print_r_lines import Lines
from pipeline.families.php_dump.print_r_tokens import Head
from pipeline.families.php_dump.print_r_tree import Outcome
from pipeline.model import Page

UNINDENTED = "the indents or line breaks are not what PHP prints"


def read_by_line(page: Page, start: int, head: Head) -> Outcome | None:
    r"""Read a value whose lines lost their indents; None when the opening parenthesis has no line of its own.

    >>> from pipeline.families.php_dump.print_r_tokens import head_at
    >>> page = Page(b"Array<br>\n(<br>\n[k] => wet<br>\n)")
    >>> read_by_line(page, 0, head_at(page.raw, 0)).tree.value
    {'k': 'wet'}
    """
    return _Trimmed(page, start).read(head)


class _Trimmed(Lines):
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
