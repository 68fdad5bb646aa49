"""What stands around day, month and year in the formats of a language: words, endings, marks before or behind."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.dates import StampReader
from pipeline.dates.date_patterns import around
from pipeline.dates.lexicon import lexicon


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("3ی ئایاری 2016", "ckb"),
        ("2016(e)ko maiatzaren 3(a)", "eu"),
        ("3 ܒܐܝܪ 2016", "syr"),
        ("2016 mettas 3. zallaws", "prg"),
        ("སྤྱི་ལོ་2016 ཟླ་བ་ལྔ་པའི་ཚེས་3", "bo"),
    ],
)
def test_words_and_endings_of_a_languages_own_formats_are_known(text: str, language: str) -> None:
    stamp = StampReader(language=language).read(text)
    assert stamp is not None
    assert (stamp.status, stamp.local) == ("exact", datetime(2016, 5, 3))  # noqa: DTZ001 - a wall clock


def test_a_word_that_says_something_keeps_saying_it() -> None:
    assert "ч" in around("tyv").words  # behind the year
    assert {meaning.kind for meaning in lexicon("tyv").word("ч")} == {"h"}  # and behind the hour, as in Russian


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("12月 11 2002", "2002-12-11"),
        ("9月 5, 1991", "1991-09-05"),
        ("9월 5, 1991", "1991-09-05"),
        ("2016 оны 3 сарын 27", "2016-03-27"),
        ("11 tháng 12 năm 2002", "2002-12-11"),
        ("11 thg 12, 2002", "2002-12-11"),
    ],
)
def test_the_mark_of_a_month_stands_behind_its_number_or_before_it(text: str, means: str) -> None:
    stamp = StampReader().read(text)
    assert stamp is not None
    assert (stamp.status, stamp.local) == ("exact", datetime.fromisoformat(means))


@pytest.mark.parametrize(
    ("text", "language", "means"),
    [
        ("2016 May 3 PM 3:05", "en", "2016-05-03 15:05"),
        ("2016 মে 3 অপৰাহ্ন 3.05.00", "as", "2016-05-03 15:05"),
    ],
)
def test_a_half_of_the_day_before_the_clock_takes_nothing_from_the_day(text: str, language: str, means: str) -> None:
    stamp = StampReader(language=language).read(text)
    assert stamp is not None
    assert (stamp.status, stamp.local) == ("exact", datetime.fromisoformat(means))


@pytest.mark.parametrize("day", ["3", "4"])
def test_capitals_behind_a_clock_may_be_a_zone_before_they_are_a_weekday(day: str) -> None:
    """A Bosnian Thursday is `čet`: 3 May 2012 was one, and the clock may be that of Central Europe all the same."""
    stamp = StampReader(language="bs").read(f"{day}. maj 2012. 7:59 CET")
    assert stamp is not None
    assert (stamp.status, stamp.zone) == ("exact", "CET")


def test_a_weekday_in_capitals_behind_a_clock_is_one() -> None:
    stamp = StampReader().read("11:55 SAT 28 MAY 2016")
    assert stamp is not None
    assert (stamp.status, stamp.zone) == ("exact", None)
