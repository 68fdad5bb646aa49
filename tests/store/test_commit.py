from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from pipeline import open_snapshot
from pipeline.errors import DescrapeError, OutputLockedError
from pipeline.schema import TABLES
from pipeline.store.commit import Output, locked
from pipeline.verify import verify
from tests.corpus import PAGES, clean, contents, rows, staged, write

pytestmark = pytest.mark.usefixtures("several_shards")


def inodes(out: Path, version: str) -> dict[tuple[str, int], int]:
    """Return the inode of every data file of a snapshot by table and shard."""
    snapshot = open_snapshot(out, version)
    return {
        (entry.table, entry.shard): (snapshot.path / entry.table / entry.name).stat().st_ino
        for entry in snapshot.manifest.files
    }


def change_one(pages: Path) -> None:
    """Change what one page says."""
    write(pages, {"town/plain.txt": b"Snow fell on the town all day. Nobody minded.\n"})


# ---------------------------------------------------------------------------------------------- the layout


def test_an_output_holds_its_snapshots_its_runs_and_one_link(pages: Path, out: Path) -> None:
    outcome = clean(pages, out)
    assert {path.name for path in out.iterdir()} - {".lock", ".staging"} == {
        ".bodies",
        ".seen",
        "current",
        "runs",
        "snapshots",
    }
    assert staged(out) == []
    assert [path.name for path in (out / "snapshots").iterdir()] == ["v000001"]
    assert [path.name for path in (out / "runs").iterdir()] == [outcome.run_id]


def test_current_is_a_relative_link_so_that_the_folder_can_be_moved(pages: Path, out: Path, tmp_path: Path) -> None:
    clean(pages, out)
    assert (out / "current").is_symlink()
    assert (out / "current").readlink() == Path("snapshots/v000001")
    before = rows(out)
    out.rename(tmp_path / "moved")
    assert (tmp_path / "moved/current/manifest.json").is_file()
    assert rows(tmp_path / "moved") == before


def test_a_snapshot_is_its_tables_and_the_manifest(pages: Path, out: Path) -> None:
    clean(pages, out)
    names = {path.name for path in (out / "current").iterdir()}
    assert names == {*TABLES, "manifest.json", "manifest.json.sha256"}


def test_table_folders_hold_parquet_files_and_nothing_else(pages: Path, out: Path) -> None:
    clean(pages, out)
    for table in TABLES:
        paths = list((out / "current" / table).iterdir())
        assert paths
        for path in paths:
            assert re.fullmatch(r"part-[0-9]{6}-[0-9a-f]{12}\.parquet", path.name)
            assert path.is_file()
            assert not path.is_symlink()
            assert path.read_bytes()[:4] == path.read_bytes()[-4:] == b"PAR1"


def test_a_run_over_nothing_commits_tables_without_rows(tmp_path: Path, out: Path) -> None:
    outcome = clean(write(tmp_path / "none", {"a.jpg": b""}), out)
    assert outcome.status == "committed"
    assert outcome.counts["inputs"] == 0
    assert rows(out) == {table: [] for table in TABLES}


def test_there_are_several_shards_in_these_tests(pages: Path, out: Path) -> None:
    clean(pages, out)
    assert len(open_snapshot(out).manifest.shards) >= 3


# ------------------------------------------------------------------------------------------- the next snapshot


def test_files_of_unchanged_shards_are_hard_links(pages: Path, out: Path) -> None:
    clean(pages, out)
    change_one(pages)
    clean(pages, out)
    before, after = inodes(out, "v000001"), inodes(out, "v000002")
    same = {where for where in before if before[where] == after.get(where)}
    shards = {shard for _, shard in before if shard >= 0}
    changed = {shard for table, shard in before if shard >= 0 and (table, shard) not in same}
    assert len(changed) == 1
    assert len(shards) > 1
    (entry,) = [entry for entry in open_snapshot(out).manifest.inputs if entry.uri == "town/plain.txt"]
    assert changed == {entry.shard}


def test_a_reused_file_keeps_its_row_count_and_hash_in_the_manifest(pages: Path, out: Path) -> None:
    clean(pages, out)
    change_one(pages)
    clean(pages, out)
    assert verify(open_snapshot(out), full=True).breaches == ()


def test_where_hard_links_fail_the_files_are_copied(pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(source: Path, target: Path, **_: object) -> NoReturn:
        raise OSError(errno.EPERM, "Operation not permitted", str(source), None, str(target))

    clean(pages, out)
    change_one(pages)
    monkeypatch.setattr(os, "link", refusing)
    clean(pages, out)
    assert not set(inodes(out, "v000001").values()) & set(inodes(out, "v000002").values())
    assert verify(open_snapshot(out), full=True).breaches == ()
    assert len(rows(out)["articles"]) == len(rows(open_snapshot(out, "v000001"))["articles"])


def test_a_snapshot_is_never_written_to_again(pages: Path, out: Path) -> None:
    clean(pages, out)
    first = contents(out / "snapshots/v000001")
    change_one(pages)
    clean(pages, out)
    (pages / "town/quay.txt").unlink()
    clean(pages, out, prune=True)
    clean(pages, out, rebuild=True)
    assert contents(out / "snapshots/v000001") == first
    assert (out / "current").readlink() == Path("snapshots/v000004")


def test_no_file_name_is_used_for_two_contents(pages: Path, out: Path) -> None:
    clean(pages, out)
    change_one(pages)
    clean(pages, out)
    clean(pages, out, rebuild=True)
    seen: dict[str, bytes] = {}
    for version in ("v000001", "v000002", "v000003"):
        for name, raw in contents(out / "snapshots" / version).items():
            if not name.startswith("manifest.json"):
                assert seen.setdefault(name, raw) == raw


@pytest.mark.parametrize("orphan", ["v000002", "v000007", "v1000000"])
def test_the_name_of_a_snapshot_that_was_never_committed_is_not_used_again(pages: Path, out: Path, orphan: str) -> None:
    clean(pages, out)
    shutil.copytree(out / "snapshots/v000001", out / "snapshots" / orphan)
    before = contents(out / "snapshots" / orphan)
    change_one(pages)
    outcome = clean(pages, out)
    assert outcome.version == f"v{int(orphan[1:]) + 1:06d}"
    assert contents(out / "snapshots" / orphan) == before
    assert open_snapshot(out).version == outcome.version


def test_the_name_of_the_current_snapshot_counts_though_its_folder_is_gone(pages: Path, out: Path) -> None:
    clean(pages, out)
    clean(pages, out, rebuild=True)
    with locked(out) as output:
        shutil.rmtree(out / "snapshots/v000002")
        assert output.next_version() == "v000003"


def test_strange_names_among_the_snapshots_do_no_harm(pages: Path, out: Path) -> None:
    clean(pages, out)
    for name in ("v2", "v000x", "backup", "v000009.tmp"):
        (out / "snapshots" / name).mkdir()
    assert clean(pages, out, rebuild=True).version == "v000002"


def test_after_a_million_commits_names_grow(tmp_path: Path) -> None:
    (tmp_path / "snapshots/v999999").mkdir(parents=True)
    assert Output(tmp_path).next_version() == "v1000000"


def test_what_a_dead_run_left_in_staging_is_dropped(pages: Path, out: Path) -> None:
    write(out, {".staging/20200101T000000Z-dead/articles-000000.parquet": b"half a file"})
    clean(pages, out)
    assert staged(out) == []


# ------------------------------------------------------------------------------------- where links are not to be had


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return a function that makes symbolic links impossible from now on."""

    def refusing(_path: Path, target: str | Path, **_: object) -> NoReturn:
        raise OSError(errno.EPERM, "Operation not permitted", str(target))

    return lambda: monkeypatch.setattr(Path, "symlink_to", refusing)


def test_where_symbolic_links_fail_a_pointer_file_says_which_snapshot_it_is(
    pages: Path, out: Path, no_links: Callable[[], None]
) -> None:
    no_links()
    clean(pages, out)
    assert not (out / "current").exists()
    assert (out / "CURRENT").read_text("utf-8").strip() == "v000001"
    assert open_snapshot(out).version == "v000001"
    assert clean(pages, out).status == "unchanged"
    change_one(pages)
    assert clean(pages, out).version == "v000002"
    assert open_snapshot(out).version == "v000002"


def test_when_links_come_to_be_had_the_link_is_what_counts(
    pages: Path, out: Path, no_links: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context():
        no_links()
        clean(pages, out)
    monkeypatch.undo()
    change_one(pages)
    clean(pages, out)
    assert (out / "current").readlink() == Path("snapshots/v000002")
    assert open_snapshot(out).version == "v000002"


def test_a_link_that_fails_once_never_hides_what_was_committed(
    pages: Path, out: Path, no_links: Callable[[], None]
) -> None:
    clean(pages, out)
    no_links()
    change_one(pages)
    try:
        outcome = clean(pages, out)
    except (OSError, DescrapeError):
        assert open_snapshot(out).version == "v000001"
    else:
        assert open_snapshot(out).version == outcome.version


# ------------------------------------------------------------------------------------------------- the lock


def test_only_one_run_at_a_time_holds_an_output(pages: Path, out: Path) -> None:
    with locked(out):
        with pytest.raises(OutputLockedError) as refused:
            clean(pages, out)
        assert refused.value.exit_code == 75
        assert str(out) in str(refused.value)
        assert not (out / "snapshots").exists()
    assert clean(pages, out).status == "committed"


def test_the_lock_is_given_back_when_a_run_fails(pages: Path, out: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(out):
        raise ZeroDivisionError
    assert clean(pages, out).status == "committed"


def test_a_run_that_is_refused_leaves_the_staging_of_the_other_alone(pages: Path, out: Path) -> None:
    with locked(out) as output:
        stage = output.stage("other")
        (stage / "articles.parquet").write_bytes(b"half")
        with pytest.raises(OutputLockedError):
            clean(pages, out)
        assert (stage / "articles.parquet").read_bytes() == b"half"


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_an_output_that_cannot_be_made_is_named(pages: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DescrapeError, match=re.escape(str(tmp_path / place))):
        clean(pages, tmp_path / place)


@pytest.mark.parametrize("name", ["a b", "a%20b", "file:a", "s3:", "#a?b=c", "è", "*", "a\nb", "-"])
def test_an_output_may_have_any_name(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    for out in (Path(name), tmp_path / "deep" / name):
        assert clean(pages, out).status == "committed"
        assert clean(pages, out).status == "unchanged"
        assert verify(open_snapshot(out), full=True).breaches == ()


def test_all_of_the_corpus_is_in_these_tables(pages: Path, out: Path) -> None:
    clean(pages, out)
    tables = rows(out)
    assert sorted(row["source_uri"] for table in ("articles", "rejects") for row in tables[table]) == sorted(PAGES)
