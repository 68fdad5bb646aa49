"""Fifth stage: the JSON of a payload, its items as typed rows, and nothing dropped or bent to fit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from msgspec import structs

from pipeline.items import ListedItems
from pipeline.model import Claim, Payload, RelatedItem, Span, Status
from pipeline.profiles import load
from pipeline.stages import related
from pipeline.stages.related import ItemMap, Related

FIELDS = {
    "item_id": ["id", "guid"],
    "sort_key": ["sort"],
    "content_type_id": ["type"],
    "title": ["title"],
    "media_path": ["pic"],
}
MAP = ItemMap(FIELDS, media_base="https://media.example", flags=("VIDEO",))


def read(payload: str | bytes, item_map: ItemMap = MAP, status: Status = "exact") -> Related:
    """Return what a document holds that is nothing but a dump of this payload."""
    raw = payload.encode() if isinstance(payload, str) else payload
    claim = Claim(Span(0, len(raw)), "php_dump", "var_dump", status, payload=Span(0, len(raw)))
    return related.read(raw, [claim], item_map)


def item(**keys: object) -> RelatedItem:
    """Return the item that a JSON object of these keys becomes; a title is added."""
    (found,) = read(json.dumps([{"title": "Ferry", **keys}])).items
    return found


def test_an_item_of_the_sample() -> None:
    path = "/2016/03/27/alalam_635946683600318058_25f_4x3.mp4"
    row = {"id": "1802600", "sort": "3519557", "type": "21", "pic": path, "title": "VIDEO: Ferry Back"}
    (found,) = read(json.dumps([row])).items
    assert found == RelatedItem(
        artifact=0,
        recovery="strict",
        item_id="1802600",
        sort_key=3519557,
        content_type_id=21,
        title="VIDEO: Ferry Back",
        headline="Ferry Back",
        title_flags=("VIDEO",),
        media_path=path,
        media_url=f"https://media.example{path}",
        media_kind="video",
        media_date=date(2016, 3, 27),
        media_ticks=635946683600318058,
        keys=("id = item_id", "sort = sort_key", "type = content_type_id", "title = title", "pic = media_path"),
    )


# ----------------------------------------------------------------------------------------------------------- payloads


@pytest.mark.parametrize("payload", ["", "plain text", "17", "null", '"text"', "true", " x [1]"])
def test_a_payload_that_does_not_begin_like_a_list_or_an_object_is_no_json(payload: str) -> None:
    assert read(payload) == Related((Payload(),), ListedItems())


@pytest.mark.parametrize("payload", ["[]", "{}", "[1, 2]", ' [{"a": null}] ', '{"a": "größe"}', "\n[]\n"])
def test_json_is_given_as_it_stands(payload: str) -> None:
    assert read(payload) == Related((Payload(payload.encode(), "strict"),), ListedItems())


@pytest.mark.parametrize(
    ("payload", "json", "recovery"),
    [
        ('[{"title": "a "b" c"}]', r'[{"title":"a \"b\" c"}]', "repaired"),
        ("[1,]", "[1]", "repaired"),
        ("{'a': 1}", '{"a":1}', "repaired"),
        ("[NaN]", "[null]", "repaired"),
        ('[{"title":"a"},{"title":"b', '[{"title":"a"}]', "salvaged"),
        ("[{&quot;title&quot;:&quot;a&quot;}]", '[{"title":"a"}]', "decoded"),
        ('var related = [{"title":"a"}];', '[{"title":"a"}]', "envelope"),
    ],
)
def test_damaged_json_is_recovered_and_says_how(payload: str, json: str, recovery: str) -> None:
    (found,) = read(payload).payloads
    assert (found.json, found.recovery, found.suspect) == (json, recovery, False)
    assert found.reason
    assert read(payload).items.warnings


@pytest.mark.parametrize("payload", ["[[", '{"a'])
def test_json_that_is_none_is_rejected_and_said(payload: str) -> None:
    found = read(payload)
    assert [(one.json, one.recovery) for one in found.payloads] == [(None, "rejected")]
    assert found.items.warnings == ("related_json_invalid",)


def test_json_that_is_nested_beyond_reason_is_rejected_and_said() -> None:
    found = read("[" * 100_000 + "]" * 100_000)
    assert found.payloads == (Payload(None, "rejected", reason="lists and objects are nested deeper than is read"),)
    assert found.items.warnings == ("related_json_too_deep",)


def test_of_a_key_that_comes_twice_no_value_is_lost_and_the_last_is_doubted() -> None:
    text = '[{"id":"7","title":"Ferry","id":"8"}]'
    found = read(text)
    assert (found.payloads[0].json, found.payloads[0].recovery, found.payloads[0].suspect) == (text, "strict", True)
    assert found.payloads[0].reason == "an object has a key twice"
    assert [item.item_id for item in found.items] == ["8"]
    assert found.items.warnings == ("related_json_suspect",)


def test_bytes_that_are_not_utf8_leave_the_rest_of_the_json() -> None:
    found = read(b'[{"title":"caf\xe9"},{"title":"tea"}]')
    assert [one.title for one in found.items] == ["caf\ufffd", "tea"]
    assert (found.payloads[0].recovery, found.payloads[0].suspect) == ("repaired", True)
    assert found.items.warnings == ("related_json_repaired", "related_json_suspect")


def test_items_that_are_complete_are_kept_and_the_others_counted() -> None:
    found = read('[{"id":"7","title":"Ferry"},{"id":"8","title":"Tra', status="truncated")
    assert [(one.item_id, one.title, one.recovery) for one in found.items] == [("7", "Ferry", "salvaged")]
    assert found.payloads[0].reason.startswith("at least 2 items expected, 1 found complete")
    assert found.items.warnings == ("related_json_truncated",)


def test_json_that_was_cut_short_is_said_to_be() -> None:
    assert read('[{"title": "Fer', status="truncated").items.warnings == ("related_json_truncated",)


def test_a_payload_that_was_left_in_the_text_is_not_read() -> None:
    assert read('[{"title": "Ferry"}]', status="kept") == Related((Payload(),), ListedItems())


def test_attributes_of_mark_up_are_no_items_of_the_page() -> None:
    value = '{"block":"wp:list","attributes":{"rows":[{"id":"1","title":"Ferry"},{"id":"2","title":"Lock"}]}}'
    claim = Claim(Span(0, 2), "html", "comment", "exact", value=value)
    assert len(related.read(b"..", [claim], MAP).items) == 2
    assert related.read(b"..", [structs.replace(claim, breaks=0)], MAP).items == ()


def test_each_claim_has_its_payload_and_each_item_its_artifact() -> None:
    raw = b'[{"title":"a"}][{"title":"b"},{"title":"c"}]'
    claims = [
        Claim(Span(0, 15), "php_dump", "var_dump", "exact", payload=Span(0, 15)),
        Claim(Span(15, 15), "php_dump", "var_dump", "exact"),
        Claim(Span(15, len(raw)), "php_dump", "var_dump", "exact", payload=Span(15, len(raw))),
    ]
    found = related.read(raw, claims, MAP)
    assert [payload.recovery for payload in found.payloads] == ["strict", None, "strict"]
    assert [(one.title, one.artifact) for one in found.items] == [("a", 0), ("b", 2), ("c", 2)]


# ----------------------------------------------------------------------------------------------------- where items are


@pytest.mark.parametrize(
    ("payload", "path", "titles"),
    [
        ('[{"title":"a"}]', (), ["a"]),
        ('{"items":[{"title":"a"}]}', ("items",), ["a"]),
        ('{"data":[{"list":[{"title":"a"}]}]}', ("data", 0, "list"), ["a"]),
        ('{"items":[{"title":"a"}]}', (), []),
        ('{"items":[{"title":"a","id":"7"}]}', (), ["a"]),
        ('{"data":{"rows":[{"x":1}],"list":[{"title":"a","pic":"/a.jpg"}]}}', (), ["a"]),
        ('{"items":[{"title":"a"}]}', ("data",), []),
        ('{"items":[{"title":"a"}]}', ("items", 5), []),
        ('{"items":[{"title":"a"}]}', ("items", "x"), []),
        ('{"items":{"title":"a"}}', ("items",), []),
        ('{"items":"title"}', ("items", 0), []),
        ('{"items":null}', ("items", 0), []),
    ],
)
def test_a_path_leads_to_the_list(payload: str, path: Sequence[str | int], titles: list[str]) -> None:
    found = read(payload, ItemMap(FIELDS, path))
    assert [one.title for one in found.items] == titles
    assert found.payloads == (Payload(payload.encode(), "strict"),)


def test_objects_without_title_or_media_are_no_items() -> None:
    assert read('[{"id":"7","sort":"1"},{"lat":1.5}]').items == ()


def test_one_item_makes_a_list_of_items() -> None:
    assert [one.title for one in read('[{"id":"7"},{"title":"Ferry"}]').items] == [None, "Ferry"]


def test_a_row_that_is_no_object_is_said() -> None:
    found = read('[{"title":"Ferry"}, 5, null, ["x"]]')
    assert len(found.items) == 1
    assert found.items.warnings == ("related_item_not_an_object",)


# ------------------------------------------------------------------------------------------------------------- fields


def test_the_first_key_that_is_there_fills_a_column_and_the_others_stay() -> None:
    assert (item(id="7", guid="g").item_id, item(id="7", guid="g").extra) == ("7", '{"guid":"g"}')
    assert (item(guid="g").item_id, item(guid="g").extra) == ("g", None)


def test_a_key_whose_value_does_not_fit_leaves_the_column_to_the_next() -> None:
    found = item(id=["7"], guid="g")
    assert (found.item_id, found.extra) == ("g", '{"id":["7"]}')


def test_every_other_key_is_kept_as_it_was() -> None:
    extra = item(author={"name": "Größe"}, tags=["a", 1, 2.5, None, True]).extra
    assert extra is not None
    assert json.loads(extra) == {"author": {"name": "Größe"}, "tags": ["a", 1, 2.5, None, True]}


def test_integers_beyond_64_bits_are_kept_whole() -> None:
    (found,) = read('[{"title":"Ferry","n":99999999999999999999999}]').items
    assert found.extra == '{"n":99999999999999999999999}'


@pytest.mark.parametrize(
    ("value", "sort_key"),
    [
        ("7", 7),
        (7, 7),
        ("-7", -7),
        ("0", 0),
        (2**63 - 1, 2**63 - 1),
        (str(-(2**63)), -(2**63)),
        (2**63, None),
        (str(2**63), None),
        ("007", None),
        ("+7", None),
        ("7.0", None),
        (" 7", None),
        ("1_000", None),
        ("٧", None),
        ("", None),
        ("-0", None),
        ("9" * 5000, None),
        (7.0, None),
        (True, None),
        (None, None),
        ([7], None),
    ],
)
def test_a_number_fills_a_column_only_when_it_would_read_back_the_same(value: object, sort_key: int | None) -> None:
    found = item(sort=value)
    assert found.sort_key == sort_key
    assert (found.extra is None) == (sort_key is not None)
    if found.extra is not None:
        assert json.loads(found.extra) == {"sort": value}


@pytest.mark.parametrize(
    ("value", "type_id"), [("21", 21), (2**31 - 1, 2**31 - 1), (2**31, None), (-(2**31) - 1, None)]
)
def test_a_content_type_has_32_bits(value: object, type_id: int | None) -> None:
    assert item(type=value).content_type_id == type_id


@pytest.mark.parametrize(
    ("value", "item_id"), [("7", "7"), ("007", "007"), (7, "7"), ("", ""), (7.5, None), (True, None), ({}, None)]
)
def test_an_identity_is_text_as_given(value: object, item_id: str | None) -> None:
    assert item(id=value).item_id == item_id


@pytest.mark.parametrize("value", [5, None, ["x"], {"a": "b"}, True])
def test_a_title_is_text(value: object) -> None:
    (found,) = read(json.dumps([{"pic": "/a.jpg", "title": value}])).items
    assert (found.title, found.headline, found.title_flags) == (None, None, ())
    assert found.extra is not None


def test_a_media_clock_that_contradicts_its_path_is_said() -> None:
    found = read('[{"pic":"/2015/01/01/a_635946683600318058_4x3.jpg"}]')
    assert (found.items[0].media_ticks, found.items.warnings) == (None, ("media_clock_contradicts_path",))


def test_a_warning_is_given_once() -> None:
    row = '{"pic":"/2015/01/01/a_635946683600318058_4x3.jpg"}'
    assert read(f"[{row},{row}]").items.warnings == ("media_clock_contradicts_path",)


# ------------------------------------------------------------------------------------------------- dumped structures


def structure(value: object, status: Status = "exact", item_map: ItemMap = MAP) -> Related:
    """Return what a document holds that is nothing but a dump of this structure."""
    claim = Claim(Span(0, 1), "php_dump", "var_dump", status, value=json.dumps(value))
    return related.read(b"x", [claim], item_map)


ROW = {"id": "7", "title": "Ferry", "pic": "/a.jpg"}


@pytest.mark.parametrize(
    "value",
    [
        [ROW],
        {"$class": "stdClass", "related": [{"$class": "stdClass", **ROW}]},
        {"1203": ROW, "1204": ROW},
        {"data": {"more": "x", "list": [ROW, ROW]}},
        [[ROW], [ROW]],
    ],
)
def test_items_are_found_wherever_they_stand_in_a_structure(value: object) -> None:
    found = structure(value)
    assert {(one.item_id, one.title, one.recovery) for one in found.items} == {("7", "Ferry", "strict")}
    assert found.payloads == (Payload(),)


@pytest.mark.parametrize(
    ("status", "recovery"), [("exact", "strict"), ("repaired", "repaired"), ("truncated", "salvaged")]
)
def test_items_of_a_structure_are_as_sure_as_the_dump(status: Status, recovery: str) -> None:
    assert [one.recovery for one in structure([ROW, ROW], status).items] == [recovery] * 2


@pytest.mark.parametrize(
    ("rows", "complete"),
    [
        ([ROW, ROW], 2),
        ([ROW, {"id": "8"}], 1),
        ([ROW, {**ROW, "more": []}], 1),
        ([ROW, []], 1),
        ([ROW], 0),
    ],
)
def test_the_item_that_a_dump_was_cut_in_is_dropped(rows: list[object], complete: int) -> None:
    found = structure({"x": 1, "rows": rows}, "truncated")
    assert [one.title for one in found.items] == ["Ferry"] * complete
    assert found.items.warnings == ("related_json_truncated",)


def test_a_list_before_the_place_where_a_dump_was_cut_is_whole() -> None:
    rows = [ROW, {"id": "8", "title": "Tram"}]
    assert [one.title for one in structure({"rows": rows, "more": {}}, "truncated").items] == ["Ferry", "Tram"]


def test_a_json_string_in_a_structure_is_read() -> None:
    found = structure({"body": "text", "related": json.dumps([ROW])})
    assert [one.title for one in found.items] == ["Ferry"]
    assert found.payloads == (Payload(json.dumps([ROW]).encode(), "strict"),)


def test_several_json_strings_in_a_structure_are_read() -> None:
    found = structure([json.dumps([ROW]), '[{"id":"8","title":"Tram",}]'])
    assert [(one.title, one.recovery) for one in found.items] == [("Ferry", "strict"), ("Tram", "repaired")]
    assert found.payloads == (Payload(None, "repaired", reason="2 strings in it are JSON documents"),)


def test_several_json_strings_of_which_some_are_cut_tell_what_was_expected() -> None:
    begun = '[{"id":"8","title":"Tram"},{"id":"9","ti'
    found = structure([json.dumps([ROW]), begun, begun])
    assert [one.title for one in found.items] == ["Ferry", "Tram", "Tram"]
    reason = "3 strings in it are JSON documents; at least 4 items expected, 2 found complete"
    assert found.payloads == (Payload(None, "salvaged", reason=reason),)


def test_a_structure_without_items_has_none() -> None:
    assert structure({"a": [1, 2], "b": {"c": "d"}, "e": [{"lat": 1}, {"lat": 2}]}) == Related(
        (Payload(),), ListedItems()
    )


# ------------------------------------------------------------------------------------------------- names and shapes

SHAPED = replace(MAP, by_shape=True)


def test_addresses_are_known_by_their_shape() -> None:
    row = {"title": "Ferry", "pfad": "/2016/03/27/dock.webp", "mehr": "https://a.example/1", "note": "read/write"}
    (found,) = read(json.dumps([row]), SHAPED).items
    assert (found.media_path, found.url) == ("/2016/03/27/dock.webp", "https://a.example/1")
    assert found.extra == '{"note":"read/write"}'
    assert read(json.dumps([row])).items[0].media_path is None


@pytest.mark.parametrize(
    ("value", "path", "extra"),
    [
        ({"url": "/a.jpg", "width": 9}, "/a.jpg", '{"pic":{"width":9}}'),
        ({"src": "/a.jpg"}, "/a.jpg", None),
        (["/a.jpg", "/b.jpg"], "/a.jpg", '{"pic":["/b.jpg"]}'),
        ([{"url": "/a.jpg", "width": 9}, "/b.jpg"], "/a.jpg", '{"pic":[{"width":9},"/b.jpg"]}'),
        ([{"url": "/a.jpg"}], "/a.jpg", None),
        ({"width": 9}, None, '{"pic":{"width":9}}'),
        ([], None, '{"pic":[]}'),
        ("", None, '{"pic":""}'),
        ({"url": ""}, None, '{"pic":{"url":""}}'),
    ],
)
def test_an_image_that_is_an_object_gives_its_address_and_keeps_the_rest(
    value: object, path: str | None, extra: str | None
) -> None:
    found = item(pic=value)
    assert (found.media_path, found.extra) == (path, extra)


def test_the_keys_that_filled_columns_are_told() -> None:
    assert read('[{"guid":"7","title":"Ferry","x":1}]').items[0].keys == ("guid = item_id", "title = title")


def test_lists_of_json_ld_that_are_no_pages_are_no_items() -> None:
    crumbs = {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "id": "1", "title": "News"}]}
    people = [{"@type": "Person", "id": "1", "title": "Dr"}]
    assert read(json.dumps({"crumbs": crumbs, "author": people})).items == ()
    pages = {"@type": "ItemList", "list": [{"@type": "ListItem", "item": {"@type": "NewsArticle", **ROW}}]}
    assert [one.title for one in read(json.dumps(pages)).items] == ["Ferry"]


def test_a_list_with_an_item_of_an_unknown_type_is_told_of() -> None:
    story, strange = {"@type": "NewsArticle", **ROW}, {"@type": "PierTicket", **ROW}
    found = read(json.dumps([story, strange])).items
    assert found == ()
    assert found.warnings == ("related_item_type_unknown: pierticket",)
    assert read(json.dumps({"offers": [strange, strange]})).items.warnings == (), "nothing in it is a page"
    graph = {"@graph": [story, strange, {"@type": "WebSite", **ROW}]}
    assert read(json.dumps(graph)).items.warnings == (), "it describes the page itself"


# ---------------------------------------------------------------------------- a string that the leak breaks off in


def test_a_string_that_a_structure_breaks_off_in_keeps_its_complete_items() -> None:
    text = b'[{"id": "7", "title": "Ferry"}, {"id": "8", "ti'
    claim = Claim(
        Span(0, 90), "php_dump", "var_dump", "truncated", payload=Span(40, 90), value='{"ok":true}', unfinished=text
    )
    found = related.read(bytes(90), [claim], MAP)
    assert [row.item_id for row in found.items] == ["7"]
    assert found.items.warnings == ("related_json_truncated",)
    (payload,) = found.payloads
    assert payload.json == '[{"id":"7","title":"Ferry"}]'
    assert payload.recovery == "salvaged"
    assert payload.reason.startswith("at least 2 items expected, 1 found complete")


def test_an_unfinished_string_with_nothing_complete_is_told_of() -> None:
    claim = Claim(Span(0, 9), "php_dump", "var_dump", "truncated", value='{"ok":true}', unfinished=b'[{"id": "7", "ti')
    found = related.read(bytes(9), [claim], MAP)
    assert not found.items
    assert found.items.warnings == ("related_json_truncated",)
    assert found.payloads[0].recovery == "rejected"


def test_the_names_of_default_are_those_of_one_meaning() -> None:
    item_map = ItemMap(load().default.fields, by_shape=True)
    row = {"story_id": "731", "headline": "Hemp Is Sown", "caption": "The field in May", "hl": "en"}
    (found,) = read(json.dumps([row]), item_map).items
    assert (found.item_id, found.title) == ("731", "Hemp Is Sown")
    assert found.extra == '{"caption":"The field in May","hl":"en"}', "a picture's words, and a language"


def test_a_guid_that_is_an_address_is_one_where_another_key_names_the_item() -> None:
    item_map = ItemMap(load().default.fields, by_shape=True)
    post = {"ID": "731", "post_title": "Hemp Is Sown", "guid": "https://wick.example/?p=731"}
    (found,) = read(json.dumps([post]), item_map).items
    assert (found.item_id, found.headline, found.url, found.extra) == (
        "731",
        "Hemp Is Sown",
        "https://wick.example/?p=731",
        None,
    )
    (lone,) = read('[{"title": "Hemp Is Sown", "guid": "w-731"}]', item_map).items
    assert lone.item_id == "w-731"
