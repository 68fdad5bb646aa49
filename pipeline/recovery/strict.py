"""The first rung: JSON as the standard has it, and what can be wrong with it all the same.

A strict decoder says nothing of text that was decoded as the wrong encoding, or of escapes that lost their backslash.
Both are undone where what stands there can be nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import regex

from pipeline.nesting import too_deep
from pipeline.patterns import lazy_compile

CP1252 = {
    bytes([byte]).decode("cp1252"): byte for byte in range(0x80, 0xA0) if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
"""The characters that Windows puts where Latin-1 has controls."""

_SECOND = "\u0080-\u00bf" + "".join(CP1252)
MOJIBAKE = lazy_compile(rf"[\u00c2-\u00df][{_SECOND}]|[\u00e0-\u00ef][{_SECOND}]{{2}}|[\u00f0-\u00f4][{_SECOND}]{{3}}")
"""What two to four bytes of UTF-8 look like when each was taken for a character."""
MOJIBAKE_BYTES = lazy_compile(rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|\xe2[\x80-\x84]|[\xc5\xc6\xcb])")
"""The first two characters of that as UTF-8."""
MOJIBAKE_ESCAPED = lazy_compile(rb"\\u00[c-fC-F][0-9a-fA-F]\\u(?:00[89abAB]|20|21|01|02)")
"""The first two characters of that as escapes."""
USUAL_LEADS = frozenset("ÂÃÄÅÎÏÐÑ×ØÙÚâãäåæçèéêëìíð")
"""First characters that languages in wide use show when they are decoded wrongly."""

BARE_ESCAPE = lazy_compile(r"u([0-9a-f]{4})")
BARE_ESCAPE_BYTES = lazy_compile(rb"u[0-9a-f]{4}")
STRING = lazy_compile(r'"(?:[^"\\]|\\.)*+"', regex.DOTALL)
ADDRESS = lazy_compile(r"\S*+\Z")
"""A text without white space: an address, the name of a file, an identifier."""
INVISIBLE = "\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f"
LAST_BYTE = 0xFF
FIRST_BEYOND_CONTROLS = 0xA0
SURROGATES = range(0xD800, 0xE000)
LAST_USUAL = 0x24F
"""Latin letters: a few escapes of these are believed. Others need company, or `menu2019` would end in a quote."""
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
    if too_deep(text):
        raise ValueError("lists and objects are nested deeper than is read")
    return msgspec.json.decode(text)


class Content(NamedTuple):
    """JSON text whose strings were mended, what was done, and whether there are too few places to be sure."""

    json: str
    notes: tuple[str, ...] = ()
    suspect: bool = False


def may_need_mending(raw: bytes) -> bool:
    """Whether JSON text, as UTF-8, holds anything that :func:`mend_content` would look at more closely."""
    if not raw.isascii() and MOJIBAKE_BYTES.search(raw):
        return True
    if b"\\" in raw and b"\\u" in raw:
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
    places = 0
    mends = [(_reencoded, REENCODED)]
    if "\\u" not in json:
        mends += [(_unescaped, "escapes get their backslash"), (_reencoded, REENCODED)]
    for mend, note in mends:
        mended, count = _mend_strings(json, mend)
        if count:
            json = mended
            places += count
            notes.append(note)
    suspect = bool(notes) and places < ENOUGH
    if _wrongly_decoded(json) >= (1 if REENCODED in notes else ENOUGH):
        notes.append("text that was decoded wrongly has lost characters and is left")
        suspect = True
    return Content(json, tuple(dict.fromkeys(notes)), suspect)


def _wrongly_decoded(json: str) -> int:
    """Return in how many places the strings of a document still look as if they were decoded wrongly."""
    return sum(len(MOJIBAKE.findall(msgspec.json.decode(found[0]))) for found in STRING.finditer(json))


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


def _unescaped(text: str) -> tuple[str, int]:
    """Return a text with ``u00e9`` as the letter, and how many there were; what may be an identifier is left."""
    codes = [int(piece, 16) for piece in BARE_ESCAPE.findall(text)]
    if len(codes) < ENOUGH:
        may_be_a_name = ADDRESS.match(text) and not BARE_ESCAPE.sub("", text).isalpha()
        if may_be_a_name or not all(FIRST_BEYOND_CONTROLS <= code <= LAST_USUAL for code in codes):
            return text, 0
    try:
        units = BARE_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
        joined = units.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return text, 0
    made = "".join(chr(code) for code in codes if code not in SURROGATES)
    if any(letter < "\xa0" or not (letter.isprintable() or letter in INVISIBLE) for letter in made):
        return text, 0
    return joined, len(codes)
