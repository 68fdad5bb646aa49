"""Times that count back from when a page was fetched: "3 hours ago". Without that time they say nothing of a date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import regex

from pipeline.dates import words
from pipeline.dates.normal import fold, plain
from pipeline.dates.reading import Kind, Stamp
from pipeline.model import Precision
from pipeline.patterns import lazy_compile

_UNITS: Mapping[str, str] = {
    "minute": (
        "minutes?|mins?|minuten?|minuts?|minutos?|minuti|minuto|minuta|minuty|minuter|minutter|dakika|dk|menit|phut|"
        "минут[аыу]?|мин|хвилин[аиу]?|دقیقه|دقایق|دقیقتین|मिनट|মিনিট|分钟|分鐘|分|분"
    ),
    "hour": (
        "hours?|hrs?|h|stunden?|heures?|horas?|ore|ora|uur|uren|timmar|timme|timer|time|godzin[aye]?|saat|jam|gio|"
        "час(?:а|ов)?|годин[аиу]?|ساعه|ساعات|ساعت|ساعتین|घंटे|घंटा|ঘণ্টা|小时|小時|時間|시간"
    ),
    "day": (
        "days?|tage?n?|jours?|dias?|giorni|giorno|dagen|dag|dagar|dni|dzien|gun|hari|ngay|дн(?:я|ей)|день|дні|днів|ایام|"
        "یوم|یومین|روز|दिन|দিন|天|日|일"
    ),
    "week": (
        "weeks?|wks?|wochen?|semaines?|semanas?|settiman[ae]|weken|week|veck(?:a|or)|uker?|uge[r]?|tygod(?:nie|ni|zien)|hafta|"
        "minggu|tuan|недел[яиью]|недель|тиж(?:день|ні|нів)|اسبوع|اسابیع|اسبوعین|هفته|सप्ताह|हफ्ते|সপ্তাহ|周|週|星期|주"
    ),
    "month": (
        "months?|monat(?:en?)?|mois|mes(?:es)?|mesi|mese|maand(?:en)?|manad(?:er)?|maned(?:er)?|miesi(?:ace|ecy|ac)|ay|"
        "bulan|thang|месяц(?:а|ев)?|місяц(?:ь|і|ів)|شهر|اشهر|شهور|شهرین|ماه|महीने|महीना|মাস|个月|個月|か月|ヶ月|カ月|개월"
    ),
    "year": (
        "years?|yrs?|jahr(?:en?)?|ans?|anos?|anni|anno|jaar|ar|lat|rok|lata|yil|tahun|nam|год|года|лет|рок(?:и|ів)?|سنه|"
        "سنوات|عام|اعوام|سال|साल|वर्ष|বছর|年|년"
    ),
}
"""Words for each unit, as `fold` leaves them."""

_BEFORE = "vor|il y a|hace|ha|منذ|قبل"
_BEHIND = "ago|fa|geleden|temu|sedan|siden|once|lalu|yang lalu|truoc|назад|тому|پیش|قبل|पहले|আগে|前|전|atras"
_PATTERN = lazy_compile(
    rf"(?:(?:{_BEFORE}|for) )?(?P<number>[0-9]{{1,3}}) ?"
     "(?:" + "|".join(f"(?P<{unit}>{spelt})" for unit, spelt in _UNITS.items()) + ")"
    + rf"(?: ?(?P<behind>{_BEHIND}))?"
)  # fmt: skip


def _any_of(table: str) -> str:
    return "|".join(sorted({regex.escape(fold(label)) for label in table.split("|")}, key=len, reverse=True))


_LABEL = lazy_compile(rf"(?:(?P<updated>{_any_of(words.UPDATED)})|(?:{_any_of(words.PUBLISHED)}))(?: ?[:：] ?| )")
_MARKED = lazy_compile(rf"(?:{_BEFORE}) .*|.* ?(?:{_BEHIND})")
_UNKNOWN = "dateline_relative_time"
_DAY_BY_WORD = lazy_compile(
    r"(?:today|yesterday|heute|gestern|aujourd'hui|hier|hoy|ayer|oggi|ieri|hoje|ontem|vandaag|gisteren|dzis|dzisiaj|"
    r"wczoraj|bugun|dun|сегодня|вчера|сьогодні|вчора),?(?: (?:at|um|a|as|alle|om|o|saat|в|о))? ?"
    r"[0-9]{1,2}[:.h][0-9]{2}(?: ?[ap]\.?m\.?| ?uhr| ?h)?"
)
"""A day told by a word: which one it is depends on when the page was printed, not on when it was fetched."""
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
SHORTEST_MONTH = 28
LONGEST = 40
"""Characters of a relative time at most."""


def read(text: str, reference: datetime | None = None) -> Stamp | None:
    """Return what a relative time says, counted from a time of the source's clock; None when it is none.

    A time with its zone is counted back from as the instant that it is: clocks that were changed meanwhile do not
    change how long ago something was.

    Some round down to whole units, some to the nearest: the time may be almost one unit more ago, or half of one less.
    So hours give a day, and everything longer gives a month or a year, where both ends of that span lie in one.

    >>> read("vor 5 Minuten", datetime(2016, 3, 27, 11, 55)).local
    datetime.datetime(2016, 3, 27, 11, 50)
    >>> read("3 hours ago").warnings
    ('dateline_relative_time',)
    """
    folded = fold(" ".join(plain(text).strip(" /|-").split()))
    kind: Kind = "published"
    if label := _LABEL.match(folded):
        kind = "updated" if label["updated"] else "published"
        folded = folded[label.end() :]
    if _DAY_BY_WORD.fullmatch(folded):
        return Stamp("partial", None, warnings=(_UNKNOWN,), kind=kind)
    found = _PATTERN.fullmatch(folded)
    if found is None or not _MARKED.fullmatch(folded):
        return None
    number = int(found["number"])
    if reference is not None:
        if found["minute"]:
            moment = _earlier(reference.replace(second=0, microsecond=0), timedelta(minutes=number))
            utc = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo is not None else None
            return Stamp("exact", "minute", moment.replace(tzinfo=None, fold=0), kind=kind, utc=utc)
        unit = next(unit for unit in _FINEST if found[unit])
        latest = _later(_before(reference, number, unit), _ROUNDED[unit]).replace(tzinfo=None, fold=0)
        earliest = _before(reference, number + 1, unit).replace(tzinfo=None, fold=0)
        for precision in _FINEST[unit]:
            if (first := _first(latest, precision)) == _first(earliest, precision):
                return Stamp("exact", precision, first, kind=kind)
    return Stamp("partial", None, warnings=(_UNKNOWN,), kind=kind)


_FINEST: Mapping[str, tuple[Precision, ...]] = {
    "hour": ("day", "month", "year"),
    "day": ("month", "year"),
    "week": ("month", "year"),
    "month": ("month", "year"),
    "year": ("year",),
}
"""How exact a time counted in each unit can be, the finest first."""
_LASTS = {"hour": HOUR, "day": DAY, "week": WEEK}
_ROUNDED = {
    "hour": HOUR / 2,
    "day": DAY / 2,
    "week": WEEK / 2,
    "month": timedelta(days=15),
    "year": timedelta(days=182),
}
"""How much later a time may be that was rounded to the nearest unit."""
_MONTHS = 12


def _earlier(moment: datetime, span: timedelta) -> datetime:
    """Return the moment that lies a span of time before another: before the instant, where there is a zone."""
    return (moment.astimezone(UTC) - span).astimezone(moment.tzinfo) if moment.tzinfo is not None else moment - span


def _later(moment: datetime, span: timedelta) -> datetime:
    return _earlier(moment, -span)


def _before(moment: datetime, number: int, unit: str) -> datetime:
    """Return the moment that is a number of units earlier, or the 28th of a month that is too short."""
    if unit in _LASTS:
        return _earlier(moment, number * _LASTS[unit])
    months = moment.year * _MONTHS + moment.month - 1 - number * (_MONTHS if unit == "year" else 1)
    year, month = divmod(months, _MONTHS)
    return moment.replace(year=max(year, 1), month=month + 1, day=min(moment.day, SHORTEST_MONTH))


def _first(moment: datetime, precision: Precision) -> datetime:
    """Return the beginning of the day, month or year of a moment."""
    midnight = _midnight(moment)
    return midnight.replace(
        month=1 if precision == "year" else midnight.month, day=midnight.day if precision == "day" else 1
    )


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
