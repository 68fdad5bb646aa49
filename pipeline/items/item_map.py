"""Where a source keeps its related items, and which key of an item fills which column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from pipeline.items.records import FILLED, REST_MOST, Records
from pipeline.items.values import TOGETHER, may_be_address
from pipeline.model import RELATED, Clock, Given, ItemSource, Listed

ESCAPE = b"\\"
"""What keys have in JSON that no record can have."""
PLANS_KEPT, KEYS_LONGEST = 1024, 2048
"""Combinations of keys whose plans are remembered, and how many characters the keys of one have at most."""
LISTS_KEPT, LIST_LONGEST = 512, 8192
"""Lists that are remembered, and how many bytes one of them has at most."""
LIST_END = 64
"""Bytes at the end of a list that it is looked up by; taking all of them into account costs as much as a decode."""


@dataclass(frozen=True, slots=True)
class ItemMap:
    """Where a source keeps its related items, and which key fills which column.

    Attributes:
        fields: For each column, the keys that may hold it, the first one present first.
        items: Keys and positions that lead from the payload's root to the list; empty to look for lists of items.
        media_base: What ``media_path`` is relative to; None when it is not known.
        flags: Flag words of titles.
        clock: What the numbers in the names of media files count; None for .NET ticks that the path confirms.
        by_shape: Whether values that look like addresses fill columns that no key of a known name fills.
        source: What rows are derived by.
        lists: Sound lists and what they gave, by their last bytes; the memory starts anew when it is full.
        last: What decodes lists that are like the last one, the fastest first; most lists of a source are alike.
    """

    fields: Mapping[str, Sequence[str]]
    items: Sequence[str | int] = ()
    media_base: str | None = None
    flags: Sequence[str] = ()
    clock: Clock | None = None
    by_shape: bool = False
    _plans: dict[tuple[str, ...], Plan] = field(default_factory=dict, init=False, repr=False, compare=False)
    source: ItemSource = field(init=False, repr=False, compare=False)
    lists: dict[bytes, tuple[bytes, Listed]] = field(default_factory=dict, init=False, repr=False, compare=False)
    last: list[Records] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", ItemSource(self.media_base, tuple(self.flags), self.clock))

    def plan(self, names: tuple[str, ...]) -> Plan:
        """Return which key fills which column in an object of these keys; the items of a list share one plan."""
        if (plan := self._plans.get(names)) is None:
            plan = Plan(names, self.fields, by_shape=self.by_shape)
            if sum(map(len, names)) <= KEYS_LONGEST:
                if len(self._plans) >= PLANS_KEPT:
                    self._plans.clear()
                self._plans[names] = plan
        return plan

    def records(self, item: Mapping[str, object]) -> Sequence[Records]:
        """Return what may decode lists of such items, the fastest first."""
        return self.plan(tuple(item)).records(item)

    def remember(self, end: bytes, text: bytes, given: Listed) -> None:
        """Remember what a list gave, by its last bytes: pages of a source often show the same one."""
        if len(text) <= LIST_LONGEST:
            if len(self.lists) >= LISTS_KEPT:
                self.lists.clear()
            self.lists[end] = text, given


class Fill(NamedTuple):
    """The keys of an item that fill a column, and what its row says of them."""

    keys: frozenset[str]
    told: tuple[str, ...]


class Plan:
    """What fills what in an object whose values all fit: the first key that is there for each column.

    Attributes:
        names: The keys of the object.
        present: For each column that may be filled, the keys that are there, in the order they are tried.
        keys: The first of them.
        told: What the row says of that.
        rest: The keys that no column takes.
        elsewhere: Columns that another key fills as well, should the value of the first not fit.
        is_plain: Whether no key could fill two columns.
        common: What all items give of which every value fits.
        related: A column whose items are related ones, and what fills it.
        takes_addresses: Whether an address under a key of another name may fill a column.
    """

    def __init__(self, names: tuple[str, ...], fields: Mapping[str, Sequence[str]], *, by_shape: bool) -> None:
        there = set(names)
        self.names = names
        present = {column: [key for key in dict.fromkeys(keys) if key in there] for column, keys in fields.items()}
        self.present = {column: keys for column, keys in present.items() if keys}
        every = [key for keys in self.present.values() for key in keys]
        self.keys = {column: keys[0] for column, keys in self.present.items()}
        self.told = told(self.keys)
        self.rest = tuple(key for key in names if key not in self.keys.values())
        self.elsewhere = frozenset(column for column, keys in self.present.items() if len(keys) > 1)
        self.is_plain = len(every) == len(set(every))
        self.common = Given(keys=self.told, media_key=self.keys.get("media_path", ""))
        self.related = {column: FILLED.get(column, str) for column in [c for c in RELATED if c in self.keys][:1]}
        self.takes_addresses = by_shape and not {"url", "media_path"} <= self.keys.keys()
        self._fills: dict[tuple[str, ...], Fill] = {}
        self._records: dict[tuple[type, ...] | None, Records] = {}
        self._have_records = (
            self.is_plain
            and bool(self.related)
            and len(self.rest) <= REST_MOST
            and "@type" not in there
            and ESCAPE not in msgspec.json.encode(names)
        )
        self._is_new = True

    def records(self, item: Mapping[str, object]) -> Sequence[Records]:
        """Return what decodes lists of items of these keys: where all have the types of one, and where they do not.

        Nothing when their keys are not what makes an item a related one, when what they fill depends on their values,
        and when such keys are met for the first time: making what decodes them costs as much as many lists.
        """
        is_new, self._is_new = self._is_new, False
        if not self._have_records or is_new:
            return ()
        if self.takes_addresses and any(may_be_address(item[key]) for key in self.rest):
            return ()
        return self.records_like(tuple(type(item[key]) for key in self.keys.values()))

    def records_like(self, types: tuple[type, ...]) -> Sequence[Records]:
        """Return what decodes lists whose columns have values of these types, or of several."""
        alike, mixed = self.records_of(types), self._made(None)
        return (alike, mixed) if alike is not None else (mixed,)

    def records_of(self, types: tuple[type, ...]) -> Records | None:
        """Return the records whose columns have values of these types; None where such values do not fit."""
        fit = all(map(TOGETHER.__contains__, zip(self.keys, types, strict=True)))
        return self._made(types) if fit else None

    def _made(self, types: tuple[type, ...] | None) -> Records:
        if (records := self._records.get(types)) is None:
            records = self._records[types] = Records(self, types)
        return records

    def without(self, columns: tuple[str, ...]) -> Fill:
        """Return what an item fills whose values do not fit some columns; few columns come without another choice."""
        if (fill := self._fills.get(columns)) is None:
            keys = {column: key for column, key in self.keys.items() if column not in columns}
            fill = self._fills[columns] = Fill(frozenset(keys.values()), told(keys))
        return fill


def told(keys: Mapping[str, str]) -> tuple[str, ...]:
    """Return what a row says of the keys that fill its columns."""
    return tuple(f"{key} = {column}" for column, key in keys.items())
