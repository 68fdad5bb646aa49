"""Files with duplicates are written again by the workers that cleaned, and by the command where those die of it."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.store.commit import Part
from pipeline.store.duplicates import Marks, written_again
from tests.corpus import clean, in_time, page, rows, staged, write

pytestmark = pytest.mark.usefixtures("several_shards")


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a folder of pages of which each has the body of two others."""
    return write(
        tmp_path / "pages",
        {f"page-{number:02d}.txt": page(f"Tide {number}", f"Tide {number % 9} was low.") for number in range(27)},
    )


def by_a_worker(part: Part, marks: Marks, folder: Path, run_id: str) -> Part:
    assert multiprocessing.parent_process() is not None
    return written_again(part, marks, folder, run_id)


def dying(part: Part, marks: Marks, folder: Path, run_id: str) -> Part:
    if multiprocessing.parent_process() is not None:
        os._exit(7)
    return written_again(part, marks, folder, run_id)


@pytest.mark.parametrize("writing", [by_a_worker, dying])
def test_workers_mark_the_same_duplicates_as_the_command_alone(
    pages: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writing: Callable[..., Part]
) -> None:
    clean(pages, tmp_path / "alone")
    monkeypatch.setattr("pipeline.engines.sameness.WORTH_A_WORKER", 1)
    monkeypatch.setattr("pipeline.engines.marking.written_again", writing)
    with in_time():
        clean(pages, out, workers=2)
    assert rows(out) == rows(tmp_path / "alone")
    assert len([row for row in rows(out)["articles"] if row["duplicate_of"]]) == 18
    assert staged(out) == []
