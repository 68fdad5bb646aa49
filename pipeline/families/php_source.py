"""Source code of PHP that was served as text: blocks from their opening tag to ``?>``, or to the last whole statement.

What stands between two blocks is the page's own, as in ``<?php if (is_home()) { ?>Welcome<?php } ?>``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex
from msgspec import Struct

from pipeline.families.code_quoting import code_quoted
from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import from_bytes
from pipeline.families.sentences import ends_sentence
from pipeline.model import Claim, Grammar, Page, Span, Status
from pipeline.patterns import lazy_compile

FAMILY = "php_source"
RULE = "source"
DAMAGED_LONGEST = 8192
"""Bytes of a block whose strings or comments are damaged, up to the first ``?>``."""
ODD = "its strings or comments have no end, so the first closing tag was taken"
UNCLOSED = "its closing tag is missing; it ends behind the last whole statement"
ENCODED = "it is written with entities for its signs"

_OPEN = lazy_compile(
    rb"<\?(?:(?P<php>php)(?![A-Za-z0-9])|(?P<echo>=)|(?!xml\b)(?=[\s$/]))|&lt;\?(?:php(?![A-Za-z0-9])|=)",
    regex.IGNORECASE,
)
_TOKEN = lazy_compile(
    rb"""
      (?P<white>[ \t\r\n]++)
    | (?P<end>\?>)
    | (?P<again><\?)
    | (?P<comment>(?://|\#(?!\[))(?:[^?\r\n]++|\?(?!>))*+ | /\*(?:[^*]++|\*(?!/))*+\*/)
    | (?P<string>'(?:[^'\\]++|\\.)*+' | "(?:[^"\\]++|\\.)*+" | `(?:[^`\\]++|\\.)*+`)
    | (?P<heredoc><<<[ \t]{0,4}(?P<quote>["']?)(?P<label>[A-Za-z_]\w{0,40})(?P=quote)\r?\n)
    | (?P<variable>\$++(?:[A-Za-z_\x80-\xff][\w\x80-\xff]*+|\{)?)
    | (?P<name>[A-Za-z_\\][\w\\]*+)
    | (?P<number>[0-9][\w.]*+)
    | (?P<stop>[;{}])
    | (?P<sign>[\[\]()=<>+\-*/%.,:!?&|^~@#])
    """,
    regex.VERBOSE | regex.DOTALL,
)  # fmt: skip
_BEFORE_NAME = frozenset(
    b"""abstract and array as bool break callable case catch class clone const continue declare default echo else elseif
    enum exit extends false final finally float fn for foreach from function global goto if implements include
    include_once instanceof insteadof int interface iterable mixed namespace new null object or print private protected
    public readonly require require_once return self static string switch throw trait true try unset use var void while
    xor yield""".split()
)
"""Words of the language: beside them another word may stand. Between any others stands a sign."""
_CODE_SIGN = lazy_compile(
    rb"\$[A-Za-z_]|[A-Za-z_]\w{0,60}\s?\(|[;{}]|\b(?:else|endif|endwhile|endforeach)\b|(?://|/\*)"
)
_REST_OF_LINE = lazy_compile(rb"[ \t]{0,200}+(?:[\r\n]|\Z)")
_TAIL = lazy_compile(
    rb"[ \t\r\n]{0,200}+(?:\$[A-Za-z_{]|(?:do|else|try|use|new|echo|print|return|static|function|class|namespace)\b"
    rb"|(?:include|require)(?:_once)?\b|[A-Za-z_\\][\w\\]{0,60}+[ ]?(?:\(|::|->)|\}|<\?|//|/\*|\#)[^\r\n]{0,700}\Z"
)
"""What is left of a statement when the page ends within it: it begins as statements do."""
_DAMAGED_END = lazy_compile(rb"(?:[^<?]++|<(?!\?)|\?(?!>))*+\?>")
_ENCODED_END = lazy_compile(rb"(?:[^&?]++|&(?!lt;\?)|\?(?!&gt;))*+\?&gt;")
_HEREDOC_LONGEST = 4096


class _Lexed(NamedTuple):
    """How far code was read.

    Attributes:
        stop: First byte that was not read.
        closed: Whether a closing tag ends there.
        statement: First byte behind the last whole statement or comment; -1 when there was none.
    """

    stop: int
    closed: bool
    statement: int


class SourceGrammar(Struct, frozen=True):
    """Blocks of PHP, whole or not, with its long, short and printing tags."""

    rule: str = RULE
    anchors: tuple[bytes, ...] = (b"<?", b"&lt;?")

    def read(self, page: Page, at: int) -> Claim | None:
        r"""Return the claim of the block that begins at ``at``; None when no tag of PHP stands there.

        >>> SourceGrammar().read(Page(b"<?php the_title(); // ' ?> Rain."), 0).span
        Span(start=0, stop=26)
        """
        raw = page.raw
        opening = _OPEN.match(raw, at)
        if opening is None:
            return None
        if raw.startswith(b"&", at):
            return _encoded(raw, opening)
        lexed = _lex(raw, opening.end())
        end = None if lexed.closed else _DAMAGED_END.match(raw, opening.end(), opening.end() + DAMAGED_LONGEST)
        stop = end.end() if end else lexed.stop
        if lexed.closed or end:
            told = opening["php"] or opening["echo"] or _CODE_SIGN.search(raw, opening.end(), stop - 2)
            if told:
                return _claim(raw, Span(at, stop), *(() if lexed.closed else ("repaired", ODD)))
            return _lookalike(opening, stop, "nothing in it is code")
        if opening["php"] and (stop := _unclosed_stop(page, opening.end(), lexed)):
            return _claim(raw, Span(at, stop), "truncated", UNCLOSED)
        return _lookalike(opening, lexed.stop, "it has no end, and text follows it on its line")


def _lex(raw: bytes, at: int) -> _Lexed:
    """Read code token by token, as far as it is code: up to its end, to a sign that PHP has not, or to a sentence."""
    statement = -1
    limit = len(raw)
    word: bytes | None = None
    while token := _TOKEN.match(raw, at, limit):
        kind = token.lastgroup
        if kind == "again":
            break
        if kind == "end":
            return _Lexed(token.end(), closed=True, statement=statement)
        if kind == "name":
            if word is not None and word not in _BEFORE_NAME and token[0].lower() not in _BEFORE_NAME:
                break
            word = token[0].lower()
        elif kind not in ("white", "comment"):
            word = None
        at = token.end()
        if token["heredoc"] is not None:
            at = _heredoc_end(raw, at, token["label"], limit)
            if at < 0:
                return _Lexed(token.start(), closed=False, statement=statement)
        is_block = kind == "comment" and token[0].startswith(b"/*")
        if kind == "stop" or (is_block and word is None):
            statement = at
    return _Lexed(at, closed=False, statement=statement)


def _heredoc_end(raw: bytes, at: int, label: bytes, limit: int) -> int:
    """Return the first byte behind the label that closes a heredoc; -1 when none begins a line soon."""
    limit = min(limit, at + _HEREDOC_LONGEST)
    place = raw.find(label, at, limit)
    while place >= 0:
        if not raw[raw.rfind(b"\n", at - 1, place) + 1 : place].strip(b" \t"):
            return place + len(label)
        place = raw.find(label, place + len(label), limit)
    return -1


def _unclosed_stop(page: Page, at: int, lexed: _Lexed) -> int:
    """Return where a block without its closing tag ends; 0 when nothing proves that it is more than its tag.

    A statement counts when nothing follows it on its line. What is left of one at the very end of the page goes with
    those before it.
    """
    raw = page.raw
    if lexed.statement < 0:
        return at if _REST_OF_LINE.match(raw, at) and not raw[at : page.text_stop].strip() else 0
    tail = _TAIL.match(raw, lexed.statement)
    is_code = lexed.stop >= page.text_stop or raw.startswith((b"'", b'"', b"/*"), lexed.stop)
    if tail and is_code and _CODE_SIGN.search(tail[0]) and not ends_sentence(raw, lexed.statement, page.text_stop):
        return page.text_stop
    return lexed.statement if _REST_OF_LINE.match(raw, lexed.statement) else 0


def _encoded(raw: bytes, opening: regex.Match[bytes]) -> Claim | None:
    end = _ENCODED_END.match(raw, opening.end(), opening.end() + DAMAGED_LONGEST)
    return None if end is None else _claim(raw, Span(opening.start(), end.end()), "repaired", ENCODED)


def _claim(raw: bytes, span: Span, status: Status = "exact", reason: str = "") -> Claim:
    value = as_json({"code": from_bytes(span.of(raw))})
    return Claim(span, FAMILY, RULE, status, reason, value=value, resume=span.stop, breaks=0)


def _lookalike(opening: regex.Match[bytes], resume: int, why: str) -> Claim:
    return Claim(Span(*opening.span()), FAMILY, RULE, "kept", why, resume=max(resume, opening.end()))


class PhpSource:
    """The family ``php_source``: one grammar, for blocks of PHP are told apart by their tags alone."""

    name = FAMILY
    grammars: tuple[Grammar, ...] = (SourceGrammar(),)

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        return code_quoted(page, claims, FAMILY)


PHP_SOURCE = PhpSource()
