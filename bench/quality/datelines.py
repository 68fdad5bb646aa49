"""How many timestamps are read right, and how many silently wrong, beside two libraries for the same purpose.

*Silently wrong* is a time that is given without any doubt and is not the one that is meant. A time in doubt, or none,
is honest: somebody can look at it.
"""

from __future__ import annotations

import json
import random
import re
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bench.quality.figures import SHARED_CASES, Figure, Section, at_least, at_most
from pipeline.dates import Order, Stamp, StampReader, compile_format
from pipeline.dates.names import UnknownLanguageError
from pipeline.dates.normal import plain

CENTURY_FROM = 1990
"""What a profile of a site of our time declares."""
DECLARED = ("%a %b %d, %Y %H:%M:%S", "%d/%m/%Y %H:%M", "%A, %d %B %Y", "%B %d, %Y %I:%M %p", "%Y-%m-%d")
ARCHIVE_SECONDS = 20 * 365 * 24 * 60 * 60
"""What a source has printed: the times of declared formats fall into some twenty years."""
ROUNDS = 3
FETCHED = datetime(2016, 3, 27)  # noqa: DTZ001 - a wall clock
"""Given to every reading, so that each line is read: one that needs no such time is remembered otherwise."""
LIBRARY_SAMPLE = 150
"""Texts that the libraries are asked about: one of them takes milliseconds for each."""

_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*\d{2,4}")


@dataclass(frozen=True, slots=True)
class Case:
    """A text, its language, and what it means: a local time in ISO form, to the day or to the minute."""

    text: str
    language: str
    means: str
    tier: str

    @property
    def order(self) -> Order | None:
        """The order of day and month of the source, as its profile would declare it."""
        found = _NUMERIC.search(plain(self.text))
        month, day = int(self.means[5:7]), int(self.means[8:10])
        if found is None:
            return None
        shown = int(found[1]), int(found[3])
        year = int(self.means[2:4])
        orders: dict[tuple[int, int], Order] = {(year, month): "YMD", (month, day): "MDY", (day, month): "DMY"}
        return orders.get(shown)


Asked = Callable[[Case], datetime | None]


def measure(seed: int, size: int) -> list[Section]:
    """Return the sections on declared formats, on real cases where they are, and on generated ones."""
    return [_declared(seed, size), *_real(), _sites(), *_generated(seed, size)]


def _declared(seed: int, size: int) -> Section:
    """Measure declared formats: every text of a format is read, in a batch."""
    dice = random.Random(seed)
    right = wrong = total = 0
    seconds = 0.0
    for form in DECLARED:
        first = datetime(dice.randrange(1960, 2020), 1, 1)  # noqa: DTZ001 - a wall clock
        reader = StampReader([compile_format(form)])
        times = [first + timedelta(seconds=dice.randrange(ARCHIVE_SECONDS)) for _ in range(100 * size)]
        texts = [moment.strftime(form) for moment in times]
        start = time.process_time()
        column = reader.column(texts)
        seconds += time.process_time() - start
        for place in range(len(times)):
            stamp = column.stamp(place)
            meant = datetime.strptime(texts[place], form)  # noqa: DTZ007 - a wall clock
            if stamp is not None and stamp.status == "exact":
                right += stamp.local == meant
                wrong += stamp.local != meant
        total += len(times)
    note = f"{len(DECLARED)} formats, {total} texts made by strftime"
    figures = (
        at_least("right", right, total, 99.9),
        at_most("silently wrong", wrong, total, 0),
        _speed(seconds, total, 2),
    )
    return Section("Timestamps by declared formats, in a batch", note, figures)


def _real() -> Iterator[Section]:
    """Measure real cases, when they stand beside the checkout: with nothing, with a language, with a profile."""
    path = SHARED_CASES / "datelines.jsonl"
    if not path.is_file():
        yield Section("Timestamps of real pages", f"not measured: there is no {path.name} beside this checkout")
        return
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    cases = [
        Case(row["raw"], row["lang"], row["iso_local"][: 10 if row["precision"] == "day" else 16], row["tier"])
        for row in rows
        if row["kind"] == "timestamp" and row["tier"] != "R"
    ]
    note = (
        f"{len(cases)} texts, some with by-lines and labels about them; a profile declares language, order of day and "
        f"month, and that years of two digits count from {CENTURY_FROM}"
    )
    figures: list[Figure] = []
    for tier, least, most in (("A", 98.5, 0.1), ("", 96, 0.2)):
        chosen = [case for case in cases if case.tier.startswith(tier)]
        figures += _figures(f"tier {tier}" if tier else "all", chosen, _Ours(language=True, declared=True), least, most)
    for tier in sorted({case.tier for case in cases} - {"A"}):
        chosen = [case for case in cases if case.tier == tier]
        figures += _told(f"tier {tier}, {len(chosen)} of them", chosen, _Ours(language=True, declared=True))
    figures += _told("all, as lines of a page", cases, _Ours(language=True, declared=True, in_page=True))
    figures += _told("all, language alone", cases, _Ours(language=True))
    figures += _told("all, nothing known", cases, _Ours())
    figures += _libraries(cases)
    yield Section("Timestamps of real pages", note, tuple(figures))


def _sites() -> Section:
    """Measure one line of each pattern that many sites print, with nothing but its language, by its day.

    The truth is what the page's own data say, by whatever clock: it may be a day off.
    """
    title, path = "Days of timestamps of many sites", SHARED_CASES / "site_formats.jsonl"
    if not path.is_file():
        return Section(title, f"not measured: there is no {path.name} beside this checkout")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    cases = [
        Case(row["example"], row["lang"] or "en", row["truth"][:10], "site") for row in rows if _is_day(row["truth"])
    ]
    among_words = _days(cases, _Ours(language=True))
    taken = _days(cases, _Ours(language=True, in_page=True))
    figures = (
        Figure("right, found among words", f"{100 * among_words['right'] / len(cases):.2f} %"),
        Figure("right, taken for the page's own", f"{100 * taken['right'] / len(cases):.2f} %"),
        at_most("taken, and silently wrong", taken["wrong"], len(cases), 0.2),
    )
    return Section(title, f"{len(cases)} lines, the order of day and month not known", figures)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _days(cases: Sequence[Case], ask: Asked) -> Counter[str]:
    """Return how many days are right, to within one, how many wrong, and how many are not given."""
    counts: Counter[str] = Counter()
    for case in cases:
        found = ask(case)
        apart = abs((found.date() - date.fromisoformat(case.means)).days) if found is not None else None
        counts["none" if apart is None else "right" if apart <= 1 else "wrong"] += 1
    return counts


def _generated(seed: int, size: int) -> Iterator[Section]:
    """Measure what CLDR itself would print, in every language it has names of months for."""
    dice = random.Random(seed)
    cases = list(_cldr_cases(dice, max(1, size // 250)))
    figures = _figures("with a profile", cases, _Ours(language=True, declared=True), 96, 0.2)
    named = [case for case in cases if case.order is None]
    figures += _told("named months, language alone", named, _Ours(language=True))
    figures += _told("named months, nothing known", named, _Ours())
    figures += _libraries(dice.sample(named, min(LIBRARY_SAMPLE, len(named))))
    languages = len({case.language for case in cases})
    yield Section("Timestamps as CLDR prints them", f"{len(cases)} texts in {languages} languages", tuple(figures))


def _cldr_cases(dice: random.Random, each: int) -> Iterator[Case]:
    from babel import Locale, localedata
    from babel.dates import format_date, format_datetime

    for identifier in localedata.locale_identifiers():
        locale = Locale.parse(identifier)
        months = locale.months["format"]["wide"]
        if locale.territory or months[1] in ("M01", "1"):
            continue
        for _ in range(each):
            moment = datetime(1990, 1, 1) + timedelta(minutes=dice.randrange(35 * 365 * 24 * 60))  # noqa: DTZ001 - a wall clock
            for length in ("full", "long", "medium", "short"):
                language = identifier.replace("_", "-")
                yield Case(format_date(moment, length, locale), language, f"{moment:%Y-%m-%d}", length)
                if length in ("medium", "short"):
                    text = format_datetime(moment, length, locale=locale)
                    yield Case(text, language, f"{moment:%Y-%m-%dT%H:%M}", length)


def _figures(what: str, cases: Sequence[Case], ask: Asked, least: float, most: float) -> list[Figure]:
    counts, seconds = _score(cases, ask)
    return [
        at_least(f"{what}: right", counts["right"], len(cases), least),
        at_most(f"{what}: silently wrong", counts["wrong"], len(cases), most),
        _speed(seconds, len(cases), 60, f"{what}: "),
    ]


def _told(what: str, cases: Sequence[Case], ask: Asked) -> list[Figure]:
    counts, seconds = _score(cases, ask)
    share = {name: 100 * counts[name] / len(cases) for name in ("right", "wrong", "none")}
    value = f"{share['right']:.1f} % right, {share['wrong']:.1f} % wrong, {share['none']:.1f} % none"
    return [Figure(f"{what} ({1e6 * seconds / len(cases):.0f} µs)", value)]


def _score(cases: Sequence[Case], ask: Asked) -> tuple[Counter[str], float]:
    """Return how many were right, wrong and none, and the processor seconds it takes with all words known.

    The least of some rounds: what more another one took, the machine took for something else.
    """
    answers = [ask(case) for case in cases]
    seconds = min(_round(cases, ask) for _ in range(ROUNDS))
    counts = Counter(
        "none" if answer is None else "right" if answer.isoformat().startswith(case.means) else "wrong"
        for case, answer in zip(cases, answers, strict=True)
    )
    return counts, seconds


def _round(cases: Sequence[Case], ask: Asked) -> float:
    start = time.process_time()
    for case in cases:
        ask(case)
    return time.process_time() - start


def _speed(seconds: float, texts: int, most: float, what: str = "") -> Figure:
    each = 1e6 * seconds / texts if texts else 0.0
    return Figure(f"{what}processor time a text", f"{each:.2f} µs", f"≤ {most:g} µs", each <= most)


# ------------------------------------------------------------------------------------------ who is asked


@dataclass(frozen=True, slots=True)
class _Ours:
    """This project's reader, told the language of a case, or all that a profile would say, or nothing.

    Asked about a line below the title of a page, it has to tell whether the date is the page's own at all.
    """

    language: bool = False
    declared: bool = False
    in_page: bool = False
    readers: dict[object, StampReader] = field(default_factory=dict)

    def __call__(self, case: Case) -> datetime | None:
        key = (case.language if self.language else "en", case.order if self.declared else None)
        if key not in self.readers:
            self.readers[key] = _reader(*key, CENTURY_FROM if self.declared else None)
        reader = self.readers[key]
        stamp: Stamp | None = reader.read(case.text, FETCHED)
        if stamp is None and self.in_page:
            stamp = next(iter(reader.credits(case.text)), None)
        elif stamp is None and (found := reader.find(case.text)):
            stamp = found[0].stamp
        if stamp is None or stamp.status != "exact" or (stamp.precision == "day" and "T" in case.means):
            return None
        return stamp.local


def _reader(language: str, order: Order | None, century: int | None) -> StampReader:
    try:
        reader = StampReader((), order, language, century)
        reader.read("1 Jan 2000")
    except UnknownLanguageError:
        return StampReader((), order, "en", century)
    return reader


def _libraries(cases: Sequence[Case]) -> list[Figure]:
    """Ask the libraries about some of the cases, with the language where they take one."""
    import dateparser
    from dateutil import parser as dateutil

    some = random.Random(0).sample(list(cases), min(LIBRARY_SAMPLE, len(cases)))

    def by_dateparser(case: Case) -> datetime | None:
        try:
            found: datetime | None = dateparser.parse(case.text, languages=[case.language])
        except ValueError:
            found = dateparser.parse(case.text)
        return found.replace(tzinfo=None) if found else None

    def by_dateutil(case: Case) -> datetime | None:
        try:
            found: datetime = dateutil.parse(case.text, fuzzy=True)
        except (ValueError, OverflowError):
            return None
        return found.replace(tzinfo=None)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [
            *_told(f"dateparser with language, {len(some)} of them", some, by_dateparser),
            *_told(f"dateutil fuzzy, {len(some)} of them", some, by_dateutil),
        ]
