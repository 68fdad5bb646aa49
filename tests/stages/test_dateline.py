"""Fourth stage: a wall-clock time becomes an instant only where the text or the profile names the zone."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.dates import StampReader, compile_format
from pipeline.dates.zones import parse_offset, zone
from pipeline.model import Dateline
from pipeline.stages import dateline
from pipeline.stages.dateline import Clocks

READER = StampReader(
    [
        compile_format(source)
        for source in ("%a %b %d, %Y %H:%M:%S", "%b %d, %Y", "%b %Y", "%Y-%m-%d %H:%M %z", "%Y-%m-%d %H:%M %Z")
    ]
)
TEHRAN = zone("Asia/Tehran")
LINE = "Sun Mar 27, 2016 11:55:38"


def at(text: str) -> datetime:
    """Return a wall-clock time, or an instant in UTC."""
    return datetime.fromisoformat(text)


def test_the_profile_gives_the_zone() -> None:
    assert dateline.read(LINE, READER, Clocks(TEHRAN)) == Dateline(
        "exact",
        published_local=at("2016-03-27 11:55:38"),
        precision="second",
        published_at=at("2016-03-27 07:25:38"),
        utc_offset_minutes=270,
        timezone="Asia/Tehran",
        timezone_source="profile",
    )


def test_without_a_zone_there_is_a_local_time_and_no_instant() -> None:
    assert dateline.read(LINE, READER) == Dateline(
        "exact", published_local=at("2016-03-27 11:55:38"), precision="second"
    )


def test_a_printed_offset_comes_before_the_profile() -> None:
    found = dateline.read("2016-03-27 11:55 +0000", READER, Clocks(TEHRAN))
    assert (found.published_at, found.utc_offset_minutes) == (at("2016-03-27 11:55"), 0)
    assert (found.timezone, found.timezone_source) == ("+00:00", "text")


@pytest.mark.parametrize("offset", ["-0330", "-03:30"])
def test_a_printed_offset_needs_no_profile_and_has_one_spelling(offset: str) -> None:
    found = dateline.read(f"2016-03-27 11:55 {offset}", READER)
    assert (found.published_at, found.utc_offset_minutes) == (at("2016-03-27 15:25"), -210)
    assert found.timezone == "-03:30"


def test_an_impossible_offset_gives_no_instant_and_the_profile_does_not_step_in() -> None:
    found = dateline.read("2016-03-27 11:55 +9900", READER, Clocks(TEHRAN))
    assert (found.published_at, found.timezone, found.utc_offset_minutes) == (None, None, None)
    assert found.published_local == at("2016-03-27 11:55")
    assert found.warnings == ("dateline_impossible_offset",)


def test_an_abbreviation_means_what_the_profile_says() -> None:
    found = dateline.read("2016-03-27 11:55 IRDT", READER, Clocks(zones={"IRDT": "Asia/Tehran"}))
    assert (found.published_at, found.timezone) == (at("2016-03-27 07:25"), "Asia/Tehran")
    assert found.timezone_source == "profile"


@pytest.mark.parametrize("abbreviation", ["GMT", "UTC"])
def test_universal_time_is_said_by_the_text(abbreviation: str) -> None:
    line = f"2016-07-27 11:55 {abbreviation}"
    found = dateline.read(line, READER, Clocks(TEHRAN, {"GMT": "UTC", "UTC": "UTC"}))
    assert (found.published_at, found.timezone, found.timezone_source) == (at("2016-07-27 11:55"), "UTC", "text")
    meant = dateline.read(line, READER, Clocks(TEHRAN, {abbreviation: "Europe/London"}))
    assert (meant.published_at, meant.timezone_source) == (at("2016-07-27 10:55"), "profile")


@pytest.mark.parametrize("abbreviation", ["IST", "EST", "GMT", "UTC", "irdt"])
def test_an_abbreviation_that_the_profile_does_not_name_means_nothing(abbreviation: str) -> None:
    found = dateline.read(f"2016-03-27 11:55 {abbreviation}", READER, Clocks(TEHRAN, {"IRDT": "Asia/Tehran"}))
    assert (found.published_at, found.timezone, found.timezone_source) == (None, None, None)
    assert found.warnings == ("dateline_zone_unknown",)


@pytest.mark.parametrize(("line", "precision"), [("Mar 27, 2016", "day"), ("Mar 2016", "month")])
def test_a_day_or_a_month_is_no_instant(line: str, precision: str) -> None:
    found = dateline.read(line, READER, Clocks(TEHRAN))
    assert (found.status, found.precision, found.published_at, found.timezone) == ("exact", precision, None, None)


def test_a_weekday_that_contradicts_the_date_gives_no_instant() -> None:
    found = dateline.read("Mon Mar 27, 2016 11:55:38", READER, Clocks(TEHRAN))
    assert (found.status, found.published_local) == ("inconsistent", at("2016-03-27 11:55:38"))
    assert (found.published_at, found.utc_offset_minutes, found.timezone) == (None, None, None)
    assert found.warnings == ("dateline_weekday_contradicts_date",)


@pytest.mark.parametrize(
    ("line", "warning"),
    [("Mon Mar 21, 2016 00:30:00", "local_time_skipped"), ("Tue Sep 20, 2016 23:30:00", "local_time_repeated")],
)
def test_an_hour_that_was_not_or_was_twice_gives_no_instant(line: str, warning: str) -> None:
    found = dateline.read(line, READER, Clocks(TEHRAN))
    assert (found.status, found.published_at, found.utc_offset_minutes) == ("exact", None, None)
    assert (found.timezone, found.warnings) == ("Asia/Tehran", (warning,))


def test_a_date_with_two_readings_decides_nothing() -> None:
    found = dateline.read("03/04/2016 11:55", READER, Clocks(TEHRAN))
    assert (found.status, found.published_local, found.published_at) == ("ambiguous", None, None)
    assert found.precision == "minute"
    assert found.warnings == ("dateline_order_unknown:2016-04-03|2016-03-04",)


def test_of_several_lines_the_first_counts_and_another_time_is_said() -> None:
    found = dateline.read(f"{LINE}\nMar 28, 2016", READER, Clocks(TEHRAN))
    assert (found.published_at, found.warnings) == (at("2016-03-27 07:25:38"), ("dateline_more_than_one",))
    assert dateline.read(f"{LINE}\n{LINE}", READER, Clocks(TEHRAN)) == dateline.read(LINE, READER, Clocks(TEHRAN))


@pytest.mark.parametrize(
    ("lines", "local", "warnings"),
    [
        ("Tuesday, May 3, 2016\n3 May 2016 14:05", "2016-05-03 14:05", ()),
        ("Wednesday, May 4, 2016\n3 May 2016 14:05", "2016-05-03 14:05", ("dateline_more_than_one",)),
        ("Wednesday, May 4, 2016\n3 May 2016", "2016-05-04", ("dateline_more_than_one",)),
        ("3 May 2016\n4 May 2016 14:05", "2016-05-03", ("dateline_more_than_one",)),  # it may be an update
        ("3 May 2016 14:05\n3 May 2016", "2016-05-03 14:05", ()),
    ],
)
def test_the_day_of_a_masthead_gives_way_to_a_time_that_is_not_later(
    lines: str, local: str, warnings: tuple[str, ...]
) -> None:
    found = dateline.read(lines, StampReader())
    assert (found.published_local, found.warnings) == (at(local), warnings)


@pytest.mark.parametrize(
    "line",
    ["1970-01-01 00:00:00", "1 January 1970, 01:00", "December 31, 1969 7:00 PM", "1970-01-01T05:30:00+05:30"],
)
def test_the_time_of_a_clock_that_nobody_set_is_no_instant(line: str) -> None:
    found = dateline.read(line, StampReader(), Clocks(TEHRAN))
    assert (found.status, found.published_at, found.warnings) == ("inconsistent", None, ("dateline_unset_clock",))


@pytest.mark.parametrize("line", ["1 January 1970", "1 January 1970 19:00", "31 December 1969 19:05"])
def test_the_days_around_it_had_times_as_any_other(line: str) -> None:
    assert dateline.read(line, StampReader(), Clocks(TEHRAN)).status == "exact"


@pytest.mark.parametrize("line", [None, "", "Rain fell."])
def test_without_a_timestamp_line_there_is_none(line: str | None) -> None:
    assert dateline.read(line, READER, Clocks(TEHRAN)) == Dateline("none")


def test_an_update_stamp_gives_updated_at_and_leaves_the_time_of_publication_alone() -> None:
    found = dateline.read(f"{LINE}\nUpdated: March 28, 2016 10:00", READER, Clocks(TEHRAN))
    assert (found.published_at, found.updated_at) == (at("2016-03-27 07:25:38"), at("2016-03-28 05:30"))
    assert found.warnings == ()


def test_one_line_may_hold_both() -> None:
    found = dateline.read("Published: 27 March 2016 11:55 Updated: 28 March 2016 10:00", READER, Clocks(TEHRAN))
    assert (found.published_at, found.updated_at) == (at("2016-03-27 07:25"), at("2016-03-28 05:30"))


def test_a_page_that_tells_only_when_it_was_changed() -> None:
    found = dateline.read("Last updated: 28 March 2016 10:00", READER, Clocks(TEHRAN))
    assert found == Dateline("partial", warnings=("dateline_only_updated",), updated_at=at("2016-03-28 05:30"))


def test_evidence_gives_an_offset_where_nothing_else_does() -> None:
    found = dateline.read("2016-03-27 11:55", READER, Clocks(observed=parse_offset("+0300")))
    assert (found.published_at, found.timezone, found.timezone_source) == (at("2016-03-27 08:55"), "+03:00", "evidence")
    declared = dateline.read("2016-03-27 11:55", READER, Clocks(TEHRAN, observed=parse_offset("+0300")))
    assert declared.timezone_source == "profile"
