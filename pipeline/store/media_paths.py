"""What the paths of media files tell, of a whole batch at once: what `pipeline.media.read_media` tells of each.

Paths are told apart in their bytes: where the query begins, where the last slash and the last dot before it stand, and
where there are eighteen digits in a row. What a folder or an extension says is then asked once for each.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.media import KIND_OF, TICKS_DIGITS, TICKS_PER_DAY, address, day_in
from pipeline.store.text_bytes import Texts, first_of_each

if TYPE_CHECKING:
    import numpy.typing as npt

    from pipeline.store.text_bytes import Places

NO_TICKS, ALL_TICKS = (0, 0), (0, 10**TICKS_DIGITS)


class Paths(NamedTuple):
    """What paths tell, by path. Of a doubtful one the clock in its name is on another day than its folder."""

    url: pa.Array
    kind: pa.Array
    date: pa.Array
    ticks: pa.Array
    doubtful: pa.Array

    def take(self, places: pa.Array) -> Paths:
        """Return what the paths at some places tell; nothing where a place is null."""
        return Paths(*(column.take(places) for column in self))


class Folder(NamedTuple):
    """What a folder tells of the files in it: how their addresses begin, their day, and the ticks that fit it."""

    address: str | None
    day: date | None
    ticks: tuple[int, int]


def read(paths: pa.Array, base: str | None, *, any_day: bool) -> Paths:
    """Return what paths tell.

    Args:
        paths: The paths; none is null.
        base: The address that they are relative to.
        any_day: Whether ticks count where the path has no day that they could be held against.

    >>> told = read(pa.array(["/2021/05/04/pier.jpg", "fog.mp3?v=2"]), "https://media.example", any_day=False)
    >>> told.url.to_pylist(), told.kind.to_pylist()
    (['https://media.example/2021/05/04/pier.jpg', 'https://media.example/fog.mp3?v=2'], ['image', 'audio'])
    """
    texts = Texts(paths)
    ends = texts.before_first(b"?#")
    names = texts.after_last(ord("/"), texts.starts, ends)
    extensions = texts.after_last(ord("."), names, ends)
    extensions = np.where(extensions > names, extensions, ends)
    kinds = texts.part(1, extensions, ends).dictionary_encode()
    kind = pa.array([KIND_OF.get(name.lower()) for name in kinds.dictionary.to_pylist()], pa.string())
    folders = texts.part(0, names).dictionary_encode()
    told = [_folder(name, base, any_day=any_day) for name in folders.dictionary.to_pylist()]
    ticks, has_ticks = _ticks(texts, names, ends)
    spans = np.array([each.ticks for each in told], np.int64).reshape(-1, 2)[folders.indices]
    begins = pa.array([each.address for each in told], pa.string()).take(folders.indices)
    day = pa.array([each.day for each in told], pa.date32()).take(folders.indices)
    fit = (spans[:, 0] <= ticks) & (ticks < spans[:, 1])
    return Paths(
        _addresses(paths, texts, names, begins, base),
        kind.take(kinds.indices),
        day,
        pa.array(ticks, mask=~(has_ticks & fit)),
        pc.and_(pa.array(has_ticks & ~fit), day.is_valid()),
    )


def _ticks(texts: Texts, names: Places, ends: Places) -> tuple[Places, npt.NDArray[np.bool_]]:
    """Return the first number of a name that has as many digits as ticks have, and whether there is one."""
    places = texts.numbers(TICKS_DIGITS)
    rows = texts.row_of(places)
    in_name = (places >= names[rows]) & (places < ends[rows])
    rows, places = rows[in_name], places[in_name]
    first = first_of_each(rows)
    rows, places = rows[first], places[first]
    ticks = np.zeros(len(names), np.int64)
    ticks[rows] = texts.ranges(places, places + TICKS_DIGITS).cast(pa.int64())
    has_ticks = np.zeros(len(names), np.bool_)
    has_ticks[rows] = True
    return ticks, has_ticks


def _addresses(paths: pa.Array, texts: Texts, names: Places, begins: pa.Array, base: str | None) -> pa.Array:
    """Return the addresses of paths; a path without a folder has nothing that another one has."""
    addresses = pc.binary_join_element_wise(begins, texts.part(1, names), "")
    alone = names == texts.starts
    if not alone.any():
        return addresses
    own = [address(path, base) for path in paths.filter(pa.array(alone)).to_pylist()]
    return pc.replace_with_mask(addresses, pa.array(alone), pa.array(own, pa.string()))


def _folder(name: str, base: str | None, *, any_day: bool) -> Folder:
    """Return what a folder tells."""
    begins = address(name, base)
    if (day := day_in(name)) is None:
        return Folder(begins, None, ALL_TICKS if any_day else NO_TICKS)
    day_before = (day.toordinal() - 2) * TICKS_PER_DAY
    return Folder(begins, day, (day_before, day_before + 3 * TICKS_PER_DAY))
