"""From a wall-clock time to an instant, with the full history of IANA zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from msgspec import Struct

from pipeline.patterns import lazy_compile

OFFSETS = range(-12 * 60, 14 * 60 + 1, 15)
"""Minutes of the offsets of our time: quarters of an hour, from a ship's in the far west to that of Kiritimati."""

_NAME = lazy_compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")


@cache
def zone(name: str) -> ZoneInfo:
    """Return an IANA zone from the ``tzdata`` package, whatever the machine's own zone files say.

    >>> zone("Asia/Tehran").key
    'Asia/Tehran'

    Raises:
        ValueError: There is no such zone.
    """
    if _NAME.fullmatch(name):
        folder, _, file = f"zoneinfo/{name}".rpartition("/")
        path = resources.files("tzdata").joinpath(*folder.split("/"), file)
        if path.is_file():
            with path.open("rb") as stream:
                return ZoneInfo.from_file(stream, key=name)
    raise ValueError(f"{name!r} is not an IANA time zone; {_meant(name)}")


def _meant(name: str) -> str:
    """Return a hint at the zone that was meant: by its letters whatever their case, by its city, or by most letters."""
    from difflib import get_close_matches  # only where something is wrong

    zones = resources.files("tzdata").joinpath("zones").read_text("utf-8").split()
    known = {zone.casefold(): zone for zone in zones}
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in zones}
    wanted = name.casefold()
    meant = known.get(wanted) or cities.get(wanted)
    if meant is None and (close := get_close_matches(wanted, known, 1, 0.8)):
        meant = known[close[0]]
    return f"did you mean {meant}?" if meant is not None else "one looks like Europe/Lisbon"


class Instant(Struct, frozen=True, gc=False):
    """An instant in UTC (without tzinfo) and the offset that led there, or why there is none."""

    utc: datetime | None = None
    offset_minutes: int | None = None
    warning: str | None = None


def instant(local: datetime, zone: tzinfo) -> Instant:
    """Return the instant of a wall-clock time.

    An hour that a change of clocks skipped never was, and one that it repeated was twice: neither gives an instant. Nor
    does the mean time of a place, which clocks showed before there were zones: no whole minutes are its offset.

    >>> from zoneinfo import ZoneInfo
    >>> instant(datetime(2016, 3, 27, 11, 55, 38), ZoneInfo("Asia/Tehran")).offset_minutes
    270
    >>> instant(datetime(2016, 3, 27, 2, 30), ZoneInfo("Europe/Berlin")).warning
    'local_time_skipped'
    """
    early, late = local.replace(fold=0) if local.fold else local, local.replace(fold=1)
    offset = zone.utcoffset(early)
    if offset is None:
        return Instant()
    if offset != zone.utcoffset(late):
        returned = early.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        return Instant(warning="local_time_repeated" if returned == local else "local_time_skipped")
    minutes, left = divmod(offset.total_seconds(), 60)
    if left:
        return Instant(warning="local_offset_has_seconds")
    return Instant(early - offset, int(minutes))


def parse_offset(text: str) -> timezone:
    """Return the zone of a printed offset.

    >>> parse_offset("+0430").utcoffset(None)
    datetime.timedelta(seconds=16200)

    Raises:
        ValueError: No such offset exists.
    """
    if text in {"Z", "z"}:
        return timezone(timedelta(0))
    sign = -1 if text[0] == "-" else 1
    hours, minutes = int(text[1:3]), int(text[-2:])
    offset = sign * (60 * hours + minutes)
    if offset not in OFFSETS or minutes not in range(60):
        raise ValueError(f"{text!r} is an offset that no place has")
    return timezone(timedelta(minutes=offset))


def offset_name(zone: timezone) -> str:
    """Return the one spelling of an offset.

    >>> offset_name(parse_offset("-0330")), offset_name(parse_offset("Z"))
    ('-03:30', '+00:00')
    """
    minutes = int(zone.utcoffset(None).total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
