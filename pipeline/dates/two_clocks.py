"""One time by two clocks: `16:05 GMT 17:05 UK`, `1905 GMT (0305 HKT)`, `KSA 10:05 - GMT 07:05`.

The first clock is the page's, and the date is its date. Where one of the two shows universal time, the difference is
the offset of the first; else the second only says that there is a zone, which nobody knows.
"""

from __future__ import annotations

from typing import NamedTuple

import regex

from pipeline.dates.zones import OFFSETS
from pipeline.patterns import lazy_compile

UNIVERSAL = frozenset({"GMT", "UTC"})
_DAY = 24 * 60

_CLOCK = (
    r"(?P<h{0}>[01]?[0-9]|2[0-3])(?P<mark{0}>[:.]?)(?P<i{0}>[0-5][0-9])(?::[0-5][0-9])?"
    r"(?:\s?(?P<p{0}>[AaPp])\.?[Mm]\.?)?(?![:./\-]?[0-9])"
)
_ZONE = r"(?P<{0}>(?![AP]M\b)[A-Z]{{2,5}})\b"
_PAIR = lazy_compile(
    r"(?<![0-9:.,/\-])"
    rf"(?:{_ZONE.format('before1')}\s+)?(?<clock>{_CLOCK.format(1)})(?:\s+{_ZONE.format('behind1')})?"
    r"(?P<parting>\s*[(/|,\-\u2013]\s*|\s+)"
    rf"(?:{_ZONE.format('before2')}\s+)?{_CLOCK.format(2)}(?:\s+{_ZONE.format('behind2')})?\)?"
)


_BRACKETED = lazy_compile(r"\([0-9]{3,4} [A-Z]")
MARKS_LEAST = 2
"""Colons of two clocks, unless one is of four digits and in brackets or in universal time."""


class Clocks(NamedTuple):
    """A text with the first clock alone, and its offset, or a zone that is as good as unknown.

    With neither, the first clock may be one of twelve hours, and is not in the text either.
    """

    text: str
    offset: str | None = None
    zone: str | None = None


def first(text: str) -> Clocks | None:
    """Return a text without its second clock; None when it has no two clocks, of which one at least names a zone.

    >>> first("Tuesday, 3 May 2005, 16:05 GMT 17:05 UK")
    Clocks(text='Tuesday, 3 May 2005, 16:05', offset='+00:00', zone=None)
    >>> first("KSA 10:05 - GMT 07:05").offset, first("17:05 (0305 HKT) 3 May 2016").zone
    ('+03:00', '0305 HKT')
    """
    if "GMT" not in text and "UTC" not in text and text.count(":") < MARKS_LEAST and not _BRACKETED.search(text):
        return None
    # One match may begin in the year that stands before the clocks.
    pairs = sorted(_PAIR.finditer(text, overlapped=True), key=lambda found: not found["mark1"])
    return next((clocks for found in pairs if (clocks := _first(text, found)) is not None), None)


def _first(text: str, found: regex.Match[str]) -> Clocks | None:
    zones = [found["before1"] or found["behind1"], found["before2"] or found["behind2"]]
    bracketed = "(" in found["parting"]
    # Two clocks of one zone, or the first of none, are a span of time, unless the second is a remark in brackets.
    if zones[0] == zones[1] or not (zones[0] or bracketed):
        return None
    # Four digits alone are a year.
    if any(not found[f"mark{clock}"] and not zones[clock - 1] for clock in (1, 2)):
        return None
    minutes = [_minutes(found, clock) for clock in (1, 2)]
    if _may_be_half(found):
        return Clocks(text[: found.start()] + text[found.end() :])
    clock = f"{found['h1'].zfill(2)}:{found['i1']}" + (f" {found['p1']}m" if found["p1"] else "")
    rest = text[: found.start()] + clock + text[found.end() :]
    universal = [zone in UNIVERSAL for zone in zones]
    # What may be a second clock may be an offset that lost its sign: `11:55 GMT 03:30`.
    is_alone = universal[0] and zones[1] is None and not found["parting"].strip()
    if universal[0] and not is_alone:
        return Clocks(rest, "+00:00")
    if universal[1] and minutes[0] is not None and minutes[1] is not None:
        offset = _offset(minutes[0] - minutes[1])
        if offset is not None:
            return Clocks(rest, offset)
    return Clocks(rest, zone=text[found.start("parting") : found.end()].strip(" ()-/|,\u2013"))


def _may_be_half(found: regex.Match[str]) -> bool:
    """Whether the first clock may be one of twelve hours beside one of 24: `5:05 EST (2205 GMT)` is in the evening."""
    first, second = found["h1"], found["h2"]
    lacks = not found["p1"] and not first.startswith("0") and 1 <= int(first) <= 12  # noqa: PLR2004 - hours of a half
    return lacks and (int(second) > 12 or bool(found["p2"]))  # noqa: PLR2004 - likewise


def _minutes(found: regex.Match[str], clock: int) -> int | None:
    hour, half = int(found[f"h{clock}"]), (found[f"p{clock}"] or "").casefold()
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - a clock of twelve hours
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return 60 * hour + int(found[f"i{clock}"])


def _offset(minutes: int) -> str | None:
    """Return a difference of two clocks as an offset; None when no place has it, or two places have it a day apart."""
    possible = [whole for whole in (minutes - _DAY, minutes, minutes + _DAY) if whole in OFFSETS]
    if len(possible) != 1:
        return None
    sign, size = ("-" if possible[0] < 0 else "+"), abs(possible[0])
    return f"{sign}{size // 60:02d}:{size % 60:02d}"
