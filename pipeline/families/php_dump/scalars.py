"""Values that are one token: no length, no members."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import regex

from pipeline.families.php_dump import tokens
from pipeline.families.php_dump.value import JSON, from_float, key_text


class Scalar(NamedTuple):
    """A value of one token; ``as_printed`` is false where a sign of it was changed."""

    value: JSON
    stop: int
    as_printed: bool = True


Match = regex.Match[bytes]


def _int(match: Match) -> Scalar:
    number = int(match[2])
    return Scalar(-number if match[1] else number, match.end(), match[1] in {None, b"-"})


def _float(match: Match) -> Scalar:
    text = match[3] or (b"-" if match[1] else b"") + match[2]
    return Scalar(from_float(text), match.end(), match[1] in {None, b"-"})


_READERS: tuple[tuple[regex.Pattern[bytes], Callable[[Match], Scalar]], ...] = (
    (tokens.INT, _int),
    (tokens.NULL, lambda match: Scalar(None, match.end())),
    (tokens.BOOL, lambda match: Scalar(match[1] == b"true", match.end())),
    (tokens.FLOAT, _float),
    (tokens.ENUM, lambda match: Scalar({"$enum": key_text(match[1])}, match.end())),
    (tokens.RESOURCE, lambda match: Scalar({"$resource": key_text(match[2]), "$id": int(match[1])}, match.end())),
    (tokens.RECURSION, lambda match: Scalar({"$recursion": True}, match.end())),
    (tokens.UNKNOWN, lambda match: Scalar({"$unknown": True}, match.end())),
    (tokens.LONG, _int),
    (tokens.DOUBLE, _float),
)


def read_scalar(raw: bytes, at: int) -> Scalar | None:
    """Return the value of one token at ``at``; None when none stands there.

    >>> read_scalar(b"int(-5)", 0)
    Scalar(value=-5, stop=7, as_printed=True)
    """
    for pattern, make in _READERS:
        if match := pattern.match(raw, at):
            return make(match)
    return None
