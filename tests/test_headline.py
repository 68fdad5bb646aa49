"""Titles and their flag words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.headline import split_flags

FLAGS = ("VIDEO", "PHOTO", "PHOTOS", "LIVE", "À LIRE")


@pytest.mark.parametrize(
    ("title", "headline", "flags"),
    [
        ("Ferry Back", "Ferry Back", ()),
        ("VIDEO: Ferry Back", "Ferry Back", ("VIDEO",)),
        ("VIDEO:Ferry Back", "Ferry Back", ("VIDEO",)),
        ("VIDEO : Ferry Back", "Ferry Back", ("VIDEO",)),
        ("[VIDEO] Ferry Back", "Ferry Back", ("VIDEO",)),
        ("(VIDEO) Ferry Back", "Ferry Back", ("VIDEO",)),
        ("[VIDEO]: Ferry Back", "Ferry Back", ("VIDEO",)),
        ("Video: Ferry Back", "Ferry Back", ("VIDEO",)),
        ("Ferry Back + VIDEO", "Ferry Back", ("VIDEO",)),
        ("Ferry Back +VIDEO", "Ferry Back", ("VIDEO",)),
        ("Ferry Back [VIDEO]", "Ferry Back", ("VIDEO",)),
        ("Ferry Back (video)", "Ferry Back", ("VIDEO",)),
        ("VIDEO: LIVE: Ferry Back", "Ferry Back", ("VIDEO", "LIVE")),
        ("VIDEO: Ferry Back + PHOTO + LIVE", "Ferry Back", ("VIDEO", "PHOTO", "LIVE")),
        ("PHOTOS: Ferry Back", "Ferry Back", ("PHOTOS",)),
        ("Ferry Back + PHOTOS", "Ferry Back", ("PHOTOS",)),
        ("à lire: Le bac est là", "Le bac est là", ("À LIRE",)),
    ],
)
def test_flags_stand_at_either_end(title: str, headline: str, flags: tuple[str, ...]) -> None:
    assert split_flags(title, FLAGS) == (headline, flags)


@pytest.mark.parametrize(
    "title",
    [
        "VIDEO Ferry Back",
        "VIDEOS: Ferry Back",
        "VIDEOTAPE: Ferry Back",
        "Live from the Harbour",
        "Ferry Back VIDEO",
        "Ferry+VIDEO",
        "Ferry Back + VIDEO Shows It",
        "A VIDEO: Ferry Back",
        "Mayor: Ferry Back",
        "AUDIO: Ferry Back",
    ],
)
def test_a_word_of_the_title_is_no_flag(title: str) -> None:
    assert split_flags(title, FLAGS) == (title, ())


@pytest.mark.parametrize("title", ["VIDEO:", "[VIDEO]", "VIDEO: PHOTO:", "VIDEO: [LIVE]"])
def test_a_title_that_is_nothing_but_flags_keeps_them(title: str) -> None:
    assert split_flags(title, FLAGS) == (title, ())


def test_without_flag_words_a_title_stays() -> None:
    assert split_flags("VIDEO: Ferry Back", ()) == ("VIDEO: Ferry Back", ())


def test_flags_are_literal_and_spelt_as_the_profile_spells_them() -> None:
    assert split_flags("c++: Ferry Back", ("C++",)) == ("Ferry Back", ("C++",))
    assert split_flags("cxx: Ferry Back", ("C++", "C..")) == ("cxx: Ferry Back", ())


def test_a_hostile_title_loses_no_more_than_a_few_flags() -> None:
    headline, flags = split_flags("VIDEO: " * 1000 + "Ferry Back", FLAGS)
    assert len(flags) < 20
    assert headline.endswith("VIDEO: Ferry Back")


@pytest.mark.parametrize(
    "title", ["Vıdeo: Köprü", "VİDEO: Köprü", "Köprü (vıdeo)", "Köprü + VİDEO", "LİVE: Köprü", "ſ: x", "PHOTOſ: Köprü"]
)
@pytest.mark.parametrize(
    "flags", [("VIDEO", "LIVE", "PHOTOS"), ("video", "live", "photos"), ("Video", "Live", "Photos")]
)
def test_a_letter_with_other_capitals_never_ends_the_run(title: str, flags: tuple[str, ...]) -> None:
    headline, found = split_flags(title, flags)
    assert headline in title
    assert set(found) <= set(flags)


@given(st.text(alphabet="VIDEOvideoıİ:+[]() Kb", max_size=24))
def test_a_headline_is_a_part_of_its_title_and_a_title_never_becomes_empty(title: str) -> None:
    headline, found = split_flags(title, FLAGS)
    assert headline in title
    assert bool(headline) == bool(title)
    assert set(found) <= set(FLAGS)
    assert found or headline == title
