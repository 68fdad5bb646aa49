"""The page of a snapshot counts what the tables hold, shows every kind of cut, and stays small."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline import open_snapshot
from pipeline.errors import DescrapeError
from pipeline.report import render, write
from pipeline.report.charts import Branch, flow, timeline
from pipeline.report.figures import gather
from pipeline.report.gallery import OF_ONE, sample
from pipeline.store.manifest import SLOWEST
from pipeline.store.snapshot import Snapshot
from tests.corpus import PAGES, PATIENCE, REJECTED, clean, dump, many, page, rows, small_shards
from tests.corpus import write as write_pages
from tests.tampering import rewrite, where


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    root = tmp_path_factory.mktemp("report")
    clean(write_pages(root / "pages"), root / "clean")
    return open_snapshot(root / "clean")


class Elements(HTMLParser):
    """Collects the elements of a page, their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.classes: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            self.attributes.add(name)
            if name == "class":
                self.classes.update((value or "").split())
            if name in {"href", "src"}:
                self.links.append(value or "")


# ------------------------------------------------------------------------------------------------ figures


def test_the_figures_are_those_of_the_tables(snapshot: Snapshot) -> None:
    tables, figures = rows(snapshot), gather(snapshot)
    articles, artifacts = tables["articles"], tables["artifacts"]
    assert figures.articles.rows == len(articles)
    assert figures.articles.words == sum(row["n_words"] for row in articles)
    assert figures.articles.statuses == Counter(row["dateline_status"] for row in articles)
    assert figures.articles.undated == sum(row["published_local"] is None for row in articles)
    assert sum(figures.articles.days.values()) + figures.articles.undated == len(articles)
    assert figures.articles.warnings == Counter(code.split(":")[0] for row in articles for code in row["warnings"])
    assert figures.artifacts.rows == Counter((row["family"], row["rule"], row["status"]) for row in artifacts)
    cut = {row["doc_id"] for row in artifacts if row["status"] != "kept"}
    assert figures.artifacts.documents_cut == len(cut)
    assert figures.artifacts.kept == 1
    assert figures.recovery == Counter(row["recovery"] for row in tables["related_items"])
    assert {group.code: group.count for group in figures.rejects} == Counter(REJECTED.values())
    assert sum(figures.roles.values()) == figures.articles.size == sum(row["raw_size"] for row in articles)
    assert figures.roles["artifact"] == figures.artifacts.cut_bytes


def test_a_document_counts_once_wherever_a_batch_ends(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = gather(snapshot)
    monkeypatch.setattr("pipeline.store.snapshot.BATCH_ROWS", 1)
    assert gather(snapshot) == whole


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    clean(write_pages(tmp_path / "pages"), tmp_path / "clean")
    damaged = open_snapshot(tmp_path / "clean")
    damaged.files("ledger")[0].write_bytes(b"PAR1")
    with pytest.raises(DescrapeError, match="ledger"):
        render(damaged)


# ------------------------------------------------------------------------------------------------ gallery


def test_a_cut_is_shown_between_its_raw_context_and_what_a_reader_meets(snapshot: Snapshot) -> None:
    cuts = {cut.where: cut for cut in sample(snapshot, 100)}
    ferry = cuts["harbour/ferry.txt"]
    assert PAGES["harbour/ferry.txt"].decode().endswith(ferry.before[1:] + ferry.head + ferry.behind)
    assert ferry.left_out == 0
    assert ferry.after is not None
    assert ferry.after[0].endswith("“It was the fog,” the captain said.\n\nS/SH 11")
    assert ferry.after[1] == ""
    guide = cuts["town/guide.txt"]
    assert (guide.status, guide.after) == ("kept", None)
    assert guide.reason


def test_what_stood_around_a_cut_in_mid_sentence_is_joined_as_in_the_body(tmp_path: Path) -> None:
    raw = page("Sums", f"Before it {dump('x' * 3000).decode().strip()} and behind it.")
    clean(write_pages(tmp_path / "pages", {"a.txt": raw}), tmp_path / "clean")
    snapshot = open_snapshot(tmp_path / "clean")
    (cut,) = sample(snapshot, 10)
    (article,) = rows(snapshot)["articles"]
    assert cut.after is not None
    assert cut.after[0].endswith("Before it")
    assert "".join(cut.after).endswith(article["body"])
    assert cut.left_out == cut.stop - cut.start - len(cut.head) - len(cut.tail)


def test_every_kind_is_drawn_and_no_document_fills_the_gallery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_shards(monkeypatch)
    pages = {
        **PAGES,
        **many(60),
        "loud.txt": page("Loud", "It is loud.", foot=b"\n".join(dump(f"n{n}") for n in range(99))),
    }
    clean(write_pages(tmp_path / "pages", pages), tmp_path / "clean")
    snapshot = open_snapshot(tmp_path / "clean")
    kinds = set(gather(snapshot).artifacts.rows)
    cuts = sample(snapshot, 10)
    assert len(cuts) == 10
    assert {(cut.family, cut.rule, cut.status) for cut in cuts} == kinds
    every = sample(snapshot, 1000)
    assert Counter(cut.where for cut in every)["loud.txt"] == OF_ONE
    assert len({cut.doc_id for cut in every}) == len({row["doc_id"] for row in rows(snapshot)["artifacts"]})


def test_the_gallery_is_cut_into_pages_and_never_longer_than_asked(tmp_path: Path) -> None:
    pages = many(690)
    clean(write_pages(tmp_path / "pages", pages), tmp_path / "clean")
    snapshot = open_snapshot(tmp_path / "clean")
    full = Elements(render(snapshot, cuts=1000))
    assert (full.tags["details"], full.classes["cut"]) == (2, 230)
    few = render(snapshot, cuts=20)
    assert Elements(few).classes["cut"] == 20
    assert "20 of 230 artifacts" in few
    assert Elements(render(snapshot, cuts=0)).classes["cut"] == 0


# ------------------------------------------------------------------------------------------------ the page


def test_the_page_loads_nothing_runs_nothing_and_styles_nothing_inline(snapshot: Snapshot) -> None:
    text = render(snapshot)
    found = Elements(text)
    assert {"script", "link", "img", "iframe", "object", "form"} & found.tags.keys() == set()
    assert not any(name.startswith("on") or name == "style" for name in found.attributes)
    assert all(link.startswith("#") for link in found.links)
    policy = text.split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]
    assert policy.startswith("default-src &#39;none&#39;; style-src &#39;sha256-")
    assert text.index("Content-Security-Policy") < text.index("<style>")
    assert "http://" not in text
    assert "https://" not in text


def test_the_same_snapshot_gives_the_same_page(snapshot: Snapshot) -> None:
    assert render(snapshot) == render(Snapshot(snapshot.path))


def test_what_a_table_holds_is_escaped(tmp_path: Path) -> None:
    clean(write_pages(tmp_path / "pages"), tmp_path / "clean")
    snapshot = open_snapshot(tmp_path / "clean")
    # No page can bring these about, but a table from elsewhere can.
    rewrite(snapshot, "artifacts", where({}, family="<b>f</b>", rule="r&\u202e", reason="</p><script>"))
    text = render(snapshot)
    assert "<b>f</b>" not in text
    assert "&lt;b&gt;f&lt;/b&gt;" in text
    assert "<script" not in text
    assert "r&amp;\\u202e" in text


def test_the_page_tells_what_changed(tmp_path: Path) -> None:
    pages, out = tmp_path / "pages", tmp_path / "clean"
    clean(write_pages(pages), out)
    (pages / "town/plain.txt").write_bytes(b"Snow fell on the town all day. Nobody minded.\n")
    (pages / "new.txt").write_bytes(PAGES["lamps.txt"])
    clean(pages, out)
    now, before = open_snapshot(out), open_snapshot(out, "v000001")
    text = render(now, before)
    assert "What changed since v000001" in text
    assert "1 came, 0 went, 1 changed" in text
    assert "<code>body</code> 1" in text
    assert "What changed" not in render(now)


def test_too_much_change_is_told_by_counts_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages, out = tmp_path / "pages", tmp_path / "clean"
    clean(write_pages(pages), out)
    (pages / "town/plain.txt").write_bytes(b"Snow fell on the town all day.\n")
    clean(pages, out)
    monkeypatch.setattr("pipeline.report.changes.MOST_BYTES", 10)
    assert "Too much differs" in render(open_snapshot(out), open_snapshot(out, "v000001"))


def test_a_snapshot_of_nothing_has_a_page(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    clean(tmp_path / "pages", tmp_path / "clean")
    text = render(open_snapshot(tmp_path / "clean"))
    assert "What came of 0 pages" in text
    assert "Nothing to show" in text


def test_the_slowest_documents_of_the_run_are_named(tmp_path: Path) -> None:
    pages, out = tmp_path / "pages", tmp_path / "clean"
    clean(write_pages(pages, many(40)), out)
    slowest = open_snapshot(out).manifest.slowest
    assert len(slowest) == SLOWEST
    assert [entry.seconds for entry in slowest] == sorted((entry.seconds for entry in slowest), reverse=True)
    assert {entry.uri: entry.size for entry in slowest}.items() <= {
        uri: len(raw) for uri, raw in many(40).items()
    }.items()
    assert slowest[0].uri in render(open_snapshot(out))
    # Rows that are carried over took no time in the next run.
    (pages / "0/0000.txt").write_bytes(b"Another text.\n")
    clean(pages, out)
    assert [entry.uri for entry in open_snapshot(out).manifest.slowest] == ["0/0000.txt"]


def test_the_file_is_written_whole_or_not_at_all(snapshot: Snapshot, tmp_path: Path) -> None:
    size = write(snapshot, tmp_path / "report.html")
    assert size == (tmp_path / "report.html").stat().st_size
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    with pytest.raises(DescrapeError, match="cannot be written"):
        write(snapshot, tmp_path / "nowhere" / "report.html")


# ------------------------------------------------------------------------------------------------ drawings


def test_what_is_no_file_of_its_own_is_written_to_and_stays(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "link.html").symlink_to(tmp_path / "page.html")
    length = write(snapshot, tmp_path / "link.html")
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "page.html").stat().st_size == length
    os.mkfifo(tmp_path / "pipe")
    with ThreadPoolExecutor() as other:
        told = other.submit((tmp_path / "pipe").read_bytes)
        assert write(snapshot, tmp_path / "pipe") == len(told.result(timeout=PATIENCE))
    assert (tmp_path / "pipe").is_fifo()


def test_a_year_that_is_a_slip_of_the_pen_does_not_flatten_the_timeline() -> None:
    days = {date(2016, 3, 1) + timedelta(number): 10 for number in range(30)} | {date(1016, 3, 1): 1}
    drawn = timeline(days)
    assert drawn is not None
    assert (drawn.unit, drawn.outside, drawn.first.year) == ("day", 1, 2016)
    long = timeline({date(2010, 1, 1) + timedelta(number): 1 for number in range(3000)})
    assert long is not None
    assert (long.unit, long.outside, long.drawing.count("<rect")) == ("33 days", 0, 91)
    assert timeline({}) is None


def test_the_bands_of_a_flow_are_as_wide_as_their_shares() -> None:
    drawn = flow(100, [Branch("a", 75, "text"), Branch("b<", 25, "reject"), Branch("none", 0, "text")])
    assert drawn.count("<path") == 2
    assert "b&lt;" in drawn
    assert flow(0, []).count("<path") == 0
