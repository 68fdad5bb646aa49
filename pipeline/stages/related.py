"""Fifth stage: the JSON that a payload turns out to be, and its items as typed rows.

A value that does not fit its column keeps its key in ``extra``: nothing is dropped, nothing is bent to fit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from pipeline.headline import split_flags
from pipeline.media import read_media
from pipeline.model import Claim, Payload, RelatedItem
from pipeline.nesting import too_deep

INT64 = range(-(2**63), 2**63)
INT32 = range(-(2**31), 2**31)
INT64_LONGEST = 20
"""Characters of a 64-bit integer at most: its digits and a sign."""


@dataclass(frozen=True, slots=True)
class ItemMap:
    """Where a source keeps its related items, and which key fills which column.

    Attributes:
        items: Keys and positions that lead from the payload's root to the list.
        fields: For each column, the keys that may hold it, the first one present first.
        media_base: What ``media_path`` is relative to; None when it is not known.
        flags: Flag words of titles.
    """

    fields: Mapping[str, Sequence[str]]
    items: Sequence[str | int] = ()
    media_base: str | None = None
    flags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """What the payloads of a document hold: one entry of ``payloads`` a claim, items in order."""

    payloads: tuple[Payload, ...]
    items: tuple[RelatedItem, ...]
    warnings: tuple[str, ...]


def read(raw: bytes, claims: Sequence[Claim], item_map: ItemMap) -> Related:
    """Return the JSON of every payload that was cut, and the related items in it.

    >>> from pipeline.model import Span
    >>> raw = b'string(12) "[{"id":"7"}]"'
    >>> claim = Claim(Span(0, 25), "php_dump", "var_dump", "exact", payload=Span(12, 24))
    >>> read(raw, [claim], ItemMap({"title": ["id"]})).items[0].title
    '7'
    """
    payloads: list[Payload] = []
    items: list[RelatedItem] = []
    warnings: list[str] = []
    for ordinal, claim in enumerate(claims):
        text = claim.payload.of(raw) if claim.is_cut and claim.payload else b""
        if not text.lstrip().startswith((b"[", b"{")):
            payloads.append(Payload())
            continue
        if too_deep(text):
            payloads.append(Payload(None, "rejected"))
            warnings.append("related_json_too_deep")
            continue
        try:
            data = msgspec.json.decode(text)
            payloads.append(Payload(text.decode(), "strict"))
        except (msgspec.DecodeError, UnicodeDecodeError):
            payloads.append(Payload(None, "rejected"))
            warnings.append("related_json_truncated" if claim.status == "truncated" else "related_json_invalid")
            continue
        rows = _rows(data, item_map.items)
        found = [_item(row, ordinal, item_map, warnings) for row in rows if isinstance(row, dict)]
        if any(_is_item(item) for item in found):
            items += found
            if len(found) < len(rows):
                warnings.append("related_item_not_an_object")
    return Related(tuple(payloads), tuple(items), tuple(dict.fromkeys(warnings)))


def _rows(data: object, path: Sequence[str | int]) -> list[Any]:
    """Return the list at the path; empty where there is none."""
    for step in path:
        if isinstance(step, str):
            data = data.get(step) if isinstance(data, dict) else None
        else:
            data = data[step] if isinstance(data, list) and step < len(data) else None
    return data if isinstance(data, list) else []


def _is_item(item: RelatedItem) -> bool:
    """Whether a row has anything that makes it a related item and not just some object."""
    return item.title is not None or item.media_path is not None


def _item(row: dict[str, Any], artifact: int, item_map: ItemMap, warnings: list[str]) -> RelatedItem:
    left = dict(row)
    values: dict[str, Any] = {}
    for column, keys in item_map.fields.items():
        for key in keys:
            if key in left and (value := _READ[column](left[key])) is not None:
                values[column] = value
                del left[key]
                break
    item = RelatedItem(artifact, "strict", **values, extra=msgspec.json.encode(left).decode() if left else None)
    if item.title is not None:
        headline, flags = split_flags(item.title, item_map.flags)
        item = replace(item, headline=headline, title_flags=flags)
    if item.media_path is not None:
        media = read_media(item.media_path, item_map.media_base)
        if media.warning:
            warnings.append(media.warning)
        item = replace(item, media_url=media.url, media_kind=media.kind, media_date=media.date, media_ticks=media.ticks)
    return item


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


_READ = {
    "item_id": _identifier,
    "sort_key": lambda value: _integer(value, INT64),
    "content_type_id": lambda value: _integer(value, INT32),
    "title": _text,
    "media_path": _text,
}
