"""Read one timestamp line into a wall-clock time, or say what is wrong with it. Never a silent guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import regex

from pipeline.dates.formats import Format
from pipeline.model import DatelineStatus, Precision

Order = Literal["MDY", "DMY", "YMD"]

LONGEST = 80
"""Characters of a timestamp line at most; longer lines are prose."""
YEARS = range(1800, 2101)

NUMERIC = regex.compile(
    r"(?P<first>[0-9]{1,4})(?P<mark>[/.-])(?P<second>[0-9]{1,2})(?P=mark)(?P<third>[0-9]{1,4})"
    r"(?:[ ,T]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<seconds>[0-9]{2}))?)?"
)


_WIDTHS = regex.compile("[0-9]{4} [0-9]{1,2} [0-9]{1,2}")
"""Year, month and day of an all-digit date: which of its parts can be the year."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a timestamp line says by itself, before any zone is known.

    ``local`` is the time as printed, null where it is not one time; only an ``exact`` stamp leads to an instant.
    ``offset`` and ``zone`` are as printed.
    """

    status: DatelineStatus
    precision: Precision | None = None
    local: datetime | None = None
    offset: str | None = None
    zone: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StampReader:
    """Reads timestamp lines by declared formats, then by the order of day and month.

    Attributes:
        formats: Tried in order; the first that fits the whole line reads it.
        order: Order of the parts of an all-digit date. Without it a date with two readings is ambiguous.
    """

    formats: Sequence[Format]
    order: Order | None = None

    def read(self, text: str) -> Stamp | None:
        """Return what a line says; None when it is not a timestamp line.

        >>> StampReader((), "DMY").read("04/03/2016 11:55").local
        datetime.datetime(2016, 3, 4, 11, 55)
        >>> StampReader(()).read("04/03/2016").warnings
        ('dateline_order_unknown:2016-04-03|2016-03-04',)
        """
        if len(text) > LONGEST or not any(character.isdigit() for character in text):
            return None
        for declared in self.formats:
            found = declared.pattern.fullmatch(text)
            if found and (stamp := _from_names(found.groupdict(), declared)):
                return stamp
        if found := NUMERIC.fullmatch(text):
            return self._numeric(found.groupdict())
        return None

    def _numeric(self, fields: Mapping[str, str | None]) -> Stamp | None:
        first, second, third = (fields[name] or "" for name in ("first", "second", "third"))
        readings = {
            "YMD": (first, second, third),
            "MDY": (third, first, second),
            "DMY": (third, second, first),
        }
        shape = {name for name, parts in readings.items() if _WIDTHS.fullmatch(" ".join(parts))}
        if not shape:
            return None
        clock = {"hour": fields["hour"], "minute": fields["minute"], "second": fields["seconds"]}
        wanted = [self.order] if self.order in shape else sorted(shape)
        stamps = [
            _stamp({"year": readings[name][0], "month": readings[name][1], "day": readings[name][2], **clock})
            for name in wanted
        ]
        possible = {stamp.local: stamp for stamp in stamps if stamp.local is not None}
        if len(possible) == 1:
            return next(iter(possible.values()))
        if not possible:
            return stamps[0]
        days = "|".join(f"{day:%Y-%m-%d}" for day in sorted(possible, reverse=True))
        return Stamp("ambiguous", stamps[0].precision, warnings=(f"dateline_order_unknown:{days}",))


def _from_names(fields: dict[str, str | None], declared: Format) -> Stamp | None:
    """Turn names into numbers, and hold the weekday against the date: it is a checksum.

    None when a name is none after all: matching without case takes a dotted capital I for the plain letter.
    """
    month_name, weekday_name = fields.get("month_name"), fields.get("weekday_name")
    month = declared.months.get(month_name.casefold()) if month_name is not None else None
    weekday = declared.weekdays.get(weekday_name.casefold()) if weekday_name is not None else None
    if (month is None) != (month_name is None) or (weekday is None) != (weekday_name is None):
        return None
    if month is not None:
        fields["month"] = str(month)
    if (hour12 := fields.get("hour12")) is not None:
        fields["hour"] = _hour24(hour12, fields.get("half"))
    stamp = _stamp(fields)
    if stamp.local is None or weekday is None:
        return stamp
    if weekday != stamp.local.weekday():
        return replace(stamp, status="inconsistent", warnings=("dateline_weekday_contradicts_date",))
    return stamp


def _hour24(hour12: str, half: str | None) -> str:
    """Return the hour of a twelve-hour clock; an hour it does not have stays as it is and is refused later."""
    hour = int(hour12)
    if half is None or hour not in range(1, 13):
        return "99"
    return str(hour % 12 + (12 if half in "Pp" else 0))


def _stamp(fields: Mapping[str, str | None]) -> Stamp:
    day, minute, second = (fields.get(name) for name in ("day", "minute", "second"))
    precision: Precision = (
        "month" if day is None else "day" if minute is None else "minute" if second is None else "second"
    )
    year, month, hour, *clock = (int(fields.get(name) or 0) for name in ("year", "month", "hour", "minute", "second"))
    try:
        local = datetime(year, month, int(day or 1), hour, clock[0], clock[1])  # noqa: DTZ001 - a wall clock
    except ValueError:
        return Stamp("inconsistent", precision, warnings=("dateline_impossible_date",))
    if local.year not in YEARS:
        return Stamp("inconsistent", precision, warnings=("dateline_year_out_of_range",))
    return Stamp("exact", precision, local, fields.get("offset"), fields.get("zone"))
