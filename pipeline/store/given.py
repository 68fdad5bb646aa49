"""What the keys of items gave, as columns: of lists that are held as records, and of those that are held by column."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.items import TypedItems
from pipeline.model import MAPPED_COLUMNS, GivenList
from pipeline.schema import TABLES
from pipeline.store.text_bytes import INT32_LARGEST, ranges

if TYPE_CHECKING:
    import numpy.typing as npt

    from pipeline.items.records import Records

TYPES = {column.name: column.type for column in TABLES["related_items"].columns}
AS_GIVEN = (*MAPPED_COLUMNS, "extra")
MEDIA_KEY = "media_key"
"""The key that a path stood under; few are different."""
LINE_BREAK = ord("\n")
INTEGER = "^(?:0|-?[1-9][0-9]{0,18})$"
"""A text that reads back the same as an integer, but for one or two beyond what 64 bits hold."""

Columns = dict[str, pa.Array]


def of_records(lists: Sequence[TypedItems], records: Records) -> Columns | None:
    """Return the columns of lists of the same records; None when a value may not fit its column.

    >>> from pipeline.items import ItemMap, read_sound
    >>> item_map = ItemMap({"item_id": ["id"], "title": ["title"], "sort_key": ["sort"]})
    >>> _, one = [read_sound(b'[{"id":"%d","title":"Ferry","sort":"7"}]' % number, item_map) for number in range(2)]
    >>> columns = of_records([one], one.records)  # keys that are met for the first time are read without records
    >>> columns["sort_key"].to_pylist(), columns["keys"].to_pylist()
    ([7], [['id = item_id', 'title = title', 'sort = sort_key']])
    """
    items = list(chain.from_iterable(each.items for each in lists))
    common = records.plan.common
    try:
        given = {column: _column(items, column, of) for column, of in records.types.items()}
        given["keys"] = _same_texts(common.keys, len(items))
        if records.plan.rest:
            given["extra"] = _as_json(records.rest(items))
    except (pa.ArrowInvalid, OverflowError):
        return None
    return {
        **{column: pa.nulls(len(items), TYPES[column]) for column in AS_GIVEN if column not in given},
        **given,
        MEDIA_KEY: pa.repeat(common.media_key, len(items)),
    }


def fitting(lists: Sequence[TypedItems], records: Records) -> list[bool]:
    """Return which lists have nothing but texts of integers where an integer is wanted, and no address elsewhere."""
    fits = np.ones(len(lists), np.bool_)
    if records.plan.rest:
        fits[:] = [records.rest(each.items) is not None for each in lists]
    owners = np.repeat(np.arange(len(lists)), [each.size for each in lists])
    items = list(chain.from_iterable(each.items for each in lists))
    for column, of in records.types.items():
        if of is str and pa.types.is_integer(TYPES[column]):
            texts = pa.array(list(map(attrgetter(column), items)), pa.string())
            fits[owners[~pc.match_substring_regex(texts, INTEGER).to_numpy(zero_copy_only=False)]] = False
    return fits.tolist()


def _column(items: Sequence[Any], column: str, of: type) -> pa.Array:
    """Return a column of records.

    Raises:
        pa.ArrowInvalid: A value does not fit.
        OverflowError: An integer is beyond 64 bits.
    """
    wanted = TYPES[column]
    values = pa.array(list(map(attrgetter(column), items)), pa.string() if of is str else pa.int64())
    if values.type == wanted:
        return values
    fit = values.cast(wanted)
    if of is str and not fit.cast(pa.string()).equals(values):
        raise pa.ArrowInvalid
    return fit


def _as_json(octets: bytes | None) -> pa.Array:
    """Return lines of JSON.

    Raises:
        pa.ArrowInvalid: A value in them may fit a column.
        OverflowError: They are more than a column holds.
    """
    if octets is None:
        raise pa.ArrowInvalid
    lines = pa.py_buffer(octets)
    if lines.size > INT32_LARGEST:
        raise OverflowError
    stops = np.flatnonzero(np.frombuffer(lines, np.uint8) == LINE_BREAK)
    return ranges(lines, np.append(0, stops[:-1] + 1), stops)


def by_column(lists: Sequence[GivenList]) -> Columns:
    """Return the columns of lists that are held by column."""
    sizes = np.array([each.size for each in lists], np.int64)
    there = {name for each in lists for name in each.columns}
    return {
        **{
            name: pa.array(_column_of(lists, name), TYPES[name])
            if name in there
            else pa.nulls(int(sizes.sum()), TYPES[name])
            for name in AS_GIVEN
        },
        "keys": _mostly_same(lists, sizes, "keys", TYPES["keys"]),
        MEDIA_KEY: _mostly_same(lists, sizes, MEDIA_KEY, pa.string()),
    }


def _column_of(lists: Iterable[GivenList], name: str) -> list[Any]:
    """Return a field of all items."""
    return list(chain.from_iterable(each.column(name) for each in lists))


def _mostly_same(lists: Sequence[GivenList], sizes: npt.NDArray[np.int64], name: str, of: pa.DataType) -> pa.Array:
    """Return a field that most lists have the same for all their items."""
    if any(name in each.columns for each in lists):
        return few(_column_of(lists, name), of)
    common = few([getattr(each.others, name) for each in lists], of)
    return common.take(pa.array(np.repeat(np.arange(len(lists)), sizes)))


def few(values: Iterable[Hashable], of: pa.DataType) -> pa.Array:
    """Return values of which few are different; each of these is made once."""
    different: dict[Hashable, int] = {}
    places = [different.setdefault(value, len(different)) for value in values]
    return pa.array(list(different), of).take(pa.array(places, pa.int32()))


def _same_texts(texts: Sequence[str], times: int) -> pa.Array:
    """Return the same list of texts for so many rows."""
    octets = [text.encode() for text in texts]
    ends = np.cumsum([len(each) for each in octets])
    if ends[-1] * times > INT32_LARGEST:
        raise OverflowError
    bounds = np.zeros(len(texts) * times + 1, np.int32)
    bounds[1:].reshape(times, -1)[:] = ends + np.arange(times)[:, None] * ends[-1]
    data = pa.py_buffer(b"".join(octets) * times)
    values = pa.StringArray.from_buffers(len(bounds) - 1, pa.py_buffer(bounds), data)
    rows = pa.array(np.arange(0, len(bounds), len(texts), dtype=np.int32))
    return pa.ListArray.from_arrays(rows, values, TYPES["keys"])
