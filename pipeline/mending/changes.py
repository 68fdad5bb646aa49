"""Changes of a line, one step after another, and where in the line each character that is left comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Change(NamedTuple):
    """Characters ``[start, stop)`` of a text that something else stands for."""

    start: int
    stop: int
    text: str


class Traced:
    """A text in the making: its characters, and for each the character of the first text that it begins at.

    >>> traced = Traced("caf&eacute;!")
    >>> traced.apply([Change(3, 11, "é")])
    >>> traced.text, list(traced.runs())
    ('café!', [(0, 3, None), (3, 11, 'é'), (11, 12, None)])
    """

    def __init__(self, first: str) -> None:
        self.first = first
        self.text = first
        self._origins = list(range(len(first) + 1))

    def apply(self, changes: Iterable[Change]) -> None:
        """Make changes, in order of position and without overlap. What is removed goes with what stands before it."""
        text: list[str] = []
        origins: list[int] = []
        position = 0
        for start, stop, new in changes:
            text += [self.text[position:start], new]
            origins += self._origins[position:start]
            origins += [self._origins[start]] * len(new)
            position = stop
        text.append(self.text[position:])
        origins += self._origins[position:]
        self.text = "".join(text)
        self._origins = origins

    def runs(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, int, str | None]]:
        """Yield runs of the first text, each with what stands for it; None where that is the run itself.

        Args:
            start: First character of the text to go through; what lies before it is left out.
            stop: The character after the last; None for all of them.
        """
        last = len(self.text) if stop is None else stop
        origins = self._origins
        run = start
        position = start
        while position < last:
            behind = position + 1
            while behind < len(self.text) and origins[behind] == origins[position]:
                behind += 1
            if not self._is_same(position, behind):
                if run < position:
                    yield origins[run], origins[position], None
                yield origins[position], origins[behind], self.text[position : min(behind, last)]
                run = behind
            position = behind
        if run < last:
            yield origins[run], origins[last], None

    def _is_same(self, start: int, stop: int) -> bool:
        first, last = self._origins[start], self._origins[stop]
        return last - first == stop - start and self.first[first:last] == self.text[start:stop]
