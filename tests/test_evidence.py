"""What the pages of a source tell of each other: decided once for the corpus, the same however it is run."""

from __future__ import annotations

import json
import string
import sys
import unicodedata
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from pipeline import open_snapshot
from pipeline.dates.evidence import (
    FOOT_LINES,
    HEAD_LINES,
    NEAR_LONGEST,
    Facts,
    Tally,
    Verdict,
    added,
    facts,
    has_other_digits,
    source_key,
    verdict,
)
from pipeline.dates.normal import plain
from pipeline.dates.stamp import StampReader
from pipeline.inspect import View, as_lines
from pipeline.job import Options, run
from pipeline.log import RunLog
from pipeline.model import Record
from pipeline.profiles import load
from pipeline.stages import Cleaner
from pipeline.verify import verify
from tests.corpus import small_shards


def pages(folder: Path, **stamps: str) -> Path:
    """Write a page for each stamp, named by its keyword, in a folder of one source."""
    for name, stamp in stamps.items():
        path = folder / "site" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Pier {name}\n\n{stamp}\n\nThe pier is open. Nobody came, and it rained.\n", "utf-8")
    return folder


def row(out: Path, name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = open_snapshot(out).arrow("articles").to_pylist()
    return next(row for row in found if row["source_uri"].endswith(f"{name}.txt"))


def articles(out: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = open_snapshot(out).arrow("articles").to_pylist()
    return found


CLEAR = {"one": "13/03/2016", "two": "14/03/2016"}


@pytest.mark.parametrize("line", ["27/03/2016", "２７/０３/２０１６", "۲۷/۰۳/۲۰۱۶", "㉗/③/2016", "27/3/20¹⁶"])
@pytest.mark.parametrize("above", ["Rain", "Rain — “fog”"])
def test_a_clear_date_shows_its_order_whatever_its_digits_are_and_what_stands_beside_it(above: str, line: str) -> None:
    page = f"{above}\n{line}\nIt rained."
    assert facts(page.encode(), StampReader()).orders == {"DMY": Tally(1, ("2016-03-27",))}


def test_no_character_that_is_read_as_a_digit_is_passed_over() -> None:
    characters = map(chr, range(0x80, sys.maxunicode + 1))
    numbers = [character for character in characters if unicodedata.category(character).startswith(("N", "S"))]
    digits = [character for character in numbers if not set(string.digits).isdisjoint(plain(character))]
    assert len(digits) > 500
    assert all(has_other_digits(character.encode()) for character in digits)


def test_three_clear_days_decide_and_the_manifest_says_why(tmp_path: Path) -> None:
    source, out = pages(tmp_path / "in", **CLEAR, three="27/03/2016 10:15", open="03/04/2016"), tmp_path / "out"
    run([str(source)], out)
    assert (row(out, "open")["dateline_status"], row(out, "open")["published_local"]) == ("exact", datetime(2016, 4, 3))  # noqa: DTZ001 - wall clock
    told = open_snapshot(out).manifest.evidence["default site"]
    assert (told.decided, told.seen.documents) == (Verdict("DMY"), 4)
    assert told.seen.orders["DMY"] == Tally(3, ("2016-03-13", "2016-03-14", "2016-03-27"), 0, 0)
    assert not verify(open_snapshot(out), full=True).breaches


def spread(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write pages of one source, and have them stand in several shards."""
    small_shards(monkeypatch)
    more = {f"more{number:02d}": f"{number:02d}/{number:02d}/2016" for number in range(1, 13)}
    return pages(folder, **CLEAR, three="27/03/2016 10:15", open="03/04/2016", **more)


def test_the_number_of_workers_changes_neither_what_is_seen_nor_any_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = spread(tmp_path / "in", monkeypatch)
    run([str(source)], tmp_path / "alone", Options(workers=1))
    run([str(source)], tmp_path / "together", Options(workers=2))
    alone, together = (open_snapshot(tmp_path / name) for name in ("alone", "together"))
    assert len(alone.manifest.shards) > 2
    assert alone.manifest.evidence == together.manifest.evidence
    assert alone.manifest.evidence["default site"].decided == Verdict("DMY")
    assert articles(tmp_path / "alone") == articles(tmp_path / "together")
    assert row(tmp_path / "together", "open")["dateline_status"] == "exact"


def test_what_a_sample_tells_or_a_former_run_decided_is_only_assumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = spread(tmp_path / "in", monkeypatch)
    # A sample of all pages is right; one of none decides nothing, and every shard is cleaned once more.
    assert cleaned_again(source, tmp_path / "all", 99, monkeypatch) == []
    again = cleaned_again(source, tmp_path / "none", 0, monkeypatch)
    assert again == [len(open_snapshot(tmp_path / "none").manifest.shards)] > [2]
    assert articles(tmp_path / "none") == articles(tmp_path / "all")
    pages(source, contrary="03/28/2016")
    again = cleaned_again(source, tmp_path / "none", 0, monkeypatch)
    assert again == [len(open_snapshot(tmp_path / "none").manifest.shards)]
    run([str(source)], tmp_path / "anew")
    assert row(tmp_path / "none", "open")["dateline_status"] == "ambiguous"
    assert articles(tmp_path / "none") == articles(tmp_path / "anew")
    assert open_snapshot(tmp_path / "none").manifest.evidence == open_snapshot(tmp_path / "anew").manifest.evidence
    assert not verify(open_snapshot(tmp_path / "none"), full=True).breaches


def cleaned_again(source: Path, out: Path, sample: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Clean into a folder; return how many shards were cleaned again, for each time that some were."""
    monkeypatch.setattr("pipeline.job.passes.SAMPLE", sample)
    stream = StringIO()
    run([str(source)], out, log=RunLog("json", stream=stream))
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    return [event["shards"] for event in events if event["event"] == "cleaned_again"]


def test_two_days_or_one_to_the_contrary_decide_nothing(tmp_path: Path) -> None:
    few, contrary = tmp_path / "few", tmp_path / "contrary"
    run([str(pages(tmp_path / "a", **CLEAR, again="14/03/2016", open="03/04/2016"))], few)
    run([str(pages(tmp_path / "b", **CLEAR, three="27/03/2016", not_so="03/28/2016", open="03/04/2016"))], contrary)
    for out in (few, contrary):
        found = row(out, "open")
        assert (found["dateline_status"], found["published_local"]) == ("ambiguous", None)
        assert found["warnings"] == ["dateline_order_unknown:2016-04-03|2016-03-04"]


def test_a_page_that_did_not_change_is_cleaned_again_when_others_decide_about_it(tmp_path: Path) -> None:
    source, out = pages(tmp_path / "in", **CLEAR, open="03/04/2016"), tmp_path / "out"
    run([str(source)], out)
    assert row(out, "open")["dateline_status"] == "ambiguous"
    pages(source, three="27/03/2016")
    run([str(source)], out)
    run([str(source)], tmp_path / "anew")
    assert row(out, "open")["dateline_status"] == "exact"
    assert articles(out) == articles(tmp_path / "anew")
    assert open_snapshot(out).manifest.evidence == open_snapshot(tmp_path / "anew").manifest.evidence
    assert run([str(source)], out).status == "unchanged"
    (source / "site" / "three.txt").unlink()
    run([str(source)], out, Options(prune=True))
    assert row(out, "open")["dateline_status"] == "ambiguous"


def test_an_offset_that_never_changes_through_the_year_is_that_of_the_clock(tmp_path: Path) -> None:
    printed = {"a": "2016-01-13 10:00 +03:30", "b": "2016-07-14 10:00 +03:30", "c": "2016-10-27 10:00 +03:30"}
    run([str(pages(tmp_path / "in", **printed, bare="2016-05-03 12:00"))], tmp_path / "out")
    found = row(tmp_path / "out", "bare")
    assert (found["timezone"], found["timezone_source"], found["utc_offset_minutes"]) == ("+03:30", "evidence", 210)


def test_a_clock_seen_only_in_summer_may_be_changed_in_winter(tmp_path: Path) -> None:
    printed = {name: f"2016-07-1{number} 10:00 +02:00" for number, name in enumerate("abc")}
    run([str(pages(tmp_path / "in", **printed, bare="2016-01-03 12:00"))], tmp_path / "out")
    assert row(tmp_path / "out", "bare")["timezone"] is None


def test_facts_add_up_in_any_order() -> None:
    reader = StampReader()
    told = [{"s": facts(f"A\n{day}/03/2016\nB.".encode(), reader)} for day in (13, 14, 27, 14)]
    assert added(told) == added(reversed(told))
    assert verdict(added(told)["s"]) == Verdict("DMY")


@pytest.mark.parametrize(
    "text", ["A\n04/04/2016\nB.", "A\n2016-03-27\nB.", "A\n27 March 2016\nB.", "A\n03/04/2016\nB."]
)
def test_what_tells_nothing_of_the_order(text: str) -> None:
    assert facts(text.encode(), StampReader()) == Facts(1)


@pytest.mark.parametrize(
    "line", ["27/3/2016", "27.03.2016", "5 pm, 27 March 2016 +0330", "٢٧/٠٣/٢٠١٦", "27 March 2016 11:55 GMT+3"]
)
def test_lines_with_as_few_numbers_as_can_be_tell_an_order_or_an_offset(line: str) -> None:
    told = facts(f"A\n{line}\nB.".encode(), StampReader())
    assert told.orders or told.offsets


BELOW, ABOVE = "27/03/2016", "28/03/2016"


def days_told(page: str) -> set[str]:
    """Return the days that the facts of a page hold."""
    told = facts(page.encode(), StampReader()).orders
    return {day for tally in told.values() for day in tally.days}


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028", "\n \n"])
@pytest.mark.parametrize("word", ["Rain", "Régen", "باران"])
def test_only_the_lines_near_both_ends_of_a_page_tell_of_its_source(line_break: str, word: str) -> None:
    def page(above: int, below: int, *, between: str = word) -> str:
        return line_break.join([*[between] * above, BELOW, *[between] * below])

    assert days_told(page(HEAD_LINES - 1, 50)) == days_told(page(50, FOOT_LINES - 1)) == {"2016-03-27"}
    assert days_told(page(HEAD_LINES, FOOT_LINES)) == set()
    assert days_told(page(50, 50, between=word * NEAR_LONGEST)) == {"2016-03-27"}, "a long line is none of them"


def test_many_lines_of_numbers_hide_none_that_tells_something() -> None:
    numbers = ["1, 2, 3"] * 5
    page = [*numbers, BELOW, *["Rain"] * 50, ABOVE, *numbers[:3]]
    assert days_told("\n".join(page)) == {"2016-03-27", "2016-03-28"}


def test_a_weekday_makes_a_date_clear() -> None:
    assert set(facts(b"A\nSunday 03/04/2016\nB.", StampReader()).orders) == {"DMY"}


def test_a_source_is_a_profile_under_one_host_or_first_folder() -> None:
    assert source_key("news", "a.example/x/y.txt") == source_key("news", "a.example/z.txt")
    assert source_key("news", "a.example/x.txt") != source_key("default", "a.example/x.txt")


def test_inspect_of_one_page_says_that_it_has_no_evidence() -> None:
    page = Record("a.txt", 0, b"Pier\n\n03/04/2016\n\nThe pier is open. Nobody came, and it rained.\n")
    shown = "\n".join("".join(part.text for part in line) for line in as_lines(Cleaner(load()).clean(page), {}, View()))
    assert "ambiguous; one page alone gives no evidence" in shown
