"""Where a string ends: each scale, the order they are tried in, and the closing quote nearest to a length."""

from __future__ import annotations

import html
import time

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from pipeline.families.php_dump.damage import QUOTE
from pipeline.families.php_dump.strings import (
    CODE_POINTS,
    DECODED,
    DECODED_CODE_POINTS,
    NEAREST,
    SCALES,
    TYPED,
    UTF16_UNITS,
    Closing,
    Scale,
    measured_end,
    nearest_end,
)
from pipeline.model import Page

BEFORE_BRACE = Closing(regex.compile(QUOTE + rb"(?=[ \t\r\n]{0,64}+})"))

PIECES = [*'ab é€😀"&;<“’–…\n', "&amp;", "&quot;", "&#8220;"]
TEXT = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def end_of(payload: str, length: int, tail: str = '" }') -> tuple[str, str] | None:
    """Return the payload that is read from a page and the measure that found it; None when none did."""
    page = Page(f'"{payload}{tail}'.encode())
    end = measured_end(page, 1, length, BEFORE_BRACE) or nearest_end(page, 1, length, BEFORE_BRACE)
    return end and (page.raw[1 : end.payload_stop].decode(), end.measure)


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
        ("größe “so” it’s", 17, TYPED.name),
        ("wait&#8230; &#8220;so&#8221; it&#8217;s é", 20, TYPED.name),
        ("é &amp; é &amp; é &amp; é", 13, DECODED_CODE_POINTS.name),
        ("two  blanks gone", 20, NEAREST),
        ("", 10, NEAREST),
    ],
)
def test_a_string_ends_where_the_first_scale_that_fits_says(payload: str, length: int, measure: str) -> None:
    assert end_of(payload, length) == (payload, measure)


@pytest.mark.parametrize("quote", ["”", "“", "″", "&quot;", "&#34;", "&#8221;"])
def test_a_closing_quote_of_any_look_counts(quote: str) -> None:
    assert end_of("quay", 4, f"{quote} }}") == ("quay", "")


def test_a_quote_without_structure_behind_it_ends_nothing() -> None:
    assert end_of('a "b" c', 2) == ('a "b" c', NEAREST)


def test_the_nearest_quote_counts_within_a_window_alone() -> None:
    assert [end_of("", length) for length in (16, 17, 99)] == [("", NEAREST), None, None]


def test_the_window_grows_with_the_length() -> None:
    assert end_of("x" * 667, 1000) == ("x" * 667, NEAREST)
    assert end_of("x" * 666, 1000) is None


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
    assert time.process_time() - start < 3
