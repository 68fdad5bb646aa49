"""Where a search for the end of a string has found none, so that the next string does not search there again."""

from __future__ import annotations

from collections.abc import Hashable


class Barren:
    """The last stretch of a page in which nothing follows a quote as it follows a closing one; by what was asked.

    >>> barren = Barren(b"")
    >>> barren.add("arrow", 3, 9)
    >>> [barren.past("arrow", at) for at in (2, 3, 9)]
    [2, 9, 9]
    """

    def __init__(self, _raw: bytes) -> None:
        self._stretches: dict[Hashable, tuple[int, int]] = {}

    def add(self, follow: Hashable, start: int, stop: int) -> None:
        """Remember a stretch that was searched in vain."""
        self._stretches[follow] = start, stop

    def past(self, follow: Hashable, at: int) -> int:
        """Return where to go on from ``at``: behind the stretch that it lies in."""
        start, stop = self._stretches.get(follow, (at, at))
        return stop if start <= at < stop else at
