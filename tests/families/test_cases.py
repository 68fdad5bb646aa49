"""Every case of every family: what must come out of it, and every law.

A case is a pair of files: ``NAME.raw`` is a document, byte for byte, ``NAME.json`` what is expected of it.
``body`` and ``artifacts`` are always there; ``title``, ``sign_off``, ``dateline_raw`` and ``related_ids`` where it is
about them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.families import FAMILY_NAMES
from pipeline.model import Document, Record
from pipeline.profiles import load
from pipeline.stages import Cleaner

CheckLaws = Callable[[Cleaner, Record], Document | None]

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests/cases"
SAMPLE = ROOT / "data/raw"

FOLDERS = ("wild", "synthetic", "negative", "known_failures")
PROVEN = FOLDERS[:3]
OPTIONAL = {"title", "sign_off", "dateline_raw", "related_ids"}

CLEANER = Cleaner(load())


def name_of(raw_file: Path) -> str:
    """Return what a case is called: its folder and its name."""
    return f"{raw_file.parent.name}/{raw_file.stem}"


def cases(*folders: str) -> list[Path]:
    """Return the documents of the cases in these folders of every family."""
    return sorted(
        path for family in FAMILY_NAMES for folder in folders for path in (CASES / family / folder).glob("*.raw")
    )


def expected(raw_file: Path) -> dict[str, Any]:
    """Return what must come out of a case."""
    wanted: dict[str, Any] = json.loads(raw_file.with_suffix(".json").read_text("utf-8"))
    return wanted


def clean(raw_file: Path) -> Document:
    """Return a cleaned case."""
    return CLEANER.clean(Record(raw_file.name, 0, raw_file.read_bytes()))


def found_in(document: Document, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return of a document what the case says something about, in the case's own form."""
    article = document.article
    artifacts = [
        {
            "start": claim.span.start,
            "stop": claim.span.stop,
            "rule": claim.rule,
            "status": claim.status,
            "declared_length": claim.declared_length,
            "value": json.loads(claim.value) if claim.value is not None else None,
        }
        for claim in document.claims
    ]
    known = {
        "artifacts": artifacts,
        "body": article.body,
        "title": article.title,
        "sign_off": article.sign_off,
        "dateline_raw": article.dateline_raw,
        "related_ids": [item.item_id for item in document.related],
    }
    return {key: known[key] for key in wanted}


def assert_as_expected(raw_file: Path) -> None:
    """Hold what comes out of a case against what must."""
    wanted = expected(raw_file)
    reasons = [artifact.pop("reason_contains", "") for artifact in wanted["artifacts"]]
    document = clean(raw_file)
    assert found_in(document, wanted) == wanted
    for claim, reason in zip(document.claims, reasons, strict=True):
        assert reason in claim.reason


@pytest.mark.parametrize("raw_file", cases(*PROVEN), ids=name_of)
def test_a_case_gives_what_is_expected(raw_file: Path) -> None:
    assert_as_expected(raw_file)


@pytest.mark.parametrize("raw_file", cases("negative"), ids=name_of)
def test_nothing_is_cut_from_a_negative_case(raw_file: Path) -> None:
    assert not any(claim.is_cut for claim in clean(raw_file).claims)


# One that starts to pass breaks the build (xfail_strict) until it moves to the folder where it belongs by now.
@pytest.mark.xfail(raises=AssertionError, reason="what the family gets wrong, as it ought to be")
@pytest.mark.parametrize("raw_file", cases("known_failures"), ids=name_of)
def test_a_known_failure_fails(raw_file: Path) -> None:
    assert_as_expected(raw_file)


@pytest.mark.parametrize("raw_file", cases(*FOLDERS), ids=name_of)
def test_every_law_holds_for_a_case(check_laws: CheckLaws, raw_file: Path) -> None:
    assert check_laws(CLEANER, Record(raw_file.name, 0, raw_file.read_bytes())) is not None


@pytest.mark.parametrize("page", sorted(SAMPLE.glob("*/*.txt")), ids=lambda page: f"{page.parent.name}/{page.name}")
def test_every_law_holds_for_a_sample_page(check_laws: CheckLaws, page: Path) -> None:
    check_laws(CLEANER, Record(page.relative_to(SAMPLE).as_posix(), 0, page.read_bytes()))


@pytest.mark.parametrize("folder", PROVEN)
@pytest.mark.parametrize("family", FAMILY_NAMES)
def test_every_family_has_cases_of_each_kind(family: str, folder: str) -> None:
    assert list((CASES / family / folder).glob("*.raw"))


def test_cases_are_pairs_in_known_folders_of_known_families() -> None:
    files = [path for path in CASES.rglob("*") if path.is_file()]
    paths = [path.relative_to(CASES).parts for path in files]
    assert [path for path in paths if len(path) != 3 or path[0] not in FAMILY_NAMES or path[1] not in FOLDERS] == []
    documents = {path.with_suffix("") for path in files if path.suffix == ".raw"}
    expectations = {path.with_suffix("") for path in files if path.suffix == ".json"}
    assert documents == expectations
    assert len(files) == len(documents) + len(expectations)


@pytest.mark.parametrize("raw_file", cases(*FOLDERS), ids=name_of)
def test_a_case_says_all_that_is_needed_and_nothing_unknown(raw_file: Path) -> None:
    wanted = expected(raw_file)
    assert {"artifacts", "body"} <= wanted.keys() <= {"artifacts", "body"} | OPTIONAL
    required = {"start", "stop", "rule", "status", "declared_length", "value"}
    for artifact in wanted["artifacts"]:
        assert artifact.keys() - {"reason_contains"} == required
