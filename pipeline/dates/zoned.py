"""Lines whose zone is told by more than an offset or an abbreviation: by words, or by a second clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from pipeline.dates import torn_offsets, two_clocks, zone_words
from pipeline.dates.normal import plain
from pipeline.dates.reading import TIME_NOT_PROVEN, Stamp
from pipeline.patterns import lazy_compile

_CLOCK = lazy_compile(r"[0-9]{1,2} ?(?:[:.hH時时点點시]|[AaPp]\.?[Mm])|[0-9]{4} [A-Z]{2}")
"""What a line must hold for a zone to mean anything."""
_HAS_TIME = ("minute", "second")


def read(text: str, language: str, read_line: Callable[[str], Iterable[Stamp]]) -> tuple[Stamp, ...]:
    """Return what a line says once the words of its zone, or its second clock, are understood; nothing otherwise.

    Args:
        text: The line.
        language: The language of its words; English is known as well.
        read_line: Reads what is left of it.
    """
    line = plain(text)
    if not _CLOCK.search(line):
        return ()
    if (clocks := two_clocks.first(line)) is not None:
        stamps = tuple(read_line(clocks.text))
        if clocks.offset is None and clocks.zone is None:
            return tuple(replace(stamp, warnings=(*stamp.warnings, TIME_NOT_PROVEN)) for stamp in stamps)
        return tuple(_told(stamp, clocks.offset, clocks.zone) for stamp in stamps)
    if (found := zone_words.cut(line, language)) is not None:
        stamps = tuple(read_line(found.text))
        if all(stamp.precision in _HAS_TIME and stamp.offset is None and stamp.zone is None for stamp in stamps):
            return tuple(_told(stamp, None, found.name) for stamp in stamps)
    return ()


def torn(text: str, read_line: Callable[[str], Iterable[Stamp]]) -> tuple[Stamp, ...]:
    """Return what a line says once an offset that lost a part of itself is understood; nothing where there is none."""
    found = torn_offsets.mended(plain(text))
    if found is None:
        return ()
    stamps = tuple(read_line(found.text))
    return stamps if found.zone is None else tuple(_told(stamp, None, found.zone) for stamp in stamps)


def shared(stamps: tuple[Stamp, ...]) -> tuple[Stamp, ...]:
    """Return the stamps of a line: the zone behind one clock is that of a clock behind it that has none."""
    if len(stamps) == 1:
        return stamps
    found: list[Stamp] = []
    offset, zone = None, None
    for stamp in stamps:
        if stamp.precision in _HAS_TIME and stamp.offset is None and stamp.zone is None:
            found.append(replace(stamp, offset=offset, zone=zone))
        else:
            offset, zone = stamp.offset, stamp.zone
            found.append(stamp)
    return tuple(found)


def _told(stamp: Stamp, offset: str | None, zone: str | None) -> Stamp:
    """Return a stamp with its zone, in place of the one beside its own clock, where it has a time of day."""
    return replace(stamp, offset=offset, zone=zone) if stamp.precision in _HAS_TIME else stamp
