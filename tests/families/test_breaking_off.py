"""Leaks of every family that break off anywhere: the prose behind them stays, whatever it begins with."""

from __future__ import annotations

import random
from itertools import cycle

import pytest

from bench.quality.leak_pages import BEHIND, unmarked
from bench.quality.leaks import FORMS
from pipeline.families import FAMILY_NAMES
from pipeline.model import Span
from pipeline.stages import segments

CUTS_MOST = 150
GLUED_MOST = 60


def seeded(seed: str) -> random.Random:
    """Return a source of cases that are the same in each run."""
    return random.Random(seed)  # noqa: S311 - cases are no secrets


def leaks(family: str) -> list[str]:
    """Return a leak of each form of a family."""
    rng = seeded(family)
    return [unmarked(make(rng)).raw.decode() for make in FORMS[family].values()]


@pytest.mark.parametrize("family", FAMILY_NAMES)
def test_prose_behind_a_leak_that_breaks_off_stays(family: str) -> None:
    prose = cycle(BEHIND)
    for leak in leaks(family):
        stops = range(1, len(leak) + 1)
        for stop in seeded(leak).sample(stops, min(CUTS_MOST, len(stops))):
            before, behind, last = next(prose), next(prose), next(prose)
            parted = "\n" if stop % 2 else "\n\n"
            head = f"{before}\n\n{leak[:stop]}{parted}"
            raw = f"{head}{behind}\n\n{last}".encode()
            own = Span(len(before.encode()) + 2, len(head.encode()))
            lost = [claim for claim in segments.read(raw).claims if claim.is_cut and not _is_within(claim.span, own)]
            assert not lost, f"{raw!r} loses {[claim.span.of(raw) for claim in lost]}"


SENTENCES = (
    "The crews walked home over the ice, and nobody minded.",
    "“It will pass,” she said; the pier [the old one] stays shut (see page 4).",
    "Паром идёт до вечера, сообщили в порту.",
    "وقال المتحدث إن الميناء مغلق. فمتى يعود القارب؟",
    "港口将于周一重新开放，市长这样说。",
    "बारिश पूरे दिन होती रही।",
)
"""Whole sentences, as the paragraphs of a page are."""
QUOTED = {"php_dump", "embedded_json", "shortcode", "template_tag", "python_repr", "style", "html", "php_source"}
"""Families whose leaks do not end in free text: that has its line alone, or nothing tells it from prose."""


@pytest.mark.parametrize("family", sorted(QUOTED))
def test_prose_right_behind_a_leak_that_breaks_off_stays(family: str) -> None:
    prose = cycle(SENTENCES)
    for leak in leaks(family):
        stops = range(1, len(leak) + 1)
        for stop in seeded(leak).sample(stops, min(GLUED_MOST, len(stops))):
            head = f"{next(prose)}\n\n{leak[:stop]}"
            raw = f"{head}{next(prose)}".encode()
            own = Span(0, len(head.encode()))
            lost = [claim for claim in segments.read(raw).claims if claim.is_cut and not _is_within(claim.span, own)]
            assert not lost, f"{raw!r} loses {[claim.span.of(raw) for claim in lost]}"


def _is_within(span: Span, other: Span) -> bool:
    return other.start <= span.start and span.stop <= other.stop
