"""Reading ``print_r`` output line by line: what its two ways share, one by indents and one by what lines begin with.

A text may have lines of its own, so a line that is neither a key nor a closing parenthesis at the right indent belongs
to the text before it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import regex

from pipeline.families.php_dump import print_r_tokens as tokens
from pipeline.families.php_dump.damage import after_white
from pipeline.families.php_dump.edges import cut_short_stop, has_last_paragraph, is_followed_by_prose, without_ellipsis
from pipeline.families.php_dump.print_r_tokens import Head, head_at
from pipeline.families.php_dump.print_r_tree import DEEPEST, Outcome, Tree
from pipeline.model import Page

STEP = 8
"""Blanks by which a nested value stands further right; a key stands half of that right of its parentheses."""
INNER_MOST = 4
"""So many values at most may stand whole within the texts of another one: each is read a second time."""
GOES_ON_LONGEST = 512
"""How far behind a parenthesis the next member is looked for."""
SURPLUS = "more parentheses than values end there"
BEFORE_LONGEST = 64
HEAD_ENDS = (b"Array", b" Object", b" Enum", b" Enum:int", b" Enum:string")


class Lines(ABC):
    """What both ways share: one pass over the lines, each looked at once."""

    damage = ""
    inner = 0
    """How many values stood whole within texts."""
    knows_members = False
    """Whether a member is known by its indent, so that no prose is taken for one."""

    def __init__(self, page: Page, start: int) -> None:
        self.page = page
        self.raw = page.raw
        self.start = start
        self.tree = Tree()
        self.at = start
        self.token = start
        """Where the last piece of structure ended, or the text that may be unfinished begins."""
        self.doubt = ""
        self.over = False
        """Whether to stop here, as where the head of another value stands behind a text."""
        self.text: tuple[int, int] | None = None
        """The text of the member that was begun, so far."""

    def read(self, head: Head) -> Outcome | None:
        """Read the value behind its head; None when no opening parenthesis follows as this way wants it."""
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
                    return Outcome(self.tree, stop, stop, complete=True, damage=self.damage, doubt=self.doubt)
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

    def embedded(self, begin: int, stop: int) -> int | None:
        """Return the byte behind a value that a text holds whole, whose head ends its line; None for most.

        Args:
            begin: Where the text of the line begins.
            stop: Where the line ends, and with it the head.
        """
        if self.inner == INNER_MOST or not self.raw.endswith(HEAD_ENDS, 0, stop):
            return None
        found = self.inner_value(begin, stop)
        if found is None or not self.goes_on(found.end(), closed=True):
            return None
        self.inner += 1
        return found.end()

    @abstractmethod
    def inner_value(self, begin: int, stop: int) -> regex.Match[bytes] | None:
        """Return what stands behind the head of a value that a text holds whole; None when it is no value."""

    def goes_on(self, at: int, *, closed: bool = False) -> bool:
        """Whether the next member follows soon behind a parenthesis, which then belongs to a text.

        Nothing prints members without a head, so no prose stands before one. ``closed`` makes the end of the
        innermost value count as well, and lets other values stand between.
        """
        limit = min(at + GOES_ON_LONGEST, len(self.raw))
        stop, line = self.bounds(at)
        if closed and not self.may_follow(at, stop):
            return False
        inner = self.inner
        while line < limit:
            token = self.token_in(line)
            if self.begins_member(token):
                return True
            if closed and self.raw.startswith(b")", token) and self.is_alone(token):
                return True
            stop, following = self.bounds(line)
            if self.raw.endswith(HEAD_ENDS, 0, stop):
                found = self.inner_value(token, stop) if closed and inner < INNER_MOST else None
                if found is not None:
                    inner += 1
                    following = self.bounds(found.end())[1]
                elif tokens.opening_at(self.raw, stop) is not None:
                    return False
            elif self.ends_paragraph(line, stop) and (closed or not self.knows_members):
                return False
            line = following
        return False

    @abstractmethod
    def bounds(self, at: int) -> tuple[int, int]:
        """Return where the line ends, and where the next one starts, and remember nothing."""

    @abstractmethod
    def token_in(self, line: int) -> int:
        """Return where in a line the structure begins that may stand there."""

    @abstractmethod
    def begins_member(self, token: int) -> bool:
        """Whether a key of the innermost value begins at a byte."""

    @abstractmethod
    def may_follow(self, at: int, stop: int) -> bool:
        """Whether what stands behind the parenthesis of an inner value on its line may be text."""

    @abstractmethod
    def ends_paragraph(self, line: int, stop: int) -> bool:
        """Whether a line is one below which no member is looked for."""

    def is_alone(self, closer: int) -> bool:
        """Whether nothing but tags stands behind a parenthesis on its line."""
        return tokens.LINE_ENDS.match(self.raw, closer + 1) is not None

    def is_surplus(self, stop: int) -> bool:
        """Whether a parenthesis belongs to a text, since another one alone on its line follows: no prose has such."""
        before = self.raw[max(0, self.start - BEFORE_LONGEST) : self.start].rstrip()
        if self.text is None or before.endswith(b"("):
            return False
        if self.knows_members and tokens.CLOSER_BELOW_TEXT.match(self.raw, stop):
            return True
        return tokens.LONE_CLOSER.match(self.raw, stop) is not None

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
            if tokens.recursion_begun(self.raw, head.stop, self.page.text_stop):
                self.text, self.token, self.at = None, self.page.text_stop, len(self.raw)
                return
            if recursion := tokens.recursion_at(self.raw, head.stop):
                self.tree.recursion()
                self.text, self.token = None, recursion
                self.at = self.line_stop(recursion)[1]
                return
        if (inner := self.embedded(start, stop)) is not None:
            stop, following = self.line_stop(inner)
            self.text, self.token, self.at = (start, stop), start, following
            return
        if head is None and self.ends_whole(start, stop):
            return
        self.over = head is None and self.ends_in_head(stop)
        self.text, self.token, self.at = (start, stop), start, following

    def ends_whole(self, start: int, stop: int) -> bool:
        """Stop behind a whole value that begins in the line of a text: it is the text's, or another dump."""
        found = self.inner_value(start, stop) if self.raw.endswith(HEAD_ENDS, 0, stop) else None
        if found is None or self.raw[found.end() : self.bounds(found.end())[0]].strip():
            return False
        self.text, self.token, self.over = (start, found.end()), found.end(), True
        return True

    def ends_in_head(self, stop: int) -> bool:
        """Whether the line that ends at ``stop`` ends in a head, and its parenthesis follows."""
        return self.raw.endswith(HEAD_ENDS, 0, stop) and self.opening(stop, 0) is not None

    def go_on(self) -> bool:
        """Take the line for one more of a text; return False when no text was begun."""
        stop, following = self.line_stop(self.at)
        if self.text is not None and (inner := self.embedded(self.token_in(self.at), stop)) is not None:
            stop, following = self.line_stop(inner)
        elif self.ends_in_head(stop):
            return False
        if self.is_partial_key(stop) and self._breaks_off(stop) and not self._is_key(following):
            self._end_text()
            self.token = self.at
            return False
        if self.text is None:
            if self.raw[self.at : stop].strip():
                return False
        else:
            self.text = (self.text[0], stop)
        self.at = following
        return True

    def _breaks_off(self, stop: int) -> bool:
        return is_followed_by_prose(self.page, stop) or without_ellipsis(self.raw, stop) < stop

    def opens_prose(self, stop: int) -> bool:
        """Whether what stands behind a parenthesis on its line makes it prose: it follows a text of several lines."""
        rest = self.raw[stop : self.line_stop(stop)[0]].strip()
        if self.text is None or not rest or rest.startswith(b"<"):
            return False
        return self.line_stop(self.text[0])[0] < self.text[1]

    def _is_key(self, at: int) -> bool:
        return tokens.ANY_KEY.match(self.raw, after_white(self.raw, at)) is not None

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
        stop = cut_short_stop(self.page, self.token)
        if last := tokens.LAST_PARENTHESIS.match(self.raw, stop):
            stop = last.end()
        text_stop = self.page.text_stop
        if without_ellipsis(self.raw, text_stop) < text_stop and has_last_paragraph(self.page, self.token):
            stop = max(stop, text_stop)  # an excerpt ends in a text of several lines
        self.tree.cut()
        return Outcome(
            self.tree,
            stop,
            max(self.at, stop),
            complete=False,
            sure=self.token,
            damage=self.damage,
            indented=self.knows_members,
        )
