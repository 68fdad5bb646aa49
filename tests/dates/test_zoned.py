"""Zones that a line tells in words or by a second clock, and words beside a clock that nobody understands."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.dates import StampReader
from pipeline.dates.two_clocks import first
from pipeline.dates.zone_words import cut, resolve
from pipeline.dates.zones import zone
from pipeline.stages import dateline
from pipeline.stages.dateline import Clocks

TEHRAN = Clocks(zone("Asia/Tehran"))


def at(text: str) -> datetime:
    """Return a wall-clock time, or an instant in UTC."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("line", "language", "utc", "name"),
    [
        ("3 May 2016 5:05 PM Eastern Time", "en", "2016-05-03 21:05", "-04:00"),
        ("3 May 2016 5:05 PM (Beijing Time)", "en", "2016-05-03 09:05", "Asia/Shanghai"),
        ("3 May 2016, 17:05 Moscow time", "en", "2016-05-03 14:05", "Europe/Moscow"),
        ("3 May 2012, 17:05 Moscow time", "en", "2012-05-03 13:05", "Europe/Moscow"),
        ("3 May 2016 17:05 Central European Summer Time", "en", "2016-05-03 15:05", "+02:00"),
        ("3 January 2016 17:05 Eastern Standard Time", "en", "2016-01-03 22:05", "-05:00"),
        ("3 May 2016 17:05 India Standard Time", "en", "2016-05-03 11:35", "+05:30"),
        ("2016年5月3日 17:05 北京时间", "en", "2016-05-03 09:05", "Asia/Shanghai"),
        ("北京时间2016年5月3日17:05", "zh", "2016-05-03 09:05", "Asia/Shanghai"),
        ("台北時間2016年5月3日17:05", "en", "2016-05-03 09:05", "Asia/Taipei"),
        ("3 mayo 2016 17:05 hora de Madrid", "es", "2016-05-03 15:05", "Europe/Madrid"),
        ("3. Mai 2016, 17:05 Uhr (Berliner Zeit)", "de", "2016-05-03 15:05", "Europe/Berlin"),
        ("3 mai 2016 à 17h05, heure de Paris", "fr", "2016-05-03 15:05", "Europe/Paris"),
        ("3 mai 2016 à 17h05 (heure algérienne)", "fr", "2016-05-03 16:05", "Africa/Algiers"),
        ("3 maggio 2016 17:05 ora italiana", "it", "2016-05-03 15:05", "Europe/Rome"),
        ("3 de mayo de 2016, 17:05 hora peninsular", "es", "2016-05-03 15:05", "Europe/Madrid"),
        ("3 de mayo de 2016, 17:05 (hora canaria)", "es", "2016-05-03 16:05", "Atlantic/Canary"),
        ("3 de maio de 2016 às 17h05 (hora de Lisboa)", "pt", "2016-05-03 16:05", "Europe/Lisbon"),
        ("3 mei 2016 17:05 Nederlandse tijd", "nl", "2016-05-03 15:05", "Europe/Amsterdam"),
        ("2016년 5월 3일 17:05 한국시간", "ko", "2016-05-03 08:05", "Asia/Seoul"),
        ("3 мая 2016, 17:05 по московскому времени", "ru", "2016-05-03 14:05", "Europe/Moscow"),
        ("Updated at 17:05 Tokyo time, 3 May 2016 | Published 3 May 2016", "en", None, None),
    ],
)
def test_a_zone_in_words(line: str, language: str, utc: str | None, name: str | None) -> None:
    found = dateline.read(line, StampReader(language=language), TEHRAN)
    if utc is None:
        assert found.published_at is None
        return
    assert (found.published_at, found.timezone, found.timezone_source) == (at(utc), name, "text")
    assert "dateline_zone_unknown" not in found.warnings


@pytest.mark.parametrize("place", ["Mérida", "Córdoba", "Granada"])
def test_a_city_that_several_zones_have_names_none(place: str) -> None:
    found = dateline.read(f"3 de mayo de 2016, 17:05 hora de {place}", StampReader(language="es"), TEHRAN)
    assert (found.published_at, found.timezone) == (None, None)


@pytest.mark.parametrize(
    "line",
    [
        "3 May 2016 17:05 Eastern Standard Time",  # it shows summer time then
        "3 January 2016 17:05 Central European Summer Time",
        "3 May 2016 17:05 Greenwich Mean Time",
        "3 May 2016 17:05 Harbour Time",
        "海港時間2016年5月3日17:05",
        "3 May 2016 17:05 GMT 3",
        "3 May 2016 17:05 (0305 HKT)",
        "3 May 2016 5:05 P.M. E.D.T.",
        "3 May 2016 5:05 EST (2205 GMT)",  # in the evening, most likely
        "3 May 2016, 12:00 noon (00:00 HKT)",
    ],
)
def test_a_zone_that_is_not_known_or_contradicts_the_time_gives_no_instant(line: str) -> None:
    found = dateline.read(line, StampReader(), TEHRAN)
    assert found.published_at is None
    assert found.timezone is None


@pytest.mark.parametrize(
    ("line", "local", "offset"),
    [
        ("Tuesday, 3 May, 2005, 16:05 GMT 17:05 UK", "2005-05-03 16:05", 0),
        ("3 May 2016 1905 GMT (0305 HKT)", "2016-05-03 19:05", 0),
        ("Tuesday, 3 May 2016 KSA 10:05 - GMT 07:05", "2016-05-03 10:05", 180),
        ("الثلاثاء 26 رجب 1437هـ - 3 مايو 2016م KSA 10:05 - GMT 07:05", "2016-05-03 10:05", 180),
        ("May 3, 2016 9:05 p.m. (0105 GMT)", "2016-05-03 21:05", -240),
        ("May 3, 2016 12:05 PM EDT (1605 GMT)", "2016-05-03 12:05", -240),
    ],
)
def test_a_second_clock_in_universal_time_tells_the_offset(line: str, local: str, offset: int) -> None:
    found = dateline.read(line, StampReader(), TEHRAN)
    assert (found.published_local, found.utc_offset_minutes, found.timezone_source) == (at(local), offset, "text")


def test_an_update_by_two_clocks() -> None:
    found = dateline.read("Updated 1905 GMT (0305 HKT) May 3, 2016", StampReader(), TEHRAN)
    assert found.updated_at == at("2016-05-03 19:05")


@pytest.mark.parametrize(
    "line", ["3 May 2016 10:00 - 11:30 GMT", "10:00 GMT - 11:30 GMT", "16:05 GMT 03.05.2016", "Mar 27 11:55 GMT 2016"]
)
def test_a_span_and_a_year_are_no_second_clock(line: str) -> None:
    assert first(line) is None


def test_two_offsets_a_day_apart_tell_neither() -> None:
    clocks = first("3 May 2016 23:00 (10:30 GMT)")
    assert clocks is not None
    assert clocks.offset == "+12:30" or clocks.zone == "10:30 GMT"
    clocks = first("3 May 2016 23:00 (10:00 GMT)")
    assert clocks is not None
    assert (clocks.offset, clocks.zone) == (None, "10:00 GMT")


def test_a_sentence_names_no_zone() -> None:
    assert cut("The mayor met at 12:30 for the first time", "en") is None
    assert resolve("Harbour Time", at("2016-05-03"), "en") is None


@pytest.mark.parametrize(
    "line",
    [
        "3 May 2016 5:05P",
        "3 May 2016 5:05 PST PM",
        "3 May 2016 5:05 XM",
        "3 May 2016 12:00 midnight",
        "3 May 2016 5:05 Foo Bar",
    ],
)
def test_a_word_beside_a_clock_of_twelve_that_is_not_understood_leaves_the_day(line: str) -> None:
    (stamp,) = StampReader().credits(line)
    assert (stamp.local, stamp.precision, stamp.zone) == (at("2016-05-03"), "day", None)
    assert "dateline_time_not_proven" in stamp.warnings


@pytest.mark.parametrize(
    "line",
    ["3 May 2016 5:05 by Ann Lee", "3 May 2016 5:05 Reuters", "3 May 2016 5:05 | Ann Lee", "Ann Lee, 3 May 2016 5:05"],
)
def test_what_is_understood_beside_a_clock_leaves_the_time(line: str) -> None:
    (stamp,) = StampReader().credits(line)
    assert (stamp.local, stamp.precision) == (at("2016-05-03 05:05"), "minute")


def test_a_word_behind_a_clock_of_24_hours_may_be_its_zone() -> None:
    (stamp,) = StampReader().credits("3 May 2016 17:05 Foo Bar")
    assert (stamp.local, stamp.zone) == (at("2016-05-03 17:05"), "Foo")
