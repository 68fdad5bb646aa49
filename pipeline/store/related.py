"""The rows of ``related_items``: what the keys of items gave, and what is made from that, of a whole batch at once.

They say what :class:`pipeline.items.listed.ListedItems` says of one item; no object is made of an item.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.headline import FLAG_MARKS, flag_splitter
from pipeline.media import EPOCH_TICKS, NO_MEDIA, kind_by_key, read_media
from pipeline.model import MAPPED_COLUMNS, ItemList, ItemSource, RelatedItems
from pipeline.schema import TABLES
from pipeline.store import media_paths
from pipeline.store.text_bytes import Texts

if TYPE_CHECKING:
    import numpy.typing as npt

TYPES = {column.name: column.type for column in TABLES["related_items"].columns}
AS_GIVEN = (*MAPPED_COLUMNS, "extra")
MEDIA = ("media_url", "media_kind", "media_date", "media_ticks", "media_at", "doubtful")


class Rows(NamedTuple):
    """The rows of some documents' items, and which of the documents have one that is in doubt."""

    columns: Mapping[str, pa.Array]
    doubtful: frozenset[int]


def build(documents: Sequence[RelatedItems], ids: Sequence[str]) -> Rows:
    """Return the rows of the items of documents in their order.

    Args:
        documents: The items of each document.
        ids: Identity of each document.
    """
    lists = [each for items in documents for each in items.lists]
    if not lists:
        return Rows({}, frozenset())
    sources: dict[ItemSource, list[int]] = {}
    for place, each in enumerate(lists):
        sources.setdefault(each.source, []).append(place)
    parts = [_of_source([lists[place] for place in places], source) for source, places in sources.items()]
    columns = {name: pa.concat_arrays([part[name] for part in parts]) for name in parts[0]}
    sizes = _sizes(lists)
    if len(parts) > 1:
        order = np.fromiter(chain.from_iterable(sources.values()), np.int64, len(lists))
        rows = pa.array(np.argsort(np.repeat(order, sizes[order]), kind="stable"))
        columns = {name: column.take(rows) for name, column in columns.items()}
    counts = np.array(list(map(len, documents)))
    owners = np.repeat(np.arange(len(documents)), counts)
    before = np.repeat(counts.cumsum() - counts, counts)
    doubtful = owners[columns.pop("doubtful").to_numpy(zero_copy_only=False)]
    columns["doc_id"] = pa.array(ids, TYPES["doc_id"]).take(pa.array(owners))
    columns["position"] = pa.array(np.arange(len(owners)) - before).cast(TYPES["position"])
    columns["artifact"] = pa.array(np.repeat([each.artifact for each in lists], sizes)).cast(TYPES["artifact"])
    columns["recovery"] = _by_list(lists, [each.recovery for each in lists], TYPES["recovery"])
    return Rows(columns, frozenset(doubtful.tolist()))


def _of_source(lists: Sequence[ItemList], source: ItemSource) -> dict[str, pa.Array]:
    """Return the columns that the items of a source have by themselves, and which items are in doubt."""
    given = {name: _given(lists, name) for name in AS_GIVEN}
    columns = {name: pa.array(values, TYPES[name]) for name, values in given.items()}
    return {
        **columns,
        "keys": _mostly_same(lists, "keys", TYPES["keys"]),
        **_titles(given["title"], columns["title"], source.flags),
        **_media(lists, given, columns["media_path"], source),
    }


def _sizes(lists: Sequence[ItemList]) -> npt.NDArray[np.int64]:
    return np.array([each.given.size for each in lists], np.int64)


def _given(lists: Sequence[ItemList], name: str) -> list[Any]:
    """Return a field of all items."""
    return list(chain.from_iterable(each.given.column(name) for each in lists))


def _mostly_same(
    lists: Sequence[ItemList], name: str, of: pa.DataType, meaning: Callable[[Any], Any] = lambda value: value
) -> pa.Array:
    """Return what a field means that most lists have the same for all their items."""
    if any(name in each.given.columns for each in lists):
        return _few(_given(lists, name), of, meaning)
    return _by_list(lists, [getattr(each.given.others, name) for each in lists], of, meaning)


def _by_list(
    lists: Sequence[ItemList],
    values: Sequence[Hashable],
    of: pa.DataType,
    meaning: Callable[[Any], Any] = lambda value: value,
) -> pa.Array:
    """Return what one value of each list means, for each of its items."""
    sizes = _sizes(lists)
    return _few(values, of, meaning).take(pa.array(np.repeat(np.arange(len(lists)), sizes)))


def _few(values: Iterable[Hashable], of: pa.DataType, meaning: Callable[[Any], Any] = lambda value: value) -> pa.Array:
    """Return what values mean of which few are different; each of these is made once."""
    different: dict[Hashable, int] = {}
    places = [different.setdefault(value, len(different)) for value in values]
    return pa.array(list(map(meaning, different)), of).take(pa.array(places, pa.int32()))


def _titles(titles: Sequence[str | None], column: pa.Array, flags: Sequence[str]) -> dict[str, pa.Array]:
    """Return titles without their flag words, and these; few titles have any of the marks that stand beside one."""
    places = np.zeros(len(titles), np.int32)
    found: dict[tuple[str, ...], int] = {(): 0}
    headlines: list[str] = []
    if flags:
        split = flag_splitter(flags)
        for row in Texts(column).rows_with(FLAG_MARKS.encode()).tolist():
            headline, flagged = split(titles[row])
            if flagged:
                headlines.append(headline)
                places[row] = found.setdefault(flagged, len(found))
    return {
        "headline": pc.replace_with_mask(column, pa.array(places > 0), pa.array(headlines, column.type)),
        "title_flags": pa.array(list(found), TYPES["title_flags"]).take(pa.array(places)),
    }


def _media(
    lists: Sequence[ItemList], given: Mapping[str, Sequence[Any]], paths: pa.Array, source: ItemSource
) -> dict[str, pa.Array]:
    """Return what paths tell, and which items are in doubt because of it."""
    if source.clock in (None, "dotnet"):
        different = paths.dictionary_encode()
        any_day = source.clock is not None
        told = media_paths.read(different.dictionary, source.media_base, any_day=any_day).take(different.indices)
        by_key = _mostly_same(lists, "media_key", TYPES["media_kind"], kind_by_key)
        kind, at = pc.coalesce(told.kind, by_key), pa.nulls(len(paths), TYPES["media_at"])
        doubtful = pc.or_kleene(told.doubtful, pc.not_equal(told.kind, by_key))
        return _named(told.url, kind, told.date, told.ticks, at, pc.fill_null(doubtful, fill_value=False))
    read = partial(read_media, base=source.media_base, clock=source.clock)
    media = [
        read(path, key=key, item_id=item_id) if path is not None else NO_MEDIA
        for path, key, item_id in zip(given["media_path"], _given(lists, "media_key"), given["item_id"], strict=True)
    ]
    *columns, warnings = zip(*media, strict=True)
    return _named(*map(pa.array, columns, map(TYPES.get, MEDIA)), pa.array(list(map(bool, warnings))))


def _named(*columns: pa.Array) -> dict[str, pa.Array]:
    """Return what paths tell by column, and the ticks as wall-clock time."""
    named = dict(zip(MEDIA, columns, strict=True))
    return {**named, "media_local": _wall_clock(named["media_ticks"])}


def _wall_clock(ticks: pa.Array) -> pa.Array:
    """Return .NET ticks as nanoseconds since 1970; null outside the years that a 64-bit count of them can hold."""
    since = pc.subtract(ticks, EPOCH_TICKS)
    fits = pc.less_equal(pc.abs(since), (2**63 - 1) // 100)
    return pc.multiply(pc.if_else(fits, since, None), 100).view(TYPES["media_local"])
