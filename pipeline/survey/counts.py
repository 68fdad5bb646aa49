"""Counting in bounded memory: however many different things a corpus holds, the frequent ones are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar


class Counted(Protocol):
    """What is known of one thing; ``count`` says how often it was seen."""

    count: int


@dataclass(slots=True)
class Seen:
    """How often something was seen, and where and how it looked the first time."""

    count: int = 0
    uri: str = ""
    example: str = ""

    def note(self, uri: str, example: str = "") -> None:
        """Take the first sighting as the example."""
        if self.count == 1:
            self.uri, self.example = uri, example


Entry = TypeVar("Entry", bound=Counted)


@dataclass(slots=True)
class Top(Generic[Entry]):
    """The things that were seen most often.

    At most twice ``most`` things are held. When there are more, the rarest are forgotten, so that a thing may have been
    seen oftener than is known, but never more than ``missed`` times.

    >>> birds = Top(Seen, most=1)
    >>> for bird in ["gull", "gull", "tern", "wren", "gull"]:
    ...     _ = birds.saw(bird)
    >>> [(bird, entry.count) for bird, entry in birds.ranked()], birds.missed, birds.total
    ([('gull', 3), ('wren', 1)], 1, 5)
    """

    make: Callable[[], Entry]
    most: int = 500
    entries: dict[str, Entry] = field(default_factory=dict)
    total: int = 0
    missed: int = 0

    def __len__(self) -> int:
        return len(self.entries)

    def saw(self, name: str) -> Entry:
        """Count a sighting, and return what is known of the thing."""
        self.total += 1
        entry = self.entries.get(name)
        if entry is None:
            if len(self.entries) >= 2 * self.most:
                self._forget()
            entry = self.entries[name] = self.make()
        entry.count += 1
        return entry

    def ranked(self) -> list[tuple[str, Entry]]:
        """Return the things, the most frequent first."""
        return sorted(self.entries.items(), key=lambda entry: (-entry[1].count, entry[0]))

    def counts(self) -> dict[str, int]:
        """Return how often each thing was seen, the most frequent first."""
        return {name: entry.count for name, entry in self.ranked()}

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.ranked())

    def _forget(self) -> None:
        ranked = self.ranked()
        self.missed += ranked[self.most][1].count
        self.entries = dict(ranked[: self.most])
