"""The rows of ``related_items``: what the keys of items gave, and what is made from that, of a whole batch at once.

They say what :class:`pipeline.items.listed.ListedItems` says of one item; no object is made of an item. A list that
several documents show is gone through once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, compress
from operator import not_
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.items import TypedItems, one_by_one
from pipeline.media import EPOCH_TICKS, NO_MEDIA, kind_by_key, read_media
from pipeline.model import ItemList, ItemSource, RelatedItems
from pipeline.store import given, headlines, media_paths
from pipeline.store.given import MEDIA_KEY, TYPES

if TYPE_CHECKING:
    from pipeline.items.records import Records
    from pipeline.store.given import Columns

ALIKE_FEWEST = 24
"""So many lists of the same records are made columns together; a few cost less one by one."""
MEDIA = ("media_url", "media_kind", "media_date", "media_ticks", "media_at", "doubtful")

Places: TypeAlias = Sequence[int]
"""Which of the lists."""


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
    sizes = np.array([each.given.size for each in lists], np.int64)
    columns = _columns(lists)
    counts = np.array(list(map(len, documents)))
    owners = np.repeat(np.arange(len(documents)), counts)
    before = np.repeat(counts.cumsum() - counts, counts)
    doubtful = owners[columns.pop("doubtful").to_numpy(zero_copy_only=False)]
    columns["doc_id"] = pa.array(ids, TYPES["doc_id"]).take(pa.array(owners))
    columns["position"] = pa.array(np.arange(len(owners)) - before).cast(TYPES["position"])
    columns["artifact"] = pa.array(np.repeat([each.artifact for each in lists], sizes)).cast(TYPES["artifact"])
    recoveries = given.few([each.recovery for each in lists], TYPES["recovery"])
    columns["recovery"] = recoveries.take(pa.array(np.repeat(np.arange(len(lists)), sizes)))
    return Rows(columns, frozenset(doubtful.tolist()))


def _columns(lists: Sequence[ItemList]) -> dict[str, pa.Array]:
    """Return the columns that items have by themselves, wherever they stand."""
    different: dict[tuple[int, ItemSource], int] = {}
    first: list[ItemList] = []
    known = []
    for each in lists:
        known.append(different.setdefault((id(each.given), each.source), len(different)))
        if len(different) > len(first):
            first.append(each)
    order: list[int] = []
    parts: list[Columns] = []
    for places, part in _of_sources(first):
        order += places
        parts.append(part)
    columns = _joined(parts)
    if order == list(range(len(lists))):
        return columns
    sizes = np.array([first[place].given.size for place in order], np.int64)
    stops = np.empty(len(first), np.int64)
    stops[order] = sizes.cumsum()
    wanted = np.array([each.given.size for each in lists], np.int64)
    begins = stops[known] - wanted
    rows = pa.array(np.repeat(begins - (wanted.cumsum() - wanted), wanted) + np.arange(wanted.sum()))
    return {name: column.take(rows) for name, column in columns.items()}


def _of_sources(lists: Sequence[ItemList]) -> Iterator[tuple[Places, Columns]]:
    """Yield the columns of all lists of a source, and which of the lists these are."""
    sources: dict[ItemSource, dict[Records | None, list[int]]] = {}
    for place, each in enumerate(lists):
        records = each.given.alike or each.given.records if isinstance(each.given, TypedItems) else None
        sources.setdefault(each.source, {}).setdefault(records, []).append(place)
    for source, forms in sources.items():
        parts: list[tuple[Places, Columns]] = []
        others: list[int] = []
        for records, places in forms.items():
            if records is not None and len(places) >= ALIKE_FEWEST:
                parts += _given(lists, places, records)
            else:
                others += places
        if others:
            parts += _given(lists, others, None)
        columns = _joined([part for _, part in parts])
        derived = _derived(columns, source)
        yield list(chain.from_iterable(places for places, _ in parts)), {**columns, **derived}


def _joined(parts: Sequence[Columns]) -> Columns:
    """Return the rows of parts, one behind the other."""
    if len(parts) == 1:
        return parts[0]
    return {name: pa.concat_arrays([part[name] for part in parts]) for name in parts[0]}


def _given(lists: Sequence[ItemList], places: Places, records: Records | None) -> Iterator[tuple[Places, Columns]]:
    """Yield what the keys of lists gave: of all together, or of those whose values fit, and of the others."""
    if records is None:
        yield places, given.by_column([lists[place].given.by_column() for place in places])
        return
    typed = [each for place in places if isinstance(each := lists[place].given, TypedItems)]
    if records.types:
        if (columns := given.of_records(typed, records)) is not None:
            yield places, columns
            return
        fits = given.fitting(typed, records)
        those = list(compress(places, fits))
        if those and (columns := given.of_records(list(compress(typed, fits)), records)) is not None:
            yield those, columns
            others = list(map(not_, fits))
            places, typed = list(compress(places, others)), list(compress(typed, others))
    yield places, given.by_column([one_by_one(typed)])


def _derived(columns: Columns, source: ItemSource) -> Columns:
    """Return what is made of what the keys of items gave."""
    found = headlines.split(columns["title"], source.flags, TYPES["title_flags"])
    return {"headline": found.headline, "title_flags": found.flags, **_media(columns, source)}


def _media(columns: Columns, source: ItemSource) -> Columns:
    """Return what paths tell, and which items are in doubt because of it."""
    paths, keys = columns["media_path"], columns.pop(MEDIA_KEY).dictionary_encode()
    if source.clock in (None, "dotnet"):
        different = paths.dictionary_encode()
        any_day = source.clock is not None
        told = media_paths.read(different.dictionary, source.media_base, any_day=any_day)
        if len(different.dictionary) < len(paths):
            told = told.take(different.indices)
        kinds = pa.array(map(kind_by_key, keys.dictionary.to_pylist()), TYPES["media_kind"])
        by_key = kinds.take(keys.indices)
        kind, at = pc.coalesce(told.kind, by_key), pa.nulls(len(paths), TYPES["media_at"])
        doubtful = pc.or_kleene(told.doubtful, pc.not_equal(told.kind, by_key))
        return _named(told.url, kind, told.date, told.ticks, at, pc.fill_null(doubtful, fill_value=False))
    read = partial(read_media, base=source.media_base, clock=source.clock)
    media = [
        read(path, key=key, item_id=item_id) if path is not None else NO_MEDIA
        for path, key, item_id in zip(*(each.to_pylist() for each in (paths, keys, columns["item_id"])), strict=True)
    ]
    *of_media, warnings = zip(*media, strict=True)
    return _named(*map(pa.array, of_media, map(TYPES.get, MEDIA)), pa.array(list(map(bool, warnings))))


def _named(*columns: pa.Array) -> Columns:
    """Return what paths tell by column, and the ticks as wall-clock time."""
    named = dict(zip(MEDIA, columns, strict=True))
    return {**named, "media_local": _wall_clock(named["media_ticks"])}


def _wall_clock(ticks: pa.Array) -> pa.Array:
    """Return .NET ticks as nanoseconds since 1970; null outside the years that a 64-bit count of them can hold."""
    since = pc.subtract(ticks, EPOCH_TICKS)
    fits = pc.less_equal(pc.abs(since), (2**63 - 1) // 100)
    return pc.multiply(pc.if_else(fits, since, None), 100).view(TYPES["media_local"])
