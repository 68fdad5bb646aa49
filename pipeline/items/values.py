"""What a value gives the column that its key fills: all of it, or nothing where it does not fit.

Nothing is bent to fit: an integer that would read back differently, such as ``007``, is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

INT64 = range(-(2**63), 2**63)
INT32 = range(-(2**31), 2**31)
INT64_LONGEST = 20
"""Characters of a 64-bit integer at most: its digits and a sign."""
ADDRESS_HEADS = ("/", "http")
WHOLE = {"sort_key": INT64, "content_type_id": INT32}
"""Columns of integers, and what they can hold."""


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
    """Return an integer or the text of one."""
    if isinstance(value, str) and len(value) <= INT64_LONGEST and value.isascii():
        try:
            number = int(value)
        except ValueError:
            return None
        return number if str(number) == value and number in limits else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value in limits else None
    return None


def may_be_address(value: object) -> bool:
    """Whether a value may be an address or a path by how it begins."""
    return isinstance(value, str) and value.startswith(ADDRESS_HEADS)


READ: Mapping[str, Callable[[object], Any]] = {
    "item_id": _identifier,
    "sort_key": lambda value: _integer(value, INT64),
    "content_type_id": lambda value: _integer(value, INT32),
    "title": _text,
    "url": _text,
    "published_raw": _identifier,
    "media_path": _path,
}
"""What reads one value, by column; None where it does not fit."""


def fitting(column: str, values: Sequence[Any]) -> Sequence[Any] | None:
    """Return what values give their column; None when one does not fit, or they are of types that do not go together.

    >>> fitting("sort_key", ["7", "-12"]), fitting("sort_key", ["7", "007"]), fitting("item_id", [7, 8])
    ([7, -12], None, ['7', '8'])
    """
    types = set(map(type, values))
    if types == {int, str} and (column, int) in TOGETHER:  # an integer gives what its text gives
        values, types = list(map(str, values)), {str}
    read = TOGETHER.get((column, types.pop())) if len(types) == 1 else None
    return read(values) if read is not None else None


def _as_they_are(values: Sequence[Any]) -> Sequence[Any]:
    return values


def _paths(texts: Sequence[str]) -> Sequence[str] | None:
    return texts if "" not in texts else None


def _names(numbers: Sequence[int]) -> Sequence[str]:
    return list(map(str, numbers))


def _within(numbers: Sequence[int], limits: range) -> Sequence[int] | None:
    return numbers if min(numbers) in limits and max(numbers) in limits else None


def _integers(texts: Sequence[str], limits: range) -> Sequence[int] | None:
    """Return what texts of integers say; None when one is none, or would read back differently."""
    if max(map(len, texts)) > INT64_LONGEST:
        return None
    try:
        numbers = list(map(int, texts))
    except ValueError:
        return None
    return _within(numbers, limits) if list(map(str, numbers)) == list(texts) else None


TOGETHER: Mapping[tuple[str, type], Callable[[Any], Sequence[Any] | None]] = {
    **{(column, str): _as_they_are for column in ("item_id", "published_raw", "title", "url")},
    ("media_path", str): _paths,
    **{(column, int): _names for column in ("item_id", "published_raw")},
    **{(column, str): partial(_integers, limits=limits) for column, limits in WHOLE.items()},
    **{(column, int): partial(_within, limits=limits) for column, limits in WHOLE.items()},
}
"""What reads values of one type, by column and type; there is none where no such value fits."""
