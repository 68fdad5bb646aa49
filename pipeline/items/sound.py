"""A sound list of items: decoded straight into records of the keys that its items have.

The record fails where an item has another key, or lacks one. Such a list is decoded as plain objects. Where the values
of a column are of several types it is decoded into records that take any. What comes of either is what a closer look
would give: a list that it might change, or that holds anything but rows, is left to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from pipeline.items.find import is_story, story
from pipeline.items.item_map import LIST_END, ItemMap
from pipeline.items.rows import read_rows
from pipeline.items.typed import TypedItems
from pipeline.model import GivenList, Listed
from pipeline.nesting import shallow
from pipeline.recovery.strict import decode, may_need_mending
from pipeline.recovery.twice import has_a_key_twice

HEAD = b"[{"
_TYPE, _ESCAPE = b"@type", b"\\u"
"""What a list with a type of JSON-LD in it has, as it is or escaped."""
_FIRST = msgspec.json.Decoder(shallow(4))
"""Decodes the first object of a list; one that nests more needs a closer look."""


def read_sound(text: bytes, item_map: ItemMap) -> Listed | None:
    """Return what the items of a payload give that is a sound list of items and nothing else; None for any other.

    >>> fields = {"title": ["title"], "item_id": ["id"]}
    >>> list(read_sound(b'[{"id":"7","title":"Ferry"}]', ItemMap(fields)).by_column().column("title"))
    ['Ferry']
    >>> read_sound(b'[{"id":"7","title":"Fer', ItemMap(fields))
    """
    if item_map.items or not text.startswith(HEAD):
        return None
    end = text[-LIST_END:]
    if (met := item_map.lists.get(end)) is not None and met[0] == text:
        return met[1]
    if may_need_mending(text):
        return None
    given = _typed(text, item_map) or _plain(text, item_map)
    if given is not None:
        item_map.remember(end, text, given)
    return given


def _typed(text: bytes, item_map: ItemMap) -> Listed | None:
    """Return the items of a list whose keys are those of its first; None for any other."""
    for records in item_map.last:
        if (items := records.items(text)) is not None:
            if not records.types:
                types = tuple(type(getattr(items[0], column)) for column in records.plan.keys)
                item_map.last[:] = records.plan.records_like(types)
            return TypedItems(records, items, text, item_map)
    try:
        first = _FIRST.decode(text[1 : text.find(b"}") + 1])
    except ValueError:
        return None
    found = item_map.records(first)
    for records in found:
        if records not in item_map.last and (items := records.items(text)) is not None:
            item_map.last[:] = found
            return TypedItems(records, items, text, item_map)
    return None


def _plain(text: bytes, item_map: ItemMap) -> GivenList | None:
    """Return what the objects of a list give; None when it is no list of objects alone, or one has a key twice."""
    try:
        data = decode(text)
    except ValueError:
        return None
    if has_a_key_twice(text, data):
        return None
    rows = data
    if _TYPE in text or _ESCAPE in text or set(map(type, data)) != {dict}:
        rows = [row for item in data if (row := _row(item)) is not None]
    return read_rows(rows, item_map) if len(rows) == len(data) else None


def _row(item: object) -> Mapping[str, Any] | None:
    """Return the object that a list item is, or stands for; None when it is none, or no page."""
    if not isinstance(item, dict):
        return None
    if "@type" not in item:
        return item
    inner = story(item)
    return inner if isinstance(inner, dict) and is_story(item) else None
