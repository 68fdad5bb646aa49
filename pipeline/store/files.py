"""The files of a corpus as columns: an :class:`Input` is made only of one that somebody asks for.

A run lists every file, and nearly all of them are what they were. Where they stand and how they look is compared a
shard at a time, and of most files nothing else is ever needed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from operator import le
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar, overload

import numpy as np

from pipeline.store.inputs import STAMP, Input, path_of
from pipeline.store.readers import Form
from pipeline.store.seen import UNSEEN

if TYPE_CHECKING:
    import numpy.typing as npt


class _Known(Protocol):
    @property
    def source_uri(self) -> str: ...
    @property
    def stamp(self) -> bytes: ...


T = TypeVar("T", bound=_Known)


class Files(Sequence[Input | T], Generic[T]):
    """Inputs in order of ``source_uri``, most of them files of one form below one folder.

    Args:
        root: The folder, with the separator behind it.
        form: What the files hold.
        uris: ``source_uri`` of every input.
        stamps: How each looks, one behind the other; ``UNSEEN`` where that is not known.
        others: By place in this order, what is no such file: of another form, refused, or gone.
    """

    __slots__ = ("_other_places", "form", "others", "root", "stamps", "uris")

    def __init__(
        self, root: str, form: Form, uris: list[str], stamps: bytes, others: Mapping[int, T] | None = None
    ) -> None:
        self.root = root
        self.form = form
        self.uris = uris
        self.stamps = stamps
        self.others: Mapping[int, T] = others or {}
        self._other_places = sorted(self.others)

    def __len__(self) -> int:
        return len(self.uris)

    @overload
    def __getitem__(self, place: int) -> Input | T: ...
    @overload
    def __getitem__(self, place: slice) -> Self: ...
    def __getitem__(self, place: int | slice) -> Input | T | Self:
        if isinstance(place, slice):
            return self._neighbours(*place.indices(len(self)))
        place = range(len(self))[place]
        return self.others[place] if place in self.others else self._file(place)

    def __iter__(self) -> Iterator[Input | T]:
        return map(self.__getitem__ if self.others else self._file, range(len(self)))

    def stamp(self, place: int) -> bytes:
        """Return how one input looks."""
        return self.stamps[place * STAMP.size : (place + 1) * STAMP.size]

    def looks(self) -> npt.NDArray[np.int64]:
        """Return how all of them look, a row each: what a stamp holds, as numbers. An unknown look is all zeros."""
        return np.frombuffer(self.stamps, "<i8").reshape(len(self), STAMP.size // 8)

    def _file(self, place: int) -> Input:
        uri = self.uris[place]
        return Input.looking(uri, self.root + path_of(uri), self.form, self.stamp(place))

    def _neighbours(self, start: int, stop: int, step: int) -> Self:
        if step != 1:
            raise ValueError("only files that stand side by side are a part of these")
        first, behind = bisect_left(self._other_places, start), bisect_left(self._other_places, stop)
        others = {place - start: self.others[place] for place in self._other_places[first:behind]}
        stamps = self.stamps[start * STAMP.size : stop * STAMP.size]
        return type(self)(self.root, self.form, self.uris[start:stop], stamps, others)


def together(batches: Sequence[Sequence[Input | T]]) -> Files[Input | T]:
    """Return inputs of several batches in order of ``source_uri``: those of most files become columns.

    Inputs of one ``source_uri`` stay in the order they are given in.
    """
    kinds: Counter[tuple[str, Form]] = Counter()
    for batch in batches:
        if isinstance(batch, Files):
            kinds[batch.root, batch.form] += len(batch)
    root, form = kinds.most_common(1)[0][0] if kinds else ("", Form())
    uris: list[str] = []
    stamps: list[bytes] = []
    others: dict[int, Input | T] = {}
    for batch in batches:
        start = len(uris)
        if isinstance(batch, Files) and (batch.root, batch.form) == (root, form):
            uris += batch.uris
            stamps.append(batch.stamps)
            others.update((start + place, other) for place, other in batch.others.items())
        else:
            uris += [item.source_uri for item in batch]
            stamps += [item.stamp or UNSEEN for item in batch]
            others.update(enumerate(batch, start))
    return _in_order(Files(root, form, uris, b"".join(stamps), others))


def _in_order(files: Files[T]) -> Files[T]:
    uris = files.uris
    if all(map(le, uris, islice(uris, 1, None))):
        return files
    order = sorted(range(len(uris)), key=uris.__getitem__)
    stamps = np.frombuffer(files.stamps, f"V{STAMP.size}")[order].tobytes()
    others = {place: files.others[was] for place, was in enumerate(order) if was in files.others}
    return Files(files.root, files.form, [uris[was] for was in order], stamps, others)
