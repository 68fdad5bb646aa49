"""Prose right beside a leak stays, whatever parts the two: a blank, a sign, a quote, an entity, a tag, or nothing."""

from __future__ import annotations

import random

import pytest

from bench.prose import Leak, Part, losses, of_cases, page_of, parts_of, written
from bench.quality.leak_pages import leak
from pipeline.families import FAMILY_NAMES

PAGES = 400
BREAKING_OFF = 0.3


@pytest.fixture(scope="module")
def leaks() -> list[Leak]:
    """Return leaks of every family, written and of the cases."""
    return [*written(random.Random(7), 3), *of_cases()]  # noqa: S311 - cases are no secrets


@pytest.mark.parametrize("family", FAMILY_NAMES)
def test_prose_beside_a_leak_stays(leaks: list[Leak], family: str) -> None:
    rng = random.Random(family)  # noqa: S311 - as above
    own = [one for one in leaks if one.name.startswith(f"{family}: ")]
    for _ in range(PAGES):
        page = page_of(rng, rng.choice(own), breaks_off=rng.random() < BREAKING_OFF)
        lost = [(loss.text, loss.claim.rule) for loss in losses(page)]
        assert not lost, page.shown()


def test_prose_inside_a_leak_is_told_apart() -> None:
    assert parts_of(f"{leak('[b]')}wet{leak('[/b]')}") == (
        Part(b"[b]", is_prose=False),
        Part(b"wet", is_prose=True),
        Part(b"[/b]", is_prose=False),
    )
