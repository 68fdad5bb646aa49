"""One item as a typed row: by the names of its keys, then by the shape of what they hold.

A value that does not fit its column keeps its key in ``extra``: nothing is dropped, nothing is bent to fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import msgspec
import regex

from pipeline.headline import split_flags
from pipeline.media import Clock, kind_of, read_media
from pipeline.model import Recovery, RelatedItem

INT64 = range(-(2**63), 2**63)
INT32 = range(-(2**31), 2**31)
INT64_LONGEST = 20
"""Characters of a 64-bit integer at most: its digits and a sign."""
ADDRESS_LONGEST = 2048
ADDRESS = regex.compile(r"(?:https?:)?//[^\s<>\"]{3,2040}+|/[\w%.~\-][^\s<>\"]{0,2040}+")

LEAVES: Mapping[str, Sequence[str]] = {
    "title": ("rendered", "@value"),
    "url": ("url", "href", "@id"),
    "media_path": ("url", "src", "contentUrl", "path", "href", "@id"),
}
"""Where a value that is an object of its own holds what its column wants, such as the address of an image."""


@dataclass(frozen=True, slots=True)
class ItemMap:
    """Where a source keeps its related items, and which key fills which column.

    Attributes:
        fields: For each column, the keys that may hold it, the first one present first.
        items: Keys and positions that lead from the payload's root to the list; empty to look for lists of items.
        media_base: What ``media_path`` is relative to; None when it is not known.
        flags: Flag words of titles.
        clock: What the numbers in the names of media files count; None for .NET ticks that the path confirms.
        by_shape: Whether values that look like addresses fill columns that no key of a known name fills.
    """

    fields: Mapping[str, Sequence[str]]
    items: Sequence[str | int] = ()
    media_base: str | None = None
    flags: Sequence[str] = ()
    clock: Clock | None = None
    by_shape: bool = False


class MappedItem(NamedTuple):
    """An item as a row, and what is in doubt about it."""

    item: RelatedItem
    warnings: tuple[str, ...] = ()

    @property
    def is_item(self) -> bool:
        """Whether the row has anything that makes it a related item and not just some object."""
        return self.item.title is not None or self.item.media_path is not None


def read_item(row: Mapping[str, Any], artifact: int, recovery: Recovery, item_map: ItemMap) -> MappedItem:
    """Return an object as a row of ``related_items``.

    >>> fields = {"title": ["headline"], "media_path": ["image"]}
    >>> found = read_item({"headline": "Ferry", "image": {"url": "/a.jpg", "width": 9}}, 0, "strict", ItemMap(fields))
    >>> found.item.title, found.item.media_path, found.item.extra
    ('Ferry', '/a.jpg', '{"image":{"width":9}}')
    """
    left = dict(row)
    values: dict[str, Any] = {}
    keys: dict[str, str] = {}
    for column, names in item_map.fields.items():
        for name in names:
            if name in left and (taken := _take(column, left[name])) is not None:
                values[column], keys[column] = taken[0], name
                _leave(left, name, taken[1])
                break
    if item_map.by_shape:
        _fill_by_shape(left, values, keys)
    extra = msgspec.json.encode(left).decode() if left else None
    told = tuple(f"{key} = {column}" for column, key in keys.items())
    item = RelatedItem(artifact, recovery, **values, extra=extra, keys=told)
    return _derived(item, keys, item_map)


def _derived(item: RelatedItem, keys: Mapping[str, str], item_map: ItemMap) -> MappedItem:
    """Return an item with the columns that are made from others."""
    warnings: tuple[str, ...] = ()
    if item.title is not None:
        headline, flags = split_flags(item.title, item_map.flags)
        item = replace(item, headline=headline, title_flags=flags)
    if item.media_path is not None:
        key = keys["media_path"]
        media = read_media(item.media_path, item_map.media_base, key=key, clock=item_map.clock, item_id=item.item_id)
        warnings = media.warnings
        item = replace(
            item,
            media_url=media.url,
            media_kind=media.kind,
            media_date=media.date,
            media_ticks=media.ticks,
            media_at=media.at,
        )
    return MappedItem(item, warnings)


NOTHING_LEFT = object()


def _take(column: str, value: object) -> tuple[Any, object] | None:
    """Return what a value gives its column, and what is left of the value; None when it does not fit."""
    if (whole := _READ[column](value)) is not None:
        return whole, NOTHING_LEFT
    if column not in LEAVES:
        return None
    if isinstance(value, list) and value and column == "media_path":
        taken = _take(column, value[0])
        if taken is None:
            return None
        rest = value[1:] if taken[1] is NOTHING_LEFT else [taken[1], *value[1:]]
        return taken[0], rest or NOTHING_LEFT
    if isinstance(value, dict):
        for name in LEAVES[column]:
            if (leaf := _text(value.get(name))) is not None:
                others = {key: inner for key, inner in value.items() if key != name}
                return leaf, others or NOTHING_LEFT
    return None


def _leave(left: dict[str, Any], name: str, rest: object) -> None:
    if rest is NOTHING_LEFT:
        del left[name]
    else:
        left[name] = rest


def _fill_by_shape(left: dict[str, Any], values: dict[str, Any], keys: dict[str, str]) -> None:
    """Fill the columns of addresses from values that look like one, when no key of a known name did."""
    for name, value in list(left.items()):
        if name.startswith("@") or not isinstance(value, str) or len(value) > ADDRESS_LONGEST:
            continue
        column = "media_path" if kind_of(value) is not None else "url"
        if column not in values and ADDRESS.fullmatch(value):
            values[column], keys[column] = value, name
            del left[name]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _identifier(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _text(value)


def _integer(value: object, limits: range) -> int | None:
    """Return an integer or the text of one; text that would read back differently, such as ``007``, is no integer."""
    if isinstance(value, str) and len(value) <= INT64_LONGEST and value.isascii():
        try:
            number = int(value)
        except ValueError:
            return None
        return number if str(number) == value and number in limits else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value in limits else None
    return None


_READ: Mapping[str, Callable[[object], Any]] = {
    "item_id": _identifier,
    "sort_key": lambda value: _integer(value, INT64),
    "content_type_id": lambda value: _integer(value, INT32),
    "title": _text,
    "url": _text,
    "published_raw": _identifier,
    "media_path": _text,
}
