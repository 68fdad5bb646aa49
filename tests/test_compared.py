"""What a run says of its files: which were new, changed or not, and which it did not even read."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.job import Options, run
from pipeline.job.compared import InputFiles
from tests.corpus import FEW, small_shards, write
from tests.in_process import descrape


@pytest.fixture(params=["one shard", "several"])
def pages(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with pages and a container, none of them written just now."""
    if request.param == "several":
        small_shards(monkeypatch)
    monkeypatch.setattr("pipeline.store.seen.CLOCK_SLACK", -3600.0)  # as if they had been written long ago
    crawl = b'{"text": "The lock is shut."}\n{"text": "It rains."}\n'
    return write(tmp_path / "pages", FEW | {"crawl.jsonl": crawl})


def told(pages: Path, options: Options | None = None) -> InputFiles:
    files = run([str(pages)], pages.parent / "clean", options).input_files
    assert files is not None
    return files


def test_what_is_new_changed_or_as_it_was_is_counted_by_files(pages: Path) -> None:
    assert told(pages) == InputFiles(new=5)
    write(pages, {"town/plain.txt": b"Snow fell all night. It stayed.\n", "town/new.txt": b"A bridge opened.\n"})
    (pages / "town/quay.txt").unlink()
    assert told(pages) == InputFiles(new=1, changed=1, unchanged=3, unread=3, gone=1)


def test_what_was_touched_or_is_asked_for_is_read_and_the_rest_is_not(pages: Path) -> None:
    told(pages)
    assert told(pages) == InputFiles(unchanged=5, unread=5)
    (pages / "town/plain.txt").touch()
    assert told(pages) == InputFiles(unchanged=5, unread=4)
    assert told(pages, Options(checksum=True)) == InputFiles(unchanged=5)
    (pages / "town/plain.txt").touch()
    assert told(pages, Options(since=datetime(2100, 1, 1, tzinfo=UTC))) == InputFiles(unchanged=5, unread=5)
    assert told(pages, Options(rebuild=True)) == InputFiles(unchanged=5, cleaned_again=5)


def test_a_dry_run_compares_nothing(pages: Path) -> None:
    assert run([str(pages)], pages.parent / "clean", Options(dry_run=True)).input_files is None


def test_summary_json_and_report_say_it(tmp_path: Path) -> None:
    pages, out = write(tmp_path / "pages", FEW), tmp_path / "clean"
    first = descrape("run", pages, "--out", out)
    assert f"  {len(FEW)} files: {len(FEW)} new\n" in first.stdout
    again = descrape("run", pages, "--out", out, "--checksum")
    assert f"  {len(FEW)} files: {len(FEW)} unchanged (all read)\n" in again.stdout
    data = json.loads(descrape("run", pages, "--out", out, "--json", "--checksum").stdout)
    assert data["input_files"] == asdict(InputFiles(unchanged=len(FEW)))
    reports = sorted((out / "runs").glob("*/report.json"))
    assert json.loads(reports[0].read_bytes())["input_files"] == asdict(InputFiles(new=len(FEW)))
