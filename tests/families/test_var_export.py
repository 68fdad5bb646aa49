"""``var_export``: what tells it from code, where its strings end, and what a cut leaves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.families.php_dump.value import JSON
from tests.families.claims import claims_of, value_of
from tests.families.printed import TEXTS, exported, values


@given(values(TEXTS))
def test_what_php_prints_is_read_back(value: JSON) -> None:
    raw = exported(value)
    (claim,) = claims_of(b"Rain.\n" + raw + b"\nWind.")
    assert (claim.status, claim.rule, claim.span) == ("exact", "var_export", (6, 6 + len(raw)))
    assert value_of(claim) == value


@given(values(st.text(st.sampled_from("ab é'"), max_size=12)), st.data())
def test_one_that_was_cut_short_takes_nothing_of_the_next_paragraph(value: JSON, data: st.DataObject) -> None:
    raw = exported(value)
    cut = raw[: data.draw(st.integers(1, len(raw)))].rstrip()
    page = cut + b"\n\nThe gulls weren't there."
    assert all(claim.span.stop <= len(cut) for claim in claims_of(page) if claim.is_cut)


@pytest.mark.parametrize(
    "code",
    [
        "$x = array (\n  0 => 1,\n);",
        "f(array (\n  0 => 1,\n))",
        "return array (\n  0 => 1,\n);",
        "array (\n  0 => 1,\n)->x",
        "array ('a', 'b')",
        "array (\n  0 => 1,\n  // the second\n  1 => 2,\n)",
        "array (\n  0 => $x,\n)",
        "array (\n  0 => f(1),\n)",
        'array (\n  "a" => 1,\n)',
        "array (\n  'a' => 'b' . $c,\n)",
        "array ('a' => 'b')",
        "['a' => 1]",
        "array('a' => 1,)",
    ],
)
def test_code_is_left_alone(code: str) -> None:
    assert not any(claim.is_cut for claim in claims_of(code.encode() + b"\n\nProse follows."))


def test_a_bare_scalar_is_prose() -> None:
    assert claims_of(b"'quay' and 7 and NULL and \\Berth::North") == []


def test_objects_of_every_age() -> None:
    old = b"stdClass::__set_state(array(\n   'a' => 1,\n))"
    new = b"\\stdClass::__set_state(array(\n   'a' => 1,\n))"
    cast = b"(object) array(\n   'a' => 1,\n)"
    for raw in (old, new, cast):
        (claim,) = claims_of(b"Rain.\n" + raw)
        assert (claim.span, claim.status) == ((6, 6 + len(raw)), "exact")
        assert claim.value == '{"$class":"stdClass","a":1}'


def test_an_apostrophe_without_its_backslash_is_text_where_no_comma_follows() -> None:
    (claim,) = claims_of(b"array (\n  'a' => 'it's wet',\n  'b' => 2,\n)")
    assert (claim.status, claim.value) == ("repaired", '{"a":"it\'s wet","b":2}')


def test_a_dump_behind_one_that_was_cut_short_is_its_own() -> None:
    page = b"array (\n  'a' => 'wet\n\nThe gulls weren't, 'so' to say.\n\narray (\n  'b' => 'dry',\n)"
    first, second = claims_of(page)
    assert (first.status, first.span.stop) == ("truncated", page.index(b"\n\nThe"))
    assert (second.status, second.value) == ("exact", '{"b":"dry"}')


def test_deeper_than_is_read() -> None:
    (claim, *_) = claims_of(b"array ( 0 => " * 300 + b"array ( )" + b", )" * 300)
    assert (claim.status, claim.reason) == ("kept", "values are nested deeper than 256 levels")
