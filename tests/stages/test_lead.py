"""Fifth stage: what a lead-in says, and the day of a page that has no timestamp line."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from pipeline.dates import LeadReader
from pipeline.model import Dateline, Document, Lead, Record
from pipeline.profiles import load
from pipeline.schema import ROLE_COLUMNS
from pipeline.stages import Cleaner, lead
from pipeline.store.tables import build

READER = LeadReader()
NONE = Dateline("none")
CLEANER = Cleaner(load())


midnight = datetime.fromisoformat


def stamped(day: str) -> Dateline:
    """Return what a timestamp line of that day says."""
    return Dateline("exact", datetime.fromisoformat(day), "second")


def clean(page: str) -> Document:
    """Return the document that a page gives."""
    return CLEANER.clean(Record("page.txt", 0, page.encode()))


def test_a_page_without_a_lead_in_says_nothing() -> None:
    assert lead.read(None, READER, stamped("2016-03-27")) == Lead()
    assert lead.dated(None, READER, Lead()) == NONE


def test_place_region_agency_and_day_are_apart() -> None:
    found = lead.read("OSTRAVEL, Maine, March 26 (AP) —", READER, stamped("2016-03-27T11:55:38"))
    assert found == Lead("OSTRAVEL", "Maine", "AP", date(2016, 3, 26))


@pytest.mark.parametrize(("stamp", "day"), [("2016-01-01", date(2015, 12, 31)), ("2015-12-30", date(2015, 12, 31))])
def test_the_timestamp_line_gives_the_year(stamp: str, day: date) -> None:
    assert lead.read("OSTRAVEL, Dec 31 —", READER, stamped(stamp)) == Lead("OSTRAVEL", day=day)


def test_the_record_gives_the_year_when_the_page_has_no_timestamp_line() -> None:
    recorded = date(2016, 1, 1)
    found = lead.read("OSTRAVEL, Dec 31 —", READER, NONE, recorded)
    assert found == Lead("OSTRAVEL", day=date(2015, 12, 31))
    assert lead.dated("OSTRAVEL, Dec 31 —", READER, found) == Dateline("partial", midnight("2015-12-31"), "day")
    assert lead.read("OSTRAVEL, Dec 31 —", READER, stamped("2014-01-02"), recorded).day == date(2013, 12, 31)


def test_a_record_of_another_day_is_no_contradiction() -> None:
    found = lead.read("OSTRAVEL, Dec 31 —", READER, NONE, date(2016, 1, 20))
    assert (found.day, found.warnings) == (date(2015, 12, 31), ())


@pytest.mark.parametrize(
    ("raw", "day"),
    [("OSTRAVEL, March 1 —", date(2016, 3, 1)), ("OSTRAVEL, July 27 —", None), ("OSTRAVEL, 27 MAR 15 —", None)],
)
def test_a_day_that_contradicts_the_timestamp_line_is_told_and_never_mended(raw: str, day: date | None) -> None:
    found = lead.read(raw, READER, stamped("2016-03-27"))
    assert (found.day, found.warnings) == (day, ("lead_date_contradicts_dateline",))


@pytest.mark.parametrize("away", ["2016-03-24", "2016-03-30"])
def test_three_days_are_no_contradiction(away: str) -> None:
    assert lead.read("OSTRAVEL, March 27 —", READER, stamped(away)) == Lead("OSTRAVEL", day=date(2016, 3, 27))


@pytest.mark.parametrize(
    ("raw", "dateline"),
    [
        ("OSTRAVEL, March 27, 2016 (AP) —", Dateline("exact", midnight("2016-03-27"), "day")),
        ("OSTRAVEL, March 27 (AP) —", Dateline("partial")),
        ("OSTRAVEL, 27 MAR 16 (AP) —", Dateline("partial")),
        ("OSTRAVEL (AP) —", NONE),
    ],
)
def test_without_a_timestamp_line_the_lead_in_dates_the_page(raw: str, dateline: Dateline) -> None:
    found = lead.read(raw, READER, NONE)
    assert lead.dated(raw, READER, found) == dateline


def test_a_timestamp_line_counts_before_the_lead_in() -> None:
    page = "Ferry Back\n\nMar 28, 2016\n\nOSTRAVEL, March 27, 2016 (AP) — Rain fell.\n"
    assert clean(page).dateline == Dateline("exact", midnight("2016-03-28"), "day")
    assert clean(page).lead == Lead("OSTRAVEL", None, "AP", date(2016, 3, 27))


def test_a_contradiction_is_a_warning_of_the_article() -> None:
    assert clean("Ferry Back\n\nMar 28, 2016\n\nOSTRAVEL, May 2 (AP) — Rain fell.").warnings == (
        "lead_date_contradicts_dateline",
    )


@pytest.mark.parametrize("stamp", ["", "Mar 28, 2016\n\n"])
def test_the_row_holds_the_lead_in_once_for_the_ledger_and_once_for_the_reader(stamp: str) -> None:
    document = clean(f"Ferry Back\n\n{stamp}OSTRAVEL, Maine, March 27, 2016 (AP) — Rain fell.")
    (row,) = build([document], [])["articles"].to_pylist()
    assert [row[name] for name in ("lead_raw", "place", "region", "agency", "lead_date", "body")] == [
        "OSTRAVEL, Maine, March 27, 2016 (AP) —",
        *("OSTRAVEL", "Maine", "AP", date(2016, 3, 27), "Rain fell."),
    ]
    assert row["dateline_raw"] == (stamp.strip() or row["lead_raw"])
    tiles = [edit for edit in document.article.edits if edit.role == "lead"]
    assert [(edit.text_start, edit.text_stop) for edit in tiles] == [(0, len(row["lead_raw"].encode()))]
    assert ROLE_COLUMNS["lead"] == "lead_raw"


def test_a_weekday_in_a_lead_in_is_held_against_its_day() -> None:
    wrong = clean("Ferry Back\n\nOSTRAVEL, Sunday, May 3, 2016 (AP) — Rain fell.")
    assert wrong.dateline == Dateline("inconsistent", midnight("2016-05-03"), "day")
    assert wrong.warnings == ("dateline_weekday_contradicts_date",)
    right = clean("Ferry Back\n\nOSTRAVEL, Tuesday, May 3, 2016 (AP) — Rain fell.")
    assert (right.dateline.status, right.warnings) == ("exact", ())


@pytest.mark.parametrize(
    "day", ["domenica, 3 maggio 2016 (ANSA)", "Sonntag, 3. Mai 2016 (dpa)", "воскресенье, 3 мая 2016 (ТАСС)"]
)
def test_a_weekday_of_another_language_is_held_against_its_day_as_well(day: str) -> None:
    found = lead.read(f"OSTRAVEL, {day} — Rain fell.", READER, Dateline("none"))
    assert found.warnings == ("dateline_weekday_contradicts_date",)
    right = day.replace("domenica", "martedì").replace("Sonntag", "Dienstag").replace("воскресенье", "вторник")
    assert lead.read(f"OSTRAVEL, {right} — Rain fell.", READER, Dateline("none")).warnings == ()


def test_a_weekday_that_no_year_near_the_stamp_fits_leaves_no_day() -> None:
    found = lead.read("OSTRAVEL, Sunday, May 3 (AP) —", READER, stamped("2016-05-03"))
    assert (found.day, found.warnings) == (None, ("dateline_weekday_contradicts_date",))


def test_a_year_in_a_chinese_lead_in_is_held_against_the_stamp() -> None:
    found = lead.read("新华社北京2016年5月3日电", READER, stamped("2012-05-03"))
    assert (found.day, found.warnings) == (date(2016, 5, 3), ("lead_date_contradicts_dateline",))
