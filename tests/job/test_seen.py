"""What looks as it did when it was last hashed is not read again; all else is, whatever its times say."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from pipeline.errors import RejectedDocument
from pipeline.job import replay
from pipeline.job.share import Share, run_share
from pipeline.job.share_commit import commit_shares
from pipeline.store.inputs import STAMP, Input, read_input
from pipeline.store.seen import CLOCK_SLACK, UNSEEN
from pipeline.store.seen import settled as noted
from tests.corpus import PAGES, REJECTED, clean, rows, small_shards, write

FERRY = "harbour/ferry.txt"
SNOW = {"town/plain.txt": b"Snow fell on the town all day. Nobody minded.\n"}
TO_COME = datetime(2101, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    small_shards(monkeypatch)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files that were written a moment ago count as ones that nobody has touched for long."""
    monkeypatch.setattr("pipeline.store.seen.CLOCK_SLACK", -3600.0)


def test_a_file_is_noted_when_it_was_written_longer_ago_than_clocks_differ() -> None:
    moments = [100.0 - CLOCK_SLACK + late for late in (-0.5, 0.0, 0.5)]
    items = [Input("a.txt", "a.txt", modified=moment, stamp=b"looks") for moment in moments]
    assert [noted(item, 100.0) for item in items] == [b"looks", UNSEEN, UNSEEN]


@pytest.mark.usefixtures("settled")
def test_what_looks_as_it_did_is_not_read_again(pages: Path, out: Path, read_again: list[str]) -> None:
    clean(pages, out)
    read_again.clear()
    assert clean(pages, out).status == "unchanged"
    assert read_again == []


@pytest.mark.usefixtures("settled")
def test_of_what_changed_the_bytes_decide(pages: Path, out: Path, tmp_path: Path, read_again: list[str]) -> None:
    clean(pages, out)
    (pages / FERRY).touch()
    write(pages, SNOW)
    read_again.clear()
    assert clean(pages, out).status == "committed"
    assert set(read_again) == {FERRY, *SNOW}
    clean(pages, tmp_path / "anew")
    assert rows(out) == rows(tmp_path / "anew")
    read_again.clear()
    assert clean(pages, out).status == "unchanged"
    assert read_again == []


@pytest.mark.usefixtures("settled")
def test_a_change_that_keeps_size_and_time_is_found(pages: Path, out: Path) -> None:
    clean(pages, out)
    page = pages / FERRY
    before = page.stat()
    page.write_bytes(page.read_bytes().swapcase())
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert clean(pages, out).status == "committed"


@pytest.mark.usefixtures("settled")
def test_another_file_in_the_place_of_one_is_found(pages: Path, out: Path) -> None:
    clean(pages, out)
    page = pages / FERRY
    other = pages / "other"
    other.write_bytes(page.read_bytes().swapcase())
    shutil.copystat(page, other)
    other.replace(page)
    assert clean(pages, out).status == "committed"


def test_what_was_written_just_before_a_run_is_read_by_the_next(
    pages: Path, out: Path, read_again: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.store.seen.CLOCK_SLACK", 3600.0)
    clean(pages, out)
    read_again.clear()
    assert clean(pages, out).status == "unchanged"
    assert set(read_again) == set(PAGES)


@pytest.mark.usefixtures("settled")
def test_a_file_from_the_future_is_read_each_time(pages: Path, out: Path, read_again: list[str]) -> None:
    to_come = TO_COME.timestamp()
    os.utime(pages / FERRY, (to_come, to_come))
    clean(pages, out)
    read_again.clear()
    clean(pages, out)
    assert read_again == [FERRY]


@pytest.mark.usefixtures("settled")
def test_with_checksum_all_is_read(pages: Path, out: Path, read_again: list[str]) -> None:
    clean(pages, out)
    for _ in range(2):
        read_again.clear()
        assert clean(pages, out, checksum=True).status == "unchanged"
        assert set(read_again) == set(PAGES)
    read_again.clear()
    clean(pages, out)
    assert read_again == []


@pytest.mark.usefixtures("settled")
def test_copies_of_pages_and_tables_are_read_where_they_are(
    pages: Path, out: Path, tmp_path: Path, read_again: list[str]
) -> None:
    clean(pages, out)
    there = tmp_path / "there"
    shutil.copytree(pages, there / "pages")
    shutil.copytree(out, there / "out", symlinks=True)
    read_again.clear()
    assert clean(there / "pages", there / "out").status == "unchanged"
    assert set(read_again) == set(PAGES)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("damage", [lambda _: b"", lambda raw: raw[:-1], lambda raw: raw[:-1] + bytes([raw[-1] ^ 1])])
def test_a_damaged_note_costs_reading_and_nothing_else(
    pages: Path, out: Path, read_again: list[str], damage: Callable[[bytes], bytes]
) -> None:
    clean(pages, out)
    note = out / ".seen"
    note.write_bytes(damage(note.read_bytes()))
    read_again.clear()
    assert clean(pages, out).status == "unchanged"
    assert set(read_again) == set(PAGES)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("head", [b"", b"\x08", b"\xff" * 8 + b"\x90", b"\x01" + bytes(7) + b"\xc1"])
def test_a_note_that_is_whole_and_says_nothing_is_none(
    pages: Path, out: Path, read_again: list[str], head: bytes
) -> None:
    clean(pages, out)
    body = b"descrape.seen 2\n" + head
    (out / ".seen").write_bytes(hashlib.sha256(body).digest() + body)
    read_again.clear()
    assert clean(pages, out).status == "unchanged"
    assert set(read_again) == set(PAGES)


@pytest.mark.usefixtures("settled")
def test_a_pipe_in_the_place_of_the_note_holds_nothing_up(pages: Path, out: Path) -> None:
    clean(pages, out)
    (out / ".seen").unlink()
    os.mkfifo(out / ".seen")
    assert clean(pages, out).status == "unchanged"
    assert (out / ".seen").is_file()


@pytest.mark.usefixtures("settled")
def test_a_note_that_cannot_be_written_does_not_undo_a_commit(pages: Path, out: Path) -> None:
    (out / ".seen").mkdir(parents=True)
    assert clean(pages, out).status == "committed"
    assert clean(pages, out).status == "unchanged"


@pytest.mark.usefixtures("settled")
def test_a_note_speaks_of_one_snapshot_alone(pages: Path, out: Path, read_again: list[str]) -> None:
    clean(pages, out)
    write(pages, SNOW)
    clean(pages, out)
    (out / "current").unlink()
    (out / "current").symlink_to("snapshots/v000001")
    read_again.clear()
    assert clean(pages, out).status == "committed"
    assert set(read_again) == set(PAGES)


@pytest.mark.usefixtures("settled")
def test_what_was_only_believed_is_read_by_a_run_that_is_not_told_to(
    pages: Path, out: Path, read_again: list[str]
) -> None:
    clean(pages, out)
    write(pages, SNOW)
    assert clean(pages, out, since=TO_COME).status == "unchanged"
    read_again.clear()
    assert clean(pages, out).status == "committed"
    assert set(read_again) == set(SNOW)


@pytest.mark.usefixtures("settled")
def test_what_comes_back_as_it_was_is_not_read_again(
    pages: Path, out: Path, tmp_path: Path, read_again: list[str]
) -> None:
    clean(pages, out)
    (pages / FERRY).rename(tmp_path / "away")
    write(pages, SNOW)
    clean(pages, out)
    replay(out)
    read_again.clear()
    assert clean(pages, out).status == "unchanged"
    assert read_again == []


@pytest.mark.usefixtures("settled")
def test_shares_note_what_one_run_notes(pages: Path, out: Path, tmp_path: Path) -> None:
    clean(pages, tmp_path / "local")
    for number in (1, 2, 3):
        run_share(Share(number, 3), [str(pages)], out)
    commit_shares(out)
    size = len(PAGES) * STAMP.size
    assert (out / ".seen").read_bytes()[-size:] == (tmp_path / "local" / ".seen").read_bytes()[-size:]


@pytest.mark.usefixtures("settled")
def test_what_could_not_be_read_is_tried_again(pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*_: object) -> NoReturn:
        raise RejectedDocument("read", "unreadable", "not today")

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.store.documents.read_input", refusing)
        clean(pages, out)
    assert clean(pages, out).status == "committed"
    assert len(rows(out)["articles"]) == len(PAGES) - len(REJECTED)


@pytest.mark.usefixtures("settled")
def test_what_cannot_be_read_for_another_reason_says_the_new_one(
    pages: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = ["unreadable", "not today"]

    def refusing(item: Input, _: int) -> bytes:
        if item.source_uri != FERRY:
            return read_input(item)
        raise RejectedDocument("read", *why)

    monkeypatch.setattr("pipeline.store.documents.read_input", refusing)
    clean(pages, out)
    assert clean(pages, out).status == "unchanged"
    why[:] = "not_a_file", "it is not a regular file and was not read"
    assert clean(pages, out).status == "committed"
    (reject,) = (row for row in rows(out)["rejects"] if row["source_uri"] == FERRY)
    assert [reject["code"], reject["message"]] == why
    clean(pages, tmp_path / "anew")
    assert rows(out) == rows(tmp_path / "anew")
    why[1] = "it is no regular file"
    assert clean(pages, out).status == "committed"
