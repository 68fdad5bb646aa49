"""Xdebug's ``var_dump``: what proves a value, where a string ends, and what Xdebug leaves out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.families.claims import cuts, hold_alone, whole

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
