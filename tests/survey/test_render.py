"""Terminal, page and JSON tell the same, in whatever width, and nothing that a page says is a command or a tag."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.profiles import load
from pipeline.survey import Survey, survey
from pipeline.survey.data import as_data
from pipeline.survey.render_html import as_html
from pipeline.survey.render_text import as_lines, column_widths, fit, width_of
from tests.corpus import dump, write
from tests.survey.quay import surveyed

HOSTILE = "<script>alert(1)</script><img src=x onerror=y>&amp;\x1b[31m\u202e新闻'\"`"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """Return the survey of pages that say everything they can in tags and commands."""
    folder = tmp_path_factory.mktemp("hostile")
    payload = msgspec.json.encode([{HOSTILE: HOSTILE, "title": f"[HOT] {HOSTILE}", "id": 7}]).decode()
    pages = {
        f"<b>&quot;/{number}.txt": f"{HOSTILE}\n\nPier {number} <i>\n\n2016-03-{10 + number} 11:00 <u>\n\n".encode()
        + f"Rain fell. Nobody came.\n\n{HOSTILE}\n\n(<x>)\n\n".encode()
        + dump(payload)
        for number in range(4)
    }
    return survey([str(write(folder, pages))], load())


def shown(found: Survey, width: int) -> list[str]:
    return ["".join(fragment.text for fragment in line) for line in as_lines(found, width)]


@pytest.mark.parametrize("width", [20, 40, 72, 120, 300])
def test_no_line_is_wider_than_the_terminal(hostile: Survey, tmp_path: Path, width: int) -> None:
    for found in (hostile, surveyed(tmp_path)):
        assert max(map(width_of, shown(found, width))) <= width


def test_every_table_has_its_rows_and_says_how_many_are_left_out(tmp_path: Path) -> None:
    text = "\n".join("".join(part.text for part in line) for line in as_lines(surveyed(tmp_path), 120, rows=2))
    for title in ("Leaks", "Page shapes", "Timestamp lines", "Keys of leaked data", "Flags of titles", "Encodings"):
        assert f"\n  {title}\n" in text
    assert "    4 more\n" in text
    assert "\n        6  99.99.9999, 99:99 W  exact    14.03.2016, 11:11 Uhr\n" in text


def test_no_page_commands_the_terminal(hostile: Survey) -> None:
    text = "".join(shown(hostile, 200))
    assert text.isprintable()
    assert "\\x1b[31m" in text


@given(
    st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40)), min_size=1, max_size=5),
    st.integers(24, 90),
)
def test_columns_fit_into_the_room_there_is(rows: Sequence[Sequence[str]], room: int) -> None:
    widths = column_widths([["1", *row] for row in rows], 1, room)
    assert sum(widths) + 2 * (len(widths) - 1) <= room
    assert len(widths) >= 2


@given(st.text(alphabet="ab新闻e\u0301", max_size=30), st.integers(0, 20))
def test_a_text_that_is_cut_fits(text: str, width: int) -> None:
    assert width_of(fit(text, width)) <= width
    assert fit(text, 100) == text


class Tags(HTMLParser):
    """Collects the tags and attributes of a page, and holds each tag to be closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_has_no_tag_but_its_own(hostile: Survey) -> None:
    page = Tags()
    page.feed(as_html(hostile))
    page.close()
    assert page.open == []
    structure = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "nav", "ul", "li", "a", "section"}
    assert page.tags <= structure | {"table", "caption", "tr", "th", "td", "details", "summary", "pre", "footer"}
    wanted = {"lang", "charset", "http-equiv", "content", "name", "href", "id", "class", "dir", "scope"}
    assert page.attributes <= wanted
    text = "".join(page.text)
    assert "<script>alert(1)</script>" in text
    assert "\x1b" not in text
    assert "The profile that this suggests" in text


def test_the_page_loads_nothing(hostile: Survey) -> None:
    page = as_html(hostile)
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert "url(" not in page
    assert "@import" not in page


def test_the_json_holds_what_the_tables_show(tmp_path: Path) -> None:
    told = msgspec.json.decode(msgspec.json.encode(as_data(surveyed(tmp_path))))
    bote, post = told["sources"]
    assert (bote["source"], bote["documents"], bote["articles"], bote["profiles"]) == ("bote", 6, 6, {"default": 6})
    assert bote["datelines"]["entries"][0]["shape"] == "99.99.9999, 99:99 W"
    assert bote["evidence"]["decided"] == {"order": "DMY"}
    assert {
        "path": "$.items[].wer",
        "count": 6,
        "fill": 0.5,
        "types": {"object": 6},
        "looks": {},
        "examples": [],
    } in bote["keys"]["entries"]
    assert [entry["value"] for entry in post["rejects"]["entries"]] == ["empty"]
    assert told["inputs"] == 9
