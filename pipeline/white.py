"""White space in UTF-8 bytes: what separates words and lines but is no text."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

IN_LINE = frozenset(
    chr(point).encode() for point in (0x09, 0x0B, 0x0C, *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B))
) | frozenset(chr(point).encode() for point in (0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF))
"""White space inside a line: the Unicode property White_Space without line breaks, and the byte order mark."""

ANY = IN_LINE | {b"\n", b"\r"}

FIRST = frozenset(character[0] for character in ANY)
LAST = frozenset(character[-1] for character in ANY)
"""Bytes that a white character may begin and end with."""

CHARACTERS = "".join(sorted(white.decode() for white in IN_LINE))
"""The same inside a line, as characters: what `str.strip` takes."""

AROUND = CHARACTERS + "\n\r"
"""All of them, which stand around a text."""

LONGEST = 3
"""Bytes of a white character at most."""


def trim(raw: bytes, start: int, stop: int, white: AbstractSet[bytes] = IN_LINE) -> tuple[int, int]:
    r"""Return ``[start, stop)`` without white space at either end.

    >>> trim(b"  caf\xc3\xa9\xc2\xa0", 0, 9)
    (2, 7)
    """
    while start < stop and raw[start] in FIRST and (width := _white_at(raw, start, stop, white)):
        start += width
    while start < stop and raw[stop - 1] in LAST and (width := _white_before(raw, start, stop, white)):
        stop -= width
    return start, stop


def _white_at(raw: bytes, start: int, stop: int, white: AbstractSet[bytes]) -> int:
    """Return how many bytes of white space stand at ``start``, one character at most."""
    for width in range(1, min(LONGEST, stop - start) + 1):
        if raw[start : start + width] in white:
            return width
    return 0


def _white_before(raw: bytes, start: int, stop: int, white: AbstractSet[bytes]) -> int:
    """Return how many bytes of white space end at ``stop``, one character at most."""
    for width in range(1, min(LONGEST, stop - start) + 1):
        if raw[stop - width : stop] in white:
            return width
    return 0
