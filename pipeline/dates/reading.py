"""What a timestamp says by itself, and what is known before it is read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from pipeline.model import DatelineStatus, Precision

Order = Literal["MDY", "DMY", "YMD"]
Kind = Literal["published", "updated"]

YEARS = range(1800, 2101)
TIME_NOT_PROVEN = "dateline_time_not_proven"
"""Says that a line prints a time of day that may be another one, and that only its day was taken."""
YEAR_UNKNOWN = "dateline_year_unknown"
"""Says that a line prints day and month, and no year."""
YEAR_COMPLETED = "dateline_year_completed"
"""Says that the year is the one nearest to a day that the container gives."""
LONGEST = 120
"""Characters of a timestamp line at most; longer lines are prose."""


class Stamp(Struct, frozen=True, gc=False, eq=False):
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
    order: Order | None = None
    is_foreign: bool = False
    utc: datetime | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stamp) and self._said == other._said

    def __hash__(self) -> int:
        return hash(self._said)

    @property
    def _said(self) -> tuple[object, ...]:
        """What the line says; what it proves of other lines makes no other stamp of it."""
        clock = self.precision, self.local, self.offset, self.zone, self.utc
        return self.status, *clock, self.warnings, self.kind


class Known(Struct, frozen=True):
    """What is known of a source before its timestamps are read.

    Attributes:
        language: Language of its names of months; English names are read as well, those of other languages after these.
        order: Order of the parts of an all-digit date.
        century_from: First of the hundred years that a year of two digits stands for.
        near: A day near that of the page: a day without a year is the nearest to it.
    """

    language: str = "en"
    order: Order | None = None
    century_from: int | None = None
    near: date | None = None
