"""A run costs what changed: all other rows are carried over, and are just those that cleaning everything gives."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import open_snapshot
from pipeline.dates.evidence import Facts
from pipeline.job import replay
from pipeline.model import Document
from pipeline.schema import TABLES
from pipeline.stages import Cleaner, Opened, Steps
from pipeline.verify import verify
from tests import corpus
from tests.corpus import PAGES, REJECTED, clean, many, rows, small_shards, write

FERRY = "harbour/ferry.txt"

CONTENTS = (
    *PAGES.values(),
    b"",
    b"A page without anything. It is short.\n",
    b"int(4)\nA page with a leak at its head.\n",
    corpus.page("Twelve Boats", "Twelve boats came.", foot=b"array(1) {\n  [0]=>\n  int(12)\n}\n" * 3),
)
URIS = tuple(f"{folder}/{number}.txt" for folder in "ab" for number in range(6))
CORPUS = st.dictionaries(st.sampled_from(URIS), st.sampled_from(CONTENTS), max_size=len(URIS))


@pytest.fixture
def cleaned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the ``source_uri`` of every document that is cleaned."""
    cleaning = Cleaner.steps
    seen: list[str] = []

    def noted(self: Cleaner, opened: Opened) -> Steps[Document]:
        seen.append(opened.record.source_uri)
        return cleaning(self, opened)

    monkeypatch.setattr(Cleaner, "steps", noted)
    return seen


def replaced(folder: Path, pages: dict[str, bytes]) -> Path:
    """Have a folder hold these pages and no others."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return write(folder, pages)


def layout(out: Path) -> dict[str, list[list[int]]]:
    """Return the number of rows of every row group of every file."""
    snapshot = open_snapshot(out)
    files = {table: [pq.ParquetFile(path).metadata for path in snapshot.files(table)] for table in TABLES}
    return {
        table: [[each.row_group(number).num_rows for number in range(each.num_row_groups)] for each in found]
        for table, found in files.items()
    }


def counts(out: Path) -> dict[str, Any]:
    return open_snapshot(out).manifest.counts


def told(out: Path) -> list[Any]:
    """Return what the manifest keeps of sources: of all, of each shard, and of each input."""
    manifest = open_snapshot(out).manifest
    inputs = [[shard.told[place] for place in range(len(shard.told.inputs))] for shard in manifest.shards]
    return [manifest.evidence, [shard.facts for shard in manifest.shards], inputs]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    states=st.lists(CORPUS, min_size=2, max_size=3),
    prune=st.booleans(),
    mean=st.sampled_from([2, 4, 1024]),
    held=st.sampled_from([0, 2**20]),
    batch=st.sampled_from([300, 2**24]),
)
def test_after_any_changes_the_tables_are_those_of_a_rebuild(
    states: list[dict[str, bytes]], *, prune: bool, mean: int, held: int, batch: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        small_shards(patched, mean)
        patched.setattr("pipeline.engines.carry.HELD_BYTES", held)
        patched.setattr("pipeline.engines.shard.BATCH_DOCUMENTS", 3)
        patched.setattr("pipeline.engines.shard.BATCH_BYTES", batch)
        pages, out, anew = (Path(folder) / name for name in ("pages", "out", "anew"))
        expected: dict[str, bytes] = {}
        for state in states:
            expected = state if prune else expected | state
            # To drop everything that a snapshot holds is refused, and has a test of its own.
            clean(replaced(pages, state), out, prune=prune and bool(state))
            if prune and not state:
                return
        clean(replaced(pages, expected), anew)
        assert rows(out) == rows(anew)
        assert layout(out) == layout(anew)
        assert counts(out) == counts(anew)
        assert told(out) == told(anew)
        assert verify(open_snapshot(out), full=True).breaches == ()


def test_only_what_is_new_or_changed_is_cleaned(tmp_path: Path, cleaned: list[str]) -> None:
    pages, out = write(tmp_path / "pages", many(60)), tmp_path / "out"
    clean(pages, out)
    cleaned.clear()
    write(pages, {"0/0000.txt": b"Changed. It is short.\n", "3/new.txt": b"New. It is short.\n"})
    (pages / "5/0005.txt").unlink()
    clean(pages, out)
    assert sorted(cleaned) == ["0/0000.txt", "3/new.txt"]
    assert verify(open_snapshot(out), full=True).breaches == ()


def test_where_one_shard_changed_no_worker_has_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_shards(monkeypatch)
    pages, out = write(tmp_path / "pages", many(30)), tmp_path / "out"
    clean(pages, out)
    write(pages, {"0/0000.txt": b"Changed. It is short.\n"})

    def begun(*_: object, **__: object) -> NoReturn:
        pytest.fail("a worker was begun")

    monkeypatch.setattr("pipeline.engines.local.Lanes.idle", begun)
    assert clean(pages, out, workers=4).status == "committed"
    assert clean(pages, out, workers=4).status == "unchanged"


def test_what_could_not_be_compared_in_time_is_compared_by_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cleaned: list[str]
) -> None:
    monkeypatch.setattr("pipeline.engines.sameness.SECONDS_TO_BEGIN", 0.0)
    pages, out = write(tmp_path / "pages", many(30)), tmp_path / "out"
    clean(pages, out)
    cleaned.clear()
    write(pages, {"0/0000.txt": b"Changed. It is short.\n"})
    assert clean(pages, out, workers=2).status == "committed"
    assert cleaned == ["0/0000.txt"]


def test_only_what_is_new_or_changed_is_asked_for_its_dates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages, out = write(tmp_path / "pages", many(60)), tmp_path / "out"
    clean(pages, out)
    asking = Cleaner.facts
    asked: list[str] = []

    def noted(self: Cleaner, opened: Opened) -> Facts:
        asked.append(opened.record.source_uri)
        return asking(self, opened)

    monkeypatch.setattr(Cleaner, "facts", noted)
    write(pages, {"0/0000.txt": corpus.page("Changed", "It is short.", number=8)})
    clean(pages, out)
    assert set(asked) == {"0/0000.txt"}
    assert open_snapshot(out).manifest.shards[0].told[0] is not None


def test_only_what_changed_is_read_when_times_are_believed(
    tmp_path: Path, cleaned: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, out = write(tmp_path / "pages"), tmp_path / "out"
    clean(pages, out)
    cleaned.clear()
    monkeypatch.setattr("pipeline.engines.sameness.is_believed", lambda item, _known, _since: item.source_uri != FERRY)
    write(pages, {"town/plain.txt": b"Changed, but its time is old.\n", FERRY: b"Changed. It is short.\n"})
    clean(pages, out, since="last")
    assert cleaned == [FERRY]


def test_rows_of_what_is_gone_are_carried_and_not_cleaned(tmp_path: Path, cleaned: list[str]) -> None:
    pages, out = write(tmp_path / "pages"), tmp_path / "out"
    clean(pages, out)
    before = rows(out)
    cleaned.clear()
    (pages / FERRY).unlink()
    write(pages, {"town/plain.txt": b"Changed. It is short.\n"})
    clean(pages, out)
    assert cleaned == ["town/plain.txt"]
    after = rows(out)
    assert after["related_items"] == before["related_items"]
    assert [entry.uri for entry in open_snapshot(out).manifest.inputs if entry.vanished] == [FERRY]


def test_a_replay_cleans_rejects_alone(tmp_path: Path, cleaned: list[str]) -> None:
    pages, out = write(tmp_path / "pages"), tmp_path / "out"
    clean(pages, out)
    cleaned.clear()
    replay(out)
    assert sorted(cleaned) == sorted(REJECTED)


@pytest.mark.parametrize("table", ["articles", "ledger"])
def test_from_a_damaged_file_nothing_is_carried(tmp_path: Path, cleaned: list[str], table: str) -> None:
    pages, out = write(tmp_path / "pages"), tmp_path / "out"
    clean(pages, out)
    (path,) = open_snapshot(out).files(table)
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3] ^= 1
    path.write_bytes(raw)
    cleaned.clear()
    write(pages, {FERRY: b"Changed. It is short.\n"})
    clean(pages, out)
    assert sorted(cleaned) == sorted(PAGES)
    assert verify(open_snapshot(out), full=True).breaches == ()


def test_rows_cleaned_by_other_profiles_are_not_carried(tmp_path: Path, cleaned: list[str]) -> None:
    pages, out = write(tmp_path / "pages"), tmp_path / "out"
    clean(pages, out)
    cleaned.clear()
    clean(pages, out, profiles=("alalam-en",))
    assert sorted(cleaned) == sorted(PAGES)
