"""What the documents of a shard tell of their sources: all together, and each input for itself.

What an input told is kept, so that a later run need not ask it again while it does not change.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from pipeline.boilerplate import HELD_MOST
from pipeline.dates.evidence import Facts, Gathering
from pipeline.store.manifest import NOT_KEPT, Told


class Telling:
    """Adds up what inputs tell, one after the other, and takes note of each.

    Lines that repeat are counted by shard: those of a single page would not be worth keeping, so of an input that has
    any nothing is kept.

    Args:
        inputs: How many inputs there are.

    >>> telling = Telling(4)
    >>> for place, source in enumerate(("default a", "default b", "default a")):
    ...     telling.add(place, source, Facts(1))
    >>> telling.told().inputs, telling.of_shard()["default a"].documents
    ((0, 1, 0, 2), 2)
    """

    def __init__(self, inputs: int) -> None:
        self._together = Gathering(HELD_MOST)
        self._inputs: list[Mapping[str, Facts] | None] = [_NOTHING] * inputs
        self._known: dict[int, tuple[Mapping[str, Facts], int]] = {}
        self._place = 0
        self._own: dict[str, Facts] | None = {}
        self._last: Mapping[str, Facts] | None = _NOTHING

    def add(self, place: int, source: str, facts: Facts) -> None:
        """Add what a document tells of its source; the documents come in the order of their inputs."""
        if place != self._place:
            self._end_input()
            self._place = place
        self._together.add(source, facts)
        if facts.repeated.percent:
            self._own = None
        elif self._own is not None:
            self._own[source] = self._own[source].plus(facts) if source in self._own else facts

    def add_known(self, place: int, told: Mapping[str, Facts]) -> None:
        """Add an input that did not change since it told this."""
        self._inputs[place] = told
        _, times = self._known.get(id(told), (told, 0))
        self._known[id(told)] = told, times + 1

    def of_shard(self) -> dict[str, Facts]:
        """Return what all inputs tell together, as far as it is worth keeping."""
        # Few inputs tell what no other does, so those that are known are not added one by one.
        for told, times in self._known.values():
            for source, facts in told.items():
                self._together.add(source, facts.times(times))
        self._known.clear()
        return self._together.of_shard()

    def told(self) -> Told:
        """Return what each input told."""
        self._end_input()
        kinds: dict[bytes, int] = {}
        by_identity: dict[int, int] = {id(None): NOT_KEPT}
        for told in self._inputs:
            if told is not None and id(told) not in by_identity:
                kind = msgspec.msgpack.encode(dict(sorted(told.items())))
                by_identity[id(told)] = kinds.setdefault(kind, len(kinds))
        decoded = (msgspec.msgpack.decode(kind, type=dict[str, Facts]) for kind in kinds)
        return Told(tuple(decoded), tuple(by_identity[id(told)] for told in self._inputs))

    def _end_input(self) -> None:
        """Take note of the input whose documents are over."""
        if self._own:
            if self._own != self._last:  # neighbours tell the same as a rule
                self._last = self._own
            self._inputs[self._place] = self._last
            self._own = {}
        elif self._own is None:
            self._inputs[self._place] = None
            self._own = {}


_NOTHING: Mapping[str, Facts] = {}
