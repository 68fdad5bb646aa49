from __future__ import annotations

import time

import pytest
import regex

from pipeline.profiles import load
from pipeline.profiles.profile import SIGN_OFF_LONGEST
from pipeline.profiles.quick import is_quick

QUICK = (
    "[A-Z]{1,6}/[A-Z]{1,6} [0-9-]{1,8}",
    r"[A-Z]{1,8}(?:/[A-Z]{1,8})?(?: [0-9-]{1,8})?|[0-9]{1,3}",
    r"\w+ / \d*",
    r"[a-z\]]+\.",
    r"\(\?\)",
    "ed(?:itor)?: x{3}",
)
SLOW = (
    "(?:[A-Z]+)+",
    "(?:[A-Z]+){2,9}",
    "([A-Z]+)*/",
    r"\w*\w*\w*\w*/",
    r"(.+)\1",
    "(?=.*x).*y",
    "(?R)?x",
    r"\p{L}+",
    "(?:mark){e<=2}",
    "x{e<=2}",
    "[a[b]+]",
    "|".join(["x?"] * 20),
)


@pytest.mark.parametrize("pattern", QUICK)
def test_a_pattern_that_repeats_characters_a_few_times_is_quick(pattern: str) -> None:
    assert is_quick(pattern)
    compiled = regex.compile(pattern)
    began = time.process_time()
    for line in ("A" * SIGN_OFF_LONGEST, "a" * SIGN_OFF_LONGEST, "1-" * (SIGN_OFF_LONGEST // 2), "A/" * 20):
        compiled.fullmatch(line)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("pattern", SLOW)
def test_any_other_pattern_is_held_to_the_clock(pattern: str) -> None:
    assert not is_quick(pattern)


def test_the_patterns_of_shipped_profiles_are_quick() -> None:
    for profile in (load().default, load(["alalam-en"]).given[0]):
        assert profile.sign_off is not None
        assert is_quick(profile.sign_off.pattern)
