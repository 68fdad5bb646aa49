"""What a run says of its files: which were new, changed or not, and which it did not even read."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.job import Options, run
from pipeline.job.compared import InputFiles
from pipeline.job.share import Share, run_share
from pipeline.job.share_commit import commit_shares
from tests.corpus import FEW, descrape, small_shards, write


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


def test_a_dry_run_compares_what_it_reads_with_what_the_output_holds(pages: Path) -> None:
    dry = Options(dry_run=True)
    assert told(pages, dry) == InputFiles(new=5)
    told(pages)
    write(pages, {"town/plain.txt": b"Snow fell all night. It stayed.\n", "town/new.txt": b"A bridge opened.\n"})
    (pages / "town/quay.txt").unlink()
    assert told(pages, dry) == InputFiles(new=1, changed=1, unchanged=3, cleaned_again=3, gone=1)
    assert told(pages, Options(dry_run=True, prune=True)).gone == 0


def test_a_dry_run_beside_a_damaged_output_compares_nothing(pages: Path) -> None:
    told(pages)
    (pages.parent / "clean" / "current" / "manifest.json").write_bytes(b"{")
    assert run([str(pages)], pages.parent / "clean", Options(dry_run=True)).input_files is None


def test_a_share_says_it_of_the_files_that_it_read(pages: Path) -> None:
    out = pages.parent / "clean"

    def shares() -> list[InputFiles | None]:
        found = [run_share(Share(number, 2), [str(pages)], out).input_files for number in (1, 2)]
        commit_shares(out)
        return found

    assert sum(files.new for files in shares() if files is not None) == 5
    write(pages, {"town/plain.txt": b"Snow fell all night. It stayed.\n"})
    (pages / "town/quay.txt").unlink()
    again = [files for files in shares() if files is not None]
    assert [sum(getattr(files, name) for files in again) for name in ("new", "changed", "unchanged", "gone")] == [
        *(0, 1, 3, 1)
    ]


def test_a_replay_says_how_many_rejects_it_tried_again(tmp_path: Path) -> None:
    pages, out = write(tmp_path / "pages", FEW | {"empty.txt": b"", "white.txt": b" \n"}), tmp_path / "clean"
    descrape("run", pages, "--out", out)
    assert "  3 rejects tried again\n" in descrape("quarantine", "replay", out).stdout
    data = json.loads(descrape("quarantine", "replay", out, "--code", "undecodable", "--json").stdout)
    assert (data["tried_again"], "input_files" in data) == (0, False)


def test_summary_json_and_report_say_it(tmp_path: Path) -> None:
    pages, out = write(tmp_path / "pages", FEW), tmp_path / "clean"
    first = descrape("run", pages, "--out", out)
    assert f"  {len(FEW)} files: {len(FEW)} new\n" in first.stdout
    again = descrape("run", pages, "--out", out, "--checksum")
    assert f"  {len(FEW)} files: {len(FEW)} unchanged (all read)\n" in again.stdout
    data = json.loads(descrape("run", pages, "--out", out, "--json", "--checksum").stdout)
    assert data["input_files"] == asdict(InputFiles(unchanged=len(FEW)))
    reports = [json.loads(report.read_bytes()) for report in (out / "runs").glob("*/report.json")]
    (committed,) = [report for report in reports if report["status"] == "committed"]
    assert committed["input_files"] == asdict(InputFiles(new=len(FEW)))
