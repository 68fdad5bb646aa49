"""Where a statement of SQL ends that stands behind an error: told by its words, since nothing closes it."""

from __future__ import annotations

import regex
from msgspec import Struct

from pipeline.families.sql_error.order import Order
from pipeline.patterns import lazy_compile

LONGEST = 8000
"""Bytes of a statement that are read at most."""

BEGINS = lazy_compile(
    rb"(?:SELECT|INSERT(?: IGNORE)? INTO|REPLACE INTO|UPDATE|DELETE FROM|DELETE|SHOW|CREATE (?:TEMPORARY )?TABLE"
    rb"|ALTER TABLE"
    rb"|DROP TABLE|TRUNCATE|DESCRIBE|EXPLAIN|SET|OPTIMIZE TABLE|REPAIR TABLE|LOCK TABLES|CALL|WITH|select"
    rb"|insert(?: ignore)? into"
    rb"|replace into|update|delete from|show|create table|alter table)(?=[ \t\r\n(*`])"
)
"""What a statement begins with, in the case that programs write it in."""

_KEYWORDS = frozenset(
    b"""
    select distinct sql_calc_found_rows straight_join high_priority all as from where and or not in is null like
    rlike regexp between exists case when then else end join inner left right outer cross natural on using group
    by having order asc desc limit offset union except intersect insert ignore into values value replace update
    set delete show tables columns full create temporary table alter add column drop truncate describe explain
    optimize repair lock unlock for share mode index key primary unique foreign references default charset
    character collate engine auto_increment unsigned int integer bigint tinyint smallint varchar char text
    longtext mediumtext datetime timestamp date time interval day month year hour minute second decimal float
    double boolean blob force use with recursive over partition if duplicate low_priority delayed call returning
    nulls first last top binary true false div mod xor escape sounds matches against match
    """.split()
)
_BARE = frozenset(
    b"select from where and or not in on by set into as join like having limit offset values when then else".split()
)
"""Words behind which an operand must stand, so that whatever word stands there belongs to the statement."""

_LAST = frozenset((b"asc", b"desc", b"null", b"true", b"false", b"end"))
"""Words behind which no name follows."""
_EITHER_CASE = lazy_compile(
    rb"(?:as|asc|desc)(?!\w)|(?:and|or|on)[ \t\r\n]{1,40}[\w.`(@]{1,120}[ ]?(?:[=<>!]|(?i:in|like|is|between)(?!\w))"
)
"""Words that are written small also where the others are capitals; some of them with a comparison behind them."""

_LETTER = (
    rb"(?:[\xc3-\xdf\xe0\xe1\xe4-\xee\xf0-\xf4][\x80-\xbf]++|[\xe2\xe3](?!\x80)[\x80-\xbf]++|\xef(?!\xbc)[\x80-\xbf]++)"
)
"""A character beyond ASCII that is no quote, dash or full stop."""
_TOKEN = lazy_compile(
    rb"""(?P<white>(?:[ \t\r\n\f]|\xc2\xa0|&nbsp;)++|/\*(?:[^*]|\*(?!/)){0,2000}+\*/)
    |(?P<value>'(?:[^'\\\r\n]|\\.|''|BREAK){0,4000}+'|"(?:[^"\\\r\n]|\\.|BREAK){0,4000}+"|`[^`\r\n]{1,200}`|@{0,2}[0-9]++(?:\.[0-9]++)?+|[?]|[:$@%]\w{1,80})
    |(?P<word>(?:\#__)?(?:[A-Za-z_]|LETTER)(?:[\w$]|LETTER)*+)
    |(?P<open>\()|(?P<close>\))
    |(?P<sign><(?!/|br|code|p>|div|[a-z]{1,10}[ ]?/?>)|[,.;=>!+\-*/%|&^~]|&[lg]t;)
    """.replace(b"LETTER", _LETTER).replace(b"BREAK", rb"\r?\n(?![ \t\r]*+\n)|\r(?![ \t]*+[\r\n])"),
    regex.VERBOSE | regex.DOTALL,
)
_BLANK_LINE = lazy_compile(rb"\n[ \t\r]*+\n|\r[ \t]*+\r(?!\n)")
_TELLING = lazy_compile(rb"[=<>*`'\"(@$?]|[a-z_0-9]++_[a-z_0-9]")
"""A sign or a name that a line of a statement has and a line of prose hardly."""
SIGNED_LINE = lazy_compile(rb"[^\r\n]{0,400}?[=*`(_]")
"""A line with a sign that statements have and sentences hardly."""
TELLING_LINE = lazy_compile(
    rb"(?:select[ \t][^\r\n]{1,300}?[ \t]from|update[ \t][^\r\n]{1,200}?[ \t]set|(?:insert|replace) into|delete from"
    rb"|show (?:tables|columns|full))[ \t][^\r\n]{0,400}?[=*`(_]"
)
"""What tells a statement in small letters from a sentence in the midst of a line."""
_LINE_END = lazy_compile(rb"[ \t]*+(?:\Z|[\r\n)'`<&;\]]|\xe2\x80[\x98\x99]|made by )")
"""What may stand behind a statement on its last line: nothing, or what closes what it stands in."""
_ENDS = lazy_compile(rb"[ \t]*+(?:\Z|[\r\n)`]|'(?![A-Za-z\x80-\xff])|<(?:/|br)|\xe2\x80[\x98\x99]|made by )")
"""The same where no prose goes on behind it."""


class _Lines(Struct):
    """How far a statement is proven: to the end of the last line that is its own.

    The first line may have text behind the statement, unless it ``is_bare``: then nothing but the line tells that one
    begins. Of every other line a statement has the whole or nothing, and a word or a sign of the language is in it.

    Attributes:
        proven: Where the last line ends that is the statement's.
        is_first: Whether the first line is being read.
        told: Whether the line that is being read holds such a word or sign.
    """

    proven: int
    is_bare: bool
    is_first: bool = True
    told: bool = False

    def white(self, text: bytes, firm: int, depth: int) -> bool:
        """Step over white space behind what was read so far; return whether a line ends there."""
        if b"\n" not in text and b"\r" not in text:
            return False
        if (self.told and not depth) or (self.is_first and not self.is_bare):
            self.proven = firm
        self.told = self.is_first = False
        return True

    def stop(self, raw: bytes, firm: int, depth: int) -> int:
        """Return where the statement ends, of which nothing behind ``firm`` is a part."""
        if self.is_first and not self.is_bare:
            return firm
        return firm if self.told and depth <= 0 and _LINE_END.match(raw, firm) else self.proven


def statement_end(raw: bytes, at: int, *, is_bare: bool = False, said: bytes = b"") -> int:
    r"""Return the byte behind the statement that begins at ``at``; ``at`` itself when none does.

    A name may have another name behind it, an alias; a sentence has more. So the statement ends before words that
    follow one another and are none of the language, and one that breaks off ends before a line of prose. Where prose
    goes on in its line, a last name that may as well be the first word of the prose is left to that.

    Args:
        raw: The page.
        at: Where it begins.
        is_bare: It begins a line: nothing before it on that line says that a statement follows.
        said: The message it belongs to: what is named there is no word of prose.

    >>> statement_end(b"SELECT a AS b FROM c WHERE d = 'e' LIMIT 1 Powered by trams", 0)
    42
    >>> statement_end(b"SELECT a FROM b\nwhere the river bends, houses stand.", 0)
    15
    >>> [statement_end(b"SELECT a FROM trams That is it", 0, said=said) for said in (b"", b"no trams")]
    [13, 19]
    """
    begins = BEGINS.match(raw, at)
    if begins is None or (is_bare and raw[at : at + 1].islower() and not SIGNED_LINE.match(raw, at)):
        return at
    stop = _Statement(raw, at, is_bare=is_bare, said=said).end(min(len(raw), at + LONGEST))
    return stop if stop > begins.end() else at


class _Statement:
    """Reads a statement token by token, as far as it is one."""

    def __init__(self, raw: bytes, at: int, *, is_bare: bool, said: bytes) -> None:
        self.raw = raw
        self.at = at
        self.firm = at
        """The byte behind the last token that was taken."""
        self.lines = _Lines(at, is_bare)
        self.order = Order(raw, at, said, solid=at)
        self.begins_line = False
        self.may_have_alias = False

    def end(self, limit: int) -> int:
        """Return the byte behind it."""
        raw, order, position = self.raw, self.order, self.at
        while token := _TOKEN.match(raw, position, limit):
            position = token.end()
            if token["white"] is not None:
                if _BLANK_LINE.search(token[0]):
                    break
                self.begins_line = self.lines.white(token[0], self.firm, order.depth)
                continue
            if not self._takes(token) or order.depth < 0:
                break
            self.firm = position
            if token[0] == b";" and not order.depth:
                return self.lines.stop(raw, position, 0)
        if self.firm > order.solid and not _ENDS.match(raw, self.firm):
            self.firm = order.solid
        return self.lines.stop(raw, self.firm, order.depth)

    def _takes(self, token: regex.Match[bytes]) -> bool:
        """Take a token, if the statement can go on with it."""
        if token.lastgroup not in {"word", "value"}:
            self.begins_line = False
            taken = self._takes_sign(token)
            self.lines.told |= taken and _TELLING.match(token[0]) is not None
            return taken
        is_quoted = token[0].startswith(b'"') and self.order.wants and not self.order.sign
        if self.begins_line and (is_quoted or _is_prose(self.raw, self.at, token)):
            return False
        self.begins_line = False
        is_word = token["word"] is not None
        is_keyword = is_word and _is_keyword(self.raw, self.at, token, wants=self.order.wants)
        taken = self._takes_keyword(token) if is_keyword else self._takes_operand(token, is_word=is_word)
        self.lines.told |= taken and (is_keyword or _TELLING.match(token[0]) is not None)
        return taken

    def _takes_keyword(self, token: regex.Match[bytes]) -> bool:
        text = token[0].lower()
        if not self.order.may_follow(text, token.end()):
            return False
        self.order.takes_keyword(text, token.end(), wants=text in _BARE)
        self.may_have_alias = text not in _LAST
        return True

    def _takes_operand(self, token: regex.Match[bytes], *, is_word: bool) -> bool:
        order, text = self.order, token[0]
        is_alias = is_word and self.may_have_alias and _BEHIND_ALIAS.match(self.raw, token.end()) is not None
        if not order.may_be_operand(text, is_word=is_word, is_alias=is_alias):
            return False
        order.takes_operand(text, token.end(), is_name=is_word)
        self.may_have_alias = is_word and order.may_have_alias
        return True

    def _takes_sign(self, token: regex.Match[bytes]) -> bool:
        self.may_have_alias = self.raw.startswith((b"SELECT", b"select"), self.at)
        if token["open"] is not None:
            return self.order.opens(token.start())
        if token["close"] is not None:
            self.order.closes(token.end())
            return True
        return self.order.takes_sign(token[0], *token.span())


def _is_prose(raw: bytes, at: int, first: regex.Match[bytes]) -> bool:
    """Whether a line begins with a word that two others follow as only a sentence has them."""
    if first.lastgroup == "word" and first[0].lower() in _KEYWORDS and not first[0][:1].isupper():
        return False
    if first[0].isdigit() and _WORD_BEHIND.match(raw, first.end()):
        return True
    found = _TWO_WORDS.match(raw, first.end())
    if found is None or _EITHER_CASE.match(raw, found.start(1)) or _EITHER_CASE.match(raw, found.start(2)):
        return False
    return not raw[at : at + 1].islower() or _KEYWORDS.isdisjoint(word.lower() for word in found.groups())


_TWO_WORDS = lazy_compile(rb"[ \t]{1,4}([a-z][a-z'\x80-\xff]*+)[ \t]{1,4}([a-z][a-z'\x80-\xff]*+)(?![\w(.=])")
"""Words written small on the line: names have signs between them, and what a statement is made of is capitals."""


_WORD_BEHIND = lazy_compile(rb"[ \t]{1,4}[a-z]{2,40}+(?!\w)")


def _is_keyword(raw: bytes, at: int, word: regex.Match[bytes], *, wants: bool) -> bool:
    """Whether a word is one of the language, in the case that the statement is written in."""
    text = word[0]
    if text.lower() not in _KEYWORDS:
        return False
    return (
        wants or not text.islower() or raw[at : at + 1].islower() or _EITHER_CASE.match(raw, word.start()) is not None
    )


_BEHIND_ALIAS = lazy_compile(
    rb"[ \t\r\n]{0,400}(?:[,;()=<>!.]|\Z|\r?\n[ \t\r]{0,400}\n|\[|(?:ON|WHERE|LEFT|INNER|RIGHT|JOIN|FROM|ORDER|GROUP"
    rb"|LIMIT|HAVING|SET"
    rb"|UNION|USING|CROSS|AND|OR|FORCE|USE|STRAIGHT_JOIN|AS|ASC|DESC|VALUES|on|where|left|inner|right|join|from"
    rb"|order|group|limit"
    rb"|having|set|union)\b)|[ \t]{0,40}[\r\n]"
)

"""What follows an alias: the statement goes on, or its line ends."""
