"""Fourth stage: the timestamp line as a wall-clock time and, where a zone is known, as an instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from zoneinfo import ZoneInfo

from pipeline.dates import Stamp, StampReader, instant
from pipeline.dates.zones import offset_name, parse_offset
from pipeline.dates.zones import zone as iana_zone
from pipeline.model import Dateline, TimezoneSource


def read(
    raw: str | None, reader: StampReader, zone: ZoneInfo | None = None, zones: Mapping[str, str] | None = None
) -> Dateline:
    """Return what a timestamp line says.

    Args:
        raw: The line, or several of which the first counts; None when the page has none.
        reader: Reads the line by the profile's formats.
        zone: The zone of the source, used when the line names none.
        zones: IANA names of the abbreviations that the source prints.
    """
    first, *others = raw.split("\n") if raw is not None else ("",)
    stamp = reader.read(first)
    if stamp is None:
        return Dateline("none")
    if any(line != first for line in others):
        stamp = replace(stamp, warnings=(*stamp.warnings, "dateline_more_than_one"))
    zone_name, zone_source, known, warnings = _zone(stamp, zone, zones or {})
    if stamp.local is None or stamp.status != "exact" or known is None or stamp.precision not in ("minute", "second"):
        return Dateline(stamp.status, stamp.local, stamp.precision, warnings=(*stamp.warnings, *warnings))
    found = instant(stamp.local, known)
    return Dateline(
        stamp.status,
        stamp.local,
        stamp.precision,
        found.utc,
        found.offset_minutes,
        zone_name,
        zone_source,
        (*stamp.warnings, *warnings, *([found.warning] if found.warning else [])),
    )


def _zone(
    stamp: Stamp, zone: ZoneInfo | None, zones: Mapping[str, str]
) -> tuple[str | None, TimezoneSource | None, tzinfo | None, tuple[str, ...]]:
    """Return the zone by the text, else by the profile. An abbreviation means what the profile says, or nothing."""
    if stamp.offset is not None:
        try:
            printed = parse_offset(stamp.offset)
            return offset_name(printed), "text", printed, ()
        except ValueError:
            return None, None, None, ("dateline_impossible_offset",)
    if stamp.zone is not None:
        if name := zones.get(stamp.zone):
            return name, "profile", iana_zone(name), ()
        return None, None, None, ("dateline_zone_unknown",)
    if zone is not None:
        return zone.key, "profile", zone, ()
    return None, None, None, ()
