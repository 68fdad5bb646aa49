"""Items that are records.

They are held as they were decoded. What a value must be besides, such as a text that reads back the same as an integer,
is found out when tables are made, of many lists at once (:mod:`pipeline.store.given`), or here for a list that is
looked at by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from pipeline.items.item_map import ItemMap
from pipeline.items.records import FILLED, Records
from pipeline.items.rows import read_rows, texts_of
from pipeline.model import GivenList


class TypedItems(Struct, frozen=True):
    """The items of a list that are records.

    Attributes:
        records: What decoded them.
        items: The records; an attribute is named like the column that it fills.
        text: The list.
        item_map: Which key fills which column.
    """

    records: Records
    items: Sequence[Any]
    text: bytes
    item_map: ItemMap

    @property
    def size(self) -> int:
        """How many items there are."""
        return len(self.items)

    @property
    def are_related(self) -> bool:
        """Whether any item has what makes it a related one: records of nothing else are not made."""
        return True

    def __reduce__(self) -> tuple[type[GivenList], tuple[Any, ...]]:
        """Travel by column: the class of the records is known to this process alone."""
        return GivenList, tuple(self.by_column())

    @property
    def alike(self) -> Records | None:
        """Records of the types that the values of each column have; None where one has values of several."""
        if self.records.types:
            return self.records
        types: list[type] = []
        for column in self.records.plan.keys:
            values = [getattr(item, column) for item in self.items]
            of = set(map(type, values))
            if len(of) > 1 or (column in FILLED and not all(values)):
                return None
            types += of
        return self.records.plan.records_of(tuple(types))

    def by_column(self) -> GivenList:
        """Return the items by column; where a value does not fit, what each gives by itself."""
        columns = self._columns()
        return GivenList(self.size, columns, self.records.plan.common) if columns is not None else one_by_one([self])

    def _columns(self) -> dict[str, Sequence[Any]] | None:
        """Return what fills each column; None where a value does not fit."""
        if (records := self.alike) is None:
            return None
        columns: dict[str, Sequence[Any]] = {}
        for column, read in records.readers:
            fit = read([getattr(item, column) for item in self.items])
            if fit is None:
                return None
            columns[column] = fit
        if records.plan.rest:
            lines = self.records.rest(self.items)
            if lines is None:
                return None
            columns["extra"] = texts_of(lines)
        return columns


def one_by_one(lists: Sequence[TypedItems]) -> GivenList:
    """Return the items of lists of the same keys, one after the other; whether a value fits is asked of each."""
    rows = [row for each in lists for row in msgspec.json.decode(each.text)]
    return read_rows(rows, lists[0].item_map)
