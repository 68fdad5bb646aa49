from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import open_snapshot
from pipeline.errors import OutputLockedError, SnapshotError
from pipeline.store.commit import locked
from pipeline.store.gc import collect
from pipeline.verify import verify
from tests.corpus import clean, contents, rows, staged, write

pytestmark = pytest.mark.usefixtures("several_shards")


@pytest.fixture
def four(pages: Path, out: Path) -> Path:
    """Return an output with four snapshots, each with one page changed, and the logs of two runs of long ago."""
    for number in range(4):
        write(pages, {"town/plain.txt": b"Rain fell on the town for %d days. Nobody minded.\n" % number})
        clean(pages, out)
    for year in (2001, 2002):
        log = out / f"runs/{year}0101T000000Z-0090ea4a/log.jsonl"
        log.parent.mkdir()
        log.write_text("{}\n", "utf-8")
    return out


def versions(out: Path) -> list[str]:
    return sorted(path.name for path in (out / "snapshots").iterdir())


def logs(out: Path) -> set[str]:
    return {path.name for path in (out / "runs").iterdir()}


def disk(out: Path) -> int:
    """Return the bytes of all files of snapshots and runs, each counted once however many links it has."""
    files = {path.stat().st_ino: path.stat().st_size for path in out.rglob("*") if path.is_file()}
    return sum(files.values())


def test_the_newest_snapshots_stay_and_the_logs_of_the_others_go(four: Path) -> None:
    before, tables, runs = disk(four), rows(four), logs(four)
    done = collect(four, keep=2)
    assert (done.kept, done.removed) == (("v000003", "v000004"), ("v000001", "v000002"))
    assert done.runs == len(runs - logs(four)) >= 2
    assert versions(four) == ["v000003", "v000004"]
    assert not any(name.startswith("200") for name in logs(four))
    assert {open_snapshot(four, version).manifest.run_id for version in done.kept} <= logs(four)
    assert before - disk(four) == done.bytes > 0
    assert rows(four) == tables
    assert verify(open_snapshot(four), full=True).breaches == ()
    assert verify(open_snapshot(four, "v000003"), full=True).breaches == ()
    assert staged(four) == []


def test_the_current_snapshot_stays_whatever_its_age(four: Path) -> None:
    (four / "current").unlink()
    (four / "current").symlink_to("snapshots/v000001")
    assert collect(four, keep=1).kept == ("v000001", "v000004")
    assert open_snapshot(four).version == "v000001"


@pytest.mark.parametrize("target", ["snapshots/v000009", "/nowhere"])
def test_while_the_link_leads_nowhere_nothing_is_removed(four: Path, target: str) -> None:
    (four / "current").unlink()
    (four / "current").symlink_to(target)
    with pytest.raises(SnapshotError, match=r"not there, so nothing is removed.*v000001, v000002"):
        collect(four, keep=1)
    assert len(versions(four)) == 4


@pytest.mark.parametrize("keep", [4, 5, 9])
def test_to_keep_as_many_as_there_are_or_more_removes_nothing(four: Path, keep: int) -> None:
    before = contents(four / "snapshots")
    assert collect(four, keep).removed == ()
    assert contents(four / "snapshots") == before


def test_a_dry_run_says_the_same_and_removes_nothing(four: Path) -> None:
    before = contents(four)
    told = collect(four, keep=1, dry_run=True)
    assert contents(four) == before
    assert collect(four, keep=1) == told


def test_what_a_dead_run_staged_is_collected(four: Path) -> None:
    collect(four, keep=9)
    left = four / ".staging/20200101T000000Z-00000000/articles-000000.parquet"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"x" * 1000)
    assert collect(four, keep=9).bytes == 1000
    assert staged(four) == []


def test_only_what_this_program_made_is_touched(four: Path) -> None:
    (four / "snapshots/mine").mkdir()
    (four / "runs/notes.txt").write_text("keep me", "utf-8")
    elsewhere = four.parent / "elsewhere"
    elsewhere.mkdir()
    (four / "snapshots/v000009").symlink_to(elsewhere)
    collect(four, keep=1)
    assert versions(four) == ["mine", "v000004", "v000009"]
    assert (four / "runs/notes.txt").is_file()
    assert elsewhere.is_dir()


def test_the_next_run_goes_on_and_gives_no_number_twice(four: Path, pages: Path) -> None:
    collect(four, keep=1)
    write(pages, {"town/plain.txt": b"Snow fell on the town all day. Nobody minded.\n"})
    assert clean(pages, four).version == "v000005"


def test_nothing_is_collected_while_a_run_holds_the_output(four: Path) -> None:
    with locked(four), pytest.raises(OutputLockedError):
        collect(four, keep=1)
    assert len(versions(four)) == 4


def test_a_folder_that_is_no_output_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="holds no snapshots"):
        collect(tmp_path, keep=1)
    assert list(tmp_path.iterdir()) == []
