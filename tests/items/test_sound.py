"""Sound lists of items: what is read item by item is what decoding the whole list gives, new or known."""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.items import ItemMap, TypedItems, lists_of_items, read_item, read_sound
from pipeline.items.item_map import LIST_END, LIST_LONGEST
from pipeline.model import Given
from pipeline.recovery import recover

FIELDS = {"item_id": ["id", "guid"], "sort_key": ["sort"], "title": ["title", "headline"], "media_path": ["pic"]}


def item_map() -> ItemMap:
    return ItemMap(FIELDS, by_shape=True)


def decoded_whole(text: bytes) -> list[Given] | None:
    """Return the rows of a list that is decoded as one document; None when it needs more than that."""
    found = recover(text)
    if found.recovery != "strict" or found.suspect or not isinstance(found.data, list):
        return None
    whole = item_map()
    return [
        read_item(row, whole)
        for rows in lists_of_items(found.data, (), FIELDS)
        for row in rows.rows
        if isinstance(row, dict)
    ]


def numbers() -> st.SearchStrategy[str]:
    plain = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
    return plain.map(json.dumps) | st.sampled_from(
        ["1E5", "-0", "0.10", "1e400", "12345678901234567890123", "01", "1."]
    )


def strings() -> st.SearchStrategy[str]:
    odd = st.sampled_from(["VIDEO: Ferry", "/2016/03/27/a_635946683600318058.mp4", "cafÃ©", "lancu00e9", "menu2019"])
    escaped = st.sampled_from([r'"\u00e9"', r'"\ud800"', r'"a\/b"', r'"\x41"', '"\t"', r'"say \"no\""', '"a'])
    return (st.text(max_size=8) | odd).map(json.dumps) | odd.map(lambda text: f'"{text}"') | escaped


def values() -> st.SearchStrategy[str]:
    leaves = numbers() | strings() | st.sampled_from(["true", "false", "null", "NaN"])
    members = st.tuples(st.sampled_from(['"url"', '"@type"', '"x"']), leaves).map(":".join)
    return (
        leaves
        | st.lists(leaves, max_size=2).map(lambda each: f"[{','.join(each)}]")
        | st.lists(members, max_size=2).map(lambda each: f"{{{','.join(each)}}}")
    )


@st.composite
def lists(draw: st.DrawFn) -> bytes:
    """Draw the text of a list: keys in any order and twice as well, and members that no JSON has."""
    names = st.sampled_from(['"id"', '"guid"', '"sort"', '"title"', '"pic"', '"x"', '"y"', '"@type"', r'"\u0069d"'])
    member = st.tuples(names, st.sampled_from([":", " : "]), values() | strings()).map("".join)
    rows = [f"{{{','.join(draw(st.lists(member, max_size=4)))}}}" for _ in range(draw(st.integers(1, 3)))]
    rows += draw(st.sampled_from([[], [], ["7"], ["null"], ["[{}]"]]))
    text = "[" + draw(st.sampled_from([",", " ,\n", ",,"])).join(rows) + draw(st.sampled_from(["]", "]\n", "", "] x"]))
    return text.encode("utf-8", "replace")


@given(st.lists(lists(), min_size=1, max_size=3))
def test_an_item_gives_what_the_whole_list_gives(texts: Sequence[bytes]) -> None:
    known = item_map()
    for text in [*texts, *texts, *texts]:
        known.lists.clear()  # what was met is not read again
        if (given := read_sound(text, known)) is not None:
            assert list(given.by_column().each()) == decoded_whole(text)


@pytest.mark.parametrize(
    "text",
    [
        b'[{"id":12345678901234567890123,"title":"a"}]',
        b'[{"sort":"3519557","title":null,"x":[1,{"y":2.50}]}]',
        b'[{"y":"1","x":"2","title":"a"} ,\n{"x":"2","y":"1","title":"a"}]',
        b'[{"@type":"ListItem","item":{"title":"a","id":7}}]',
        rb'[{"title":"caf\u00e9 \/ bar"}]',
    ],
)
def test_a_sound_list_is_read_item_by_item(text: bytes) -> None:
    given = read_sound(text, item_map())
    assert given is not None
    assert list(given.by_column().each()) == decoded_whole(text)


@pytest.mark.parametrize(
    "text",
    [
        b"[]",
        b'[{"id":"1","title":"a","id":"2"}]',
        b'[{"id":"1","title":"a"},{"id":"2","title":"b \\\\","\\u0069d":"\\""}]',
        b'[{"x":{"y":1,"y":2},"title":"a"}]',
        b' [{"title":"a"}]',
        b'[{"title":"a"},7]',
        b'[{"title":"a"},{"title":"b"',
        b'[{"title":"a","x":"cu00f4tiu00e8re"}]',
        '[{"title":"Ã©tÃ©"}]'.encode(),
        b'[{"title":"\xff"}]',
        b'[{"@type":"Person","title":"a"}]',
        b'[{"title":"a","x":' + b"[" * 99 + b"]" * 99 + b"}]",
        b"[{" + b'"a":{' * 10_000,
        b'[{"a":' + b"[" * 100_000 + b"}",
    ],
)
def test_any_other_payload_is_left_to_a_closer_look(text: bytes) -> None:
    assert read_sound(text, item_map()) is None


def test_a_list_that_is_met_again_gives_what_it_gave() -> None:
    known = item_map()
    text = b'[{"id":"7","title":"%b"}]' % (b"a" * LIST_END)
    first = read_sound(text, known)
    assert read_sound(bytes(bytearray(text)), known) is first
    other = read_sound(text.replace(b"7", b"8"), known)
    assert other is not None
    assert list(other.by_column().column("item_id")) == ["8"], "the same end is not the same list"


def test_a_long_list_is_read_and_not_remembered() -> None:
    known = item_map()
    assert read_sound(b'[{"title":"%b"}]' % (b"a" * LIST_LONGEST), known)
    assert not known.lists


@pytest.mark.parametrize("last", [b'"x":1', b'"x":{"z":1,"z":2}', b'"title":"\\\\","x":"\\""', b'"y":1,"y":{}'])
def test_a_list_whose_keys_are_known_is_left_where_one_comes_twice(last: bytes) -> None:
    known = item_map()
    sound = b'[{"title":"a","x":"c","y":1}]'
    for _ in range(2):
        assert read_sound(sound, known) is not None
        known.lists.clear()  # what was met is not read again
    assert known.last, "its keys are known"
    assert read_sound(b'[{"title":"a","x":"c","y":1,%b}]' % last, known) is None


def test_records_travel_between_processes_by_column() -> None:
    known = item_map()
    read_sound(REST, known)
    known.lists.clear()  # what was met is not read again
    given = read_sound(REST, known)
    assert isinstance(given, TypedItems)
    assert pickle.loads(pickle.dumps(given)) == given.by_column()  # noqa: S301 - made a line before


ALIKE = b'[{"id":"7","sort":"1","title":"a"},{"id":"8","sort":"2","title":"b"}]'
REST = b'[{"x":"c","id":"7","y":1.50,"title":"a"},{"x":"d","id":"8","y":null,"title":"b"}]'
"""A list with keys that fill no column."""


@pytest.mark.parametrize(
    "text",
    [
        ALIKE,
        b'[{"sort":"2","title":"b","id":"8"},{"title":"a","id":"7","sort":"1"}]',
        b'[{"id":7,"sort":1,"title":"a"}]',
        b'[{"id":7,"sort":"1","title":"a"},{"id":"7","sort":"1","title":"a"}]',
        b'[{"id":"7","sort":"1","title":"a"},{"id":"8","sort":"2"}]',
        b'[{"id":"7","sort":"1","title":"a"},{"id":"8","sort":"2","title":"b","x":"c"}]',
        b'[{"id":"7","sort":"1","title":"a"},{"id":"8","sort":"2","title":null}]',
        b'[{"id":"7","sort":"01","title":"a"}]',
        b'[{"id":"7","sort":" 1","title":"a"},{"id":"8","sort":"1,2","title":"b"}]',
        b'[{"id":"7","sort":"-0","title":"a"},{"id":"8","sort":"-5","title":"b"}]',
        b'[{"id":"7","sort":"9223372036854775808","title":"a"}]',
        b'[{"id":"7","pic":"","title":"a"}]',
        b'[{"id":"7","title":"}"}]',
        REST,
        b'[{"y":1,"id":"7","x":"c","title":"a"},{"y":2,"id":"8","x":"d","title":"b"}]',
        b'[{"x":"c","id":"7","y":1,"title":"a"},{"y":2,"id":"8","x":"d","title":"b"}]',
        b'[{"x":"c","id":"7","y":{"x":1,"y":[2.50]},"title":"a"}]',
        rb'[{"x":"c \"y\":","id":"7","\u0079":1,"title":"a \\"}]',
        b'[{"x":"c","id":"7","title":"a"},{"x":"/a.jpg","id":"8","title":"b"}]',
        b'[{"id":1.5,"sort":null,"title":"a","pic":{"url":"/a.jpg","w":9}},{"id":true,"sort":"/b.jpg","title":"","pic":null}]',
        b'[{"id":"7","pic":"/a.jpg","x":{"y":"/b.jpg"},"title":"a"},{"id":8,"pic":"","x":[1.0],"title":"b"}]',
        b'[{"id":"7","x":{"y":{"z":{"a":{"b":[]}}}},"title":"a"}]',
        rb'[{"id":7,"x":"a\/b","title":"\/c"},{"id":"8","x":"a","title":"\"b"}]',
        b'[{"id":"7","y":1,"\\u0001":2,"title":"a"}]',
        b'[{"x":"/a.jpg","id":"7","y":"https://pier.example/7","title":"a"}]',
        b'[{"x":"/a.jpg","id":"7","y":7,"title":"a","pic":"/b.jpg"}]',
        b'[{"x":"c","id":"7","y":1,"title":"a"},{"x":"c","id":"7","title":"a"}]',
    ],
)
def test_a_list_gives_the_same_whatever_list_was_read_before(text: bytes) -> None:
    used = item_map()
    for before in (ALIKE, text, ALIKE, text, REST, text, REST):
        read_sound(before, used)
        used.lists.clear()  # what was met is not read again
    given = read_sound(text, used)
    assert given is not None
    assert list(given.by_column().each()) == decoded_whole(text)
