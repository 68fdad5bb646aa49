"""A sound list of items: an item is read once, and known by its bytes when another page has it as well.

Pages that are near each other list the same pages. The list is taken apart into the bytes of its items, and is decoded
only when one of them is new. What comes of it is what decoding it always would give: a list that a closer look might
change, or that holds anything but rows, is left to those who look closer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from pipeline.items.fields import ItemMap, MappedItem, read_new
from pipeline.items.find import is_story, story
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
    data = _data(text) if None in found else ()
    for place, row in enumerate(data):
        if found[place] is not None:
            continue
        item = asked[place][0]
        inner = story(row)
        if may_need_mending(item) or not (isinstance(row, dict) and isinstance(inner, dict) and is_story(row)):
            return None
        found[place] = new = read_new(inner, artifact, "strict", item_map)
        item_map.remember(asked[place], new, len(item))
    rows = [row for row in found if row is not None]
    return rows if len(rows) == len(items) else None


def _data(text: bytes) -> Sequence[Any]:
    """Return what a list holds; nothing when it cannot be decoded after all."""
    try:
        data = decode(text)
    except ValueError:
        return ()
    return data if isinstance(data, list) else ()
