"""Rows of related items that are made together are those that are made one by one."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.items import ItemMap, ListedItems, TypedItems, one_by_one, read_sound
from pipeline.media import EPOCH_TICKS
from pipeline.model import Given, GivenList, ItemList, ItemSource, RelatedItem
from pipeline.store import related
from pipeline.store.given import TYPES
from pipeline.store.related import build

BASES = st.sampled_from([None, "https://media.example", "https://media.example/a/", "/media", "ftp://x"])
FLAGS = st.sampled_from([(), ("VIDEO",), ("VIDEO", "LIVE UPDATE", "İZLE")])
CLOCKS = st.sampled_from([None, "dotnet", "unix", "mongo"])
SOURCES = st.builds(ItemSource, BASES, FLAGS, CLOCKS)
TITLES = st.lists(
    st.sampled_from(["VIDEO: ", "izle:", "[Live Update] ", "Fähre", "港口", " + VIDEO", " (VIDEO)", "|", "\n", "a", ""])
).map("".join)
PARTS = (
    *("/", "//", "2016/03/27/", "2016/3/26/", "2015/02/30/", "635946683600318058", "1459037160", "9" * 18, "_", "7"),
    *("pier", ".jpg", ".MP4", ".tar.gz", "?w=/a.png", "#", "https:", "mailto:", "Fähre", "港", "\n", " ", "."),
)
PATHS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=9).map("".join)
ITEMS = st.builds(
    Given,
    item_id=st.sampled_from([None, "7", "56f7a518aa00bb11cc22dd33"]),
    sort_key=st.none() | st.integers(-(2**63), 2**63 - 1),
    content_type_id=st.none() | st.integers(-(2**31), 2**31 - 1),
    title=st.none() | TITLES,
    media_path=st.none() | PATHS,
    url=st.none(),
    published_raw=st.none(),
    extra=st.sampled_from([None, '{"a":1}']),
    keys=st.sampled_from([(), ("pic = media_path",)]),
).flatmap(
    lambda item: st.sampled_from(["pic", "image", "videoUrl"]).map(
        lambda key: item._replace(media_key=key if item.media_path is not None else "")
    )
)


def listed(source: ItemSource, lists: Sequence[Sequence[Given]]) -> ListedItems:
    return ListedItems(
        [
            ItemList(place, "strict", source, GivenList.of(items), ("related_json_repaired",))
            for place, items in enumerate(lists)
        ]
    )


DOCUMENTS = st.lists(
    st.builds(listed, SOURCES, st.lists(st.lists(ITEMS, min_size=1, max_size=4), max_size=2)), min_size=1, max_size=4
)


@given(DOCUMENTS)
def test_rows_that_are_made_together_are_those_of_each_item(documents: list[ListedItems]) -> None:
    rows = build(documents, [str(place) for place in range(len(documents))])
    expected = [(str(owner), place, item) for owner, items in enumerate(documents) for place, item in enumerate(items)]
    made = {name: column.to_pylist() for name, column in rows.columns.items() if name != "media_local"}
    assert list(zip(made.pop("doc_id", []), made.pop("position", []), strict=True)) == [row[:2] for row in expected]
    for name, values_made in made.items():
        values = [getattr(item, name) for _, _, item in expected]
        assert values_made == pa.array(values, TYPES[name]).to_pylist(), name
    doubtful = {place for place, items in enumerate(documents) if items.warnings != items.told}
    assert rows.doubtful == doubtful


FIELDS = {"item_id": ["id"], "sort_key": ["sort"], "title": ["title"], "media_path": ["pic"], "published_raw": ["at"]}
INTEGERS = st.integers(-(2**63), 2**63 - 1).map(str)
ODD_INTEGERS = st.sampled_from(
    ["007", "-0", "", "7.0", "1e3", " 7", "\u0667", "9223372036854775808", "9" * 19, "9" * 40]
)


@st.composite
def sound_lists(draw: st.DrawFn) -> bytes:
    """Draw a list whose items have the same keys, most of which fit their columns."""
    mixed = INTEGERS | st.integers(0, 2**65) | st.sampled_from([1.5, None, True, "/2016/03/27/a.jpg", [7]])
    sorts = draw(st.sampled_from([INTEGERS, st.integers(-(2**63), 2**63), INTEGERS | ODD_INTEGERS, mixed]))
    values = {"id": INTEGERS, "sort": sorts, "title": TITLES, "pic": PATHS, "at": st.integers(0, 2**65)}
    others = st.sampled_from(["/a.jpg", "https://pier.example/7", "a/b"])
    values |= {
        "x": st.none() | st.text(max_size=3) | draw(st.sampled_from([st.none(), others])),
        "y": st.floats(0, 9) | st.just({"a": [1]}),
    }
    names = draw(st.sampled_from([("id", "sort", "title"), ("title", "x"), ("y", "title", "at", "x"), tuple(values)]))
    rows = draw(st.lists(st.fixed_dictionaries({name: values[name] for name in names}), min_size=1, max_size=3))
    return json.dumps(rows, separators=(",", ":")).encode()


@given(st.lists(sound_lists(), min_size=1, max_size=4), st.sampled_from([(), ("VIDEO",)]), st.integers(1, 3))
def test_lists_that_are_held_as_records_give_the_rows_of_each_item(
    texts: list[bytes], flags: Sequence[str], fewest: int
) -> None:
    item_map = ItemMap(FIELDS, media_base="https://media.example", flags=flags, by_shape=True)
    for text in texts:
        read_sound(text, item_map)
        item_map.lists.clear()  # what was met is not read again
    found = [given for text in [*texts, *texts] if (given := read_sound(text, item_map)) is not None]
    documents = [ListedItems([ItemList(0, "strict", item_map.source, given)]) for given in found]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(related, "ALIKE_FEWEST", fewest)
        rows = build(documents, [str(place) for place in range(len(documents))]).columns
    items = [item for document in documents for item in document]
    for name in rows.keys() - {"doc_id", "position", "media_local"}:
        assert rows[name].to_pylist() == pa.array([getattr(item, name) for item in items], TYPES[name]).to_pylist(), (
            name
        )


def test_a_value_that_does_not_fit_costs_only_its_own_list_its_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    item_map = ItemMap(FIELDS)
    texts = [b'[{"title":"a","sort":"%b"}]' % sort for sort in (b"1", b"2", b"003", b"4")]
    found = [read_sound(text, item_map) for text in texts][1:]
    assert all(isinstance(given, TypedItems) for given in found)
    alone: list[TypedItems] = []

    def noted(lists: Sequence[TypedItems]) -> GivenList:
        alone.extend(lists)
        return one_by_one(lists)

    monkeypatch.setattr(related, "one_by_one", noted)
    monkeypatch.setattr(related, "ALIKE_FEWEST", 2)
    columns = build(
        [ListedItems([ItemList(0, "strict", ItemSource(), given) for given in found if given])], ["a"]
    ).columns
    assert [given.text for given in alone] == [texts[2]]
    assert columns["sort_key"].to_pylist() == [2, None, 4]
    assert columns["extra"].to_pylist() == [None, '{"sort":"003"}', None]


def test_a_list_that_many_documents_show_is_gone_through_once() -> None:
    one, other = (GivenList.of([Given(title=title), Given()]) for title in ("Ferry", "Fog"))
    shown = [ListedItems([ItemList(0, "strict", ItemSource(), given)]) for given in (one, other, one)]
    columns = build(shown, ["a", "b", "c"]).columns
    assert columns["title"].to_pylist() == ["Ferry", None, "Fog", None, "Ferry", None]
    assert columns["doc_id"].to_pylist() == ["a", "a", "b", "b", "c", "c"]


def test_a_document_without_items_has_no_rows() -> None:
    assert build([ListedItems()], ["a"]).columns == {}


def test_items_without_titles_or_paths_have_rows() -> None:
    columns = build([listed(ItemSource(flags=("VIDEO",)), [[Given(item_id="7")]])], ["a"]).columns
    assert columns["item_id"].to_pylist() == ["7"]
    assert columns["headline"].to_pylist() == columns["media_url"].to_pylist() == [None]


def test_what_items_have_in_common_stands_in_each_row() -> None:
    many = GivenList(2, {"title": ("Ferry", "Fog")}, Given(keys=("name = title",)))
    columns = build([ListedItems([ItemList(3, "repaired", ItemSource(), many)])], ["a"]).columns
    assert columns["keys"].to_pylist() == [["name = title"]] * 2
    assert columns["artifact"].to_pylist() == [3, 3]
    assert columns["recovery"].to_pylist() == ["repaired", "repaired"]


@pytest.mark.parametrize(
    ("ticks", "nanoseconds"),
    [
        (635_946_683_600_318_058, 1_459_071_560_031_805_800),
        (EPOCH_TICKS + 1, 100),
        (EPOCH_TICKS - 1, -100),
        (EPOCH_TICKS + (2**63 - 1) // 100, (2**63 - 1) // 100 * 100),
        (EPOCH_TICKS + (2**63 - 1) // 100 + 1, None),
        (100_000_000_000_000_000, None),
    ],
)
def test_ticks_as_nanoseconds_since_1970(ticks: int, nanoseconds: int | None) -> None:
    item = Given(media_path=f"/{ticks}.jpg")
    (local,) = build([listed(ItemSource(clock="dotnet"), [[item]])], ["a"]).columns["media_local"].cast("int64")
    assert local.as_py() == nanoseconds


def test_items_are_seen_one_by_one_as_well() -> None:
    items = listed(ItemSource(flags=("VIDEO",)), [[Given(title="VIDEO: Ferry"), Given(title="Fog")], [Given()]])
    assert [item.headline for item in items] == ["Ferry", "Fog", None]
    assert items[1] == RelatedItem(0, "strict", title="Fog", headline="Fog")
    assert items[1:] == tuple(items)[1:]
    assert items == list(items)
    assert len(items) == 3
    assert hash(items) == hash(tuple(items))
    assert items.warnings == items.told == ("related_json_repaired",)
