"""Fifth stage: the lead-in as place, region, agency and day, and the page's day where it has no timestamp line."""

from __future__ import annotations

from datetime import date, datetime, time

from pipeline.dates import LeadReader, complete
from pipeline.model import Dateline, Lead

NO_LEAD = Lead()
WEEKDAY = "dateline_weekday_contradicts_date"


def read(raw: str | None, reader: LeadReader, dateline: Dateline, recorded: date | None = None) -> Lead:
    """Return what a lead-in says.

    Args:
        raw: The lead-in as it stood, or several of which the first counts; None when the page has none.
        reader: Reads it again, with its parts apart.
        dateline: What the timestamp line says: its day completes a day without a year, and is held against any other.
        recorded: Day of the document's own record, which completes a day where there is no timestamp line.
    """
    found = reader.read(raw) if raw is not None else None
    if found is None:
        return NO_LEAD
    stamped = dateline.published_local.date() if dateline.published_local is not None else None
    if found.day is None:
        return Lead(found.place, found.region, found.agency)
    completed = complete(found.day, stamped or recorded)
    warnings = ("lead_date_contradicts_dateline",) if stamped is not None and completed.contradicts else ()
    day = completed.day
    if day is not None and found.day.contradicts(day):
        # The year that fits the timestamp line does not fit the weekday: one of them is another.
        day, warnings = day if found.day.has_year else None, (*warnings, WEEKDAY)
    return Lead(found.place, found.region, found.agency, day, warnings)


def dated(raw: str | None, reader: LeadReader, lead: Lead) -> Dateline:
    """Return the dateline of a page that has no timestamp line: the day of its lead-in, if it has one.

    The status is ``exact`` when the lead-in prints the year, ``partial`` when it prints a day without one, and
    ``inconsistent`` when its weekday is not that of its day.
    """
    found = reader.read(raw) if raw is not None else None
    if found is None or found.day is None:
        return Dateline("none")
    if lead.day is None:
        return Dateline("partial")
    local = datetime.combine(lead.day, time())
    if WEEKDAY in lead.warnings:
        return Dateline("inconsistent", local, "day")
    return Dateline("exact" if found.day.has_year else "partial", local, "day")
