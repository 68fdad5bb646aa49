"""``serialize``: lengths and counts prove a value; a changed text is read by the ends that fit both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.families.php_dump.value import JSON
from pipeline.model import Claim
from pipeline.stages import segments
from tests.families.claims import claims_of, value_of
from tests.families.printed import TEXTS, serialized, values


def claim_of(raw: bytes) -> Claim:
    """Return the only claim of a page."""
    (claim,) = claims_of(raw)
    return claim


def read(raw: bytes) -> object:
    """Return the value that a page holds."""
    return value_of(claim_of(raw))


@given(values(TEXTS))
def test_what_php_prints_is_read_back(value: JSON) -> None:
    raw = serialized(value)
    claim = claim_of(b"Rain. " + raw + b" Wind.")
    assert (claim.status, claim.rule, claim.span) == ("exact", "serialize", (6, 6 + len(raw)))
    assert value_of(claim) == value


@given(values(st.text(st.sampled_from("ab é"), min_size=4, max_size=12)), st.data())
def test_one_that_was_cut_short_takes_nothing_of_the_next_paragraph(value: JSON, data: st.DataObject) -> None:
    raw = serialized(value)
    cut = raw[: data.draw(st.integers(1, len(raw)))].rstrip()
    page = cut + b"\n\nThe gulls were not there."
    assert all(claim.span.stop <= len(cut) for claim in segments.read(page, "all").claims if claim.is_cut)


def test_a_reference_stands_for_the_value_php_counts() -> None:
    assert read(b'a:3:{i:0;s:2:"ab";i:1;R:2;i:2;r:1;}') == ["ab", "ab", {"$recursion": True}]


def test_an_object_reference_has_a_number_of_its_own_and_a_plain_one_has_not() -> None:
    raw = b'a:4:{i:0;O:1:"A":0:{}i:1;r:2;i:2;i:7;i:3;R:4;}'
    assert read(raw) == [{"$class": "A"}, {"$class": "A"}, 7, 7]


def test_references_that_repeat_one_another_are_refused() -> None:
    inner = b"i:0;" + serialized(["x" * 200])
    for number in range(1, 40):
        inner += b"i:%d;a:2:{i:0;R:%d;i:1;R:%d;}" % (number, 2 if number == 1 else number + 2, 2)
    claim = claim_of(b"a:40:{" + inner + b"}")
    assert claim.status in {"kept", "exact"}
    doubled = b"i:0;a:1:{i:0;i:7;}" + b"".join(
        b"i:%d;a:2:{i:0;R:%d;i:1;R:%d;}" % (number, number + 1 + (number > 1), number + 1 + (number > 1))
        for number in range(1, 60)
    )
    assert claim_of(b"a:60:{" + doubled + b"}").reason == "references repeat more than is read"


@pytest.mark.parametrize("raw", [b"xa:1:{i:0;i:7;}", b"$a:1:{i:0;i:7;}", b"{a:1:{i:0;i:7;}", b"i:7;", b"O:1:A:0:{}"])
def test_what_is_no_head(raw: bytes) -> None:
    assert segments.read(raw, "all").claims == ()


def test_the_counts_choose_between_ends() -> None:
    short = b'a:2:{i:0;s:18:"storm";i:1;s:1:"x";}'
    assert read(short) == ["storm", "x"]
    assert claim_of(short).status == "repaired"


def test_a_length_far_too_short_is_refused() -> None:
    assert claim_of(b'a:1:{i:0;s:2:"a storm of three nights";} and so on, on one line').status == "kept"


def test_tags_that_were_dropped_can_be_most_of_a_string() -> None:
    assert claim_of(b'a:1:{i:0;s:90:"storm";} and so on, on one line').value == '["storm"]'


def test_a_length_that_fits_by_chance_is_doubted_when_the_count_fails() -> None:
    claim = claim_of(b'a:2:{i:0;s:24:"";s:3:"a b";s:20:"quay";}')
    assert (claim.status, claim.value) == ("repaired", '{"0":"","a b":"quay"}')


def test_a_head_at_the_start_of_a_line_ends_the_search_for_a_quote() -> None:
    page = b'a:1:{i:0;s:40:"wet quay\n\nThe gulls of the outer pier came back early.\n\na:1:{i:0;s:3:"dry";}'
    first, second = segments.read(page, "all").claims
    assert (first.status, first.span) == ("truncated", (0, page.index(b"\n")))
    assert (second.status, second.value) == ("exact", '["dry"]')


@pytest.mark.parametrize("nul", [b"\0", b"\xef\xbf\xbd", b" "])
def test_hidden_names_with_whatever_became_of_their_nul_bytes(nul: bytes) -> None:
    raw = b'O:1:"A":2:{s:4:"' + nul + b"*" + nul + b'p";i:1;s:4:"' + nul + b"A" + nul + b'q";i:2;}'
    assert read(raw) == {"$class": "A", "p": 1, "q": 2}


def test_the_own_class_is_told_from_a_private_name_without_nul_bytes() -> None:
    assert read(b'O:1:"A":2:{s:4:"*p";i:1;s:4:"Aq";i:2;}') == {"$class": "A", "p": 1, "q": 2}
