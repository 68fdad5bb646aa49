"""``duplicate_of`` names the first article with the same body, across shards, however the runs came about."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import open_snapshot
from pipeline.model import doc_id
from pipeline.verify import verify
from tests.corpus import clean, page, rows, write
from tests.tampering import rewrite

pytestmark = pytest.mark.usefixtures("several_shards")

PROSE = "The tide was high on Sunday. Nobody minded."


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a folder of pages, three of which have one body."""
    different = {f"page-{number:02d}.txt": page("Tide", f"Tide {number} was low. Nobody came.") for number in range(9)}
    same = {f"{name}.txt": page(f"Title {name}", PROSE) for name in ("b", "m", "z")}
    return write(
        tmp_path / "pages", {**different, **same, "only-a-title.txt": b'string(2) "ok"', "z2.txt": b'string(2) "ok"'}
    )


def marked(out: Path) -> dict[str, str]:
    """Return the articles that are duplicates, each with the first one."""
    return {row["source_uri"]: row["duplicate_of"] for row in rows(out)["articles"] if row["duplicate_of"]}


def test_later_articles_with_the_same_body_name_the_first(pages: Path, out: Path) -> None:
    clean(pages, out)
    assert marked(out) == {"m.txt": doc_id("b.txt"), "z.txt": doc_id("b.txt")}
    assert len({entry.shard for entry in open_snapshot(out).manifest.of_table("articles")}) > 2
    assert verify(open_snapshot(out), full=True).breaches == ()


def test_articles_without_a_body_are_no_duplicates(pages: Path, out: Path) -> None:
    clean(pages, out)
    empty = [row for row in rows(out)["articles"] if not row["body"]]
    assert len(empty) == 2
    assert [(row["body_sha256"], row["duplicate_of"]) for row in empty] == [(None, None)] * 2


@pytest.mark.parametrize("workers", [1, 2])
def test_a_second_run_marks_as_a_rebuild_does(pages: Path, out: Path, tmp_path: Path, workers: int) -> None:
    clean(pages, out)
    write(pages, {"a.txt": page("First of All", PROSE)})
    clean(pages, out, workers=workers)
    assert marked(out) == dict.fromkeys(["b.txt", "m.txt", "z.txt"], doc_id("a.txt"))
    clean(pages, tmp_path / "anew")
    assert rows(out) == rows(tmp_path / "anew")
    (pages / "a.txt").unlink()
    (pages / "m.txt").unlink()
    clean(pages, out, prune=True)
    assert marked(out) == {"z.txt": doc_id("b.txt")}
    assert verify(open_snapshot(out), full=True).breaches == ()


def test_the_snapshot_before_stays_as_it_was(pages: Path, out: Path) -> None:
    clean(pages, out)
    before = rows(open_snapshot(out, "v000001"))
    clean(write(pages, {"a.txt": page("First of All", PROSE)}), out)
    assert rows(open_snapshot(out, "v000001")) == before
    assert verify(open_snapshot(out, "v000001"), full=True).breaches == ()


def test_shards_whose_marks_still_hold_are_linked(pages: Path, out: Path) -> None:
    clean(pages, out)
    clean(write(pages, {"zz.txt": page("The Last", PROSE)}), out)
    first, second = (open_snapshot(out, version).manifest.of_table("articles") for version in ("v000001", "v000002"))
    assert {entry.sha256 for entry in first} & {entry.sha256 for entry in second}
    assert marked(out)["zz.txt"] == doc_id("b.txt")


def test_verify_finds_a_wrong_mark(pages: Path, out: Path) -> None:
    clean(pages, out)
    snapshot = open_snapshot(out)
    rewrite(snapshot, "articles", lambda articles: [row | {"duplicate_of": None} for row in articles])
    assert {(breach.law, breach.where) for breach in verify(snapshot).breaches} == {
        ("duplicates", "m.txt"),
        ("duplicates", "z.txt"),
    }
