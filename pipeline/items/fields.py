"""One item as a typed row: by the names of its keys, then by the shape of what they hold.

A value that does not fit its column keeps its key in ``extra``: nothing is dropped, nothing is bent to fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from pipeline.items.item_map import ItemMap, told
from pipeline.items.values import READ
from pipeline.media import kind_of
from pipeline.model import Given
from pipeline.patterns import lazy_compile

ADDRESS_LONGEST = 2048
ADDRESS = lazy_compile(r"(?:https?:)?//[^\s<>\"]{3,2040}+|/[\w%.~\-][^\s<>\"]{0,2040}+")

LEAVES: Mapping[str, Sequence[str]] = {
    "title": ("rendered", "@value"),
    "url": ("url", "href", "@id"),
    "media_path": ("url", "src", "contentUrl", "path", "href", "@id"),
}
"""Where a value that is an object of its own holds what its column wants, such as the address of an image."""


def read_item(row: Mapping[str, Any], item_map: ItemMap) -> Given:
    """Return what an object gives the columns of ``related_items``.

    >>> fields = {"title": ["headline"], "media_path": ["image"]}
    >>> found = read_item({"headline": "Ferry", "image": {"url": "/a.jpg", "width": 9}}, ItemMap(fields))
    >>> found.title, found.media_path, found.extra
    ('Ferry', '/a.jpg', '{"image":{"width":9}}')
    """
    left, values, keys = _fitted(row, item_map.plan(tuple(row)).present)
    if left and item_map.by_shape:
        keys = _filled_by_shape(left, values, keys)
    extra = msgspec.json.encode(left).decode() if left else None
    return Given(extra=extra, keys=told(keys), media_key=keys.get("media_path", ""), **values)


def _fitted(
    row: Mapping[str, Any], present: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """Return what is left of an object, what each column takes of it, and from which key: the first that fits."""
    left = dict(row)
    values: dict[str, Any] = {}
    keys: dict[str, str] = {}
    for column, names in present.items():
        for name in names:
            if name in left and (taken := _take(column, left[name])) is not None:
                values[column], keys[column] = taken[0], name
                _leave(left, name, taken[1])
                break
    return left, values, keys


NOTHING_LEFT = object()


def _take(column: str, value: object) -> tuple[Any, object] | None:
    """Return what a value gives its column, and what is left of the value; None when it does not fit."""
    if (whole := READ[column](value)) is not None:
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
            if (leaf := READ[column](value.get(name))) is not None:
                others = {key: inner for key, inner in value.items() if key != name}
                return leaf, others or NOTHING_LEFT
    return None


def _leave(left: dict[str, Any], name: str, rest: object) -> None:
    if rest is NOTHING_LEFT:
        del left[name]
    else:
        left[name] = rest


def _filled_by_shape(left: dict[str, Any], values: dict[str, Any], keys: dict[str, str]) -> dict[str, str]:
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
