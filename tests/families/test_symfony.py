"""Symfony's VarDumper: what proves a value, where a string ends, and what belongs to a dump."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.families.claims import cuts, hold_alone, value_of, whole

PRE = '<pre class=sf-dump id=sf-dump-7 data-indent-pad="  ">'


def read(dump: str) -> object:
    """Return the value of a dump that is the whole page, and is cut as a whole."""
    return whole(dump, "symfony")


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("-7", -7),
        ("1.0", 1.0),
        ("1.0E+100", 1e100),
        ("-INF", {"$float": "-INF"}),
        ("null", None),
        ("true", True),
        ("[]", []),
        ("&2 1", 1),
        ('"a"b"', 'a"b'),
        ('"""""', '"""'),
        ('b"ÿ\\x00"', {"$bytes": "/wA="}),
        ("{#4}", {"$class": "stdClass"}),
        (
            "DateTime @0 {#6\n    date: 1970-01-01 00:00:00.0 +00:00\n  }",
            {"$class": "DateTime", "date": "1970-01-01 00:00:00.0 +00:00"},
        ),
        ("Closure(int $x) {#5}", {"$class": "Closure(int $x)"}),
        ("stream resource {@5\n    eof: false\n  }", {"$resource": "stream", "$id": 5, "eof": False}),
        ('"""\n    a\\n\n    b\n    """', "a\nb"),
        ('"""\n    a\\n\n    b\\n\n    """', "a\nb\n"),
    ],
)
def test_a_value(printed: str, value: object) -> None:
    assert read(f'array:1 [\n  "k" => {printed}\n]') == {"k": value}


def test_members_of_an_object_by_their_signs() -> None:
    dump = 'Foo {#3\n  +a: 1\n  #b: 2\n  -c: 3\n  +"d e": 4\n  virtual: 5\n  +u: ? ?int\n}'
    plain = {"$class": "Foo", "a": 1, "b": 2, "c": 3, "d e": 4, "virtual": 5}
    assert read(dump) == plain | {"u": {"$uninitialized": "?int"}}


def test_an_object_shown_before_is_not_shown_again() -> None:
    assert read("Foo {#3\n  +self: Foo {#3}\n}") == {"$class": "Foo", "self": {"$recursion": True}}


def test_a_length_tells_an_escape_from_a_backslash() -> None:
    assert read('array:2 [\n  0 => (3) "a\\tb"\n  1 => (4) "a\\tb"\n]') == ["a\tb", "a\\tb"]


def test_without_a_length_an_escape_is_ambiguous() -> None:
    (claim,) = cuts('array:1 [\n  0 => "a\\tb"\n]')
    assert (claim.status, claim.value) == ("ambiguous", '["a\\tb"]')


def test_lines_run_together() -> None:
    assert read('array:2 [ "k" => "say "yes"" 1 => Foo {#3 +a: """ x\\n y """ } ]') == {
        "k": 'say "yes"',
        "1": {"$class": "Foo", "a": "x\ny"},
    }


@pytest.mark.parametrize(
    "dump",
    [
        "^ array:1 [ // app/Http/X.php:20\n  0 => 1\n]",
        "^ array:1 [\n  0 => 1\n] // app/Http/X.php:20",
        'array:1 [▼\n  0 => 1\n]\nSfdump("sf-dump-7")',
        '<pre class="sf-dump" id="sf-dump-7">^ [1 => 1]</pre>'.replace(
            "[1 => 1]", "array:1 [<samp>\n  0 => 1\n</samp>]\n"
        ),
        "Sfdump = window.Sfdump || (function (doc) {})(document); pre.sf-dump { color: red } array:1 [\n  0 => 1\n]",
    ],
)
def test_what_belongs_to_a_dump(dump: str) -> None:
    assert read(dump) == [1]


def test_any_value_counts_in_its_own_tags() -> None:
    assert read(f'{PRE}"<span class=sf-dump-str title="3 characters">a&amp;b</span>"\n</pre>') == "a&b"


@pytest.mark.parametrize(
    "dump",
    [
        'array:1 [\n  0 => "abc"…120\n]',
        "array:12 [\n  0 => 1\n   …11\n]",
        "array:1 [\n  0 => Foo {#3 …4}\n]",
    ],
)
def test_what_vardumper_left_out_makes_a_value_truncated_but_its_span_exact(dump: str) -> None:
    (claim,) = cuts(f"Rain fell.\n\n{dump} It went on.")
    assert claim.status == "truncated"
    assert "VarDumper's own limit" in claim.reason
    assert claim.span == (12, 12 + len(dump.encode()))


TAGGED = '<pre class=sf-dump id=sf-dump-7 data-indent-pad="  "><span class=sf-dump-note>array:2</span> [<samp>\n  '
TAGGED += "<span class=sf-dump-index>0</span> => <span class=sf-dump-num>5</span>\n  "
PROLOGUE = "<script> Sfdump = window.Sfdump || (function (doc) { "
RULES = PROLOGUE + "})(document); </script><style> pre.sf-dump { color: #fff; }"


@pytest.mark.parametrize(
    ("dump", "value"),
    [
        ('array:2 [\n  0 => 5\n  "wind" => {', [5]),
        ('array:2 [\n  0 => 5\n  "wind" => {#1', {"0": 5, "wind": {"$class": "stdClass"}}),
        ("array:2 [\n  0 => 5\n  1 => 1.", [5]),
        ('array:2 [\n  0 => 5\n  1 => (9) """\n    two\\n\n    lines\n    ""', [5]),
        ('array:1 [\n  "quay" => array:2 [\n    "north', {"quay": []}),
        ('[\n  "wind" => 5\n  "rain" => "all da', {"wind": 5}),
        ('[\n  "wind" => [\n    1\n    2\n    "thr', {"wind": [1, 2]}),
        ('array:2 [\n  0 => 5\n  1 => "reef"', [5, "reef"]),
        ("array:2 [\n  0 => 5\n  1 => array:2 [", [5, []]),
        ("Quay {#1\n  +a: 5\n  +b: nul", {"$class": "Quay", "a": 5}),
        (TAGGED + "<span class=sf-dump-in", [5]),
        (TAGGED + "<span class=sf-dump-index>1</span> =>", [5]),
        (TAGGED + "<span class=sf-dump-index>1</span> => {<a class=sf-dump-", [5]),
        (TAGGED + '<span class=sf-dump-private title="Private property defined in class:&#10;`Qu', [5]),
        (TAGGED + '<span class=sf-dump-private title="Private property defined in class:&#10;`Quay`"', [5]),
        (TAGGED + "<span class=sf-dump-index>1</span> => <span class=sf-dump-num>1.", [5]),
        (PROLOGUE + "var refStyle = doc.", None),
        (PROLOGUE + "return doc.createElement('sp", None),
        (RULES, None),
        (RULES + " pre.sf-du", None),
        (RULES + "pr", None),
        (RULES + "</style><pre class=sf-d", None),
    ],
)
@pytest.mark.parametrize("mark", ["", "…", "..."])
def test_a_dump_that_breaks_off_is_cut_to_the_end(dump: str, value: object, mark: str) -> None:
    (claim,) = cuts(f"Rain fell.\n\n{dump}{mark}")
    assert claim.span == (12, 12 + len((dump + mark).encode()))
    assert (value_of(claim) if claim.value else None) == value
    if mark:
        assert claim.status == "truncated"
        (again,) = cuts(f"Rain fell.\n\n{dump}{mark}\n\nTwo ferries [the larger ones] stayed => none sailed.")
        assert (again.span, again.value) == (claim.span, claim.value)


@pytest.mark.parametrize(
    "prose", ["Two ferries [the larger ones] stayed in port.", "He stayed. Yes.", "雨が降った。", "It's “a start”."]
)
def test_a_sentence_behind_code_that_breaks_off_is_left(prose: str) -> None:
    assert cuts(f"Rain fell.\n\n{PROLOGUE}var a = doc. {prose}") == []
    (claim,) = cuts(f"Rain fell.\n\n{RULES} pre.sf-dump {prose}")
    assert claim.span == (12, 12 + len(RULES))


def test_a_blank_line_ends_a_dump_whose_tag_stays_open() -> None:
    page = f"Rain fell.\n\n{TAGGED}<span class=sf-dump-in\n\nTwo ferries [the larger ones] stayed => none sailed."
    (claim,) = cuts(page)
    assert (claim.span.stop, claim.status, value_of(claim)) == (page.index("\n\nTwo"), "truncated", [5])


@pytest.mark.parametrize("rest", ["\nS", "<script>Sfdu", '<script>Sfdump("sf-dump-7")</scr'])
def test_the_script_behind_a_dump_may_break_off_as_well(rest: str) -> None:
    dump = f"{TAGGED}</samp>]\n</pre>".replace("array:2", "array:1")
    (claim,) = cuts(f"Rain fell.\n\n{dump}{rest}…\n\nTwo ferries stayed.")
    assert (claim.span.stop, value_of(claim)) == (12 + len((dump + rest + "…").encode()), [5])


@pytest.mark.parametrize("tag", ["<style", "<pre class=sf-dump"])
def test_a_tag_that_breaks_off_takes_no_prose(tag: str) -> None:
    page = f"Rain fell.\n\n{RULES}{tag}\n\nTwo ferries [the larger ones] stayed => none sailed."
    (claim,) = cuts(page)
    assert claim.span == (12, 12 + len(RULES))


def test_the_mark_of_an_excerpt_behind_a_whole_value_is_cut_with_it() -> None:
    (claim,) = cuts("Rain fell.\n\narray:1 [\n  0 => 5\n]…\n\nIt went on.")
    assert (claim.span.stop, claim.status, value_of(claim)) == (35, "truncated", [5])


@pytest.mark.parametrize(
    "text",
    [
        "array:2 [",
        "Foo {#3",
        "Foo {#3}",
        '[\n  "a",\n  "b"\n]',
        '[\n  "a"\n]',
        "^ 7",
        "a [list] of => things",
        "{#each}",
    ],
)
def test_prose_is_left_alone(text: str) -> None:
    assert cuts(f"It said\n\n{text}\n\nand the rain went on.") == []


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"], exclude_characters="\\"), max_size=40)
)
@example("<p>")
@example("one<br>two</p>")
def test_a_string_on_its_line_may_hold_anything(text: str) -> None:
    assert read(f'array:1 [\n  "k" => "{text}"\n]') == {"k": text}


@given(st.text('array:1 [\n  0 => "k"]{#3 +a: }…^ // x.php:1&quot;<b>', max_size=120))
def test_whatever_is_cut_is_cut_again_when_it_stands_alone(text: str) -> None:
    hold_alone(text)
