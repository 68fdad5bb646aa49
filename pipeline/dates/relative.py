"""Times that count back from when a page was fetched: "3 hours ago". Without that time they say nothing of a date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import regex

from pipeline.dates import words
from pipeline.dates.normal import fold, plain
from pipeline.dates.reading import Kind, Stamp
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
HOUR = timedelta(hours=1)
LONGEST = 40
"""Characters of a relative time at most."""


def read(text: str, reference: datetime | None = None) -> Stamp | None:
    """Return what a relative time says, counted from a wall-clock time of the source; None when it is none.

    Hours are rounded by whoever prints them, so they give the day, and not even that about midnight.

    >>> read("vor 5 Minuten", datetime(2016, 3, 27, 11, 55)).local
    datetime.datetime(2016, 3, 27, 11, 50)
    >>> read("3 hours ago").warnings
    ('dateline_relative_time',)
    """
    folded = fold(" ".join(plain(text).split()))
    kind: Kind = "published"
    if label := _LABEL.match(folded):
        kind = "updated" if label["updated"] else "published"
        folded = folded[label.end() :]
    found = _PATTERN.fullmatch(folded)
    if found is None or not _MARKED.fullmatch(folded):
        return None
    number = int(found["number"])
    if reference is not None:
        if found["minute"]:
            local = reference.replace(second=0, microsecond=0) - timedelta(minutes=number)
            return Stamp("exact", "minute", local, kind=kind)
        if found["day"]:
            return Stamp("exact", "day", _midnight(reference - timedelta(days=number)), kind=kind)
        latest, earliest = reference - number * HOUR, reference - (number + 1) * HOUR
        if latest.date() == earliest.date():
            return Stamp("exact", "day", _midnight(latest), kind=kind)
    return Stamp("partial", None, warnings=("dateline_relative_time",), kind=kind)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
