"""``var_dump``: what proves a value, where it ends, and what may stand around a leak.

Whole pages are in ``tests/cases/php_dump``; here is one claim at a time.
"""

from __future__ import annotations

import json

import pytest

from pipeline.model import Claim, Span
from pipeline.stages import segments

DEEPEST = 256
"""Levels of nesting that are read."""


def claim_at(page: str | bytes, anchor: str = "string(") -> Claim | None:
    """Return the claim at the first place of an anchor, whether or not the page shows code."""
    raw = page.encode() if isinstance(page, str) else page
    at = raw.index(anchor.encode())
    return next((claim for claim in segments.read(raw, "all", ["php_dump"]).claims if claim.span.start == at), None)


def status(page: str | bytes, anchor: str = "string(") -> str | None:
    """Return the status of the claim at an anchor; None when there is none."""
    claim = claim_at(page, anchor)
    return claim.status if claim else None


def claim_of(page: str | bytes) -> Claim:
    """Return the claim of the dump that a page begins with."""
    claim = claim_at(page, "")
    assert claim is not None
    return claim


def read(page: str | bytes) -> object:
    """Return the value of an exact dump that is the whole page."""
    claim = claim_of(page)
    assert (claim.status, claim.reason) == ("exact", "")
    assert claim.span == (0, len(page.encode() if isinstance(page, str) else page))
    assert claim.value is not None
    value: object = json.loads(claim.value)
    return value


def kept(page: str) -> str:
    """Return why the dump that a page begins with is left in the text; prose is put behind it."""
    claim = claim_of(f"{page}\n\nProse follows.")
    assert claim.status == "kept"
    return claim.reason


def member(printed: str) -> str:
    """Return an array of one member, as PHP prints it."""
    return f"array(1) {{\n  [0]=>\n  {printed}\n}}"


# ------------------------------------------------------------------------------------------------- strings at the root


def test_a_string_ends_where_its_length_says_and_nowhere_else() -> None:
    raw = b'string(10) "a "b" c" d" e'
    claim = claim_of(raw)
    assert (claim.status, claim.span, claim.payload) == ("exact", Span(0, 23), Span(12, 22))
    assert claim.value == '"a \\"b\\" c\\" d"'


def test_length_counts_bytes() -> None:
    assert read('string(7) "größe"') == "größe"


def test_what_the_claim_of_a_string_says() -> None:
    assert claim_at('Rain. string(7) "größe"\n') == Claim(
        span=Span(6, 25),
        family="php_dump",
        rule="var_dump",
        status="exact",
        declared_length=7,
        payload=Span(17, 24),
        value='"größe"',
        resume=25,
    )


@pytest.mark.parametrize("payload", ["", '"', '""', "\n", "\n\n", "\0", "}", '"]=>', 'string(1) "x"', "[{", " "])
def test_a_payload_may_be_anything(payload: str) -> None:
    assert read(f'string({len(payload)}) "{payload}"') == payload


@pytest.mark.parametrize(
    "text",
    [
        "string(",
        "string()",
        'string() ""',
        'string(x) "x"',
        'string(-1) ""',
        "string(1) 'x'",
        "string(1) x",
        'string(0000000000001) "x"',
        'string(٣) "abc"',
    ],
)
def test_what_is_no_head_of_a_string(text: str) -> None:
    assert claim_at(f"{text}\n\nProse.") is None


def test_a_string_is_cut_short_by_the_end_of_the_document() -> None:
    claim = claim_of(b'string(9) "short \n')
    assert (claim.status, claim.span, claim.payload) == ("truncated", Span(0, 16), Span(11, 16))
    assert (claim.declared_length, claim.value) == (9, None)
    assert "9 bytes are declared" in claim.reason


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n", "\r\n\r\n", " \n \n", "\u00a0\n", "\ufeff"])
def test_white_space_at_the_end_of_a_document_says_nothing(end: str) -> None:
    for length in range(6, 16):
        assert status(f'Rain fell.\n\nstring({length}) "short{end}') == "truncated"


def test_prose_after_a_blank_line_is_never_part_of_a_string_cut_short() -> None:
    claim = claim_of('string(900) "a few words\n\nProse follows.')
    assert claim.status == "kept"


# ---------------------------------------------------------------------------------------------- values in an array


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("NULL", None),
        ("bool(true)", True),
        ("bool(false)", False),
        ("int(0)", 0),
        ("int(-9223372036854775808)", -(2**63)),
        ("float(1)", 1.0),
        ("float(0.30000000000000004)", 0.30000000000000004),
        ("float(1.2345678901234568E+17)", 123456789012345680.0),
        ("float(1.0E-10)", 1e-10),
        ("float(INF)", {"$float": "INF"}),
        ("float(-INF)", {"$float": "-INF"}),
        ("float(NAN)", {"$float": "NAN"}),
        ('string(0) ""', ""),
        ('string(4) "a"b""', 'a"b"'),
        ("enum(Suit::Hearts)", {"$enum": "Suit::Hearts"}),
        ("enum(App\\Suit::Hearts)", {"$enum": "App\\Suit::Hearts"}),
        ("resource(5) of type (stream)", {"$resource": "stream", "$id": 5}),
        ("resource(5) of type (Unknown)", {"$resource": "Unknown", "$id": 5}),
        ("*RECURSION*", {"$recursion": True}),
        ("&int(1)", 1),
        ("&NULL", None),
        ("array(0) {\n  }", []),
        ("object(stdClass)#3 (0) {\n  }", {"$class": "stdClass"}),
        ("object(App\\Größe)#3 (0) {\n  }", {"$class": "App\\Größe"}),
    ],
)
def test_a_value(printed: str, value: object) -> None:
    assert read(member(printed)) == [value]


def test_a_negative_zero_stays_negative() -> None:
    assert str(read(member("float(-0)"))) == "[-0.0]"


def test_bytes_that_are_not_utf8_become_base64() -> None:
    assert read(b'array(1) {\n  [0]=>\n  string(1) "\xe9"\n}') == [{"$bytes": "6Q=="}]
    assert read(b'string(2) "\xff\xfe"') == {"$bytes": "//4="}


@pytest.mark.parametrize(
    "printed",
    [
        "null",
        "bool(TRUE)",
        "bool(1)",
        "int()",
        "int(1.5)",
        "int(+1)",
        "float(1,5)",
        "float(.5)",
        "float(nan)",
        "enum(Suit)",
        "enum(Suit:Hearts)",
        "resource(5) of type stream",
        "RECURSION",
        "uninitialized(int)",
        "&&int(1)",
        "1",
        "'x'",
        "integer(1)",
    ],
)
def test_what_is_no_value(printed: str) -> None:
    assert kept(member(printed))


@pytest.mark.parametrize("number", ["9" * 400, "1.0E+9999"])
def test_a_number_too_large_for_a_float_is_not_lost(number: str) -> None:
    claim = claim_of(member(f"float({number})"))
    assert claim.value != "[null]"


# ------------------------------------------------------------------------------------------------------------ members


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["0", "1"], [0, 1]),
        (["1", "0"], {"1": 0, "0": 1}),
        (["0", "2"], {"0": 0, "2": 1}),
        (["-1", "0"], {"-1": 0, "0": 1}),
        (['"a"', "0"], {"a": 0, "0": 1}),
        (['""', '" "'], {"": 0, " ": 1}),
    ],
)
def test_keys_from_0_in_order_make_a_list_and_all_others_an_object(keys: list[str], value: object) -> None:
    members = "".join(f"  [{key}]=>\n  int({number})\n" for number, key in enumerate(keys))
    assert read(f"array({len(keys)}) {{\n{members}}}") == value


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ('"a"', "a"),
        ('"a":protected', "a"),
        ('"a":"Foo":private', "a"),
        ('"a":"App\\Foo":private', "a"),
        ('"a:protected"', "a:protected"),
        ('"5"', "5"),
        ('"größe"', "größe"),
        ('"a"b"', 'a"b'),
        ('"a]=b"', "a]=b"),
        ('"}"', "}"),
        ('""', ""),
    ],
)
def test_the_name_of_a_property(key: str, name: str) -> None:
    assert read(f"object(Foo)#1 (1) {{\n  [{key}]=>\n  int(1)\n}}") == {"$class": "Foo", name: 1}


def test_two_private_properties_of_one_name_are_told_apart_by_their_class() -> None:
    assert read('object(B)#1 (2) {\n  ["a":"B":private]=>\n  int(1)\n  ["a":"A":private]=>\n  int(2)\n}') == {
        "$class": "B",
        "a": 1,
        "A::a": 2,
    }


@pytest.mark.parametrize(
    "text",
    [
        'array(2) {\n  ["a"]=>\n  int(1)\n  ["a"]=>\n  int(2)\n}',
        "array(2) {\n  [0]=>\n  int(1)\n  [0]=>\n  int(2)\n}",
        'object(X)#1 (2) {\n  ["a"]=>\n  int(1)\n  ["a":protected]=>\n  int(2)\n}',
        'array(2) {\n  [1]=>\n  int(1)\n  ["1"]=>\n  int(2)\n}',  # two keys for PHP, one for JSON
    ],
)
def test_a_value_in_which_two_members_have_one_name_is_not_called_exact(text: str) -> None:
    assert claim_of(text).status == "ambiguous"


def test_uninitialised_properties_are_not_counted() -> None:
    members = '  ["a"]=>\n  uninitialized(?int)\n  ["b"]=>\n  int(2)\n'
    assert read(f"object(T)#2 (1) {{\n{members}}}") == {"$class": "T", "a": {"$uninitialized": "?int"}, "b": 2}
    assert kept(f"object(T)#2 (2) {{\n{members}}}") == "2 members are declared, 1 stand there"


@pytest.mark.parametrize(("declared", "there"), [(0, 1), (2, 1), (999, 1)])
def test_members_are_counted(declared: int, there: int) -> None:
    reason = kept(f"array({declared}) {{\n  [0]=>\n  int(1)\n}}")
    assert reason == f"{declared} members are declared, {there} stand there"


def test_inner_members_are_counted() -> None:
    reason = kept("array(1) {\n  [0]=>\n  array(2) {\n    [0]=>\n    int(1)\n  }\n}")
    assert reason == "2 members are declared, 1 stand there"


@pytest.mark.parametrize(
    "head",
    [
        "array() {",
        "array(-1) {",
        "array(1) [",
        "array(1234567890) {",
        "object(X) (1) {",
        "object(X)#1 {",
        "object()#1 (0) {",
        "object(a b)#1 (0) {",
    ],
)
def test_what_is_no_head_of_a_structure(head: str) -> None:
    assert claim_at(f"{head}\n}}\n\nProse.", head.partition("(")[0]) is None


# ------------------------------------------------------------------------------------------------------ white space


@pytest.mark.parametrize(
    "text",
    [
        "array(0) {}",
        "array(1) {\r\n  [0]=>\r\n  int(1)\r\n}",
        "array(1) { [0]=> int(1) }",
        "array(1) {[0]=>int(1)}",
        "array(1) {\n  [0]=>\n  int(1)}",
        "array(1) {\n [0]=>\n int(1)\n}",
        "array(1) {\n\n  [0]=>\n\n  int(1)\n\n}",
        "array(1) {\n  [0]=>\n  array(0) {\n}\n}",
    ],
)
def test_white_space_that_is_not_what_php_prints_is_said(text: str) -> None:
    claim = claim_of(text)
    assert (claim.status, claim.span) == ("repaired", (0, len(text)))
    assert "white space" in claim.reason


@pytest.mark.parametrize("text", ["array(0) {\n}", member("int(1)"), member("array(0) {\n  }")])
def test_white_space_that_php_prints_is_exact(text: str) -> None:
    assert claim_of(text).status == "exact"


def test_a_value_ends_at_its_closing_brace() -> None:
    assert claim_of("array(0) {\n}\n}\n").span == (0, len("array(0) {\n}"))


# ----------------------------------------------------------------------------------------------------------- nesting


def nest(levels: int) -> str:
    """Return arrays in arrays, without white space."""
    return "array(1) {[0]=>" * (levels - 1) + "array(0) {}" + "}" * (levels - 1)


def test_nesting_is_read_to_a_bound_and_refused_beyond_it() -> None:
    assert claim_of(nest(DEEPEST)).span == (0, len(nest(DEEPEST)))
    assert "deeper than 256" in kept(nest(DEEPEST + 1))


# --------------------------------------------------------------------------------------------------------- cut short


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("array(2) {\n  [0]=>\n  int(1)\n", [1]),
        ("array(2) {\n  [0]=>\n  int(1)\n  [1]=>\n", [1]),
        ("array(2) {\n  [0]=>\n  int(1)\n  [1]=>\n  in", [1]),
        ("array(2) {\n  [0]=>\n  int(1)\n  [", [1]),
        ('array(2) {\n  ["a"]=>\n  int(1)\n  ["b', {"a": 1}),
        ('array(2) {\n  [0]=>\n  int(1)\n  [1]=>\n  string(9) "half', [1]),
    ],
)
@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_every_complete_member_of_a_value_cut_short_is_kept(text: str, value: object, end: str) -> None:
    claim = claim_of(text + end)
    assert (claim.status, claim.span.stop) == ("truncated", len(text.rstrip()))
    assert json.loads(claim.value or "") == value
    assert claim.reason


@pytest.mark.parametrize(
    "text",
    [
        'array(2) {\n  ["',
        "array(2) {\n  [0]=>\n",
        'array(2) {\n  [0]=>\n  string(9) "half',
        "array(2) {\n  [0]=>\n  array(",
        "array(2) {\n  [0]=>\n  array(2) {",
        "object(Ferry)#3 (2) {",
    ],
)
def test_a_key_begun_proves_a_value_at_the_end_of_a_document(text: str) -> None:
    assert (claim_of(text).status, claim_of(text).span) == ("truncated", (0, len(text.rstrip())))
    assert kept(text)
    assert status(f"Rain fell. {text}", "object(" if "object" in text else "array(") == "kept"


@pytest.mark.parametrize("text", ["array(2) {", "array(1) {\n  ", "array(1) {\n  x"])
def test_nothing_is_proven_by_the_head_of_an_array(text: str) -> None:
    assert claim_of(text).status == "kept"


@pytest.mark.parametrize(
    ("members", "prose"),
    [
        ("", "Prose"),
        ("", "Prose follows here."),
        ("\n", "Prose follows here."),
        ("", "[1] A note at the foot of the page"),
        ("", "Array is a word, and so is NULL"),
        ("  [1]=>\n", "Prose follows here."),
        ('  [1]=>\n  string(500) "short"\n}\n', "Prose follows here."),
    ],
)
@pytest.mark.parametrize("end", ["", "\n"])
def test_prose_at_the_end_is_no_member_cut_short(members: str, prose: str, end: str) -> None:
    dump = f"array(2) {{\n  [0]=>\n  int(1)\n{members}"
    claim = claim_of(dump + prose + end)
    assert not claim.is_cut or claim.span.stop <= len(dump)


# ------------------------------------------------------------------------------------------- what surrounds a leak


@pytest.mark.parametrize("before", ["", " ", "\n", ". ", ".", "(", '"', "\u00a0", "]", "é", "ب", "»"])
def test_a_leak_may_follow_anything_but_a_word(before: str) -> None:
    assert status(f'{before}string(2) "ok"') == "exact"


@pytest.mark.parametrize("before", ["a", "Z", "0", "_", "$", "\\", "->", "::"])
def test_a_head_that_is_part_of_a_longer_word_is_none(before: str) -> None:
    assert status(f'{before}string(2) "ok"') is None


@pytest.mark.parametrize("after", ["", " ", "\n", "<p>", 'string(2) "ok"', "array(0) {", "NULL", "int(1)"])
def test_what_may_follow_a_string(after: str) -> None:
    assert status(f'string(2) "ok"{after}') == "exact"


@pytest.mark.parametrize("after", ['"', ".", ",", "x", ")", "é", ";"])
def test_a_string_followed_by_something_else_is_kept(after: str) -> None:
    assert status(f'string(2) "ok"{after} Prose.') == "kept"


def test_json_speaks_for_itself_whatever_follows() -> None:
    assert status('string(9) "{"a": 1 }", he said.') == "exact"
    assert status('string(9) "{"a": 1, ", he said.') == "kept"


@pytest.mark.parametrize("before", ['["a"]=>\n', "=> ", "=>\n" + " " * 20, "=>&", "=&gt; ", "=>\n" + " " * 200])
def test_a_member_whose_head_is_missing_is_kept(before: str) -> None:
    assert status(f'{before}string(2) "ok"') == "kept"
    assert status(f"{before}array(0) {{\n}}", "array(") == "kept"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Rain fell.\nstring(90) "short', "truncated"),
        ('Rain fell.\n  string(90) "short', "truncated"),
        ('Rain fell. string(90) "short', "kept"),
        ('Rain fell. string(90) "[{"id":"7', "truncated"),
        ('Rain fell. string(90) "{"id":"7', "truncated"),
        ('Rain fell. string(90) "[7', "kept"),
        ('string(90) "short\nof breath', "kept"),
    ],
)
def test_a_string_is_cut_short_on_the_last_line_alone_or_as_json(text: str, expected: str) -> None:
    assert status(text) == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\n"])
def test_a_list_cut_short_never_takes_the_lines_below_it(newline: str) -> None:
    text = f'string(900) "[{{"id":"7","title":"Pier"}} ]"{newline}Prose follows.'
    claim = claim_of(text)
    assert not claim.is_cut or claim.span.stop <= text.index("Prose")


def test_a_look_alike_shows_its_line_and_no_more_than_a_person_reads() -> None:
    claim = claim_of('string(2) "ok"x  \nProse.')
    assert (claim.status, claim.span.start) == ("kept", 0)
    long = claim_of('string(3) "' + "x" * 1000)
    assert (long.status, long.span) == ("kept", Span(0, 240))


def test_values_are_json_of_one_line() -> None:
    claim = claim_of('array(1) {\n  ["k"]=>\n  string(3) "a\nb"\n}')
    assert claim.value == '{"k":"a\\nb"}'
