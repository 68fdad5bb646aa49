"""Timestamps in a language that nobody expected: the words of one stamp are of one language."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipeline.dates import StampReader
from pipeline.dates.every_language import explaining
from pipeline.dates.names import day_parts

NOBODY = StampReader()


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("mar 6 dic 2016", "2016-12-06"),  # a Spanish Tuesday, no English March
        ("sub 13 kol 2016", "2016-08-13"),  # a Croatian Saturday in August
        ("Mar, 3 Maj 2016", "2016-05-03"),  # an Albanian Tuesday
        ("luns 3 out 2016", "2016-10-03"),  # a Galician Monday
        ("12 out 2016", "2016-10-12"),
        ("Hun 3, 2016", "2016-06-03"),
        ("3 mai 2016", "2016-05-03"),
    ],
)
def test_words_are_read_in_the_one_language_that_has_them_all(text: str, means: str) -> None:
    stamp = NOBODY.read(text)
    assert stamp is not None
    assert (stamp.status, stamp.local) == ("exact", datetime.fromisoformat(means))


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("13 kol 2016", "dateline_reading_unknown:2016-08-13|2016-02-13"),
        ("5 lip 2015", "dateline_reading_unknown:2015-07-05|2015-06-05"),
    ],
)
def test_languages_that_disagree_leave_a_doubt(text: str, warning: str) -> None:
    stamp = NOBODY.read(text)
    assert stamp is not None
    assert (stamp.status, stamp.local, stamp.warnings) == ("ambiguous", None, (warning,))


@pytest.mark.parametrize("text", ["7Ma2016 1PHP", "7Ma2016 1PM", "Sonntag, 27 ožujka 2016", "mardi 3 Haziran 2016"])
def test_words_of_several_languages_are_no_stamp(text: str) -> None:
    assert NOBODY.read(text) is None


def test_languages_that_take_every_word_for_the_same_are_asked_once() -> None:
    found = explaining("0 abril 0000", "line")
    assert (len(found.kinds), found.languages > 3) == (1, True)
    assert explaining("Sonntag 0 ožujka 0000", "line").kinds == ()


@pytest.mark.parametrize(
    ("text", "language", "means"),
    [
        ("3 shkurt 2016 5:05 m.d.", "sq", "2016-02-03 17:05"),
        ("3 shkurt 2016 5:05 MD", "en", "2016-02-03 17:05"),
        ("3 মে ২০১৬ ৫:০৫ পিএম", "en", "2016-05-03 17:05"),
        ("৩ মে ২০১৬, বিকাল ৫:০৫", "bn", "2016-05-03 17:05"),
        ("3 مايو 2016 5:05 عصراً", "ar", "2016-05-03 17:05"),
        ("الثلاثاء 3 مايو 2016 1:05 ليلا", "ar", "2016-05-03 01:05"),
        ('יום שלישי 3 במאי 2016 5:05 אחה"צ', "he", "2016-05-03 17:05"),
        ("3 maja 2016, 8:15 wieczorem", "pl", "2016-05-03 20:15"),
    ],
)
def test_a_part_of_the_day_in_its_own_language(text: str, language: str, means: str) -> None:
    stamp = StampReader(language=language).read(text)
    assert stamp is not None
    assert (stamp.status, stamp.local) == ("exact", datetime.fromisoformat(means))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("الثلاثاء 3 مايو 2016 9:05 ليلا", "ar"),  # in the evening, where CLDR has the night from one to three
        ("3 Mei 2016 saa 5:05 usiku", "sw"),  # eleven, as hours are counted from sunset
        ("3 Mei 2016 saa 11:05 jioni", "sw"),
        ("4 mayo 2016 5:30 de la noche", "es"),
    ],
)
def test_an_hour_that_its_word_does_not_fit_is_no_time(text: str, language: str) -> None:
    stamps = StampReader(language=language).read_all(text) or StampReader(language=language).credits(text)
    assert all(stamp.local is None or stamp.precision == "day" for stamp in stamps)


@pytest.mark.parametrize("language", ["sq", "bn", "ar", "zh", "hi", "vi", "ru", "pt", "id"])
def test_cldr_names_parts_of_both_halves_of_the_day(language: str) -> None:
    hours = set(day_parts(language).values())
    assert 0 in hours
    assert len(hours) > 1
