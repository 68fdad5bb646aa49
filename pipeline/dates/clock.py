"""The time of day of a timestamp: twelve and twenty-four hours, noon, 24:00, leap seconds."""

from __future__ import annotations

from datetime import time
from typing import NamedTuple

from pipeline.model import Precision

LAST_HOUR = 24
NOON = 12
LEAP = 60

MORNING, SMALL_HOURS, MIDDAY, AFTERNOON, LATER, EVENING, NIGHT = 0, 3, 11, 12, 15, 18, 21
"""The parts of a day that a word names; `MORNING` and `AFTERNOON` are the halves am and pm."""
BEFORE_NOON = frozenset({10, 11})
"""Hours at which it is midday already and the first half of the day still."""
HOURS = {
    SMALL_HOURS: frozenset({12, 1, 2, 3, 4, 5}),
    AFTERNOON: frozenset(range(13)),  # 午後0時30分 is half past noon
    MIDDAY: BEFORE_NOON | {12, 1, 2, 3, 4, 5},
    LATER: frozenset({12, 1, 2, 3, 4, 5, 6, 7}),
    EVENING: frozenset(range(4, 12)),
    NIGHT: frozenset(range(6, 12)),
}
"""The hours of a clock of twelve that are without doubt at a part of the day.

Twelve in the evening is midnight, and at two in the night the day that is printed may be the one before.
"""


class Clock(NamedTuple):
    """A time of day: the time, how many days later it is (24:00), how exact, and what is odd about it."""

    time: time
    days: int = 0
    precision: Precision = "minute"
    leap: bool = False


def clock(
    hour: int, minute: int = 0, second: int | None = None, *, half: int | None = None, micro: int = 0
) -> Clock | None:
    """Return a time of day; None when there is none such.

    Args:
        hour: 0 to 24, or 1 to 12 with a half.
        minute: 0 to 59.
        second: 0 to 59, or 60 for a leap second; None when none is printed.
        half: The part of the day that a word names, `MORNING` (am) and `AFTERNOON` (pm) among them; None for a clock
            of 24 hours.
        micro: Microseconds.

    >>> clock(12, 5, half=MORNING).time, clock(24).days, clock(3, half=AFTERNOON).time.hour
    (datetime.time(0, 5), 1, 15)
    >>> clock(11, 30, half=MIDDAY).time.hour, clock(9, half=NIGHT).time.hour, clock(12, half=NIGHT)
    (11, 21, None)
    """
    if half is not None:
        of_day = _hour(hour, half)
        if of_day is None:
            return None
        hour = of_day
    precision: Precision = "minute" if second is None else "second"
    if hour == LAST_HOUR and minute == 0 and not second:
        return Clock(time(0), 1, precision)
    leap = second == LEAP and minute == LEAP - 1
    try:
        return Clock(time(hour, minute, LEAP - 1 if leap else second or 0, micro), 0, precision, leap)
    except ValueError:
        return None


def _hour(hour: int, half: int) -> int | None:
    """Return the hour of a clock of 24; None where the word and the hour contradict each other or leave a doubt."""
    if hour > NOON:
        # 15:30 pm says the same twice; 15:30 am contradicts itself.
        return hour if half not in (MORNING, SMALL_HOURS) and hour < LAST_HOUR else None
    if half == MORNING:
        return hour % NOON
    if hour not in HOURS[half]:
        return None
    if half == SMALL_HOURS:
        return hour % NOON
    return hour if half == MIDDAY and hour in BEFORE_NOON else hour % NOON + NOON
