"""A time of day on a line of its own, below the line of its date."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.dates.normal import plain
from pipeline.patterns import lazy_compile

LONGEST = 40
"""Characters of such a line at most."""

_CLOCK = lazy_compile(
    r"[\s/|•\-–—]*(?P<before>(?:\p{L}[\p{L}\p{M}.']{0,12}:?\s?){0,2})"
    r"[0-9]{1,2}(?:[:.h][0-9]{2}){1,2}"
    r"(?P<behind>\s?\(?(?:[\p{L}+\-][\p{L}\p{M}0-9.:'+]{0,12}\)?\s?){0,3})"
)


class ClockLine(NamedTuple):
    """A line that is a time of day. ``proven``: a word or a mark beside the digits says that they are one."""

    text: str
    proven: bool


def read(line: str) -> ClockLine | None:
    """Return a line that may be a time of day; digits alone may also be how long a film is.

    >>> read("/ 10:05 AM").proven, read("14:05 Uhr").proven, read("2:35").proven, read("Rain at noon")
    (True, True, False, None)
    """
    if len(line) > LONGEST:
        return None
    text = plain(line).strip()
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    return ClockLine(text.lstrip(" /|•-–—"), bool(found["before"].strip() or found["behind"].strip()))
