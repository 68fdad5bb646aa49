"""Errors that databases gave and that a server printed into a page, with the statement they are about."""

from __future__ import annotations

from collections.abc import Sequence

import regex
from msgspec.structs import replace

from pipeline.families.found import FoundGrammar, begins_freely
from pipeline.families.glued import behind_word
from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.sentences import holds_words
from pipeline.families.shown import shown
from pipeline.families.sql_error import around, wording
from pipeline.families.sql_error.messages import MESSAGES, Message, closed, closed_below
from pipeline.families.sql_error.statements import SIGNED_LINE, TELLING_LINE, statement_end
from pipeline.model import Claim, Grammar, Page, Span
from pipeline.patterns import lazy_compile

FAMILY = "sql_error"
SIGNED = frozenset(("postgresql", "oracle", "sqlstate", "ado", "wordpress"))
MOST_TAILS = 8
TELLING = 100
"""Bytes of a message that no sentence would hold without a sign of quotation."""
INSIDE = "it stands inside a sentence"
ENDLESS = "nothing tells where its message ends"

_STACK_TRACE = b" Stack trace:"
_LINE_BEFORE = lazy_compile(rb"(?:\A|[\r\n>])[ \t]{0,64}\Z")
_PLACE_OF_PHP = lazy_compile(
    rb" in (?:/|[A-Za-z]:[\\/]|\\\\|[a-z]{2,8}://)[^\r\n]{1,300}?(?::[0-9]{1,9}\s{1,4}Stack trace:| on line [0-9])"
)
"""Where PHP says that the exception was thrown, which tells of the message."""
_CLASS = lazy_compile(rb"[A-Za-z_][\w\\]{0,80}(?:Exception|Error)(?=:)")
_LINE_BREAK = lazy_compile(rb"[\r\n]")
_ON_ITS_LINE = lazy_compile(rb"[\r\n][^A-Za-z\r\n]*+\Z")
_INTRODUCES = lazy_compile(rb"[A-Za-z(](?![^<>]{0,20}>)")
"""A word or a bracket that says what follows."""
_MARK = lazy_compile(rb"[ \t\r\n]{0,400}\^")
"""What PostgreSQL puts below the place that it could not read."""
_LINE = lazy_compile(rb"[^\r\n<]{0,1000}")
_LINE_BEHIND = lazy_compile(rb"[ \t]*+(?:\Z|[\r\n<])")
_WORDPRESS_TAG = lazy_compile(
    rb"(?r)(?:<div id=[\"']error[\"']>[ \t\r\n]{0,8})?(?:<p class=[\"']wpdberror[\"']>)?<strong>"
)


def sql_errors(raw: bytes) -> tuple[Claim, ...]:
    r"""Return the errors of databases on a page in order of position, none inside another.

    >>> [claim.value for claim in sql_errors(b"ERROR 1040 (08004): Too many connections")]
    ['{"message":"Too many connections","sqlstate":"08004","code":1040}']
    """
    found: list[Claim] = []
    for message in MESSAGES:
        if any(anchor in raw for anchor in message.anchors):
            found += filter(None, (_claim(raw, message, match) for match in message.pattern.finditer(raw)))
    claims: list[Claim] = []
    for claim in sorted(found, key=lambda claim: (claim.span.start, not claim.is_cut, -claim.span.stop)):
        if not claims:
            claims.append(claim)
        elif claim.span.start >= claims[-1].span.stop:
            follows = claims[-1].is_cut and not raw[claims[-1].span.stop : claim.span.start].strip()
            follows &= claim.reason == INSIDE
            claims.append(replace(claim, status="exact", reason="") if follows else claim)
    return tuple(claims)


def _claim(raw: bytes, message: Message, match: regex.Match[bytes]) -> Claim | None:
    head = around.HEAD_BEFORE.match(raw, max(0, match.start() - around.HEAD_LONGEST), match.start())
    start = head.start() if head else match.start()
    if head and (name := _CLASS.match(raw, start, match.start())):
        start = behind_word(raw, start, name.end())
    if message.rule == "wordpress" and (tag := _WORDPRESS_TAG.match(raw, max(0, start - 80), start)):
        start = tag.start()
    message_stop = _message_stop(raw, match, start)
    stop, query = _behind(raw, message, Span(match.start(), message_stop))
    before = raw[max(0, start - 80) : start]
    if message.proof == "head" and head is None:
        return None
    if message.proof == "line" and not (_LINE_BEFORE.search(before) and _LINE_BEHIND.match(raw, stop)):
        return None
    stop = max(stop, message_stop)
    span = Span(start, start + len(raw[start:stop].rstrip()))
    value = as_json(_value(raw, span, Span(match.start(), message_stop), query))
    if message_stop == match.start():
        return Claim(Span(start, match.end()), FAMILY, message.rule, "kept", ENDLESS, resume=match.end())
    is_told = head or query or message_stop - match.start() >= TELLING or _is_signed(message, match)
    if not is_told and not begins_freely(raw, start):
        return Claim(span, FAMILY, message.rule, "kept", INSIDE, value=value, resume=stop)
    return Claim(span, FAMILY, message.rule, "exact", value=value, resume=stop)


def _is_signed(message: Message, match: regex.Match[bytes]) -> bool:
    """Whether a message begins with what only a program writes, such as a code."""
    return message.rule in SIGNED or match[0].startswith((b"SQLITE_", b"Msg "))


def _message_stop(raw: bytes, match: regex.Match[bytes], start: int) -> int:
    """Return where a message ends; where it begins, if nothing tells.

    A message that its own words do not end goes on to the end of its line, where the line is the error's alone.
    """
    if "open" not in match.re.groupindex or match["open"] is None:
        return match.end()
    opening = match.start("open")
    stop = opening + len(match["open"].rstrip())
    head_stop = match.start() + len(raw[match.start() : opening].rstrip())
    if _LINE_BREAK.search(raw, head_stop, opening):
        told = closed_below().match(raw, opening, stop)
        return told.end() if told else head_stop  # other words on a line of their own may be anybody's
    thrown = _PLACE_OF_PHP.search(raw, opening, stop + len(_STACK_TRACE))
    told = closed().search(raw, opening, thrown.start() if thrown else stop)
    if told and not around.SENTENCES.search(raw, opening, told.start()):
        return told.end()
    if thrown:
        return thrown.start()
    is_own_line = (
        len(match["open"]) < wording.OPEN_LONGEST
        and _LINE_BEFORE.search(raw, max(0, start - 80), start)
        and not around.SENTENCES.search(raw, opening, stop)
    )
    return stop if is_own_line else match.start()


def _behind(raw: bytes, message: Message, said: Span) -> tuple[int, Span | None]:
    """Return where an error ends with all that is printed behind it, and the statement it is about."""
    stop = said.stop
    more = around.POSTGRESQL_TAIL if message.rule == "postgresql" else around.TAIL
    for _ in range(MOST_TAILS):
        tail = more.match(raw, stop) or around.TAIL.match(raw, stop)
        if tail is None:
            break
        stop = tail.end()
    if message.rule == "postgresql" and (source := around.LINE_OF_SOURCE.match(raw, stop)):
        return _source_stop(raw, stop, source.end(), said), None
    between = around.QUERY.match(raw, stop)
    if between is None:
        return stop, None
    is_small = raw[between.end() : between.end() + 1].islower()
    if is_small and not _INTRODUCES.search(between[0]) and not TELLING_LINE.match(raw, between.end()):
        return stop, None  # a sentence may begin with such a word
    is_bare = _ON_ITS_LINE.search(between[0]) is not None
    end = statement_end(raw, between.end(), is_bare=is_bare, said=said.of(raw))
    if end == between.end():
        return stop, None
    query = Span(between.end(), end)
    made_by = around.MADE_BY.match(raw, end) if message.rule == "wordpress" else None
    closing = around.QUERY_END.match(raw, made_by.end() if made_by else end)
    return (closing or made_by).end() if closing or made_by else end, query  # type: ignore[union-attr]


def _source_stop(raw: bytes, stop: int, at: int, said: Span) -> int:
    """Return where the line of source ends that PostgreSQL shows behind an error, with no mark below it.

    Nothing tells where it ends but its own words, where the line is not the whole of a statement.
    """
    end = statement_end(raw, at, said=said.of(raw))
    if end > at:
        mark = _MARK.match(raw, end)
        return mark.end() if mark else end
    line = _LINE.match(raw, at)
    is_source = line and SIGNED_LINE.match(raw, at, line.end()) and not holds_words(raw, at, line.end())
    return line.end() if line and is_source else stop


def _value(raw: bytes, span: Span, message: Span, query: Span | None) -> dict[str, JSON]:
    """Return what an error says: its message, its state and code where they are printed, and the statement."""
    value: dict[str, JSON] = {"message": from_bytes(message.of(raw).strip())}
    head = raw[span.start : min(message.stop, message.start + 120)]
    if state := around.STATE.search(head):
        value["sqlstate"] = from_bytes(state[1] or state[2] or state[3])
    if code := around.CODE.search(raw[span.start : message.start] or message.of(raw)[:60]):
        value["code"] = int(code[1])
    if query:
        value["query"] = from_bytes(query.of(raw))
    return value


class SqlError:
    """The family ``sql_error``: a grammar for each database, and for the layers that print its errors."""

    name = FAMILY
    grammars: tuple[Grammar, ...] = tuple(
        FoundGrammar(
            rule,
            tuple(anchor for message in MESSAGES if message.rule == rule for anchor in message.anchors),
            sql_errors,
        )
        for rule in dict.fromkeys(message.rule for message in MESSAGES)
    )

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        return shown(page, claims)


SQL_ERROR = SqlError()
