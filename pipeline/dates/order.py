"""Which of the days that a date can mean is meant: by the order that is declared, by the weekday, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product

from msgspec import Struct

from pipeline.dates.calendars import gregorian
from pipeline.dates.lexicon import Meaning
from pipeline.dates.reading import YEARS, Known, Order

JALALI_LANGUAGES = frozenset({"fa", "prs", "ps", "ckb", "mzn", "lrc"})
HIJRI_LANGUAGES = frozenset({"ar", "ur", "sd", "ms", "ug"})
BUDDHIST_LANGUAGES = frozenset({"th", "km", "lo"})
OTHER_YEARS = range(1200, 1501)
"""Years that are Jalali or Hijri where a page of our time prints them."""
BUDDHIST_YEARS = range(2343, 2644)
BIKRAM_LANGUAGES = frozenset({"ne", "mai", "new"})
BIKRAM_YEARS = range(2040, 2101)
"""Years of the calendar of Nepal, which is 57 ahead, where a page of our time prints them: no Gregorian ones there."""
HEBREW_YEARS = range(5560, 5862)

_WEEK = 7


class Day(Struct, frozen=True, gc=False):
    """One day that a date can mean, and how it is understood to mean it."""

    day: date
    calendar: str
    order: Order | None = None


class Parts(Struct, frozen=True, gc=False):
    """The parts of a date as printed, still without calendar and century.

    ``year`` is None when none is printed; ``short`` says that it has two digits. ``months`` is what a name can mean, or
    the number alone; ``era`` what a mark behind the year says. ``buddhist``: the name of the month is in the letters of
    a country that counts Buddhist years.
    """

    year: int | None
    months: Sequence[Meaning]
    day: int
    short: bool = False
    era: str = ""
    order: Order | None = None
    buddhist: bool = False


def days(parts: Parts, known: Known) -> list[Day]:
    """Return every day that the parts can mean in the calendars and centuries that are possible; none twice.

    >>> [found.day.isoformat() for found in days(Parts(1395, [Meaning("M", 1, "jalali")], 8), Known("fa"))]
    ['2016-03-27']
    """
    found: dict[date, Day] = {}
    for month, (year, calendar) in product(parts.months, _years(parts, known)):
        if calendar != (month.calendar or calendar) and not (
            month.calendar == "gregorian" and calendar in _COUNTED_FROM
        ):
            continue
        day = gregorian(calendar, year, month.value, parts.day)
        if day is not None and day.year in YEARS:
            found.setdefault(day, Day(day, calendar, parts.order))
    return list(found.values())


_COUNTED_FROM = frozenset({"buddhist", "minguo", "meiji", "taisho", "showa", "heisei", "reiwa"})


def _years(parts: Parts, known: Known) -> Iterator[tuple[int, str]]:
    """Yield the years a printed one can be, each with its calendar."""
    year = parts.year
    if year is None:
        return
    if parts.era:
        yield year, parts.era
    elif parts.short:
        yield from _short(year, parts, known)
    else:
        yield from ((year, calendar) for calendar in _calendars(year, parts, known))


def _short(year: int, parts: Parts, known: Known) -> Iterator[tuple[int, str]]:
    """Yield the years that two digits can be: of the calendar that the month is of, or the language counts by."""
    named = {month.calendar for month in parts.months} - {""}
    language = known.language.partition("-")[0]
    if "gregorian" in named or not named:
        yield from ((whole, "gregorian") for whole in _centuries(year, known))
    for calendar, languages in (("jalali", JALALI_LANGUAGES), ("hijri", HIJRI_LANGUAGES)):
        if calendar in named or (not named and language in languages and calendar == "jalali"):
            centuries = range(OTHER_YEARS.start, OTHER_YEARS.stop, 100)
            yield from ((century + year, calendar) for century in centuries if _counts(century + year, calendar, known))


def _counts(year: int, calendar: str, known: Known) -> bool:
    """Whether a year of another calendar begins in the hundred years that a source is known to count from."""
    first = gregorian(calendar, year, 1, 1)
    if first is None or first.year not in YEARS:
        return False
    return known.century_from is None or first.year in range(known.century_from, known.century_from + 100)


def _calendars(year: int, parts: Parts, known: Known) -> Iterator[str]:
    """Yield the calendars that a year of four digits can be of, by the name of its month or the language."""
    named = {month.calendar for month in parts.months} - {""}
    language = known.language.partition("-")[0]
    if year in BUDDHIST_YEARS and (parts.buddhist or language in BUDDHIST_LANGUAGES):
        yield "buddhist"
    elif language in BIKRAM_LANGUAGES and year in BIKRAM_YEARS:
        return
    elif named - {"gregorian"}:
        yield from sorted(calendar for calendar in named if year in _POSSIBLE[calendar])
    elif year in OTHER_YEARS and not named and language in JALALI_LANGUAGES:
        yield "jalali"
    elif year in OTHER_YEARS and not named and language in HIJRI_LANGUAGES:
        yield "hijri"
    else:
        yield "gregorian"


_POSSIBLE = {
    "gregorian": YEARS,
    "jalali": OTHER_YEARS,
    "hijri": OTHER_YEARS,
    "hebrew": HEBREW_YEARS,
    "ethiopic": range(1792, 2094),
}


def _centuries(year: int, known: Known) -> Iterator[int]:
    """Yield the years that two digits can be: one where the source is known to count from a year, else every one."""
    first = known.century_from
    if first is not None:
        yield first + (year - first) % 100
        return
    yield from (century + year for century in range(YEARS.start, YEARS.stop, 100) if century + year in YEARS)


def readings(first: int, second: int, third: int, *, widths: tuple[int, int, int]) -> list[tuple[Order, int, int, int]]:
    """Return the orders that an all-digit date can have by the widths of its parts, with year, month and day.

    >>> readings(3, 4, 2016, widths=(2, 2, 4))
    [('DMY', 2016, 4, 3), ('MDY', 2016, 3, 4)]
    """
    if widths[0] > 2:  # noqa: PLR2004 - more than two digits are a year
        return [("YMD", first, second, third)]
    found: list[tuple[Order, int, int, int]] = [("DMY", third, second, first), ("MDY", third, first, second)]
    if widths[2] <= 2:  # noqa: PLR2004 - likewise
        found.append(("YMD", first, second, third))
    return found


def on_weekdays(found: Sequence[Day], weekdays: Sequence[Sequence[Meaning]]) -> list[Day]:
    """Return the days that fall on every weekday that is printed."""
    return [
        day
        for day in found
        if all(any(name.value % _WEEK == day.day.weekday() for name in names) for names in weekdays)
    ]
