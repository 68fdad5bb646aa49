"""Lines whose clock, zone or date may be something else: each is understood for certain, or doubted."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.dates import StampReader
from pipeline.dates.zones import zone
from pipeline.model import Dateline
from pipeline.stages import dateline
from pipeline.stages.dateline import Clocks

NEW_YORK = Clocks(zone("America/New_York"))
NOT_PROVEN, SPAN, UNKNOWN = "dateline_time_not_proven", "dateline_span_or_offset", "dateline_zone_unknown"


def read(line: str, language: str = "en") -> Dateline:
    """Return what a line says on a page of New York."""
    return dateline.read(line, StampReader((), "DMY", language), NEW_YORK)


def told(line: str, language: str = "en") -> str | None:
    """Return the instant that a line tells."""
    at = read(line, language).published_at
    return at.isoformat(timespec="minutes") if at is not None else None


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("3 May 2016 12:05a", "en"),
        ("3 May 2016 12:05A", "en"),
        ("3 May 2016 12:35 A", "en"),
        ("3 May 2016 5:05p", "en"),
        ("3 May 2016 | 1:02:35", "en"),
        ("3 May 2016 | 2:35", "en"),
        ("3 May 2016 | 2:35 min", "en"),
        ("3 Mei 2016 saa 2:00", "sw"),
        ("3 Mei 2016 2:00", "sw"),
        ("3 May 2016 2:00", "am"),
    ],
)
def test_a_clock_that_may_be_another_proves_the_day_alone(line: str, language: str) -> None:
    found = read(line, language)
    assert (found.published_local, found.precision) == (datetime.fromisoformat("2016-05-03"), "day")
    assert found.published_at is None
    assert NOT_PROVEN in found.warnings


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("3 Mei 2016 17:05", "2016-05-03T21:05"),
        ("3 Mei 2016 2:00 +0300", "2016-05-02T23:00"),
    ],
)
def test_an_hour_behind_noon_or_an_offset_is_of_no_clock_that_starts_at_sunrise(line: str, at: str) -> None:
    assert told(line, "sw") == at


@pytest.mark.parametrize("span", ["22:00-02:00", "22:00–02:00", "19:00-07:00", "9:00-5:00", "22:00-4"])
def test_a_span_of_the_evening_is_no_offset(span: str) -> None:
    found = read(f"3 May 2016 {span}")
    assert (found.status, found.published_local, found.warnings) == ("ambiguous", None, (SPAN,))


@pytest.mark.parametrize(("line", "status"), [("22:00-02:00", "ambiguous"), ("20:30-02:00", "ambiguous")])
def test_a_span_into_the_night_is_none_behind_a_day_as_machines_print_it(line: str, status: str) -> None:
    assert read(f"2016-05-03 {line}").status == status
    assert read(f"2016-05-03T{line}").status == read(f"2016-05-03 {line[:5]}:00{line[5:]}").status == "exact"


@pytest.mark.parametrize(
    "line", ["3 May 2016 22:00-0500", "3 May 2016 22:00 -05:00", "3 May 2016 22:00 GMT-05:00", "2016-05-03T22:00-05:00"]
)
def test_what_no_span_looks_like_is_an_offset(line: str) -> None:
    assert told(line) == "2016-05-04T03:00"


@pytest.mark.parametrize("offset", ["UTC+5.30", "GMT+5.30", "GMT+5 30", "+5.30", "GMT+0530 (India Standard Time)"])
def test_an_offset_that_can_mean_only_one_is_understood(offset: str) -> None:
    assert told(f"3 May 2016 11:55 {offset}") == "2016-05-03T06:25"


@pytest.mark.parametrize("offset", ["GMT 03:30", "GMT 3", "-200", "0200", "Georgia time", "San Juan time"])
def test_a_zone_that_is_not_known_gives_no_instant(offset: str) -> None:
    found = read(f"3 May 2016 11:55 {offset}")
    assert (found.published_local, found.published_at) == (datetime.fromisoformat("2016-05-03T11:55"), None)
    assert UNKNOWN in found.warnings


@pytest.mark.parametrize("offset", ["-05:58", "+03:23", "–02:07", "+0020"])
def test_an_offset_is_of_quarters_of_an_hour(offset: str) -> None:
    found = read(f"3 May 2016 11:55:10{offset}")
    assert (found.published_at, found.warnings) == (None, ("dateline_impossible_offset",))


@pytest.mark.parametrize("count", ["+1", "-1", "+3"])
def test_a_number_with_a_sign_behind_a_clock_may_count_something_else(count: str) -> None:
    found = read(f"3 May 2016 11:55 {count}")
    assert (found.published_at, found.warnings) == (None, (UNKNOWN,))
    assert told(f"3 May 2016 11:55 GMT{count}") is not None


def test_a_zone_behind_an_offset_is_nobodys_name() -> None:
    assert told("3 May 2016 11:55 GMT+03:00 EST") is None


def test_a_zone_is_known_where_all_that_it_names_agree() -> None:
    assert told("3 May 2016 17:05 Eastern European Time") is None
    assert told("3 January 2016 17:05 Eastern European Time") == "2016-01-03T15:05"
    assert told("3 May 2016 5:05 PM Eastern Time") == "2016-05-03T21:05"


@pytest.mark.parametrize(("place", "at"), [("القدس", "2016-05-03T08:55"), ("الميناء", None)])
def test_a_zone_in_arabic_words_is_not_that_of_the_profile(place: str, at: str | None) -> None:
    assert told(f"3 مايو 2016 11:55 بتوقيت {place}") == at


def test_words_of_24_hours_leave_no_doubt_of_the_half_of_the_day() -> None:
    found = read("16.03.2022, 11:55 Uhr (Hafener Zeit)", "de")
    assert found.published_local == datetime.fromisoformat("2022-03-16T11:55")
    assert UNKNOWN in found.warnings
    assert told("16 mars 2022 à 11 h 55 (heure de Paris)", "fr") == "2022-03-16T10:55"


def test_noon_may_be_said_twice() -> None:
    assert told("3 May 2016 12 noon") == told("3 May 2016 12:00 noon") == "2016-05-03T16:00"


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("3 May 2016 midnight", "en"),
        ("midnight, 3 May 2016", "en"),
        ("3 May 2016, 12 midnight GMT", "en"),
        ("3. Mai 2016, Mitternacht", "de"),
        ("3 mai 2016, minuit", "fr"),
    ],
)
def test_a_day_has_two_midnights_and_none_is_taken(line: str, language: str) -> None:
    found = read(line, language)
    assert (found.status, found.precision, found.published_at) == ("exact", "day", None)
    assert found.published_local == datetime.fromisoformat("2016-05-03")
    assert NOT_PROVEN in found.warnings


def test_a_zone_counts_for_the_clock_behind_it_on_the_line() -> None:
    reader = StampReader((), "DMY")
    found = dateline.read(
        "Published 16 March 2022 11:55 GMT, Updated 15:05", reader, Clocks(NEW_YORK.zone, {"GMT": "UTC"})
    )
    assert (found.published_at, found.updated_at) == (
        datetime.fromisoformat("2022-03-16T11:55"),
        datetime.fromisoformat("2022-03-16T15:05"),
    )


@pytest.mark.parametrize(
    "line",
    [
        "3 May 2016 23:50 | Updated: 00:10",
        "Published 3 May 2016 10:05 Updated 3 May 2012 10:06",
        "Published 3 May 2016 Updated 3 May 2012",
    ],
)
def test_no_page_is_changed_before_it_comes_out(line: str) -> None:
    found = read(line)
    assert found.updated_at is None
    assert found.warnings == ("dateline_updated_before_published",)


def test_an_update_on_the_day_of_publication_is_not_before_it() -> None:
    found = read("Published 3 May 2016 10:05 Updated 3 May 2016")
    assert found.warnings == ()


@pytest.mark.parametrize(
    "line",
    [
        "do 3 maja 2016",
        "3 maja 2016 do",
        "do 3. 5. 2016",
        "dal 3 maggio 2016",
        "من 3 مايو 2016",
        "3 Mayıs 2016'dan",
        *(f"{sign} 3 May 2016" for sign in "†*#€✆§~v"),
        "3 May 2016?",
    ],
)
def test_a_date_that_is_bound_to_something_else_is_not_that_of_the_page(line: str) -> None:
    assert read(line).status == "none"


@pytest.mark.parametrize("line", ["| 3 May 2016", "- 3 May 2016", "• 3 May 2016", "3. 5. 2016 v 11:55"])
def test_signs_that_only_part_bind_nothing(line: str) -> None:
    assert read(line).status == "exact"


def test_a_year_of_nepal_is_no_gregorian_one() -> None:
    assert (read("2073-01-21", "ne").status, read("2016-05-03", "ne").status) == ("inconsistent", "exact")


@pytest.mark.parametrize(("day", "status"), [("15", "inconsistent"), ("14", "exact")])
def test_two_calendars_of_the_sun_agree_to_the_day(day: str, status: str) -> None:
    assert read(f"3 May 2016 1395/02/{day}", "fa").status == status


def test_a_moon_is_seen_a_day_earlier_or_later() -> None:
    assert read("3 مايو 2016 - 25 رجب 1437", "ar").status == read("3 مايو 2016 - 26 رجب 1437", "ar").status == "exact"


def test_a_day_told_by_a_word_is_said_to_be_relative() -> None:
    assert read("Today, 11:55").warnings == ("dateline_relative_time",)
