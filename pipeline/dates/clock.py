"""The time of day of a timestamp: twelve and twenty-four hours, noon, 24:00, leap seconds."""

from __future__ import annotations

from datetime import time
from typing import NamedTuple

from pipeline.model import Precision

LAST_HOUR = 24
NOON = 12
LEAP = 60


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
        half: 0 for am, 12 for pm, None for a clock of 24 hours.
        micro: Microseconds.

    >>> clock(12, 5, half=0).time, clock(24).days, clock(3, half=12).time.hour
    (datetime.time(0, 5), 1, 15)
    """
    if half is not None:
        if hour > NOON:
            # 15:30 pm says the same twice; 15:30 am contradicts itself.
            if half != NOON or hour >= LAST_HOUR:
                return None
        elif hour == 0 and half == NOON:
            return None
        else:
            hour = hour % NOON + half
    precision: Precision = "minute" if second is None else "second"
    if hour == LAST_HOUR and minute == 0 and not second:
        return Clock(time(0), 1, precision)
    leap = second == LEAP and minute == LEAP - 1
    try:
        return Clock(time(hour, minute, LEAP - 1 if leap else second or 0, micro), 0, precision, leap)
    except ValueError:
        return None
