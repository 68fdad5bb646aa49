"""Values that Python printed as it writes them in programs: dictionaries, lists, and objects by their address.

A value is read by its own grammar, token by token, with a bounded stack. A list or dictionary is a leak when it has its
line to itself and holds what prose has not: a key and its value, or a text with a prefix.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

import regex

from pipeline.families.found import FoundGrammar
from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.shown import shown
from pipeline.model import Claim, Grammar, Page, Span
from pipeline.patterns import lazy_compile

FAMILY = "python_repr"
DEEPEST = 100
TEXT_LONGEST = 100_000

_CALLS = (
    rb"OrderedDict|defaultdict|Counter|deque|datetime\.(?:datetime|date|time|timedelta|timezone)|Decimal|UUID"
    rb"|ObjectId|ISODate|set|frozenset"
    rb"|PosixPath|Timestamp|array|dict_(?:keys|values|items)|mappingproxy|Markup|SafeString"
)
_TOKEN = lazy_compile(
    rb"""[ \t\r\n]*+(?:
        (?P<text>[uUbBrR]{0,2}(?:'(?:[^'\\\r\n]|\\.)*+'|"(?:[^"\\\r\n]|\\.)*+"))
      | (?P<number>-?(?:0x[0-9a-fA-F]+|[0-9][0-9_]*+(?:\.[0-9]*+)?(?:[eE][+\-]?[0-9]++)?)[jL]?|-?inf|nan)
      | (?P<word>None|True|False|Ellipsis|\.\.\.)
      | (?P<object><[A-Za-z_][\w.]{0,200}(?:\ [\w.:'\-]{1,200}){0,12}(?:\ at\ 0x[0-9a-fA-F]{4,16})?>)
      | (?P<call>(?:"""
    + _CALLS
    + rb""")\()
      | (?P<keyword>[a-z_]{1,20}=(?!=))
      | (?P<open>[\[({]) | (?P<close>[\])}]) | (?P<colon>:) | (?P<comma>,)
    )""",
    regex.VERBOSE | regex.DOTALL,
)
_HEAD = lazy_compile(
    rb"(?m:^)[ \t]{0,64}(?P<head>(?:[\[(]{0,4}\{|\[{1,4}\(?|\({1,4})[ ]{0,4}(?=[uUbB]{0,2}['\"]|<|(?:"
    + _CALLS
    + rb")\()|(?:"
    + _CALLS
    + rb")\()"
    rb"|(?P<object><(?:[A-Za-z_]\w{0,80}\.){0,10}[A-Za-z_]\w{0,80}(?: object)? at 0x[0-9a-fA-F]{6,16}>"
    rb"|<(?:bound method|function|generator object|module|built-in (?:method"
    rb"|function)) [\w.<>]{1,120}(?: of <[^<>\r\n]{1,160}>| at 0x[0-9a-fA-F]{6,16}| from '[^'\r\n]{1,200}'){0,2}>)"
)
_LINE_BEHIND = lazy_compile(rb"[ \t]*+(?:\Z|[\r\n<])")
_CLOSERS = {b"[": b"]", b"(": b")", b"{": b"}"}


def python_reprs(raw: bytes) -> tuple[Claim, ...]:
    r"""Return such values in order of position.

    >>> [claim.value for claim in python_reprs(b"Rain fell.\n{'id': 7, 'name': u'Quay'}\n")]
    ['{"id":7,"name":"Quay"}']
    """
    claims: list[Claim] = []
    floor = 0
    for head in _HEAD.finditer(raw):
        if head.start() < floor:
            continue
        if head["object"]:
            floor = head.end()
            claims.append(Claim(Span(*head.span("object")), FAMILY, "object", "exact", resume=floor))
            continue
        reading = _Reading(raw, head.start("head"))
        whole = reading.read()
        floor = max(reading.at, head.end())
        if whole and reading.telling and _LINE_BEHIND.match(raw, reading.at):
            span = Span(head.start("head"), reading.at)
            claims.append(Claim(span, FAMILY, "literal", "exact", value=_value(span.of(raw)), resume=floor))
    return tuple(claims)


class _Reading:
    """A value while it is read; ``telling`` counts what a program writes and prose does not."""

    def __init__(self, raw: bytes, at: int) -> None:
        self.raw = raw
        self.at = at
        self.telling = 0

    def read(self) -> bool:
        """Read to the end of the value; return whether it is one."""
        stack: list[bytes] = []
        wants_value = True
        last = ""
        while token := _TOKEN.match(self.raw, self.at):
            kind = token.lastgroup or ""
            text = token[kind]
            if kind in {"text", "number", "word", "object", "open", "call", "keyword"} and not wants_value:
                return False
            if kind == "close" and (
                not stack or _CLOSERS[stack.pop()] != text or (wants_value and last not in {"open", "call", "comma"})
            ):
                return False
            if kind in {"colon", "comma"} and (wants_value or not stack or (kind == "colon" and stack[-1] != b"{")):
                return False
            if kind in {"open", "call"}:
                stack.append(text[-1:])
            self.at = token.end()
            self.telling += kind in {"colon", "object", "call"} or (kind == "text" and text[:1] in b"uUbBrR")
            wants_value = kind in {"open", "call", "colon", "comma", "keyword"}
            last = kind
            if not stack:
                return kind == "close"
            if len(stack) > DEEPEST:
                return False
        return False


def _value(text: bytes) -> str | None:
    """Return a value as JSON, where it is made of literals alone."""
    if len(text) > TEXT_LONGEST:
        return None
    try:
        return as_json(_plain(ast.literal_eval(text.decode())))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None


def _plain(value: object) -> JSON:
    if isinstance(value, dict):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(member) for member in value]
    if isinstance(value, bytes):
        return from_bytes(value)
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return str(value)


class PythonRepr:
    """The family ``python_repr``: literals that have their line to themselves, and objects by their address."""

    name = FAMILY
    grammars: tuple[Grammar, ...] = (
        FoundGrammar(
            "literal",
            (b"': ", b"u'", b"Dict([(", b"Dict({", b".datetime(", b"b'", b"Decimal('", b"UUID('", b"dict("),
            python_reprs,
        ),
        FoundGrammar("object", (b" at 0x", b"<module '"), python_reprs),
    )  # fmt: skip

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        return shown(page, claims)


PYTHON_REPR = PythonRepr()
