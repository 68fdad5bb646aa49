from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import open_snapshot
from pipeline.diff import KEYS, Difference, TableDifference, diff
from pipeline.schema import EVERY_TABLE, TABLES
from tests.corpus import ITEMS, clean, descrape, dump, page, small_shards, write

SAME = TableDifference()


@pytest.fixture(autouse=True)
def several_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a handful of shards of the invented pages."""
    small_shards(monkeypatch)


@pytest.fixture
def out(tmp_path: Path, pages: Path) -> Path:
    """Return an output with one snapshot of the invented pages."""
    clean(pages, tmp_path / "clean")
    return tmp_path / "clean"


def between(out: Path, old: str = "v000001", new: str = "v000002") -> Difference:
    return diff(open_snapshot(out, old), open_snapshot(out, new))


def test_every_table_has_a_key_that_is_unique(out: Path) -> None:
    assert KEYS.keys() == EVERY_TABLE.keys()
    for table, key in KEYS.items():
        if table not in open_snapshot(out).tables:
            continue  # made when it is asked for, and unique by how it is made
        rows = open_snapshot(out).arrow(table, key).to_pylist()
        assert len({tuple(row.values()) for row in rows}) == len(rows)


def test_a_snapshot_does_not_differ_from_itself_nor_from_a_rebuild(pages: Path, out: Path) -> None:
    assert between(out, new="v000001") == Difference(dict.fromkeys(TABLES, SAME), (), (), ())
    clean(pages, out, rebuild=True)
    assert between(out) == Difference(dict.fromkeys(TABLES, SAME), (), (), ())


def test_a_page_that_came(pages: Path, out: Path) -> None:
    write(pages, {"new.txt": page("New Pier", "The pier is new.", foot=dump(ITEMS))})
    clean(pages, out)
    found = between(out)
    assert (found.added, found.removed, found.changed) == (("new.txt",), (), ())
    assert found.tables["articles"] == TableDifference(added=1)
    assert found.tables["related_items"] == TableDifference(added=2)
    assert found.tables["artifacts"] == TableDifference(added=1)
    assert found.tables["rejects"] == SAME


def test_a_page_that_went(pages: Path, out: Path) -> None:
    (pages / "lamps.txt").unlink()
    clean(pages, out, prune=True)
    found = between(out)
    assert (found.added, found.removed, found.changed) == ((), ("lamps.txt",), ())
    assert found.tables["articles"] == TableDifference(removed=1)
    assert between(out, "v000002", "v000001").tables["articles"] == TableDifference(added=1)


def test_a_page_that_changed_and_in_which_columns(pages: Path, out: Path) -> None:
    write(pages, {"town/plain.txt": b"Snow fell on the town all day. Nobody minded.\n"})
    clean(pages, out)
    found = between(out)
    assert (found.added, found.removed, found.changed) == ((), (), ("town/plain.txt",))
    assert found.tables["articles"] == TableDifference(
        changed=1, columns={"body": 1, "body_sha256": 1, "raw_sha256": 1}
    )
    assert found.tables["ledger"] == SAME


def test_lists_and_nulls_are_compared_as_well(pages: Path, out: Path) -> None:
    write(pages, {"lamps.txt": page("VIDEO: Lamps", "Nine lamps were lit.").replace(b"11:00:38", b"11:00:99")})
    clean(pages, out)
    columns = between(out).tables["articles"].columns
    assert {"title", "title_flags", "published_local", "dateline_status", "n_artifacts"} <= columns.keys()
    assert "headline" not in columns


def test_a_reject_that_became_an_article(pages: Path, out: Path) -> None:
    write(pages, {"noise.txt": "Der Müller schläft nicht mehr.\n".encode()})
    clean(pages, out)
    tables = between(out).tables
    assert (tables["articles"], tables["rejects"]) == (TableDifference(added=1), TableDifference(removed=1))


def test_the_command_compares_the_current_snapshot_with_the_one_before(pages: Path, out: Path) -> None:
    write(pages, {"town/plain.txt": b"Snow fell on the town all day. Nobody minded.\n"})
    clean(pages, out)
    done = descrape("diff", out, "--inputs")
    assert (done.returncode, done.stderr) == (0, "")
    assert "v000001 -> v000002" in done.stdout
    assert "articles: 0 added, 0 removed, 1 changed" in done.stdout
    assert "~ town/plain.txt" in done.stdout
    told = json.loads(descrape("diff", out, "v000001", "v000002", "--json").stdout)
    assert told["tables"]["articles"]["columns"] == {"body": 1, "body_sha256": 1, "raw_sha256": 1}
    assert told["inputs"]["changed"] == ["town/plain.txt"]


def test_the_first_snapshot_has_no_predecessor(pages: Path, out: Path) -> None:
    done = descrape("diff", out)
    assert done.returncode == 2
    assert f"v000001 is the only snapshot of {out}" in done.stderr
    assert "the next run that finds something new makes another" in done.stderr
    write(pages, {"town/plain.txt": b"Snow fell on the town all day. Nobody minded.\n"})
    clean(pages, out)
    (out / "current").unlink()
    (out / "current").symlink_to("snapshots/v000001")
    done = descrape("diff", out)
    assert done.returncode == 2
    assert "v000001 followed no other snapshot; there are v000001, v000002; name the two to compare" in done.stderr
    assert descrape("diff", out, "v000001", "v000009").returncode == 2
