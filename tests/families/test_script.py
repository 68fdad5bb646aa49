"""What tells a script, a style sheet and a statement of SQL from the prose around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.families.script.statements import Refusal, Statement, read_statement
from pipeline.families.sql_error.statements import statement_end
from pipeline.stages import segments

WORDS = st.lists(st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True), min_size=2, max_size=6)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\\'"), max_size=12)


@pytest.mark.parametrize(
    "statement",
    [
        "a = b ? c : -d;",
        "f(function() { return [1, {a: 2}]; });",
        "if (a) { b() } else if (c) { d() } else { e() }",
        "try { a(); } catch (e) {} finally { b(); }",
        "for (var i = 0; i < 3; i++) a[i] = /[/]/g;",
        "a = `x ${b(`y ${c}`)} z`;",
        "class A extends B { get x() { return 1 } }",
        "const f = async (a, {b}) => { await g(...b); };",
        "document.write('<scr' + 'ipt>');",
    ],
)
@pytest.mark.parametrize("behind", ["", " The council met.", "\n\nThe council met.", "\n“Late,” he said."])
def test_a_statement_ends_where_it_ends(statement: str, behind: str) -> None:
    read = read_statement((statement + behind).encode(), 0)
    assert isinstance(read, Statement)
    assert read.stop == len(statement)


@given(WORDS)
def test_words_side_by_side_are_no_statement(words: list[str]) -> None:
    text = " ".join(["The", "council", *words]) + ";"
    assert isinstance(read_statement(text.encode(), 0), Refusal)


@given(TEXTS, TEXTS)
def test_what_stands_in_a_string_ends_nothing(one: str, other: str) -> None:
    call = f"window.f('{one}', ['{other}']);"
    page = f"The council met.\n\n{call}\n\nNobody came."
    cuts = [claim.span.of(page.encode()).decode() for claim in segments.read(page.encode()).claims if claim.is_cut]
    assert call in cuts


@pytest.mark.parametrize(
    ("statement", "behind"),
    [
        ("SELECT a.b AS c FROM quays a WHERE a.id = 3 LIMIT 1", " The pier stays closed."),
        ("INSERT INTO `a` (`b`) VALUES ('it''s; late')", " and so on they went"),
        ("UPDATE a SET b = b + 1 WHERE c = 'd'", "\n\nSELECT is a word."),
        ("select x from y order by z desc", " Nobody came."),
        ("DELETE FROM a WHERE b IN (SELECT c FROM d);", " from then on"),
    ],
)
def test_a_statement_of_sql_ends_before_words_that_are_none_of_it(statement: str, behind: str) -> None:
    assert statement_end((statement + behind).encode(), 0) == len(statement)


@pytest.mark.parametrize(
    "page",
    [
        "He said (twice) that x = y; nobody minded {at all}.",
        "Call if (and only if) the office is open; for (say) a day.",
        "The set {a: b} has two parts; body {and soul} as well.",
        "Write to a.b(at)quay.example; the site said so.",
        "Select the best of the catch from the boats where they land.",
    ],
)
def test_nothing_is_cut_from_prose_with_the_signs_of_code(page: str) -> None:
    assert not any(claim.is_cut for claim in segments.read(page.encode()).claims)
