"""What the documents of a shard tell of their sources: all together, and each input for itself.

What an input told is kept, so that a later run need not ask it again while it does not change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby

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
        self._kinds: dict[bytes, int] = {}
        self._last: tuple[Mapping[str, Facts], int] = {}, -1
        self._inputs = [self._kind({})] * inputs
        self._place = 0
        self._own: dict[str, Facts] | None = {}
        self._known: dict[int, tuple[Mapping[str, Facts], int]] = {}
        self._again: Counter[int] = Counter()

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

    def add_known(self, place: int, told: Iterable[Mapping[str, Facts]]) -> None:
        """Add inputs from a place on that did not change since each told this."""
        for identity, several in groupby(told, id):
            alike = list(several)
            if identity not in self._known:
                self._known[identity] = alike[0], self._kind(alike[0])
            kind = self._known[identity][1]
            self._inputs[place : place + len(alike)] = [kind] * len(alike)
            self._again[kind] += len(alike)
            place += len(alike)

    def of_shard(self) -> dict[str, Facts]:
        """Return what all inputs tell together, as far as it is worth keeping."""
        # Few inputs tell what no other does, so those that are known are not added one by one.
        for told, kind in self._known.values():
            for source, facts in told.items():
                self._together.add(source, facts.times(self._again[kind]))
            self._again[kind] = 0
        return self._together.of_shard()

    def told(self) -> Told:
        """Return what each input told; of the ways in which its inputs came to be known it tells nothing."""
        self._end_input()
        first_met = dict.fromkeys(self._inputs)
        first_met.pop(NOT_KEPT, None)
        numbers = {kind: number for number, kind in enumerate(first_met)} | {NOT_KEPT: NOT_KEPT}
        met = tuple(self._kinds)
        kinds = (msgspec.msgpack.decode(met[kind], type=dict[str, Facts]) for kind in first_met)
        return Told(tuple(kinds), tuple(map(numbers.__getitem__, self._inputs)))

    def _end_input(self) -> None:
        """Take note of the input whose documents are over."""
        if self._own is None:
            self._inputs[self._place] = NOT_KEPT
        elif self._own:
            self._inputs[self._place] = self._kind(self._own)
        self._own = {}

    def _kind(self, told: Mapping[str, Facts]) -> int:
        last, kind = self._last
        if kind < 0 or told != last:  # neighbours tell the same as a rule
            kind = self._kinds.setdefault(msgspec.msgpack.encode(dict(sorted(told.items()))), len(self._kinds))
            self._last = told, kind
        return kind
