"""From a wall-clock time to an instant: every zone's history, and the hours that a change of clocks took or gave."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pipeline.dates import Instant, instant
from pipeline.dates.zones import parse_offset, zone

TEHRAN = zone("Asia/Tehran")


def at(text: str) -> datetime:
    """Return a wall-clock time."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("local", "utc", "offset"),
    [
        ("2016-03-20 23:59:59", "2016-03-20 20:29:59", 210),  # the last second of winter time
        ("2016-03-21 01:00:00", "2016-03-20 20:30:00", 270),  # the next one, an hour later by the clock
        ("2016-03-27 11:55:38", "2016-03-27 07:25:38", 270),
        ("2016-09-20 22:59:59", "2016-09-20 18:29:59", 270),  # the last second that was only once
        ("2016-09-21 00:00:00", "2016-09-20 20:30:00", 210),
        ("2016-12-01 12:00:00", "2016-12-01 08:30:00", 210),
        ("2023-07-01 12:00:00", "2023-07-01 08:30:00", 210),  # no summer time any more
    ],
)
def test_tehran(local: str, utc: str, offset: int) -> None:
    assert instant(at(local), TEHRAN) == Instant(at(utc), offset)


@pytest.mark.parametrize("local", ["2016-03-21 00:00:00", "2016-03-21 00:30:00", "2016-03-21 00:59:59"])
def test_an_hour_that_was_skipped_is_no_instant(local: str) -> None:
    assert instant(at(local), TEHRAN) == Instant(warning="local_time_skipped")


@pytest.mark.parametrize("local", ["2016-09-20 23:00:00", "2016-09-20 23:30:00", "2016-09-20 23:59:59"])
def test_an_hour_that_was_twice_is_no_instant(local: str) -> None:
    assert instant(at(local), TEHRAN) == Instant(warning="local_time_repeated")


@pytest.mark.parametrize(
    ("name", "skipped", "repeated"),
    [
        ("Europe/Berlin", "2016-03-27 02:30", "2016-10-30 02:30"),
        ("America/New_York", "2016-03-13 02:30", "2016-11-06 01:30"),
        ("Australia/Lord_Howe", "2016-10-02 02:15", "2016-04-03 01:45"),  # half an hour
    ],
)
def test_other_zones(name: str, skipped: str, repeated: str) -> None:
    assert instant(at(skipped), zone(name)).warning == "local_time_skipped"
    assert instant(at(repeated), zone(name)).warning == "local_time_repeated"


def test_a_day_that_a_zone_left_out() -> None:
    assert instant(at("2011-12-30 12:00"), zone("Pacific/Apia")).warning == "local_time_skipped"


def test_a_change_of_offset_without_summer_time() -> None:
    assert instant(at("2014-10-26 01:30"), zone("Europe/Moscow")).warning == "local_time_repeated"
    assert instant(at("2014-10-27 01:30"), zone("Europe/Moscow")) == Instant(at("2014-10-26 22:30"), 180)


@pytest.mark.parametrize(
    "name", ["", "Tehran", "Asia/Teheran", "IRST", "Asia", "Asia/", "/Asia/Tehran", "../Asia/Tehran"]
)
def test_what_is_no_zone(name: str) -> None:
    with pytest.raises(ValueError, match="is not an IANA time zone"):
        zone(name)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("+0430", 270),
        ("+04:30", 270),
        ("-0330", -210),
        ("+0000", 0),
        ("-0000", 0),
        ("Z", 0),
        ("z", 0),
        ("+1400", 840),
        ("-1200", -720),
    ],
)
def test_a_printed_offset(text: str, minutes: int) -> None:
    assert parse_offset(text).utcoffset(None) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["+2400", "-9900", "+99:59", "+14:30", "-12:30"])
def test_an_offset_that_no_place_has_does_not_exist(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        parse_offset(text)


@pytest.mark.parametrize("text", ["+0460", "+04:75", "-0099"])
def test_an_offset_has_no_more_than_59_minutes(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        parse_offset(text)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2022-03-21 23:59:59", Instant(at("2022-03-21 20:29:59"), 210)),
        ("2022-03-22 00:30:00", Instant(warning="local_time_skipped")),  # the last summer time that began
        ("2022-09-21 22:59:59", Instant(at("2022-09-21 18:29:59"), 270)),
        ("2022-09-21 23:30:00", Instant(warning="local_time_repeated")),
        ("2022-09-22 00:00:00", Instant(at("2022-09-21 20:30:00"), 210)),
        ("2023-03-22 00:30:00", Instant(at("2023-03-21 21:00:00"), 210)),
    ],
)
def test_the_last_summer_time_of_tehran(local: str, expected: Instant) -> None:
    assert instant(at(local), TEHRAN) == expected


@pytest.mark.parametrize(
    ("name", "local"), [("Asia/Tehran", "1890-01-01 12:00"), ("Europe/Amsterdam", "1880-06-01 12:00")]
)
def test_the_mean_time_of_a_place_has_no_whole_minutes(name: str, local: str) -> None:
    assert instant(at(local), zone(name)) == Instant(warning="local_offset_has_seconds")
