"""One statement of JavaScript, told from prose by its grammar: operands and operators take turns, brackets close.

Two words of a sentence stand side by side, and in a script they never do. So prose is refused at its second word, and
a script is read to its end with one look at each byte: no tree is built, only a stack of open brackets is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from pipeline.families.script import tokens

DEEPEST = 1000
"""Brackets inside one another at most."""
_CLOSERS = {b"(": b")", b"[": b"]", b"{": b"}"}

Ending = Literal[";", "}", "line", "gap", "page"]
Want = Literal["operand", "operator", "either"]


class Statement(Struct, frozen=True):
    """A statement, and what tells how surely it is one.

    Attributes:
        start: Its first byte.
        stop: The byte behind it.
        ending: What ended it: its semicolon, the brace of its block, its line, the page; or a mere blank behind a
            bracket, where line breaks are gone.
        first: Its first token.
        calls: How many brackets stand right behind a name.
        assigns: How many values are assigned.
        is_open: Whether the page ends inside a bracket of it.
    """

    start: int
    stop: int
    ending: Ending
    first: bytes
    calls: int
    assigns: int
    is_open: bool = False


class Refusal(Struct, frozen=True):
    """Where what was read ceased to be a statement."""

    at: int


class _Refused(Exception):  # noqa: N818 - no error: how a reading of prose ends
    """What was read is no statement."""


class _Ended(Exception):  # noqa: N818 - no error: how the reading of a statement ends
    def __init__(self, ending: Ending) -> None:
        self.ending: Ending = ending


def read_statement(raw: bytes, at: int) -> Statement | Refusal:
    """Read one statement that begins at ``at``.

    >>> read_statement(b"push({a: [1, '}']}); Rain fell.", 0).stop
    20
    >>> read_statement(b"The council met.", 0)
    Refusal(at=4)
    """
    reading = _Reading(raw, at)
    try:
        reading.read()
    except _Refused:
        return Refusal(reading.at)
    except _Ended as ended:
        return reading.statement(ended.ending)
    return reading.statement("}" if reading.ends_with_block else "page")


class _Reading:
    """A statement while it is read."""

    def __init__(self, raw: bytes, at: int) -> None:
        self.raw = raw
        self.start = self.stop = self.at = at
        self.stack: list[bytes] = []
        self.want: Want = "operand"
        self.awaits = b""  # "control" and "function": a round bracket; "member": a name; "class": its braces
        self.first = self.last = self.closed = b""
        self.newline = self.gap = False
        self.calls = self.assigns = self.choices = 0
        self.handlers: dict[str, Callable[[bytes], None]] = {
            "string": self.operand,
            "number": self.operand,
            "word": self.word,
            "open": self.open,
            "close": self.close,
            "template": self.template,
            "step": self.step,
            "end": self.end,
            "member": self.member,
            "assign": self.assign,
            "operator": self.operator,
        }

    def statement(self, ending: Ending) -> Statement:
        return Statement(self.start, self.stop, ending, self.first, self.calls, self.assigns, bool(self.stack))

    def read(self) -> None:
        """Read tokens to the statement's end; it raises how that comes."""
        while self.at < len(self.raw):
            pattern = tokens.PATTERN.match(self.raw, self.at) if self.want != "operator" else None
            token = pattern or tokens.TOKEN.match(self.raw, self.at)
            if token is None:
                self.operand(b"")  # what is no token ends a statement where an operand would
                raise _Refused
            kind, text = token.lastgroup, token[0]
            if kind == "white":
                self.gap = True
                self.newline |= b"\n" in text or b"\r" in text
                self.at = token.end()
            elif kind in {"comment", "block"}:
                self.at = token.end() if kind == "comment" else self.comment_end()
            else:
                if self.awaits == b"member" and kind != "word":
                    raise _Refused
                self.at = token.end()
                try:
                    self.handlers[kind or "string"](text)
                except _Refused:
                    self.at = token.start()
                    raise
                self.first = self.first or text
                self.last, self.stop = text, self.at
                self.gap = self.newline = False
                if kind == "end" and not self.stack:
                    raise _Ended(";")
        if self.want == "operand" and not self.stack:
            raise _Refused

    def comment_end(self) -> int:
        stop = self.raw.find(b"*/", self.at + 2)
        if stop < 0:
            self.at = len(self.raw)  # what was searched is not searched again
            raise _Refused
        return stop + 2

    @property
    def ends_with_block(self) -> bool:
        """Whether a block has just been closed outside of every bracket."""
        return not self.stack and self.last == b"}" and self.want == "either"

    def operand(self, _text: bytes) -> None:
        """Take a value, or end the statement before it."""
        if self.ends_with_block:
            raise _Ended("}")
        if self.want == "operator":
            if self.newline and not self.stack:
                raise _Ended("line")
            if self.gap and not self.stack and self.last in {b")", b"}"}:
                raise _Ended("gap")
            if not (self.newline and self.stack and self.stack[-1] == b"{"):
                raise _Refused
        if self.awaits in {b"control", b"function"}:
            raise _Refused
        self.want = "operator"

    def word(self, text: bytes) -> None:
        if self.awaits == b"member":
            if self.gap:  # or a sentence ends here and a statement begins behind it
                raise _Refused
            self.awaits, self.want = b"", "operator"
        elif self.awaits == b"function" and self.last in {b"function", b"*"}:
            pass  # its name
        elif self.joins(text):
            self.want = "operand"
        elif text in tokens.GOING_ON and self.last == b"}":
            self.want, self.awaits = "operand", b"control" if text == b"catch" else b""
            self.last = text
        elif not self.keyword(text):
            self.operand(text)

    def joins(self, text: bytes) -> bool:
        """Whether a word stands between two operands, as ``in`` does, or between a class and the one it extends."""
        if text == b"extends":
            return self.awaits == b"class"
        return self.want != "operand" and text in tokens.WORD_OPERATORS and bool(self.stack)

    def keyword(self, text: bytes) -> bool:
        """Take a word of the language; return whether it is one."""
        if text in tokens.PREFIX_WORDS | tokens.DECLARING | tokens.BLOCK_HEADS:
            self.begin(b"")
        elif text in tokens.CONTROLLING:
            self.begin(b"control")
        elif text in {b"function", b"class"}:
            self.begin(text)
        elif text in tokens.LOOSE_WORDS and (self.stack or text == b"async"):
            self.begin(b"")
            self.want = "either"
        else:
            return False
        return True

    def begin(self, awaits: bytes) -> None:
        """Begin something with a word of the language: where an operand may stand, or on a new line."""
        if awaits == b"class" or not self.awaits:
            self.operand(b"")
        self.want, self.awaits = "operand", awaits

    def open(self, text: bytes) -> None:
        if len(self.stack) >= DEEPEST:
            raise _Refused
        kind = text
        if self.awaits in {b"control", b"function"}:
            if text != b"(":
                raise _Refused
            kind = self.awaits
        elif text == b"{":
            self.open_brace()
        elif self.ends_with_block and (self.is_block or self.newline):
            raise _Ended("}")
        elif self.want == "operator":
            if self.newline and not self.stack:
                raise _Ended("line")
            self.calls += text == b"(" and not self.gap
        self.stack.append(kind)
        self.want, self.awaits = "operand", b""

    def open_brace(self) -> None:
        if self.ends_with_block:
            raise _Ended("}")
        if self.want == "operator" and self.awaits != b"class":
            is_method = self.stack and self.stack[-1] == b"{"
            if self.last != b")" or not (self.closed == b"function" or is_method):
                raise _Refused

    @property
    def is_block(self) -> bool:
        """Whether the statement is one that its block ends."""
        return self.first in tokens.CONTROLLING | tokens.BLOCK_HEADS | {b"function", b"class", b"async"}

    def close(self, text: bytes) -> None:
        kind = self.stack.pop() if self.stack else b""
        bracket = b"(" if kind in {b"control", b"function"} else kind
        if _CLOSERS.get(bracket) != text or self.awaits:
            raise _Refused
        if self.want == "operand" and self.last not in {b"(", b"[", b"{", b",", b";", b"}", b")"}:
            raise _Refused
        self.closed = kind
        self.want = "either" if kind in {b"control", b"{"} else "operator"
        if self.stack and self.stack[-1] == b"`" and text == b"}":
            self.stack.pop()
            self.template_text()

    def template(self, _text: bytes) -> None:
        if self.want == "operand":
            self.operand(b"")
        self.template_text()

    def template_text(self) -> None:
        """Read the text of a template to its end, or to the expression in it."""
        text = tokens.TEMPLATE.match(self.raw, self.at)
        if text is None:
            self.at = len(self.raw)
            raise _Refused
        self.at = text.end()
        self.want = "operator"
        if text[1] != b"`":
            if len(self.stack) >= DEEPEST:
                raise _Refused
            self.stack += [b"`", b"{"]
            self.want = "operand"

    def step(self, _text: bytes) -> None:
        self.assigns += 1
        self.want = "operand" if self.want == "operand" else "either"

    def end(self, _text: bytes) -> None:
        if self.stack and self.stack[-1] not in {b"{", b"control"}:
            raise _Refused
        if self.ends_with_block and self.gap:
            raise _Ended("}")
        if self.awaits or (self.want == "operand" and self.last not in {b"{", b";", b"}", b"(", b")"}):
            raise _Refused
        self.want = "operand"

    def member(self, _text: bytes) -> None:
        if self.want == "operand" or (self.ends_with_block and self.is_block):
            raise _Refused
        self.awaits = b"member"

    def assign(self, _text: bytes) -> None:
        if self.want == "operand" or self.ends_with_block:
            raise _Refused
        self.assigns += 1
        self.want = "operand"

    def operator(self, text: bytes) -> None:
        if self.want == "operand" or self.ends_with_block:
            if text == b"*" and self.awaits == b"function":
                return
            if self.ends_with_block and (self.is_block or text in tokens.PREFIXES):
                raise _Ended("}")
            if text not in tokens.PREFIXES and not (text == b"," and self.last in {b"[", b",", b"}"}):
                raise _Refused
            self.want = "operand"
            return
        if text == b"=>" and self.last != b")" and not tokens.NAME.match(self.last):
            raise _Refused
        self.choices += text == b"?"
        if text == b":" and not self.stack:
            self.choices -= 1
            if self.choices < 0:
                raise _Refused
        self.want, self.awaits = "operand", b""
