"""``print_r``: indents, lines and parentheses as proof, and what a text may hold without ending a value."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.families.claims import claims_of, value_of
from tests.families.printed import as_strings, printed, values

PLAIN = st.text(st.sampled_from("abc é.,'\"(\n"), max_size=16).filter(lambda text: "Array" not in text)
WORDS = st.text(st.sampled_from("abcdé.,'"), max_size=12)


def read(raw: bytes) -> object:
    """Return the value of the only dump of a page."""
    (claim,) = claims_of(raw)
    return value_of(claim)


@given(values(PLAIN))
def test_what_php_prints_is_read_back_as_strings(value: list[object] | dict[str, object]) -> None:
    raw = printed(value)  # type: ignore[arg-type]  # JSON by construction
    (claim,) = claims_of(b"Rain.\n" + raw + b"Wind.")
    assert (claim.status, claim.rule, claim.span) == ("exact", "print_r", (6, 5 + len(raw)))
    assert value_of(claim) == as_strings(value)  # type: ignore[arg-type]  # JSON by construction


@given(values(WORDS))
def test_without_its_line_breaks_it_ends_at_the_same_parenthesis(value: list[object] | dict[str, object]) -> None:
    raw = re.sub(rb"\s+", b" ", printed(value)).strip()  # type: ignore[arg-type]  # JSON by construction
    (claim,) = claims_of(b"Rain. " + raw + b" Wind (cold) blew.")
    assert claim.span == (6, 6 + len(raw))
    assert claim.is_cut == bool(value)


@given(values(PLAIN), st.data())
def test_one_that_was_cut_short_takes_nothing_of_the_next_paragraph(
    value: list[object] | dict[str, object], data: st.DataObject
) -> None:
    raw = printed(value)  # type: ignore[arg-type]  # JSON by construction
    cut = raw[: data.draw(st.integers(1, len(raw)))].rstrip()
    page = cut + b"\n\nThe gulls were not there (so they say)."
    assert all(claim.span.stop <= len(cut) for claim in claims_of(page) if claim.is_cut)


@pytest.mark.parametrize(
    "prose",
    [
        "Array",
        "Array (see below) of nets",
        "The Object (a buoy)",
        "An Enum ( list ) of berths",
        "new Array (10)",
        "Arrays\n(\n    [0] => 1\n)",
        "$Array\n(\n    [0] => 1\n)",
        "[1] => a footnote",
    ],
)
def test_prose_is_left_alone(prose: str) -> None:
    assert not any(claim.is_cut for claim in claims_of(prose.encode() + b"\n\nProse follows."))


def test_a_colon_or_a_tag_may_stand_before_it() -> None:
    dump = b"Array\n(\n    [0] => 1\n)"
    for before in (b"zones:", b"<pre>", b"(", b"\xe2\x80\x9c"):
        (claim,) = claims_of(before + dump + b"\nWind.")
        assert claim.span == (len(before), len(before) + len(dump))


def test_prose_on_the_line_of_the_last_parenthesis_stays() -> None:
    page = b"Array ( [a] => 1 ) was printed (again) by the pilot."
    (claim,) = claims_of(page)
    assert page[claim.span.stop :] == b" was printed (again) by the pilot."


def test_an_unpaired_parenthesis_in_a_text() -> None:
    assert read(b"Array ( [a] => :( wet [b] => Array ( [0] => (so ) )") == {"a": ":( wet", "b": ["(so"]}


def test_a_text_that_begins_with_a_parenthesis() -> None:
    (claim,) = claims_of(b"Array ( [a] => ) wet [b] => dry )")
    assert (claim.status, claim.value) == ("ambiguous", '{"a":") wet","b":"dry"}')


def test_classes_enums_and_hidden_names() -> None:
    raw = (
        b"App\\Ferry Object\n(\n    [seats:protected] => 80\n    [keel:App\\Hull:private] => oak\n"
        b"    [berth] => Berth Enum:string\n        (\n            [name] => North\n            [value] => n\n"
        b"        )\n\n)"
    )
    assert read(raw) == {
        "$class": "App\\Ferry",
        "seats": "80",
        "keel": "oak",
        "berth": {"$enum": "Berth::North"},
    }


def test_a_dump_behind_one_that_was_cut_short_is_its_own() -> None:
    page = b"Array\n(\n    [a] => wet\n\nThe gulls.\n\nArray\n(\n    [b] => dry\n)"
    first, second = claims_of(page)
    assert (first.status, first.span.stop) == ("truncated", page.index(b"\n\nThe"))
    assert (second.status, second.value) == ("exact", '{"b":"dry"}')


def test_on_one_line_a_key_behind_the_end_makes_it_doubtful() -> None:
    raw = b"Array ( [0] => Array ( [id] => 1 [t] => sea ) ) [1] => Array ( [id] => 2 [t] => sky ) )"
    assert [claim.status for claim in claims_of(raw)][:1] == ["ambiguous"]
