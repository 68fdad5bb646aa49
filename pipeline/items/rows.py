"""Items of a list as rows: those of the same keys together, so that each column is read by one call for all of them.

A list of related pages has the same keys throughout. What its items ask is then asked once for a column: are all of its
values texts, are they all integers? Where any value does not fit, and for keys whose columns are chosen by what they
hold, the items are read one by one (:func:`pipeline.items.fields.read_item`), and give the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain, repeat
from typing import Any

import msgspec

from pipeline.headline import split_flags
from pipeline.items.fields import INT32, INT64, INT64_LONGEST, ItemMap, MappedItem, Plan, read_item
from pipeline.media import read_media
from pipeline.model import Recovery, RelatedItem

Column = Sequence[Any]
TEXT = frozenset({str})
"""Values of this type that are equal are the same; 1 and true are equal as well."""
NUMBER = frozenset({int})
NAMES = ("item_id", "published_raw")
"""Columns of text that an integer fits as well."""
WHOLE = {"sort_key": INT64, "content_type_id": INT32}


def read_rows(
    rows: Sequence[Mapping[str, Any]], artifact: int, recovery: Recovery, item_map: ItemMap
) -> list[MappedItem]:
    """Return objects as rows of ``related_items``, in order.

    >>> item_map = ItemMap({"title": ["title"], "sort_key": ["sort"]})
    >>> found = read_rows([{"title": "Ferry", "sort": "7"}, {"title": "Fog"}], 0, "strict", item_map)
    >>> [(row.item.title, row.item.sort_key) for row in found]
    [('Ferry', 7), ('Fog', None)]
    """
    # Pages that are near each other list the same pages.
    asked = [_asked(row, artifact, recovery) for row in rows]
    found = [item_map.read.get(key) if key is not None else None for key in asked]
    new = [place for place, row in enumerate(found) if row is None]
    for place, row in zip(
        new, read_new_rows([rows[place] for place in new], artifact, recovery, item_map), strict=True
    ):
        found[place] = row
        if (key := asked[place]) is not None:
            item_map.remember(key, row, sum(map(len, key[1])))
    return [row for row in found if row is not None]


def _asked(
    row: Mapping[str, Any], artifact: int, recovery: Recovery
) -> tuple[tuple[str, ...], tuple[str, ...], int, Recovery] | None:
    """Return what an item is remembered by; None when it holds more than texts."""
    values = tuple(row.values())
    return (tuple(row), values, artifact, recovery) if TEXT.issuperset(map(type, values)) else None


def read_new_rows(
    rows: Sequence[Mapping[str, Any]], artifact: int, recovery: Recovery, item_map: ItemMap
) -> list[MappedItem]:
    """Return objects as rows, in order, whether or not their like was read before."""
    places: dict[tuple[str, ...], list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(_filled(row), []).append(place)
    if len(places) == 1:
        return _read_alike(rows, next(iter(places)), artifact, recovery, item_map)
    found: dict[int, MappedItem] = {}
    for names, those in places.items():
        read = _read_alike([rows[place] for place in those], names, artifact, recovery, item_map)
        found.update(zip(those, read, strict=True))
    return [found[place] for place in range(len(rows))]


def _filled(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys of an object that hold more than null, which fits no column."""
    if None not in row.values():
        return tuple(row)
    return tuple(name for name, value in row.items() if value is not None)


def _read_alike(
    rows: Sequence[Mapping[str, Any]], names: tuple[str, ...], artifact: int, recovery: Recovery, item_map: ItemMap
) -> list[MappedItem]:
    """Return objects that fill the same keys as rows."""
    plan = item_map.plan(names)
    columns = _columns(rows, plan, by_shape=item_map.by_shape) if plan.readers is not None else None
    if columns:
        return _joined(columns, plan, artifact, recovery, item_map)
    return [read_item(row, artifact, recovery, item_map) for row in rows]


def _columns(rows: Sequence[Mapping[str, Any]], plan: Plan, *, by_shape: bool) -> dict[str, Column] | None:
    """Return the columns that keys fill, and ``extra``; None when some value may not fit, or fit another column."""
    columns: dict[str, Column] = {}
    for column, key in plan.keys.items():
        fitting = _fitting(column, tuple(row[key] for row in rows))
        if fitting is None:
            return None
        columns[column] = fitting
    if any(len(row) > len(columns) for row in rows):
        taken = set(plan.keys.values())
        left = [{name: value for name, value in row.items() if name not in taken} for row in rows]
        if by_shape and any(map(_may_be_address, chain.from_iterable(other.values() for other in left))):
            return None
        columns["extra"] = [msgspec.json.encode(other).decode() if other else None for other in left]
    return columns


def _may_be_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("/", "http"))


def _fitting(column: str, values: tuple[Any, ...]) -> Column | None:
    """Return what values give their column; None when one does not fit, or they are of several types."""
    types = set(map(type, values))
    limits = WHOLE.get(column)
    if types == TEXT:
        if column == "media_path" and not all(values):
            return None
        return values if limits is None else _integers(values, limits)
    if types != NUMBER:
        return None
    if limits is not None:
        return values if min(values) in limits and max(values) in limits else None
    return list(map(str, values)) if column in NAMES else None


def _integers(texts: tuple[str, ...], limits: range) -> list[int] | None:
    """Return what texts of integers say; None when one is none, or would read back differently."""
    if max(map(len, texts)) > INT64_LONGEST:
        return None
    try:
        numbers = list(map(int, texts))
    except ValueError:
        return None
    same = tuple(map(str, numbers)) == texts
    return numbers if same and min(numbers) in limits and max(numbers) in limits else None


def _joined(
    columns: dict[str, Column], plan: Plan, artifact: int, recovery: Recovery, item_map: ItemMap
) -> list[MappedItem]:
    """Return the rows that columns are, with the columns that are made from others."""
    warnings: Iterable[tuple[str, ...]] = repeat(())
    if titles := columns.get("title"):
        columns["headline"], columns["title_flags"] = zip(
            *(split_flags(title, item_map.flags) for title in titles), strict=True
        )
    if paths := columns.get("media_path"):
        base, key, clock = item_map.media_base, plan.keys["media_path"], item_map.clock
        told = [
            read_media(path, base, key=key, clock=clock, item_id=item_id)
            for path, item_id in zip(paths, columns.get("item_id") or repeat(None), strict=False)
        ]
        names = ("media_url", "media_kind", "media_date", "media_ticks", "media_at")
        *found, warnings = zip(*told, strict=True)
        columns.update(zip(names, found, strict=True))
    given = {"artifact": repeat(artifact), "recovery": repeat(recovery), "keys": repeat(plan.told), **columns}
    parts = [given.get(name) or repeat(default) for name, default in DEFAULTS]
    items = map(_item, zip(*parts, strict=False))
    return list(map(_mapped, zip(items, warnings, strict=False)))


DEFAULTS = [(name, RelatedItem._field_defaults.get(name)) for name in RelatedItem._fields]
# What a named tuple's own `_make` does as well, but without a call of Python for each row.
_item: Callable[[Sequence[Any]], RelatedItem] = partial(tuple.__new__, RelatedItem)
_mapped: Callable[[Sequence[Any]], MappedItem] = partial(tuple.__new__, MappedItem)
