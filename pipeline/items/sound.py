"""A sound list of items: an item is read once, and known by its bytes when another page has it as well.

Pages that are near each other list the same pages. The list is taken apart into the bytes of its items, and is decoded
only when one of them is new. What comes of it is what decoding it always would give: a list that a closer look might
change, or that holds anything but rows, is left to those who look closer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from pipeline.items.fields import ItemMap, MappedItem
from pipeline.items.find import is_story, story
from pipeline.items.rows import read_new_rows
from pipeline.recovery.strict import decode, may_need_mending

HEAD = b"[{"
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])


def read_sound(text: bytes, artifact: int, item_map: ItemMap) -> list[MappedItem] | None:
    """Return the rows of a payload that is a sound list of items and nothing else; None for any other.

    >>> fields = {"title": ["title"], "item_id": ["id"]}
    >>> [row.item.title for row in read_sound(b'[{"id":"7","title":"Ferry"}]', 0, ItemMap(fields)) or ()]
    ['Ferry']
    >>> read_sound(b'[{"id":"7","title":"Fer', 0, ItemMap(fields))
    """
    if item_map.items or not text.startswith(HEAD):
        return None
    try:
        items = _ITEMS.decode(text)
    except (ValueError, RecursionError):
        return None
    asked = [(bytes(item), artifact) for item in items]
    found = [item_map.read.get(item) for item in asked]
    new = [place for place, row in enumerate(found) if row is None]
    if new:
        data = _data(text)
        if len(data) != len(items) or _may_need_mending(text, [asked[place][0] for place in new]):
            return None
        rows = [inner for place in new if (inner := _row(data[place])) is not None]
        if len(rows) < len(new):
            return None
        for place, read in zip(new, read_new_rows(rows, artifact, "strict", item_map), strict=True):
            found[place] = read
            item_map.remember(asked[place], read, len(asked[place][0]))
    return [row for row in found if row is not None]


def _may_need_mending(text: bytes, items: Sequence[bytes]) -> bool:
    """Whether any item does; where nothing is escaped by its number, one look at the whole list tells."""
    return any(map(may_need_mending, items)) if b"\\u" in text else may_need_mending(text)


def _row(item: object) -> Mapping[str, Any] | None:
    """Return the object that a list item is, or stands for; None when it is none, or no page."""
    if not isinstance(item, dict):
        return None
    if "@type" not in item:
        return item
    inner = story(item)
    return inner if isinstance(inner, dict) and is_story(item) else None


def _data(text: bytes) -> Sequence[Any]:
    """Return what a list holds; nothing when it cannot be decoded after all."""
    try:
        data = decode(text)
    except ValueError:
        return ()
    return data if isinstance(data, list) else ()
