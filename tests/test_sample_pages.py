"""The sample pages give what a reader finds in them: ``sample_truth.json``, keyed by path."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import RejectedDocument
from pipeline.families import FAMILY_NAMES
from pipeline.model import Document, Record
from pipeline.profiles import load
from pipeline.stages import Cleaner

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data/raw"
TRUTH: dict[str, dict[str, Any]] = json.loads((ROOT / "tests/sample_truth.json").read_text("utf-8"))
CLEANER = Cleaner(load(["alalam-en", "default"]))

ENDS = 20
"""Characters of ``first_words`` and ``last_words``."""


def told(document: Document) -> dict[str, Any]:
    """Return of an article what the truth says something about."""
    article, local = document.article, document.dateline.published_local
    return {
        "outcome": "article",
        "code": None,
        "title": article.title,
        "headline": article.headline,
        "title_flags": list(article.title_flags),
        "kicker": article.kicker,
        "dateline_raw": article.dateline_raw,
        "dateline_status": document.dateline.status,
        "published_local": local.isoformat() if local else None,
        "sign_off": article.sign_off,
        "deck": article.deck,
        "lead_raw": article.lead_raw,
        "encoding": document.encoding,
        "language": document.language,
        "paragraphs": len(article.body.split("\n\n")) if article.body else 0,
        "first_words": article.body[:ENDS],
        "last_words": article.body[-ENDS:],
        "related_ids": [item.item_id for item in document.related],
        "artifacts": [
            {
                "declared_length": claim.declared_length,
                "family": claim.family,
                "rule": claim.rule,
                "status": claim.status,
            }
            for claim in document.claims
        ],
    }


def outcome(path: str) -> dict[str, Any]:
    """Return what comes of a page: one article or one reject."""
    try:
        return told(CLEANER.clean(Record(path, 0, (SAMPLE / path).read_bytes())))
    except RejectedDocument as rejected:
        return {"outcome": "reject", "code": rejected.code}


@pytest.mark.parametrize("path", sorted(TRUTH))
def test_a_page_gives_what_a_reader_finds_in_it(path: str) -> None:
    found, truth = outcome(path), TRUTH[path]
    if truth["outcome"] == "reject":
        assert found == {"outcome": "reject", "code": truth["code"]}
        assert {key for key, value in truth.items() if value} <= {"outcome", "code"}
    else:
        assert found == truth


def test_the_truth_is_about_the_pages_that_there_are() -> None:
    assert {path.relative_to(SAMPLE).as_posix() for path in SAMPLE.glob("*/*.txt")} == set(TRUTH)


def test_every_family_of_leaks_is_cut_from_some_page() -> None:
    cut = {leak["family"] for page in TRUTH.values() for leak in page.get("artifacts", ()) if leak["status"] != "kept"}
    assert cut == set(FAMILY_NAMES)
