"""Items that are records: each column has values of one type that it takes.

They are held as they were decoded. What a value must be besides, such as a text that reads back the same as an integer,
is found out when tables are made, of many lists at once (:mod:`pipeline.store.given`), or here for a list that is
looked at by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from pipeline.items.item_map import ItemMap
from pipeline.items.records import Records
from pipeline.items.rows import as_json, read_rows
from pipeline.model import GivenList


class TypedItems(NamedTuple):
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

    def by_column(self) -> GivenList:
        """Return the items by column; where a value does not fit, what each gives by itself."""
        columns: dict[str, Sequence[Any]] = {}
        for column, read in self.records.readers:
            fit = read([getattr(item, column) for item in self.items])
            if fit is None:
                return read_rows(msgspec.json.decode(self.text), self.item_map)
            columns[column] = fit
        if self.records.plan.rest:
            columns["extra"] = as_json(self.records.rest(self.items))
        return GivenList(self.size, columns, self.records.plan.common)
