from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import Snapshot, open_snapshot
from pipeline.errors import SnapshotError
from pipeline.schema import TABLES
from tests.corpus import clean, contents, descrape, rows, write

NEW = {"town/plain.txt": b"Snow fell on the town all day. Nobody minded.\n"}


@pytest.fixture
def two(pages: Path, out: Path) -> Path:
    """Return an output with two snapshots."""
    clean(pages, out)
    clean(write(pages, NEW), out)
    return out


def body_of(snapshot: Snapshot) -> str:
    """Return what the page that changed says."""
    (body,) = [row["body"] for row in rows(snapshot)["articles"] if row["source_uri"] == "town/plain.txt"]
    return str(body)


def test_a_snapshot_opened_once_stays_what_it_was_while_others_are_committed(pages: Path, out: Path) -> None:
    clean(pages, out)
    pinned = open_snapshot(out)
    before = {table: pinned.arrow(table) for table in TABLES}
    clean(write(pages, NEW), out)
    clean(pages, out, rebuild=True)
    assert pinned.version == "v000001"
    assert {table: pinned.arrow(table) for table in TABLES} == before
    assert body_of(open_snapshot(out)).startswith("Snow")


def test_a_snapshot_opened_before_its_first_reading_is_pinned_too(pages: Path, out: Path) -> None:
    clean(pages, out)
    pinned = open_snapshot(out)
    clean(write(pages, NEW), out)
    assert pinned.manifest.version == "v000001"
    assert body_of(pinned).startswith("Rain")


def test_a_snapshot_is_opened_by_its_version(two: Path) -> None:
    assert open_snapshot(two).version == "v000002"
    assert body_of(open_snapshot(two, "v000001")).startswith("Rain")
    assert body_of(open_snapshot(two, "v000002")).startswith("Snow")


def test_it_can_be_opened_by_a_string_and_from_within(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(two)
    snapshot = open_snapshot(".")
    monkeypatch.chdir("/")
    assert snapshot.path == open_snapshot(str(two)).path
    assert snapshot.path.is_absolute()
    assert "current" not in snapshot.path.parts


@pytest.mark.parametrize("version", ["v000003", "v3", "", ".", "..", "v000001/", "../snapshots/v000001", "a\0b"])
def test_a_version_that_there_is_not_is_named(two: Path, version: str) -> None:
    with pytest.raises(SnapshotError) as refused:
        open_snapshot(two, version)
    assert repr(version) in str(refused.value)


@pytest.mark.parametrize("version", ["v000002", "v2", "2"])
def test_a_version_may_be_named_in_short(two: Path, version: str) -> None:
    assert open_snapshot(two, version).version == "v000002"


@pytest.mark.parametrize(("last", "shown"), [(13, "v000002, v000003, v000004,"), (14, "v000001, …, v000004,")])
def test_of_many_versions_the_latest_are_named_and_never_a_single_one_left_out(
    tmp_path: Path, last: int, shown: str
) -> None:
    for number in range(1, last + 1):
        (tmp_path / f"snapshots/v{number:06d}").mkdir(parents=True)
    with pytest.raises(SnapshotError) as refused:
        open_snapshot(tmp_path, "v99")
    assert shown in str(refused.value)


def test_an_output_without_a_snapshot_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=r"holds no snapshot yet.*descrape run"):
        open_snapshot(tmp_path)
    with pytest.raises(SnapshotError, match="nowhere"):
        open_snapshot(tmp_path / "nowhere")


def test_a_link_to_a_snapshot_that_is_gone_is_said(two: Path) -> None:
    shutil.rmtree(two / "snapshots/v000002")
    helps = r"current: points to v000002, which is not there; there are v000001; `descrape rollback \S+ v000001`"
    with pytest.raises(SnapshotError, match=helps) as refused:
        open_snapshot(two)
    assert refused.value.exit_code == 1


def test_a_version_that_there_is_not_comes_with_those_that_there_are(two: Path) -> None:
    with pytest.raises(SnapshotError, match=r"there are v000001, v000002$"):
        open_snapshot(two, "v000009")


@pytest.mark.parametrize("instead", ["nothing", "folder", "file"])
def test_without_its_link_an_output_says_what_may_be_made_current(two: Path, instead: str) -> None:
    (two / "current").unlink()
    if instead == "folder":
        (two / "current").mkdir()
    elif instead == "file":
        (two / "current").write_bytes(b"v000002")
    with pytest.raises(SnapshotError, match=r"no link to a snapshot.*v000001, v000002.*descrape rollback .* v000002"):
        open_snapshot(two)


@pytest.mark.parametrize("columns", [None, ["title"]])
def test_a_table_that_there_is_not_is_named(two: Path, columns: list[str] | None) -> None:
    snapshot = open_snapshot(two)
    with pytest.raises(SnapshotError, match="nothing_like_it"):
        snapshot.arrow("nothing_like_it", columns)
    with pytest.raises(SnapshotError, match="nothing_like_it"):
        snapshot.files("nothing_like_it")


def test_a_column_that_there_is_not_is_named(two: Path) -> None:
    with pytest.raises(SnapshotError, match="'colour'"):
        open_snapshot(two).arrow("articles", ["title", "colour"])


@pytest.mark.parametrize("table", list(TABLES))
def test_a_table_has_the_columns_of_the_schema(two: Path, table: str) -> None:
    found = open_snapshot(two).arrow(table)
    assert found.schema.equals(TABLES[table].arrow())
    assert found.schema.types == [column.type for column in TABLES[table].columns]


def test_some_columns_come_in_the_order_asked_for(two: Path) -> None:
    found = open_snapshot(two).arrow("articles", ["title", "doc_id"])
    assert found.column_names == ["title", "doc_id"]


def test_a_table_without_rows_has_its_columns(tmp_path: Path, out: Path) -> None:
    clean(write(tmp_path / "one", NEW), out)
    for table in ("related_items", "artifacts", "rejects"):
        found = open_snapshot(out).arrow(table)
        assert isinstance(found, pa.Table)
        assert found.num_rows == 0
        assert found.schema.equals(TABLES[table].arrow())


def test_pandas_gets_the_same_rows(two: Path) -> None:
    snapshot = open_snapshot(two)
    frame = snapshot.pandas("articles", ["source_uri", "title", "published_local"])
    assert isinstance(frame, pd.DataFrame)
    assert list(frame["source_uri"]) == [row["source_uri"] for row in rows(snapshot)["articles"]]
    assert str(frame["published_local"].dtype) == "datetime64[us]"


def test_a_file_that_is_missing_or_damaged_is_named(two: Path) -> None:
    snapshot = open_snapshot(two)
    (path,) = snapshot.files("articles")
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    with pytest.raises(SnapshotError, match=path.name):
        snapshot.arrow("articles")
    path.unlink()
    with pytest.raises(SnapshotError, match=path.name):
        snapshot.arrow("articles")


def test_a_copy_of_one_snapshot_folder_can_be_opened(two: Path, tmp_path: Path) -> None:
    shutil.copytree(two / "current", tmp_path / "alone")
    assert rows(Snapshot(tmp_path / "alone")) == rows(two)
    assert contents(tmp_path / "alone") == contents((two / "current").resolve())


def test_no_columns_are_the_rows_without_any(tmp_path: Path) -> None:
    clean(write(tmp_path / "pages"), tmp_path / "clean")
    snapshot = open_snapshot(tmp_path / "clean")
    rows = snapshot.arrow("articles", ["doc_id"]).num_rows
    assert snapshot.arrow("articles", []).shape == (rows, 0)
    assert snapshot.pandas("articles", []).shape == (rows, 0)
    assert sum(batch.num_rows for batch in snapshot.batches("articles", [])) == rows


def test_a_column_that_a_file_lacks_is_named_and_no_row_is_lost(tmp_path: Path) -> None:
    clean(write(tmp_path / "pages"), tmp_path / "clean")
    snapshot = open_snapshot(tmp_path / "clean")
    (path,) = snapshot.files("rejects")
    pq.write_table(pq.read_table(path).drop_columns(["message"]), path)
    for wanted in (["message"], ["code", "message"], None):
        with pytest.raises(SnapshotError, match=r"rejects.*no column 'message'"):
            snapshot.arrow("rejects", wanted)
        with pytest.raises(SnapshotError, match=r"rejects.*no column 'message'"):
            snapshot.pandas("rejects", wanted)
        with pytest.raises(SnapshotError, match=r"rejects.*no column 'message'"):
            list(snapshot.batches("rejects", wanted))
    for command in (["report", "clean", "--output", "report.html"], ["quarantine", "list", "clean"]):
        done = descrape(*command, cwd=tmp_path)
        assert (done.returncode, "no column 'message'" in done.stderr) == (1, True), done.stderr
        assert "Traceback" not in done.stderr
