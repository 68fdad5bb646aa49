"""Lists of objects that have the same keys, decoded into records of just these: fast, and strict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import regex

from pipeline.items.values import ADDRESS_HEADS, TOGETHER, may_be_address
from pipeline.nesting import too_deep
from pipeline.recovery.twice import comes_back, has_lost_a_key

if TYPE_CHECKING:
    from pipeline.items.item_map import Plan

REST_MOST = 32
"""Keys that fill no column, of a record at most."""
FILLED = {"media_path": Annotated[str, msgspec.Meta(min_length=1)]}
"""What a column takes where that is less than all of a type."""
_MAY_BE_ADDRESSES = [f':"{head}'.encode() for head in ADDRESS_HEADS]


class Records:
    """Decodes lists of objects that have the same keys.

    Args:
        plan: Which key fills which column.
        types: The type that all values of a column have, for each; None where some columns have values of several.

    Attributes:
        types: Each column with the type of its values; the attribute of a record has the name of the column. Empty
            where columns have values of several types.
        readers: Each column with what reads its values; empty likewise.
    """

    def __init__(self, plan: Plan, types: Sequence[type] | None) -> None:
        self.plan = plan
        self.types = dict(zip(plan.keys, types, strict=True)) if types is not None else {}
        self.readers = [(column, TOGETHER[column, of]) for column, of in self.types.items()]
        names = {key: column for column, key in plan.keys.items()}
        names |= {key: f"rest_{number}" for number, key in enumerate(plan.rest)}
        of = {column: FILLED.get(column, of) for column, of in self.types.items()} or plan.related
        self._fields = [(names[key], of.get(names[key], Any), msgspec.field(name=key)) for key in plan.names]
        self._rest_fields = [field for field in self._fields if field[0] not in plan.keys]
        self._rest = [attrgetter(name) for name, *_ in self._rest_fields]
        self._quotes = 2 * len(plan.names) + 2 * list(self.types.values()).count(str)
        self._are_counted = bool(self.types) and not plan.rest
        self._in_order = [key.encode() for key in plan.rest]

    @cached_property
    def _decode(self) -> Callable[[bytes], list[Any]]:
        record: Any = msgspec.defstruct("Item", self._fields, forbid_unknown_fields=True, gc=False)
        return msgspec.json.Decoder(list[record]).decode

    @cached_property
    def _rest_type(self) -> Any:  # noqa: ANN401 - a class that is made here
        return msgspec.defstruct("Rest", self._rest_fields, gc=False)

    @cached_property
    def _key_of_rest(self) -> regex.Pattern[bytes]:
        keys = b"|".join(regex.escape(key, literal_spaces=True) for key in self._in_order)
        return regex.compile(rb'"(%b)"\s*+:' % keys)

    def items(self, text: bytes) -> Sequence[Any] | None:
        """Return the records of a list; None when it is none of such objects, or needs a closer look.

        It does when an object has a key twice, when the keys that fill no column have another order, and when it is
        nested too deeply.
        """
        try:
            items = self._decode(text)
        except (ValueError, RecursionError):
            return None
        if self._are_counted:
            if text.count(b'"') == self._quotes * len(items):
                return items
        elif too_deep(text):
            return None
        if not comes_back(text, items) and (has_lost_a_key(text, items) or self._is_out_of_order(text, len(items))):
            return None
        return items

    def _is_out_of_order(self, text: bytes, count: int) -> bool:
        """Whether keys that fill no column may have another order than in the first object."""
        return len(self._in_order) > 1 and self._key_of_rest.findall(text) != self._in_order * count

    def rest(self, items: Sequence[Any]) -> bytes | None:
        """Return what the keys of records hold that fill no column: a line of JSON for each.

        None when a value may be an address that no key of a known name has: it may fill a column.
        """
        lines = _encode_lines(list(map(self._rest_type, *(map(get, items) for get in self._rest))))
        if not self.plan.takes_addresses or not any(head in lines for head in _MAY_BE_ADDRESSES):
            return lines
        values = chain.from_iterable(map(get, items) for get in self._rest)
        return None if any(map(may_be_address, values)) else lines


_encode_lines = msgspec.json.Encoder().encode_lines
