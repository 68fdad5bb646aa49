"""Offsets that lost a sign, a colon or a digit, and what is said twice: `GMT+5.30`, `GMT 3`, `-200`, `12 noon`.

One that can mean only one offset is written out; any other says that there is a zone, and not which.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from pipeline.dates.normal import SHAPES_KEPT, masked
from pipeline.patterns import lazy_compile

_UNIVERSAL = r"(?:GMT|UTC)"
_DOTTED = lazy_compile(
    rf"(?P<before>{_UNIVERSAL}\s?|[0-9]:[0-9]{{2}}\s)(?P<offset>[+-][0-9]{{1,2}})(?:\.|\s(?=[0-9]{{2}}\)?\s*\Z))"
    r"(?P<minutes>00|15|30|45)(?![0-9.:])"
)
_LOST = lazy_compile(
    r"(?<=[0-9]:[0-9]{2})\s(?P<lost>[+-][0-9]{3}|0[0-9]{3})(?![0-9:./\-])"
    rf"|(?<=[0-9]:[0-9]{{2}})\s?(?P<lost>{_UNIVERSAL}\s[0-9]{{1,2}}(?::[0-9]{{2}})?)\)?\s*\Z"
)
_NAMED = lazy_compile(rf"(?P<offset>{_UNIVERSAL}[+-][0-9]{{4}})\s?\([\p{{L}}\p{{M}} .'-]{{2,60}}\)\s*\Z")
"""As browsers print it, with the name behind what it means."""


_NOON = lazy_compile(r"(?<![0-9:.])12(?:[:.]00)? (?=(?:noon|midnight)(?!\p{L}))")
"""Twelve that the word behind it says again."""


class Mended(NamedTuple):
    """A text with its offset written out, or without it and with what stood there as a zone that nobody knows."""

    text: str
    zone: str | None = None


def mended(text: str) -> Mended | None:
    """Return a plain text with its torn offset understood; None when it has none.

    >>> mended("3 May 2016 11:55 GMT+5.30").text, mended("3 May 2016 11:55 -200").zone
    ('3 May 2016 11:55 GMT+5:30', '-200')
    >>> mended("3 May 2016 11:55 GMT")
    """
    return _mended(text) if _may_be_torn(masked(text)) else None


def _mended(text: str) -> Mended | None:
    if (noon := _NOON.search(text)) is not None:
        return Mended(text[: noon.start()] + text[noon.end() :])
    if ":" not in text:
        return None
    if (named := _NAMED.search(text)) is not None:
        return Mended(text[: named.start()] + named["offset"])
    if (dotted := _DOTTED.search(text)) is not None:
        whole = f"{dotted['before']}{dotted['offset']}:{dotted['minutes']}"
        return Mended(text[: dotted.start()] + whole + text[dotted.end() :])
    if (lost := _LOST.search(text)) is not None:
        return Mended(text[: lost.start()] + text[lost.end() :], lost["lost"])
    return None


@lru_cache(maxsize=SHAPES_KEPT)
def _may_be_torn(shape: str) -> bool:
    """Whether a text of a shape has a torn offset with the right digits; nothing is torn with others but zeros."""
    if "noon" in shape or "midnight" in shape:
        return True
    return ":" in shape and any(pattern.search(shape) is not None for pattern in (_NAMED, _DOTTED, _LOST))
