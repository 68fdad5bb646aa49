"""The ways JSON gets into the text of a page, each read from its first byte to its last."""

from __future__ import annotations

from typing import Any

import msgspec
import regex

from pipeline.families.embedded_json.proof import Reading, begins_line, stands_free
from pipeline.families.embedded_json.scan import End, json_end
from pipeline.families.found import begins_freely
from pipeline.families.glued import behind_word_before_known
from pipeline.model import Page, Span
from pipeline.patterns import lazy_compile

JSON_LD_HEADS = tuple(
    opening + b'"@' + key + b'"' for key in (b"context", b"type", b"graph") for opening in (b"[{", b"{", b"")
)
"""Keys JSON-LD begins with. With their brackets they are longer than what other grammars look for, and go first."""
LAID_OUT_HEADS = (b"{\n", b"{\r\n", b'{ "', b"[{\n", b"[{\r\n", b'[{ "', b"[\n", b"[\r\n", b"[ {")
"""What a document begins with that was printed for a reader: white space behind its first bracket."""
HEAD_LONGEST = 160
TAIL_LONGEST = 64
"""Bytes behind a document in which its closing must stand. Without a bound the matcher seeks it in all of the page."""
LAID_OUT = lazy_compile(
    rb"(?:\[[ \t\r\n]{0,64}+)?\{[ \t\r\n]{0,64}+"
    rb"(?!\"@(?:context|type|graph)\")\"[^\"\\\x00-\x1f]{0,200}+\"[ \t]{0,8}+:"
)
"""Brackets and a whole key; what JSON-LD begins with is left to its own grammar, which finds it at that key."""
OPENING_BEFORE = lazy_compile(rb"(?:\[[ \t\r\n]*+)?\{[ \t\r\n]*+\Z")
SCRIPT = lazy_compile(rb"<script(?:[ \t\r\n][^<>]{0,400})?>[ \t\r\n]*+", regex.IGNORECASE)
SCRIPT_BEFORE = lazy_compile(rb"(?r)<script(?:[ \t\r\n][^<>]{0,400})?>[ \t\r\n]{0,64}", regex.IGNORECASE)
"""A tag that nothing need close; matched backward from the statement behind it, with which it goes."""
SCRIPT_LONGEST = 480
SCRIPT_END = lazy_compile(rb"[ \t\r\n]*+;?[ \t\r\n]*+</script[ \t\r\n]{0,8}>", regex.IGNORECASE)
NAME = rb"[A-Za-z_$][\w$]{0,60}(?:\.[\w$]{1,60}){0,8}"
ASSIGNED = lazy_compile(rb"(?:(?:var|let|const)[ \t]{1,8})?" + NAME + rb"[ \t]?=[ \t\r\n]*+")
DECLARES = lazy_compile(rb"(?:var|let|const)[ \t]")
ASSIGNED_BEFORE = lazy_compile(rb"(?:(?:var|let|const)[ \t]{1,8})?" + NAME + rb"[ \t]?\Z")
CALLED_BEFORE = lazy_compile(rb"(?:/\*\*/[ \t]?)?" + NAME + rb"\Z")
CALL_END = lazy_compile(rb"[ \t\r\n]*+\)[ \t]*+;?")
STATEMENT_END = lazy_compile(rb"[ \t]*+;")
CODE_BEHIND = lazy_compile(
    rb"[ \t]*+(?:" + NAME + rb"[ \t]?[(=\[]|(?:var|let|const|function|if|for|try|return)[ \t({]|[(!;}])"
)
"""A statement that goes on with the line: then the document is a part of a script, and one cut with it."""
EQUALS = lazy_compile(rb"=[ \t\r\n]*+(?=[\[{])")


def read_json_ld(page: Page, at: int) -> Reading | None:
    """Read a JSON-LD document: in its script element, or bare where the tags were taken off."""
    raw = page.raw
    if raw.startswith(b"<script", at):
        reading = _read_element(raw, at, assigned=False)
        return reading if reading and reading.document and _is_json_ld(reading.document.of(raw)) else None
    opening = OPENING_BEFORE.search(raw, max(0, at - HEAD_LONGEST), at) if raw.startswith(b'"', at) else None
    start = opening.start() if opening else at
    if raw.startswith(b'"', start) or not stands_free(raw, start):
        return None
    end = _end(page, start, start, "json_ld")
    if not end.complete:
        return Reading(Span(start, start + 1), unfit="it is not JSON to its end", resume=max(end.stop, at + 1))
    document = Span(start, end.stop)
    is_told = _is_json_ld(document.of(raw))
    return Reading(document, document, unfit="" if is_told else "it names no context", is_data=is_told)


def read_script(page: Page, at: int) -> Reading | None:
    """Read a script element that holds one JSON document, or a statement that assigns one to a name."""
    raw = page.raw
    if raw.startswith(b"<script", at):
        return _read_element(raw, at, assigned=True)
    first = max(0, at - HEAD_LONGEST)
    head = ASSIGNED_BEFORE.search(raw, first, at)
    equals = EQUALS.match(raw, at, at + TAIL_LONGEST)
    if head is None or equals is None:
        return None
    is_global = head[0].startswith(b"window.") and stands_free(raw, head.start())
    declares = DECLARES.match(head[0]) is not None and begins_freely(raw, head.start())
    if not declares and not stands_free(raw, head.start()):
        return None
    end = _end(page, equals.end(), head.start(), "script_json")
    if not end.complete:
        return None
    semicolon = STATEMENT_END.match(raw, end.stop, end.stop + TAIL_LONGEST)
    if semicolon is None or not _has_members(raw[equals.end() : end.stop]):
        return None
    document = Span(equals.end(), end.stop)
    tag = SCRIPT_BEFORE.match(raw, max(0, head.start() - SCRIPT_LONGEST), head.start())
    start = tag.start() if tag else head.start()
    is_data = _holds_rows(document.of(raw)) or declares or is_global
    is_data = is_data and CODE_BEHIND.match(raw, semicolon.end()) is None
    return Reading(Span(start, semicolon.end()), document, is_data=is_data)


def read_call(page: Page, at: int) -> Reading | None:
    """Read a call whose only argument is a JSON document, as JSONP answers are."""
    raw = page.raw
    head = CALLED_BEFORE.search(raw, max(0, at - HEAD_LONGEST), at)
    start = behind_word_before_known(raw, *head.span()) if head else at
    if head is None or not (start > head.start() or stands_free(raw, start)):
        return None
    end = _end(page, at + 1, start, "jsonp")
    closing = CALL_END.match(raw, end.stop, end.stop + TAIL_LONGEST) if end.complete else None
    if closing is None:
        return None
    document = Span(at + 1, end.stop)
    return Reading(Span(start, closing.end()), document, is_data=_holds_rows(document.of(raw)))


def read_bare(page: Page, at: int) -> Reading | None:
    """Read JSON that has a line to itself, as programs write it: without line breaks.

    What is laid out over many lines was laid out for a reader, and one member may be an example: those are left.
    """
    raw = page.raw
    if not stands_free(raw, at) or raw.startswith(JSON_LD_HEADS, at):
        return None
    is_spaced = raw.startswith(LAID_OUT_HEADS, at)
    if is_spaced and LAID_OUT.match(raw, at) is None:
        return None
    end = _end(page, at, at, "json")
    if not end.complete:
        return Reading(Span(at, at + 1), unfit="it is not JSON to its end", resume=end.stop)
    document = Span(at, end.stop)
    text = document.of(raw)
    if b"\n" in text or b"\r" in text:
        return Reading(document, document, unfit="it is laid out over several lines, as for a reader")
    if is_spaced:
        return Reading(document, document, unfit="it has blanks behind its brackets, as for a reader")
    is_data = _holds_rows(text)
    unfit = "" if is_data or _has_members(text) else "it has neither rows nor two members"
    return Reading(document, document, unfit=unfit, is_data=is_data)


def _end(page: Page, at: int, start: int, rule: str) -> End:
    """Return where a document ends. What one that begins in mid-line has in it is not read again by the same rule."""
    if begins_line(page.raw, start):
        return json_end(page.raw, at)
    read = page.once(_read_to)
    if at < read.get(rule, 0):
        return End(at, complete=False)
    end = json_end(page.raw, at)
    read[rule] = end.stop
    return end


def _read_to(_page: bytes) -> dict[str, int]:
    """Return what holds, for each rule, how far documents that begin in mid-line were read."""
    return {}


def _read_element(raw: bytes, at: int, *, assigned: bool) -> Reading | None:
    """Read ``<script>`` to ``</script>``; ``assigned`` allows a name before the document."""
    tag = SCRIPT.match(raw, at)
    if tag is None:
        return None
    start = tag.end()
    name = ASSIGNED.match(raw, start) if assigned else None
    if name is not None:
        start = name.end()
    if raw[start : start + 1] not in (b"[", b"{"):
        return None
    end = json_end(raw, start)
    closing = SCRIPT_END.match(raw, end.stop, end.stop + TAIL_LONGEST) if end.complete else None
    if closing is None:
        return None
    return Reading(Span(at, closing.end()), Span(start, end.stop), is_data=True)


def _is_json_ld(text: bytes) -> bool:
    """Whether a document says what it is about in the way of JSON-LD."""
    data = msgspec.json.decode(text)
    nodes: list[Any] = data if isinstance(data, list) else [data]
    return all(isinstance(node, dict) for node in nodes) and any(
        isinstance(node.get("@context"), (str, list, dict)) and ("@type" in node or "@graph" in node) for node in nodes
    )


def _has_members(text: bytes) -> bool:
    """Whether a document is an object, or a list of objects, of at least two members each."""
    data = msgspec.json.decode(text)
    rows: list[Any] = data if isinstance(data, list) else [data]
    return bool(rows) and all(isinstance(row, dict) and len(row) > 1 for row in rows)


def _holds_rows(text: bytes) -> bool:
    """Whether a document is a list of several objects of two members each, or holds one: no sentence has that."""
    data = msgspec.json.decode(text)
    lists = data.values() if isinstance(data, dict) else [data]
    return any(
        isinstance(rows, list) and len(rows) > 1 and all(isinstance(row, dict) and len(row) > 1 for row in rows)
        for rows in lists
    )
