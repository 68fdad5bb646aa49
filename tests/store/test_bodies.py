"""What is noted of articles files saves opening them, and decides nothing that they do not say themselves."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import open_snapshot
from pipeline.store.bodies import NAME, Bodies, read_bodies, write_bodies
from pipeline.store.snapshot import read_file
from tests.corpus import clean, page, rows, write

pytestmark = pytest.mark.usefixtures("several_shards")

PROSE = "The tide was high on Sunday. Nobody minded."


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a folder of pages, two of which have one body."""
    different = {f"page-{number:02d}.txt": page("Tide", f"Tide {number} was low. Nobody came.") for number in range(9)}
    return write(tmp_path / "pages", {**different, "b.txt": page("One", PROSE), "z.txt": page("Other", PROSE)})


def noted(out: Path) -> list[Bodies]:
    """Return what is noted of the articles files of an output, in row order."""
    known = read_bodies(out)
    return [known[entry.sha256] for entry in open_snapshot(out).manifest.of_table("articles")]


def test_what_is_noted_is_what_the_files_hold(pages: Path, out: Path) -> None:
    clean(pages, out)
    snapshot = open_snapshot(out)
    tables = [pq.read_table(path) for path in snapshot.files("articles")]
    assert noted(out) == [Bodies.of(table) for table in tables]
    assert len(read_bodies(out)) == len(tables)
    assert sum(len(bodies.beginnings()) for bodies in noted(out)) == len(rows(out)["articles"])
    assert [bodies.marked for bodies in noted(out)].count(True) == 1


def test_neither_files_that_stay_nor_new_ones_are_opened_for_their_bodies_unless_one_may_stand_twice(
    pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(pages, {"z.txt": page("Other", "Another tide. It was low.")})
    clean(pages, out)
    opened: list[Path] = []

    def reading(path: Path, columns: Sequence[str], *, use_threads: bool = True) -> pa.Table:
        opened.append(path)
        return read_file(path, columns, use_threads=use_threads)

    monkeypatch.setattr("pipeline.store.duplicates.read_file", reading)
    write(pages, {"z.txt": page("Other", "And one more tide. It was high.")})
    clean(pages, out)
    assert opened == []
    write(pages, {"z.txt": page("Other", PROSE)})
    clean(pages, out)
    assert len(opened) == 2


@pytest.mark.parametrize("damage", ["gone", "cut", "flipped", "folder", "pipe", "sealed"])
def test_a_note_that_is_worth_nothing_costs_reading_the_files(
    pages: Path, out: Path, tmp_path: Path, damage: str
) -> None:
    clean(pages, out)
    note = out / NAME
    raw = note.read_bytes()
    note.unlink()
    if damage == "cut":
        note.write_bytes(raw[:-1])
    elif damage == "flipped":
        note.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    elif damage == "folder":
        note.mkdir()
    elif damage == "pipe":
        os.mkfifo(note)
    elif damage == "sealed":  # whole, and no note
        body = b"descrape.bodies 1\n\xc1"
        note.write_bytes(hashlib.sha256(body).digest() + body)
    write(pages, {"a.txt": page("First", PROSE)})
    clean(pages, out)
    clean(pages, tmp_path / "anew")
    assert rows(out) == rows(tmp_path / "anew")
    if damage != "folder":
        assert noted(out) == noted(tmp_path / "anew")


def test_a_note_is_read_as_it_was_written(tmp_path: Path) -> None:
    known = {"0f" * 32: Bodies(bytes(range(16)), marked=True), "f0" * 32: Bodies(b"", marked=False)}
    write_bodies(tmp_path, tmp_path, known)
    assert read_bodies(tmp_path) == known
