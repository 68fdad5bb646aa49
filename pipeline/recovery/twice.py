r"""Keys that sound JSON has twice in one object. A decoder keeps the last value of such a key, and says nothing.

What was decoded is encoded again, which mostly gives the same text: then no key comes twice. A text with a key twice
has two quotes more than that, unless it has quotes of strings in another form than ``\"``.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

KEY_TWICE = "an object has a key twice"
"""Why a document is in doubt that has one: which of the values counts, nobody knows."""
QUOTE_AS_CODE = b"u0022"


def has_a_key_twice(text: bytes, data: Any) -> bool:  # noqa: ANN401 - any JSON there is
    """Whether an object of sound JSON has a key twice.

    Args:
        text: JSON that a strict decoder accepts.
        data: The same, decoded.

    >>> has_a_key_twice(b'[{"id":7,"id":8}]', [{"id": 8}]), has_a_key_twice(b'{"at":"7:30"}', {"at": "7:30"})
    (True, False)
    """
    return not comes_back(text, data) and has_lost_a_key(text, data)


def comes_back(text: bytes, data: Any) -> bool:  # noqa: ANN401 - any JSON there is
    """Whether JSON is what is encoded of what it holds, but for slashes that PHP escapes."""
    again = _USED.pop() if _USED else bytearray()
    _ENCODER.encode_into(data, again)
    comes = again == text or (b"\\" in text and again == text.replace(b"\\/", b"/"))
    _USED.append(again)
    return comes


def has_lost_a_key(text: bytes, data: Any) -> bool:  # noqa: ANN401 - any JSON there is
    """Whether an object of JSON that does not come back has a key twice."""
    has_others = b"\\" in text and QUOTE_AS_CODE in text
    return (has_others or text.count(b'"') != _ENCODER.encode(data).count(b'"')) and repeats_a_key(text)


def repeats_a_key(text: bytes) -> bool:
    r"""Whether an object of sound JSON has a key twice, by a look at every object.

    >>> repeats_a_key(b'[{"a":{"b":1}},{"a":2}]'), repeats_a_key(rb'[{"a":{"b":1,"\u0062":2}}]')
    (False, True)
    """
    try:
        _PAIRS.decode(text.decode())
    except _TwiceError:
        return True
    return False


class _TwiceError(Exception):
    """An object has a key twice."""


def _one_of_each(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) < len(pairs):
        raise _TwiceError


_ENCODER = msgspec.json.Encoder()
_USED: list[bytearray] = []
"""What was encoded into before, for new memory costs a third of encoding; nobody else has it while one uses it."""
_PAIRS = json.JSONDecoder(object_pairs_hook=_one_of_each, parse_int=len, parse_float=len)
"""Reads JSON and keeps nothing of it; numbers are not computed, for they may have any length."""
