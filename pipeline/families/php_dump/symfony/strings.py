r"""What the strings of a VarDumper dump say: control characters are escaped, quotes and backslashes are not.

So ``\t`` may stand for a tab or for two characters. In the HTML form an escape has a tag of its own; elsewhere a length
in front decides; without it the escape is believed, and the value is called ambiguous.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.families.php_dump.symfony import tokens
from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.php_dump.view import decoded

if TYPE_CHECKING:
    import regex

OLD_BYTES = "cp1252"
"""How VarDumper shows the bytes of a string that is not UTF-8."""


def unescaped(text: bytes) -> bytes:
    r"""Return text with its escapes undone.

    >>> unescaped(rb"a\tb\x00")
    b'a\tb\x00'
    """
    return tokens.ESCAPE.sub(_undone, text)


def _undone(found: regex.Match[bytes]) -> bytes:
    name = found[0][1:]
    return bytes([int(name[1:], 16)]) if name.startswith(b"x") else tokens.ESCAPES[name]


def shown(raw: bytes, declared: int | None, *, binary: bool, encoded: bool) -> tuple[JSON, bool]:
    """Return the value of a string and whether its escapes might be text of its own.

    Args:
        raw: What stands between its quotes, tags included.
        declared: Its length in characters, where that is printed.
        binary: Whether it is marked as not being UTF-8.
        encoded: Whether it is encoded as HTML.
    """
    tagged = encoded and tokens.TEXT_TAG.search(raw) is not None
    if tagged:
        raw = tokens.ESCAPE_TAG.sub(lambda found: unescaped(found[1]), raw)
    text = decoded(tokens.TEXT_TAG.sub(b"", raw)) if encoded else raw
    plain = text if tagged else unescaped(text)
    ambiguous = plain != text and declared is None
    if declared is not None and not tagged:
        plain = next((each for each in (plain, text) if _characters(each) == declared), plain)
    return (_bytes_of(plain) if binary else from_bytes(plain)), ambiguous


def _characters(text: bytes) -> int:
    return len(text.decode("utf-8", "replace"))


def _bytes_of(text: bytes) -> JSON:
    """Return the string that is shown as one character a byte."""
    try:
        shown_as = text.decode()
        return from_bytes(b"".join(_byte(character) for character in shown_as))
    except UnicodeError:
        return from_bytes(text)


def _byte(character: str) -> bytes:
    point = ord(character)
    return bytes([point]) if point <= 0xFF else character.encode(OLD_BYTES)  # noqa: PLR2004 - a byte's largest value
