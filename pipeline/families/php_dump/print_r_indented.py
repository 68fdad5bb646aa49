"""Read ``print_r`` output by its indents, every one of which is as printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.families.php_dump import print_r_tokens as tokens
from pipeline.families.php_dump.print_r_lines import STEP, SURPLUS, Lines
from pipeline.families.php_dump.print_r_tokens import Head
from pipeline.families.php_dump.print_r_tree import DEEPEST, Outcome
from pipeline.families.sentences import holds_words
from pipeline.model import Page

if TYPE_CHECKING:
    import regex

KEY_OF_LINES = "what is read as a text may be a key of several lines"
DAMAGED = "line ends, arrows or trailing blanks are not what PHP prints"


def read_by_indent(page: Page, start: int, head: Head) -> Outcome | None:
    r"""Read a value whose every indent is as printed; None when the opening parenthesis is not.

    >>> from pipeline.families.php_dump.print_r_tokens import head_at
    >>> page = Page(b"Array\n(\n    [k] => wet\n and cold\n)\n")
    >>> read_by_indent(page, 0, head_at(page.raw, 0)).tree.value
    {'k': 'wet\n and cold'}
    """
    return _Indented(page, start).read(head)


def _may_hold_head(text: bytes) -> bool:
    return b"Array" in text or b" Object" in text or b" Enum" in text


class _Indented(Lines):
    knows_members = True

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
        self._printed_members(indent)
        if self._printed_array(indent):
            return True
        found = tokens.KEY.match(self.raw, self.at + indent)
        found = found or self._long_key(self.at + indent, b"\n" + b" " * indent + b"[")
        if found is None:
            return False
        if found[2] != tokens.PRINTED_ARROW or not found[0].endswith(b" "):
            self.damage = DAMAGED
            self.tree.decode |= b"&" in found[2]
        self.begin(found[1], found.end())
        return True

    def _printed_members(self, indent: int) -> None:
        """Read members as long as each stands as PHP prints it, has a text that holds no head, and a key behind it."""
        while (found := tokens.PRINTED_MEMBER.match(self.raw, self.at + indent)) is not None:
            key, text, following = found.groups()
            if len(following) != indent or _may_hold_head(text):
                return
            self._end_text()
            self.tree.name(key)
            self.tree.scalar(text)
            self.at = found.end() - indent

    def _printed_array(self, indent: int) -> bool:
        """Read a member that is an array of nothing but texts, each as PHP prints it; return whether it is one."""
        found = tokens.PRINTED_ARRAY.match(self.raw, self.at + indent)
        if found is None or len(found[2]) != indent + STEP // 2 or _may_hold_head(found[3]) or self.tree.decode:
            return False
        keys, texts = found.captures(4, 5)
        if self.tree.depth > DEEPEST or len(set(keys)) < len(keys):
            return False
        self._end_text()
        self.tree.array(found[1], keys, texts)
        self.token = found.end() - len(b"\n\n")
        self.at = found.end()
        return True

    def _long_key(self, at: int, following: bytes) -> regex.Match[bytes] | None:
        """Return a key of several lines, unless another key or a head comes first or it reads as prose."""
        found = tokens.LONG_KEY.match(self.raw, at)
        if found is None or following in found[0] or tokens.HEAD_WITHIN.search(found[1]):
            return None
        below = self.raw.find(b"\n", at)
        if not holds_words(self.raw, below, found.end(1)) or self._is_followed_by_structure(found.end()):
            return found
        self.doubt = KEY_OF_LINES
        return None

    def _is_followed_by_structure(self, value: int) -> bool:
        """Whether the line below that of a value is a member's, or a parenthesis of its own indent."""
        line = self.bounds(value)[1]
        indent = b" " * self._indent()
        closer = self.raw.startswith(indent + b")", line) and self.is_alone(line + len(indent))
        key = line + len(indent) + STEP // 2
        if self.raw.startswith(indent + b" " * STEP + b"(", line):
            return self.is_alone(line + len(indent) + STEP)
        return closer or (self.raw.startswith(indent + b"    [", line) and tokens.KEY.match(self.raw, key) is not None)

    def closer(self) -> int | None:
        indent = self._indent()
        if not self.raw.startswith(b" " * indent + b")", self.at):
            return None
        stop = self.at + indent + 1
        if indent:
            return stop if self.raw[stop : stop + 1] in (b"\n", b"\r", b"") else None
        damage = self.damage  # what stands behind the root says nothing of how it was printed
        ends = self._ends_root(stop)
        self.damage = damage
        return stop if ends else None

    def _ends_root(self, stop: int) -> bool:
        """Whether the parenthesis before ``stop``, at the margin, is that of the root."""
        if not tokens.AFTER_ROOT.match(self.raw, self.at) or self.opens_prose(stop):
            return False
        if self.text is not None and self.goes_on(stop):
            return False
        if self.is_surplus(stop):
            self.doubt = SURPLUS
            return False
        return True

    def inner_value(self, begin: int, stop: int) -> regex.Match[bytes] | None:
        del begin
        return tokens.INNER.match(self.raw, stop)

    def bounds(self, at: int) -> tuple[int, int]:
        stop = self.raw.find(b"\n", at)
        return (len(self.raw), len(self.raw)) if stop < 0 else (stop - self.raw.endswith(b"\r", at, stop), stop + 1)

    def token_in(self, line: int) -> int:
        indent = self._indent()
        if not indent and self.raw[line : self.bounds(line)[0]].strip() == b"":
            line = self.bounds(line)[1]
        return line + indent if self.raw.startswith(b" " * indent, line) else len(self.raw)

    def begins_member(self, token: int) -> bool:
        if not self.raw.startswith(b"    [", token):
            return False
        at = token + STEP // 2
        if self.bounds(at)[0] >= self.page.text_stop:
            return tokens.PARTIAL_KEY.match(self.raw, at, self.page.text_stop) is not None
        return tokens.KEY.match(self.raw, at) is not None

    def may_follow(self, at: int, stop: int) -> bool:
        del at, stop
        return True

    def ends_paragraph(self, line: int, stop: int) -> bool:
        return not self._indent() and not self.raw[line:stop].strip()

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
