"""Lines that a source's pages share are cut at head and foot, when a profile says so, and the ledger holds them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import open_snapshot
from pipeline.boilerplate import FOOT_LINES, HEAD_LINES, Counting, Repeated, candidates, places, total
from pipeline.dates.evidence import Facts, Gathering, Verdict, added
from pipeline.errors import ConfigurationError
from pipeline.job import Options, Outcome, run
from pipeline.model import Document, Record
from pipeline.profiles import ProfileSource, load_sources
from pipeline.stages import Cleaner
from pipeline.store.restore import restore
from pipeline.verify import verify
from tests.corpus import small_shards

CheckLaws = Callable[[Cleaner, Record], Document | None]

MENU, SHARE, IMPRINT = "Home | News | Ferries", "Share on the pier", "All rights with the Quay Courier"
CONFIRMED = f'name = "quay"\narticle.boilerplate = ["{MENU}", "{SHARE}", "{IMPRINT}"]\n'


def cleaner(profile: str = CONFIRMED) -> Cleaner:
    return Cleaner(load_sources([ProfileSource("quay.toml", profile)]))


def clean(text: str, profile: str = CONFIRMED) -> Document:
    return cleaner(profile).clean(Record("quay/a.txt", 0, text.encode()))


def told_by(text: str, profile: str) -> tuple[str, Facts]:
    """Return the source of a page, and what the page tells of it."""
    cleaning = cleaner(profile)
    opened = cleaning.open(Record("quay/a.txt", 0, text.encode()))
    return opened.source, cleaning.facts(opened)


def cut(document: Document) -> list[bytes]:
    """Return what was cut as boilerplate, as the ledger holds it."""
    return [edit.raw or b"" for edit in document.article.edits if edit.role == "boilerplate"]


PAGE = f"""{MENU}

Ferry Back in Harbour

{SHARE}

Sun Mar 27, 2016 11:55:38

The ferry came back. Nobody had missed it.

It will sail again on Monday.

R/TO 11

{SHARE}
{IMPRINT}
"""


def test_confirmed_lines_are_cut_from_head_and_foot_and_what_they_hid_is_found() -> None:
    found = clean(PAGE)
    assert cut(found) == [line.encode() for line in (MENU, SHARE, SHARE, IMPRINT)]
    assert (found.article.title, found.article.sign_off) == ("Ferry Back in Harbour", "R/TO 11")
    assert found.article.dateline_raw == "Sun Mar 27, 2016 11:55:38"
    assert found.article.body == "The ferry came back. Nobody had missed it.\n\nIt will sail again on Monday."


def test_without_a_profile_that_says_so_nothing_of_it_is_cut() -> None:
    found = clean(PAGE, 'name = "quay"\n')
    assert cut(found) == []
    assert IMPRINT in found.article.body


def test_a_line_is_compared_as_a_whole_and_white_space_does_not_count() -> None:
    found = clean(f"Home |\u00a0News  |  Ferries\n\n{SHARE} and share again. It rained.\n\nIt rained on.\n")
    assert cut(found) == ["Home |\u00a0News  |  Ferries".encode()]
    assert found.article.body.startswith(SHARE)


def test_a_line_in_the_midst_of_the_prose_stays() -> None:
    prose = [f"On day {number} it rained." for number in range(HEAD_LINES + FOOT_LINES)]
    text = "\n\n".join([MENU, *prose[:HEAD_LINES], MENU, *prose[HEAD_LINES:], MENU])
    found = clean(text)
    assert len(cut(found)) == 2
    assert found.article.body == text.removeprefix(f"{MENU}\n\n").removesuffix(f"\n\n{MENU}")


def test_a_page_of_nothing_else_keeps_it() -> None:
    found = clean(f"{MENU}\n{SHARE}\n")
    assert (cut(found), found.article.body) == ([], f"{MENU}\n{SHARE}")


def test_paragraphs_stay_apart_where_a_line_between_them_goes() -> None:
    assert clean(f"It rained.\n\n{SHARE}\nIt rained on.").article.body == "It rained.\n\nIt rained on."
    assert clean(f"It rained,\n{SHARE}\nand rained\n\non.").article.body == "It rained,\nand rained\n\non."


def test_what_a_cut_would_bring_together_to_a_leak_is_left_alone(check_laws: CheckLaws) -> None:
    page = f'It rained.\n\narray(1) {{\n{SHARE}\n  [0]=>\n  string(4) "rain"\n}}\n'
    found = check_laws(cleaner(), Record("quay/a.txt", 0, page.encode()))
    assert found is not None
    assert found.warnings == ("cut_would_make_a_new_artifact",)
    assert SHARE in found.article.body


LINES = st.sampled_from(
    [
        MENU, SHARE, IMPRINT, f" {MENU}\t", "", "Ferry Back in Harbour", "Sun Mar 27, 2016 11:55:38", "R/TO 11",
        "It rained. Nobody came.", "and rained on", "PARIS, March 27 (AP) — Rain.", f"PARIS, March 27 (AP) — {MENU}",
        'string(4) "rain"', f'{MENU} string(4) "rain"', 'string(4) "', "array(1) {", "}",
    ]
)  # fmt: skip


@settings(max_examples=100)
@given(st.lists(LINES, max_size=40), st.sampled_from(["\n", "\n\n", "\r\n"]))
def test_the_laws_hold_with_boilerplate_anywhere(check_laws: CheckLaws, lines: Sequence[str], line_break: str) -> None:
    check_laws(cleaner(), Record("quay/a.txt", 0, line_break.join(lines).encode()))


@given(st.lists(st.sampled_from(["known", "other"]), max_size=80))
def test_what_is_left_begins_and_ends_with_other_lines(lines: Sequence[str]) -> None:
    taken = places(lines, {"known"}.__contains__)
    left = [line for place, line in enumerate(lines) if place not in taken]
    assert not places(left, {"known"}.__contains__)
    assert all(lines[place] == "known" for place in taken)


# ------------------------------------------------------------------------------------- what the pages themselves show

EVIDENCE = 'name = "quay"\narticle.boilerplate_percent = 60\n'


def corpus(folder: Path, shared: int, alone: int) -> Path:
    """Write so many pages with the lines of the source, and so many without them."""
    for number in range(shared + alone):
        path = folder / "quay" / f"{number:02d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = f"Ferry {number} Back\n\n{number % 28 + 1} March 2016\n\nFerry number {number} came back. It rained.\n"
        path.write_text(f"{MENU}\n\n{text}\n\n{IMPRINT}\n" if number < shared else text, "utf-8")
    return folder


def clean_into(out: Path, source: Path, *, workers: int = 1) -> Outcome:
    profile = source.parent / "quay.toml"
    profile.write_text(EVIDENCE, "utf-8")
    return run([str(source)], out, Options(profiles=[str(profile)], workers=workers))


def tables(out: Path) -> dict[str, list[dict[str, Any]]]:
    snapshot = open_snapshot(out)
    return {name: snapshot.arrow(name).to_pylist() for name in ("articles", "ledger")}


def decided(out: Path) -> tuple[str, ...]:
    return open_snapshot(out).manifest.evidence["quay quay"].decided.boilerplate


def test_lines_on_enough_pages_are_cut_and_the_manifest_says_why(tmp_path: Path) -> None:
    source, out = corpus(tmp_path / "in", shared=7, alone=4), tmp_path / "out"
    clean_into(out, source)
    told = open_snapshot(out).manifest.evidence["quay quay"]
    assert told.decided.boilerplate == (IMPRINT, MENU)
    assert told.seen.repeated == Repeated(60, 11, {IMPRINT: 7, MENU: 7})
    raws = [row["raw"] for row in tables(out)["ledger"] if row["role"] == "boilerplate"]
    assert raws == [MENU.encode(), IMPRINT.encode()] * 7
    assert not any(MENU in row["body"] or IMPRINT in row["body"] for row in tables(out)["articles"])
    assert not verify(open_snapshot(out), full=True).breaches
    restore(open_snapshot(out), tmp_path / "again")
    for path in source.rglob("*.txt"):
        assert (tmp_path / "again" / path.relative_to(source)).read_bytes() == path.read_bytes()


@pytest.mark.parametrize(("shared", "alone"), [(6, 5), (4, 0)])
def test_lines_on_too_few_pages_stay(tmp_path: Path, shared: int, alone: int) -> None:
    clean_into(tmp_path / "out", corpus(tmp_path / "in", shared, alone))
    assert decided(tmp_path / "out") == ()
    assert {row["role"] for row in tables(tmp_path / "out")["ledger"]} >= {"title", "dateline"}
    assert "boilerplate" not in {row["role"] for row in tables(tmp_path / "out")["ledger"]}


def test_neither_workers_nor_the_order_of_runs_change_what_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_shards(monkeypatch, mean=8)
    source = corpus(tmp_path / "in", shared=20, alone=14)
    clean_into(tmp_path / "grown", source)
    assert decided(tmp_path / "grown") == ()
    for number in range(20, 26):
        path = source / "quay" / f"{number:02d}.txt"
        path.write_text(f"{MENU}\n\n{path.read_text('utf-8')}\n\n{IMPRINT}\n", "utf-8")
    for name, workers in (("grown", 1), ("alone", 1), ("together", 2)):
        assert clean_into(tmp_path / name, source, workers=workers).status == "committed"
    assert len(open_snapshot(tmp_path / "alone").manifest.shards) > 2
    assert decided(tmp_path / "alone") == (IMPRINT, MENU)
    evidence = [open_snapshot(tmp_path / name).manifest.evidence for name in ("grown", "alone", "together")]
    assert evidence[0] == evidence[1] == evidence[2]
    assert tables(tmp_path / "grown") == tables(tmp_path / "alone") == tables(tmp_path / "together")
    assert clean_into(tmp_path / "grown", source).status == "unchanged"


def test_a_shard_keeps_what_stands_on_two_pages_and_on_one_of_twenty() -> None:
    seen = Repeated(50, 60, {"often": 50, "enough": 3, "rare": 2, "once": 1})
    assert seen.thinned().lines == {"often": 50, "enough": 3}
    assert Repeated(50, 3, {"twice": 2, "once": 1}).thinned().lines == {"twice": 2}
    many = Repeated(50, 9, {f"line {number:03d}": 9 for number in range(200)})
    assert len(many.thinned().lines) == 64
    told = Gathering()
    told.add("s", Facts(60, repeated=seen))
    assert told.of_shard()["s"].repeated == seen.thinned()


def test_a_shard_of_any_size_holds_few_lines_and_knows_the_frequent_ones() -> None:
    counting = Counting(most=8)
    for page in range(100):
        counting.add(Repeated(50, 1, {"often": 1, **{f"line {number} of page {page}": 1 for number in range(5)}}))
        assert len(counting.lines) <= 8
    assert counting.total().pages == 100
    assert counting.total().lines["often"] == 100


def test_facts_of_lines_add_up_in_any_order() -> None:
    parts = [Repeated(50, 1, {"a": 1}), Repeated(50, 2, {"a": 2, "b": 1}), Repeated(50, 1, {})]
    assert total(parts) == total(reversed(parts)) == Repeated(50, 4, {"a": 3, "b": 1})
    told = [{"s": Facts(part.pages, repeated=part)} for part in parts]
    assert added(told)["s"] == Facts(4, repeated=total(parts)) == Facts().plus(added(told)["s"])


def test_timestamps_and_editors_marks_are_never_counted() -> None:
    source, told = told_by(PAGE, EVIDENCE)
    assert source == "quay quay"
    assert set(told.repeated.lines) >= {MENU, SHARE, IMPRINT, "Ferry Back in Harbour"}
    assert not {"Sun Mar 27, 2016 11:55:38", "R/TO 11"} & set(told.repeated.lines)


def test_leaks_and_long_lines_are_never_counted() -> None:
    page = f'{"It rained and rained. " * 20}\n\n{MENU}\n\nstring(4) "rain"\n'
    _, told = told_by(page, EVIDENCE)
    assert told.repeated.lines == {MENU: 1}
    assert len(candidates([f"line {number}" for number in range(99)])) == HEAD_LINES + FOOT_LINES


def test_a_share_of_pages_that_proves_nothing_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"article\.boilerplate_percent"):
        cleaner('name = "quay"\narticle.boilerplate_percent = 9\n')


def test_a_source_without_the_setting_costs_and_decides_nothing() -> None:
    _, told = told_by(PAGE, CONFIRMED)
    assert told.repeated == Repeated()
    assert Verdict().boilerplate == ()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig"])
def test_boilerplate_of_a_page_in_another_encoding_gives_its_own_bytes_back(
    check_laws: CheckLaws, encoding: str
) -> None:
    found = check_laws(cleaner(), Record("quay/a.txt", 0, PAGE.encode(encoding)))
    assert found is not None
    taken = [raw.decode("utf-8" if encoding == "utf-8-sig" else found.encoding) for raw in cut(found)]
    assert taken == [MENU, SHARE, SHARE, IMPRINT]
    assert found.article.title == "Ferry Back in Harbour"


def test_a_line_is_compared_as_it_is_mended(check_laws: CheckLaws) -> None:
    profile = 'name = "quay"\narticle.boilerplate = ["Ferries & Fog"]\n'
    page = "Ferries &amp; Fog\n\nIt rained. Nobody came.\n\nIt rained on.\n"
    found = check_laws(cleaner(profile), Record("quay/a.txt", 0, page.encode()))
    assert found is not None
    assert b"".join(cut(found)) == b"Ferries &amp; Fog"
    assert found.article.body == "It rained. Nobody came.\n\nIt rained on."
