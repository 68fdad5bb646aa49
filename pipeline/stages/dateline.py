"""Fourth stage: the timestamp line as a wall-clock time and, where a zone is known, as an instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from pipeline.dates import Found, Stamp, StampReader, clock_lines, instant, unset
from pipeline.dates.credit_lines import is_label
from pipeline.dates.reading import TIME_NOT_PROVEN, YEAR_UNKNOWN
from pipeline.dates.zone_words import resolve
from pipeline.dates.zones import Instant, offset_name, parse_offset
from pipeline.dates.zones import zone as iana_zone
from pipeline.model import Dateline, TimezoneSource


class Clocks(Struct, frozen=True, gc=False):
    """What is known of a source's clock.

    Attributes:
        zone: Its zone, used when a line names none.
        zones: IANA names of the abbreviations that the source prints.
        observed: The offset that its other pages print, used when the zone is not known.
    """

    zone: ZoneInfo | None = None
    zones: Mapping[str, str] = {}
    observed: timezone | None = None

    @property
    def known(self) -> tzinfo | None:
        """What the clock shows, by the profile or else by the other pages; None when nobody knows."""
        return self.zone if self.zone is not None else self.observed


UNKNOWN = Clocks()
NO_DATELINE = Dateline("none")
READING_UNKNOWN = "dateline_reading_unknown"
UNIVERSAL = frozenset({"UTC", "GMT"})
"""Abbreviations that mean one thing everywhere."""


def read(  # noqa: PLR0913 - all that a time may depend on
    raw: str | None,
    reader: StampReader,
    clocks: Clocks = UNKNOWN,
    fetched: datetime | None = None,
    spoken: str | None = None,
    *,
    near: date | None = None,
) -> Dateline:
    """Return what a timestamp line says.

    Args:
        raw: The line, or several of which the first that tells when the text came out counts; None without any. A day
            alone, as a masthead has it, gives way to a time of day below it that is not later than that day.
        reader: Reads the line.
        clocks: What is known of the source's clock.
        fetched: When the page was fetched, by that clock: "3 hours ago" counts from it.
        spoken: Language of the page's prose: it decides what a name means that is another month elsewhere.
        near: A day near that of the page, by its container: a day without a year is the nearest to it.
    """
    if raw is None:
        return NO_DATELINE
    lines = _with_clocks(_labelled(raw.split("\n")), reader) if "\n" in raw else ((raw, ()),)
    stamps = [
        replace(stamp, warnings=(*stamp.warnings, *doubts)) if doubts else stamp
        for line, doubts in lines
        for stamp in _completed(line, _stamps(line, reader, fetched, spoken), reader, fetched, spoken, near=near)
    ]
    if len(stamps) == 1 and stamps[0].kind == "published":  # as on most pages
        return _instant(stamps[0], clocks, reader.language)
    published = [stamp for stamp in stamps if stamp.kind == "published"]
    updated = [stamp for stamp in stamps if stamp.kind == "updated"]
    last = _instant(updated[-1], clocks, reader.language) if updated else NO_DATELINE
    changed = last.published_at
    if not published:
        if not updated:
            return NO_DATELINE
        return Dateline("partial", warnings=(*updated[-1].warnings, "dateline_only_updated"), updated_at=changed)
    own = _own(published)
    found = _instant(own, clocks, reader.language)
    if not updated and len(published) == 1:
        return found
    more: tuple[str, ...] = ("dateline_more_than_one",) if _differ(published, own) else ()
    if _is_earlier(last, found):
        changed, more = None, (*more, "dateline_updated_before_published")
    told = (*found.warnings, *(updated[-1].warnings if updated else ()), *more)
    return replace(found, updated_at=changed, warnings=tuple(dict.fromkeys(told)))


def _labelled(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines with the label that stands on a line of its own above them."""
    label = ""
    for line in lines:
        if is_label(line):
            label = line + " "
        else:
            yield label + line
            label = ""


def _with_clocks(lines: Iterable[str], reader: StampReader) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield lines, each with the time of day on a line of its own below it, and a warning where that is not proven."""
    above: str | None = None
    for line in lines:
        clock = clock_lines.read(line) if above is not None else None
        if above is not None and clock is not None and all(day.precision == "day" for day in reader.read_all(above)):
            yield (f"{above} {clock.text}", ()) if clock.proven else (above, (TIME_NOT_PROVEN,))
            above = None
            continue
        if above is not None:
            yield above, ()
        above = line
    if above is not None:
        yield above, ()


def unread(lines: Iterable[str], reader: StampReader) -> tuple[str, ...]:
    """Return a warning when one of a page's first or last lines holds a date that may be about something else.

    Args:
        lines: The short lines at head and foot of a page that has no timestamp line.
        reader: Finds the date.
    """
    for line in lines:
        if any(_is_whole(found, line) for found in reader.find(line)):
            return ("dateline_not_proven",)
    return ()


def _is_whole(found: Found, line: str) -> bool:
    """Whether a date names a day and stands apart from other letters and digits, as a part of a number does not."""
    around = line[max(0, found.start - 1) : found.start] + line[found.stop : found.stop + 1]
    beside = any(character.isascii() and character.isalnum() for character in around)
    return found.stamp.precision in ("day", "minute", "second") and not beside


def _stamps(line: str, reader: StampReader, fetched: datetime | None, spoken: str | None) -> tuple[Stamp, ...]:
    found = reader.read_all(line, fetched) or reader.credits(line)
    if spoken is None or not any(one.warnings or one.is_foreign for one in found):
        return found
    doubtful = any(told.startswith(READING_UNKNOWN) for one in found for told in one.warnings)
    if not doubtful and not any(one.is_foreign for one in found):
        return found
    by_page = reader.speaking(spoken)
    again = by_page.read_all(line, fetched) or by_page.credits(line)
    if doubtful:
        return again if again and all(one.status == "exact" for one in again) else found
    # A page whose own language does not have the name may spell a month of its own like that.
    return tuple(map(_doubted, found)) if any(one.is_foreign for one in again) else found


def _completed(  # noqa: PLR0913 - what `read` is told
    line: str,
    found: tuple[Stamp, ...],
    reader: StampReader,
    fetched: datetime | None,
    spoken: str | None,
    *,
    near: date | None,
) -> tuple[Stamp, ...]:
    """Return what a line tells with the years that it does not print, where the container says of about which day.

    No page is later than its container; a day more is left to zones.
    """
    if near is None or not any(YEAR_UNKNOWN in stamp.warnings for stamp in found):
        return found
    last = (fetched.date() if fetched is not None else near) + timedelta(days=1)
    completed = _stamps(line, reader.completing(near), fetched, spoken)
    return completed if all(stamp.local is None or stamp.local.date() <= last for stamp in completed) else found


def _doubted(stamp: Stamp) -> Stamp:
    if stamp.local is None or not stamp.is_foreign:
        return stamp
    told = (*stamp.warnings, f"{READING_UNKNOWN}:{stamp.local:%Y-%m-%d}")
    return replace(stamp, status="ambiguous", local=None, warnings=told)


def _is_earlier(changed: Dateline, published: Dateline) -> bool:
    """Whether a page would have been changed before it came out: by instants, or else by what the clocks showed."""
    if changed.published_at is not None and published.published_at is not None:
        return changed.published_at < published.published_at
    one, other = changed.published_local, published.published_local
    if one is None or other is None:
        return False
    by_day = "day" in (changed.precision, published.precision) or changed.timezone != published.timezone
    exact = {changed.precision, published.precision} <= {"day", "minute", "second"}
    return exact and (one.date() < other.date() if by_day else one < other)


def _own(published: Sequence[Stamp]) -> Stamp:
    """Return the stamp that counts: the first, or the time of day below one that may be the masthead's."""
    first = published[0]
    if first.precision != "day" or first.status != "exact" or first.local is None:
        return first
    day = first.local.date()
    timed = (stamp for stamp in published[1:] if stamp.status == "exact" and stamp.precision in _CLOCK_TIMES)
    return next((stamp for stamp in timed if stamp.local is not None and stamp.local.date() <= day), first)


_CLOCK_TIMES = ("minute", "second")


def _differ(stamps: Sequence[Stamp], own: Stamp) -> bool:
    """Whether another stamp than the one that counts says anything else than the same time, or its day alone."""
    day = own.local.date() if own.local is not None else None
    return any(
        stamp != own and (stamp.precision != "day" or stamp.local is None or stamp.local.date() != day)
        for stamp in stamps
    )


def _instant(stamp: Stamp, clocks: Clocks, language: str) -> Dateline:
    """Return the stamp with its instant, where it is one time of a clock whose zone is known."""
    if unset.is_unset(stamp):
        return Dateline("inconsistent", stamp.local, stamp.precision, warnings=(*stamp.warnings, unset.WARNING))
    name, source, known, warnings = _zone(stamp, clocks, language)
    if stamp.local is None or stamp.status != "exact" or known is None or stamp.precision not in ("minute", "second"):
        return Dateline(stamp.status, stamp.local, stamp.precision, warnings=(*stamp.warnings, *warnings))
    found = _of_instant(stamp.utc, known) if stamp.utc is not None else instant(stamp.local, known)
    said = (*stamp.warnings, *warnings, *([found.warning] if found.warning else []))
    return Dateline(stamp.status, stamp.local, stamp.precision, found.utc, found.offset_minutes, name, source, said)


def _of_instant(utc: datetime, known: tzinfo) -> Instant:
    """Return an instant with the offset that its clock showed; one of no whole minutes gives none."""
    seconds = (utc.replace(tzinfo=UTC).astimezone(known).utcoffset() or timedelta()).total_seconds()
    return Instant(utc, int(seconds) // 60) if seconds % 60 == 0 else Instant(warning="local_offset_has_seconds")


def _zone(
    stamp: Stamp, clocks: Clocks, language: str
) -> tuple[str | None, TimezoneSource | None, tzinfo | None, tuple[str, ...]]:
    """Return the zone by the text, the profile or the other pages. Abbreviations mean what the profile says."""
    if stamp.offset is not None:
        try:
            printed = parse_offset(stamp.offset)
        except ValueError:
            return None, None, None, ("dateline_impossible_offset",)
        return offset_name(printed), "text", printed, ()
    if stamp.zone is not None:
        name = clocks.zones.get(stamp.zone)
        if name is None:
            return _in_words(stamp, language) or (None, None, None, ("dateline_zone_unknown",))
        return name, _source(stamp.zone, name), iana_zone(name), ()
    if clocks.zone is not None:
        return clocks.zone.key, "profile", clocks.zone, ()
    seen = clocks.observed
    return (offset_name(seen), "evidence", seen, ()) if seen is not None else (None, None, None, ())


def _in_words(
    stamp: Stamp, language: str
) -> tuple[str | None, TimezoneSource | None, tzinfo | None, tuple[str, ...]] | None:
    """Return the zone that is named in words; None when it is none that is known, or contradicts the time."""
    meant = resolve(stamp.zone, stamp.local, language) if stamp.zone and stamp.local else None
    if meant is None:
        return None
    name, clock = meant
    return name or (offset_name(clock) if isinstance(clock, timezone) else None), "text", clock, ()


def _source(abbreviation: str, name: str) -> TimezoneSource:
    """Return who says what an abbreviation means: a profile may know that its newsroom prints GMT all summer."""
    return "text" if abbreviation in UNIVERSAL and name == "UTC" else "profile"
