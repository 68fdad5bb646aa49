"""The laws hold for any document whatever: arbitrary bytes, pages put together badly, and damaged real pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, example, given, reject
from hypothesis import strategies as st
from msgspec.structs import replace

from pipeline.decoding import is_utf_8
from pipeline.errors import RejectedDocument
from pipeline.families import FAMILIES
from pipeline.model import Document, Record
from pipeline.profiles import ProfileSource, load_sources
from pipeline.stages import Cleaner, segments

CheckLaws = Callable[[Cleaner, Record], Document | None]

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = [path.read_bytes() for path in sorted((ROOT / "data/raw").glob("*/*.txt"))]
CASES = [path.read_bytes() for path in sorted((ROOT / "tests/cases").glob("*/*/*.raw"))]

PROFILE = """
name = "news"
text = {{ {text} }}
timezone = "Asia/Tehran"
dateline = {{ order = "DMY" }}
article = {{ sign_off = "[A-Z]{{1,4}}(?:/[A-Z]{{1,4}})?(?: [0-9-]+)?" }}
artifacts = {{ strip = "{strip}" }}
"""


def cleaner(strip: str, text: str = "") -> Cleaner:
    """Return a cleaner whose one profile knows a zone, an order of dates and a generous sign-off."""
    return Cleaner(load_sources([ProfileSource("news.toml", PROFILE.format(strip=strip, text=text))]))


SWITCHES = ("mojibake", "entities", "zero_width", "soft_hyphen", "nfc", "white_space")
"""What may be mended."""

CLEANERS = {strip: cleaner(strip) for strip in ("leaks", "all", "none")}

# ------------------------------------------------------------------------------------------ fragments of pages

TITLES = [
    "Ferry Back in Harbour",
    "VIDEO: Tram Returns",
    "Night Market Opens + VIDEO",
    "Bücher für alle",
    "Vıdeo: Köprü Açıldı",
    "CANLI + VİDEO",
    "Sport",
    "[PHOTO]",
]
STAMPS = [
    "Sun Mar 27, 2016 11:55:38",
    "2016-03-27",
    "2016-03-27T11:55:38+04:30",
    "2016-03-27 11:55 +9999",
    "03/04/2016 11:55",
    "Mon Mar 27, 2016 11:55:38",
    "Fri Mar 25, 2016 11:55:38".replace("i", "\u0130"),
    "Mon Mar 21, 2016 00:30:00",
    "31 Feb 2016",
]
LEADS = [
    "LONDON, March 27 (AP) — ",
    "ROSSHAVEN, Ont., Mar 2 2016 -",
    "(Reuters) - ",
    "Berlin (dpa) -\u00a0",
    "دمشق-سانا",
    "新华社北京3月27日电（记者）",
    "PARIS,",
    "MOSCOW, March 27. /TASS/.",
    "BY THE PIER — ",
]
SIGN_OFFS = ["S/SH 11", "AB", "R/TO 11-4", "N"]
PROSE = [
    "Rain fell on the pier all day.",
    "“It will pass,” she said, and it did.",
    'The sign read "closed", for once.',
    "A string (of pearls) and an array of lamps:",
    "Tickets cost 4 euros,",
    "باران می‌بارد.",
    "A long sentence about the harbour wall that goes on " + "and on " * 30 + "until it ends.",
    "a short line",
    "no end",
    "1802600",
    "The value string(4) was printed by mistake.",
    "Use var_dump($x) to see it.",
    "It is array(3) deep.",
    "string(",
    '"',
    '" he added.',
    "=>",
    "}",
    "]",
]
BLANKS = [
    "",
    " ",
    "\t",
    "\u00a0",
    "\u3000",
    "\u2003\u2003",
    "\u2028",
    "\u2029",
    "\u0085",
    "\x0b",
    "\x0c",
    "\x1c",
    "\ufeff",
    "\u200b",
]
BREAKS = ["\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\r\r", "\n \n", "\n\n\n\n", "\n\r", "\r\n\n", " \n", "\n\t", ""]
RAW_BYTES = [b"\0", b"\xff", b"\xe9", b"\xc3", b"\xe2\x80", b"\xed\xa0\x80", b"\xc2", b"\xa0"]


def string_dump(payload: bytes, off: int = 0) -> bytes:
    """Return what PHP prints for a string, with a declared length that is ``off`` by so many bytes."""
    return b'string(%d) "%b"' % (max(0, len(payload) + off), payload)


payloads = st.one_of(
    st.sampled_from(
        [
            b"",
            b"ok",
            b'say "yes"',
            b'"',
            b'[{"id":"7","title":"VIDEO: Pier","pic":"/2016/03/27/a_635946683600318058_4x3.mp4"} ]',
            b'{"items":[]}',
            b"one\n\ntwo",
            "größer".encode(),
            b"caf\xe9",
            b'string(2) "ok"',
            b'"]=>',
            b"Sun Mar 27, 2016 11:55:38",
        ]
    ),
    st.binary(max_size=12),
)


@st.composite
def exact_strings(draw: st.DrawFn) -> bytes:
    return string_dump(draw(payloads))


@st.composite
def damaged_strings(draw: st.DrawFn) -> bytes:
    dump = string_dump(draw(payloads), draw(st.sampled_from([0, 0, 1, -1, 2, 9, 400, 10**11])))
    start = draw(st.integers(0, 3))
    return dump[start : len(dump) - draw(st.integers(0, 4))]


scalars = st.one_of(
    exact_strings(),
    st.sampled_from(
        [
            b"NULL",
            b"int(7)",
            b"int(-0)",
            b"bool(true)",
            b"float(-0)",
            b"float(1.0E+25)",
            b"float(NAN)",
            b"float(-INF)",
            b"enum(Suit::Hearts)",
            b"resource(5) of type (stream)",
            b"*RECURSION*",
            b"&int(1)",
        ]
    ),
)
keys = st.sampled_from(
    [b"[0]", b"[1]", b"[2]", b"[-1]", b'["a"]', b'["a":protected]', b'["b":"Foo":private]', b'["x"]=>"]', b'[""]']
)
whites = st.sampled_from([None, None, None, b" ", b"\n", b"", b"\r\n", b"\n\n"])


def _container(members: list[tuple[bytes, bytes]], head: int, off: int, white: bytes | None) -> bytes:
    """Return an array or an object with its members indented as PHP does, or parted by ``white``."""
    count = max(0, len(members) + off)
    opening = [b"array(%d) {", b"object(stdClass)#3 (%d) {", b"object(Foo\\Bar)#1 (%d) {"][head] % count
    inner = b"".join(b"\n" + key + b"=>\n" + value for key, value in members)
    printed = opening + inner.replace(b"\n", b"\n  ") + b"\n}"
    return printed if white is None else re.sub(rb"\n *", white, printed)


structures = st.recursive(
    scalars,
    lambda inner: st.builds(
        _container,
        st.lists(st.tuples(keys, inner), max_size=3),
        st.integers(0, 2),
        st.sampled_from([0, 0, 0, 0, 1, -1]),
        whites,
    ),
    max_leaves=8,
)


@st.composite
def cut_short(draw: st.DrawFn) -> bytes:
    whole = draw(structures)
    return whole[: draw(st.integers(0, len(whole)))]


HEADS = [b"array(1) {\n  [0]=>\n  ", b'string(9) "', b'string(99999) "[{"', b"object(X)#1 (1) {\n", b'array(1) {\n  ["']

fragments = st.one_of(
    *(
        st.sampled_from([text.encode() for text in texts])
        for texts in (TITLES, STAMPS, LEADS, SIGN_OFFS, PROSE, PROSE, BLANKS)
    ),
    exact_strings(),
    exact_strings(),
    damaged_strings(),
    structures,
    cut_short(),
    st.sampled_from(HEADS),
    st.sampled_from(RAW_BYTES),
    st.text(max_size=6).map(lambda text: text.encode("utf-8", "surrogatepass")),
)
BREAK_BYTES = [text.encode() for text in BREAKS]
breaks = st.sampled_from(BREAK_BYTES)


@st.composite
def pages(draw: st.DrawFn) -> bytes:
    """Put fragments together: in the order of a page or in none, with one kind of line break or all kinds."""
    parts = draw(st.lists(fragments, max_size=9))
    if draw(st.booleans()):
        head = [draw(st.sampled_from(TITLES)).encode(), draw(st.sampled_from(STAMPS)).encode()]
        parts = [*head, (draw(st.sampled_from(["", *LEADS])) + draw(st.sampled_from(PROSE))).encode(), *parts]
    one = draw(st.sampled_from([None, b"\n", b"\n\n", b"\r\n", b"\r", b" ", b""]))
    page = b"".join(part + (draw(breaks) if one is None else one) for part in parts)
    return draw(st.sampled_from([b"", b"", b"", b"\xef\xbb\xbf", b"\n", b" "])) + page


@st.composite
def damaged_pages(draw: st.DrawFn) -> bytes:
    """Take a real page and put in, take out or double a few bytes of it."""
    page = draw(st.sampled_from(SAMPLE + CASES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(page)))
        stop = min(len(page), start + draw(st.sampled_from([0, 1, 2, 7, 60, 4000])))
        filling = draw(st.one_of(st.just(b""), st.just(page[start:stop] * 2), fragments, breaks))
        page = page[:start] + filling + page[stop:]
    newline = draw(st.sampled_from([b"\n", b"\n", b"\r\n", b"\r", b" "]))
    return page if newline == b"\n" else page.replace(b"\n", newline)


DAMAGE = [
    *(
        "&amp;",
        "&amp;amp;",
        "&amp;lt;",
        "&quot;",
        "&#8217;",
        "&nbsp;",
        "&#8203;",
        "&#769;",
        "&#10;",
        "&#x41;",
        "&lt;pre&gt;",
    ),
    *(
        "\u200b",
        "\u2060",
        "\ufeff",
        "\xad",
        "\u200c",
        "\u0301",
        "e\u0301",
        "\u212b",
        "\u1112\u1161",
        "\u0958",
        "  ",
        "\t",
    ),
    *("cafÃ©", "â€œ", "â€\x9d", "Â", "Ã", "Ð¿Ñ€Ð¸", "РїСЂРё", "√©", "&Atilde;&copy;", "ï»¿", "\x85", "é", "”", "ß"),
]
"""What is mended, what looks like it, and what comes of one step for the next."""


@st.composite
def damaged_text(draw: st.DrawFn) -> bytes:
    """Put damage of every kind between the words of a page, and write it in one encoding or in another."""
    whole = draw(pages()).decode("utf-8", "replace")
    parts = [part for word in whole.split(" ") for part in (word, draw(st.sampled_from(["", "", " ", *DAMAGE])), " ")]
    text = "".join(parts[:-1])
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-16", "cp1252", "cp1251", "gb18030", "shift_jis"]))
    return text.encode(encoding, "replace" if encoding != "utf-8" else "surrogatepass")


documents = st.one_of(pages(), pages(), damaged_pages(), st.binary(max_size=60))
"""Anything that may be read; most of it looks like a page."""


# ------------------------------------------------------------------------------------------------------- the laws


@pytest.mark.parametrize("strip", CLEANERS)
@given(raw=documents)
@example(raw=b'string(0) "\n')  # white space at the end decides whether a string was cut short
@example(raw=b'string(2) "}"\r')
@example(raw=b'Rain fell.\n\nstring(3) "abc"\n\nstring(8) "short"\n\n\n')
@example(raw="object(s)#3 (2) {[1]=>NULL\u2028".encode())
@example(raw=b'Rain fell.\n\nstring(9) "short\xc2\xa0\n')
@example(raw="Vıdeo: Köprü\n\nKöprü bugün açıldı. O da geçti.".encode())
@example(raw="Köprü\n\nFRİ Mar 25, 2016 11:55:38\n\nKöprü bugün açıldı.".encode())
@example(raw=b"Rain fell.\n\n1 Feb 2016\n\nMar 1, 2016")  # two timestamp lines below the prose
@example(raw=b'string(22) "[{"title":"(v\xc4\xb1deo) x"}]"')
@example(raw=b'Rain\n2016-03-27\nRain fell.\nstring(3) "\xe1\x80\x80"\n\xff\n')  # a cut that alone would be UTF-8
def test_every_law_holds_for_any_document(check_laws: CheckLaws, strip: str, raw: bytes) -> None:
    check_laws(CLEANERS[strip], Record("page.txt", 0, raw))


@given(raw=st.binary(max_size=200))
def test_every_law_holds_for_any_bytes(check_laws: CheckLaws, raw: bytes) -> None:
    check_laws(CLEANERS["leaks"], Record("page.txt", 0, raw))


@given(raw=damaged_text(), on=st.sets(st.sampled_from(SWITCHES)))
@example(raw="\u200bA\u200b\n\xadB\xad".encode(), on={"zero_width"})
@example(raw=b"Rain &amp;amp;lt; fell &am&#112;; often.", on={"entities"})
@example(raw=b"LONDON, March 27 (AP) &mdash; Rain fell.", on={"entities"})
@example(raw=b"One\n&nbsp;\ntwo &nbsp;\n", on={"entities", "white_space"})
@example(raw=b"The value string(3) &quot;abc&quot; was printed.", on={"entities"})
def test_every_law_holds_with_each_kind_of_mending_on_and_off(check_laws: CheckLaws, raw: bytes, on: set[str]) -> None:
    text = ", ".join(f"{switch} = {str(switch in on).lower()}" for switch in SWITCHES)
    check_laws(cleaner("leaks", text), Record("page.txt", 0, raw))


ANCHORS = sorted({anchor for family in FAMILIES for grammar in family.grammars for anchor in grammar.anchors})
"""What every grammar is found by."""
SIGNS = [
    *(b'"', b"'", b"{", b"}", b"(", b")", b"[", b"]", b":", b";", b",", b"&", b"#", b"*", b"=>", b"]=>"),
    *(b"0", b"1", b"2", b"9", "“".encode(), "”".encode(), "’".encode(), "…".encode(), b"&quot;", b"&gt;"),
]
"""What the grammars are put together with."""


@given(parts=st.lists(st.one_of(*map(st.sampled_from, (ANCHORS, SIGNS, SIGNS, BREAK_BYTES)), st.binary(max_size=4))))
def test_every_law_holds_for_the_anchors_and_signs_of_any_grammar(check_laws: CheckLaws, parts: list[bytes]) -> None:
    check_laws(CLEANERS["leaks"], Record("page.txt", 0, b"".join(parts)))


def cuts(strip: str, raw: bytes) -> list[tuple[int, int]] | None:
    """Return the spans that are cut; None for a reject."""
    try:
        document = CLEANERS[strip].clean(Record("page.txt", 0, raw))
    except RejectedDocument:
        return None
    return [claim.span for claim in document.claims if claim.is_cut]


@given(raw=documents)
def test_a_profile_that_strips_nothing_cuts_nothing(raw: bytes) -> None:
    assert not cuts("none", raw)


@given(raw=documents)
def test_a_profile_that_strips_leaks_cuts_nothing_that_is_not_proven(raw: bytes) -> None:
    leaks, everything = cuts("leaks", raw), cuts("all", raw)
    assume(leaks is not None and everything is not None)
    # The cuts of one of them may leave a text that would read as a leak; then such a page is left whole.
    if leaks and everything:
        assert all(any(wide[0] <= start and stop <= wide[1] for wide in everything) for start, stop in leaks)


def is_reject(raw: bytes, code: str) -> bool:
    """Whether a document is rejected with this code."""
    try:
        CLEANERS["leaks"].clean(Record("page.txt", 0, raw))
    except RejectedDocument as rejected:
        return rejected.code == code
    return False


@given(white=st.lists(st.sampled_from([text for text in BLANKS + BREAKS if text != "\u200b"])))
def test_a_document_of_white_space_is_empty(white: list[str]) -> None:
    assert is_reject("".join(white).encode(), "empty")


@given(raw=st.binary(max_size=40).filter(lambda raw: b"(" not in raw))
def test_without_a_head_a_document_is_undecodable_only_when_it_is_not_utf8(raw: bytes) -> None:
    assert not (is_utf_8(raw) and is_reject(raw, "undecodable"))


# ------------------------------------------------------------------------------------- a leak leaves the page alone

CLEAN_HEADS = [(), ("Ferry Back in Harbour",), ("VIDEO: Tram Returns", "Sun Mar 27, 2016 11:55:38"), ("2016-03-27",)]
CLEAN_PROSE = [
    "Rain fell on the pier all day.",
    "“It will pass,” she said, and it did. Then it did again.",
    "A list of lamps:",
    "no end here",
    "باران می‌بارد.",
]
CLEAN_FEET = [(), ("S/SH 11",), ("R/TO 11-4",)]


@st.composite
def clean_pages(draw: st.DrawFn) -> bytes:
    """Write a page without any leak: head, prose and foot, with line breaks of one kind."""
    prose = draw(st.lists(st.sampled_from(CLEAN_PROSE), min_size=1, max_size=4))
    lines = [*draw(st.sampled_from(CLEAN_HEADS)), *prose, *draw(st.sampled_from(CLEAN_FEET))]
    return draw(st.sampled_from(["\n", "\n\n", "\r\n", "\r\n\r\n"])).join(lines).encode()


@st.composite
def with_a_leak(draw: st.DrawFn, page: bytes, dump: bytes) -> bytes:
    """Put what PHP prints where it may print: above the page, below it, between two lines, or between two words."""
    newline = b"\r\n" if b"\r" in page else b"\n"
    starts = [found.end() for found in re.finditer(rb"[\r\n]+", page)]
    blanks = [found.end() for found in re.finditer(rb" ", page)]
    place = draw(st.sampled_from(["above", "below", *(["line"] if starts else []), *(["word"] if blanks else [])]))
    if place == "above":
        return dump + draw(st.sampled_from([newline, newline * 2])) + page
    if place == "below":
        return page + draw(st.sampled_from([newline, newline * 2])) + dump + draw(st.sampled_from([b"", newline]))
    at = draw(st.sampled_from(starts if place == "line" else blanks))
    return page[:at] + dump + newline + page[at:]


@given(data=st.data(), page=clean_pages(), dump=st.one_of(exact_strings(), structures))
def test_a_proven_dump_put_into_a_page_leaves_the_article_as_it_was(
    data: st.DataObject, page: bytes, dump: bytes
) -> None:
    assume([(claim.span, claim.status) for claim in segments.read(dump, "all").claims] == [((0, len(dump)), "exact")])
    leaked = data.draw(with_a_leak(page, dump))
    before = CLEANERS["leaks"].clean(Record("page.txt", 0, page)).article
    try:
        document = CLEANERS["leaks"].clean(Record("page.txt", 0, leaked))
    except RejectedDocument:
        reject()  # it was left in the text, which says that it shows it, and it is not UTF-8
    assume(not any("announce" in claim.reason for claim in document.claims))  # the page may say that it shows it
    assert [claim.span.of(leaked) for claim in document.claims] == [dump]
    assert replace(document.article, edits=()) == replace(before, edits=())
