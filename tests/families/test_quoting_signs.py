"""What is looked for before a pattern is: nothing that the pattern finds may be without it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.families import code_signs, shown_signs
from pipeline.families import quoting_signs as signs
from pipeline.families.vocabulary import text_of

SIGNS = {name: kind.sign for name, kind in signs.KINDS.items()}
SIGNS |= {"code": signs.CODE, "software": signs.SOFTWARE, "terms of every day": signs.COMMON}
SIGNS |= {"terms of code": code_signs.TERMS, "functions": code_signs.NAMES, "spans of code": code_signs.CODE_SPAN}
SIGNS |= {"terms of programs": shown_signs.TERMS, "fences": shown_signs.FENCE}


@pytest.mark.parametrize("name", SIGNS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_what_a_pattern_finds_has_a_sign_of_it(name: str, data: st.DataObject) -> None:
    sign = SIGNS[name]
    found = data.draw(st.from_regex(re.compile(sign.pattern.pattern)))
    text = data.draw(st.sampled_from([b"", b"Rain. ", "Größe ".encode()])) + found
    if sign.pattern.search(text):
        assert sign.may_stand_in(text_of(text))


def test_a_page_of_prose_has_no_sign_of_software() -> None:
    text = text_of(b"Rain fell on the harbour; the ferry (an old one) was late, the captain said.")
    assert not any(
        sign.may_stand_in(text)
        for sign in (signs.SOFTWARE, signs.COMMON, signs.CODE, *code_signs.SIGNS, *shown_signs.SIGNS)
    )
