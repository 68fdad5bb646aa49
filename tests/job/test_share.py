"""Shares of a job: many processes that know nothing of each other, then one commit, and the tables of a single run."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import pytest

from pipeline import open_snapshot
from pipeline.cli.options import ShareType
from pipeline.errors import DescrapeError, OutputLockedError, TooManyRejectsError, UsageError
from pipeline.job import Options, Outcome, RejectLimit, run
from pipeline.job.share import Share, run_share
from pipeline.job.share_commit import commit_shares
from pipeline.schema import TABLES
from pipeline.store.commit import locked
from pipeline.store.gc import collect
from pipeline.store.shares import ABANDONED, SHARES
from pipeline.store.snapshot import read_file
from pipeline.verify import verify
from tests.corpus import PAGES, as_process, clean, many, page, rows, small_shards, staged, write

MORE = {**PAGES, **many(20)}


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    small_shards(monkeypatch, 3)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a folder with the invented pages."""
    return write(tmp_path / "pages", MORE)


def shares(pages: Path, out: Path, of: int, which: Iterable[int] | None = None, **options: Any) -> None:  # noqa: ANN401 - as Options take them
    """Stage shares of a job in the order given, all of them if none is."""
    for number in which if which is not None else range(1, of + 1):
        assert run_share(Share(number, of), [str(pages)], out, Options(**options)).status == "staged"


def files(out: Path) -> dict[str, list[Any]]:
    """Return the rows of every file of every table."""
    snapshot = open_snapshot(out)
    tables = {table: [read_file(path).to_pylist() for path in snapshot.files(table)] for table in TABLES}
    for row in (row for rejects in tables["rejects"] for row in rejects):
        del row["run_id"]
    return tables


def committed(out: Path) -> Outcome:
    outcome = commit_shares(out)
    assert verify(open_snapshot(out), full=True).breaches == ()
    assert staged(out) == []
    assert not (out / SHARES).exists()
    return outcome


@pytest.mark.parametrize("of", [1, 3, 50])
def test_files_are_those_of_one_run_in_whatever_order_the_shares_came(
    pages: Path, out: Path, tmp_path: Path, of: int
) -> None:
    clean(pages, tmp_path / "local")
    order = sorted(range(1, of + 1), key=lambda number: number * 37 % 101)
    shares(pages, out, of, order)
    assert not (out / "current").exists()
    outcome = committed(out)
    assert (outcome.status, outcome.exit_code) == ("committed", 3)
    assert files(out) == files(tmp_path / "local")
    assert outcome.counts == open_snapshot(tmp_path / "local").manifest.counts
    assert open_snapshot(out).manifest.evidence == open_snapshot(tmp_path / "local").manifest.evidence
    assert (out / "runs" / outcome.run_id / "share-00001" / "log.jsonl").is_file()
    # A later run of the ordinary kind goes on from there.
    assert clean(pages, out).status == "unchanged"


def test_what_changed_is_cleaned_and_the_rest_stays(pages: Path, out: Path, tmp_path: Path) -> None:
    clean(pages, out)
    shutil.copytree(out, tmp_path / "local", symlinks=True)
    write(pages, {"3/0003.txt": page("Changed", "It is short."), "town/new.txt": page("New", "It is new.")})
    (pages / "town/quay.txt").unlink()
    shares(pages, out, 4)
    clean(pages, tmp_path / "local")
    committed(out)
    assert files(out) == files(tmp_path / "local")
    assert [e.uri for e in open_snapshot(out).manifest.inputs if e.vanished] == ["town/quay.txt"]
    shares(pages, out, 4)
    assert committed(out).status == "unchanged"
    assert open_snapshot(out).version == "v000002"


# ---------------------------------------------------------------------------------------- evidence of all


def stamped(folder: Path, days: Iterable[int]) -> Path:
    """Write pages of one source; only days behind the twelfth tell which number is the day."""
    return write(folder, {f"site/{day:02d}.txt": _stamped(day) for day in days})


def _stamped(day: int) -> bytes:
    return f"Pier {day}\n\n{day:02d}/04/2016\n\nThe pier is open. Nobody came, and it rained.\n".encode()


def test_a_share_cleaned_before_others_told_runs_once_more_and_cleans_what_that_concerns(
    out: Path, tmp_path: Path
) -> None:
    pages = write(stamped(tmp_path / "pages", range(1, 25)), PAGES)
    clean(pages, tmp_path / "local")
    assert open_snapshot(tmp_path / "local").manifest.evidence["default site"].decided.order == "DMY"
    shares(pages, out, 24)
    with pytest.raises(DescrapeError, match=r"shares .* of 24 have to run once more"):
        commit_shares(out)
    assert not (out / "current").exists()
    before = set((out / SHARES).glob("*/*/articles-*"))
    shares(pages, out, 24)
    cleaned = set((out / SHARES).glob("*/*/articles-*")) - before
    assert 0 < len(cleaned) < len(before)
    committed(out)
    assert rows(out) == rows(tmp_path / "local")
    assert {row["dateline_status"] for row in rows(out)["articles"] if row["source_uri"].startswith("site/")} == {
        "exact"
    }


def test_a_share_that_is_done_and_holds_cleans_nothing_again(pages: Path, out: Path) -> None:
    shares(pages, out, 2)
    before = sorted((out / SHARES).rglob("*.parquet"))
    shares(pages, out, 2)
    assert sorted((out / SHARES).rglob("*.parquet")) == before


def test_a_share_whose_files_are_gone_is_named_and_made_again(pages: Path, out: Path, tmp_path: Path) -> None:
    clean(pages, tmp_path / "local")
    shares(pages, out, 3)
    gone = next((out / SHARES).glob("*/00002-*"))
    shutil.rmtree(gone)
    with pytest.raises(DescrapeError, match="shares 2 of 3 have to run once more"):
        commit_shares(out)
    shares(pages, out, 3, [2])
    committed(out)
    assert files(out) == files(tmp_path / "local")


# ------------------------------------------------------------------------------------------- what is refused


def test_missing_shares_are_named(pages: Path, out: Path) -> None:
    shares(pages, out, 9, [1, 2, 5])
    with pytest.raises(DescrapeError, match=r"6 of 9 shares are missing: 3-4, 6-9"):
        commit_shares(out)


@pytest.mark.parametrize(
    ("of", "options", "touch", "differs"),
    [
        (4, {}, False, "the numbers of shares differ"),
        (3, {"profiles": ["alalam-en"]}, False, "the profiles differ"),
        (3, {"max_record_bytes": 10**6}, False, "the code or the limits differ"),
        (3, {"near_duplicates": 0.8}, False, "the options differ"),
        (3, {}, True, "the inputs differ"),
    ],
)
def test_shares_of_different_jobs_are_not_mixed(  # noqa: PLR0913 - one argument a difference
    pages: Path, out: Path, of: int, options: dict[str, Any], differs: str, *, touch: bool
) -> None:
    shares(pages, out, 3, [1, 2])
    if touch:
        os.utime(pages / "lamps.txt", (1e9, 1e9))
    shares(pages, out, of, [3], **options)
    with pytest.raises(DescrapeError, match=f"not one job, for .*{differs}") as refused:
        commit_shares(out)
    assert "share 1-2 of 3 in " in str(refused.value)
    assert not (out / "current").exists()


def test_the_job_that_is_whole_is_committed_and_the_odd_share_dropped(pages: Path, out: Path) -> None:
    shares(pages, out, 3, [1, 2])
    shares(pages, out, 3, [3], profiles=["alalam-en"])
    shares(pages, out, 3, [3])
    assert committed(out).status == "committed"


def test_a_job_is_committed_once(pages: Path, out: Path) -> None:
    with pytest.raises(UsageError, match="no shares are staged"):
        commit_shares(out)
    shares(pages, out, 2)
    committed(out)
    with pytest.raises(UsageError, match="no shares are staged on v000001"):
        commit_shares(out)


def test_shares_begun_before_another_run_committed_are_refused_and_collected(pages: Path, out: Path) -> None:
    shares(pages, out, 2)
    clean(pages, out)
    with pytest.raises(UsageError, match="no shares are staged on v000001"):
        commit_shares(out)
    collect(out, 1, dry_run=True)
    assert (out / SHARES).is_dir()
    collect(out, 1)
    assert list((out / SHARES).glob("*")) == []


def test_shares_under_way_are_not_collected_and_abandoned_ones_are(pages: Path, out: Path) -> None:
    clean(pages, out)
    write(pages, {"town/new.txt": page("New", "It is new.")})
    shares(pages, out, 2, [1])
    collect(out, 1)
    assert len(list((out / SHARES).glob("*"))) == 1
    (folder,) = (out / SHARES).glob("*")
    long_ago = time.time() - ABANDONED - 60
    for path in (folder, *folder.iterdir()):
        os.utime(path, (long_ago, long_ago))
    collect(out, 1)
    assert list((out / SHARES).glob("*")) == []


def test_too_many_rejects_of_all_shares_commit_nothing(pages: Path, out: Path) -> None:
    shares(pages, out, 2, max_rejects=RejectLimit(1))
    with pytest.raises(TooManyRejectsError):
        commit_shares(out)
    assert not (out / "current").exists()


def test_what_needs_the_whole_corpus_at_once_is_refused(pages: Path, out: Path) -> None:
    for options in (Options(dry_run=True), Options(engine="dask")):
        with pytest.raises(UsageError, match="--shard goes with"):
            run_share(Share(1, 2), [str(pages)], out, options)
    with pytest.raises(UsageError, match="--shard goes with"):
        run_share(Share(1, 2), ["-"], out)


def test_a_commit_waits_for_nobody(pages: Path, out: Path) -> None:
    shares(pages, out, 1)
    with locked(out), pytest.raises(OutputLockedError):
        commit_shares(out)


# ------------------------------------------------------------------------------------------- what is killed


class Killed(BaseException):
    """Stands for the process being killed: nothing behind it is done."""


def test_a_commit_killed_before_the_switch_can_be_repeated(pages: Path, out: Path, tmp_path: Path) -> None:
    def die() -> None:
        raise Killed

    run([str(pages)], tmp_path / "local")
    shares(pages, out, 3)
    with pytest.raises(Killed):
        commit_shares(out, before_switch=die)
    assert not (out / "current").exists()
    committed(out)
    assert files(out) == files(tmp_path / "local")


# ------------------------------------------------------------------------------------------- the commands


def test_the_commands_stage_and_commit(tmp_path: Path) -> None:
    pages, out = write(tmp_path / "pages"), tmp_path / "clean"
    for number in (2, 1):
        ended = as_process("run", pages, "--out", out, "--shard", f"{number}/2", "--workers", 1)
        assert ended.returncode == 0, ended.stderr
        assert "staged a share of run" in ended.stdout
    ended = as_process("commit", out)
    assert ended.returncode == 3, ended.stderr
    assert "committed v000001" in ended.stdout


@pytest.mark.parametrize("share", ["0/4", "5/4", "4", "a/b", "1/0", "-1/3", "1/2/3", "1/", "٣/8"])
def test_what_is_no_share_is_refused(share: str) -> None:
    with pytest.raises(click.BadParameter, match="is no share; the third of eight is 3/8"):
        ShareType().convert(share, None, None)
