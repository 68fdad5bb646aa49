"""The page this project began with, and pages about PHP output: both stand beside the checkout, where they are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.errors import RejectedDocument
from pipeline.model import Document, Record
from pipeline.profiles import load
from pipeline.stages import Cleaner

SHARED = Path(__file__).resolve().parents[2] / "shared"
SEEDS = sorted((SHARED / "seeds").glob("*.txt"))
HARD_NEGATIVES = sorted((SHARED / "cases/hard_negatives").glob("*.txt"))

CLEANER = Cleaner(load(["alalam-en", "default"]))

pytestmark = pytest.mark.shared


def clean(path: Path) -> Document:
    """Return a cleaned page."""
    return CLEANER.clean(Record(path.name, 0, path.read_bytes()))


@pytest.fixture(scope="module")
def seed() -> Document:
    """Return the seed page, cleaned."""
    if not SEEDS:
        pytest.skip("the seed page is not here: there is no ../shared/seeds beside this checkout")
    return clean(SEEDS[0])


def test_the_title_of_the_seed(seed: Document) -> None:
    assert seed.article.headline == "Syrian Army Troops Regain Entire Palmyra City from ISIS Terrorists"
    assert seed.article.title_flags == ("VIDEO",)


def test_the_timestamp_line_of_the_seed(seed: Document) -> None:
    assert seed.source == "alalam-en"
    assert seed.dateline.status == "exact"
    assert seed.dateline.published_local == datetime(2016, 3, 27, 11, 55, 38)  # noqa: DTZ001 - wall clock
    assert seed.dateline.published_at == datetime(2016, 3, 27, 7, 25, 38)  # noqa: DTZ001 - UTC without tzinfo
    assert (seed.dateline.timezone, seed.dateline.timezone_source) == ("Asia/Tehran", "profile")
    assert seed.dateline.utc_offset_minutes == 270


def test_the_prose_of_the_seed(seed: Document) -> None:
    paragraphs = seed.article.body.split("\n\n")
    assert len(paragraphs) == 10
    assert all(paragraph and "\n" not in paragraph for paragraph in paragraphs)
    assert paragraphs[0].startswith("Syrian armed forces")
    assert paragraphs[-1].endswith("Aleppo.")
    assert seed.article.sign_off == "S/SH 11"


def test_the_dump_of_the_seed(seed: Document) -> None:
    (claim,) = seed.claims
    assert (claim.family, claim.rule, claim.status) == ("php_dump", "var_dump", "exact")
    assert claim.declared_length == 1930
    assert claim.payload is not None
    assert len(claim.payload.of(seed.record.raw)) == 1930
    assert claim.span.stop == len(seed.record.raw)


def test_the_related_items_of_the_seed(seed: Document) -> None:
    printed = json.loads(seed.payloads[0].json or "null")
    assert len(seed.related) == len(printed) == 10
    assert [item.item_id for item in seed.related] == [row["id"] for row in printed]
    assert [item.title for item in seed.related] == [row["title"] for row in printed]
    assert [item.sort_key for item in seed.related] == list(range(3519557, 3519567))
    assert seed.related[0].title_flags == ("VIDEO",)
    assert all(item.extra is None for item in seed.related)


@pytest.mark.skipif(not HARD_NEGATIVES, reason="there is no ../shared/cases/hard_negatives beside this checkout")
def test_nothing_is_cut_from_a_page_about_php_output(record_property: Callable[[str, object], None]) -> None:
    counts: Counter[str] = Counter()
    altered = []
    for path in HARD_NEGATIVES:
        try:
            document = clean(path)
        except RejectedDocument as rejected:
            counts[rejected.code] += 1
            continue
        counts["articles"] += 1
        counts.update(claim.status for claim in document.claims)
        if any(claim.is_cut for claim in document.claims):
            altered.append(path.name)
    for name, number in sorted(counts.items()):
        record_property(name, number)
    assert altered == []
