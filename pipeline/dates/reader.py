"""Read a timestamp in whatever language and calendar, without a declared format; never guess where two readings fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from pipeline.dates.beside_clock import Beside
from pipeline.dates.evaluation import CONTRADICTION, Evaluation, doubt
from pipeline.dates.every_language import explaining
from pipeline.dates.lexicon import lexicon
from pipeline.dates.normal import SHAPES_KEPT, masked, places, plain
from pipeline.dates.reading import Known, Stamp
from pipeline.dates.shape import Plan, Scope, plans
from pipeline.dates.tokens import unknown_words
from pipeline.patterns import lazy_compile

MOST_UNKNOWN = 3
"""Words of a timestamp line that no expected language has: month, weekday, zone. A line with more of them is prose."""
_DIGITS = lazy_compile("[0-9]+")


class Found(NamedTuple):
    """A timestamp, the characters of the text it stands at, and where among them its clock is."""

    stamp: Stamp
    start: int
    stop: int
    clock: Beside = Beside()


class Understood(NamedTuple):
    """The ways to read a shape, whether it took words of a language that nobody expected, and whether few have them.

    There, among other words, a weekday that contradicts the date is a word that means something else.
    """

    ways: tuple[tuple[Plan, ...], ...]
    foreign: bool
    rare: bool = False


@dataclass(slots=True)
class Reader:
    """Reads timestamps of one source. Plans are kept by shape, so the second line of a shape costs a look-up."""

    known: Known
    kept: dict[tuple[str, Scope], Understood] = field(default_factory=dict)

    def read(self, text: str, scope: Scope = "line") -> list[Found]:
        """Return the timestamps of a text: one, or a published and an updated one; nothing when it is none.

        >>> Reader(Known("fa")).read("یکشنبه ۸ فروردین ۱۳۹۵")[0].stamp.local
        datetime.datetime(2016, 3, 27, 0, 0)
        """
        read_as = plain(text)
        shape = masked(read_as)
        understood = self.kept.get((shape, scope))
        if understood is None:
            understood = self._plans(shape, scope)
            if len(self.kept) >= SHAPES_KEPT:
                self.kept.clear()
            self.kept[shape, scope] = understood
        ways, foreign, rare = understood
        if not ways:
            return []
        numbers = _DIGITS.findall(read_as)
        read = [_settle([Evaluation(plan, shape, numbers, self.known, scope).stamp() for plan in way]) for way in ways]
        chosen, stamps = _agreed(read)
        if not stamps or (foreign and scope == "within" and _mistaken(shape, stamps)):
            return []
        if rare and any(map(_is_short, ways[chosen])):
            stamps = [replace(stamp, is_foreign=True) for stamp in stamps]
        if scope == "line":
            return [Found(stamp, 0, len(text)) for stamp in stamps]
        back = None if read_as == text else places(text)
        return [
            Found(
                stamp,
                plan.start if back is None else back[plan.start],
                plan.stop if back is None else back[plan.stop],
                _beside(plan, stamp, shape),
            )
            for stamp, plan in zip(stamps, ways[chosen], strict=True)
        ]

    def _plans(self, shape: str, scope: Scope) -> Understood:
        """Return how to read a shape: in the languages that are expected, else in any."""
        expected = lexicon(self.known.language)
        unknown = unknown_words(shape, expected, MOST_UNKNOWN)
        if unknown > MOST_UNKNOWN and scope == "line":
            return Understood((), foreign=False)
        ways = tuple(plans(shape, expected, scope))
        if ways or (not unknown and shape.isascii()) or not _YEAR.search(shape):
            return Understood(ways, foreign=False)
        found = explaining(shape, scope)
        ways = tuple(way for known in found.kinds for way in plans(shape, known, scope))
        return Understood(ways, foreign=True, rare=found.languages <= FEW_LANGUAGES)


def _mistaken(shape: str, stamps: Sequence[Stamp]) -> bool:
    """Whether a weekday that contradicts the date is a word of another language; 星期四 is one in all that write it."""
    return any(CONTRADICTION in stamp.warnings for stamp in stamps) and _LOGOGRAPHIC.search(shape) is None


_LOGOGRAPHIC = lazy_compile(r"[\p{Han}\p{Hangul}]")
_YEAR = lazy_compile(r"(?<!0)0{4}(?!0)")
"""A year; without one no name of a month is worth a search in all languages."""


def _settle(stamps: list[Stamp | None]) -> list[Stamp]:
    return [stamp for stamp in stamps if stamp is not None] if None not in stamps else []


def _agreed(read: Sequence[list[Stamp]]) -> tuple[int, list[Stamp]]:
    """Return which reading of a line to take, and what it says: the one that is exact, or the doubt of several."""
    if len(read) == 1:
        return 0, read[0]
    possible = [number for number, stamps in enumerate(read) if stamps]
    exact = [number for number in possible if all(stamp.status == "exact" for stamp in read[number])]
    if not exact:
        doubtful = [number for number in possible if any(stamp.status in _DOUBT for stamp in read[number])]
        chosen = (doubtful or possible or [0])[0]
        return chosen, read[chosen] if read else []
    days = {tuple(stamp.local.date() for stamp in read[number] if stamp.local) for number in exact}
    if len(days) == 1:
        # The reading that says most: another one took the clock or the zone for something else.
        best = max(exact, key=lambda number: _says(read[number]))
        clocks = {_clocks(read[number]) for number in exact if _says(read[number]) == _says(read[best])}
        if len(clocks) == 1:
            return best, read[best]
    first, *others = read[exact[0]]
    said = [read[number][0].local for number in exact]
    return exact[0], [doubt(first, [local.date() for local in said if local]), *others]


_DOUBT = ("ambiguous", "partial")


def _says(stamps: Sequence[Stamp]) -> int:
    return sum(2 * (stamp.precision != "day") + bool(stamp.zone or stamp.offset) for stamp in stamps)


def _clocks(stamps: Sequence[Stamp]) -> tuple[datetime | None, ...]:
    return tuple(stamp.local for stamp in stamps)


def _is_short(plan: Plan) -> bool:
    """Whether the name of the month has so few letters that it may be another one in another spelling."""
    months = [item.parts["M"] for item in plan.dates if "M" in item.parts]
    return any(
        month.stop - month.start <= FEW_LETTERS and month.meanings[0].calendar == "gregorian" for month in months
    )


def _beside(plan: Plan, stamp: Stamp, shape: str) -> Beside:
    """Return where the clock of a plan is; one without a word for the half of the day may lack it up to twelve."""
    time = plan.time
    if time is None:
        return Beside()
    last = plan.zone if plan.zone is not None and plan.zone.start >= time.start else time
    lacks = not ("P" in time.parts or "N" in time.parts or _OF_24_HOURS.search(shape, time.start, time.stop))
    return Beside(
        time.start == plan.start,
        last.stop == plan.stop,
        lacks and stamp.local is not None and 1 <= stamp.local.hour <= LAST_OF_HALF,
    )


_OF_24_HOURS = lazy_compile(r"0 ?(?:h|H|Uhr|UHR|uhr)(?!\p{L})")
"""What is said of no clock of twelve hours."""
FEW_LETTERS = 3
FEW_LANGUAGES = 2
LAST_OF_HALF = 12
"""Hour up to which a clock may be one of twelve hours."""
