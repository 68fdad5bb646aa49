"""Data as a tree, a line a value: what a leak held, for a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pipeline.inspect.fragments import Fragment, Line
from pipeline.log import printable

EXCERPT = 72
"""Letters of a value that are shown."""


class _Number(str):
    """A number as it was printed: as many digits as there are, whatever a computer makes of them."""

    __slots__ = ()


def tree(text: str, most: int | None) -> Iterator[Line]:
    """Yield the data of a JSON text, ``most`` lines of it at most; None for all.

    >>> ["".join(piece.text for piece in line) for line in tree('{"id": 7, "tags": ["a", null]}', None)]
    ['├─ id: 7', '└─ tags', '   ├─ [0]: "a"', '   └─ [1]: null']
    """
    longest = EXCERPT if most is not None else None
    try:
        data = json.loads(text, parse_int=_Number, parse_float=_Number)
    except (ValueError, RecursionError):  # deeper than the decoder goes
        yield [Fragment(_excerpt(text, longest))]
        return
    lines = _lines(data, longest)
    for number, line in enumerate(lines):
        if number == most:
            left = 1 + sum(1 for _ in lines)
            yield [Fragment(f"… {left} more, which --full shows", "mark")]
            return
        yield line


def _lines(data: Any, longest: int | None) -> Iterator[Line]:  # noqa: ANN401 - whatever JSON holds
    """Yield the lines of a value; the stack is explicit, since a page decides how deep it is."""
    if not isinstance(data, dict | list):
        yield [_scalar(data, longest)]
        return
    stack = [_members(data, "")]
    while stack:
        member = next(stack[-1], None)
        if member is None:
            stack.pop()
            continue
        branch, below, name, value = member
        head = [Fragment(branch, "mark"), Fragment(name, "field")]
        if isinstance(value, dict | list):
            empty = ": {}" if isinstance(value, dict) else ": []"
            yield head if value else [*head, Fragment(empty)]
            stack.append(_members(value, below))
        else:
            yield [*head, Fragment(": "), _scalar(value, longest)]


def _members(data: Any, above: str) -> Iterator[tuple[str, str, str, Any]]:  # noqa: ANN401 - as above
    """Yield each member: the branch before it, the branch for what is below, its name, its value."""
    pairs = data.items() if isinstance(data, dict) else ((f"[{place}]", value) for place, value in enumerate(data))
    for number, (name, value) in enumerate(pairs, 1):
        last = number == len(data)
        yield above + ("└─ " if last else "├─ "), above + ("   " if last else "│  "), printable(name), value


def _scalar(value: Any, longest: int | None) -> Fragment:  # noqa: ANN401 - as above
    if isinstance(value, _Number):
        return Fragment(_excerpt(value, longest))
    if isinstance(value, str):
        return Fragment(f'"{_excerpt(value, longest)}"')
    return Fragment(json.dumps(value))


def _excerpt(text: str, longest: int | None) -> str:
    return printable(text[:longest]) + ("…" if longest is not None and longest < len(text) else "")
