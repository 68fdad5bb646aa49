from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.dates.evidence import Verdict, verdict
from pipeline.profiles import load
from pipeline.survey import OTHERS, Survey, survey
from pipeline.survey.counts import Top
from pipeline.survey.json_keys import VALUES_MOST, Keys
from tests.corpus import dump, many, write
from tests.survey.quay import IMPRINT, MENU, surveyed


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    return surveyed(tmp_path_factory.mktemp("pages"))


def test_a_source_is_the_folder_that_pages_stand_under(found: Survey) -> None:
    assert {name: source.documents for name, source in found.sources.items()} == {"bote": 6, "post": 3}
    assert (found.inputs, found.ignored, found.sampled) == (9, 1, False)


def test_leaks_are_counted_and_one_is_shown(found: Survey) -> None:
    leak = found.sources["bote"].leaks.entries["php_dump/var_dump"]
    assert (leak.count, leak.cut, leak.uri) == (6, 6, "bote/1.txt")
    assert leak.example.startswith('string(194) "{"items": [{"nid": 51')
    torn = found.sources["post"].leaks.entries["php_dump/var_dump"]
    assert (torn.count, torn.cut, dict(torn.statuses)) == (1, 1, {"truncated": 1})


def test_a_look_alike_is_counted_as_kept(tmp_path: Path) -> None:
    found = survey([str(write(tmp_path, {"a.txt": b'It printed string(9) "rain" and went on. It rained.\n'}))], load())
    leak = found.sources["."].leaks.entries["php_dump/var_dump"]
    assert (leak.count, leak.cut, dict(leak.statuses)) == (1, 0, {"kept": 1})


def test_what_an_error_says_has_no_keys_of_a_source(tmp_path: Path) -> None:
    page = b"""Dock Dries Out

The dock is dry since Monday.

DivisionByZeroError: Division by zero in /srv/www/tide.php:18
Stack trace:
#0 /srv/www/tide.php(18): tide()
#1 {main}
"""
    source = survey([str(write(tmp_path, {"a.txt": page}))], load()).sources["."]
    assert source.leaks.counts() == {"php_error/exception": 1}
    assert source.keys.paths.counts() == {}


def test_shapes_of_pages_and_of_timestamp_lines(found: Survey) -> None:
    assert found.sources["bote"].shapes.counts() == {"kicker · title · dateline · body · [var_dump]": 6}
    ((shape, stamps),) = found.sources["bote"].datelines.ranked()
    assert (shape, stamps.count, dict(stamps.statuses)) == ("99.99.9999, 99:99 W", 6, {"exact": 6})
    assert stamps.examples[0] == "14.03.2016, 11:11 Uhr"


def test_what_the_timestamps_tell_is_what_a_run_would_decide_by(found: Survey) -> None:
    post = found.sources["post"].facts
    assert (post.orders["DMY"].count, post.offsets["+03:30"].days) == (1, ("2016-03-13",))
    assert verdict(found.sources["bote"].facts) == Verdict("DMY")
    assert verdict(post) == Verdict()


def test_keys_have_types_fill_and_examples(found: Survey) -> None:
    keys = found.sources["bote"].keys
    told = {path: (key.count, dict(key.types), keys.fill(key), key.look) for path, key in keys.paths.ranked()}
    assert told["$.items[].zeile"] == (12, {"string": 12}, 1.0, "sentence")
    assert told["$.items[].bild"] == (12, {"string": 6, "null": 6}, 1.0, "media")
    assert told["$.items[].nid"] == (12, {"integer": 12}, 1.0, None)
    assert told["$.items[].wer"] == (6, {"object": 6}, 0.5, None)
    assert told["$.items[].wer.kurz"] == (6, {"string": 6}, 1.0, "word")
    assert keys.paths.entries["$.items[].nid"].examples == ["51", "91", "52"]


def test_marks_flags_and_lines_that_nobody_read_are_told(found: Survey) -> None:
    bote = found.sources["bote"]
    assert bote.unread_flags.counts() == {"FOTO": 12}  # those of the items too
    assert {line: bote.lines.entries[line].count for line in (MENU, IMPRINT, "(ah)")} == dict.fromkeys(
        (MENU, IMPRINT, "(ah)"), 6
    )
    assert bote.encodings.counts() == {"utf-8": 6}
    assert (f"{bote.first}", f"{bote.last}") == ("2016-03-14 11:11:00", "2016-03-19 11:16:00")


def test_what_gives_no_article_is_counted_by_its_code(found: Survey) -> None:
    post = found.sources["post"]
    assert (post.rejects.counts(), post.articles) == ({"empty": 1}, 2)
    assert post.warnings.counts() == {"dateline_order_unknown": 1}


def test_a_sample_is_the_same_each_time_and_of_each_source(tmp_path: Path) -> None:
    one, again = surveyed(tmp_path, sample=2), surveyed(tmp_path, sample=2)
    assert one.sampled
    assert {name: source.documents for name, source in one.sources.items()} == {"bote": 2, "post": 2}
    uris = [[entry.uri for _, entry in found.sources["bote"].shapes.ranked()] for found in (one, again)]
    assert uris[0] == uris[1]


def test_documents_of_a_container_belong_to_their_hosts(tmp_path: Path) -> None:
    lines = [
        {"text": f"Pier {number}\n\n2016-03-{number + 1:02d}\n\nRain fell.", "url": f"https://{host}.example/{number}"}
        for number in range(4)
        for host in ("quay", "pier")
    ]
    raw = "\n".join(map(json.dumps, lines)) + "\nno json\n"
    folder = write(tmp_path, {"crawl.jsonl": raw.encode(), "a.txt": b"Rain fell. Nobody minded.\n"})
    found = survey([str(folder)], load())
    told = {name: (source.documents, source.articles) for name, source in found.sources.items()}
    assert told == {"pier.example": (4, 4), "quay.example": (4, 4), ".": (2, 1)}
    assert (found.inputs, found.there, found.sampled) == (2, 10, False)
    assert [entry.uri for _, entry in found.sources["pier.example"].datelines.ranked()] == ["crawl.jsonl#1"]
    few = survey([str(folder)], load(), sample=1)
    assert (few.read, few.there, few.sampled) == (3, 10, True)


def test_more_sources_than_can_be_told_of_are_told_of_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.survey.SOURCES_MOST", 3)
    found = survey([str(write(tmp_path, many(14)))], load())
    assert {name: source.documents for name, source in found.sources.items()} == {"0": 2, "1": 2, "2": 2, OTHERS: 8}
    assert found.together == 4


def test_a_page_that_breaks_a_stage_costs_no_other_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("the pier")

    monkeypatch.setattr("pipeline.stages.related.read", broken)
    found = survey([str(write(tmp_path, {"a.txt": b"Rain fell. Nobody minded.\n"}))], load())
    (entry,) = (entry for _, entry in found.sources["."].rejects.ranked())
    assert entry.example == "ZeroDivisionError: the pier"


def test_no_list_grows_with_the_corpus(tmp_path: Path) -> None:
    rows = "[" + ",".join(f'{{"id": {number}, "title": "Pier", "k%d-{number}": 1}}' for number in range(9)) + "]"
    pages = {
        f"site/{page:03d}.txt": "\n\n".join(
            [f"W{page}A{page}: Pier", f"2016-03-{page % 28 + 1:02d} {page % 24:02d}:00"]
            + [f"Line {number} of page {page} is short" for number in range(40)]
        ).encode()
        + b"\n\n"
        + dump(rows.replace("%d", str(page)))
        for page in range(60)
    }
    (source,) = survey([str(write(tmp_path, pages))], load()).sources.values()
    assert source.articles == 60
    tops = [value for value in (getattr(source, name) for name in source.__slots__) if isinstance(value, Top)]
    assert len(tops) > 10
    for top in (*tops, source.keys.paths, source.keys.objects):
        assert len(top) <= 2 * top.most
    assert source.lines.missed
    assert source.keys.paths.missed


def test_data_without_end_is_looked_at_in_part_and_said_to_be() -> None:
    keys = Keys()
    keys.add([{f"key {number}": number} for number in range(VALUES_MOST + 5)])
    assert keys.cut_short == 1
    assert len(keys.paths) <= 2 * keys.paths.most
    assert keys.paths.missed


def test_data_of_any_depth_costs_no_stack() -> None:
    data: object = {"end": 1}
    for _ in range(5000):
        data = [data, {"deeper": data}]
    keys = Keys()
    keys.add(data)
    assert keys.paths.total
