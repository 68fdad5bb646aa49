"""Lists of words are tried on a line only where its first letters are those of one of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates.bylines import BYLINES, is_byline
from pipeline.dates.credit_lines import LABEL_LONGEST, is_label, is_labelled
from pipeline.dates.normal import fold, opening
from pipeline.dates.words import PUBLISHED, UPDATED

LABELS = [label for label in f"{PUBLISHED}|{UPDATED}".split("|") if len(label) < LABEL_LONGEST]
SPELLINGS: tuple[Callable[[str], str], ...] = (str.upper, str.title, "  {} :".format, "\u200f{}".format)


@pytest.mark.parametrize("spelt", SPELLINGS)
def test_every_label_is_one_in_every_spelling(spelt: Callable[[str], str]) -> None:
    assert [label for label in LABELS if not is_label(spelt(label))] == []


@pytest.mark.parametrize("word", BYLINES.split("|"))
def test_every_word_of_bylines_begins_one(word: str) -> None:
    assert is_byline(f"{word} Ann Lee")
    assert is_labelled(f"{word}: Ann Lee")
    assert is_labelled(f"{word.title()}：Ann Lee")


@given(st.text())
def test_an_opening_is_the_first_letters_of_the_folded_text(text: str) -> None:
    first = opening(text)
    assert first == "" or first in fold(text)
    assert opening(f"«12» {first}") == opening(first)
