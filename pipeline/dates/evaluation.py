"""What one way to read a timestamp makes of its digits: a day, a time, a zone, or why it is none of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from pipeline.dates import order as orders
from pipeline.dates.clock import Clock, clock
from pipeline.dates.leadin_day import JALALI, PrintedDay, complete
from pipeline.dates.lexicon import Meaning
from pipeline.dates.order import Day, Parts
from pipeline.dates.reading import TIME_NOT_PROVEN, YEAR_COMPLETED, YEAR_UNKNOWN, Kind, Known, Order, Stamp
from pipeline.dates.shape import Item, Plan, Scope
from pipeline.dates.tokens import Token
from pipeline.model import Precision
from pipeline.patterns import lazy_compile

OLD = 1950
"""First year that a weekday alone may prove of a year of two digits."""
MOONS = frozenset({"hijri", "hebrew"})
DUAL_APART = 1
"""Days that two calendars on one line may differ by: a month of the moon is seen a day earlier or later."""

CONTRADICTION = "dateline_weekday_contradicts_date"
_IMPOSSIBLE = "dateline_impossible_date"
_RFC_3339 = lazy_compile(r"(?:^|[^0-])0000-00-00 00:00-00:00\Z")
_DAY, _NIGHT = 24 * 60, 6 * 60
"""Minutes of a day, and of the longest span that may begin in the evening and end behind midnight."""
_BUDDHIST_LETTERS = lazy_compile(r"[\p{Thai}\p{Lao}\p{Khmer}]")


class Evaluation:
    """One plan with the digits of one text."""

    def __init__(self, plan: Plan, shape: str, numbers: Sequence[str], known: Known, scope: Scope) -> None:
        self.plan = plan
        self.scope = scope
        self.shape = shape
        self.numbers = numbers
        self.known = known

    def stamp(self) -> Stamp | None:
        """Return what the plan makes of the digits; None when it is no timestamp after all."""
        plan = self.plan
        kind: Kind = "updated" if plan.label == 1 else "published"
        found = self._time()
        if plan.time is not None and found is None:
            doubtful = plan.time.kind in ("dotted", "clock")
            return None if doubtful else Stamp("inconsistent", "minute", warnings=(_IMPOSSIBLE,), kind=kind)
        if found is not None and self._may_be_a_span(found):
            return Stamp("ambiguous", found.precision, warnings=("dateline_span_or_offset",), kind=kind)
        if plan.dates[0].kind == "month" and (found or self.scope == "within"):
            return None
        precision: Precision = found.precision if found else "month" if plan.dates[0].kind == "month" else "day"
        if plan.label is None and not found and (precision == "month" or plan.dates[0].kind == "yearless"):
            # A month with a year is a heading as often as a date; a day without a year needs its weekday.
            return self._yearless(None, precision, kind) if plan.weekdays and precision == "day" else None
        if plan.dates[0].kind == "yearless":
            return self._yearless(found, precision, kind)
        dates = [self._parts(item) for item in plan.dates]
        days = self._days(dates) if all(dates) else None
        return None if days is None else self._at(days, dates, found, Stamp("exact", precision, kind=kind))

    def _at(self, days: Sequence[Day], dates: Sequence[list[Parts]], found: Clock | None, stamp: Stamp) -> Stamp:
        """Return the stamp with its day and its clock; of the two midnights of a day none is meant for certain."""
        time = self.plan.time
        if time is None or "N" not in time.parts or time.parts["N"].meanings[0].value != 0:
            return self._decided(days, dates, found, stamp)
        day = self._decided(days, dates, None, replace(stamp, precision="day"))
        return replace(day, offset=None, zone=None, warnings=(*day.warnings, TIME_NOT_PROVEN))

    def _may_be_a_span(self, found: Clock) -> bool:
        """Whether an offset may be the end of a span: `10:00-11:30`, where neither a second nor a T says otherwise."""
        time, zone = self.plan.time, self.plan.zone
        if time is None or zone is None or zone.kind != "offset" or found.precision == "second":
            return False
        if "h" not in zone.parts or zone.parts["k"].letter != "v" or zone.start != time.stop:
            return False
        minute = self._number(zone.parts["i"]) if "i" in zone.parts else 0
        if self.shape[time.start - 1 : time.start] == "T":
            return False
        lasts = 60 * (self._number(zone.parts["h"]) - found.time.hour) + minute - found.time.minute
        # What RFC 3339 writes with a blank for the T, and no newsroom prints: unless it ends that day, or in its night.
        return lasts > 0 or lasts + _DAY <= _NIGHT or not _RFC_3339.search(self.shape[: zone.stop])

    def _yearless(self, found: Clock | None, precision: Precision, kind: Kind) -> Stamp:
        """Return the stamp with the one year that brings its day near that of the page, where that is known."""
        item = self.plan.dates[0]
        months, day = self._months(item), self._number(item.parts["d"])
        days = orders.on_weekdays(_near(months, day, self.known.near), self.plan.weekdays)
        if len(days) != 1:
            return Stamp("partial", precision, warnings=(YEAR_UNKNOWN,), kind=kind)
        stamp = self._at(days, [[Parts(None, months, day)]], found, Stamp("exact", precision, kind=kind))
        return replace(stamp, warnings=(*stamp.warnings, YEAR_COMPLETED))

    def _decided(self, days: Sequence[Day], dates: Sequence[list[Parts]], found: Clock | None, stamp: Stamp) -> Stamp:
        """Return what is left once the weekday has had its say: one day, several, or none."""
        matching = orders.on_weekdays(days, self.plan.weekdays)
        if not days:
            return replace(stamp, status="inconsistent", warnings=(self._why_not(dates),))
        if not matching:
            local = _local(days[0].day, found) if len(days) == 1 else None
            return replace(stamp, status="inconsistent", local=local, warnings=(CONTRADICTION,))
        if len(matching) > 1:
            return self._undecided(matching, dates, stamp)
        if dates[0][0].short and self.known.century_from is None and matching[0].day.year < OLD:
            # A slip of the weekday would take a page of our time for one of a hundred years ago.
            return self._undecided(matching, dates, stamp)
        offset, zone = self._zone()
        leap = ("dateline_leap_second",) if found and found.leap else ()
        day = matching[0].day
        local, order = _local(day, found), self._order(day, dates)
        return replace(stamp, local=local, offset=offset, zone=zone, warnings=leap, order=order)

    def _order(self, day: date, dates: Sequence[list[Parts]]) -> Order | None:
        """Return the order of day and month that a clear date shows: there is none in 04/04, nor in a year in front."""
        if len(dates) > 1 or len(dates[0]) == 1:
            return None
        shown = {parts.order for parts in dates[0] for found in orders.days(parts, self.known) if found.day == day}
        return next(iter(shown)) if len(shown) == 1 else None

    def _undecided(self, found: Sequence[Day], dates: Sequence[list[Parts]], stamp: Stamp) -> Stamp:
        """Return the doubt: a century alone is a part that is missing, everything else are several readings."""
        if len({(day.day.year % 100, day.day.month, day.day.day) for day in found}) == 1:
            return replace(stamp, status="partial", warnings=(f"dateline_century_unknown:{found[0].day:%y-%m-%d}",))
        orderly = {day.order for day in found}
        if dates[0][0].short and self.known.century_from is None:
            # A reading a century: the days without it say what is open.
            shown = "|".join(sorted({f"{day.day:%y-%m-%d}" for day in found}, reverse=True))
            return replace(stamp, status="ambiguous", warnings=(f"dateline_order_unknown:{shown}",))
        code = "dateline_order_unknown" if len(orderly) > 1 else "dateline_reading_unknown"
        return doubt(stamp, [day.day for day in found], code)

    # ---------------------------------------------------------------------------------------------- dates

    def _number(self, token: Token) -> int:
        return int(self.numbers[token.number]) if token.number >= 0 else -1 - token.number

    def _width(self, token: Token) -> int:
        return len(self.numbers[token.number]) if token.number >= 0 else 1

    def _parts(self, item: Item) -> list[Parts]:
        """Return the ways to take the parts of a date apart: several where the order of its digits is open."""
        parts = item.parts
        era = parts["E"].meanings[0].calendar if "E" in parts else ""
        if "f" in parts:
            whole = self.numbers[parts["f"].number]
            return [Parts(int(whole[:4]), [Meaning("", int(whole[4:6]))], int(whole[6:]))]
        if item.kind == "digits":
            return self._digits(parts, era)
        if "y" not in parts:
            # Beside a whole date, a day without a year is the end of a span.
            return []
        year = self._number(parts["y"])
        short = parts["y"].letter == "n" and not era
        if short and self._width(parts["y"]) == 1:
            return []
        months = self._months(item)
        day = self._number(parts["d"]) if "d" in parts else 1
        buddhist = "M" in parts and _BUDDHIST_LETTERS.match(self.shape, parts["M"].start) is not None
        return [Parts(year, months, day, short, era, buddhist=buddhist)]

    def _digits(self, parts: Mapping[str, Token], era: str) -> list[Parts]:
        tokens = parts["m"], parts["d"], parts["y"]
        first, second, third = (self._number(token) for token in tokens)
        widths = self._width(tokens[0]), self._width(tokens[1]), self._width(tokens[2])
        possible = orders.readings(first, second, third, widths=widths)
        if widths[2] == 1 and not era:
            # A year has two digits at least.
            possible = [reading for reading in possible if reading[0] == "YMD" and widths[0] > 1]
        named = {order for order, *_ in possible}
        return [
            Parts(year, [Meaning("", month)], day, widths[2] <= 2 and not era, era, order)  # noqa: PLR2004 - two digits
            for order, year, month, day in possible
            if self.known.order not in named or order == self.known.order
        ]

    def _months(self, item: Item) -> Sequence[Meaning]:
        parts = item.parts
        if "M" not in parts:
            return [Meaning("", self._number(parts["m"]))]
        months = parts["M"].meanings
        if "M2" in parts:
            again = parts["M2"].meanings
            months = tuple(month for month in months if month in again)
        return months

    def _days(self, dates: Sequence[list[Parts]]) -> list[Day] | None:
        """Return the days that the date can be; of two dates in different calendars the Gregorian ones that agree.

        None when there are two dates and they are not one day: that is a span of time, or no timestamp.
        """
        found = [[day for parts in ways for day in orders.days(parts, self.known)] for ways in dates]
        found = [_distinct(days) for days in found]
        if len(found) == 1:
            return found[0]
        agreed = [
            (one, other)
            for one in found[0]
            for other in found[1]
            if abs(one.day - other.day)
            <= timedelta(
                days=DUAL_APART if one.calendar != other.calendar and MOONS & {one.calendar, other.calendar} else 0
            )
        ]
        if not agreed:
            calendars = [{day.calendar for day in days} for days in found]
            return [] if calendars[0] != calendars[1] else None
        return _distinct([min(pair, key=lambda day: day.calendar != "gregorian") for pair in agreed])

    def _why_not(self, dates: Sequence[list[Parts]]) -> str:
        if len(dates) > 1:
            return "dateline_calendars_contradict"
        years = [parts.year for parts in dates[0] if parts.year is not None and not parts.short]
        # A month that has other days in that year tells that the day is what there is not.
        others = any(orders.days(replace(parts, day=1), self.known) for parts in dates[0])
        out_of_range = any(_is_a_day(parts) for parts in dates[0]) and bool(years) and not others
        return "dateline_year_out_of_range" if out_of_range else _IMPOSSIBLE

    # ----------------------------------------------------------------------------------------------- clock

    def _time(self) -> Clock | None:
        item = self.plan.time
        if item is None:
            return None
        parts = item.parts
        if "N" in parts:
            return clock(parts["N"].meanings[0].value)
        if "t" in parts:
            digits = self.numbers[parts["t"].number]
            second = int(digits[4:]) if len(digits) > 4 else None  # noqa: PLR2004 - hour and minute
            return clock(int(digits[:2]), int(digits[2:4]), second)
        minute = self._number(parts["i"]) if "i" in parts else 0
        second = self._number(parts["s"]) if "s" in parts else None
        micro = int(self.numbers[parts["f"].number][:6].ljust(6, "0")) if "f" in parts else 0
        if "P" not in parts:
            return clock(self._number(parts["h"]), minute, second, micro=micro)
        halves = {meaning.value for meaning in parts["P"].meanings}
        found = {clock(self._number(parts["h"]), minute, second, half=half, micro=micro) for half in halves} - {None}
        # A word may name an hour before noon in one use, and one behind it in another.
        return found.pop() if len(found) == 1 else None

    def _zone(self) -> tuple[str | None, str | None]:
        """Return offset and zone as they are to be understood: an offset in the one spelling that all are read in."""
        item = self.plan.zone
        if item is None:
            return None, None
        parts = item.parts
        if "z" in parts:
            return None, self.shape[parts["z"].start : parts["z"].stop]
        if "k" not in parts:
            name = self.shape[parts["Z"].start : parts["Z"].stop].upper()
            return ("Z", None) if name == "Z" else (None, name if name.isascii() else "GMT")
        sign = "+" if parts["k"].letter in "p+" else "-"
        if "y" in parts:
            return sign + self.numbers[parts["y"].number], None
        if item.kind == "offset" and "i" not in parts and self._width(parts["h"]) == 1:
            # `+1` may count something else; an hour has two digits where nothing else says that it is one.
            return None, sign + self.numbers[parts["h"].number]
        minute = self._number(parts["i"]) if "i" in parts else 0
        return f"{sign}{self._number(parts['h']):02d}:{minute:02d}", None


def doubt(stamp: Stamp, found: Sequence[date], code: str = "dateline_reading_unknown") -> Stamp:
    """Return a timestamp without its time, which says the days that it may be of."""
    shown = "|".join(f"{day:%Y-%m-%d}" for day in sorted(set(found), reverse=True))
    return replace(stamp, status="ambiguous", local=None, warnings=(f"{code}:{shown}",))


def _near(months: Sequence[Meaning], day: int, reference: date | None) -> list[Day]:
    """Return the days that a day without a year can be near another, one for each month that its name can mean."""
    if reference is None:
        return []
    calendars = {"": "gregorian", "gregorian": "gregorian", JALALI: JALALI}
    if any(month.calendar not in calendars for month in months):
        return []
    printed = [PrintedDay(day, month.value, calendar=calendars[month.calendar]) for month in months]
    completed = [(complete(each, reference).day, each.calendar) for each in printed]
    return _distinct([Day(nearest, calendar) for nearest, calendar in completed if nearest is not None])


def _is_a_day(parts: Parts) -> bool:
    try:
        date(2000, parts.months[0].value, parts.day)
    except (ValueError, IndexError):
        return False
    return True


def _distinct(days: Sequence[Day]) -> list[Day]:
    return list({day.day: day for day in reversed(days)}.values())[::-1]


def _local(day: date, found: Clock | None) -> datetime:
    if found is None:
        return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall clock
    return datetime.combine(day + timedelta(days=found.days), found.time)
