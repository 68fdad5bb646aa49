"""What the objects of a list give their columns: those of the same keys together, each column by one call.

A list of related pages has the same keys throughout. What its items ask is then asked once for a column: are all of its
values texts, are they all integers? An item whose column is chosen by what it holds is read by itself
(:func:`pipeline.items.fields.read_item`), and gives the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from operator import or_
from typing import Any

import msgspec

from pipeline.items.fields import LEAVES, read_item
from pipeline.items.item_map import ItemMap, Plan
from pipeline.items.values import READ, fitting, may_be_address
from pipeline.model import NOTHING_GIVEN, Given, GivenList

Row = Mapping[str, Any]
Values = Mapping[str, Sequence[Any]]
"""The values of objects by key, as far as they all have it."""


def read_rows(rows: Sequence[Row], item_map: ItemMap) -> GivenList:
    """Return what objects give the columns of ``related_items``, in order.

    >>> item_map = ItemMap({"title": ["title"], "sort_key": ["sort"]})
    >>> found = read_rows([{"title": "Ferry", "sort": "7"}, {"title": "Fog"}], item_map)
    >>> [(item.title, item.sort_key) for item in found.each()]
    [('Ferry', 7), ('Fog', None)]
    """
    names = tuple(rows[0]) if rows else ()
    if names and all(map(names.__eq__, map(tuple, rows))):
        values = dict(zip(names, zip(*(row.values() for row in rows), strict=True), strict=True))
        plan = item_map.plan(names)
        if not any(None in values[key] for key in plan.keys.values()):
            return _read_alike(rows, plan, item_map, values)
    places: dict[tuple[str, ...], list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(_filled(row), []).append(place)
    found: dict[int, Given] = {}
    for names, those in places.items():
        alike = [rows[place] for place in those]
        given = _read_alike(
            alike, item_map.plan(names), item_map, {name: [row[name] for row in alike] for name in names}
        )
        found.update(zip(those, given.each(), strict=True))
    return GivenList.of([found[place] for place in range(len(rows))])


def _filled(row: Row) -> tuple[str, ...]:
    """Return the keys of an object that hold more than null, which fits no column."""
    if None not in row.values():
        return tuple(row)
    return tuple(name for name, value in row.items() if value is not None)


def _read_alike(rows: Sequence[Row], plan: Plan, item_map: ItemMap, values: Values) -> GivenList:
    """Return what objects give that fill the same keys."""
    odd = [True] * len(rows)
    columns: dict[str, Sequence[Any]] = {}
    if plan.keys and plan.is_plain:
        columns, odd = _columns(rows, plan, item_map, values)
    given = GivenList(len(rows), columns, plan.common)
    if True not in odd:
        return given
    usual = given.each() if False in odd else repeat(NOTHING_GIVEN)
    return GivenList.of(
        [read_item(row, item_map) if is_odd else item for row, item, is_odd in zip(rows, usual, odd, strict=False)]
    )


def _columns(
    rows: Sequence[Row], plan: Plan, item_map: ItemMap, values: Values
) -> tuple[dict[str, Sequence[Any]], list[bool]]:
    """Return what keys fill, ``extra`` and ``keys``, and which of the rows must be read one by one."""
    columns: dict[str, Sequence[Any]] = {}
    odd = [False] * len(rows)
    unfit: dict[str, list[bool]] = {}
    for column, key in plan.keys.items():
        columns[column] = fitting(column, values[key]) or list(map(READ[column], values[key]))
        if None in columns[column]:
            missing = [value is None for value in columns[column]]
            if column in LEAVES or column in plan.elsewhere:
                odd = list(map(or_, odd, missing))
            else:
                unfit[column] = missing
    if unfit:
        fills = list(map(plan.without, zip(*map(_named, unfit.items()), strict=True)))
        columns["keys"] = [fill.told for fill in fills]
        left = [
            {key: row[key] for key in row if key not in fill.keys} if len(row) > len(fill.keys) else {}
            for row, fill in zip(rows, fills, strict=True)
        ]
    elif len(longest := max(rows, key=len)) == len(plan.keys):
        return columns, odd
    elif len(longest) == len(values):
        left = [dict(zip(plan.rest, others, strict=True)) for others in zip(*map(values.get, plan.rest), strict=True)]
    else:
        taken = plan.without(()).keys
        left = [{key: row[key] for key in row if key not in taken} for row in rows]
    if item_map.by_shape:
        odd = [
            is_odd or (bool(other) and any(map(may_be_address, other.values())))
            for is_odd, other in zip(odd, left, strict=True)
        ]
    columns["extra"] = as_json(left)
    return columns, odd


def _named(unfit: tuple[str, list[bool]]) -> list[str]:
    """Return for each row the name of a column whose value does not fit there; an empty one where it does."""
    column, missing = unfit
    return [column if is_missing else "" for is_missing in missing]


def as_json(objects: Sequence[Any]) -> list[str | None]:
    """Return objects as ``extra`` has them; None for one without keys."""
    return texts_of(_LINES.encode_lines(objects))


def texts_of(lines: bytes) -> list[str | None]:
    """Return lines of JSON as ``extra`` has them; None for an object without keys."""
    texts = lines.decode().split("\n")
    return [text if text != "{}" else None for text in texts[:-1]]


_LINES = msgspec.json.Encoder()
