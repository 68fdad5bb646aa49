"""Comments, conditional comments, blocks of an editor, and declarations: what HTML holds for programs alone."""

from __future__ import annotations

import msgspec
import regex

from pipeline.families import attributes
from pipeline.families.mark_up import ENCODED, Found
from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.model import Page, Span
from pipeline.nesting import too_deep
from pipeline.patterns import lazy_compile

_COMMENT = b"<!--"
_ENCODED_COMMENT = b"&lt;!--"
_LONGEST_ENCODED = 4000
_ENDS = {_COMMENT: b"-->", _ENCODED_COMMENT: b"--&gt;"}
_CONDITION = lazy_compile(
    rb"(?:<!|&lt;!)(?:--)?\[(?P<condition>if [^\[\]\r\n<>]{1,80}|endif)\](?:--)?(?:>|&gt;)(?:<!-->|<!--|-->)?"
)
"""Either end of a conditional comment of which the rest stands in the text, or both."""
_BLOCK = lazy_compile(
    rb"\s{0,8}+(?P<name>/?wp:[a-z][a-z0-9/\-]{0,60})(?P<data>\s{1,8}+\{.*\})?\s{0,8}+/?\s{0,8}", regex.DOTALL
)
"""What an editor of WordPress writes into a comment around each block."""
_DECLARATION = lazy_compile(
    rb"<!(?:DOCTYPE|ELEMENT|ENTITY|ATTLIST)\s[^<>\[\]]{0,400}>|<!\[CDATA\[|\]\]>(?=\s|<|\Z)"
    rb"|&lt;!DOCTYPE\s(?:[^<>&\r\n]|&quot;){0,400}&gt;",
    regex.IGNORECASE,
)
_INSTRUCTION = lazy_compile(rb"<\?xml(?P<name>[:\-][a-z]{1,20}(?:[:\-][a-z]{1,20})?)?")
_INSTRUCTION_END = lazy_compile(rb"\s{0,8}+[?/]?>")


def read_comment(page: Page, at: int) -> Found | None:
    r"""Read a comment with all that is in it, or one end of a conditional comment.

    >>> read_comment(Page(b'<!-- wp:image {"id":7} -->'), 0).value
    {'block': 'wp:image', 'attributes': {'id': 7}}
    """
    raw = page.raw
    encoded = raw.startswith(_ENCODED_COMMENT, at)
    start = _ENCODED_COMMENT if encoded else _COMMENT
    if raw.startswith(start, at):
        first = at + len(start)
        another = raw.find(start, first)
        limit = another if another >= 0 else len(raw)
        stop = raw.find(_ENDS[start], first, min(limit, first + _LONGEST_ENCODED) if encoded else limit)
        if stop >= 0:
            value, span = _value(raw[first:stop]), Span(at, stop + len(_ENDS[start]))
            return Found(span, value, 0, "repaired", ENCODED) if encoded else Found(span, value)
    condition = _CONDITION.match(raw, at)
    if condition is None:
        return None
    return Found(Span(at, condition.end()), {"condition": from_bytes(condition["condition"])})


def _value(inside: bytes) -> JSON:
    block = _BLOCK.fullmatch(inside)
    if block is None:
        return {"comment": from_bytes(inside.strip())}
    value: dict[str, JSON] = {"block": block["name"].decode()}
    if block["data"] is not None and not too_deep(block["data"]):
        try:
            value["attributes"] = msgspec.json.decode(block["data"])
        except (msgspec.DecodeError, UnicodeDecodeError):
            value["comment"] = from_bytes(inside.strip())
    return value


def read_declaration(page: Page, at: int) -> Found | None:
    """Read what a document declares of itself: its type, its version, and the marks of a section of characters."""
    raw = page.raw
    if found := _DECLARATION.match(raw, at):
        return Found(Span(*found.span()), {"declaration": from_bytes(found[0])})
    head = _INSTRUCTION.match(raw, at)
    held = attributes.read(raw, head.end()) if head else None
    end = _INSTRUCTION_END.match(raw, held.stop) if held and held.values else None
    if end is None:
        return None
    span = Span(at, end.end())
    return Found(span, {"declaration": from_bytes(span.of(raw))})
