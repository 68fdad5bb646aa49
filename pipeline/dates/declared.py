"""Read a timestamp by a declared format: what the profile says of its parts is taken at its word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from pipeline.dates.clock import clock
from pipeline.dates.formats import Format
from pipeline.dates.normal import fold, plain
from pipeline.dates.reading import YEARS, Stamp
from pipeline.model import Precision


def read(form: Format, text: str, century_from: int | None = None) -> Stamp | None:
    """Return what a text says by a format; None when the format does not fit the whole of it.

    >>> from pipeline.dates.formats import compile_format
    >>> read(compile_format("%d/%m/%Y %H:%M"), "04/03/2016 11:55").local
    datetime.datetime(2016, 3, 4, 11, 55)
    """
    found = form.pattern.fullmatch(plain(text))
    return stamp(form, found.groupdict(), century_from) if found else None


def stamp(form: Format, fields: Mapping[str, str | None], century_from: int | None = None) -> Stamp | None:
    """Return what the parts of a fitting text say. The weekday is held against the date: it is a checksum.

    None when a name is none after all: matching without case takes a dotted capital I for the plain letter.
    """
    month_name, weekday_name = fields.get("month_name"), fields.get("weekday_name")
    month = form.months.get(fold(month_name)) if month_name is not None else int(fields["month"] or 0)
    weekday = form.weekdays.get(fold(weekday_name)) if weekday_name is not None else None
    if month is None or (weekday is None) != (weekday_name is None):
        return None
    second = fields.get("second")
    hour12 = fields.get("hour12")
    half = None if hour12 is None else 12 if (fields.get("half") or "a") in "pP" else 0
    if hour12 is not None and (fields.get("half") is None or int(hour12) not in range(1, 13)):
        return Stamp("inconsistent", precision(fields), warnings=("dateline_impossible_date",))
    time = clock(
        int(hour12 or fields.get("hour") or 0),
        int(fields.get("minute") or 0),
        int(second) if second else None,
        half=half,
        micro=int((fields.get("fraction") or "")[:6].ljust(6, "0")),
    )
    day = _day(_year(fields, century_from), month, int(fields.get("day") or 1))
    if day is None or time is None:
        return Stamp("inconsistent", precision(fields), warnings=("dateline_impossible_date",))
    if day.year not in YEARS:
        return Stamp("inconsistent", precision(fields), warnings=("dateline_year_out_of_range",))
    local = datetime.combine(day + timedelta(days=time.days), time.time)
    leap = ("dateline_leap_second",) if time.leap else ()
    said = Stamp("exact", precision(fields), local, fields.get("offset"), fields.get("zone"), leap)
    if weekday is not None and weekday != day.weekday():
        return replace(said, status="inconsistent", warnings=("dateline_weekday_contradicts_date",))
    return said


def precision(fields: Mapping[str, str | None]) -> Precision:
    """Return how exact a time with these parts is."""
    if fields.get("day") is None:
        return "month"
    if fields.get("hour") is None and fields.get("hour12") is None:
        return "day"
    return "minute" if fields.get("second") is None else "second"


def _year(fields: Mapping[str, str | None], century_from: int | None) -> int:
    """Return the year; of two digits the one in the hundred years that the profile names."""
    if (short := fields.get("short_year")) is not None:
        first = century_from or 0
        return first + (int(short) - first) % 100
    return int(fields.get("year") or 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
