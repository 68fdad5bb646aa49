"""Xdebug's ``var_dump``: what proves a value, where a string ends, and what Xdebug leaves out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.families.claims import cuts, hold_alone, value_of, whole

HEADER = "/srv/www/page.php:9:\n"


def read(dump: str) -> object:
    """Return the value of a dump that is the whole page, and is cut as a whole."""
    return whole(dump, "xdebug")


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("int(-7)", -7),
        ("double(1)", 1.0),
        ("double(-INF)", {"$float": "-INF"}),
        ("bool(false)", False),
        ("NULL", None),
        ("enum Tide::High;", {"$enum": "Tide::High"}),
        ("enum Tide::High : int(2);", {"$enum": "Tide::High"}),
        ('enum Tide::High : string("high");', {"$enum": "Tide::High"}),
        ("resource(5) of type (stream)", {"$resource": "stream", "$id": 5}),
        ("&array", {"$recursion": True}),
        ('string(3) "a"b"', 'a"b'),
        ('string(3) "a\\000b"', "a\0b"),
        ("array(0) {\n  }", []),
    ],
)
def test_a_value_of_the_text_form(printed: str, value: object) -> None:
    assert read(f"array(1) {{\n  'k' =>\n  {printed}\n}}") == {"k": value}
    assert read(f"{HEADER}{printed}") == value


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("int -7", -7),
        ("float 1.0E+22", 1e22),
        ("boolean true", True),
        ("null", None),
        ("enum(Tide::High) : int 2", {"$enum": "Tide::High"}),
        ("resource(5, stream)", {"$resource": "stream", "$id": 5}),
        ("string 'it's' (length=4)", "it's"),
        ("string 'größe' (length=7)", "größe"),
        ("string 'a' (length=2) b' (length=15)", "a' (length=2) b"),
        ("array (size=0)\n  empty", []),
    ],
)
def test_a_value_of_the_html_form_without_its_tags(printed: str, value: object) -> None:
    assert read(f"array (size=1)\n  'k' => {printed}") == {"k": value}
    assert read(f"{HEADER}{printed}") == value


def test_properties_tell_their_type_and_whether_they_were_set() -> None:
    dump = "class Foo#3 (2) {\n  private readonly ?Foo $twin =>\n  NULL\n  public int $a =>\n  *uninitialized*\n}"
    assert read(dump) == {"$class": "Foo", "twin": None, "a": {"$uninitialized": "int"}}


def test_properties_belong_to_the_object_they_are_indented_under() -> None:
    dump = "object(A)[1]\n  public 'b' => \n    object(B)[2]\n      public 'c' => int 1\n  public 'd' => int 2"
    assert read(dump) == {"$class": "A", "b": {"$class": "B", "c": 1}, "d": 2}


def test_without_its_indent_an_object_in_an_object_is_ambiguous() -> None:
    (claim,) = cuts("object(A)[1] public 'b' => object(B)[2] public 'c' => int 1 public 'd' => int 2")
    assert claim.status == "ambiguous"
    assert "indent" in claim.reason


def test_a_typed_property_is_none_of_a_plain_object() -> None:
    dump = "object(A)[1] public 'b' => object(stdClass)[2] public 'c' => int 1 private int 'd' => int 2"
    assert read(dump) == {"$class": "A", "b": {"$class": "stdClass", "c": 1}, "d": 2}


@pytest.mark.parametrize(
    "dump",
    [
        "array(1) {\n  'k' =>\n  string(900) \"the beginning\"...\n}",
        "array(1) {\n  'k' =>\n  array(2) {\n    ...\n  }\n}",
        "array(200) {\n  [0] =>\n  int(1)\n\n  (more elements)...\n}",
        "array (size=1)\n  0 => string 'the beginning'... (length=900)",
        "array (size=200)\n  0 => int 1\n  more elements...",
    ],
)
def test_what_xdebug_left_out_makes_a_value_truncated_but_its_span_exact(dump: str) -> None:
    page = f"Rain fell.\n\n{dump} It went on."
    (claim,) = cuts(page)
    assert claim.status == "truncated"
    assert "Xdebug's own limit" in claim.reason
    assert claim.span == (12, 12 + len(dump))


IN_PRE = (
    "<pre class='xdebug-var-dump' dir='ltr'>\n<b>array</b> <i>(size=2)</i>\n  0 <font color='#888a85'>=&gt;</font> "
)
IN_PRE += "<small>int</small> <font color='#4e9a06'>5</font>\n  "
ARROW = "<font color='#888a85'>=&gt;</font> "


@pytest.mark.parametrize(
    ("dump", "value"),
    [
        ('array(2) {\n  [0] =>\n  string(9) "reef"...\n  [1', ["reef"]),
        ('class A#1 (4) {\n  public $a =>\n  string(9) "reef"...\n\n  (more ele', {"$class": "A", "a": "reef"}),
        ("class A#1 (4) {\n  public $a =>\n  NULL\n\n  (", {"$class": "A", "a": None}),
        ("array(2) {\n  [0] =>\n  int(5)\n  [1] =>\n  double(0.", [5]),
        ("array (size=2)\n  0 => int 5\n  1 => enum(Tide::Low) : string 'low' (len", [5, {"$enum": "Tide::Low"}]),
        ("array (size=2)\n  0 => int 5\n  1 => \n    array (size=0)\n      em", [5, []]),
        ("class A#1 (4) {\n  public $a =>\n  NULL\n  protected ?", {"$class": "A", "a": None}),
        ("class A#1 (4) {\n  public $a =>\n  NULL\n  public $b =>", {"$class": "A", "a": None}),
        ("array(2) {\n  [0] =>\n  int(5)\n  [1] =>\n  array(2) {", [5, []]),
        ('array(2) {\n  [0] =>\n  int(5)\n  [1] =>\n  string(21) "x =>', [5]),
        ("array (size=2)\n  0 => int 5\n  1 => \n    array (size=2)", [5, []]),
        (IN_PRE + f"1 {ARROW.rstrip()}", [5]),
        (IN_PRE + f"1 {ARROW}<b>enum</b>(<i>Tide::Low</i>) : <small>str", [5, {"$enum": "Tide::Low"}]),
        (IN_PRE + f"'a&#10;&#10;b 1' {ARROW[:5]}", [5]),
        (IN_PRE + f"1 {ARROW}<small>float</small> <font color='#f57900'>0.", [5]),
        (
            IN_PRE + f"1 {ARROW}\n    <b>object</b>(<i>A</i>)[<i>1</i>]\n      <i>more elements...</",
            [5, {"$class": "A"}],
        ),
        (IN_PRE + f"1 {ARROW}\n    <b>object</b>(<i>A</i>)[<i>1</i>]\n      <i>more elements.", [5, {"$class": "A"}]),
    ],
)
@pytest.mark.parametrize("mark", ["", "…", "..."])
def test_a_dump_that_breaks_off_is_cut_to_the_end(dump: str, value: object, mark: str) -> None:
    (claim,) = cuts(f"Rain fell.\n\n{dump}{mark}")
    assert claim.span == (12, 12 + len((dump + mark).encode()))
    assert value_of(claim) == value
    if mark:
        (again,) = cuts(f"Rain fell.\n\n{dump}{mark}\n\nTwo ferries [the larger ones] stayed => none sailed.")
        assert (again.span, again.value) == (claim.span, claim.value)


@pytest.mark.parametrize(
    "dump",
    [
        "array (size=2)\n  0 => int 5\n  1 => string 'one\n\ntwo' (len",
        'array(2) {\n  [0] =>\n  int(5)\n  [1] =>\n  string(21) "x =".',
    ],
)
def test_a_text_breaks_off_behind_its_closing_quote(dump: str) -> None:
    (claim,) = cuts(f"Rain fell.\n\n{dump}")
    assert (claim.span, value_of(claim)) == ((12, 12 + len(dump)), [5])


@pytest.mark.parametrize("rest", [f"1 {ARROW}<small>int</small> <fon", f"1 {ARROW}", "1", ""])
def test_a_blank_line_ends_a_dump_whose_tag_stays_open(rest: str) -> None:
    (claim,) = cuts(f"Rain fell.\n\n{IN_PRE}{rest}\n\nTwo ferries [the larger ones] stayed => none sailed.")
    assert (claim.span.stop, claim.status, value_of(claim)) == (12 + len((IN_PRE + rest).rstrip()), "truncated", [5])


def test_a_text_left_short_ends_at_its_dots_though_its_length_leads_into_the_next_key() -> None:
    dump = "array(2) {\n  'k' =>\n  string(20) \"reef\"...\n  'the \"one\" he' =>\n  int(5)\n}"
    (claim,) = cuts(f"{HEADER}{dump}")
    assert value_of(claim) == {"k": "reef", 'the "one" he': 5}


LINES = "array (size=2)\n  0 => int 5\n  "


@pytest.mark.parametrize("rest", ["1 => string 'one\ntwo…", "'one\ntwo'…", "1 => string 'one\n\ntwo three four' (le…"])
def test_texts_of_several_lines_break_off_at_a_mark(rest: str) -> None:
    page = f"Rain fell.\n\n{LINES}{rest}\n\nIt went on."
    (claim,) = cuts(page)
    assert (page.encode()[: claim.span.stop].decode().endswith(rest), value_of(claim)) == (True, [5])


@pytest.mark.parametrize(
    "rest", ["1 => string 'one\nThe rain went on…", "'one\nThe rain went on…", "'one\n\nShe said 'no'"]
)
def test_prose_below_a_text_that_breaks_off_is_left(rest: str) -> None:
    assert cuts(f"Rain fell.\n\n{LINES}{rest}") == []


@pytest.mark.parametrize("prose", ["'No,' she said, 'it was (len…", "'No,' she said,\n'it was (len…"])
def test_prose_in_quotes_below_a_dump_that_breaks_off_is_no_key(prose: str) -> None:
    begun = f"Rain fell.\n\n{HEADER}array(2) {{\n  [0] =>\n  int(5)\n  "
    assert cuts(begun + prose) == []
    (claim,) = cuts(f"{begun}'keep…")
    assert (claim.span.stop, value_of(claim)) == (len(f"{begun}'keep…".encode()), [5])


LEFT_OUT = [
    "array (size=3)",
    "  0 => int 5",
    "  1 => ",
    "    object(A)[1]",
    "      public 'a' => null",
    "      public 'b' => int 6",
    "      more elements...",
    "  more elements...",
]
SHOWN = [5, {"$class": "A", "a": None, "b": 6}]


@pytest.mark.parametrize("between", ["\n", " "])
def test_members_left_out_belong_to_what_they_are_indented_under_or_to_what_has_most(between: str) -> None:
    lines = LEFT_OUT if between == "\n" else [line.strip() for line in LEFT_OUT]
    assert read(between.join(lines)) == SHOWN
    assert read(between.join(line for line in lines if "'b'" not in line and line != lines[6])) == [
        5,
        {"$class": "A", "a": None},
    ]


def test_a_key_with_quotes_may_follow_a_string_that_was_left_short() -> None:
    (claim,) = cuts(
        "array(3) { [0] => string(9) \"reef\"... 'the keeper\\'s' => int(5) (more elements)... } Rain fell."
    )
    assert value_of(claim) == {"0": "reef", "the keeper's": 5}


@pytest.mark.parametrize(
    "text",
    [
        "int 1",
        "boolean true",
        "class sizes",
        "string 'abc' (length=9)",
        "object(Foo)[3]",
        "array (size=2)",
        "a.php:9: x",
    ],
)
def test_prose_is_left_alone(text: str) -> None:
    assert cuts(f"It said {text} and the rain went on.") == []


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=40))
def test_a_string_may_hold_anything(text: str) -> None:
    length = len(text.encode())
    assert read(f"array(1) {{\n  'k' =>\n  string({length}) \"{text}\"\n}}") == {"k": text}
    assert read(f"array (size=1)\n  'k' => string '{text}' (length={length})") == {"k": text}


@given(st.text("array(1) {\n  [0] =>'k string\"}…<b>&quot;int.php:9size=length", max_size=120))
def test_whatever_is_cut_is_cut_again_when_it_stands_alone(text: str) -> None:
    hold_alone(text)
