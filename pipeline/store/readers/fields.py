"""Records with fields: which of them holds the text, which ones have a meaning, and the others as JSON."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from pipeline.model import Origin
from pipeline.store.readers.reading import Bad, Entry, Found, ReadSettings

MEANT = ("url", "fetched_at", "date")
"""Fields that have a column of their own."""
LARGEST = 1e300
"""No number of a field that has a column is so large; Python writes none of thousands of digits."""
NAMED = 20
"""How many fields a message names at most."""
LONGEST_NAMED = 100
"""Characters of a name in a message at most."""


def document(record: dict[str, Any], settings: ReadSettings, where: str, raw: bytes | None) -> Found:
    """Return the document that a record holds; the record is used up.

    Args:
        record: Its fields.
        settings: Which field holds the text, and which others are kept.
        where: Where it stands, for people.
        raw: Its bytes as they stood, for a record that holds no text.
    """
    names = list(record)
    text = _take(record, settings.text_field)
    origin = _origin(record, settings)
    if isinstance(text, str):
        try:
            text = text.encode()
        except UnicodeEncodeError:
            message = f"{where}: field {settings.text_field!r} holds half of a pair of surrogates, which is no text"
            return Bad("no_text", message, raw, origin)
    if not isinstance(text, bytes):
        what = f"is {_kind(text)}, and no text" if text is not None else "is null"
        if text is None and settings.text_field not in names:
            what = "is not there, or is null" if "." in settings.text_field else "is not there"
        return Bad("no_text", no_text(where, settings.text_field, what, names), raw, origin)
    if len(text) > settings.max_record_bytes:
        message = f"{where}: the text has {len(text)} bytes, more than --max-record-bytes {settings.max_record_bytes}"
        return Bad("oversized", message, None, origin)
    return Entry(text, origin)


def no_text(where: str, field: str, what: str, names: Sequence[str]) -> str:
    """Return a message on a field that holds no text.

    >>> no_text("line 1, byte 0", "text", "is null", ["text", "url"])
    "line 1, byte 0: field 'text' is null; its fields are: text, url; see --text-field"
    """
    known = ", ".join(name[:LONGEST_NAMED] for name in names[:NAMED]) + (", …" if len(names) > NAMED else "")
    return f"{where}: field {field!r} {what}; its fields are: {known}; see --text-field"


def distinct(names: Sequence[str]) -> list[str]:
    """Return names of which one that stands there twice has its place behind it, from 0.

    >>> distinct(["text", "n", "n"])
    ['text', 'n', 'n.2']
    """
    found: dict[str, None] = {}
    for place, name in enumerate(names):
        other = name
        while other in found:
            other += f".{place}"
        found[other] = None
    return list(found)


def _kind(value: Any) -> str:  # noqa: ANN401 - whatever a field holds
    """Return what a value is, in the words of JSON where it has one."""
    kinds = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds.get(type(value), f"of type {type(value).__name__}")


def root_of(field: str, names: Mapping[str, Any] | list[str]) -> str:
    """Return the name of the field that a dotted path begins with; one that has dots in its own name comes first."""
    return field if field in names else field.partition(".")[0]


def as_json(value: Any) -> str:  # noqa: ANN401 - whatever a field holds
    r"""Return a value as JSON, also where JSON has no such value.

    >>> as_json({"seen": datetime(2016, 3, 27, 11, 55), "share": math.inf, "thumb": b"\xff"})
    '{"seen":"2016-03-27T11:55:00","share":{"$float":"INF"},"thumb":{"$bytes":"/w=="}}'
    """
    return msgspec.json.encode(_plain(value)).decode()


def _take(record: dict[str, Any], path: str) -> Any:  # noqa: ANN401 - whatever a field holds
    """Take the value at a dotted path out of a record, and what becomes empty by that; None when there is none."""
    if path in record:
        return record.pop(path)
    *steps, last = path.split(".")
    way: list[Any] = [record]
    for step in steps:
        way.append(way[-1].get(step) if isinstance(way[-1], dict) else None)
    if not isinstance(way[-1], dict) or last not in way[-1]:
        return None
    value = way[-1].pop(last)
    for holder, step in zip(way[-2::-1], reversed(steps), strict=True):
        if not holder[step]:
            del holder[step]
    return value


def _origin(record: dict[str, Any], settings: ReadSettings) -> Origin:
    meant = {name: _told(record, name) for name in MEANT}
    kept = settings.source_fields
    others = record if kept is None else {name: value for name, value in record.items() if name in kept}
    return Origin(
        url=meant["url"],
        fetched_at=meant["fetched_at"],
        date=meant["date"],
        fields=as_json(others) if others else None,
    )


def _told(record: dict[str, Any], name: str) -> str | None:
    """Take a field that has a column out of a record; what is no single value stays among the others."""
    value = record.get(name)
    if isinstance(value, datetime | date):
        told = value.isoformat()
    elif isinstance(value, str) and value.strip() and value.isprintable():
        told = value.strip()
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST:
        told = str(value)
    else:
        if value is None:
            record.pop(name, None)
        return None
    del record[name]
    return told


def _plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - one line a kind of value
    """Return a value made of what JSON has."""
    if isinstance(value, dict):
        return {_text(str(key)): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": "NAN" if math.isnan(value) else "INF" if value > 0 else "-INF"}
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | timedelta):
        return str(value)
    return value


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "backslashreplace").decode()
    return value
