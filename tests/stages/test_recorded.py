from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import StampReader, recorded
from pipeline.dates.zones import zone
from pipeline.model import Document, Origin, Record
from pipeline.profiles import load
from pipeline.stages import Cleaner, dateline
from pipeline.stages.dateline import Clocks
from pipeline.stages.recorded import reference

TEHRAN = Cleaner(load(["alalam-en"]))
ANYWHERE = Cleaner(load())
RELATIVE = b"Ferry Back in Harbour\n\n3 hours ago\n\nThe ferry came back on Sunday, a day late.\n"
LEAD = b"CASTLEBRAE, Maine, May 3 (AP) - The ferry came back on Sunday, a day late.\n"


def cleaned(cleaner: Cleaner, raw: bytes, **told: str) -> Document:
    return cleaner.clean(Record("crawl.jsonl", 0, raw, Origin(**told)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-03-27T08:25:38Z", "2016-03-27T08:25:38+00:00"),
        ("2016-03-27 12:55:38+04:30", "2016-03-27T12:55:38+04:30"),
        ("2016-03-27T12:55", "2016-03-27T12:55:00"),
        ("20160327082538", "2016-03-27T08:25:38+00:00"),
        ("1459067138", "2016-03-27T08:25:38+00:00"),
        ("1459067138000", "2016-03-27T08:25:38+00:00"),
        ("1459067138.5", "2016-03-27T08:25:38+00:00"),
        ("Sun, 27 Mar 2016 08:25:38 GMT", "2016-03-27T08:25:38+00:00"),
    ],
)
def test_recorded_times_are_read_in_the_forms_that_crawlers_write(text: str, expected: str) -> None:
    moment = recorded.read(text)
    assert moment is not None
    assert moment.when.isoformat() == expected
    assert moment.has_time


@pytest.mark.parametrize("text", ["", "soon", "12", "99999999999999999999", "2016-13-01", "x" * 10_000, "٢٠١٦-٠٣-٢٧"])
def test_other_texts_are_no_times(text: str) -> None:
    assert recorded.read(text) is None


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading(text: str) -> None:
    moment = recorded.read(text)
    assert moment is None or isinstance(moment.when, datetime)


def test_a_relative_time_counts_from_the_fetching_by_the_clock_of_the_source() -> None:
    found = cleaned(TEHRAN, RELATIVE, fetched_at="2016-03-27T08:25:00Z").dateline
    assert (found.status, found.published_local, found.precision) == (
        "exact",
        datetime.fromisoformat("2016-03-27T00:00"),
        "day",
    )


def test_the_day_of_a_relative_time_is_that_of_the_source_and_not_of_the_crawler() -> None:
    found = cleaned(TEHRAN, RELATIVE, fetched_at="2016-03-26T23:55:00Z").dateline  # 04:25 of the next day there
    assert found.published_local == datetime.fromisoformat("2016-03-27T00:00")


def test_without_a_known_clock_an_instant_gives_no_day() -> None:
    found = cleaned(ANYWHERE, RELATIVE, fetched_at="2016-03-27T08:25:00Z")
    assert found.dateline.published_local is None
    assert "dateline_relative_time" in found.warnings
    assert cleaned(ANYWHERE, RELATIVE, fetched_at="2016-03-27T08:25:00").dateline.published_local is not None


def test_a_day_without_a_year_is_the_nearest_to_the_record_s_own_date() -> None:
    assert cleaned(ANYWHERE, LEAD, date="2016-05-04").lead.day == date(2016, 5, 3)
    assert cleaned(ANYWHERE, LEAD, fetched_at="2016-05-04T01:00:00Z").lead.day == date(2016, 5, 3)
    assert cleaned(ANYWHERE, LEAD, fetched_at="2019-05-04", date="2016-05-04").lead.day == date(2016, 5, 3)
    assert cleaned(ANYWHERE, LEAD).lead.day is None


@pytest.mark.parametrize(
    ("line", "told", "expected"),
    [
        ("Friday, December 2, 18:05", {"date": "2022-12-03"}, "2022-12-02T18:05:00"),
        ("Friday, December 2", {"date": "2022-12-03"}, "2022-12-02T00:00:00"),
        ("Saturday, December 31, 23:50", {"date": "2023-01-01"}, "2022-12-31T23:50:00"),
        ("Sunday, 27 March, 11:55", {"fetched_at": "2016-03-29T08:00:00Z"}, "2016-03-27T11:55:00"),
        ("2 December, 18:05", {"fetched_at": "2030-01-09", "date": "2022-12-03"}, "2022-12-02T18:05:00"),
        ("Monday, February 29, 07:00", {"date": "2016-03-01"}, "2016-02-29T07:00:00"),
    ],
)
def test_a_timestamp_line_without_a_year_is_of_the_one_nearest_to_the_record_s_date(
    line: str, told: dict[str, str], expected: str
) -> None:
    page = f"Ferry Back in Harbour\n\n{line}\n\nThe ferry came back on Sunday, a day late.\n".encode()
    found = cleaned(ANYWHERE, page, **told).dateline
    assert found.published_local == datetime.fromisoformat(expected)
    assert found.status == "exact"
    assert "dateline_year_completed" in found.warnings
    assert cleaned(ANYWHERE, page).dateline.warnings == ("dateline_year_unknown",)


@pytest.mark.parametrize(
    ("line", "language"), [("Sonntag, 27. März, 11:55 Uhr", "de"), ("یکشنبه ۸ فروردین، ۱۱:۵۵", "fa")]
)
def test_the_year_of_a_day_is_completed_in_any_language_and_calendar(line: str, language: str) -> None:
    reader = StampReader(language=language)
    assert dateline.read(line, reader).warnings == ("dateline_year_unknown",)
    assert dateline.read(line, reader, near=date(2016, 3, 28)).published_local == datetime(2016, 3, 27, 11, 55)  # noqa: DTZ001 - a wall clock


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Friday, December 2, 18:05", {"date": "2023-12-03"}),  # a Saturday in that year
        ("Friday, December 2, 18:05", {"date": "2022-05-03"}),
        ("27 March, 11:55", {"fetched_at": "2016-03-01T08:00:00Z"}),  # nothing is fetched before it is printed
        ("27 March, 11:55", {"fetched_at": "last Tuesday"}),
        ("29 February, 11:55", {"date": "2015-03-01"}),
    ],
)
def test_a_year_that_the_record_does_not_prove_stays_unknown(line: str, told: dict[str, str]) -> None:
    page = f"Ferry Back in Harbour\n\n{line}\n\nThe ferry came back on Sunday, a day late.\n".encode()
    found = cleaned(ANYWHERE, page, **told).dateline
    assert (found.status, found.published_local) == ("partial", None)
    assert "dateline_year_unknown" in found.warnings


def test_a_time_that_cannot_be_read_is_told_and_kept() -> None:
    document = cleaned(ANYWHERE, LEAD, fetched_at="last Tuesday")
    assert "recorded_time_unreadable" in document.warnings
    assert document.record.origin.fetched_at == "last Tuesday"


def test_a_day_alone_is_no_time_to_count_hours_from() -> None:
    assert reference(Origin(fetched_at="2016-03-27"), UTC).clock is None
    assert reference(Origin(fetched_at="2016-03-27", date="2016-03-27T10:00"), UTC).clock == datetime.fromisoformat(
        "2016-03-27T10:00"
    )
    west = timezone(timedelta(hours=-5))
    assert reference(Origin(fetched_at="2016-03-27T02:00:00Z"), west).clock == datetime.fromisoformat(
        "2016-03-26T21:00-05:00"
    )


def test_the_address_chooses_the_profile() -> None:
    both = Cleaner(load(["alalam-en", "default"]))
    assert cleaned(both, LEAD, url="https://en.alalam.ir/news/1").source == "alalam-en"
    assert cleaned(both, LEAD, member="en.alalam.ir/news/1.txt").source == "alalam-en"
    assert cleaned(both, LEAD, url="https://elsewhere.example/1").source == "default"


@pytest.mark.parametrize(
    ("line", "fetched", "told"),
    [
        ("5 minutes ago", "2016-10-30T01:04", "2016-10-30T00:59"),
        ("5 minutes ago", "2016-10-30T00:34", "2016-10-30T00:29"),
        ("35 minutes ago", "2016-03-27T01:30", "2016-03-27T00:55"),
    ],
)
def test_a_relative_time_is_counted_in_instants_where_clocks_were_changed(line: str, fetched: str, told: str) -> None:
    london = zone("Europe/London")
    clock = datetime.fromisoformat(fetched).replace(tzinfo=UTC).astimezone(london)
    found = dateline.read(line, StampReader(), Clocks(london), clock)
    assert (found.published_at, found.warnings) == (datetime.fromisoformat(told), ())


def test_the_clock_of_a_fetching_keeps_the_zone_of_the_source() -> None:
    clock = reference(Origin(fetched_at="2016-10-30T01:04:00Z"), zone("Europe/London")).clock
    assert clock is not None
    assert clock.astimezone(UTC).isoformat() == "2016-10-30T01:04:00+00:00"
