"""Find many literals in one pass over a text, however many there are.

Each literal is looked for by one pair of neighbouring bytes in it, one that prose hardly has. All pairs of a text,
those at even places and then those at odd ones, are looked up in one table at once, and only where one of those stands
are the literals compared. So the cost does not grow with the number of literals, as it does with a search for each; and
an alternation of patterns is slower still.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

PAIRS = 1 << 16


Hit = tuple[int, int]
"""Where a literal stands, and the number of the one that was looked for."""


class Literals:
    """Literals to look for, each of two bytes or more.

    Raises:
        ValueError: One is shorter.

    >>> Literals([b"array(", b"Array", b"y("]).hits(b"an array(2)")
    [(3, 0), (7, 2)]
    """

    def __init__(self, literals: Sequence[bytes]) -> None:
        self._literals = tuple(literals)
        self._wanted = np.zeros(PAIRS, bool)
        self._by_pair: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, literal in enumerate(self._literals):
            if len(literal) < 2:  # noqa: PLR2004 - a pair of bytes
                raise ValueError(f"{literal!r} has no pair of bytes to be found by")
            offset = min(range(len(literal) - 1), key=lambda place: _frequency(literal[place : place + 2]))
            pair = int.from_bytes(literal[offset : offset + 2], sys.byteorder)
            self._wanted[pair] = True
            self._by_pair[pair].append((offset, number))

    def hits(self, text: bytes) -> list[Hit]:
        """Return every place of every literal, in order of the place and then of the literals."""
        found: list[Hit] = []
        for first in (0, 1) if text else ():
            pairs = np.frombuffer(text, np.uint16, max(len(text) - first, 0) // 2, first)
            places = np.flatnonzero(self._wanted.take(pairs, mode="wrap"))  # a mode that needs no check of each index
            for place, pair in zip((places * 2 + first).tolist(), pairs[places].tolist(), strict=True):
                for offset, number in self._by_pair[pair]:
                    if place >= offset and text.startswith(self._literals[number], place - offset):
                        found.append((place - offset, number))
        found.sort()
        return found


def _frequency(pair: bytes) -> int:
    """Return how common a pair is in prose, roughly: small letters and blanks are everywhere, signs hardly."""
    return sum(_SMALL if byte in _COMMON else _CAPITAL if chr(byte).isalnum() else _SIGN for byte in pair)


_COMMON = frozenset(b"abcdefghijklmnopqrstuvwxyz ")
_SMALL, _CAPITAL, _SIGN = 4, 2, 1
