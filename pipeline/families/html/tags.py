"""Tags: a known name, attributes that are well formed, and the sign that closes them."""

from __future__ import annotations

import string

import regex

from pipeline.families import attributes
from pipeline.families.html import elements
from pipeline.families.mark_up import CUT_SHORT, ENCODED, Found
from pipeline.families.php_dump.value import JSON
from pipeline.families.sentences import ends_sentence
from pipeline.model import Page, Span
from pipeline.patterns import lazy_compile

ANCHORS = (b"</", *(b"<" + letter.encode() for letter in string.ascii_letters))
ENCODED_ANCHORS = (b"lt;", b"#60;", b"#x3c;", b"#x3C;")
"""What ends the entity of the opening sign, in each way of writing it, also where it was encoded twice."""

_NAME = rb"(?P<closing>/?)(?P<name>[A-Za-z][A-Za-z0-9:\-]{0,40}+)"
_HEAD = lazy_compile(rb"<" + _NAME)
_TAIL = lazy_compile(rb"(?:\s|\xc2\xa0|&nbsp;){0,40}+/?\s{0,8}+>")
_OPENING = rb"&(?:amp;){0,3}+(?:lt|#60|#x3[cC]);"
_ENCODED_HEAD = lazy_compile(_OPENING + _NAME)
_ENCODED_BEFORE = lazy_compile(rb"&(?:amp;){0,3}+\Z")
_ENCODED_TAIL = lazy_compile(rb"(?:\s|&(?:amp;)?nbsp;){0,40}+/?\s{0,8}+(?:&(?:amp;){0,3}+(?:gt|#62|#x3[eE]);|>)")
_LONGEST_HEAD = 20
_LONGEST_CUT_SHORT = 2000
_CUT_SHORT = lazy_compile(
    rb"\s{1,8}+(?:[A-Za-z_:][\w:.\-]{0,80}+\s?=\s?(?:\"[^\"<>\r\n]{0,2000}|'[^'<>\r\n]{0,2000})?)"
)
"""What is left of an attribute when the page ends within it."""


def read_tag(page: Page, at: int) -> Found | None:
    r"""Read a tag between angle brackets.

    >>> read_tag(Page(b'<a href="/quay">'), 0).value
    {'name': 'a', 'attributes': {'href': '/quay'}}
    >>> read_tag(Page(b"<desk@harbour.example>"), 0)
    """
    head = _HEAD.match(page.raw, at)
    return None if head is None else _tag(page, head, _TAIL)


def read_encoded_tag(page: Page, at: int) -> Found | None:
    """Read a tag whose brackets, and perhaps quotes, are entities; a reader of the page saw it as a tag."""
    before = _ENCODED_BEFORE.search(page.raw, max(0, at - _LONGEST_HEAD), at)
    head = _ENCODED_HEAD.match(page.raw, before.start()) if before else None
    if head is None:
        return None
    found = _tag(page, head, _ENCODED_TAIL)
    return None if found is None else Found(found.span, found.value, found.breaks, "repaired", ENCODED)


def _tag(page: Page, head: regex.Match[bytes], tail: regex.Pattern[bytes]) -> Found | None:
    raw, name = page.raw, head["name"].lower()
    if not elements.is_known(name):
        return None
    named = name.decode()
    closing = bool(head["closing"])
    value: dict[str, JSON] = {"name": named}
    if closing:
        value["closing"] = True
    held = attributes.read(raw, head.end())
    if not elements.SWITCHES.issuperset(bare.lower() for bare in held.bare):
        return None
    if held.values or held.bare:
        value["attributes"] = {**held.values, **dict.fromkeys(held.bare, "")}
    breaks = elements.breaks(named, closing=closing)
    if end := tail.match(raw, held.stop):
        return Found(Span(head.start(), end.end()), value, breaks)
    if _is_cut_short(page, held.stop):
        return Found(Span(head.start(), page.text_stop), value, breaks, "truncated", CUT_SHORT)
    return None


def _is_cut_short(page: Page, at: int) -> bool:
    """Whether a tag goes on to the end of the page, and the page ends within one of its attributes."""
    stop = page.text_stop
    if stop - at > _LONGEST_CUT_SHORT or ends_sentence(page.raw, at, stop):
        return False
    return _CUT_SHORT.fullmatch(page.raw, at, stop) is not None
