"""Dates of other calendars as Gregorian days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

ERA_YEARS: Mapping[str, tuple[int, date, date]] = {
    "buddhist": (-543, date(1800, 1, 1), date(2100, 12, 31)),
    "minguo": (1911, date(1912, 1, 1), date(2100, 12, 31)),
    "meiji": (1867, date(1868, 10, 23), date(1912, 7, 30)),
    "taisho": (1911, date(1912, 7, 30), date(1926, 12, 25)),
    "showa": (1925, date(1926, 12, 25), date(1989, 1, 7)),
    "heisei": (1988, date(1989, 1, 8), date(2019, 4, 30)),
    "reiwa": (2018, date(2019, 5, 1), date(2100, 12, 31)),
}
"""Eras that count Gregorian years from another one: what to add, and the first and last day that can be meant."""

_ETHIOPIC_EPOCH = 2796
"""Ordinal day, as `date.toordinal` counts, of the first day of the first Ethiopic year."""


def gregorian(calendar: str, year: int, month: int, day: int) -> date | None:
    """Return the Gregorian day of a date in a calendar or era; None when there is no such day.

    >>> gregorian("jalali", 1395, 1, 8), gregorian("hijri", 1437, 6, 18)
    (datetime.date(2016, 3, 27), datetime.date(2016, 3, 27))
    >>> gregorian("hebrew", 5776, 13, 17), gregorian("ethiopic", 2008, 7, 18), gregorian("reiwa", 1, 4, 30)
    (datetime.date(2016, 3, 27), datetime.date(2016, 3, 27), None)
    """
    try:
        if calendar == "gregorian":
            return date(year, month, day)
        if calendar in ERA_YEARS:
            add, first, last = ERA_YEARS[calendar]
            found = date(year + add, month, day)
            return found if first <= found <= last else None
        return _OTHERS[calendar](year, month, day)
    except (ValueError, OverflowError):
        return None


def _jalali(year: int, month: int, day: int) -> date:
    from jdatetime import date as jalali_date  # type: ignore[import-untyped] # it brings no types

    converted: date = jalali_date(year, month, day).togregorian()
    return converted


def _hijri(year: int, month: int, day: int) -> date:
    from hijridate import Hijri

    converted = Hijri(year, month, day).to_gregorian()
    return date(converted.year, converted.month, converted.day)


def _hebrew(year: int, month: int, day: int) -> date:
    from pyluach.dates import HebrewDate  # type: ignore[import-untyped] # it brings no types

    converted: date = HebrewDate(year, month, day).to_pydate()
    return converted


def _ethiopic(year: int, month: int, day: int) -> date:
    longest = 30 if month <= 12 else 6 if year % 4 == 3 else 5  # noqa: PLR2004 - the rule of the calendar itself
    if day not in range(1, longest + 1):
        raise ValueError("no such day")
    return date.fromordinal(_ETHIOPIC_EPOCH) + timedelta(days=365 * (year - 1) + year // 4 + 30 * (month - 1) + day - 1)


_OTHERS = {"jalali": _jalali, "hijri": _hijri, "hebrew": _hebrew, "ethiopic": _ethiopic}
