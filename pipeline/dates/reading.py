"""What a timestamp says by itself, and what is known before it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pipeline.model import DatelineStatus, Precision

Order = Literal["MDY", "DMY", "YMD"]
Kind = Literal["published", "updated"]

YEARS = range(1800, 2101)
TIME_NOT_PROVEN = "dateline_time_not_proven"
"""Says that a line prints a time of day that may be another one, and that only its day was taken."""
LONGEST = 120
"""Characters of a timestamp line at most; longer lines are prose."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a timestamp line says by itself, before any zone is known.

    ``local`` is the time as printed, null where it is not one time; only an ``exact`` stamp leads to an instant.
    ``offset`` and ``zone`` are as printed. ``kind`` is what its label says, ``published`` without one. ``order`` is the
    order of the parts of an all-digit date where the digits or the weekday leave only one: evidence for other stamps.
    ``is_foreign``: its month is short for one in a language that nobody expected, and in hardly any other.
    ``utc``: the instant itself, where the time was counted back from one; a repeated hour is no doubt then.
    """

    status: DatelineStatus
    precision: Precision | None = None
    local: datetime | None = None
    offset: str | None = None
    zone: str | None = None
    warnings: tuple[str, ...] = ()
    kind: Kind = "published"
    order: Order | None = field(default=None, compare=False)
    is_foreign: bool = field(default=False, compare=False)
    utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a source before its timestamps are read.

    Attributes:
        language: Language of its names of months; English names are read as well, those of other languages after these.
        order: Order of the parts of an all-digit date.
        century_from: First of the hundred years that a year of two digits stands for.
    """

    language: str = "en"
    order: Order | None = None
    century_from: int | None = None
