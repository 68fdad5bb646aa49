from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn, Unpack

import pytest
from msgspec.structs import replace

from pipeline import open_snapshot
from pipeline.engines.sameness import is_older
from pipeline.errors import ConfigurationError, DescrapeError, OutputLockedError, TooManyRejectsError, UsageError
from pipeline.items import ListedItems
from pipeline.job import Options, RejectLimit, run
from pipeline.log import RunLog
from pipeline.model import Document, Given, GivenList, ItemList, ItemSource, doc_id
from pipeline.stages import Cleaner, Opened, Steps
from pipeline.store.commit import locked
from pipeline.store.discovery import Discovery, discover
from pipeline.store.inputs import Input
from pipeline.store.readers import Form
from pipeline.verify import verify
from tests import corpus
from tests.corpus import (
    PAGES,
    REJECTED,
    Told,
    clean,
    contents,
    environment,
    many,
    rows,
    small_shards,
    staged,
    write,
)
from tests.tampering import write_manifest

FERRY = "harbour/ferry.txt"
CHANGED = {FERRY: b"The ferry is late again. Nobody knows why.\n"}

Rows = dict[str, list[dict[str, Any]]]
Shut = Callable[[], AbstractContextManager[None]]


def uris(tables: Rows, table: str = "articles") -> list[str]:
    return [row["source_uri"] for row in tables[table]]


def of(tables: Rows, uri: str) -> Rows:
    """Return the rows of one input."""
    own = doc_id(uri)
    return {
        table: [row for row in found if row.get("doc_id") == own or row.get("source_uri") == uri]
        for table, found in tables.items()
    }


def without(tables: Rows, uri: str) -> Rows:
    """Return the rows of all other inputs."""
    own = of(tables, uri)
    return {table: [row for row in found if row not in own[table]] for table, found in tables.items()}


def nothing_visible(out: Path) -> bool:
    """Whether no snapshot can be seen and nothing is staged."""
    return not (out / "current").exists() and not (out / "CURRENT").exists() and staged(out) == []


def reports(out: Path) -> list[dict[str, Any]]:
    """Return the reports of all runs, the oldest first."""
    found = [json.loads(path.read_bytes()) for path in (out / "runs").glob("*/report.json")]
    return sorted(found, key=lambda report: str(report["started_at"]))


# ------------------------------------------------------------------------------------------------- a first run


def test_every_input_is_an_article_or_a_reject(pages: Path, out: Path) -> None:
    outcome = clean(pages, out)
    tables = rows(out)
    assert uris(tables) == sorted(set(PAGES) - set(REJECTED))
    assert {row["source_uri"]: row["code"] for row in tables["rejects"]} == REJECTED
    assert {row["source_uri"]: row["raw"] for row in tables["rejects"]} == {uri: PAGES[uri] for uri in REJECTED}
    assert outcome.status == "committed"
    assert outcome.version == "v000001"
    assert outcome.exit_code == 3
    assert outcome.counts["inputs"] == len(PAGES) == outcome.counts["articles"] + outcome.counts["rejects"]


def test_without_rejects_the_exit_code_is_zero(tmp_path: Path, out: Path) -> None:
    assert clean(write(tmp_path / "plain", CHANGED), out).exit_code == 0


def test_what_the_pages_hold_is_in_the_tables(pages: Path, out: Path) -> None:
    clean(pages, out, profiles=("alalam-en",))
    own = of(rows(out), FERRY)
    (article,) = own["articles"]
    assert article["title"] == "Ferry Back in Harbour"
    assert article["sign_off"] == "S/SH 11"
    assert article["body"].startswith("The ferry came back")
    assert "string(" not in article["body"]
    assert str(article["published_at"]) == "2016-03-27 06:30:38+00:00"
    assert [row["headline"] for row in own["related_items"]] == ["Low Tide", "New Café Opens"]
    assert own["artifacts"][0]["status"] == "exact"
    (kept,) = of(rows(out), "town/guide.txt")["artifacts"]
    assert kept["status"] == "kept"


def test_a_run_keeps_its_log_and_its_report(pages: Path, out: Path) -> None:
    outcome = clean(pages, out)
    folder = out / "runs" / outcome.run_id
    assert {path.name for path in folder.iterdir()} == {"log.jsonl", "report.json"}
    events = [json.loads(line) for line in (folder / "log.jsonl").read_bytes().splitlines()]
    assert (events[0]["event"], events[-1]["event"]) == ("run_started", "run_committed")
    assert all({"time", "level", "event", "message"} <= event.keys() for event in events)
    (report,) = reports(out)
    assert (report["status"], report["exit_code"]) == ("committed", 3)
    assert report["version"] == outcome.version
    assert report["run_id"] == outcome.run_id
    assert report["counts"] == outcome.counts


# ---------------------------------------------------------------------------------------------- the runs after it


@pytest.mark.usefixtures("several_shards")
def test_a_second_run_over_the_same_commits_nothing(pages: Path, out: Path) -> None:
    clean(pages, out)
    before = {**contents(out / "snapshots"), "current": bytes((out / "current").readlink())}
    outcome = clean(pages, out)
    assert (outcome.status, outcome.version, outcome.exit_code) == ("unchanged", "v000001", 0)
    assert {**contents(out / "snapshots"), "current": bytes((out / "current").readlink())} == before
    assert staged(out) == []
    assert [report["status"] for report in reports(out)] == ["committed", "unchanged"]


def test_a_second_run_over_nothing_commits_nothing(tmp_path: Path, out: Path) -> None:
    (tmp_path / "none").mkdir()
    clean(tmp_path / "none", out)
    assert clean(tmp_path / "none", out).status == "unchanged"


def test_touching_files_changes_nothing(pages: Path, out: Path) -> None:
    clean(pages, out)
    for uri in PAGES:
        os.utime(pages / uri, (1, 1))
    assert clean(pages, out).status == "unchanged"


def test_more_workers_or_a_reject_limit_are_nothing_new(pages: Path, out: Path) -> None:
    clean(pages, out)
    assert clean(pages, out, workers=2, max_rejects=RejectLimit(5)).status == "unchanged"


@pytest.mark.usefixtures("several_shards")
def test_a_changed_file_replaces_its_rows_and_no_others(pages: Path, out: Path) -> None:
    clean(pages, out)
    before = rows(out)
    outcome = clean(write(pages, CHANGED), out)
    after = rows(out)
    assert (outcome.status, outcome.version) == ("committed", "v000002")
    assert [row["body"] for row in of(after, FERRY)["articles"]] == [CHANGED[FERRY].decode().strip()]
    assert of(after, FERRY)["artifacts"] == of(after, FERRY)["related_items"] == []
    assert without(after, FERRY) == without(before, FERRY)
    assert uris(after) == sorted(uris(after))


def test_a_change_of_one_byte_that_keeps_size_and_time_is_seen(pages: Path, out: Path) -> None:
    clean(pages, out)
    path = pages / "town/plain.txt"
    times = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Rain", b"Pain"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert clean(pages, out).status == "committed"


@pytest.mark.usefixtures("several_shards")
def test_a_new_file_gets_rows_and_the_others_keep_theirs(pages: Path, out: Path) -> None:
    clean(pages, out)
    before = rows(out)
    clean(write(pages, {"harbour/lock.txt": b"The lock opened at noon. It was repaired.\n"}), out)
    after = rows(out)
    assert uris(after) == sorted([*uris(before), "harbour/lock.txt"])
    assert without(after, "harbour/lock.txt") == before


def test_an_article_may_become_a_reject_and_an_article_again(pages: Path, out: Path) -> None:
    clean(pages, out)
    first = rows(out)
    clean(write(pages, {FERRY: b"\n"}), out)
    assert of(rows(out), FERRY)["articles"] == []
    assert [row["code"] for row in of(rows(out), FERRY)["rejects"]] == ["empty"]
    clean(write(pages, {FERRY: PAGES[FERRY]}), out)
    assert rows(out) == first


@pytest.mark.usefixtures("several_shards")
def test_rebuilding_cleans_everything_again_to_the_same_rows(pages: Path, out: Path) -> None:
    clean(pages, out)
    outcome = clean(pages, out, rebuild=True)
    assert (outcome.status, outcome.version) == ("committed", "v000002")
    assert rows(out) == rows(open_snapshot(out, "v000001"))
    old, new = (
        {path.stat().st_ino for path in (out / "snapshots" / version).glob("*/*.parquet")}
        for version in ("v000001", "v000002")
    )
    assert not old & new


@pytest.mark.usefixtures("several_shards")
def test_another_profile_cleans_everything_again(pages: Path, out: Path) -> None:
    clean(pages, out)
    assert clean(pages, out, profiles=("alalam-en",)).status == "committed"
    tables = rows(out)
    assert {row["source"] for row in tables["articles"]} == {"alalam-en"}
    assert tables == rows_of_a_first_run(pages, out.parent / "fresh", profiles=("alalam-en",))
    assert clean(pages, out, profiles=("alalam-en",)).status == "unchanged"


def test_a_profile_that_was_edited_cleans_everything_again(pages: Path, out: Path, tmp_path: Path) -> None:
    profile = tmp_path / "site.toml"
    profile.write_text('name = "site"\n', "utf-8")
    clean(pages, out, profiles=(str(profile),))
    profile.write_text('name = "site"\n# a note\n', "utf-8")
    clean(pages, out, profiles=(str(profile),))
    profile.write_text('name = "site"\ntimezone = "Europe/Vienna"\n', "utf-8")
    assert clean(pages, out, profiles=(str(profile),)).status == "committed"
    (article,) = of(rows(out), FERRY)["articles"]
    assert article["timezone"] == "Europe/Vienna"


def test_another_size_limit_cleans_everything_again(pages: Path, out: Path) -> None:
    clean(pages, out)
    outcome = clean(pages, out, max_record_bytes=100)
    assert outcome.status == "committed"
    big = [uri for uri, raw in PAGES.items() if len(raw) > 100]
    assert outcome.counts["rejects_by_code"]["oversized"] == len(big) > 0


def test_other_code_cleans_everything_again(pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clean(pages, out)
    monkeypatch.setattr("pipeline.engines.shard.code_digest", lambda: "other code")
    assert clean(pages, out).status == "committed"
    assert clean(pages, out).status == "unchanged"


def rows_of_a_first_run(pages: Path, out: Path, **options: Unpack[Told]) -> Rows:
    clean(pages, out, **options)
    return rows(out)


# ------------------------------------------------------------------------------------------------ what is gone


@pytest.mark.usefixtures("several_shards")
@pytest.mark.parametrize("uri", sorted(PAGES))
def test_what_is_gone_keeps_its_rows(pages: Path, out: Path, uri: str) -> None:
    clean(pages, out)
    before = rows(out)
    (pages / uri).unlink()
    assert clean(pages, out).status == "unchanged"
    other = "town/plain.txt" if uri != "town/plain.txt" else FERRY
    clean(write(pages, {other: b"Something else happened. Nobody saw it.\n"}), out)
    assert of(rows(out), uri) == of(before, uri)
    assert without(without(rows(out), other), uri) == without(without(before, other), uri)


@pytest.mark.usefixtures("several_shards")
def test_what_is_gone_loses_its_rows_when_that_is_asked_for(pages: Path, out: Path) -> None:
    clean(pages, out)
    before = rows(out)
    (pages / FERRY).unlink()
    outcome = clean(pages, out, prune=True)
    assert outcome.status == "committed"
    assert outcome.counts["inputs"] == len(PAGES) - 1
    assert rows(out) == without(before, FERRY)
    assert clean(pages, out, prune=True).status == "unchanged"


def test_everything_can_be_gone(pages: Path, out: Path) -> None:
    clean(pages, out)
    before = rows(out)
    shutil.rmtree(pages)
    pages.mkdir()
    assert clean(pages, out).status == "unchanged"
    assert clean(pages, out, rebuild=True).counts["inputs"] == len(PAGES)
    assert rows(out) == before
    with pytest.raises(UsageError, match="--prune would drop all 10"):
        clean(pages, out, prune=True)
    assert rows(out) == before


@pytest.mark.usefixtures("several_shards")
def test_rows_of_what_is_gone_are_made_again_from_the_tables_when_the_configuration_changed(
    pages: Path, out: Path, tmp_path: Path
) -> None:
    expected = rows_of_a_first_run(pages, tmp_path / "fresh", profiles=("alalam-en",))
    clean(pages, out)
    shutil.rmtree(pages)
    pages.mkdir()
    outcome = clean(pages, out, profiles=("alalam-en",))
    assert outcome.status == "committed"
    assert rows(out) == expected
    assert verify(open_snapshot(out), full=True).breaches == ()
    assert all(entry.vanished for entry in open_snapshot(out).manifest.inputs)
    clean(pages, out)
    assert rows(out) == rows(open_snapshot(out, "v000001"))


def test_what_was_never_read_and_is_gone_stays_a_reject(pages: Path, out: Path) -> None:
    (pages / "dangling.txt").symlink_to("nowhere")
    clean(pages, out)
    before = of(rows(out), "dangling.txt")
    (pages / "dangling.txt").unlink()
    clean(pages, out, profiles=("alalam-en",))
    assert of(rows(out), "dangling.txt") == before
    assert before["rejects"][0]["raw"] is None


def test_what_was_gone_and_is_back_is_an_input_as_before(pages: Path, out: Path) -> None:
    clean(pages, out)
    before = rows(out)
    (pages / FERRY).unlink()
    clean(pages, out, rebuild=True)
    clean(write(pages, {FERRY: PAGES[FERRY]}), out, rebuild=True)
    assert rows(out) == before
    assert not any(entry.vanished for entry in open_snapshot(out).manifest.inputs)


def test_a_reason_that_changed_is_told(pages: Path, out: Path) -> None:
    path = pages / "odd.txt"
    path.symlink_to("nowhere")
    clean(pages, out)
    path.unlink()
    path.mkdir()
    (path / "x.txt").write_bytes(b"x")
    path.rename(pages / "folder")
    path.symlink_to("folder")
    clean(pages, out)
    assert [row["code"] for row in of(rows(out), "odd.txt")["rejects"]] == ["not_followed"]


# ------------------------------------------------------------------------------------------ dry runs and limits


def test_a_dry_run_writes_nothing_at_all(pages: Path, out: Path) -> None:
    before = contents(pages.parent)
    outcome = clean(pages, out / "below", dry_run=True)
    assert (outcome.status, outcome.version, outcome.exit_code) == ("dry_run", None, 3)
    assert outcome.counts["inputs"] == len(PAGES)
    assert not out.exists()
    assert contents(pages.parent) == before


def test_a_dry_run_over_an_output_leaves_it_alone(pages: Path, out: Path) -> None:
    clean(pages, out)
    before = {path: path.lstat().st_mtime_ns for path in [out, *out.rglob("*")]}
    counts = clean(write(pages, CHANGED), out, dry_run=True).counts
    assert {path: path.lstat().st_mtime_ns for path in [out, *out.rglob("*")]} == before
    assert counts == clean(pages, out).counts


def test_a_dry_run_needs_no_lock(pages: Path, out: Path) -> None:
    with locked(out):
        assert clean(pages, out, dry_run=True).status == "dry_run"


@pytest.mark.parametrize(
    ("limit", "refused"),
    [
        (RejectLimit(0), True),
        (RejectLimit(1), True),
        (RejectLimit(2), False),
        (RejectLimit(19.9, percent=True), True),
        (RejectLimit(20, percent=True), False),
        (RejectLimit(100, percent=True), False),
        (None, False),
    ],
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_more_rejects_than_allowed_commit_nothing(
    pages: Path, out: Path, limit: RejectLimit | None, *, refused: bool, dry_run: bool
) -> None:
    if not refused:
        assert clean(pages, out, max_rejects=limit, dry_run=dry_run).counts["rejects"] == 2
        return
    with pytest.raises(TooManyRejectsError) as found:
        clean(pages, out, max_rejects=limit, dry_run=dry_run)
    assert found.value.exit_code == 65
    for word in ("2 of 10", "empty 1", "undecodable 1", str(limit)):
        assert word in str(found.value)
    assert nothing_visible(out)
    if not dry_run:
        (report,) = reports(out)
        assert (report["status"], report["exit_code"]) == ("failed", 65)


def test_more_rejects_than_allowed_leave_the_former_snapshot(pages: Path, out: Path) -> None:
    clean(pages, out)
    before = rows(out)
    with pytest.raises(TooManyRejectsError):
        clean(write(pages, {FERRY: b""}), out, max_rejects=RejectLimit(2))
    assert rows(out) == before
    assert [path.name for path in (out / "snapshots").iterdir()] == ["v000001"]
    assert staged(out) == []


# ---------------------------------------------------------------------------------------------------- order


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Rows]:
    """Return a corpus, and its rows when one process cleans it as one shard in one batch."""
    folder = tmp_path_factory.mktemp("reference")
    pages = write(folder / "pages", {**PAGES, **many(40)})
    clean(pages, folder / "clean")
    return pages, rows(folder / "clean")


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_the_number_of_workers_changes_no_row(
    reference: tuple[Path, Rows], out: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    pages, expected = reference
    small_shards(monkeypatch, 8)
    clean(pages, out, workers=workers)
    assert rows(out) == expected
    assert len(open_snapshot(out).manifest.shards) > 1


@pytest.mark.parametrize("batch", [(1, 2**24), (7, 2**24), (1000, 1), (1000, 700), (3, 700), (1000, 2**24)])
@pytest.mark.parametrize("mean", [1, 3, 1024])
def test_the_size_of_batches_and_shards_changes_no_row(
    reference: tuple[Path, Rows], out: Path, monkeypatch: pytest.MonkeyPatch, batch: tuple[int, int], mean: int
) -> None:
    pages, expected = reference
    small_shards(monkeypatch, mean)
    for name, size in zip(("BATCH_DOCUMENTS", "BATCH_BYTES"), batch, strict=True):
        monkeypatch.setattr(f"pipeline.engines.shard.{name}", size)
    clean(pages, out)
    assert rows(out) == expected


def test_the_way_there_changes_no_row(reference: tuple[Path, Rows], tmp_path: Path, out: Path) -> None:
    pages, expected = reference
    found = {uri: raw for uri, raw in contents(pages).items() if uri.endswith(".txt")}
    names = sorted(found, key=doc_id)
    for part in (names[:13], names[13:17], names[17:]):
        clean(write(tmp_path / "grown", {uri: found[uri] for uri in part}), out)
    assert rows(out) == expected


def test_the_manifest_lists_the_same_inputs_whoever_did_the_work(
    reference: tuple[Path, Rows], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, _ = reference
    small_shards(monkeypatch, 8)
    for workers in (1, 2):
        clean(pages, tmp_path / str(workers), workers=workers)
    one, two = (open_snapshot(tmp_path / name).manifest for name in ("1", "2"))
    assert one.inputs == two.inputs
    assert one.counts == two.counts
    assert [(file.table, file.rows, file.shard) for file in one.files] == [
        (file.table, file.rows, file.shard) for file in two.files
    ]


# ----------------------------------------------------------------------------------------------- what goes wrong


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Return a function that has the cleaning of one page raise something."""
    cleaning = Cleaner.steps

    def breaking(error: BaseException) -> None:
        def broken_steps(self: Cleaner, opened: Opened) -> Steps[Document]:
            if opened.record.source_uri == FERRY:
                raise error
            return cleaning(self, opened)

        monkeypatch.setattr(Cleaner, "steps", broken_steps)

    return breaking


@pytest.mark.usefixtures("several_shards")
@pytest.mark.parametrize("error", [ValueError("bad luck"), RecursionError(), KeyError("x\ud800")])
def test_a_page_that_breaks_a_stage_is_rejected_alone(
    pages: Path, out: Path, broken: Callable[[BaseException], None], error: Exception, tmp_path: Path
) -> None:
    expected = rows_of_a_first_run(pages, tmp_path / "fresh")
    broken(error)
    outcome = clean(pages, out)
    tables = rows(out)
    (reject,) = of(tables, FERRY)["rejects"]
    assert (reject["code"], reject["raw"]) == ("internal_error", PAGES[FERRY])
    assert type(error).__name__ in reject["message"]
    assert without(tables, FERRY) == without(expected, FERRY)
    assert outcome.exit_code == 3


@pytest.mark.usefixtures("several_shards")
@pytest.mark.parametrize(
    "value",
    [
        {"content_type_id": 2**40},
        {"sort_key": 2**70},
        {"title": "half a pair: \ud800"},
    ],
)
def test_a_page_whose_values_fit_no_column_is_rejected_alone(
    pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch, value: dict[str, Any], tmp_path: Path
) -> None:
    expected = rows_of_a_first_run(pages, tmp_path / "fresh")
    cleaning = Cleaner.steps

    def widening(self: Cleaner, opened: Opened) -> Steps[Document]:
        document = yield from cleaning(self, opened)
        if opened.record.source_uri == FERRY:
            given = GivenList.of([Given(**value)])
            return replace(document, related=ListedItems([ItemList(0, "strict", ItemSource(), given)]))
        return document

    monkeypatch.setattr(Cleaner, "steps", widening)
    clean(pages, out)
    assert [row["code"] for row in of(rows(out), FERRY)["rejects"]] == ["internal_error"]
    assert without(rows(out), FERRY) == without(expected, FERRY)


@pytest.mark.usefixtures("several_shards")
@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(4)])
def test_a_run_that_is_interrupted_leaves_nothing(
    pages: Path,
    out: Path,
    broken: Callable[[BaseException], None],
    error: BaseException,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken(error)
    with pytest.raises(type(error)):
        clean(pages, out)
    assert nothing_visible(out)
    assert not (out / "snapshots").exists()
    (report,) = reports(out)
    assert report["status"] == ("interrupted" if isinstance(error, KeyboardInterrupt) else "failed")
    monkeypatch.undo()
    assert clean(pages, out).version == "v000001"


def test_a_run_that_is_interrupted_leaves_the_former_snapshot(
    pages: Path, out: Path, broken: Callable[[BaseException], None]
) -> None:
    clean(pages, out)
    before = contents(out / "snapshots")
    broken(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        clean(pages, out, rebuild=True)
    assert contents(out / "snapshots") == before
    assert staged(out) == []
    assert open_snapshot(out).version == "v000001"


def test_a_worker_that_dies_ends_the_run_and_nothing_is_visible(
    pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_shards(monkeypatch)
    for module in ("local", "poison"):
        monkeypatch.setattr(f"pipeline.engines.{module}.clean_shard", corpus.dying_shard)
    with corpus.in_time(), pytest.raises(DescrapeError, match="worker process dies") as failed:
        clean(pages, out, workers=2)
    assert failed.value.exit_code == 1
    assert nothing_visible(out)
    (report,) = reports(out)
    assert report["status"] == "failed"
    monkeypatch.undo()
    assert clean(pages, out).version == "v000001"


def test_a_worker_that_dies_leaves_the_former_snapshot(pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_shards(monkeypatch)
    clean(pages, out)
    before = contents(out / "snapshots")
    for module in ("local", "poison"):
        monkeypatch.setattr(f"pipeline.engines.{module}.clean_shard", corpus.dying_shard)
    with corpus.in_time(), pytest.raises(DescrapeError):
        clean(pages, out, workers=2, rebuild=True)
    assert contents(out / "snapshots") == before
    assert open_snapshot(out).version == "v000001"


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("change", [Path.unlink, replace_by_folder, lambda path: path.write_bytes(b"x" * 200_000)])
@pytest.mark.parametrize("second", [False, True])
def test_a_file_that_changes_after_it_was_found_costs_only_itself(
    pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object], *, second: bool
) -> None:
    def discovering(sources: Sequence[str], exclude: Path, unknown: Form) -> Discovery:
        found = discover(sources, exclude, unknown)
        change(pages / FERRY)
        return found

    if second:
        clean(pages, out, max_record_bytes=100_000)
    monkeypatch.setattr("pipeline.job.main.discover", discovering)
    outcome = clean(pages, out, max_record_bytes=100_000)
    assert outcome.counts["inputs"] == len(PAGES)
    (reject,) = of(rows(out), FERRY)["rejects"]
    assert reject["code"] in {"vanished", "not_a_file", "oversized"}
    assert len(rows(out)["articles"]) == len(PAGES) - len(REJECTED) - 1


@pytest.fixture
def shut(monkeypatch: pytest.MonkeyPatch) -> Shut:
    """Return what has the folder ``town`` refuse to be listed for as long as it is entered."""
    opened = os.open

    def refusing(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if str(path).endswith("/town"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path, flags, mode, dir_fd=dir_fd)

    @contextmanager
    def refused() -> Iterator[None]:
        with monkeypatch.context() as patched:
            patched.setattr(os, "open", refusing)
            yield

    return refused


def test_a_folder_that_can_be_listed_again_leaves_no_reject_behind(
    pages: Path, out: Path, shut: Shut, tmp_path: Path
) -> None:
    expected = rows_of_a_first_run(pages, tmp_path / "fresh")
    with shut():
        clean(pages, out)
    assert [row["code"] for row in of(rows(out), "town/")["rejects"]] == ["unreadable"]
    clean(pages, out)
    assert rows(out) == expected


def test_what_stands_in_a_folder_that_cannot_be_listed_is_not_gone_even_where_that_is_dropped(
    pages: Path, out: Path, shut: Shut
) -> None:
    clean(pages, out)
    before = rows(out)
    (pages / FERRY).unlink()
    with shut():
        clean(pages, out, prune=True)
    after = rows(out)
    assert of(after, "town/")["rejects"] != []
    assert {**after, "rejects": without(after, "town/")["rejects"]} == without(before, FERRY)


def test_a_file_of_the_last_snapshot_that_is_cut_short_is_told_of_and_made_again(pages: Path, out: Path) -> None:
    clean(pages, out)
    before = rows(out)
    (path,) = open_snapshot(out).files("ledger")
    path.write_bytes(path.read_bytes()[:-1])
    told = io.StringIO()
    assert run([str(pages)], out, log=RunLog(stream=told)).status == "committed"
    assert "warning: files of v000001 are missing or cut short: their inputs are cleaned again" in told.getvalue()
    assert rows(out) == before


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        ({"text_field": "prose"}, {}, "--text-field prose"),
        ({}, {"text_field": "prose"}, "--text-field text"),
        ({"source_fields": ("url", "page")}, {}, "--source-fields url,page"),
        ({"source_fields": ()}, {}, "--source-fields none"),
        ({}, {"source_fields": ()}, "--source-fields all"),
        ({"max_record_bytes": 99}, {}, "--max-record-bytes 99"),
        ({"profiles": ("alalam-en",)}, {}, "other profiles"),
        (
            {"text_field": "a", "max_record_bytes": 99},
            {"profiles": ("alalam-en",)},
            "other profiles, --text-field a and --max-record-bytes 99",
        ),
    ],
)
def test_what_was_asked_otherwise_of_the_last_snapshot_is_named_in_a_warning(
    pages: Path, out: Path, first: Told, then: Told, said: str
) -> None:
    clean(pages, out, **first)
    told = io.StringIO()
    run([str(pages)], out, Options(**then), RunLog(stream=told))
    assert f"warning: v000001 was made with {said}: everything is cleaned again" in told.getvalue()


def test_other_code_is_no_reason_to_warn(pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clean(pages, out)
    monkeypatch.setattr("pipeline.engines.shard.code_digest", lambda: "another")
    told = io.StringIO()
    run([str(pages)], out, log=RunLog(stream=told))
    assert "descrape: v000001 was made with other code: everything is cleaned again" in told.getvalue()


def test_what_makes_no_sense_is_refused_before_anything_is_written(pages: Path, out: Path) -> None:
    for source in (pages / "nowhere", pages / "*.nothing"):
        with pytest.raises(UsageError):
            clean(source, out)
    with pytest.raises(ConfigurationError):
        clean(pages, out, profiles=("no-such-profile",))
    assert not out.exists()


# ------------------------------------------------------------------------------------------------- the lock


def test_a_second_run_at_the_same_time_is_refused(pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cleaning = Cleaner.steps
    refused: list[OutputLockedError] = []

    def cleaning_twice(self: Cleaner, opened: Opened) -> Steps[Document]:
        if not refused:
            with pytest.raises(OutputLockedError) as found:
                clean(pages, out)
            refused.append(found.value)
        return cleaning(self, opened)

    monkeypatch.setattr(Cleaner, "steps", cleaning_twice)
    assert clean(pages, out).status == "committed"
    assert refused[0].exit_code == 75
    assert len(rows(out)["articles"]) == len(PAGES) - len(REJECTED)


HOLDING = """
import sys, time
from pathlib import Path
from pipeline.job import run

pages, out, holds = sys.argv[1:]
run([pages], Path(out), before_switch=lambda: (Path(holds).touch(), time.sleep(10**6)))
"""


def test_the_lock_goes_with_the_process_that_held_it(pages: Path, out: Path, tmp_path: Path) -> None:
    holds = tmp_path / "holds"
    with subprocess.Popen([sys.executable, "-c", HOLDING, pages, out, holds], env=environment()) as holder:
        try:
            corpus.wait_until(lambda: holds.exists() or holder.poll() is not None)
            with pytest.raises(OutputLockedError), locked(out):
                pass
        finally:
            holder.kill()
    assert holder.returncode == -signal.SIGKILL
    assert staged(out) != []
    assert clean(pages, out).status == "committed"
    assert staged(out) == []


# -------------------------------------------------------------------------------------- what decides the outcome


class Failing(io.StringIO):
    """A stream whose other end goes away after so many lines."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self.left = lines

    def write(self, text: str) -> int:
        self.left -= text.count("\n")
        if self.left < 0:
            raise BrokenPipeError(32, "Broken pipe")
        return super().write(text)


@pytest.mark.parametrize("lines", range(4))
def test_whoever_reads_the_log_the_outcome_is_what_happened(pages: Path, out: Path, lines: int) -> None:
    log = RunLog(stream=Failing(lines))
    try:
        outcome = run([str(pages)], out, Options(), log)
    except OSError:
        assert nothing_visible(out)
    else:
        assert open_snapshot(out).version == outcome.version


def test_the_point_of_no_return_comes_once_and_before_anything_is_visible(pages: Path, out: Path) -> None:
    seen: list[str] = []
    run([str(pages)], out, before_switch=lambda: seen.append("visible" if (out / "current").exists() else "not yet"))
    assert seen == ["not yet"]
    run([str(pages)], out, before_switch=lambda: seen.append("again"))
    assert seen == ["not yet"]


def test_what_goes_wrong_at_the_point_of_no_return_leaves_nothing(pages: Path, out: Path) -> None:
    def interrupted() -> NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run([str(pages)], out, before_switch=interrupted)
    assert nothing_visible(out)
    assert clean(pages, out).status == "committed"


def test_a_log_that_cannot_be_saved_does_not_undo_a_commit(
    pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(RunLog, "save", refusing)
    shown = io.StringIO()
    outcome = run([str(pages)], out, Options(), RunLog(stream=shown))
    assert open_snapshot(out).version == outcome.version
    assert "could not be saved: No space left on device" in shown.getvalue()


# ------------------------------------------------------------------------------------------- times that are believed

SNOW = {"town/plain.txt": b"Snow fell on the town all day. Nobody minded.\n"}
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
TO_COME = datetime(2101, 1, 1, tzinfo=UTC)


@pytest.mark.usefixtures("several_shards")
def test_since_a_time_after_the_last_change_nothing_is_read_but_what_cannot_be_known(
    pages: Path, out: Path, read_again: list[str]
) -> None:
    clean(pages, out)
    read_again.clear()
    assert clean(pages, out, since=TO_COME).status == "unchanged"
    assert read_again == []
    write(pages, SNOW)
    assert clean(pages, out, since=TO_COME).status == "unchanged", "it was told to believe so"
    assert clean(pages, out).status == "committed"


@pytest.mark.usefixtures("several_shards")
def test_since_an_early_time_everything_is_read(pages: Path, out: Path, read_again: list[str]) -> None:
    clean(pages, out)
    read_again.clear()
    clean(pages, out, since=LONG_AGO)
    assert set(read_again) == set(PAGES)


def test_what_was_modified_at_the_very_time_is_not_older() -> None:
    items = [Input("a.txt", "a.txt", modified=modified) for modified in (99.0, 100.0, None)]
    assert [is_older(item, 100.0) for item in items] == [True, False, False]


def test_since_a_run_whose_name_tells_no_time_everything_is_read(pages: Path, out: Path, read_again: list[str]) -> None:
    clean(pages, out)
    write_manifest(open_snapshot(out), run_id="by-hand")
    read_again.clear()
    assert clean(pages, out, since="last").status == "unchanged"
    assert set(read_again) == {*PAGES}


@pytest.mark.usefixtures("several_shards")
def test_since_the_last_run_changed_and_new_files_are_found(
    pages: Path, out: Path, tmp_path: Path, read_again: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "pipeline.job.passes.CLOCK_SLACK", -3600.0
    )  # the run began an hour from now: all files are older
    clean(pages, out, since="last")
    read_again.clear()
    write(pages, {"zz.txt": b"A new page. It is short.\n"})
    assert clean(pages, out, since="last").status == "committed"
    assert len(set(read_again)) < len(PAGES)
    monkeypatch.undo()
    write(pages, SNOW)
    assert clean(pages, out, since="last").status == "committed"
    clean(pages, tmp_path / "anew")
    assert rows(out) == rows(tmp_path / "anew")
