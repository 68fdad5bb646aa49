"""Which tokens may follow which in a statement of SQL, so far as it tells a statement from prose behind it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

from pipeline.patterns import lazy_compile

Operand: TypeAlias = Literal["", "word", "number", "text", "group"]
"""What the last operand was; empty where none is complete."""

_OPERANDS = frozenset(b"null true false end".split())
"""Words of the language that are operands themselves."""
_NAMES = frozenset(b"from join into as update table limit offset asc desc".split())
"""Words behind which stand names or numbers, and nothing is reckoned or compared."""
_NUMBERS = frozenset(b"limit offset".split())
_LISTS = frozenset(b"values value".split())
"""Words behind which nothing stands but lists in brackets."""
_LIST_FOLLOWS = lazy_compile(rb"[ \t\r\n]{0,400}\(")
_BEFORE_OPERANDS = frozenset(b"from into join where on and or set by limit".split())
_BEHIND_OPERANDS = frozenset(b"in select from where on and or as by set into like is".split())
"""Words that an operand must stand behind, and words that one must stand before."""
_NO_ALIAS = frozenset(b"as by asc desc where on and or set values limit offset having".split())
_CONDITIONS = frozenset(b"where on and or having like between".split())
"""Words behind which no list stands."""
_NESTED = lazy_compile(rb"\([ \t\r\n]{0,400}(?:\(|(?:SELECT|select)\b)")
_STARS = frozenset(b"select distinct all sql_calc_found_rows high_priority".split())
_COMPARISONS = frozenset((b"=", b"<", b">", b"!"))
_COMPOUND = frozenset((b"<=", b">=", b"<>", b"!=", b"==", b"=>", b"||", b"&&", b":=", b"<<", b">>"))
"""Signs of two characters, each of which is a token."""
_RECKONING = frozenset((b"+", b"-", b"*", b"/", b"%", b"|"))
_DECODED = {b"&lt;": b"<", b"&gt;": b">"}
_TABLES = frozenset(b"from join as update into table".split())
"""Words behind which a table is named."""
_NAMES_COLUMNS = lazy_compile(rb"(?:INSERT|REPLACE|CREATE|ALTER|insert|replace|create|alter)\b")
"""Statements in which a list stands behind a name, parted from it by a blank."""
_WORD = lazy_compile(rb"[\w\x80-\xff]++")
_NAME_FOLLOWS = lazy_compile(rb"[\w`*]")
_JOINED = lazy_compile(rb"\.[\w`*]|\(")
"""What a name goes on with, and a word of prose does not."""
_SIGNED_NAME = lazy_compile(rb"[^_0-9$#]*+[_0-9$#]")
"""A name with a sign or a digit in it, as words of prose have none."""


class Order(Struct):
    """What was read of a statement, and how far of it prose can be no part.

    Attributes:
        raw: The page.
        at: Where the statement begins.
        said: The message that it belongs to: a name that stands there is none of prose.
        solid: The byte behind the last token that no word of prose can be.
        wants: Whether an operand must follow.
        operand: The last one.
        keyword: The last word of the language outside of brackets.
        sign: The last sign, where nothing stands behind it.
        sign_stop: The byte behind that.
        compared: Whether a comparison has begun since the last word of the language.
    """

    raw: bytes
    at: int
    said: bytes = b""
    solid: int = 0
    wants: bool = True
    operand: Operand = ""
    keyword: bytes = b""
    sign: bytes = b""
    sign_stop: int = -1
    compared: bool = False
    clause: bytes = b""
    """The one before ``AS``, whose list may go on behind a name."""
    is_nested: bool = False
    """Whether another statement stands in it."""
    depth: int = 0
    """How many brackets are open."""
    names: set[bytes] = field(default_factory=set)
    """Names that are told apart from words of prose."""

    def may_follow(self, keyword: bytes, stop: int) -> bool:
        """Whether a word of the language, which prose may have as well, can stand here."""
        if keyword == b"in" and not _LIST_FOLLOWS.match(self.raw, stop):
            return False
        is_early = self.wants and (self.sign == b"," or (self.keyword in _BEFORE_OPERANDS and self.sign != b"("))
        return not (is_early and keyword in _BEHIND_OPERANDS)

    @property
    def may_have_alias(self) -> bool:
        """Whether a second name may stand behind a first one."""
        return self.keyword not in _NO_ALIAS

    def takes_keyword(self, keyword: bytes, stop: int, *, wants: bool) -> None:
        """Take a word of the language."""
        self.wants, self.compared, self.sign = wants, False, b""
        self.clause = self.keyword if keyword == b"as" else self.clause
        self.keyword = self.keyword if self.depth else keyword
        self.is_nested |= self.depth > 0 and keyword == b"select"
        self.operand = "word" if keyword in _OPERANDS else ""
        self.solid = stop

    def may_be_operand(self, text: bytes, *, is_word: bool, is_alias: bool) -> bool:
        """Whether a name, a number or a text may stand here; ``is_alias`` tells that it fits as a second name."""
        if self.depth:
            beside = not is_word or text.isupper() or self.is_nested or self._names_columns
            return self.wants or beside
        is_text = text.startswith((b"'", b'"', b"`"))
        if self.keyword in _NUMBERS and (is_word or is_text):
            return False
        if self.keyword in _TABLES and text.startswith(b"'"):
            return False
        return self.wants or is_alias

    @property
    def _names_columns(self) -> bool:
        return _NAMES_COLUMNS.match(self.raw, self.at) is not None

    def takes_operand(self, text: bytes, stop: int, *, is_name: bool) -> None:
        """Take a name, a number or a text."""
        if text.startswith((b"'", b"`")):
            self.operand = "word" if text.startswith(b"`") else "text"
            is_solid = True
        elif text.startswith(b'"'):
            self.operand = "text"
            is_solid = self.sign in {b"=", b"<", b">", b"("}
        elif is_name:
            self.operand = "word"
            is_solid = self._is_known(text, stop)
        else:
            self.operand = "number"
            is_solid = self.sign not in _RECKONING and self.sign != b","
        self.solid = stop if is_solid else self.solid
        self.wants, self.sign = False, b""

    def _is_known(self, name: bytes, stop: int) -> bool:
        """Whether a name is told apart from a word of prose: by a sign, by what it is joined to, or by the message."""
        if _SIGNED_NAME.match(name) or self.sign == b"." or _JOINED.match(self.raw, stop):
            self.names.add(name.lower())
            return True
        if self.said:
            self.names.update(_WORD.findall(self.said.lower()))
            self.said = b""
        return name.lower() in self.names

    def opens(self, start: int) -> bool:
        """Take an opening bracket, if one may stand here."""
        if self.keyword in _TABLES and not self.depth and not self._names_columns:
            may_open = self.wants and _NESTED.match(self.raw, start) is not None
        elif self.operand == "word":
            may_open = self._names_columns or not self.raw[start - 1 : start].isspace()
        else:
            may_open = self.wants or not (self.operand or self.keyword in {b"asc", b"desc"})
        if may_open:
            self.wants, self.operand, self.sign, self.compared = True, "", b"(", False
            self.depth += 1
        return may_open

    def closes(self, stop: int) -> None:
        """Take a closing bracket."""
        self.wants, self.operand, self.sign, self.compared = False, "group", b"", False
        self.solid = stop
        self.depth -= 1

    def takes_sign(self, text: bytes, start: int, stop: int) -> bool:
        """Take a sign, if one may stand here."""
        text = _DECODED.get(text, text)
        if not (self._fits_first(text, start) if self.wants else self._fits(text, stop)):
            return False
        if text == b"*" and self.wants:
            self.wants, self.operand, self.solid = False, "group", stop
            return True
        self.compared = text != b"," and (self.compared or text in _COMPARISONS)
        self.wants, self.sign, self.sign_stop = True, text, stop
        if text == b"," and self.keyword == b"as":
            self.keyword = self.clause
        return True

    def _fits_first(self, text: bytes, start: int) -> bool:
        """Whether a sign may stand where an operand is wanted."""
        if text == b"*":
            return self.keyword in _STARS or self.sign in {b"(", b",", b"."} or self.depth > 0
        if self.sign_stop == start and (self.sign + text) in _COMPOUND:
            return True
        return text in {b"-", b"+", b"~", b";"}

    def _fits(self, text: bytes, stop: int) -> bool:
        """Whether a sign may stand behind an operand or a word of the language."""
        if text in {b";", b"."}:
            return text == b";" or (self.operand == "word" and _NAME_FOLLOWS.match(self.raw, stop) is not None)
        if not self.depth and self.keyword in _LISTS:
            return text == b"," and _LIST_FOLLOWS.match(self.raw, stop) is not None
        if text == b",":
            return bool(self.depth) or self.keyword not in _CONDITIONS
        if not self.operand or (self.keyword in _NAMES and not self.depth):
            return False
        if text in _COMPARISONS:
            follows = text != b"!" or self.raw.startswith(b"=", stop)
            return follows and not self.compared and self.keyword != b"by"
        return self.raw.startswith(b"|", stop) or (text != b"|" and self.operand != "text")
