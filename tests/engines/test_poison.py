"""A document that costs too much, or kills the process that cleans it, is rejected alone; all others are cleaned."""

from __future__ import annotations

import multiprocessing
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline import open_snapshot
from pipeline.cli.options import LEAST_WORKER_MIB
from pipeline.engines.lanes import LEAST_WORKER_MEMORY
from pipeline.engines.limits import processor_time
from pipeline.engines.task import ShardResult
from pipeline.errors import DescrapeError, RejectedDocument, UsageError
from pipeline.job import Options
from pipeline.model import Document
from pipeline.stages import Cleaner, Opened, Steps
from pipeline.verify import verify
from tests import corpus
from tests.corpus import DEADLY, PAGES, REJECTED, clean, descrape, environment, rows, small_shards, staged, write

FERRY = "harbour/ferry.txt"


def rejects(out: Path) -> dict[str, dict[str, Any]]:
    """Return the rejects that the pages as such do not give, by ``source_uri``."""
    return {row["source_uri"]: row for row in rows(out)["rejects"] if row["code"] not in corpus.REJECTED.values()}


def articles(out: Path, *but: str) -> list[dict[str, Any]]:
    return [row for row in rows(out)["articles"] if row["source_uri"] not in but]


@pytest.mark.parametrize("mean", [2, 1024])
def test_documents_that_kill_their_worker_are_found_and_rejected_alone(
    pages: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mean: int
) -> None:
    small_shards(monkeypatch, mean)
    clean(pages, tmp_path / "healthy")
    for module in ("local", "poison"):
        monkeypatch.setattr(f"pipeline.engines.{module}.clean_shard", corpus.deadly_shard)
    with corpus.in_time():
        outcome = clean(pages, out, workers=2, max_worker_memory=2**32)
    found = rejects(out)
    assert found.keys() == DEADLY
    for uri, row in found.items():
        assert (row["stage"], row["code"], row["raw"]) == ("clean", "worker_died", PAGES[uri])
    assert articles(out) == articles(tmp_path / "healthy", *DEADLY)
    assert outcome.counts["inputs"] == len(PAGES)
    assert verify(open_snapshot(out)).breaches == ()
    assert staged(out) == []


@pytest.mark.parametrize("shard", [corpus.deadly_writing, corpus.deadly_keeping, corpus.hungry_shard])
def test_a_document_that_kills_when_it_is_written_or_leaves_others_no_memory_is_found_too(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shard: Callable[..., ShardResult]
) -> None:
    pages = write(tmp_path / "few", {uri: PAGES[uri] for uri in (FERRY, "town/plain.txt")})
    for module in ("local", "poison"):
        monkeypatch.setattr(f"pipeline.engines.{module}.clean_shard", shard)
    with corpus.in_time():
        clean(pages, out, max_worker_memory=2**32)
    assert {uri: row["code"] for uri, row in rejects(out).items()} == {FERRY: "worker_died"}
    assert [row["source_uri"] for row in articles(out)] == ["town/plain.txt"]
    assert staged(out) == []


def test_a_document_that_takes_too_long_is_rejected_alone(
    pages: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean(pages, tmp_path / "healthy")
    cleaning = Cleaner.steps

    def endless(self: Cleaner, opened: Opened) -> Steps[Document]:
        yield "nothing yet"
        while opened.record.source_uri == FERRY:
            pass
        return (yield from cleaning(self, opened))

    monkeypatch.setattr(Cleaner, "steps", endless)
    with corpus.in_time():
        clean(pages, out, max_document_seconds=0.6)
    (row,) = rejects(out).values()
    assert (row["source_uri"], row["code"], row["raw"]) == (FERRY, "too_slow", PAGES[FERRY])
    assert "0.6 s" in row["message"]
    assert articles(out) == articles(tmp_path / "healthy", FERRY)


def test_a_limit_below_what_is_prepared_at_first_rejects_no_document_for_it(out: Path) -> None:
    sample = Path(__file__).resolve().parents[2] / "data/raw/other-sites"
    asked = ("run", sample, "--out", out, "--workers", 1, "--max-document-seconds", "0.1", "--quiet")
    assert descrape(*asked).returncode in {0, 3}
    assert "too_slow" not in {row["code"] for row in rows(out)["rejects"]}


def test_a_document_that_needs_too_much_memory_is_rejected_alone(
    pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaning = Cleaner.steps

    def hungry(self: Cleaner, opened: Opened) -> Steps[Document]:
        if opened.record.source_uri == FERRY:
            raise MemoryError
        return cleaning(self, opened)

    monkeypatch.setattr(Cleaner, "steps", hungry)
    clean(pages, out)
    (row,) = rejects(out).values()
    assert (row["source_uri"], row["code"], row["raw"]) == (FERRY, "out_of_memory", PAGES[FERRY])


def test_a_worker_holds_no_more_memory_than_it_may(tmp_path: Path, out: Path) -> None:
    lines = b"ab\n" * 4_000_000
    pages = write(tmp_path / "pages", {"large.txt": lines, "small.txt": b"Rain fell on the town. Nobody minded.\n"})
    clean(pages, out, max_worker_memory=700 * 2**20)
    assert rejects(out).keys() == {"large.txt"}
    assert rejects(out)["large.txt"]["code"] in {"out_of_memory", "worker_died"}
    assert [row["source_uri"] for row in articles(out)] == ["small.txt"]


def test_workers_that_die_of_nothing_in_particular_end_the_run(
    pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("local", "poison"):
        monkeypatch.setattr(f"pipeline.engines.{module}.clean_shard", corpus.dying_shard)
    with corpus.in_time(), pytest.raises(DescrapeError, match="before it has read anything"):
        clean(pages, out, max_worker_memory=2**32)
    assert staged(out) == []


def test_a_shard_whose_worker_somebody_killed_is_tried_once_more(
    pages: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean(pages, tmp_path / "healthy")
    monkeypatch.setattr("pipeline.engines.local.clean_shard", corpus.killed_once)
    with corpus.in_time(240):
        clean(pages, out, max_worker_memory=2**32)
    assert not rejects(out)
    assert articles(out) == articles(tmp_path / "healthy")
    assert staged(out) == []


def test_a_shard_whose_worker_dies_twice_for_no_document_ends_the_run(
    pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.engines.local.clean_shard", corpus.dying_shard)
    with corpus.in_time(240), pytest.raises(DescrapeError, match="died twice"):
        clean(pages, out, max_worker_memory=2**32)
    assert staged(out) == []


def spin(seconds: float) -> None:
    with processor_time(seconds):
        while True:
            pass


def test_processor_time_is_limited_inside_and_not_behind() -> None:
    with pytest.raises(RejectedDocument, match="processor time"):
        spin(0.05)
    with processor_time(0.05):
        pass
    sum(range(10_000_000))


def test_processor_time_is_limited_in_the_main_thread_alone() -> None:
    done: list[int] = []

    def elsewhere() -> None:
        with processor_time(0.001):
            done.append(sum(range(1_000_000)))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert done


def test_a_worker_without_the_memory_to_be_told_its_work_ends_the_run_in_one_sentence(
    pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.job.options.LEAST_WORKER_MEMORY", 1)
    with corpus.in_time(), pytest.raises(DescrapeError, match="too little memory"):
        clean(pages, out, max_worker_memory=64 * 2**20)


def test_less_memory_than_a_worker_begins_with_is_wrong_usage_and_says_how_much_is_enough(
    pages: Path, out: Path
) -> None:
    assert LEAST_WORKER_MIB * 2**20 == LEAST_WORKER_MEMORY
    refused = descrape("run", pages, "--out", out, "--max-worker-memory", 200)
    assert refused.returncode == 2
    assert "200 MiB is too little: a worker process needs 512 MiB to begin" in refused.stderr
    with pytest.raises(UsageError, match=f"from {LEAST_WORKER_MEMORY} to"):
        Options(max_worker_memory=200)
    assert not out.exists()


def test_the_least_memory_a_worker_may_be_given_is_enough_to_clean(pages: Path, out: Path) -> None:
    clean(pages, out, max_worker_memory=LEAST_WORKER_MEMORY)
    assert len(articles(out)) == len(PAGES) - len(REJECTED)


COMMAND = """
import sys
from pipeline.cli import main
from pipeline.engines import local, poison
from tests.corpus import deadly_shard

local.clean_shard = poison.clean_shard = deadly_shard
main()
"""


def test_a_small_change_that_kills_is_found_by_the_command_itself_in_the_same_run(
    pages: Path, out: Path, tmp_path: Path
) -> None:
    clean(pages, tmp_path / "healthy")
    told = ["run", str(pages), "--out", str(out), "--workers", "1", "--quiet"]
    ended = subprocess.run(
        [sys.executable, "-c", COMMAND, *told],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=corpus.PATIENCE,
    )
    assert (ended.returncode, ended.stderr) == (3, "")
    assert rejects(out).keys() == DEADLY
    assert articles(out) == articles(tmp_path / "healthy", *DEADLY)
    assert len(list((out / "runs").iterdir())) == 1
    assert staged(out) == []


def test_what_killed_the_run_itself_is_found_by_the_next_one(
    pages: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean(pages, tmp_path / "healthy")
    for module in ("local", "poison"):
        monkeypatch.setattr(f"pipeline.engines.{module}.clean_shard", corpus.deadly_shard)
    run = multiprocessing.get_context("fork").Process(target=clean, args=(pages, out))
    run.start()
    run.join()
    assert run.exitcode == -signal.SIGKILL
    assert staged(out)
    with corpus.in_time():
        clean(pages, out)
    assert rejects(out).keys() == DEADLY
    assert articles(out) == articles(tmp_path / "healthy", *DEADLY)
    assert staged(out) == []
