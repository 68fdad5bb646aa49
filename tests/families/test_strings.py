"""Where a string ends: each scale, the order they are tried in, and the closing quote nearest to a length."""

from __future__ import annotations

import html
import time

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from pipeline.families.php_dump.damage import QUOTE
from pipeline.families.php_dump.landmarks import Landmark
from pipeline.families.php_dump.scales import (
    CODE_POINTS,
    DECODED,
    DECODED_CODE_POINTS,
    ONE_BYTE_BREAKS,
    SCALES,
    TWO_BYTE_BREAKS,
    TYPED,
    TYPED_DECODED,
    UTF16_UNITS,
    Scale,
)
from pipeline.families.php_dump.strings import FIRST, NEAREST, guessed_end, measured_end, nearest_end
from pipeline.model import Page

BEFORE_BRACE = Landmark(regex.compile(QUOTE + rb"(?=[ \t\r\n]{0,64}+})"))

PIECES = [*'ab é€😀"&;<“’–…\n', "&amp;", "&quot;", "&#8220;"]
TEXT = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def end_of(payload: str, length: int, quotes: str = '" "') -> tuple[str, str] | None:
    """Return the payload that is read from a page and the measure that found it; None when none did."""
    opening, closing = quotes.split()
    start = len(opening.encode())
    page = Page(f"{opening}{payload}{closing} }}".encode())
    end = measured_end(page, start, length, BEFORE_BRACE) or guessed_end(page, start, length, BEFORE_BRACE)
    return end and (page.raw[start : end.payload_stop].decode(), end.measure)


@pytest.mark.parametrize(
    ("payload", "length", "measure"),
    [
        ("quay", 4, ""),
        ('say "no" }', 10, ""),
        ("größe", 7, ""),
        ("R&amp;D at the quay of the old harbour", 34, DECODED.name),
        ("gr&ouml;&szlig;e", 7, DECODED.name),
        ("grÃ¶ÃŸe und mehr", 16, CODE_POINTS.name),
        ("ferry 😀😀", 10, UTF16_UNITS.name),
        ("one\r\ntwo\r\nthree and four and more", 31, ONE_BYTE_BREAKS.name),
        ("one\ntwo\nthree and four and more", 33, TWO_BYTE_BREAKS.name),
        ("é &amp; é &amp; é &amp; é", 13, DECODED_CODE_POINTS.name),
        ("two  blanks gone", 20, NEAREST),
        ("", 10, NEAREST),
    ],
)
def test_a_string_ends_where_the_first_scale_that_fits_says(payload: str, length: int, measure: str) -> None:
    assert end_of(payload, length) == (payload, measure)


@pytest.mark.parametrize(
    ("payload", "length", "measure"),
    [
        ("größe “so” it’s", 17, TYPED.name),
        ("wait&#8230; &#8220;so&#8221; it&#8217;s é", 20, TYPED.name),
        ("&#8220;so&#8221; &amp; &quot;so&quot; here", 16, TYPED_DECODED.name),
        ("one<br />\ntwo</p>\n<p>three it’s a “day”", 27, TYPED.name),
    ],
)
def test_curly_quotes_speak_for_a_scale_of_their_own(payload: str, length: int, measure: str) -> None:
    assert end_of(payload, length, "“ ”") == (payload, measure)


@pytest.mark.parametrize(
    "quotes", ["“ ”", "” ”", "„ “", "″ ″", "« »", "&quot; &quot;", "&#34; &quot;", "&#8220; &#8221;"]
)
def test_quotes_may_look_otherwise(quotes: str) -> None:
    assert end_of("quay", 4, quotes) == ("quay", "")


@pytest.mark.parametrize("quotes", ['" ”', '“ "', '" &quot;', "&quot; ”", '&#8220; "'])
def test_the_closing_quote_is_of_the_kind_of_the_opening_one(quotes: str) -> None:
    assert end_of("quay", 4, quotes) is None


def test_a_quote_without_structure_behind_it_ends_nothing() -> None:
    assert end_of('a "b" c', 2) == ('a "b" c', NEAREST)


def test_the_nearest_quote_counts_within_a_window() -> None:
    page = Page(b'"' + b"x" * 60 + b'" } "')
    found = [nearest_end(page, 1, length, BEFORE_BRACE) for length in (44, 60, 75, 90, 91)]
    assert [end is not None for end in found] == [True, True, True, True, False]


def test_the_last_quote_before_the_length_counts_however_far_unless_the_page_ends_before() -> None:
    raw = b'"ab" } "cd" } ' + b"x" * 200
    assert guessed_end(Page(raw), 1, 150, BEFORE_BRACE) == (10, 11, NEAREST)
    assert guessed_end(Page(raw), 1, 999, BEFORE_BRACE) is None
    assert guessed_end(Page(raw), 1, 999, BEFORE_BRACE, nearest=False) == (3, 4, FIRST)


def counted(scale: Scale, text: str) -> int:
    """Return how much a text is on a scale, by counting it anew."""
    decoded = html.unescape(text)
    return {
        DECODED: lambda: len(decoded.encode()),
        CODE_POINTS: lambda: len(text),
        UTF16_UNITS: lambda: len(text.encode("utf-16-le")) // 2,
        DECODED_CODE_POINTS: lambda: len(decoded),
    }[scale]()


@pytest.mark.parametrize(
    "scale", [DECODED, CODE_POINTS, UTF16_UNITS, DECODED_CODE_POINTS], ids=lambda scale: scale.name
)
@given(before=TEXT, payload=TEXT, after=TEXT)
def test_a_scale_reaches_where_counting_anew_would_end(scale: Scale, before: str, payload: str, after: str) -> None:
    before, payload, after = f"{before}\n", f"\n{payload}\n", f"\n{after}"  # no entity is made where they meet
    start, raw = len(before.encode()), (before + payload + after).encode()
    assert scale.reach(Page(raw), start, counted(scale, payload)) == start + len(payload.encode())


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.name)
@given(text=TEXT, start=st.integers(0, 40), length=st.integers(0, 60))
def test_a_scale_never_leaves_the_page(scale: Scale, text: str, start: int, length: int) -> None:
    raw = text.encode()
    reached = scale.reach(Page(raw), start, length)
    assert reached is None or reached <= len(raw)


def test_a_million_lengths_that_are_too_large_are_laid_against_a_page_once() -> None:
    page = Page('é&amp;"'.encode() * 60_000)
    start = time.process_time()
    for place in range(20_000):
        assert measured_end(page, place, 10**9, BEFORE_BRACE) is None
    assert time.process_time() - start < 10
