"""Lists of objects that have the same keys and types, decoded into records of just these: fast, and strict."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import regex

from pipeline.items.values import TOGETHER, may_be_address
from pipeline.nesting import too_deep
from pipeline.recovery.twice import has_a_key_twice

if TYPE_CHECKING:
    from pipeline.items.item_map import Plan

REST_MOST = 32
"""Keys that fill no column, of a record at most."""
FILLED = {"media_path": Annotated[str, msgspec.Meta(min_length=1)]}
"""What a column takes where that is less than all of a type."""


class Records:
    """Decodes lists of objects that have the same keys, and values of one type for each column.

    Attributes:
        plan: Which key fills which column.
        types: Each column with the type of its values; the attribute of a record has the name of the column.
        readers: Each column with what reads its values.
    """

    def __init__(self, plan: Plan, types: Sequence[type], *, by_shape: bool) -> None:
        self.plan = plan
        self.types = dict(zip(plan.keys, types, strict=True))
        self.readers = [(column, TOGETHER[column, of]) for column, of in self.types.items()]
        rest = [f"rest_{number}" for number in range(len(plan.rest))]
        fields: list[Any] = [
            (column, FILLED.get(column, of), msgspec.field(name=plan.keys[column])) for column, of in self.types.items()
        ]
        others: list[Any] = [(name, Any, msgspec.field(name=key)) for name, key in zip(rest, plan.rest, strict=True)]
        self._rest_type: Any = msgspec.defstruct("Rest", others, gc=False)
        fields += others
        record: Any = msgspec.defstruct("Item", fields, forbid_unknown_fields=True, gc=False)
        self._decode = msgspec.json.Decoder(list[record]).decode
        self._quotes = 2 * len(fields) + 2 * types.count(str)
        self._rest = list(map(attrgetter, rest))
        self._looks_for_addresses = by_shape and not {"url", "media_path"} <= plan.keys.keys()
        self._in_order = [key.encode() for key in plan.rest]
        names = b"|".join(regex.escape(key, literal_spaces=True) for key in self._in_order)
        self._in_text = regex.compile(rb'"(%b)"\s*+:' % names) if len(rest) > 1 else None

    def items(self, text: bytes) -> Sequence[Any] | None:
        """Return the records of a list; None when it needs a closer look.

        It does when an object has a key twice, when the keys that fill no column have another order, when one of them
        may hold an address that no key of a known name does, and when it is nested too deeply.

        Raises:
            ValueError: It is no list of such objects: one has another key, lacks one, or has a value of another type.
            RecursionError: Likewise.
        """
        items = self._decode(text)
        quotes = len(items) * self._quotes
        for get in self._rest:
            values = list(map(get, items))
            types = list(map(type, values))
            if self._looks_for_addresses and any(map(may_be_address, values)):
                return None
            if (dict in types or list in types) and too_deep(text):
                return None
            quotes += 2 * types.count(str)
        if text.count(b'"') != quotes and has_a_key_twice(text, items):
            return None
        if self._in_text is not None and self._in_text.findall(text) != self._in_order * len(items):
            return None
        return items

    def rest(self, items: Sequence[Any]) -> list[Any]:
        """Return what the keys of records hold that fill no column: records of these keys alone."""
        return list(map(self._rest_type, *(map(get, items) for get in self._rest)))
