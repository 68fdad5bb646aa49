"""A column of lines says what each line says alone."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dates import StampReader, compile_format

FORMATS = ("%a %b %d, %Y %H:%M:%S", "%d/%m/%Y %H:%M", "%B %d, %Y %I:%M %p", "%H.%M, %d.%m.%Y", "%Y-%m-%d", "%b %Y")
READER = StampReader([compile_format(source) for source in FORMATS])

moments = st.datetimes(datetime(1750, 1, 1), datetime(2150, 1, 1))  # noqa: DTZ001 - wall clocks
printed = st.builds(lambda moment, form: moment.strftime(form), moments, st.sampled_from(FORMATS))
"""Times out of range among them."""
broken = st.builds(
    lambda text, place, digit: text[:place] + digit + text[place + 1 :],
    printed,
    st.integers(0, 25),
    st.sampled_from("0123456789 :x"),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(printed | broken | st.text(max_size=30), max_size=40))
def test_a_column_is_its_lines(texts: list[str]) -> None:
    column = READER.column(texts)
    assert [column.stamp(place) for place in range(len(texts))] == [READER.read(text) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "27/03/2016 24:00",
        "27/03/2016 23:60",
        "31/02/2016 10:00",
        "Mon Mar 27, 2016 11:55:38",
        "Dec 31, 2016",
        "Mar 2016",
        "27/03/2016\n10:00",
    ],
)
def test_what_is_odd_comes_out_of_a_column_as_it_comes_alone(text: str) -> None:
    texts = ["27/03/2016 10:00", "27/03/2016 23:59", "Sun Mar 27, 2016 11:55:38", text, text]
    column = READER.column(texts)
    assert [column.stamp(place) for place in range(5)] == [READER.read(one) for one in texts]


def test_a_literal_digit_in_a_format_is_held_to() -> None:
    reader = StampReader([compile_format("No 7 of %d %b %Y")])
    column = reader.column(["No 7 of 3 May 2016", "No 8 of 3 May 2016"])
    assert [column.stamp(0), column.stamp(1)] == [reader.read("No 7 of 3 May 2016"), None]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.text("0123456789 .,:/-|()年月日amMarch২١", max_size=80) | broken)
def test_whatever_a_line_holds_it_is_read_or_not_and_never_half(text: str) -> None:
    for stamp in READER.read_all(text):
        assert (stamp.status == "exact") <= (stamp.local is not None)
        assert stamp.status not in ("ambiguous", "partial") or stamp.local is None
        assert (stamp.status == "exact") or stamp.warnings
    for found in READER.find(text):
        assert 0 <= found.start < found.stop <= len(text)
