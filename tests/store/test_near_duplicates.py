"""Articles that are much like an earlier one are listed when that is asked for, and only then."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline import open_snapshot
from pipeline.diff import diff
from pipeline.errors import SnapshotError, UsageError
from pipeline.job import Options, Outcome, replay, run
from pipeline.model import doc_id
from pipeline.schema import NEAR_DUPLICATES, TABLES
from pipeline.store.gc import collect
from pipeline.store.near_duplicates import shingles, similarity
from pipeline.verify import verify
from tests.corpus import PAGES, clean, descrape, small_shards, write

for package in ("numpy", "rensa"):
    pytest.importorskip(package, reason="the extra 'near-duplicates' is not installed")

WORDS = "harbour fog boat captain rope lamp quay tide ferry pier storm sail anchor crew cargo bell".split()  # noqa: SIM905 - as it is read


def prose(seed: int, words: int = 120) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - the same words every time, not a secret
    return [f"{chance.choice(WORDS)}{chance.randrange(50)}" for _ in range(words)]


def text(words: list[str]) -> bytes:
    return (" ".join(words) + ".\n").encode()


def changed(words: list[str], *places: int) -> list[str]:
    """Return words of which some are others."""
    return ["other" if place in places else word for place, word in enumerate(words)]


def corpus() -> dict[str, bytes]:
    """Return pages: one, the same with a word changed, the same with a tenth changed, the same again, and others."""
    one = prose(1)
    return {
        "a.txt": text(one),
        "b.txt": text(changed(one, 60)),
        "c.txt": text(changed(one, *range(0, 120, 10))),
        "d.txt": text(one),
        "e.txt": text(prose(2)),
        "f.txt": b"Short.\n",
        "g.txt": b"Short\n",
        "h.txt": b"short.\n",
    }


def found(pages: Path, out: Path, threshold: float, **more: Any) -> Outcome:  # noqa: ANN401 - options of a run
    return run([str(pages)], out, Options(near_duplicates=threshold, **more))


def listed(out: Path) -> dict[str, tuple[str, float]]:
    """Return what the table says, by the names of the pages."""
    names = {doc_id(entry.uri): entry.uri for entry in open_snapshot(out).manifest.inputs}
    rows = open_snapshot(out).arrow("near_duplicates").to_pylist()
    return {names[row["doc_id"]]: (names[row["near_doc_id"]], row["similarity"]) for row in rows}


def test_each_is_listed_with_the_earlier_one_it_is_most_like_and_what_was_measured(tmp_path: Path) -> None:
    pages, out = write(tmp_path / "pages", corpus()), tmp_path / "out"
    outcome = found(pages, out, 0.5)
    bodies = {uri: shingles(raw.decode().strip()) for uri, raw in corpus().items()}
    assert listed(out) == {
        "b.txt": ("a.txt", similarity(bodies["a.txt"], bodies["b.txt"])),
        "c.txt": ("b.txt", similarity(bodies["b.txt"], bodies["c.txt"])),
        "h.txt": ("f.txt", 1.0),
    }
    assert outcome.counts["near_duplicates"] == 3
    assert verify(open_snapshot(out), full=True).breaches == ()
    files = list((out / "current" / "near_duplicates").iterdir())
    assert [path.suffix for path in files] == [".parquet"]


def test_the_threshold_decides(tmp_path: Path) -> None:
    pages, out = write(tmp_path / "pages", corpus()), tmp_path / "out"
    found(pages, out, 0.9)
    assert listed(out).keys() == {"b.txt", "h.txt"}
    assert found(pages, out, 0.9).status == "unchanged"
    assert found(pages, out, 0.5).status == "committed"
    assert listed(out).keys() == {"b.txt", "c.txt", "h.txt"}
    assert diff(open_snapshot(out, "v000001"), open_snapshot(out)).tables["near_duplicates"].added == 1


def test_every_pair_above_the_threshold_is_found_and_none_below(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - the same pages every time, not a secret
    pages: dict[str, bytes] = {}
    for number in range(40):
        one = prose(number + 100)
        pages[f"{number:02d}.txt"] = text(one)
        pages[f"{number:02d}x.txt"] = text(changed(one, *chance.sample(range(120), number % 12)))
    found(write(tmp_path / "pages", pages), tmp_path / "out", 0.7)
    bodies = {uri: shingles(raw.decode().strip()) for uri, raw in pages.items()}
    wanted = {}
    for number in range(40):
        alike = similarity(bodies[f"{number:02d}.txt"], bodies[f"{number:02d}x.txt"])
        if 0.7 <= alike < 1:
            wanted[f"{number:02d}x.txt"] = (f"{number:02d}.txt", alike)
    assert len(wanted) > 10
    assert listed(tmp_path / "out") == wanted


def test_without_the_option_there_is_no_such_table(tmp_path: Path) -> None:
    pages, out = write(tmp_path / "pages", corpus()), tmp_path / "out"
    clean(pages, out)
    assert sorted(path.name for path in (out / "current/").iterdir() if path.is_dir()) == sorted(TABLES)
    with pytest.raises(SnapshotError, match="no table 'near_duplicates'"):
        open_snapshot(out).arrow("near_duplicates")
    found(pages, out, 0.9)
    assert clean(pages, out).status == "committed"
    assert not (out / "current" / "near_duplicates").exists()
    assert collect(out, keep=1).removed == ("v000001", "v000002")


def test_there_is_one_also_where_nothing_is_alike(tmp_path: Path) -> None:
    out = tmp_path / "out"
    found(write(tmp_path / "pages", {"a.txt": b"One page. It is short.\n"}), out, 0.9)
    assert listed(out) == {}
    (path,) = open_snapshot(out).files("near_duplicates")
    assert path.is_file()
    assert open_snapshot(out).arrow("near_duplicates").schema.names == [each.name for each in NEAR_DUPLICATES.columns]
    (tmp_path / "pages/a.txt").write_bytes(b" \n")
    found(tmp_path / "pages", out, 0.9)
    assert listed(out) == {}


@pytest.mark.parametrize("workers", [1, 3])
def test_neither_the_workers_nor_the_way_there_change_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    small_shards(monkeypatch)
    pages, out, anew = (tmp_path / name for name in ("pages", "out", "anew"))
    write(pages, {uri: raw for uri, raw in corpus().items() if uri != "a.txt"})
    found(pages, out, 0.5, workers=workers)
    assert "c.txt" in listed(out)
    write(pages, corpus() | {"e.txt": text(changed(prose(1), 3))})
    found(pages, out, 0.5, workers=workers)
    found(pages, anew, 0.5)
    assert listed(out) == listed(anew)
    assert "e.txt" in listed(out)


def test_a_replay_asks_for_what_the_snapshot_was_asked_for(tmp_path: Path) -> None:
    pages, out = write(tmp_path / "pages", {**PAGES, **corpus()}), tmp_path / "out"
    found(pages, out, 0.5)
    assert replay(out).status == "unchanged"
    assert open_snapshot(out).manifest.near_duplicates == 0.5


def test_the_command_makes_it_and_explains_it(tmp_path: Path) -> None:
    pages, out = write(tmp_path / "pages", corpus()), tmp_path / "out"
    assert descrape("run", pages, "--out", out, "--near-duplicates", "0.5").returncode == 0
    assert "b.txt" in listed(out)
    assert "similarity" in descrape("schema", "near_duplicates").stdout
    assert descrape("run", pages, "--out", out, "--near-duplicates", "0.5", "--dry-run").returncode == 2


def test_without_the_extra_the_error_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rensa", None)
    with pytest.raises(UsageError, match=r"descrape\[near-duplicates\]"):
        found(write(tmp_path / "pages"), tmp_path / "out", 0.5)
    assert not (tmp_path / "out").exists()
