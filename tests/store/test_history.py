"""Which snapshots there are, and the undo of a run."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import open_snapshot
from pipeline.cli import descrape
from pipeline.errors import OutputLockedError, SnapshotError, TooManyRejectsError, UnknownSnapshotError, UsageError
from pipeline.job import Options, run
from pipeline.store.commit import locked
from pipeline.store.gc import collect
from pipeline.store.history import history, roll_back
from pipeline.store.past_runs import past_runs
from pipeline.verify import verify
from tests.corpus import clean, rows, staged, write


@pytest.fixture
def three(pages: Path, out: Path) -> Path:
    """Return an output with three snapshots, each with one page changed."""
    for number in range(3):
        write(pages, {"town/plain.txt": b"Rain fell on the town for %d days. Nobody minded.\n" % number})
        clean(pages, out)
    return out


def test_the_snapshots_are_listed_newest_first(three: Path) -> None:
    past = history(three)
    assert [(entry.version, entry.previous) for entry in past.entries] == [
        ("v000003", "v000002"),
        ("v000002", "v000001"),
        ("v000001", None),
    ]
    assert (past.current, past.damaged) == ("v000003", ())
    manifest = open_snapshot(three, "v000002").manifest
    assert (past.entries[1].counts, past.entries[1].run_id) == (manifest.counts, manifest.run_id)


def test_a_rollback_undoes_a_run_and_another_one_undoes_the_rollback(three: Path) -> None:
    newest, older = rows(three), rows(open_snapshot(three, "v000002"))
    assert newest != older
    assert roll_back(three) == ("v000003", "v000002")
    assert (rows(three), staged(three)) == (older, [])
    assert verify(open_snapshot(three), full=True).breaches == ()
    assert roll_back(three, "3") == ("v000002", "v000003")
    assert rows(three) == newest
    assert roll_back(three, "v000001") == ("v000003", "v000001")
    assert roll_back(three, "v000001") == ("v000001", "v000001")


def test_the_next_run_compares_with_the_snapshot_that_is_current_and_takes_a_number_of_its_own(
    pages: Path, three: Path
) -> None:
    newest = rows(three)
    roll_back(three, "v000001")
    outcome = clean(pages, three)
    assert (outcome.status, outcome.version) == ("committed", "v000004")
    assert (open_snapshot(three).manifest.previous, rows(three)) == ("v000001", newest)
    collect(three, keep=1)
    assert [entry.version for entry in history(three).entries] == ["v000004"]


def test_what_cannot_be_gone_back_to_is_refused_and_nothing_changes(three: Path) -> None:
    with pytest.raises(UnknownSnapshotError, match=r"holds no snapshot 'v9'; there are v000001, v000002, v000003"):
        roll_back(three, "v9")
    next((three / "snapshots/v000001/articles").iterdir()).unlink()
    with pytest.raises(SnapshotError, match=r"v000001: articles/part-.* is missing or cut short"):
        roll_back(three, "v000001")
    (three / "snapshots/v000001/manifest.json").write_bytes(b"{")
    with pytest.raises(SnapshotError, match=r"the manifest of v000001 is missing or damaged"):
        roll_back(three, "v000001")
    assert history(three).damaged == ("v000001",)
    shutil.rmtree(three / "snapshots/v000002")
    with pytest.raises(UnknownSnapshotError, match=r"v000002, the snapshot before, was removed"):
        roll_back(three)
    with locked(three), pytest.raises(OutputLockedError):
        roll_back(three)
    assert open_snapshot(three).version == "v000003"


def test_the_first_snapshot_and_an_empty_folder_have_nothing_before_them(pages: Path, out: Path) -> None:
    with pytest.raises(SnapshotError, match="holds no snapshot yet"):
        roll_back(out)
    clean(pages, out)
    with pytest.raises(UnknownSnapshotError, match="followed no other snapshot") as refused:
        roll_back(out)
    assert refused.value.exit_code == 2, "wrong usage, as it is for a comparison"


def test_a_lost_link_is_made_again_by_name(three: Path) -> None:
    (three / "current").unlink()
    with pytest.raises(SnapshotError, match="descrape rollback"):
        open_snapshot(three)
    with pytest.raises(SnapshotError, match="name the one to go back to"):
        roll_back(three)
    assert roll_back(three, "v000002") == ("v000002", "v000002")
    assert open_snapshot(three).version == "v000002"


def test_what_a_dead_run_left_staged_is_there_for_the_next_run(three: Path) -> None:
    left = three / ".staging/20260101T000000Z-00000000/articles-0.parquet"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    roll_back(three)
    assert left.read_bytes() == b"half"
    assert [path.name for path in (three / ".staging").iterdir()] == [left.parent.name]


def test_a_snapshot_is_not_taken_for_an_output(pages: Path, three: Path) -> None:
    for inner in (three / "current", three / "snapshots/v000001", three / "current/articles/more"):
        with pytest.raises(UsageError, match="those never change; the output is"):
            run([str(pages)], inner, Options())
    assert not (three / "current/snapshots").exists()
    for look in (history, roll_back, partial(collect, keep=1)):
        with pytest.raises(UsageError, match="those never change; the output is"):
            look(three / "current")


def test_the_runs_are_listed_newest_first_also_those_that_came_to_nothing(pages: Path, three: Path) -> None:
    clean(pages, three)
    with pytest.raises(TooManyRejectsError):
        run([str(write(pages, {"town/empty.txt": b""}))], three, Options(max_rejects=0))
    runs = past_runs(three)
    assert [(each.status, each.exit_code, each.version) for each in runs] == [
        ("failed", 65, None),
        ("unchanged", 0, "v000003"),
        *(("committed", 3, version) for version in ("v000003", "v000002", "v000001")),
    ]
    assert runs[0].error is not None
    assert "nothing was committed" in runs[0].error
    (three / f"runs/{runs[1].run_id}/report.json").write_bytes(b"{")
    done = CliRunner().invoke(descrape, ["history", str(three), "--runs"])
    told = [line.split()[2:5] for line in done.stdout.splitlines()]
    assert told == [["failed", "exit", "65"], *[["committed", "exit", "3"]] * 3]
    told_as_data = CliRunner().invoke(descrape, ["history", str(three), "--runs", "--limit", "1", "--json"])
    (newest,) = json.loads(told_as_data.stdout)
    assert (newest["status"], newest["exit_code"]) == ("failed", 65)


def test_the_commands_say_what_there_is_and_what_was_done(three: Path) -> None:
    def said(*arguments: str) -> str:
        done = CliRunner().invoke(descrape, [*arguments])
        assert done.exit_code == 0, done.output
        return done.stdout

    lines = said("history", str(three)).splitlines()
    assert [line.split()[0] for line in lines] == ["v000003", "v000002", "v000001"]
    assert [line.endswith("  current") for line in lines] == [True, False, False]
    assert [line.partition("rejects")[2] for line in lines] == ["  after v000002  current", "  after v000001", ""]
    assert f"{three}: v000002 is current again; v000003 stays" in said("rollback", str(three))
    assert f"{three}: v000002 is current already" in said("rollback", str(three), "2")
    (newest,) = json.loads(said("history", str(three), "--limit", "1", "--json"))
    assert (newest["version"], newest["current"], newest["previous"]) == ("v000003", False, "v000002")
    assert json.loads(said("rollback", str(three), "3", "--json")) == {"before": "v000002", "current": "v000003"}
