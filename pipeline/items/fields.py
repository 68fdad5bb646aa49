"""One item as a typed row: by the names of its keys, then by the shape of what they hold.

A value that does not fit its column keeps its key in ``extra``: nothing is dropped, nothing is bent to fit.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from pipeline.headline import split_flags
from pipeline.media import Clock, kind_of, read_media
from pipeline.model import Recovery, RelatedItem
from pipeline.patterns import lazy_compile

PLANS_KEPT = 1024
"""Combinations of keys whose plans are remembered; the memory starts anew when there are more."""
ITEMS_KEPT, KEPT_LONGEST = 8192, 2048
"""Items that are remembered, and how many characters or bytes one of them has at most."""
INT64 = range(-(2**63), 2**63)
INT32 = range(-(2**31), 2**31)
INT64_LONGEST = 20
"""Characters of a 64-bit integer at most: its digits and a sign."""
ADDRESS_LONGEST = 2048
ADDRESS = lazy_compile(r"(?:https?:)?//[^\s<>\"]{3,2040}+|/[\w%.~\-][^\s<>\"]{0,2040}+")

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
        read: Items that were read, with what they are rows of; bounded.
    """

    fields: Mapping[str, Sequence[str]]
    items: Sequence[str | int] = ()
    media_base: str | None = None
    flags: Sequence[str] = ()
    clock: Clock | None = None
    by_shape: bool = False
    _plans: dict[tuple[str, ...], Plan] = field(default_factory=dict, init=False, repr=False, compare=False)
    read: dict[Hashable, MappedItem] = field(default_factory=dict, init=False, repr=False, compare=False)

    def plan(self, names: tuple[str, ...]) -> Plan:
        """Return which key fills which column in an object of these keys; the items of a list share one plan."""
        if (plan := self._plans.get(names)) is None:
            if len(self._plans) >= PLANS_KEPT:
                self._plans.clear()
            plan = self._plans[names] = _plan(names, self.fields)
        return plan

    def remember(self, asked: Hashable, item: MappedItem, size: int) -> None:
        """Remember an item of so many characters or bytes by what it was read from, unless it is long."""
        if size > KEPT_LONGEST:
            return
        if len(self.read) >= ITEMS_KEPT:
            self.read.clear()
        self.read[asked] = item


@dataclass(frozen=True, slots=True)
class Plan:
    """What fills what in an object whose values all fit: the first key that is there for each column.

    Attributes:
        names: The keys of the object, in its order.
        readers: Key, column and reader of each column, or None when a key could fill two of them.
        keys: The key of each column.
        told: What the row says of that.
        rest: The keys that no column takes.
    """

    names: tuple[str, ...]
    readers: tuple[tuple[str, str, Callable[[object], Any]], ...] | None
    keys: Mapping[str, str]
    told: tuple[str, ...]
    rest: tuple[str, ...]

    def values(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return what an object of these keys gives each column; None when some value does not fit."""
        if self.readers is None:
            return None
        values: dict[str, Any] = {}
        for key, column, read in self.readers:
            if (value := read(row[key])) is None:
                return None
            values[column] = value
        return values


def _plan(names: tuple[str, ...], fields: Mapping[str, Sequence[str]]) -> Plan:
    there = set(names)
    present = {column: [key for key in dict.fromkeys(keys) if key in there] for column, keys in fields.items()}
    chosen = {column: keys[0] for column, keys in present.items() if keys}
    every = [key for keys in present.values() for key in keys]
    readers = tuple((key, column, _READ[column]) for column, key in chosen.items())
    return Plan(
        names,
        readers if len(every) == len(set(every)) else None,
        chosen,
        _told(chosen),
        tuple(key for key in names if key not in chosen.values()),
    )


def _told(keys: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{key} = {column}" for column, key in keys.items())


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
    plan = item_map.plan(tuple(row))
    left: dict[str, Any]
    keys: Mapping[str, str]
    if (values := plan.values(row)) is not None:
        left, keys = {key: row[key] for key in plan.rest}, plan.keys
    else:
        left, values, keys = _fitted(row, item_map.fields)
    if left and item_map.by_shape:
        keys = _filled_by_shape(left, values, keys)
    extra = msgspec.json.encode(left).decode() if left else None
    told = plan.told if keys is plan.keys else _told(keys)
    warnings = _derive(values, keys, item_map)
    return MappedItem(RelatedItem(artifact, recovery, extra=extra, keys=told, **values), warnings)


def _fitted(
    row: Mapping[str, Any], fields: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """Return what is left of an object, what each column takes of it, and from which key: the first that fits."""
    left = dict(row)
    values: dict[str, Any] = {}
    keys: dict[str, str] = {}
    for column, names in fields.items():
        for name in names:
            if name in left and (taken := _take(column, left[name])) is not None:
                values[column], keys[column] = taken[0], name
                _leave(left, name, taken[1])
                break
    return left, values, keys


def _derive(values: dict[str, Any], keys: Mapping[str, str], item_map: ItemMap) -> tuple[str, ...]:
    """Add the columns that are made from others, and return what is in doubt."""
    warnings: tuple[str, ...] = ()
    title, path = values.get("title"), values.get("media_path")
    if title is not None:
        values["headline"], values["title_flags"] = split_flags(title, item_map.flags)
    if path is not None:
        key, item_id = keys["media_path"], values.get("item_id")
        media = read_media(path, item_map.media_base, key=key, clock=item_map.clock, item_id=item_id)
        values["media_url"], values["media_kind"], values["media_date"] = media.url, media.kind, media.date
        values["media_ticks"], values["media_at"] = media.ticks, media.at
        warnings = media.warnings
    return warnings


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
            if (leaf := _READ[column](value.get(name))) is not None:
                others = {key: inner for key, inner in value.items() if key != name}
                return leaf, others or NOTHING_LEFT
    return None


def _leave(left: dict[str, Any], name: str, rest: object) -> None:
    if rest is NOTHING_LEFT:
        del left[name]
    else:
        left[name] = rest


def _filled_by_shape(left: dict[str, Any], values: dict[str, Any], keys: Mapping[str, str]) -> Mapping[str, str]:
    """Fill the columns of addresses from values that look like one, when no key of a known name did."""
    found = dict(keys)
    for name, value in list(left.items()):
        if name.startswith("@") or not isinstance(value, str) or len(value) > ADDRESS_LONGEST:
            continue
        column = "media_path" if kind_of(value) is not None else "url"
        if column not in values and ADDRESS.fullmatch(value):
            values[column], found[column] = value, name
            del left[name]
    return found


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _path(value: object) -> str | None:
    """Return the path of a media file; an empty text is none."""
    return _text(value) or None


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
    "media_path": _path,
}
