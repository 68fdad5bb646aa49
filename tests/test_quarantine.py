"""What was rejected can be listed, and tried again from the tables alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline import open_snapshot
from pipeline.errors import SnapshotError
from pipeline.job import Options, replay
from pipeline.model import Document
from pipeline.stages import Cleaner, Opened, Steps
from pipeline.verify import verify
from tests.containers import jsonl, zipped
from tests.corpus import PAGES, REJECTED, clean, descrape, rows, small_shards, staged, write

FERRY = "harbour/ferry.txt"


@pytest.fixture
def broken(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an output of which one page was rejected by a defect that is mended by now; its sources are gone."""
    small_shards(monkeypatch)
    cleaning = Cleaner.steps

    def defect(self: Cleaner, opened: Opened) -> Steps[Document]:
        if opened.record.source_uri == FERRY:
            raise ValueError("bad luck")
        return cleaning(self, opened)

    with monkeypatch.context() as patched:
        patched.setattr(Cleaner, "steps", defect)
        clean(pages, tmp_path / "clean")
    clean(pages, tmp_path / "healthy")
    shutil.rmtree(pages)
    return tmp_path / "clean"


def test_rejects_are_listed_with_code_place_and_reason(broken: Path) -> None:
    done = descrape("quarantine", "list", broken)
    assert (done.returncode, done.stderr) == (0, "")
    summary, *lines = done.stdout.splitlines()
    assert summary == "3 rejects: 1 empty, 1 internal_error, 1 undecodable"
    assert len(lines) == 1 + len(REJECTED)
    assert any(line.startswith(f"internal_error  {FERRY}: ") and "bad luck" in line for line in lines)
    told = json.loads(descrape("quarantine", "list", broken, "--code", "empty", "--json").stdout)
    assert [(row["source_uri"], row["code"]) for row in told] == [("blank.txt", "empty")]
    assert "raw" not in told[0]


def test_rejects_are_listed_by_their_codes_and_no_more_of_each_than_wanted(tmp_path: Path) -> None:
    blank = {f"{number:02d}.txt": b" \n" for number in range(25)}
    clean(write(tmp_path / "pages", {**blank, "07b.txt": PAGES["noise.txt"]}), tmp_path / "clean")
    lines = descrape("quarantine", "list", tmp_path / "clean").stdout.splitlines()
    assert lines[0] == "26 rejects: 25 empty, 1 undecodable"
    assert [line.split()[1] for line in lines[1:21]] == [f"{number:02d}.txt:" for number in range(20)]
    assert lines[21] == "empty  and 5 more"
    assert lines[22].startswith("undecodable  07b.txt: ")
    assert "text.encoding" in lines[22]
    assert descrape("quarantine", "list", tmp_path / "clean", "--limit", "0").stdout.splitlines() == lines[:1]
    told = json.loads(descrape("quarantine", "list", tmp_path / "clean", "--limit", "1", "--json").stdout)
    assert len(told) == 26


def test_a_reject_of_a_container_is_known_by_its_member_or_its_address(tmp_path: Path) -> None:
    crawl = jsonl([b"Rain fell.", b" "], url="https://pier.example/fog")
    pages = write(tmp_path / "pages", {"a.zip": zipped({"town/fog.txt": b" "}), "b.jsonl": crawl, "c.txt": b" "})
    clean(pages, tmp_path / "clean")
    _, *lines = descrape("quarantine", "list", tmp_path / "clean").stdout.splitlines()
    assert [line.partition("it holds")[0].partition("the document")[0] for line in lines] == [
        "empty  a.zip (town/fog.txt): ",
        "empty  b.jsonl, record 1 (https://pier.example/fog): ",
        "empty  c.txt: ",
    ]
    told = json.loads(descrape("quarantine", "list", tmp_path / "clean", "--json").stdout)
    table = open_snapshot(tmp_path / "clean").arrow("rejects").drop_columns("raw")
    assert told == table.to_pylist()
    assert [(row["member"], row["url"]) for row in told] == [
        ("town/fog.txt", None),
        (None, "https://pier.example/fog"),
        (None, None),
    ]


def test_rejects_are_counted_wherever_a_batch_of_them_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clean(write(tmp_path / "pages", {f"{number}.txt": b" " for number in range(9)}), tmp_path / "clean")
    monkeypatch.setattr("pipeline.store.snapshot.BATCH_ROWS", 2)
    lines = descrape("quarantine", "list", tmp_path / "clean", "--limit", "3").stdout.splitlines()
    assert (lines[0], len(lines), lines[-1]) == ("9 rejects: 9 empty", 5, "empty  and 6 more")


@pytest.mark.parametrize("command", ["list", "replay"])
def test_a_code_that_no_reject_can_have_is_wrong_usage(broken: Path, command: str) -> None:
    done = descrape("quarantine", command, broken, "--code", "nonsense")
    assert done.returncode == 2
    assert "nonsense" in done.stderr
    assert "undecodable" in done.stderr


def test_a_code_that_no_reject_has_gives_an_empty_list(broken: Path) -> None:
    done = descrape("quarantine", "list", broken, "--code", "bomb", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    assert descrape("quarantine", "list", broken, "--code", "bomb").stderr == "descrape: there are no such rejects\n"


def test_where_nothing_was_rejected_the_list_says_so(tmp_path: Path) -> None:
    clean(write(tmp_path / "pages", {FERRY: PAGES[FERRY]}), tmp_path / "clean")
    done = descrape("quarantine", "list", tmp_path / "clean")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "descrape: nothing was rejected\n")


def test_a_replay_needs_no_sources_and_gives_the_rows_of_a_healthy_run(broken: Path, tmp_path: Path) -> None:
    outcome = replay(broken)
    assert (outcome.status, outcome.version) == ("committed", "v000002")
    assert rows(broken) == rows(tmp_path / "healthy")
    assert outcome.counts == open_snapshot(tmp_path / "healthy").manifest.counts
    inputs = open_snapshot(broken).manifest.inputs
    assert [entry.uri for entry in inputs] == sorted(PAGES)
    assert not any(entry.vanished for entry in inputs)
    assert verify(open_snapshot(broken), full=True).breaches == ()
    assert staged(broken) == []


def test_only_the_shards_that_hold_such_rejects_are_cleaned(broken: Path) -> None:
    before = {entry.sha256 for entry in open_snapshot(broken).manifest.of_table("articles")}
    replay(broken, ["internal_error"])
    after = {entry.sha256 for entry in open_snapshot(broken).manifest.of_table("articles")}
    assert before & after
    assert [row["code"] for row in rows(broken)["rejects"]] == ["empty", "undecodable"]


def test_what_is_rejected_again_commits_nothing(broken: Path) -> None:
    outcome = replay(broken, ["empty", "undecodable"], Options(workers=1))
    assert (outcome.status, outcome.version) == ("unchanged", "v000001")
    assert replay(broken, ["no_such_code"]).status == "unchanged"


def test_the_command_says_what_came_of_it(broken: Path) -> None:
    done = descrape("quarantine", "replay", broken, "--code", "internal_error")
    assert done.returncode == 3
    assert "committed v000002" in done.stdout
    assert descrape("quarantine", "replay", broken, "--code", "internal_error").returncode == 0


def test_there_must_be_a_snapshot(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="holds no snapshot"):
        replay(tmp_path)
    assert descrape("quarantine", "replay", tmp_path).returncode == 1


def test_a_replay_of_what_was_too_large_says_that_it_takes_the_sources(pages: Path, tmp_path: Path) -> None:
    clean(pages, tmp_path / "clean", max_record_bytes=64)
    done = descrape("quarantine", "replay", tmp_path / "clean", "--code", "oversized")
    assert "nothing to do" in done.stdout
    assert "takes a run over the sources with a higher --max-record-bytes" in " ".join(done.stderr.split())
    assert "--max-record-bytes" not in descrape("quarantine", "replay", tmp_path / "clean", "--code", "empty").stderr
