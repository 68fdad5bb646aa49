"""Items that are read together give the rows that each gives by itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.items import ItemMap, read_item, read_rows
from pipeline.model import Given

FIELDS = {"item_id": ["id", "guid"], "sort_key": ["sort"], "title": ["title"], "media_path": ["pic"], "url": ["guid"]}
FITTING: dict[str, st.SearchStrategy[Any]] = {
    "id": st.sampled_from(["7", "a"]) | st.integers(0, 9),
    "guid": st.sampled_from(["https://pier.example/7", "9"]),
    "sort": st.integers(-(2**63), 2**63 - 1).map(str) | st.integers(2**63 - 1, 2**63) | st.none(),
    "title": st.sampled_from(["VIDEO: Ferry", "Fog (VIDEO)", "Fog + VIDEO", "At 7:30", ""]),
    "pic": st.sampled_from(["/2016/03/27/a_635946683600318058.mp4", "a.jpg?w=9", "//x.example/1999/1/1/b.png"]),
    "more": st.sampled_from(["", "/quay.jpg", "quay"]) | st.none(),
}
ODD: st.SearchStrategy[Any] = st.sampled_from(
    ["007", "9223372036854775808", "٧", "1_0", "", " 7", 7, True, None, 1.5, ["/a.jpg"], {"url": "/b.jpg", "width": 9}]
)


@st.composite
def lists(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw the items of a list: most with the same keys, and now and then a value that does not fit its column."""
    names = draw(st.permutations(list(FITTING)))[: draw(st.integers(0, len(FITTING)))]
    rows = [{name: draw(FITTING[name]) for name in names} for _ in range(draw(st.integers(1, 4)))]
    if draw(st.booleans()) and names:
        draw(st.sampled_from(rows))[draw(st.sampled_from([*names, "else"]))] = draw(ODD)
    return rows


@pytest.mark.parametrize("by_shape", [False, True])
@given(data=st.data())
def test_a_list_gives_what_its_items_give(data: st.DataObject, *, by_shape: bool) -> None:
    item_map = ItemMap(FIELDS, by_shape=by_shape)
    rows = data.draw(lists())
    alone = [read_item(row, item_map) for row in rows]
    assert list(read_rows(rows, item_map).each()) == alone
    assert list(read_rows(rows, item_map).each()) == alone, "known keys as well as new ones"


def test_items_without_keys_are_rows_without_values() -> None:
    given = read_rows([{}, {}], ItemMap(FIELDS))
    assert list(given.each()) == [Given(), Given()]
    assert not given.are_related
