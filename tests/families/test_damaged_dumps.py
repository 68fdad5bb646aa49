"""Dumps after what happens to a page: read as what they were, cut short no further than they are, and never with prose.

A generator prints arrays as PHP does, so that any value is there to be damaged.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from typing import TypeAlias

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Document, Record
from pipeline.profiles import load
from pipeline.stages import Cleaner, segments

CheckLaws = Callable[[Cleaner, Record], Document | None]
Value: TypeAlias = "str | int | bool | dict[str, Value] | None"

CLEANER = Cleaner(load())
BEFORE, AFTER = "The tide was late.\n\n", "\n\nThe gulls were not.\n"

TEXT = st.text(st.sampled_from("ab é’€😀&<>=;,.:"), max_size=24)
KEY = st.text(st.sampled_from("abé_-5 "), min_size=1, max_size=8).filter(lambda key: not key.isdigit())
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | TEXT,
    lambda inner: st.dictionaries(KEY, inner, max_size=4),
    max_leaves=8,
)
ARRAYS = st.dictionaries(KEY, VALUES, min_size=1, max_size=4)


def printed(value: Value, level: int = 0) -> str:
    """Return a value as PHP prints it."""
    indent = "  " * level
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return f"bool({str(value).lower()})"
    if isinstance(value, int):
        return f"int({value})"
    if isinstance(value, str):
        return f'string({len(value.encode())}) "{value}"'
    members = "".join(f'{indent}  ["{key}"]=>\n{indent}  {printed(one, level + 1)}\n' for key, one in value.items())
    return f"array({len(value)}) {{\n{members}{indent}}}"


def emptied(value: object) -> object:
    """Return a value in which arrays without members are lists, as the data dictionary has it."""
    if isinstance(value, dict):
        return {key: emptied(one) for key, one in value.items()} or []
    return value


def collapsed(text: str) -> str:
    """Return a text in which every run of white space is one blank."""
    return regex.sub(r"[ \n]+", " ", text)


def curly(text: str) -> str:
    """Return a text whose quotes were made curly by what stands before them."""
    return regex.sub(r'(?<=[\s\[])"', "“", text).replace('"', "”")


def of_a_blog(text: str) -> str:
    """Return what a blog engine makes of a text."""
    signs = curly(text).replace("“", "&#8220;").replace("”", "&#8221;").replace("\n", "<br />\n")
    return f"<p>{signs}</p>"


DAMAGES: dict[str, Callable[[str], str]] = {
    "none": str,
    "lines trimmed": lambda text: "\n".join(line.strip() for line in text.split("\n")),
    "windows line ends": lambda text: text.replace("\n", "\r\n"),
    "entities encoded": html.escape,
    "curly quotes": curly,
    "typographic arrows": lambda text: text.replace("]=>", "]⇒"),
    "made a blog post": of_a_blog,
}
"""Damage after which each string is still told exactly."""


@pytest.mark.parametrize("damage", DAMAGES)
@settings(max_examples=60)
@given(value=ARRAYS)
def test_a_damaged_dump_is_cut_whole_and_read_right(damage: str, value: dict[str, Value]) -> None:
    dump = DAMAGES[damage](printed(value))
    document = CLEANER.clean(Record("page.txt", 0, f"{BEFORE}{dump}{AFTER}".encode()))
    assert document.article.body == "The tide was late.\n\nThe gulls were not."
    (claim,) = document.claims
    assert claim.status == ("exact" if damage == "none" else "repaired")
    assert json.loads(claim.value or "") == emptied(value)


@settings(max_examples=60)
@given(value=ARRAYS)
def test_a_collapsed_dump_is_cut_whole(value: dict[str, Value]) -> None:
    dump = collapsed(printed(value))
    (claim,) = segments.read(f"{BEFORE}{dump}{AFTER}".encode()).claims
    assert claim.span.of(f"{BEFORE}{dump}{AFTER}".encode()) == dump.encode()


@pytest.mark.parametrize("damage", [*DAMAGES, "collapsed"])
@settings(max_examples=40)
@given(value=ARRAYS, share=st.floats(0, 1), gap=st.sampled_from(["\n\n", "\n", " "]), dots=st.sampled_from(["", "…"]))
def test_prose_behind_a_dump_cut_short_is_never_taken(
    damage: str, value: dict[str, Value], share: float, gap: str, dots: str
) -> None:
    dump = (DAMAGES | {"collapsed": collapsed})[damage](printed(value))
    cut = dump[: int(len(dump) * share)].rstrip() + dots
    prose = "The gulls were late, and nobody minded.\n\nRain fell. array(1) {\n  [0]=>\n  int(1)\n}\n"
    raw = f"{BEFORE}{cut}{gap}{prose}".encode()
    prose_start = len(raw) - len(prose.encode())
    for claim in segments.read(raw).claims:
        if claim.is_cut and claim.span.start < prose_start:
            assert claim.span.stop <= prose_start, claim


@pytest.mark.parametrize("damage", [*DAMAGES, "collapsed"])
@settings(max_examples=15)
@given(value=ARRAYS, share=st.floats(0.2, 1))
def test_the_laws_hold_for_damaged_dumps_and_for_their_first_parts(
    check_laws: CheckLaws, damage: str, value: dict[str, Value], share: float
) -> None:
    dump = (DAMAGES | {"collapsed": collapsed})[damage](printed(value))
    page = f"{BEFORE}int(5)\n{dump}\nNULL\n\n{dump[: int(len(dump) * share)]}{AFTER}"
    check_laws(CLEANER, Record("page.txt", 0, page.encode()))


@pytest.mark.parametrize("word", ["NULL", "int(5)", "bool(true)", "float(1.5)", "enum(Tide::Ebb)"])
@pytest.mark.parametrize("page", ["{0}", "Rain fell. {0}", "{0}\n\nRain fell.\n\narray(0) {{\n}}"])
def test_a_bare_value_proves_nothing(word: str, page: str) -> None:
    raw = page.format(word).encode()
    assert not any(claim.is_cut and claim.value != "[]" for claim in segments.read(raw).claims)


@pytest.mark.parametrize("dump", ["array(0) {\n}", 'string(2) "ok"', "object(Pier)#1 (0) {\n}"])
@pytest.mark.parametrize(
    ("before", "after"), [("int(5)\n", ""), ("", "\nint(5)"), ("int(5) ", ""), ("int(5)\nNULL\n", "")]
)
def test_a_bare_value_is_proven_by_the_dump_beside_it(dump: str, before: str, after: str) -> None:
    claims = segments.read(f"Rain fell.\n{before}{dump}{after}\n\nIt stopped.".encode()).claims
    bare = [claim.value for claim in claims if claim.reason == "proven by the value beside it"]
    assert bare == ["5"] + ["null"] * ("NULL" in before)
    assert all(claim.status == "exact" for claim in claims)


@pytest.mark.parametrize(
    ("values", "cut"),
    [
        ("int(1)\n\nint(1)", 2),
        ("int(1)\nbool(true)\nNULL\nfloat(0.5)", 4),
        ("int(1)", 0),
        ("int(1) int(2)", 0),
        ("NULL\nNULL", 0),
        ("int(1)\nNULL", 0),
        ("int(1)\nand then\nint(2)", 0),
        ("There were int(1)\nint(2)", 0),
    ],
)
def test_bare_values_prove_one_another_on_lines_of_their_own(values: str, cut: int) -> None:
    document = CLEANER.clean(Record("page.txt", 0, f"{BEFORE}{values}{AFTER}".encode()))
    assert sum(claim.is_cut for claim in document.claims) == cut


def test_a_value_that_is_kept_proves_nothing_beside_it() -> None:
    claims = segments.read(b"Rain fell.\n\narray(2) {\n  [0]=>\n  int(1)\n}\nint(5)\n\nIt stopped.").claims
    assert [(claim.status, claim.reason) for claim in claims] == [("kept", "2 members are declared, 1 stand there")]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("array(2) {\n  [0]=>\n  int(1)\n  [1]=>\n  in", "array(2) {\n  [0]=>\n  int(1)\n  [1]=>\n  in"),
        ("array(2) {\n  [0]=>\n  int(1)\n  [1]=>…", "array(2) {\n  [0]=>\n  int(1)\n  [1]=>…"),
        ("array(2) {\n  [0]=>\n  int(1) [&hellip;]", "array(2) {\n  [0]=>\n  int(1) [&hellip;]"),
        ("array(2) {\n  [0]=>\n  int(1)\n  [", "array(2) {\n  [0]=>\n  int(1)\n  ["),
        ('array(2) {\n  [0]=>\n  int(1)\n  ["the ol', 'array(2) {\n  [0]=>\n  int(1)\n  ["the ol'),
        ('array(2) {\n  [0]=>\n  string(9) "half', ""),
        ('array(2) {\n  [0]=>\n  int(1)\n  [1]=>\n  string(99) "one\ntwo', None),
        ("array(2) { [0]=> int(1) [1]=> str… and more", "array(2) { [0]=> int(1) [1]=> str…"),
        ("array(2) { [0]=> int(1) and more", ""),
    ],
)
def test_where_a_value_cut_short_ends_with_prose_below(text: str, cut: str | None) -> None:
    raw = f"{BEFORE}{text}{AFTER}".encode()
    cuts = [claim.span.of(raw).decode() for claim in segments.read(raw).claims if claim.is_cut]
    assert cuts == ([text if cut is None else cut] if cut != "" else [])
