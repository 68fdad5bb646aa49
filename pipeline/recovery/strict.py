"""The first rung: JSON as the standard has it, and what can be wrong with it all the same.

A strict decoder says nothing of text that was decoded as the wrong encoding, or of escapes that lost their backslash.
Both are undone where what stands there can be nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import regex

from pipeline.nesting import shallow, too_deep
from pipeline.patterns import lazy_compile
from pipeline.recovery.bare_escapes import ANY_ESCAPE_BYTES, BARE_ESCAPE_BYTES, unescaped

CP1252 = {
    bytes([byte]).decode("cp1252"): byte for byte in range(0x80, 0xA0) if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
"""The characters that Windows puts where Latin-1 has controls."""

_SECOND = "\u0080-\u00bf" + "".join(CP1252)
MOJIBAKE = lazy_compile(rf"[\u00c2-\u00df][{_SECOND}]|[\u00e0-\u00ef][{_SECOND}]{{2}}|[\u00f0-\u00f4][{_SECOND}]{{3}}")
"""What two to four bytes of UTF-8 look like when each was taken for a character."""
MOJIBAKE_BYTES = re.compile(rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|\xe2[\x80-\x84]|[\xc5\xc6\xcb])")
"""The first two characters of that as UTF-8. It begins with a literal, which `re` looks for faster."""
MOJIBAKE_ESCAPED = lazy_compile(rb"\\u00[c-fC-F][0-9a-fA-F]\\u(?:00[89abAB]|20|21|01|02)")
"""The first two characters of that as escapes."""
LOST_MOJIBAKE = lazy_compile(rf"[\u00c2-\u00f4][{_SECOND}]?\ufffd")
"""The same where the last character was lost."""
USUAL_LEADS = frozenset("ÂÃÄÅÎÏÐÑ×ØÙÚâãäåæçèéêëìíð")
"""First characters that languages in wide use show when they are decoded wrongly."""

STRING = lazy_compile(r'"(?:[^"\\]|\\.)*+"', regex.DOTALL)
LAST_BYTE = 0xFF
REENCODED = "text decoded wrongly is decoded again"
ENOUGH = 3
"""From how many places on it is sure what was done to a text; fewer are undone and flagged."""


def decode(text: bytes) -> Any:  # noqa: ANN401 - any JSON there is
    """Return what JSON text holds.

    Raises:
        ValueError: It is not JSON, not UTF-8, or nested deeper than is read.

    >>> decode(b'[1, {"a": null}]')
    [1, {'a': None}]
    """
    try:
        return _decode_shallow(text)
    except msgspec.ValidationError:
        if too_deep(text):
            raise ValueError("lists and objects are nested deeper than is read") from None
    return _decode(text)


SHALLOW_LEVELS = 6
_decode_shallow = msgspec.json.Decoder(shallow(SHALLOW_LEVELS)).decode
_decode = msgspec.json.Decoder().decode


class Content(NamedTuple):
    """JSON text whose strings were mended, what was done, and whether there are too few places to be sure."""

    json: str
    notes: tuple[str, ...] = ()
    suspect: bool = False


def may_need_mending(raw: bytes) -> bool:
    """Whether JSON text, as UTF-8, holds anything that :func:`mend_content` would look at more closely."""
    if (first := raw.find(b"\xc3")) >= 0 and MOJIBAKE_BYTES.search(raw, first):
        return True
    if ANY_ESCAPE_BYTES.search(raw) is None:
        return False
    if b"\\u" in raw:
        return MOJIBAKE_ESCAPED.search(raw) is not None
    return BARE_ESCAPE_BYTES.search(raw) is not None


def mend_content(json: str) -> Content:
    r"""Return JSON text with the strings as they were meant.

    >>> mend_content('["cafÃ© Ã la carte, trÃ¨s bon"]').json
    '["cafÃ© Ã la carte, trÃ¨s bon"]'
    >>> mend_content('["cafÃ© trÃ¨s bon", "Ã©tÃ©"]').json
    '["café très bon", "été"]'
    >>> mend_content('["caf\u00e9", "lancu00e9 par Israu00ebl, cu00f4tiu00e8re"]').json
    '["café", "lancé par Israël, côtière"]'
    """
    notes: list[str] = []
    json, places = _mend_strings(json, _reencoded)
    if places:
        notes.append(REENCODED)
    left = 0
    if "\\u" not in json:
        mended, proven, left = _with_escapes(json)
        if proven:
            notes.append("escapes get their backslash")
            json, again = _mend_strings(mended, _reencoded)
            places += proven + again
            if again:
                notes.append(REENCODED)
        else:
            left = 0
    suspect = bool(notes) and places < ENOUGH
    if left:
        notes.append("what may be an escape without its backslash is left")
        suspect = True
    if _wrongly_decoded(json) >= (1 if REENCODED in notes or _has_lost_some(json) else ENOUGH):
        notes.append("text that was decoded wrongly has lost characters and is left")
        suspect = True
    return Content(json, tuple(dict.fromkeys(notes)), suspect)


def _with_escapes(json: str) -> tuple[str, int, int]:
    """Return JSON text with its bare escapes read, how many of them are proven, and how many were left."""
    proven = left = 0

    def mend(text: str) -> tuple[str, int]:
        nonlocal proven, left
        found = unescaped(text)
        proven += found.proven
        left += found.left
        return found.text, int(found.text != text)

    return _mend_strings(json, mend)[0], proven, left


def _wrongly_decoded(json: str) -> int:
    """Return in how many places the strings of a document still look as if they were decoded wrongly."""
    return sum(len(MOJIBAKE.findall(msgspec.json.decode(found[0]))) for found in STRING.finditer(json))


def _has_lost_some(json: str) -> bool:
    return any(LOST_MOJIBAKE.search(msgspec.json.decode(found[0])) for found in STRING.finditer(json))


def _mend_strings(json: str, mend: Callable[[str], tuple[str, int]]) -> tuple[str, int]:
    total = 0

    def replacement(found: regex.Match[str]) -> str:
        nonlocal total
        text = msgspec.json.decode(found[0])
        mended, count = mend(text)
        if not count:
            return str(found[0])
        total += count
        return msgspec.json.encode(mended).decode()

    return STRING.sub(replacement, json), total


def _reencoded(text: str) -> tuple[str, int]:
    """Return a text with its bytes decoded as UTF-8, and how many characters that gave; 0 when it cannot be."""
    found = MOJIBAKE.findall(text) if not text.isascii() else []
    if not found or (len(found) < ENOUGH and not all(piece[0] in USUAL_LEADS for piece in found)):
        return text, 0
    octets = bytearray()
    for letter in text:
        code = CP1252.get(letter, ord(letter))
        if code > LAST_BYTE:
            return text, 0
        octets.append(code)
    try:
        return octets.decode(), len(found)
    except UnicodeDecodeError:
        return text, 0
