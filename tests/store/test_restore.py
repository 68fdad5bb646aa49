from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline import open_snapshot
from pipeline.errors import DescrapeError, UsageError
from pipeline.job import run
from pipeline.model import doc_id
from pipeline.store.restore import restore
from pipeline.store.stored import stored
from tests.corpus import PAGES, clean, contents, rows, write, write_odd
from tests.tampering import rewrite, where

UNREAD = "harbour/pipe.txt"
ESCAPED = [r"\x2e\x2e/x", r"..\x2fx", r"\x2fetc/x", r"a\x00b", r"a/\x2e\x2e/\x2e./x"]


@pytest.fixture
def snapshots(pages: Path, out: Path) -> Path:
    """Return an output that holds the invented pages, and one input that nobody could read."""
    os.mkfifo(pages / UNREAD)
    clean(pages, out)
    return out


@pytest.mark.usefixtures("several_shards")
def test_every_document_comes_back_byte_for_byte_rejected_ones_too(snapshots: Path, tmp_path: Path) -> None:
    done = restore(open_snapshot(snapshots), tmp_path / "raw")
    assert contents(tmp_path / "raw") == PAGES
    assert done.written == len(PAGES)
    assert done.unread == (UNREAD,)


def test_restoring_needs_nothing_but_the_tables(snapshots: Path, pages: Path, tmp_path: Path) -> None:
    pages.rename(tmp_path / "elsewhere")
    restore(open_snapshot(snapshots), tmp_path / "raw")
    assert contents(tmp_path / "raw") == PAGES


@pytest.mark.parametrize("uri", sorted(PAGES))
def test_one_document_comes_back_alone(snapshots: Path, tmp_path: Path, uri: str) -> None:
    done = restore(open_snapshot(snapshots), tmp_path / "raw", doc_id(uri))
    assert done.written == 1
    assert contents(tmp_path / "raw") == {uri: PAGES[uri]}


def test_one_document_is_named_by_its_place_as_well(snapshots: Path, tmp_path: Path) -> None:
    restore(open_snapshot(snapshots), tmp_path / "raw", "harbour/ferry.txt")
    assert contents(tmp_path / "raw") == {"harbour/ferry.txt": PAGES["harbour/ferry.txt"]}


def test_the_place_of_a_container_means_all_of_its_records(out: Path, tmp_path: Path) -> None:
    write(tmp_path / "dump", {"a.txt": b"Calm.\n", "crawl.jsonl": b'{"text": "Rain."}\n{"text": "Hail."}\n'})
    clean(tmp_path / "dump", out)
    assert restore(open_snapshot(out), tmp_path / "raw", "crawl.jsonl").written == 2
    assert contents(tmp_path / "raw") == {"crawl.jsonl/00000000.txt": b"Rain.", "crawl.jsonl/00000001.txt": b"Hail."}


def test_one_document_that_was_never_read_is_said(snapshots: Path, tmp_path: Path) -> None:
    done = restore(open_snapshot(snapshots), tmp_path / "raw", doc_id(UNREAD))
    assert (done.written, done.unread) == (0, (UNREAD,))


@pytest.mark.parametrize("wrong", ["", "0" * 32, "harbour/ferry", doc_id("harbour/ferry.txt").upper()])
def test_a_document_that_there_is_not_is_named(snapshots: Path, tmp_path: Path, wrong: str) -> None:
    with pytest.raises(UsageError) as refused:
        restore(open_snapshot(snapshots), tmp_path / "raw", wrong)
    assert repr(wrong) in str(refused.value)
    assert not (tmp_path / "raw").exists()


def test_an_old_snapshot_gives_back_what_it_read(snapshots: Path, pages: Path, tmp_path: Path) -> None:
    clean(write(pages, {"lamps.txt": b"No lamp was lit.\n"}), snapshots)
    restore(open_snapshot(snapshots, "v000001"), tmp_path / "old")
    restore(open_snapshot(snapshots), tmp_path / "new")
    assert contents(tmp_path / "old") == PAGES
    assert contents(tmp_path / "new") == {**PAGES, "lamps.txt": b"No lamp was lit.\n"}


def test_what_is_gone_from_the_source_comes_back_too(snapshots: Path, pages: Path, tmp_path: Path) -> None:
    (pages / "harbour/ferry.txt").unlink()
    (pages / "noise.txt").unlink()
    clean(pages, snapshots, rebuild=True)
    restore(open_snapshot(snapshots), tmp_path / "raw")
    assert contents(tmp_path / "raw") == PAGES


@pytest.mark.parametrize("order", [1, -1])
def test_a_file_that_became_a_folder_comes_back_and_so_does_what_is_in_it(
    out: Path, tmp_path: Path, order: int
) -> None:
    first, second = [{"a.txt": b"Rain fell.\n"}, {"a.txt/b.txt": b"Snow fell.\n"}][::order]
    clean(write(tmp_path / "first", first), out)
    clean(write(tmp_path / "second", second), out)
    done = restore(open_snapshot(out), tmp_path / "raw")
    assert (done.written, done.failed) == (2, ())
    assert sorted(contents(tmp_path / "raw").values()) == [b"Rain fell.\n", b"Snow fell.\n"]


# ---------------------------------------------------------------------------------------------- where to


def test_a_folder_that_is_empty_or_not_there_yet_is_filled(snapshots: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for target in (tmp_path / "empty", tmp_path / "not/there/yet"):
        assert restore(open_snapshot(snapshots), target).written == len(PAGES)
        assert contents(target) == PAGES


@pytest.mark.parametrize("name", ["a.txt", ".hidden", "folder/a.txt"])
def test_a_folder_that_holds_anything_is_refused_and_left_alone(snapshots: Path, tmp_path: Path, name: str) -> None:
    target = write(tmp_path / "full", {name: b"mine"})
    with pytest.raises(UsageError, match="is not an empty folder"):
        restore(open_snapshot(snapshots), target)
    assert contents(target) == {name: b"mine"}


def test_a_file_is_refused_and_left_alone(snapshots: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(UsageError, match="is not an empty folder"):
        restore(open_snapshot(snapshots), tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"mine"


def test_a_folder_that_cannot_be_made_is_said(snapshots: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises((DescrapeError, OSError)):
        restore(open_snapshot(snapshots), tmp_path / "file/below")


# --------------------------------------------------------------------------------------- paths are not trusted


@pytest.mark.parametrize(
    "uri", ["../x", "../../x", "/etc/x", "//x", "a/../../x", "a/./x", "..", ".", "", "a//x", "a\0b", *ESCAPED]
)
def test_no_uri_leads_out_of_the_folder(snapshots: Path, tmp_path: Path, uri: str) -> None:
    snapshot = open_snapshot(snapshots)
    for table in ("articles", "rejects"):
        rewrite(snapshot, table, lambda found: [{**row, "source_uri": uri} for row in found])
    target = tmp_path / "deep/er/raw"
    target.parent.mkdir(parents=True)
    before = contents(tmp_path)
    done = restore(snapshot, target)
    assert done.written == 0
    assert len(done.failed) == len(PAGES)
    assert all("would lead out" in reason for reason in done.failed)
    assert contents(tmp_path) == before


def test_one_document_restored_is_not_trusted_either(snapshots: Path, tmp_path: Path) -> None:
    snapshot = open_snapshot(snapshots)
    rewrite(snapshot, "articles", lambda found: [{**found[0], "source_uri": "../x"}])
    done = restore(snapshot, tmp_path / "raw", doc_id("../x"))
    assert (done.written, len(done.failed)) == (0, 1)
    assert not (tmp_path / "x").exists()


def test_one_document_that_cannot_be_written_stops_no_other(snapshots: Path, tmp_path: Path) -> None:
    snapshot = open_snapshot(snapshots)
    rewrite(snapshot, "articles", where({"source_uri": "lamps.txt"}, source_uri="../lamps.txt"))
    done = restore(snapshot, tmp_path / "raw")
    assert contents(tmp_path / "raw") == {uri: raw for uri, raw in PAGES.items() if uri != "lamps.txt"}
    assert (done.written, len(done.failed)) == (len(PAGES) - 1, 1)


# ---------------------------------------------------------------------------- names that one folder cannot hold


def test_a_file_name_that_is_not_utf8_does_not_stop_the_others(pages: Path, out: Path, tmp_path: Path) -> None:
    name = b"\xe9" * 100 + b".txt"  # a name in an old encoding, whose URI is longer than a name may be
    write_odd(pages, name, b"Rain fell.\n")
    clean(pages, out)
    done = restore(open_snapshot(out), tmp_path / "raw")
    assert done.written == len(PAGES) + 1
    assert (tmp_path / "raw" / os.fsdecode(name)).read_bytes() == b"Rain fell.\n"


def test_a_file_and_a_folder_of_one_name_are_refused_or_can_be_restored_one_by_one(tmp_path: Path, out: Path) -> None:
    raw = {"one/notes": b"Rain fell.\n", "two/notes/a.txt": b"Snow fell.\n"}
    write(tmp_path, raw)
    try:
        run([str(tmp_path / "one/notes"), str(tmp_path / "two")], out)
    except UsageError:
        return
    done = restore(open_snapshot(out), tmp_path / "raw")
    assert (done.written, done.failed) == (2, ())
    for uri, expected in (("notes", b"Rain fell.\n"), ("notes/a.txt", b"Snow fell.\n")):
        restore(open_snapshot(out), tmp_path / doc_id(uri), doc_id(uri))
        assert list(contents(tmp_path / doc_id(uri)).values()) == [expected]


# ------------------------------------------------------------------------------------------------ what it reads


def test_inputs_come_in_order_of_their_uri(snapshots: Path) -> None:
    assert [item.source_uri for item in stored(open_snapshot(snapshots))] == sorted([*PAGES, UNREAD])


def test_each_input_is_an_article_or_a_reject(snapshots: Path) -> None:
    tables = rows(snapshots)
    for item in stored(open_snapshot(snapshots)):
        assert (item.article is None) != (item.reject is None)
        assert item.row["source_uri"] == item.source_uri
        own = [row for row in tables["artifacts"] if row["doc_id"] == item.doc_id]
        assert list(item.artifacts) == own


def test_inputs_are_read_without_the_table_of_items(snapshots: Path) -> None:
    snapshot = open_snapshot(snapshots)
    whole = [(item.place, item.raw()) for item in stored(snapshot)]
    items = [entry for entry in snapshot.manifest.files if entry.table == "related_items"]
    assert items
    for entry in items:
        snapshot.file(entry).unlink()
    assert [(item.place, item.raw()) for item in stored(snapshot)] == whole
