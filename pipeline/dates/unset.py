"""Times that a machine prints where none was set: the zero that it counts from, by whatever clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.dates.reading import Stamp
from pipeline.dates.zones import OFFSETS

WARNING = "dateline_unset_clock"
"""Says that the time is the one that a machine prints where none was set."""

_UNIX = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall clock
_DATABASES = datetime(1900, 1, 1)  # noqa: DTZ001 - a wall clock


def is_unset(stamp: Stamp) -> bool:
    """Whether a time is that at which 1970 began somewhere, where Unix counts from, or 1900, where databases do.

    >>> is_unset(Stamp("exact", "minute", datetime(1969, 12, 31, 19, 0)))
    True
    >>> is_unset(Stamp("exact", "minute", datetime(1969, 12, 31, 19, 5)))
    False
    """
    local = stamp.local
    if local is None or local.year > _UNIX.year or stamp.precision not in ("minute", "second"):
        return False
    minutes, rest = divmod(local - _UNIX, timedelta(minutes=1))
    return local == _DATABASES or (not rest and minutes in OFFSETS)
