"""Shards go to workers by how much work they are, however their inputs are held."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.engines.local import local_engine
from pipeline.engines.sameness import work_of
from pipeline.engines.task import ShardTask, Work
from pipeline.plan import plan
from pipeline.profiles import load
from pipeline.store.discovery import discover
from pipeline.store.readers.reading import ReadSettings
from tests.corpus import in_time, small_shards, write


@pytest.fixture
def tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ShardTask, ...]:
    """Return the shards of some pages, which are not all of the same size."""
    small_shards(monkeypatch)
    pages = write(tmp_path / "pages", {f"{number:02d}.txt": b"Rain fell on the town.\n" for number in range(20)})
    return plan(discover([str(pages)]).inputs).tasks


def test_shards_with_much_work_go_first_so_that_workers_are_done_together(tasks: tuple[ShardTask, ...]) -> None:
    work = Work("run", None, load().sources, ReadSettings(), previous=None, isolated=True)
    with in_time(), local_engine(1) as on:
        begun = [result.number for result in on.run(tasks, work)]
    by_work = sorted(tasks, key=work_of, reverse=True)
    assert begun == [task.number for task in by_work]
    assert work_of(by_work[0]) > work_of(by_work[-1])


def test_large_documents_are_more_work_than_small_ones_and_those_that_are_what_they_were_hardly_any(
    tmp_path: Path,
) -> None:
    pages = write(tmp_path / "pages", {"large.txt": b"Rain. " * 2**14, "small.txt": b"Rain.\n", "more.jsonl": b"{}\n"})
    (task,) = plan(discover([str(pages)]).inputs).tasks
    assert work_of(task) == 6 + 1 + 1
    assert work_of(ShardTask(0, tuple(task.items))) == work_of(task)
    assert work_of(ShardTask(0, task.items, same=(True, None, False))) == 2
