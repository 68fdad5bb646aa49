"""What of a page in HTML is its text: leaks that a reader sees stay, those that nobody sees are not carried in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import open_snapshot
from pipeline.errors import RejectedDocument
from pipeline.extraction import decoded
from pipeline.model import HTML, Document, Origin, Record
from pipeline.profiles import load
from pipeline.stages import Cleaner
from pipeline.tags import has_wide_tag, tags
from pipeline.verify import verify
from tests.corpus import clean, write
from tests.webpages import ARRAY, BODY, DUMP, HIDDEN, html

pytest.importorskip("resiliparse", reason="the extra 'html' is not installed: pip install 'descrape[html]'")

CheckLaws = Callable[[Cleaner, Record], Document | None]
CLEANER = Cleaner(load())


def extracted(page: str) -> str:
    """Return the text of a page."""
    return decoded(page.encode(), "utf-8").text.decode()


PAGE = Origin(form=HTML)


def record(page: str | bytes, charset: str | None = None) -> Record:
    """Return a page as a reader gives it."""
    raw = page.encode() if isinstance(page, str) else page
    return Record("ferry.html", 0, raw, Origin(charset=charset, form=HTML))


def test_a_page_gives_its_article() -> None:
    document = CLEANER.clean(record(html()))
    assert (document.article.title, document.article.body) == ("Ferry Back in Harbour", BODY)
    assert document.article.dateline_raw == "Sun Mar 27, 2016 11:55:38"
    assert document.claims == ()
    assert (document.language, document.encoding) == ("en", "utf-8")


LEAKS = [f"<p>{DUMP}</p>", f"<pre>{ARRAY}</pre>", DUMP, f"<div><code>{DUMP}</code></div>"]


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("place", ["leak", "above", "below"])
def test_a_leak_in_the_text_is_cut_wherever_it_stands(check_laws: CheckLaws, leak: str, place: str) -> None:
    document = check_laws(CLEANER, record(html(**{place: leak})))
    assert document is not None
    assert document.article.body == BODY
    assert [claim.is_cut for claim in document.claims] == [True]
    assert document.claims[0].span.of(document.page).decode() in leak


def test_an_error_of_php_is_cut_whatever_tags_it_comes_with() -> None:
    leak = (
        "<br />\n<b>Warning</b>:  fopen(a.txt): failed to open stream in <b>/var/www/a.php</b> on line <b>27</b><br />"
    )
    document = CLEANER.clean(record(html(above=leak)))
    assert [(claim.family, claim.is_cut) for claim in document.claims] == [("php_error", True)]
    assert document.article.body == BODY


def test_what_a_page_says_of_itself_is_held_against_its_text(check_laws: CheckLaws) -> None:
    described = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Ferry Back in Harbour",
        "datePublished": "2016-03-28T07:25:38Z",
        "author": {"@type": "Person", "name": "Ana Petrov"},
    }
    head = f'<script type="application/ld+json">{json.dumps(described)}</script><meta charset="utf-8">'
    document = check_laws(CLEANER, record(html(head=head)))
    assert document is not None
    assert document.warnings == (
        "json_ld_date_differs: 2016-03-28T07:25:38Z",
        "json_ld_author_not_printed: Ana Petrov",
    )
    assert document.article.dateline_raw == "Sun Mar 27, 2016 11:55:38"


@pytest.mark.parametrize("head", ['<meta charset="utf-16">', '<meta charset="utf-16be">'])
@pytest.mark.parametrize("charset", [None, "utf-16", "utf-32le"])
def test_a_page_in_ascii_is_ascii_whatever_it_declares(head: str, charset: str | None) -> None:
    page = f"<html><head>{head}</head><body><p>Rain fell on the town all day. Nobody minded.</p></body></html>"
    found = decoded(page.encode(), charset)
    assert (found.text, found.encoding) == (b"Rain fell on the town all day. Nobody minded.", "utf-8")


def test_text_of_the_tables_is_utf_8_however_it_looks(tmp_path: Path) -> None:
    raw = "The ferry came back on Sunday, said the captain.\n".encode("utf-16-le")[:-1]
    clean(write(tmp_path / "pages", {"cut.txt": raw}), tmp_path / "clean")
    assert verify(open_snapshot(tmp_path / "clean"), full=True).breaches == ()


def test_what_no_reader_sees_is_not_carried_in() -> None:
    document = CLEANER.clean(record(html()))
    assert HIDDEN not in document.page.decode()
    assert HIDDEN.encode() in document.record.raw


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("<p>Bring:</p><ul><li>A warm coat.</li><li>A ticket.</li></ul>", "Bring:\n\nA warm coat.\nA ticket."),
        ('<ul class="menu-like"><li>One<ul><li>Two <a href="/2">there</a></li></ul></li></ul>', "One\nTwo there"),
        ('<p>It came on <time datetime="2016-03-27">Sunday</time> at noon.</p>', "It came on Sunday at noon."),
        ("<figure><img src=a.jpg><figcaption>The ferry.</figcaption></figure>", "The ferry."),
        ("<figure><table><tr><td>Adult</table></figure>", "Adult"),
    ],
)
def test_what_a_reader_sees_of_an_article_stays(part: str, text: str) -> None:
    found = extracted(f"<body><article><h1>Ferry</h1>{part}<p>The end.</p></article></body>")
    assert re.sub(r"\n +", "\n", found) == f"Ferry\n\n{text}\n\nThe end."


@pytest.mark.parametrize(
    "part",
    [
        '<ul><li><a href="/">Home</a></li><li><a href="/town">Town</a></li></ul>',
        "<nav><ul><li>Home</li></ul></nav>",
        "<aside><ul><li>Home</li></ul></aside>",
        "<time hidden>Sunday</time>",
    ],
)
def test_what_is_a_menu_or_hidden_is_no_text(part: str) -> None:
    assert extracted(f"<body><article><p>Rain.</p>{part}<p>Fog.</p></article></body>") == "Rain.\n\nFog."


LONG = "<p>The ferry was late again on Sunday, and all who waited at the quay were given tea by the harbour master.</p>"


@pytest.mark.parametrize(
    ("page", "warnings"),
    [
        (f"<article>{LONG}</article><div class=sidebar>{LONG}</div>", ()),
        (f"<article>{LONG}</article><div class=sidebar>{LONG.replace('tea', 'rum') * 2}</div>", ("208 of 312",)),
        (f"<article><p>Fog.</p></article><footer>{LONG}</footer>", ("104 of 104",)),
        (f"<article>{LONG}</article><nav>{'<a>Sunday</a> ' * 8}</nav><div hidden>{LONG * 9}</div>", ()),
        (f"<article><p>Fog.</p></article><div style='display:none'>{LONG * 9}</div><script>{LONG}</script>", ()),
        (html(), ()),
        (html(leak=f"<pre>{ARRAY}</pre>"), ()),
    ],
)
def test_a_page_of_which_more_prose_is_left_out_than_taken_says_so(page: str, warnings: tuple[str, ...]) -> None:
    found = CLEANER.clean(record(f"<body>{page}</body>"))
    assert found.warnings == tuple(f"html_prose_left_out: {each} bytes" for each in warnings)


def test_places_are_those_of_the_text_and_the_last_edit_keeps_the_page() -> None:
    document = CLEANER.clean(record(html(leak=f"<p>{DUMP}</p>")))
    *tiles, last = document.article.edits
    assert (last.role, last.start, last.stop, last.raw) == ("page", 0, len(document.page), document.record.raw)
    assert tiles[-1].stop == len(document.page)
    assert document.claims[0].span.of(document.page) == DUMP.encode()


@pytest.mark.parametrize(
    ("codec", "charset", "head", "encoding"),
    [
        ("cp1252", "ISO-8859-1", "", "windows-1252"),
        ("cp1252", None, '<meta charset="windows-1252">', "windows-1252"),
        ("cp1252", None, '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', "windows-1252"),
        ("utf-16", None, "", "utf-16-le"),
        ("utf-8", "windows-1252", '<meta charset="iso-8859-1">', "utf-8"),  # wrongly labelled, twice
        ("utf-8", None, '<meta charset="utf-16">', "utf-8"),
        ("utf-8", "utf-16", "", "utf-8"),
        ("cp1252", "utf-8", '<meta charset="windows-1252">', "windows-1252"),  # the server is wrong, the page is right
    ],
)
def test_a_page_is_read_as_server_or_page_declare(codec: str, charset: str | None, head: str, encoding: str) -> None:
    document = CLEANER.clean(record(html(head=head).encode(codec), charset))
    assert (document.article.body, document.encoding) == (BODY, encoding)


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("", "empty"),
        ("<html><script>var a</script></html>", "empty"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\xfe\x9c", "mislabelled"),
        (b"\xff\xd9\xff\xe0\0\x10NOISE\0\x01\xfe\x9c", "undecodable"),
        ("<div>" * 600 + "Rain", "too_deep"),
        (f"<p>Rain<p title='>' {' '.join(f'n{number}' for number in range(40_000))}>", "too_wide"),
    ],
)
def test_what_gives_no_article(page: str | bytes, code: str) -> None:
    with pytest.raises(RejectedDocument) as raised:
        CLEANER.clean(record(page))
    assert raised.value.code == code


SVG = "<svg>" + '<path d="M0 0"/>' * 600 + "</svg>"


@pytest.mark.parametrize(
    "part",
    [SVG, "<script>var a = '" + "<div>" * 600 + "'</script>", "<!--" + "<div>" * 600 + "-->", "<a name=x>" * 600],
)
def test_only_what_nests_is_deep(part: str) -> None:
    assert "Rain." in extracted(f"<body><article>{part}<p>Rain.</p></article></body>")


@pytest.mark.parametrize(
    "part",
    [
        "<p title='" + "a=1 " * 30_000 + "'>",
        "<script>" + "<p " + "a " * 60_000 + "</script>",
        "<!--<p " + "a " * 60_000 + "-->",
        "<p>" + "a " * 60_000 + "</p>",
        "<hr class=x id=y>" * 9_000,
    ],
)
def test_only_what_has_many_attributes_is_wide(part: str) -> None:
    assert not has_wide_tag(f"<body>{part}<p>Rain.</p>")


@pytest.mark.parametrize(("start", "inside", "stop"), [("<!--", "-", "-->"), ("<script>", "<", "</script>")])
def test_what_is_passed_over_takes_no_memory_for_each_of_its_characters(start: str, inside: str, stop: str) -> None:
    assert [tag.name for tag in tags(start + inside * 40_000_000 + stop + "<p>")] == ["p"]


HOSTILE = [
    "<div>",
    "<b>",
    "<",
    '<a b="',
    "<!--",
    "<table><tr><td>",
    "&amp;",
    "<p>x",
    "<li>",
    "<font><p>",
    '<script type="application/ld+json">{"a":',
    "</div>",
    "<x",
    "<ul>",
    "<ul><li><a>",
    "<ul><li>x</ul>",
    "<time>",
    "<figure>x</figure>",
]


@pytest.mark.parametrize("part", HOSTILE)
def test_hostile_pages_cost_no_more_than_their_length(part: str) -> None:
    start = process_time()
    with suppress(RejectedDocument):
        CLEANER.clean(record("<html><body>" + part * (100_000 // len(part))))
    assert process_time() - start < 5


TAGS = [
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<pre>",
    "</pre>",
    "<br>",
    "<b>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<li>",
]
PARTS = st.sampled_from(
    [*TAGS, "Rain fell.", "\n", " ", "&amp;", "&lt;", "é", "Sun Mar 27, 2016 11:55:38", DUMP, ARRAY]
)


@given(
    parts=st.lists(st.one_of(PARTS, PARTS, st.text(max_size=4))), codec=st.sampled_from(["utf-8", "cp1252", "utf-16"])
)
def test_every_law_holds_for_any_page(check_laws: CheckLaws, parts: list[str], codec: str) -> None:
    raw = "".join(parts).encode(codec, "replace" if codec != "utf-8" else "surrogatepass")
    check_laws(CLEANER, Record("ferry.html", 0, raw, PAGE))
