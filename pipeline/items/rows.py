"""What the objects of a list give their columns: those of the same keys together, each column by one call.

A list of related pages has the same keys throughout. What its items ask is then asked once for a column: are all of its
values texts, are they all integers? An item whose column is chosen by what it holds is read by itself
(:func:`pipeline.items.fields.read_item`), and gives the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress, repeat
from operator import or_
from typing import Any

import msgspec

from pipeline.items.fields import LEAVES, read_item
from pipeline.items.item_map import ItemMap, Plan
from pipeline.items.values import READ, fitting
from pipeline.model import NOTHING_GIVEN, Given, GivenList

Row = Mapping[str, Any]
NOTHING: frozenset[str] = frozenset()


def read_rows(rows: Sequence[Row], item_map: ItemMap) -> GivenList:
    """Return what objects give the columns of ``related_items``, in order.

    >>> item_map = ItemMap({"title": ["title"], "sort_key": ["sort"]})
    >>> found = read_rows([{"title": "Ferry", "sort": "7"}, {"title": "Fog"}], item_map)
    >>> [(item.title, item.sort_key) for item in found.each()]
    [('Ferry', 7), ('Fog', None)]
    """
    places: dict[tuple[str, ...], list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(_filled(row), []).append(place)
    if len(places) == 1:
        return _read_alike(rows, next(iter(places)), item_map)
    found: dict[int, Given] = {}
    for names, those in places.items():
        found.update(zip(those, _read_alike([rows[place] for place in those], names, item_map).each(), strict=True))
    return GivenList.of([found[place] for place in range(len(rows))])


def _filled(row: Row) -> tuple[str, ...]:
    """Return the keys of an object that hold more than null, which fits no column."""
    if None not in row.values():
        return tuple(row)
    return tuple(name for name, value in row.items() if value is not None)


def _read_alike(rows: Sequence[Row], names: tuple[str, ...], item_map: ItemMap) -> GivenList:
    """Return what objects give that fill the same keys."""
    plan = item_map.plan(names)
    odd = [True] * len(rows)
    columns: dict[str, Sequence[Any]] = {}
    if plan.keys and plan.is_plain:
        columns, odd = _columns(rows, plan, item_map)
    given = GivenList(len(rows), columns, plan.common)
    if True not in odd:
        return given
    usual = given.each() if False in odd else repeat(NOTHING_GIVEN)
    return GivenList.of(
        [read_item(row, item_map) if is_odd else item for row, item, is_odd in zip(rows, usual, odd, strict=False)]
    )


def _columns(rows: Sequence[Row], plan: Plan, item_map: ItemMap) -> tuple[dict[str, Sequence[Any]], list[bool]]:
    """Return what keys fill, ``extra`` and ``keys``, and which of the rows must be read one by one."""
    columns: dict[str, Sequence[Any]] = {}
    odd = [False] * len(rows)
    unfit: dict[str, list[bool]] = {}
    for column, key in plan.keys.items():
        values = [row[key] for row in rows]
        columns[column] = fitting(column, values) or list(map(READ[column], values))
        if None in columns[column]:
            missing = [value is None for value in columns[column]]
            if column in LEAVES or column in plan.elsewhere:
                odd = list(map(or_, odd, missing))
            else:
                unfit[column] = missing
    if not unfit and len(max(rows, key=len)) == len(plan.keys):
        return columns, odd
    lost = map(frozenset, map(compress, repeat(unfit), zip(*unfit.values(), strict=True))) if unfit else repeat(NOTHING)
    fills = [plan.without(each) for each, _ in zip(lost, rows, strict=False)]
    left = [
        {name: value for name, value in row.items() if name not in fill.keys} if len(row) > len(fill.keys) else {}
        for row, fill in zip(rows, fills, strict=True)
    ]
    if item_map.by_shape:
        odd = [is_odd or any(map(_may_be_address, other.values())) for is_odd, other in zip(odd, left, strict=True)]
    columns["extra"] = [msgspec.json.encode(other).decode() if other else None for other in left]
    columns["keys"] = [fill.told for fill in fills]
    return columns, odd


def _may_be_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("/", "http"))
