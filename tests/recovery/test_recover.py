"""Damaged JSON: what is recovered, what is flagged, and that nothing is ever made up."""

from __future__ import annotations

import html
import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.quality.json_damage import DAMAGES, SOUND, items, plain
from pipeline.recovery import looks_like_json, recover
from pipeline.recovery.guard import letters

CASES_OF_A_KIND = 8


def recovered(text: str | bytes) -> tuple[Any, str, bool]:
    """Return what is recovered of a text: the data, the rung, and whether it is flagged."""
    found = recover(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    return found.data, found.recovery, found.suspect


# ------------------------------------------------------------------------------------------------------------ the rungs


@pytest.mark.parametrize(
    "text", ["[]", "{}", '[{"id": 7}]', ' {"a": [1, 2.5, null, true]} ', '{"a":"he said \\"no\\""}', '["größe"]']
)
def test_sound_json_is_given_as_it_stands(text: str) -> None:
    found = recover(text.encode())
    assert (found.json, found.recovery, found.suspect, found.reason) == (text, "strict", False, "")
    assert found.data == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff[7]",
        "ï»¿[7]",
        "var a = [7];",
        "window.a.b=[7]",
        "cb([7]);",
        "/**/ cb([7])",
        "while(1);[7]",
        ")]}',\n[7]",
        "<script>[7]</script>",
        '<script type="application/json">\n[7]\n</script>',
        "[7];",
        'string(3) "[7]"',
        's:3:"[7]";',
        'array(1) {\n  ["a"]=>\n  string(3) "[7]"\n}',
        '"[7]"',
        '"\\"[7]\\""',
        "return [7];",
        "a.b && a.b([7]);",
        "/* the list */ [7]",
        "// the list\n[7]",
        "//<![CDATA[ var a = [7];\n//]]>",
        ";[7]",
        "throw 'not for scripts';[7]",
        "jQuery.extend(Drupal.settings, [7]);",
        '<p class="a">[7]</p>',
        "<pre>[7]</pre>",
    ],
)
def test_an_envelope_is_taken_off(text: str) -> None:
    assert recovered(text) == ([7], "envelope", False)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("{&quot;a&quot;:&quot;b &amp;amp; c&quot;}", {"a": "b &amp; c"}),
        ("{&amp;quot;a&amp;quot;:1}", {"a": 1}),
        ("{&#34;a&#34;:1}", {"a": 1}),
        (r"{\"a\":\"b\\\"c\"}", {"a": 'b"c'}),
        (r"{\\\"a\\\":\\\"it\\\\u2019s\\\"}", {"a": "it’s"}),
        (r"""JSON.parse('[{"a":"it\'s \\"x\\" \xe9"}]');""", [{"a": 'it\'s "x" é'}]),
        ("%5B%7B%22a%22%3A%22b+c+%2B+caf%C3%A9%22%7D%5D", [{"a": "b c + café"}]),
        ("%7B%22a%22:%22b%20c%20+%20d%22%7D", {"a": "b c + d"}),
        ('"[{""a"":""b"",""c"":""""}]"', [{"a": "b", "c": ""}]),
        (r'{""a"":""b \""c\"" d""}', {"a": 'b "c" d'}),
        (r"{\"a\":\"two\nlines, it\u2019s\"}", {"a": "two\nlines, it’s"}),
        (r"{\"a\":\"two\\nlines, it\\u2019s\"}", {"a": "two\nlines, it’s"}),
        ('["cafÃ© trÃ¨s bon", "Ã©tÃ©"]', ["café très bon", "été"]),
        ('["caf\\u00c3\\u00a9 tr\\u00c3\\u00a8s", "\\u00c3\\u00a9t\\u00c3\\u00a9"]', ["café très", "été"]),
        ('["lancu00e9 par Israu00ebl", "cu00f4te"]', ["lancé par Israël", "côte"]),
        ('["u041cu043eu0441u0442 u2013 u6e2fu53e3"]', ["Мост – 港口"]),
        ('["/n/7/u043cu043eu0441u0442u044b-u0438"]', ["/n/7/мосты-и"]),
        ('["u043cu043eu0441u0442?u0434u0430"]', ["мост?да"]),
    ],
)
def test_what_was_done_to_the_whole_is_undone(text: str, data: Any) -> None:  # noqa: ANN401 - any JSON there is
    assert recovered(text) == (data, "decoded", False)


@pytest.mark.parametrize(
    "text",
    [
        '["CAFÉ®"]',
        '["au0a1b2", "xu00e9.jpg"]',
        '["/img/u00e9u00e8.png"]',
        '["u1234", "menu2024"]',
        '[{"url":"/eu2019/eu2020/eu2024"},{"url":"/x"}]',
        '["Users u1234, u5678 and u4821 left", "How to type u2013, u2014 and u2019"]',
        '["Hall u0101 open", "Hall u0102 open", "Hall u0103 open"]',
        '["Â", "Ã", "naïve"]',
        '["größe", "été"]',
    ],
)
def test_what_only_looks_like_that_is_left(text: str) -> None:
    assert recovered(text) == (json.loads(text), "strict", False)


def test_an_address_keeps_what_may_be_escapes_and_is_flagged() -> None:
    text = '["lancu00e9 par Israu00ebl", "cu00f4te", "/cu00f4te"]'
    assert recovered(text) == (["lancé par Israël", "côte", "/cu00f4te"], "decoded", True)


def test_a_few_places_are_undone_and_flagged() -> None:
    assert recovered('["The u0160koda is new"]') == (["The Škoda is new"], "decoded", True)
    assert recovered('["one café is cafÃ©"]') == (["one café is cafÃ©"], "strict", False)
    assert recovered('["cafÃ© by the sea"]') == (["café by the sea"], "decoded", True)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("[1,]", [1]),
        ("[,1,,2]", [1, 2]),
        ('{"a":1,}', {"a": 1}),
        ("{'a': 'it\\'s'}", {"a": "it's"}),
        ("{“a”: “b”}", {"a": "b"}),
        ('{a: 1, $b: 2, "c": 3}', {"a": 1, "$b": 2, "c": 3}),
        ('{"a": NaN, "b": undefined, "c": None, "d": True, "e": -Infinity}', dict.fromkeys("abce") | {"d": True}),
        ('{"a": , "b": 1}', {"a": None, "b": 1}),
        ("[1, /* two */ 2] // three", [1, 2]),
        ('{"a" => 1}', {"a": 1}),
        ('{"a":"b" "c":"d"}', {"a": "b", "c": "d"}),
        ('[{"a":1}{"a":2}]', [{"a": 1}, {"a": 2}]),
        ('{"a":1}\n{"a":2}', [{"a": 1}, {"a": 2}]),
        ('[<br />\n&nbsp;{<br />\n&nbsp;&nbsp;"a": 1<br />\n&nbsp;}<br />\n]', [{"a": 1}]),
        ("[{“a1″:”b 2″,”c”:”d”},{“a1″:”7″,”c”:”e”}]", [{"a1": "b 2", "c": "d"}, {"a1": "7", "c": "e"}]),
        ("[1][2]", [1, 2]),
        ('["a\nb\tc"]', ["a\nb\tc"]),
        (r'["C:\Users", "a\-b", "it\'s"]', ["C:\\Users", "a-b", "it's"]),
        ('[{"a":1},<br />{"a":2}]', [{"a": 1}, {"a": 2}]),
        ('[\u00a0{"a":1}\u00a0]', [{"a": 1}]),
        ('{"n":1.10,"m":12345678901234567890}', {"n": 1.10, "m": 12345678901234567890}),
        (
            '[{"t":"He said "no" again","i":7},{"t":"x","i":8}]',
            [{"t": 'He said "no" again', "i": 7}, {"t": "x", "i": 8}],
        ),
        ('[{"t":"The "end"","i":7},{"t":"x","i":8}]', [{"t": 'The "end"', "i": 7}, {"t": "x", "i": 8}]),
        ('[{"t":"A "b", c","i":7},{"t":"x","i":8}]', [{"t": 'A "b", c', "i": 7}, {"t": "x", "i": 8}]),
        ('{"t":"Say "go" // http://a.b","i":7}', {"t": 'Say "go" // http://a.b', "i": 7}),
        ('{"t":"Say "go" # on",\n"i":7}', {"t": 'Say "go" # on', "i": 7}),
        ('{"t":"Fog", // don\'t\n"i":7}', {"t": "Fog", "i": 7}),
        (
            r'[{"t":"Fog","\u00e9tat":NaN},{"t":"Rain","\u00e9tat":1}]',
            [{"t": "Fog", "état": None}, {"t": "Rain", "état": 1}],
        ),
    ],
)
def test_what_can_be_forgiven_is(text: str, data: Any) -> None:  # noqa: ANN401 - any JSON there is
    found = recover(text.encode())
    assert (found.data, found.suspect) == (data, False)
    assert found.recovery in ("strict", "repaired")


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('[{"a":b","c":1}]', [{"a": "b", "c": 1}]),
        ('[{"c":1,"a":"x"},{"a":"b,"c":1}]', [{"c": 1, "a": "x"}, {"a": "b", "c": 1}]),
        ('[{"a":1,b":2}]', [{"a": 1, "b": 2}]),
        ('[{"a":1},{"a: 2}]', [{"a": 1}, {"a": 2}]),
        ('[{"a":1,{"a":2}]', [{"a": 1}, {"a": 2}]),
        ('[{"a":1},Read on:{"a":2}]', [{"a": 1}, {"a": 2}]),
        ('["a "b" c"]', ['a "b" c']),
        (b'["caf\xe9"]', ["caf\ufffd"]),
        ('["\\ud800"]', ["\\ud800"]),
    ],
)
def test_what_is_a_guess_is_flagged(text: str | bytes, data: Any) -> None:  # noqa: ANN401 - any JSON there is
    assert recovered(text) == (data, "repaired", True)


@pytest.mark.parametrize(
    ("text", "data", "expected", "found"),
    [
        ('[{"id":"7","sort":"12"},{"id":"8","sort":"3519', [{"id": "7", "sort": "12"}], 2, 1),
        ('[{"id":7},{"id":35', [{"id": 7}], 2, 1),
        ('[{"id":7,"t":"a"},{"id":8', [{"id": 7, "t": "a"}], 2, 1),
        ('{"a":1,"b":{"c":2,"d', {"a": 1}, 2, 1),
        ('{"a":1,"list":[{"id":7},{"id":8},{"i', {"a": 1, "list": [{"id": 7}, {"id": 8}]}, 3, 2),
        ('["a","b","c', ["a", "b"], 3, 2),
        (r'"[{\"t\":\"a\",\"u\":7},{\"t\":\"c', [{"t": "a", "u": 7}], 2, 1),
        (r'[{"t":"a","\u0646\u0627\u0645":"b"},{"t":"c', [{"t": "a", "نام": "b"}], 2, 1),
        ('t":"x"},{"id":8},{"id":9}]', [{"id": 8}, {"id": 9}], 3, 2),
        ('string(99) "[{"id":"7"},{"id":"8', [{"id": "7"}], 2, 1),
    ],
)
def test_of_a_cut_document_the_complete_items_are_kept(
    text: str,
    data: Any,  # noqa: ANN401 - any JSON there is
    expected: int,
    found: int,
) -> None:
    got = recover(text.encode())
    assert (got.data, got.recovery, got.expected, got.found) == (data, "salvaged", expected, found)
    assert f"{expected} items expected, {found} found complete" in got.reason


KEYS = ["état", 'the "end"', "a/b", "the title", "App\\Post", "😀"]
"""Keys that have a blank, or that PHP writes with escapes."""


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("encode", [json.dumps, plain])
def test_a_key_is_known_in_whatever_way_it_is_written(key: str, encode: Callable[[Any], str]) -> None:
    name = encode(key)
    one, three = {key: 1, "t": "x"}, {key: 3, "t": "z"}
    broken = f'[{{{name}:1,"t":"x"}},{{{name}:2,!!}},{{{name}:3,"t":"z"}}]'
    assert recovered(broken) == ([one, three], "salvaged", False)
    assert recovered(f'[{{"t":"a "b" c",{name}:1}},{{"t":"d",{name}:NaN}}]') == (
        [{"t": 'a "b" c', key: 1}, {"t": "d", key: None}],
        "repaired",
        False,
    )


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("encode", [json.dumps, plain])
def test_a_closing_quote_that_is_lost_before_such_a_key_is_put_back(key: str, encode: Callable[[Any], str]) -> None:
    name = encode(key)
    data = [{"t": "x", key: 1}, {"t": "y", key: 2}, {"t": "z", key: 3}]
    assert recovered(f'[{{"t":"x",{name}:1}},{{"t":"y,{name}:2}},{{"t":"z",{name}:3}}]') == (data, "repaired", True)


@pytest.mark.parametrize("key", KEYS)
def test_the_item_behind_a_lost_head_may_begin_with_such_a_key(key: str) -> None:
    assert recovered(f't":"x"}},{{{json.dumps(key)}:1}},{{{json.dumps(key)}:2}}]')[0] == [{key: 1}, {key: 2}]


def test_an_item_that_lacks_nothing_but_its_brackets_is_whole() -> None:
    assert recovered('[{"id":"7","t":"a"},{"id":"8","t":"b"')[0] == [{"id": "7", "t": "a"}, {"id": "8", "t": "b"}]


def test_an_item_behind_a_comma_lacks_more_than_its_brackets() -> None:
    assert recovered('[{"id":"7","t":"a"},{"id":"8","t":"b",')[0] == [{"id": "7", "t": "a"}]


@pytest.mark.parametrize(
    "text",
    [
        '[{"t":"say "no"","id":"7"},{"t":"x","id":"8"',
        '[{"id":"7","t":"a"},{"id":"8","t":""',
        '[{"id":"7","t":"a"},{"id":"8","t":"say "',
    ],
)
def test_a_quote_that_ends_the_text_may_be_an_inner_one(text: str) -> None:
    assert recovered(text)[2]


def test_of_objects_one_after_the_other_the_last_must_be_complete_as_well() -> None:
    found = recover(b'{"id":7,"t":"a"}{"id":8,"t":"b"}{"id":9,')
    assert found.data == [{"id": 7, "t": "a"}, {"id": 8, "t": "b"}]
    assert (found.recovery, found.expected, found.found) == ("salvaged", 3, 2)


def test_a_repaired_object_with_a_key_twice_is_doubtful() -> None:
    assert recovered('[{"id":"7","t":"fog",},{"id":"8","t":"rain","id":"9"}]')[2]


@pytest.mark.parametrize(
    "text",
    [
        '["Ð\ufffdÐ¾Ð²Ñ‹Ð¹ Ð¼Ð¾Ñ\ufffdÑ‚"]',
        '["Ã©tÃ© Ã  la mer, trÃ¨s bien", "Ð\ufffdÐ¾Ð²"]',
        '["â€œStartâ€\ufffd"]',
        '["\\u00d0\\ufffd\\u00d0\\u00be\\u00d0\\u00b2\\u00d0\\u00b9"]',
    ],
)
def test_text_that_was_decoded_wrongly_and_cannot_be_mended_is_doubtful(text: str) -> None:
    assert recovered(text)[2]


def test_an_item_that_cannot_be_read_costs_itself_alone() -> None:
    found = recover(b'[{"id":1,"t":"a"},{"id":2,!!},{"id":3,"t":"c"}]')
    assert found.data == [{"id": 1, "t": "a"}, {"id": 3, "t": "c"}]
    assert (found.recovery, found.expected, found.found) == ("salvaged", 3, 2)


def test_an_item_that_cannot_be_read_costs_itself_alone_in_an_object_of_items() -> None:
    found = recover(b'{"17":{"id":1,"t":"a"},"18":{"id":2,"t":"b"},"19":{"id":3,!!},"20":{"id":4,"t":"d"}}')
    assert found.data == {"17": {"id": 1, "t": "a"}, "18": {"id": 2, "t": "b"}, "20": {"id": 4, "t": "d"}}
    assert (found.recovery, found.suspect, found.expected, found.found) == ("salvaged", False, 4, 3)


def test_an_object_inside_an_item_that_cannot_be_read_is_no_item() -> None:
    sound = {"17": {"id": 1, "t": "a"}, "18": {"id": 2, "t": "b"}}
    found = recover(f'{plain(sound)[:-1]},"19":{{"id":3,!!,"more":{{"id":7,"t":"c"}}}}}}'.encode())
    assert (found.data, found.recovery) == (sound, "salvaged")


def test_an_object_of_objects_without_numbers_is_no_list_of_items() -> None:
    found = recover(b'{"first":{"id":1},"next":{"id":2},"last":{"id":3,!!},"more":{"id":4}}')
    assert (found.data, found.suspect) == ({"first": {"id": 1}, "next": {"id": 2}}, True)


@pytest.mark.parametrize("behind", ["…", "[…]", " [...]", "</p>", "<br />", '"', "...", "&hellip;", " and so on"])
def test_a_number_whose_end_was_not_seen_is_dropped_with_its_item(behind: str) -> None:
    found = recover(f'[{{"t":"a","id":1}},{{"t":"b","id":700{behind}'.encode())
    assert (found.data, found.expected, found.found) == ([{"t": "a", "id": 1}], 2, 1)


@pytest.mark.parametrize("behind", ["}", " /* no */}", "<br />}", ' "u":1}', '"u":1}', " u:1}"])
def test_a_number_whose_end_was_seen_is_kept(behind: str) -> None:
    found = recover(f'[{{"t":"a","id":1}},{{"t":"b","id":700{behind}'.encode())
    assert [item["id"] for item in found.data] == [1, 700]


def test_a_number_beyond_what_is_read_is_null_and_flagged() -> None:
    found = recover(b'[{"a":1e400,"id":1},{"a":2,"id":2}]')
    assert found.data == [{"a": None, "id": 1}, {"a": 2, "id": 2}]
    assert (found.recovery, found.suspect) == ("repaired", True)
    assert "a number is beyond what is read" in found.reason


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('["https://a.example/1",http://b.example/2","c"]', ["https://a.example/1", "http://b.example/2", "c"]),
        ('[ "c", http://b.example/2" ]', ["c", "http://b.example/2"]),
        ('["see "a", http://b.example/2 and more","c"]', ['see "a", http://b.example/2 and more', "c"]),
    ],
)
def test_an_address_in_a_list_may_have_lost_its_opening_quote(text: str, data: list[str]) -> None:
    found = recover(f'{{"seen":{text}}}'.encode())
    assert (found.data, found.suspect) == ({"seen": data}, True)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('["fog""tide"]', ["fog", "tide"]),
        ('["fog"\n"tide" "ferry","pier"]', ["fog", "tide", "ferry", "pier"]),
        ('["he said ""no"" twice"]', ['he said ""no"" twice']),
    ],
)
def test_a_comma_between_two_strings_of_a_list_may_be_lost(text: str, data: list[str]) -> None:
    found = recover(f'{{"tags":{text}}}'.encode())
    assert (found.data, found.suspect) == ({"tags": data}, True)


def test_the_end_of_an_item_whose_head_is_lost_is_dropped_and_the_rest_read() -> None:
    found = recover(b'{"city":"Ulmet"}},{"id":7,"place":{"city":"Vantry"}},{"id":8,"place":{"city":"Crannock"}}]')
    assert found.data == [{"id": 7, "place": {"city": "Vantry"}}, {"id": 8, "place": {"city": "Crannock"}}]
    assert (found.recovery, found.suspect, found.expected, found.found) == ("salvaged", True, 3, 2)


def test_a_list_that_is_closed_and_was_not_opened_may_have_lost_items() -> None:
    found = recover(b'{"id":1},{"id":2}]')
    assert (found.data, found.suspect) == ([{"id": 1}, {"id": 2}], True)
    assert "the head of its list is lost" in found.reason


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        ("plain text", "syntax", 0),
        ("", "syntax", 0),
        ("17", "syntax", 0),
        ('[{"title":"Fer', "nothing", 10),
        ("[" * 101 + "]" * 101, "nesting", 0),
    ],
)
def test_what_is_rejected_says_where_and_why(text: str, code: str, offset: int) -> None:
    found = recover(text.encode())
    assert (found.json, found.data, found.recovery) == (None, None, "rejected")
    assert (found.code, found.offset) == (code, offset)
    assert found.reason


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ('[{"id"', True),
        ("[]", True),
        ("\ufeff [1", True),
        ("{&quot;", True),
        ('{\\"a', True),
        ('{\\\\\\"a', True),
        ("[&#8220;", True),
        ("[<br />\n&nbsp;{", True),
        ('jQuery.extend(a.b, {"c', True),
        ('string(9) "[7]', True),
        ('return {"a', True),
        ("%5B%7B%22a", True),
        ("[%22a", True),
        ("var a = JSON.parse('[{\"a", True),
        ("5% of [the boats]", False),
        ("return to [the pier]", False),
        ("<p>plain", False),
        ("var a = {", False),
        ('var a = {"', True),
        ("[sic]", False),
        ("[AP] Rain fell", False),
        ("{curly} words", False),
        ("plain", False),
        ("", False),
    ],
)
def test_a_text_looks_like_json_by_its_first_marks(*, text: str, looks: bool) -> None:
    assert looks_like_json(text.encode()) is looks


# ----------------------------------------------------------------------------------------------------- nothing made up


def seeded(seed: int | str) -> random.Random:
    """Return a source of the same cases each time."""
    return random.Random(seed)  # noqa: S311 - it makes cases, not secrets


@pytest.mark.parametrize("name", DAMAGES)
def test_no_kind_of_damage_is_silently_wrong(name: str) -> None:
    rng = seeded(f"fixed {name}")
    for _ in range(CASES_OF_A_KIND):
        case = DAMAGES[name](rng)
        found = recover(case.raw)
        if found.json is None:
            assert case.truth == []
        elif spaced(found.data) != spaced(case.truth):
            assert found.suspect, (case.raw, found.reason)


def test_the_entities_of_curly_quotes_are_quotes() -> None:
    found = recover(b"[{&#8220;a&#8221;:&#8221;b 2&#8243;},{&ldquo;a&rdquo;:7}]")
    assert (found.data, found.recovery, found.suspect) == ([{"a": "b 2"}, {"a": 7}], "repaired", False)


def test_a_value_in_curly_quotes_that_may_have_run_on_is_doubtful() -> None:
    assert recovered("[{“a”:”b”c”,”d””},{“a”:”e”,”d”:”f”}]")[2]


def test_sound_documents_are_never_touched() -> None:
    rng = seeded("fixed")
    for _ in range(200):
        case = SOUND(rng)
        assert recovered(case.raw) == (case.truth, "strict", False)


def spaced(value: Any) -> Any:  # noqa: ANN401 - any JSON there is
    """Return data with each run of white space as one blank."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list):
        return [spaced(inner) for inner in value]
    if isinstance(value, dict):
        return {key: spaced(inner) for key, inner in value.items()}
    return value


def leaves(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any JSON there is
    """Yield every key and every value that has no members."""
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, dict):
            yield from one
            stack.extend(one.values())
        elif isinstance(one, list):
            stack.extend(one)
        else:
            yield one


NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
"""A number, to its last digit: one that lost the others does not stand in the text."""
MARKS = [*"\"'{}[],:;\\ \n<>&/#=u0", '"}', "},{", '":"', "\\u", "/*", "*/", "“", "é", "\ufeff", "null", "&quot;"]


@st.composite
def mutilated(draw: st.DrawFn) -> str:
    """Return JSON with pieces cut out, put in and cut off."""
    text = plain(items(seeded(draw(st.integers(0, 2**32))), ascii_only=True))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        stop = at + draw(st.integers(0, 12))
        text = text[:at] + draw(st.sampled_from(["", *MARKS])) + text[stop:]
    return text[draw(st.integers(0, 5)) : len(text) - draw(st.sampled_from([0, 0, 1, 2, 9, 60]))]


@given(mutilated())
def test_every_leaf_of_what_is_recovered_stands_in_the_text(text: str) -> None:
    found = recover(text.encode())
    if found.json is None:
        return
    assert json.loads(found.json) == found.data
    sources = [letters(text), letters(html.unescape(text)), letters(text.replace("\\", "")), text]
    for leaf in leaves(found.data):
        if isinstance(leaf, str):
            assert any(letters(leaf) in source or leaf in source for source in sources), leaf
        elif isinstance(leaf, bool):
            assert json.dumps(leaf) in text.lower(), leaf
        elif leaf is not None:  # nothing may stand for a value that is missing
            assert leaf in {float(number) for source in sources for number in NUMBER.findall(source)}, leaf


@given(st.integers(0, 2**32), st.data())
def test_a_prefix_gives_a_prefix(seed: int, data: st.DataObject) -> None:
    made = items(seeded(seed), ascii_only=True)
    text = plain(made)
    found = recover(text[: data.draw(st.integers(1, len(text)))].encode())
    if found.json is not None:
        assert found.data == made[: len(found.data)]
        assert not found.suspect


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_rejected(raw: bytes) -> None:
    for text in (raw, b"[{" + raw, b'[{"a":"' + raw):
        found = recover(text)
        assert (found.json is None) == (found.recovery == "rejected") == bool(found.code)


@pytest.mark.parametrize(
    "text",
    [
        '[{"t":"Ferry",""u":"/a"},{"t":"Fog","u":"/b"}]',
        '[{"t":"Ferry","u/a"},{"t":"Fog","u":"/b"}]',
        '[{"t": "Ferry", "u/a"}, {"t": "Fog", "u": "/b"}]',
    ],
)
def test_a_value_that_may_have_run_on_into_the_next_member_is_doubtful(text: str) -> None:
    found = recover(text.encode())
    assert found.recovery == "rejected" or found.suspect


@pytest.mark.parametrize(
    "text",
    [
        "{'i':'7','t':'Fog','u''/a'}",
        '[{"i":"7","t":"Fog", u "/a"}]',
        '[{"t":"Fou":"/a"}]',
        '[{"t":"Fog" "u" "/a"}]',
        '[{"t":"On "Tides", part: "a new one"","i":1}]',
        '{"t":"On "Tides", part: "a new one"","i":1}',
        '[{"i":0,"t":"x"},{"i":1,"t":"She said "go"}, th',
        r'[{"t":"She said \\"no\\" again","i":1}]',
    ],
)
def test_a_value_whose_inner_quotes_do_not_pair_is_doubtful(text: str) -> None:
    assert recovered(text)[2]


@pytest.mark.parametrize(
    "text",
    [
        "[{i:1}, /* {i:2}, */ {i:3}]",
        "[{'i':1}, <!-- {'i':2}, --> {'i':3}]",
        "{'t':'Say 'go' // on',\n'i':7}",
    ],
)
def test_a_comment_with_a_quote_or_a_bracket_is_doubtful(text: str) -> None:
    assert recovered(text)[2]


@pytest.mark.parametrize("text", [r"{\"a\":\"C:\\new\"}", r"{\"a\":\"C:\\\\new\"}"])
def test_a_backslash_that_two_ways_of_adding_slashes_give_is_doubtful(text: str) -> None:
    found = recover(text.encode())
    assert (found.recovery, found.suspect) == ("decoded", True)
    assert "two ways" in found.reason
