"""What the documents of a shard tell of their sources: all together, and each input for itself.

What an input told is kept, so that a later run need not ask it again while it does not change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec

from pipeline.boilerplate import HELD_MOST
from pipeline.dates.evidence import Facts, Gathering
from pipeline.store.manifest import NOT_KEPT, Told


class Telling:
    """Adds up what inputs tell, one after the other, and takes note of each.

    Lines that repeat are counted by shard: those of a single page would not be worth keeping, so of an input that has
    any nothing is kept.

    >>> telling = Telling()
    >>> for source in ("default a", "default b", "default a"):
    ...     telling.add(source, Facts(1))
    ...     telling.end_input()
    >>> telling.told().inputs, telling.of_shard()["default a"].documents
    ((0, 1, 0), 2)
    """

    def __init__(self) -> None:
        self._together = Gathering(HELD_MOST)
        self._own: dict[str, Facts] | None = {}
        self._kinds: dict[bytes, int] = {}
        self._inputs: list[int] = []
        self._known: dict[int, tuple[Mapping[str, Facts], int]] = {}
        self._again: Counter[int] = Counter()
        self._last: tuple[Mapping[str, Facts], int] = {}, -1

    def add(self, source: str, facts: Facts) -> None:
        """Add what a document of the input at hand tells of its source."""
        self._together.add(source, facts)
        if facts.repeated.percent:
            self._own = None
        elif self._own is not None:
            self._own[source] = self._own[source].plus(facts) if source in self._own else facts

    def end_input(self) -> None:
        """Take note that the documents of an input are over."""
        self._inputs.append(self._kind(self._own) if self._own is not None else NOT_KEPT)
        self._own = {}

    def add_known(self, told: Mapping[str, Facts]) -> None:
        """Add an input that did not change since it told this."""
        if id(told) not in self._known:
            self._known[id(told)] = told, self._kind(told)
        kind = self._known[id(told)][1]
        self._inputs.append(kind)
        self._again[kind] += 1

    def of_shard(self) -> dict[str, Facts]:
        """Return what all inputs tell together, as far as it is worth keeping."""
        # Few inputs tell what no other does, so those that are known are not added one by one.
        for told, kind in self._known.values():
            for source, facts in told.items():
                self._together.add(source, facts.times(self._again[kind]))
            self._again[kind] = 0
        return self._together.of_shard()

    def told(self) -> Told:
        """Return what each input told."""
        kinds = (msgspec.msgpack.decode(kind, type=dict[str, Facts]) for kind in self._kinds)
        return Told(tuple(kinds), tuple(self._inputs))

    def _kind(self, told: Mapping[str, Facts]) -> int:
        last, kind = self._last
        if kind < 0 or told != last:  # neighbours tell the same as a rule
            kind = self._kinds.setdefault(msgspec.msgpack.encode(dict(sorted(told.items()))), len(self._kinds))
            self._last = told, kind
        return kind
