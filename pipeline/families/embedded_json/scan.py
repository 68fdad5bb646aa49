"""Where a JSON value ends, by its own grammar: token by token, no nesting of calls, and no byte looked at twice."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import regex

from pipeline.nesting import DEEPEST
from pipeline.patterns import lazy_compile

TOKEN = lazy_compile(
    rb"""[ \t\r\n]*+(?:
        ([\[{]) | ([\]}]) | [,:]
      | "(?:[^"\\\x00-\x1f]++|\\.)*+"
      | -?[0-9]++(?:\.[0-9]++)?(?:[eE][+\-]?[0-9]++)?
      | true | false | null
    )""",
    regex.VERBOSE,
)


class End(NamedTuple):
    """The byte after a value; or, where it is none, the first byte that does not fit."""

    stop: int
    complete: bool


def json_end(raw: bytes, at: int) -> End:
    r"""Return where the list or object that begins at a byte ends.

    >>> json_end(b'[{"a": "]"}] and more', 0), json_end(b'[1, two]', 0)
    (End(stop=12, complete=True), End(stop=3, complete=False))
    """
    depth, position = 0, at
    while token := TOKEN.match(raw, position):
        position = token.end()
        if token[1]:
            depth += 1
            if depth > DEEPEST:
                return End(position, complete=False)
        elif token[2]:
            depth -= 1
        if depth <= 0:
            return End(position, complete=depth == 0 and _is_json(raw[at:position]))
    return End(position, complete=False)


def _is_json(text: bytes) -> bool:
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True
