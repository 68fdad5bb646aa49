"""The day of a lead-in: its month by name, and the year that is not printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.dates import names
from pipeline.dates.calendar_names import MONTHS
from pipeline.dates.calendars import gregorian
from pipeline.dates.normal import fold
from pipeline.patterns import lazy_compile

WEEK = 7
NEAREST = 45
"""Days between a lead-in without a year and the day that completes it, at most."""
NEAREST_IN_MONTH = 15
"""The same, where only the day of the month is printed."""
CONTRADICTION = 3
"""Days that a lead-in may be away from the timestamp line: a night desk, another side of the globe."""
YEARS = range(1800, 2101)
LONGEST_MONTHS = (31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of each month at most, by its number; first of a month that is not printed."""

JALALI = "jalali"
JALALI_YEARS = range(1200, 1501)
JALALI_BEHIND = 621
"""Years that a Jalali year is behind the Gregorian one in which it begins."""
LONGEST_JALALI_MONTHS = (31, *[31] * 6, *[30] * 6)
"""Likewise, in the Jalali calendar."""

_SHORTEST_MISSPELT = 4
_SHORTEST_KNOWN = 5
_SHORTEST_JALALI = 3
_SHORTEST_WEEKDAY = 5
"""Letters of a weekday in another language at least: a shorter word is as likely to be a name."""

_OTHERS: Mapping[str, tuple[str, ...]] = {
    "LATIN": ("es", "fr", "de", "it", "pt", "nl", "tr", "pl", "id", "sv", "da", "ro", "cs", "hr", "fi", "hu"),
    "CYRILLIC": ("ru", "uk", "bg", "sr", "kk"),
    "ARABIC": ("ar", "ar_SY", "ar_DZ", "ar_MA", "fa", "ur"),
    "GREEK": ("el",),
}
"""Languages whose months are tried last, by script; a name that means two months among them means none.

Their weekdays are known too. Those of all languages would take CHINA and ANNA for days."""

_SCRIPT = lazy_compile(r"(?P<LATIN>\p{Latin})|(?P<CYRILLIC>\p{Cyrillic})|(?P<ARABIC>\p{Arabic})|(?P<GREEK>\p{Greek})")


class PrintedDay(NamedTuple):
    """What a lead-in prints of its day. ``year`` may have two digits: it decides nothing by itself.

    ``calendar`` is what its month and its year are of: ``gregorian`` or ``jalali``. ``weekdays`` are the days of the
    week, from Monday as 0, that a name beside it can mean; empty without one.
    """

    day: int
    month: int | None = None
    year: int | None = None
    calendar: str = "gregorian"
    weekdays: frozenset[int] = frozenset()

    def contradicts(self, found: date) -> bool:
        """Whether a weekday is printed, and another one than that of a day."""
        return bool(self.weekdays) and found.weekday() not in self.weekdays

    @property
    def has_year(self) -> bool:
        """Whether the year is printed in full."""
        return self.year is not None and self.year in (JALALI_YEARS if self.calendar == JALALI else YEARS)

    @property
    def exists(self) -> bool:
        """Whether there is such a day in any year.

        >>> PrintedDay(29, 2).exists, PrintedDay(31, 4).exists
        (True, False)
        """
        longest = LONGEST_JALALI_MONTHS if self.calendar == JALALI else LONGEST_MONTHS
        if not 1 <= self.day <= longest[self.month or 0]:
            return False
        return self.year is None or not self.has_year or self.within(self.year) is not None

    def within(self, year: int, month: int | None = None) -> date | None:
        """Return the day in a year of its calendar; None when that has no such day, or is not the one printed."""
        if self.year is not None and self.year not in (year, year % 100):
            return None
        return gregorian(self.calendar, year, self.month or month or 0, self.day)


class Completed(NamedTuple):
    """A day with its year, if it has one, and whether it is too far away from the day it was held against."""

    day: date | None
    contradicts: bool = False


def complete(printed: PrintedDay, reference: date | None) -> Completed:
    """Return the day nearest to a reference, within 45 days, also across the turn of the year.

    A year that is printed is never changed, and a day that contradicts the reference is never mended.

    >>> complete(PrintedDay(31, 12), date(2016, 1, 2))
    Completed(day=datetime.date(2015, 12, 31), contradicts=False)
    >>> complete(PrintedDay(8, 3), date(2016, 3, 27))
    Completed(day=datetime.date(2016, 3, 8), contradicts=True)
    >>> complete(PrintedDay(8, 3), None).day
    """
    if printed.has_year and printed.month is not None:
        found = printed.within(printed.year or 0)
        return Completed(found, found is not None and _away(found, reference) > CONTRADICTION)
    if reference is None:
        return Completed(None)
    nearest = min(_candidates(printed, reference), key=lambda day: _away(day, reference), default=None)
    if nearest is None:
        return Completed(None, contradicts=True)
    away = _away(nearest, reference)
    widest = NEAREST if printed.month is not None else NEAREST_IN_MONTH
    return Completed(nearest if away <= widest else None, away > CONTRADICTION)


def _candidates(printed: PrintedDay, reference: date) -> Iterator[date]:
    """Yield the days around a reference that the lead-in may mean."""
    if printed.month is not None:
        now = reference.year - (JALALI_BEHIND if printed.calendar == JALALI else 0)
        near = [(year, printed.month) for year in range(now - 1, now + 2)]
    else:
        first = reference.replace(day=1)
        months = (first - timedelta(days=1), first, first + timedelta(days=31))
        near = [(day.year, day.month) for day in months]
    for year, month in near:
        if (found := printed.within(year, month)) is not None:
            yield found


def _away(day: date, reference: date | None) -> int:
    return abs((day - reference).days) if reference is not None else 0


@lru_cache(maxsize=4096)
def month(word: str, language: str) -> int | None:
    """Return the number of a month by its name: in a language, in English, misspelt in either, or in another language.

    >>> month("MArch", "en"), month("Narch", "en"), month("marzo", "en"), month("Monday", "en")
    (3, 3, 3, None)
    """
    name = word.casefold().rstrip(".")
    if (found := _spelt(name, language)) is not None:
        return found
    misspelt = {_misspelt(name, own) for own in dict.fromkeys((language, "en"))} - {None}
    return misspelt.pop() if len(misspelt) == 1 else None


def month_of(word: str, language: str) -> tuple[int, str] | None:
    """Return the number of a month by its name and the calendar that it is of; None when it is none.

    >>> month_of("Narch", "en"), month_of("فروردین", "fa"), month_of("Farvardin", "en")
    ((3, 'gregorian'), (1, 'jalali'), (1, 'jalali'))
    """
    if (found := month(word, language)) is not None:
        return found, "gregorian"
    jalali = _jalali_months().get(fold(word.rstrip(".")))
    return (jalali, JALALI) if jalali is not None else None


@cache
def _jalali_months() -> Mapping[str, int]:
    """Return the names that are long enough to be no word of something else."""
    return {
        fold(name): number
        for number, table in enumerate(MONTHS["jalali"], start=1)
        for name in table.split("|")
        if len(name) >= _SHORTEST_JALALI
    }


@lru_cache(maxsize=4096)
def is_weekday(word: str, language: str) -> bool:
    """Whether a word is the name of a weekday in a language, in English, or in another of its script.

    >>> is_weekday("Tuesday", "en"), is_weekday("Dienstag", "en"), is_weekday("Paris", "en")
    (True, True, False)
    """
    name = fold(word).rstrip(".,")
    if any(name in _weekdays(own) for own in dict.fromkeys((language, "en"))):
        return True
    return len(name) >= _SHORTEST_WEEKDAY and any(name in _weekdays(other) for other in _OTHERS.get(_script(name), ()))


@cache
def _weekdays(language: str) -> frozenset[str]:
    return frozenset(map(fold, names.weekdays(language)))


@lru_cache(maxsize=4096)
def is_only_a_weekday(place: str, language: str) -> bool:
    """Whether a weekday alone stands where a place should: it is none, whatever stands behind it.

    >>> is_only_a_weekday("الخميس", "en"), is_only_a_weekday("Santo Domingo", "en")
    (True, False)
    """
    return all(is_weekday(word, language) for word in place.split())


@lru_cache(maxsize=4096)
def weekdays_of(word: str, language: str) -> frozenset[int]:
    """Return the days of the week, from Monday as 0, that a word names: in a language, in English, else in any other.

    >>> sorted(weekdays_of("Tuesday", "en")), sorted(weekdays_of("martedì", "en")), sorted(weekdays_of("Paris", "en"))
    ([1], [1], [])
    """
    name = fold(word).rstrip(".,")
    if own := _named(name, dict.fromkeys((language, "en"))):
        return own
    return _named(name, _OTHERS.get(_script(name), ())) if len(name) >= _SHORTEST_WEEKDAY else frozenset()


def _named(name: str, languages: Iterable[str]) -> frozenset[int]:
    """Return the days of the week that a folded name means in any of several languages."""
    found = (names.weekdays(language).items() for language in languages)
    return frozenset(number % WEEK for days in found for known, number in days if fold(known) == name)


@lru_cache(maxsize=4096)
def names_a_time(place: str, language: str) -> bool:
    """Whether what stands where a place should is a month, or a weekday is among its words.

    >>> names_a_time("Late Tuesday", "en"), names_a_time("August", "en"), names_a_time("Augusta", "en")
    (True, True, False)
    """
    return _spelt(place.casefold(), language) is not None or any(is_weekday(word, language) for word in place.split())


def _script(name: str) -> str:
    found = _SCRIPT.match(name)
    return str(found.lastgroup) if found else ""


@cache
def _others(script: str) -> Mapping[str, int]:
    """Return the months of all languages of a script, without the names that mean different months."""
    known: dict[str, set[int]] = {}
    for language in _OTHERS.get(script, ()):
        for name, number in names.months(language).items():
            known.setdefault(name, set()).add(number)
    return {name: min(numbers) for name, numbers in known.items() if len(numbers) == 1 and not name.isdigit()}


def _spelt(name: str, language: str) -> int | None:
    for own in dict.fromkeys((language, "en")):
        if (found := names.months(own).get(name)) is not None:
            return found
    return _others(_script(name)).get(name)


def _misspelt(name: str, language: str) -> int | None:
    """Return the month whose full name is one slip of the hand away; None when there is none, or more than one."""
    if len(name) < _SHORTEST_MISSPELT:
        return None
    near = {
        number
        for known, number in names.months(language).items()
        if len(known) >= _SHORTEST_KNOWN and _is_one_slip(name, known)
    }
    return near.pop() if len(near) == 1 else None


def _is_one_slip(name: str, known: str) -> bool:
    """Whether one letter is left out, put in, replaced, or changed places with the next.

    >>> _is_one_slip("mach", "march"), _is_one_slip("narch", "march"), _is_one_slip("mrach", "march")
    (True, True, True)
    """
    if name == known or abs(len(name) - len(known)) > 1:
        return False
    shorter = min(len(name), len(known))
    head = next((place for place in range(shorter) if name[place] != known[place]), shorter)
    if len(name) != len(known):
        longer, other = (name, known) if len(name) > len(known) else (known, name)
        return longer[head + 1 :] == other[head:]
    if name[head + 1 :] == known[head + 1 :]:
        return True
    return name[head : head + 2] == known[head : head + 2][::-1] and name[head + 2 :] == known[head + 2 :]
