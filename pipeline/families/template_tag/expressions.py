"""What stands in a template tag: an expression, told apart from words that somebody put into braces."""

from __future__ import annotations

import regex

from pipeline.families.mark_up import Found
from pipeline.families.php_dump.value import from_bytes
from pipeline.model import Span
from pipeline.patterns import lazy_compile

LONGEST = 500
"""Bytes of an expression that are read at most."""

_TOKEN = lazy_compile(
    rb"""
      (?P<white>\s++)
    | (?P<string>'(?:[^'\\\r\n]++|\\.)*+' | "(?:[^"\\\r\n]++|\\.)*+")
    | (?P<path>[$@]?[A-Za-z_][\w]*+(?:(?:\.|->|::|\?->|:)[\w$]++)*+)
    | (?P<number>[0-9][\w.]*+)
    | (?P<sign>\|\||&&|=>|[()\[\]|,:?!<>=+\-*/%~.&;])
    """,
    regex.VERBOSE,
)
_WORDS = frozenset(
    (
        b"and", b"or", b"not", b"is", b"in", b"if", b"else", b"elseif", b"eq", b"ne", b"neq", b"gt", b"lt", b"gte",
        b"lte", b"matches", b"starts", b"ends", b"with", b"as", b"each", b"unless", b"for", b"from", b"item", b"yield",
        b"partial", b"null", b"true", b"false", b"new", b"then", b"end", b"foreach", b"while", b"let", b"log", b"by",
    )
)  # fmt: skip
"""Words that engines themselves use beside others."""
_JOINS = lazy_compile(rb"\s*(?:by|as|is|in|from|starts|ends|matches)\b")
"""Words that stand between two values, and first in a text that is none: ``{{by whom}}``."""
_TELLING = lazy_compile(rb"[._$|=()\['\">]|->|[a-z][A-Z]|[a-z][0-9]|[0-9][a-z]")
"""Signs that a name of a program has and a word has not."""


def is_expression(text: bytes) -> bool:
    r"""Return whether a text is an expression: names, values and signs, and no two words side by side.

    >>> is_expression(b"page.title|upper"), is_expression(b"formatDate published"), is_expression(b"citation needed")
    (True, True, False)
    """
    at = words = 0
    lonely = _JOINS.match(text) is None
    while at < len(text) and (token := _TOKEN.match(text, at)):
        kind = token.lastgroup
        at = token.end()
        if kind == "path":
            words += 1
            lonely &= words == 1 or token[0] in _WORDS
        elif kind != "white":
            words = 0
        if kind == "path" and token[0] in _WORDS:
            words = 0
    return bool(text.strip()) and at == len(text) and (lonely or _TELLING.search(text) is not None)


def tag_of(span: Span, inside: bytes, why: str = "") -> Found:
    """Return a tag with the code in it; ``why`` says what is not as it was written."""
    code = from_bytes(inside.strip().strip(b"-~").strip())
    return Found(span, {"code": code}, status="repaired" if why else "exact", why=why)
