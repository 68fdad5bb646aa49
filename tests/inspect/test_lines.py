"""How a document is explained: what is seen, how wide, and how much of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.inspect import Fragment, Stopwatch, View, as_lines
from pipeline.inspect.fragments import NARROWEST, cells, visible, wrapped
from pipeline.inspect.tree import tree
from pipeline.model import Document, Origin, Record
from pipeline.profiles import load
from pipeline.stages import Cleaner
from tests.corpus import ITEMS, dump, page

RAW = page(
    "Ferry Back in Harbour", "The ferry came back on Sunday, a day late. " * 30, foot=b"S/SH 11\n\n\t\n" + dump(ITEMS)
)
CLEANER = Cleaner(load(["alalam-en"]))


def document(raw: bytes = RAW) -> Document:
    return CLEANER.clean(Record("a.txt", 0, raw))


def shown(width: int | None = None, *, full: bool = False, raw: bytes = RAW) -> list[str]:
    lines = as_lines(document(raw), {"text": 0.001}, View(width, full))
    return ["".join(fragment.text for fragment in line) for line in lines]


# -------------------------------------------------------------------------------------------------- sections


def test_each_tile_says_where_the_ledger_has_its_bytes_go() -> None:
    lines = shown()
    tiles = lines[lines.index("Tiles, every byte in one") + 1 : lines.index("Artifacts") - 1]
    for line, edit in zip(tiles, document().article.edits, strict=True):
        assert f"{edit.start}-{edit.stop}" in line.replace(" ", "")
        if edit.text_start is not None:
            assert f"{edit.role} {edit.text_start}-{edit.text_stop}" in line
        elif edit.artifact is not None:
            assert f"artifact {edit.artifact}" in line
        else:
            assert line.split()[1] == "blank"
    assert any(line.endswith("⏎⏎⇥⏎") for line in tiles)


def test_what_the_record_of_a_container_says_of_it_is_told() -> None:
    origin = Origin("a/b.txt", "https://paper.example/7", "2016-03-28", "27.3.2016", '{"author":"Ann Roe"}')
    told = CLEANER.clean(Record("crawl.jsonl", 7, RAW, origin))
    lines = ["".join(fragment.text for fragment in line) for line in as_lines(told, {}, View())]
    said = [
        "  member       a/b.txt",
        "  url          https://paper.example/7",
        "  fetched_at   2016-03-28",
        "  record_date  27.3.2016",
        '  source_fields {"author":"Ann Roe"}',
    ]
    start = lines.index(said[0])
    assert lines[start : start + len(said)] == said
    assert not any(line.startswith(("  url", "  member", "  source_fields")) for line in shown())


def test_data_is_a_tree_and_lengths_are_told() -> None:
    lines = shown(full=True)
    size = len(ITEMS.encode())
    assert f"     {size} bytes declared, {size} there" in lines
    start = lines.index("     JSON: strict")
    assert lines[start + 1 : start + 4] == [
        "     ├─ [0]",
        '     │  ├─ id: "7101"',
        '     │  ├─ sort: "31"',
    ]
    assert '        └─ title: "New Café Opens"' in lines


def test_the_value_around_json_is_there_when_everything_is_asked_for() -> None:
    text = b'[{"id":"11"}]'
    raw = b'Ferry\n\narray(2) {\n  ["ok"]=>\n  bool(true)\n  ["list"]=>\n  string(%d) "%b"\n}\n' % (len(text), text)
    tree_of_json = ["     └─ [0]", '        └─ id: "11"']
    lines = shown(raw=raw)
    start = lines.index("     JSON: strict") + 1
    assert lines[start : start + 2] == tree_of_json
    assert shown(full=True, raw=raw)[start : start + 5] == [
        "     ├─ ok: true",
        '     └─ list: "[{"id":"11"}]"',
        "     JSON in a string of it:",
        *tree_of_json,
    ]


def test_a_value_that_goes_on_stands_below_itself_on_a_narrow_terminal() -> None:
    lines = shown(40)
    start = next(place for place, line in enumerate(lines) if "pic:" in line)
    margin = lines[start].index("pic:")
    assert lines[start + 1].startswith(" " * margin)
    assert lines[start + 1].strip()


def test_a_length_that_is_wrong_stands_out() -> None:
    raw = RAW.replace(b"string(", b"string(1", 1)
    (line,) = [
        line for line in as_lines(document(raw), {}, View()) if any("bytes declared" in part.text for part in line)
    ]
    assert line[0].style == "warning"


def test_a_look_alike_stands_out_in_the_text_that_keeps_it() -> None:
    raw = b'How to Dump\n\nvar_dump(7) and so on, as in\n\nstring(3) "abc"\n\nand in\n\nstring(3) "def"\n\nprints it.\n'
    tile = [line for line in as_lines(document(raw), {}, View(200)) if any(part.style == "body" for part in line)]
    parts = [(part.text, part.style) for line in tile for part in line if part.style in {"body", "kept"}][1:]
    text = "".join(text for text, _ in parts)
    assert [text for text, style in parts if style == "kept"] == ['string(3) "abc"', 'string(3) "def"']
    assert text.startswith("var_dump(7) and so on, as in")
    assert text.endswith("prints it.")


def test_stages_are_told_with_their_times() -> None:
    watch = Stopwatch()
    CLEANER.clean(Record("a.txt", 0, RAW), watch)
    assert list(watch.seconds) == [
        "decoding",
        "segments",
        "text",
        "article",
        "reading again",
        "related",
        "language",
        "dateline",
        "lead",
        "dateline again",
        "corroboration",
        "origin",
    ]
    assert all(seconds >= 0 for seconds in watch.seconds.values())
    assert shown()[-1] == "  text 1.00"


# --------------------------------------------------------------------------------------------------- widths


@pytest.mark.parametrize("width", [NARROWEST, 40, 63, 64, 80, 200])
@pytest.mark.parametrize("full", [False, True])
def test_no_line_is_wider_than_the_terminal(width: int, full: bool) -> None:  # noqa: FBT001 - a parameter of the test
    for line in shown(width, full=full):
        assert cells(line) <= width, line


def test_a_pipe_gets_each_statement_on_one_line_and_a_terminal_sees_more_of_a_text() -> None:
    assert sum("The ferry came back" in line for line in shown()) == 2  # the field and the tile
    on_a_terminal = "\n".join(shown(100))
    assert len(on_a_terminal.split("body 0-")[1].split("blank")[0]) > 150


def test_everything_is_there_when_it_is_asked_for() -> None:
    squeezed = "".join("".join(shown(50, full=True)).split())
    body = document().article.body
    assert squeezed.count("".join(body.split())) == 2
    assert "…" not in squeezed
    assert any(line.endswith("…") for line in shown(50))


@given(st.text(max_size=200), st.integers(NARROWEST, 60), st.integers(0, 20))
def test_breaking_loses_nothing_but_blanks(text: str, width: int, indent: int) -> None:
    parts = list(wrapped(list(visible(text, "field")), width, indent))
    whole = "".join(fragment.text for fragment in visible(text, "field"))
    assert "".join("".join(fragment.text for part in parts for fragment in part).split()) == "".join(whole.split())
    assert all(sum(cells(fragment.text) for fragment in part) <= width for part in parts)


@given(st.text())
def test_nothing_unseen_reaches_the_terminal(text: str) -> None:
    assert all(fragment.text.isprintable() for fragment in visible(text, "plain"))


def test_a_wide_letter_counts_twice() -> None:
    parts = list(wrapped([Fragment("雨" * 20)], 24, 0))
    assert [len(part[0].text) for part in parts[:1]] == [12]


# ----------------------------------------------------------------------------------------------------- trees


def text_of(data: str, most: int | None = None) -> list[str]:
    return ["".join(piece.text for piece in line) for line in tree(data, most)]


def test_numbers_are_told_as_they_were_printed() -> None:
    long = "9" * 5000
    assert text_of("12345678901234567890.10") == ["12345678901234567890.10"]
    assert text_of(long) == [long]
    assert text_of(f"[{long}]", 9) == [f"└─ [0]: {long[:72]}…"]


def test_a_tree_says_what_it_leaves_out() -> None:
    data = json.dumps(list(range(100)))
    assert text_of(data, 3)[-1] == "… 97 more, which --full shows"
    assert len(text_of(data, 3)) == 4
    assert len(text_of(data)) == 100


def test_what_is_too_deep_for_a_tree_is_told_as_text() -> None:
    data = "[" * 100_000 + "]" * 100_000
    assert text_of(data, 9) == ["[" * 72 + "…"]
    assert text_of("{}") == []
    assert text_of('{"a": {}, "b": []}') == ["├─ a: {}", "└─ b: []"]


def test_a_key_never_commands_the_terminal() -> None:
    assert text_of('{"\\u001b[31m": "\\u202e"}') == ['└─ \\x1b[31m: "\\u202e"']
