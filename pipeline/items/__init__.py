"""Lists of related pages in leaked data: where they stand, and which key of an item fills which column."""

from __future__ import annotations

from pipeline.items.fields import read_item
from pipeline.items.find import Found, lists_of_items
from pipeline.items.item_map import ItemMap
from pipeline.items.listed import ListedItems
from pipeline.items.rows import read_rows
from pipeline.items.sound import read_sound
from pipeline.items.typed import TypedItems, one_by_one

__all__ = [
    "Found",
    "ItemMap",
    "ListedItems",
    "TypedItems",
    "lists_of_items",
    "one_by_one",
    "read_item",
    "read_rows",
    "read_sound",
]
