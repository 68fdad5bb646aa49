"""The ladder: from a strict decode to complete items only, and no rung is taken without its proof."""

from __future__ import annotations

from typing import Any

import regex

from pipeline.model import Recovery
from pipeline.nesting import too_deep
from pipeline.patterns import lazy_compile
from pipeline.recovery import patterns
from pipeline.recovery.decoding import QUOTE_ENTITY, decodings
from pipeline.recovery.envelope import MARKS, WRONG_BOM, may_be_wrapped, unwrap
from pipeline.recovery.guard import keeps_all
from pipeline.recovery.reader import KnownKeys, Reader
from pipeline.recovery.recovered import Recovered
from pipeline.recovery.strict import decode, may_need_mending, mend_content
from pipeline.recovery.twice import KEY_TWICE, has_a_key_twice
from pipeline.recovery.writer import BrokenError, joined

ENCODED_DEEPEST = 3
TWO_READINGS = "its backslashes can be read in two ways"
LONGEST = 16 * 2**20
"""Bytes of a damaged document that are read at most; a sound one may have any length."""

LOOKS_LIKE_JSON = lazy_compile(
    rf"""[{MARKS}]*+(?:{WRONG_BOM})?[{MARKS}]*+"""
    r"""(?:[\[{](?:\s|&(?:amp;)*+nbsp;|<(?:p|br)\s?/?>)*+"""
    rf"""(?:[\[{{\]}}"'“\-0-9]|\\++["']|{QUOTE_ENTITY}|[A-Za-z_$][\w$]{{0,64}}+\s?:|true|false|null|NaN)"""
    r"""|["'](?:\\*+")*+[\[{]\s?\\*+["'{\[\]}]|(?:[\[{]|%5[Bb]|%7[Bb])(?:\s|%(?:5[Bb]|7[Bb]|20|0[AaDd9]))*+%22)""",
    regex.VERBOSE,
)


def looks_like_json(text: bytes) -> bool:
    """Whether a text begins as a JSON list or object does, damaged or in an envelope.

    >>> looks_like_json(b' [{"id": 7}'), looks_like_json(b'var x = [{"id"'), looks_like_json(b"[sic]")
    (True, True, False)
    """
    octets = text[:1024]
    if b"[" not in octets and b"{" not in octets and b"%22" not in octets:
        return False
    head = octets.decode("utf-8", "replace")
    if LOOKS_LIKE_JSON.match(head):
        return True
    return may_be_wrapped(head) and LOOKS_LIKE_JSON.match(unwrap(head).text) is not None


def recover(text: bytes) -> Recovered:
    r"""Return the JSON document that a text holds, by the first rung that holds.

    >>> recover(b'[{"id":"7"}]').recovery
    'strict'
    >>> recover(b'[{"title":"He said "no" again"},{"title":"x"}]').json
    '[{"title":"He said \\"no\\" again"},{"title":"x"}]'
    >>> cut = recover(b'[{"id":"7","sort":"12"},{"id":"8","sort":"3519')
    >>> cut.json, cut.recovery, cut.expected, cut.found
    ('[{"id":"7","sort":"12"}]', 'salvaged', 2, 1)
    """
    data = _decoded(text)
    if isinstance(data, (list, dict)):
        return _of_content(text, data, "strict")
    if too_deep(text):
        return Recovered(
            "rejected", code="nesting", reason="lists and objects are nested deeper than is read", offset=0
        )
    if len(text) > LONGEST:
        return Recovered("rejected", code="length", reason="it is damaged and too long to be mended", offset=0)
    string, doubts = _as_text(text)
    found = _recover_text(string, 0)
    if doubts and found.octets is not None:
        weakest: Recovery = "repaired" if found.recovery in ("strict", "envelope", "decoded") else found.recovery
        reason = "; ".join(filter(None, (found.reason, doubts)))
        return found._replace(recovery=weakest, suspect=True, reason=reason)
    return found


def _as_text(text: bytes) -> tuple[str, str]:
    try:
        return text.decode(), ""
    except UnicodeDecodeError:
        return text.decode("utf-8", "replace"), "bytes that are not UTF-8 are replacement characters"


def _recover_text(text: str, depth: int) -> Recovered:
    unwrapped = unwrap(text)
    document, notes = unwrapped.text, unwrapped.notes
    if not unwrapped.missing:
        octets = _as_bytes(document)
        data = _decoded(octets)
        if isinstance(data, str) and depth < ENCODED_DEEPEST:
            inner = _recover_text(data, depth + 1)
            recovery: Recovery = "envelope" if inner.recovery == "strict" else inner.recovery
            return inner._replace(recovery=recovery, reason=_reason(("it is JSON inside a JSON string",), inner.reason))
        if isinstance(data, (list, dict)):
            return _of_content(octets, data, "envelope" if document != text else "strict", notes)
    for decoded, note, otherwise in decodings(document):
        notes = (*notes, note) if note not in notes else notes
        document = unwrap(decoded).text
        octets = _as_bytes(document)
        data = _decoded(octets)
        if isinstance(data, (list, dict)):
            found = _of_content(octets, data, "decoded", notes)
            if otherwise and _decoded(_as_bytes(unwrap(otherwise).text)) is not None:
                return found._replace(suspect=True, reason=_reason((found.reason, TWO_READINGS)))
            return found
    found = _read(document, notes)
    if found.offset is None:
        return found
    return found._replace(offset=len(text[: unwrapped.start + found.offset].encode("utf-8", "replace")))


def _as_bytes(document: str) -> bytes:
    return document.encode("utf-8", "surrogatepass")


def _decoded(document: bytes) -> Any:  # noqa: ANN401 - any JSON there is
    try:
        return decode(document)
    except ValueError:
        return None


def _read(document: str, notes: tuple[str, ...]) -> Recovered:
    """Read a damaged document, whole or from the first item whose head is there."""
    start = 0
    if not document.startswith(("[", "{")):
        lost = patterns.HEAD_LOST.search(document)
        if lost is None:
            return Recovered("rejected", code="syntax", reason="it does not begin as JSON does", offset=0)
        start = lost.end()
    reader = Reader(document, KnownKeys(document), start)
    if start:
        reader.begin_in_list()
    try:
        reader.read()
        json = joined(reader)
        octets = json.encode()
        data = decode(octets)
    except BrokenError as broken:
        return Recovered("rejected", code="nothing", reason="nothing in it is complete", offset=broken.at)
    except ValueError as error:
        return Recovered("rejected", code="syntax", reason=f"what it holds has no form in JSON: {error}", offset=0)
    if not data:
        return Recovered("rejected", code="nothing", reason="nothing in it is complete", offset=reader.at)
    doubts = list(reader.doubts)
    if not keeps_all(document[start:], (change.moved(-start) for change in reader.changes), json):
        doubts.append("not every letter and digit is where it was")
    salvaged = reader.cut or reader.dropped
    ended = ("it ends before its brackets close",) if reader.cut else ()
    nothing = () if salvaged or doubts or reader.mended else ("blanks that JSON does not know are left out",)
    found = _of_content(
        octets, data, "salvaged" if salvaged else "repaired", (*notes, *reader.mended, *nothing, *ended, *doubts)
    )
    counted = reader.counted
    return found._replace(
        suspect=found.suspect or bool(doubts),
        expected=counted.members + reader.dropped if counted else None,
        found=counted.members if counted else None,
        reason=_reason((_counts(counted.members, reader.dropped, cut=reader.cut),) if counted else (), found.reason),
    )


def _counts(found: int, dropped: int, *, cut: bool) -> str:
    return f"{'at least ' if cut else ''}{found + dropped} items expected, {found} found complete"


def _of_content(octets: bytes, data: Any, recovery: Recovery, notes: tuple[str, ...] = ()) -> Recovered:  # noqa: ANN401
    """Return a document that decodes strictly, after a look at what its strings say and whether it has a key twice."""
    suspect = False
    if may_need_mending(octets):
        content = mend_content(octets.decode())
        if (mended := content.json.encode()) != octets:
            octets, data = mended, decode(mended)
            if recovery in ("strict", "envelope"):
                recovery = "decoded"
        suspect, notes = content.suspect, (*notes, *content.notes)
    if has_a_key_twice(octets, data):
        suspect, notes = True, (*notes, KEY_TWICE)
    return Recovered(recovery, octets, data, suspect, None, None, _reason(notes) if notes else "")


def _reason(notes: tuple[str, ...], more: str = "") -> str:
    return "; ".join(filter(None, (*dict.fromkeys(notes), more)))
