"""A sound list of items: decoded straight into the columns that its keys fill.

A list whose keys all fill columns is decoded as records of just these keys; the record fails where an item has another
key, or lacks one, and where a value is of another type. Such a list, and one with keys that no column takes, is decoded
as plain objects. What comes of either is what a closer look would give: a list that it might change, or that holds
anything but rows, is left to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from msgspec.structs import astuple

from pipeline.items.find import is_story, story
from pipeline.items.item_map import ItemMap, Records
from pipeline.items.rows import read_rows
from pipeline.model import GivenList
from pipeline.recovery.strict import decode, may_need_mending

HEAD = b"[{"
_OBJECT = msgspec.json.Decoder(dict[str, Any])


def read_sound(text: bytes, item_map: ItemMap) -> GivenList | None:
    """Return what the items of a payload give that is a sound list of items and nothing else; None for any other.

    >>> fields = {"title": ["title"], "item_id": ["id"]}
    >>> list(read_sound(b'[{"id":"7","title":"Ferry"}]', ItemMap(fields)).column("title"))
    ['Ferry']
    >>> read_sound(b'[{"id":"7","title":"Fer', ItemMap(fields))
    """
    if item_map.items or not text.startswith(HEAD):
        return None
    if (given := item_map.met(text)) is not None:
        return given
    if may_need_mending(text):
        return None
    given = _typed(text, item_map) or _plain(text, item_map)
    if given is not None:
        item_map.remember(text, given)
    return given


def _typed(text: bytes, item_map: ItemMap) -> GivenList | None:
    """Return what the items of a list give whose keys and types are those of its first; None for any other."""
    for last in item_map.last:
        with suppress(ValueError):
            return _decoded(text, last)
    try:
        first = _OBJECT.decode(text[1 : text.find(b"}") + 1])
        records = item_map.records(first)
        return _decoded(text, records) if records is not None else None
    except (ValueError, RecursionError):
        return None


def _plain(text: bytes, item_map: ItemMap) -> GivenList | None:
    """Return what the objects of a list give; None when it is no list of objects alone."""
    try:
        data = decode(text)
    except ValueError:
        return None
    rows = [row for item in data if (row := _row(item)) is not None]
    return read_rows(rows, item_map) if len(rows) == len(data) else None


def _decoded(text: bytes, records: Records) -> GivenList | None:
    """Return what the items of a list give; None when a value does not fit its column.

    Raises:
        ValueError: It is not a list of such records.
    """
    items = records.decode(text)
    columns: dict[str, Sequence[Any]] = {}
    for (column, read), values in zip(records.readers, zip(*map(astuple, items), strict=True), strict=True):
        if (fit := read(values)) is None:
            return None
        columns[column] = fit
    return GivenList(len(items), columns, records.plan.common)


def _row(item: object) -> Mapping[str, Any] | None:
    """Return the object that a list item is, or stands for; None when it is none, or no page."""
    if not isinstance(item, dict):
        return None
    if "@type" not in item:
        return item
    inner = story(item)
    return inner if isinstance(inner, dict) and is_story(item) else None
