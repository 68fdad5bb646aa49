"""One shortcode: a bracket, a name, attributes, and the bracket that closes it; read to its end or refused."""

from __future__ import annotations

from bisect import bisect_left

import regex
from msgspec import Struct

from pipeline.families import attributes
from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.shortcode import names
from pipeline.families.shortcode.names import Names
from pipeline.model import Claim, Page, Span
from pipeline.patterns import lazy_compile

FAMILY = "shortcode"
PAIRED = "its closing shortcode stands behind it"

_HEAD = lazy_compile(rb"\[(?P<closing>/?)(?P<name>[a-z][a-z0-9]{0,40}(?:[_\-][a-z0-9]{1,40}){0,8}+)(?![\w\-])")
_POSITIONAL = lazy_compile(rb"\s{1,8}+(?P<value>https?://[^\s\[\]\"'<>]{1,1000}|[A-Za-z0-9_\-,:./#]{1,80})(?![\w=])")
_TAIL = lazy_compile(rb"(?![ \t]*\r?\n[ \t]*\r?\n)(?:\s|\xc2\xa0|&nbsp;){0,8}+(?P<slash>/?)\](?!\()")
_INSIDE = lazy_compile(rb"[^\s\[\]]{0,300}+")
_ENCODED_DATA = lazy_compile(rb"[A-Za-z0-9+/=%]{0,100000}+")
_CLOSINGS = lazy_compile(rb"\[/([a-z][a-z0-9_\-]{0,80}+)\]")
_BEFORE_LONGEST = 140
_FIRST_VALUE = lazy_compile(rb"\[[a-z][a-z0-9_\-]{1,80}+\s{1,8}+[\w\-]{1,40}+\s{0,2}+\Z")
"""What stands before the first value of a shortcode."""
_LINE_BEFORE = lazy_compile(rb"(?:\A|[\r\n])[ \t]{0,40}+\Z")
_LINE_BEHIND = lazy_compile(rb"[ \t]{0,40}+(?:\Z|[\r\n])")
_ALONE = frozenset({"gallery", "playlist", "sitemap", "archives", "contact-form", "readmore", "more"})
"""Words that are a whole shortcode, when they have a line to themselves."""


def closings(raw: bytes) -> dict[bytes, list[int]]:
    """Return where closing shortcodes stand in a page, by their names."""
    found: dict[bytes, list[int]] = {}
    for closing in _CLOSINGS.finditer(raw):
        found.setdefault(closing[1], []).append(closing.start())
    return found


class ShortcodeGrammar(Struct, frozen=True):
    """The shortcodes of one vendor; ``known`` is None for those whose name nobody knows."""

    rule: str
    anchors: tuple[bytes, ...]
    known: Names | None

    def read(self, page: Page, at: int) -> Claim | None:
        """Return the claim of the shortcode at an anchor; None when there is none, or its name is another vendor's."""
        raw = page.raw
        start = at
        if not raw.startswith(b"[", at):
            before = _FIRST_VALUE.search(raw, max(0, at - _BEFORE_LONGEST), at)
            start = before.start() if before else len(raw)
        head = _HEAD.match(raw, start)
        if head is None or raw.startswith(b"[", start - 1):
            return None
        name = head["name"].decode()
        if self.known is None:
            return None if names.is_known(name) else _unknown(raw, head)
        return self._known(page, head, name) if self.known.has(name) else None

    def _known(self, page: Page, head: regex.Match[bytes], name: str) -> Claim | None:
        raw = page.raw
        certain = self.known is not None and self.known.is_certain(name)
        breaks = 2 if name in names.PARTED or (certain and self.known and self.known.breaks) else 0
        if head["closing"]:
            end = _TAIL.match(raw, head.end())
            return self._claim(Span(head.start(), end.end()), {"name": name, "closing": True}, breaks) if end else None
        shortcode = _read(raw, head)
        if shortcode is None:
            return None
        reason = ""
        if not (certain or shortcode.is_proof) and not _has_a_line(raw, shortcode.span, name):
            if not _closes(page, shortcode.span.stop, head["name"]):
                return None
            reason = PAIRED
        span, value = shortcode.span, shortcode.value
        if name in names.ADDRESSED and (inside := _content(raw, span.stop, head["name"])):
            value["content"] = from_bytes(inside.of(raw))
            span = Span(span.start, inside.stop + len(name) + len("[/]"))
            reason = ""
        return self._claim(span, value, breaks, reason)

    def _claim(self, span: Span, value: dict[str, JSON], breaks: int, reason: str = "") -> Claim:
        return _claim(self.rule, span, value, breaks, reason)


class _Shortcode(Struct, frozen=True):
    """An opening shortcode, and whether what stands in it proves that it is one."""

    span: Span
    value: dict[str, JSON]
    quoted: int
    is_proof: bool


def _read(raw: bytes, head: regex.Match[bytes]) -> _Shortcode | None:
    """Read attributes and plain values up to the closing bracket; None when something else stands there."""
    at, name = head.end(), head["name"].decode()
    value: dict[str, JSON] = {"name": name}
    named: dict[str, JSON] = {}
    plain: list[JSON] = []
    quoted = 0
    address = False
    while not (end := _TAIL.match(raw, at)):
        if word := _POSITIONAL.match(raw, at):
            plain.append(from_bytes(word["value"]))
            address |= word["value"].startswith((b"https://", b"http://"))
            at = word.end()
            continue
        held = attributes.read(raw, at)
        if held.stop == at or len(plain) + len(named) > attributes.MOST:
            return None
        named |= held.values
        plain += held.bare
        quoted += held.quoted
        at = held.stop
    if named:
        value["attributes"] = named
    if plain:
        value["values"] = plain
    is_number = name in names.ADDRESSED and len(plain) == 1 and str(plain[0]).isdigit()
    proof = bool(named or address or is_number or end["slash"])
    return _Shortcode(Span(head.start(), end.end()), value, quoted, proof)


def _unknown(raw: bytes, head: regex.Match[bytes]) -> Claim | None:
    """Read a shortcode of an unknown name: values in quotes prove it, or the form of the name where it closes."""
    name = head["name"].decode()
    if head["closing"]:
        end = _TAIL.match(raw, head.end())
        if end is None or not ("_" in name or "-" in name):
            return None
        return _claim("other", Span(head.start(), end.end()), {"name": name, "closing": True}, 0)
    shortcode = _read(raw, head)
    if shortcode is None or not shortcode.quoted or "values" in shortcode.value:
        return None
    return _claim("other", shortcode.span, shortcode.value, 0)


def _claim(rule: str, span: Span, value: dict[str, JSON], breaks: int, reason: str = "") -> Claim:
    return Claim(span, FAMILY, rule, "exact", reason, value=as_json(value), resume=span.stop, breaks=breaks)


def _has_a_line(raw: bytes, span: Span, name: str) -> bool:
    """Whether a shortcode that needs nothing else has its line to itself."""
    before = _LINE_BEFORE.search(raw, max(0, span.start - 42), span.start)
    return name in _ALONE and before is not None and _LINE_BEHIND.match(raw, span.stop) is not None


def _closes(page: Page, at: int, name: bytes) -> bool:
    """Whether a closing shortcode of this name stands behind a byte."""
    places = page.once(closings).get(name, [])
    return bisect_left(places, at) < len(places)


def _content(raw: bytes, at: int, name: bytes) -> Span | None:
    """Return where the address or data between a pair of tags stands; None when it is prose, or there is no pair."""
    pattern = _ENCODED_DATA if name.startswith(b"vc_raw") else _INSIDE
    inside = pattern.match(raw, at)
    if inside is None or not raw.startswith(b"[/" + name + b"]", inside.end()):
        return None
    return Span(at, inside.end())
