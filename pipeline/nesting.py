"""How deeply JSON text is nested, told without reading it as JSON.

A decoder stops at a depth that depends on how much of the interpreter's stack its caller has used; rows must not.
"""

from __future__ import annotations

from types import GenericAlias
from typing import Any

import regex

from pipeline.patterns import lazy_compile

DEEPEST = 100
"""Levels of a JSON payload at most; pages nest a handful."""


def shallow(levels: int) -> Any:  # noqa: ANN401 - a type
    """Return the type of JSON values with some levels of lists and objects: a decoder of it goes no deeper, at no cost.

    They must be few, for what a decoder knows of the type doubles with each.
    """
    scalar: Any = str | int | float | bool | None
    if not levels:
        return scalar
    inner = shallow(levels - 1)
    return scalar | GenericAlias(list, (inner,)) | GenericAlias(dict, (str, inner))


_STRING = lazy_compile(rb'"(?:[^"\\]|\\.)*+"?', regex.DOTALL)


def too_deep(text: bytes) -> bool:
    """Whether lists and objects stand in one another more than ``DEEPEST`` deep.

    >>> too_deep(b"[" * 101 + b"]" * 101), too_deep(b'["' + b"[" * 101 + b'"]')
    (True, False)
    """
    # `replace` looks for the next bracket as fast as memory is read, where `count` looks at every byte.
    without_lists, without_objects = text.replace(b"[", b"", DEEPEST + 1), text.replace(b"{", b"", DEEPEST + 1)
    if 2 * len(text) - len(without_lists) - len(without_objects) <= DEEPEST:
        return False
    depth = 0
    for byte in _STRING.sub(b"", text):
        if byte in b"[{":
            depth += 1
            if depth > DEEPEST:
                return True
        elif byte in b"]}":
            depth -= 1
    return False
