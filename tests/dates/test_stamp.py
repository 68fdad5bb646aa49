"""One timestamp line: a time, two times, or what is wrong with it."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.dates import Order, Stamp, StampReader, compile_format
from pipeline.profiles import load

DEFAULT = load().default.stamps


def reader(*formats: str, order: Order | None = None, language: str = "en") -> StampReader:
    """Return a reader of these formats."""
    return StampReader([compile_format(source, language) for source in formats], order)


def at(text: str) -> datetime:
    """Return a wall-clock time."""
    return datetime.fromisoformat(text)


def test_a_line_of_the_sample() -> None:
    assert reader("%a %b %d, %Y %H:%M:%S").read("Sun Mar 27, 2016 11:55:38") == Stamp(
        "exact", "second", at("2016-03-27 11:55:38")
    )


@pytest.mark.parametrize(
    ("source", "text", "precision", "local"),
    [
        ("%b %Y", "Mar 2016", "month", "2016-03-01"),
        ("%b %d, %Y", "Mar 27, 2016", "day", "2016-03-27"),
        ("%Y-%m-%d %H:%M", "2016-03-27 07:05", "minute", "2016-03-27 07:05"),
        ("%Y-%m-%dT%H:%M:%S", "2016-03-27T07:05:09", "second", "2016-03-27 07:05:09"),
    ],
)
def test_precision_is_what_is_printed(source: str, text: str, precision: str, local: str) -> None:
    assert reader(source).read(text) == Stamp("exact", precision, at(local))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "hour"),
    [("12:05 AM", 0), ("1:05 am", 1), ("11:05 a.m.", 11), ("12:05 PM", 12), ("1:05 p.m.", 13), ("11:05 pm", 23)],
)
def test_a_clock_of_twelve_hours(text: str, hour: int) -> None:
    stamp = reader("%b %d, %Y %I:%M %p").read(f"Mar 27, 2016 {text}")
    assert stamp is not None
    assert stamp.local == datetime(2016, 3, 27, hour, 5)  # noqa: DTZ001 - wall clock


@pytest.mark.parametrize("text", ["0:05 AM", "13:05 PM", "99:05 PM"])
def test_an_hour_that_a_clock_of_twelve_does_not_have(text: str) -> None:
    assert reader("%b %d, %Y %I:%M %p").read(f"Mar 27, 2016 {text}") == Stamp(
        "inconsistent", "minute", warnings=("dateline_impossible_date",)
    )


def test_the_first_format_that_fits_reads_the_line() -> None:
    both = reader("%d/%m/%Y", "%m/%d/%Y")
    assert both.read("03/04/2016") == Stamp("exact", "day", at("2016-04-03"))


def test_a_weekday_that_contradicts_the_date_is_said_and_the_date_as_printed_is_kept() -> None:
    assert reader("%a %b %d, %Y").read("Mon Mar 27, 2016") == Stamp(
        "inconsistent", "day", at("2016-03-27"), warnings=("dateline_weekday_contradicts_date",)
    )


@pytest.mark.parametrize(
    "text", ["31 Feb 2016", "30 Feb 2016", "29 Feb 2015", "31 Apr 2016", "0 Mar 2016", "32 Mar 2016", "99 Mar 2016"]
)
def test_a_day_that_never_was_is_no_time_at_all(text: str) -> None:
    assert reader("%d %b %Y").read(text) == Stamp("inconsistent", "day", warnings=("dateline_impossible_date",))


@pytest.mark.parametrize("text", ["2016-13-01 00:00", "2016-00-01 00:00", "2016-03-27 24:01", "2016-03-27 11:60"])
def test_a_month_hour_or_minute_that_does_not_exist(text: str) -> None:
    assert reader("%Y-%m-%d %H:%M").read(text) == Stamp(
        "inconsistent", "minute", warnings=("dateline_impossible_date",)
    )


def test_a_leap_day() -> None:
    assert reader("%d %b %Y").read("29 Feb 2016") == Stamp("exact", "day", at("2016-02-29"))


@pytest.mark.parametrize(("year", "fits"), [(1799, False), (1800, True), (2100, True), (2101, False), (9999, False)])
def test_years_are_those_of_newspapers(year: int, fits: bool) -> None:  # noqa: FBT001 - a row of a table
    stamp = reader("%d %b %Y").read(f"3 May {year}")
    out_of_range = Stamp("inconsistent", "day", warnings=("dateline_year_out_of_range",))
    assert stamp == (Stamp("exact", "day", datetime(year, 5, 3)) if fits else out_of_range)  # noqa: DTZ001 - wall clock


def test_year_0_is_impossible() -> None:
    assert reader("%d %b %Y").read("3 May 0000") == Stamp("inconsistent", "day", warnings=("dateline_impossible_date",))


@pytest.mark.parametrize(
    ("text", "offset"), [("+0430", "+0430"), ("+04:30", "+04:30"), ("-0500", "-0500"), ("Z", "Z"), ("z", "z")]
)
def test_an_offset_is_given_as_printed(text: str, offset: str) -> None:
    stamp = reader("%Y-%m-%dT%H:%M%z").read(f"2016-03-27T11:55{text}")
    assert stamp == Stamp("exact", "minute", at("2016-03-27 11:55"), offset=offset)


def test_a_zone_is_given_as_printed() -> None:
    stamp = reader("%Y-%m-%d %H:%M %Z").read("2016-03-27 11:55 IRDT")
    assert stamp == Stamp("exact", "minute", at("2016-03-27 11:55"), zone="IRDT")


# ------------------------------------------------------------------------------------------ dates of digits alone


def test_a_date_with_two_readings_is_ambiguous_and_names_both() -> None:
    assert reader().read("03/04/2016") == Stamp(
        "ambiguous", "day", warnings=("dateline_order_unknown:2016-04-03|2016-03-04",)
    )
    assert reader().read("03/04/2016 11:55") == Stamp(
        "ambiguous", "minute", warnings=("dateline_order_unknown:2016-04-03|2016-03-04",)
    )


@pytest.mark.parametrize(("order", "local"), [("MDY", "2016-03-04"), ("DMY", "2016-04-03")])
def test_an_order_decides(order: Order, local: str) -> None:
    assert reader(order=order).read("03/04/2016") == Stamp("exact", "day", at(local))


def test_an_order_that_does_not_fit_the_digits_decides_nothing() -> None:
    stamp = reader(order="YMD").read("03/04/2016")
    assert stamp is not None
    assert stamp.status == "ambiguous"


@pytest.mark.parametrize("text", ["27/03/2016", "03/27/2016"])
def test_a_date_with_one_possible_reading_needs_no_order(text: str) -> None:
    assert reader().read(text) == Stamp("exact", "day", at("2016-03-27"))


def test_two_readings_that_are_the_same_day_are_one() -> None:
    assert reader().read("04.04.2016") == Stamp("exact", "day", at("2016-04-04"))


def test_an_order_is_held_to_even_where_the_date_is_then_impossible() -> None:
    impossible = Stamp("inconsistent", "day", warnings=("dateline_impossible_date",))
    assert reader(order="MDY").read("27/03/2016") == impossible
    assert reader().read("27/27/2016") == impossible


@pytest.mark.parametrize("text", ["2016/03/27", "2016-03-27", "2016.3.27", "2016/03/27 00:00:00", "2016-03-27T00:00"])
@pytest.mark.parametrize("order", [None, "MDY", "DMY", "YMD"])
def test_a_year_in_front_has_one_reading_whatever_the_order(text: str, order: Order | None) -> None:
    stamp = reader(order=order).read(text)
    assert stamp is not None
    assert (stamp.status, stamp.local) == ("exact", at("2016-03-27"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "March",
        "1/2/3",
        "03/04-2016",
        "2016",
        "110/10/2016",
        "2016/2016/01",
        "1802600",
        "The vote of 03/04/2016",
        "03/04/2016, he said",
        "03/04/2016" + " " * 120,
    ],
)
def test_what_is_no_timestamp_line(text: str) -> None:
    assert reader("%b %d, %Y").read(text) is None


def test_a_long_line_is_prose_even_where_a_format_would_fit() -> None:
    assert reader("%b %d, %Y").read("Mar" + " " * 109 + "27, 2016") == Stamp("exact", "day", at("2016-03-27"))
    assert reader("%b %d, %Y").read("Mar" + " " * 110 + "27, 2016") is None


# ------------------------------------------------------------------------------------------------ common formats


@pytest.mark.parametrize(
    "text",
    [
        "Sun Mar 27, 2016 11:55:00",
        "Sun Mar 27 11:55:00 2016",
        "Sunday, March 27, 2016 11:55 AM",
        "Sun, 27 Mar 2016 11:55",
        "March 27, 2016 11:55",
        "March 27, 2016, 11:55 a.m.",
        "27 March 2016, 11:55",
        "2016-03-27 11:55",
        "2016-03-27T11:55:00",
        "2016-03-27T11:55:00+04:30",
        "Sun, 27 Mar 2016 11:55:00 +0430",
    ],
)
def test_common_lines_are_read_without_a_profile(text: str) -> None:
    stamp = DEFAULT.read(text)
    assert stamp is not None
    assert (stamp.status, stamp.local) == ("exact", at("2016-03-27 11:55"))


def test_no_common_format_guesses_the_order_of_day_and_month() -> None:
    stamp = DEFAULT.read("03/04/2016")
    assert stamp is not None
    assert (stamp.status, stamp.local) == ("ambiguous", None)


# ------------------------------------------------------------------------------------- letters with several cases


@pytest.mark.parametrize(("text", "month"), [("27 Kasım 2016", 11), ("27 KASIM 2016", 11), ("27 NİSAN 2016", 4)])
def test_turkish_capitals(text: str, month: int) -> None:
    stamp = reader("%d %B %Y", language="tr").read(text)
    assert stamp is not None
    assert stamp.local == datetime(2016, month, 27)  # noqa: DTZ001 - wall clock


@pytest.mark.parametrize("text", ["FRİ, Mar 25, 2016", "Frı, Mar 25, 2016", "ſun, Mar 27, 2016"])
def test_a_letter_that_only_looks_like_another_never_ends_the_run(text: str) -> None:
    stamp = DEFAULT.read(text)
    assert stamp is None or stamp.status == "exact"


def test_a_weekday_in_chinese_or_korean_is_a_checksum_in_any_profile() -> None:
    for line in ("2016年5月4日星期四", "2016년 5월 4일 목요일"):
        stamp = StampReader().read(line)
        assert stamp is not None
        assert stamp.status == "inconsistent"


def test_a_relative_time_may_have_a_label() -> None:
    fetched = datetime.fromisoformat("2016-03-27 11:55")
    stamp = StampReader().read("Updated: 5 minutes ago", fetched)
    assert stamp is not None
    assert (stamp.kind, stamp.local) == ("updated", datetime.fromisoformat("2016-03-27 11:50"))


@pytest.mark.parametrize("line", ["3 May 2016 10:00-11:30", "2016-05-03 10:00-12:00", "3 May 2016, 10:00–11:30"])
def test_the_end_of_a_span_is_no_offset(line: str) -> None:
    stamp = StampReader().read(line)
    assert stamp is not None
    assert (stamp.status, stamp.local, stamp.warnings) == ("ambiguous", None, ("dateline_span_or_offset",))


@pytest.mark.parametrize("line", ["2016-05-03T05:00-08:00", "2016-05-03 05:00:00-08:00", "2016-05-03 10:00-05:00"])
def test_an_offset_is_one_where_nothing_else_can_be_meant(line: str) -> None:
    stamp = StampReader().read(line)
    assert stamp is not None
    assert stamp.status == "exact"
    assert stamp.offset in {"-08:00", "-05:00"}


def test_half_past_noon_may_be_printed_with_hour_nought() -> None:
    stamp = StampReader().read("2016年5月3日 午後0時30分")
    assert stamp is not None
    assert stamp.local == datetime.fromisoformat("2016-05-03 12:30")
