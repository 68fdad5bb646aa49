"""What the container of a document says of its time: the reference of dates that are not whole."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from msgspec import Struct

from pipeline.dates import recorded
from pipeline.model import NOWHERE, Origin


class Reference(Struct, frozen=True):
    """What dates that are not whole are completed from.

    Attributes:
        clock: When the page was fetched, by the source's clock, with its zone where the record gives an instant:
            relative times count from it; None when not known.
        day: A day near that of the page: a day without a year is the nearest to it.
        warnings: Codes of what could not be read.
    """

    clock: datetime | None = None
    day: date | None = None
    warnings: tuple[str, ...] = ()


UNKNOWN = Reference()


def reference(origin: Origin, clock: tzinfo | None) -> Reference:
    """Return what a document's container says of its time.

    A relative time counts from when the page was fetched, else from the record's own date. A day without a year is
    near the record's own date rather than near the fetching, which may be years later.

    Args:
        origin: What the container says.
        clock: The zone of the source, where it is known; an instant is no time of an unknown clock.
    """
    if origin is NOWHERE:
        return UNKNOWN
    fetched, dated = recorded.read(origin.fetched_at), recorded.read(origin.date)
    given = ((origin.fetched_at, fetched), (origin.date, dated))
    unreadable = any(text is not None and moment is None for text, moment in given)
    counted = next((moment for moment in (fetched, dated) if moment is not None and moment.has_time), None)
    near = dated or fetched
    return Reference(
        _by_zone(counted, clock) if counted is not None else None,
        near.when.date() if near is not None else None,
        ("recorded_time_unreadable",) if unreadable else (),
    )


def _by_zone(moment: recorded.Moment, clock: tzinfo | None) -> datetime | None:
    return moment.when.astimezone(clock) if moment.when.tzinfo is not None and clock is not None else moment.by(clock)
