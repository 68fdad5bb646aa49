"""The bytes of a column of texts, and where they are cut: what numpy tells of all without an object for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Places = npt.NDArray[np.int64]

ZERO, NINE = ord("0"), 9
INT32_LARGEST = 2**31 - 1
"""Bytes of a column of texts at most."""


def table_of(wanted: bytes) -> npt.NDArray[np.bool_]:
    """Return which of all bytes are among some.

    >>> table_of(b"ab")[list(b"abc")].tolist()
    [True, True, False]
    """
    table = np.zeros(256, np.bool_)
    table[list(wanted)] = True
    return table


def first_of_each(rows: Places) -> Places:
    """Return where each number stands first among numbers in order.

    >>> first_of_each(np.array([0, 0, 3, 7, 7])).tolist()
    [0, 2, 3]
    """
    return np.flatnonzero(np.append(True, rows[1:] != rows[:-1])[: len(rows)])


def column_of(numbers: Places | npt.NDArray[np.int32]) -> pa.Array:
    """Return whole numbers as a column, where they lie: `pa.array` would import masked arrays, to ask if they are one.

    >>> column_of(np.array([3, 1])).to_pylist()
    [3, 1]
    """
    return pa.Array.from_buffers(pa.from_numpy_dtype(numbers.dtype), len(numbers), [None, pa.py_buffer(numbers)])


def column_of_texts(data: bytes | memoryview, sizes: Sequence[int]) -> pa.Array:
    """Return texts that stand one behind the other in UTF-8 as a column, where they lie, by the bytes of each.

    Raises:
        OverflowError: They are more than a column holds.

    >>> column_of_texts(b"ferryfog", [5, 0, 3]).to_pylist()
    ['ferry', '', 'fog']
    """
    if len(data) > INT32_LARGEST:
        raise OverflowError
    bounds = np.zeros(len(sizes) + 1, np.int32)
    np.cumsum(sizes, out=bounds[1:])
    return pa.StringArray.from_buffers(len(sizes), pa.py_buffer(bounds), pa.py_buffer(data))


class Texts:
    """A column of texts in UTF-8, where null is as an empty one. Places are those of bytes in all of it.

    Args:
        texts: The column, whole: no slice of another.

    Attributes:
        codes: Its bytes.
        starts, stops: Where each text begins and ends.

    >>> texts = Texts(pa.array(["a/b", "c", "/d/e"]))
    >>> texts.places_of(b"/").tolist(), texts.after_last(ord("/"), texts.starts, texts.stops).tolist()
    ([1, 4, 6], [2, 3, 7])
    """

    def __init__(self, texts: pa.Array) -> None:
        _, offsets, data = texts.buffers()
        bounds = np.zeros(1, np.int64)
        if len(texts):
            bounds = np.frombuffer(offsets, np.int32)[: len(texts) + 1].astype(np.int64)
        self._data = data if data is not None else pa.py_buffer(b"")
        self.codes = np.frombuffer(self._data, np.uint8)[: bounds[-1]]
        self.starts, self.stops = bounds[:-1], bounds[1:]

    def row_of(self, places: Places) -> Places:
        """Return in which text each byte stands."""
        return np.searchsorted(self.starts, places, side="right") - 1

    def code_at(self, places: Places) -> npt.NDArray[np.uint8]:
        """Return the bytes at some places; 0 behind the last one."""
        codes: npt.NDArray[np.uint8] = np.append(self.codes, np.uint8(0))[places]
        return codes

    def places_of(self, marks: bytes) -> Places:
        """Return where any of some bytes stands, none of which is a part of a longer character."""
        found = np.zeros(len(self.codes), np.bool_)
        for mark in marks:  # a look into a table takes longer than a few comparisons
            found |= self.codes == mark
        return np.flatnonzero(found)

    def after_last(self, mark: int, starts: Places, stops: Places) -> Places:
        """Return the places behind the last such byte of each range; where it begins if there is none."""
        places = np.flatnonzero(self.codes == mark)
        if not places.size:
            return starts.copy()
        last = np.searchsorted(places, stops) - 1
        return np.where((last >= 0) & (places[last] >= starts), places[last] + 1, starts)

    def before_first(self, marks: bytes) -> Places:
        """Return the places of the first of some bytes in each text; where the text ends if there is none."""
        stops = self.stops.copy()
        for mark in marks:
            places = np.flatnonzero(self.codes == mark)
            places = places[first_of_each(self.row_of(places))]
            rows = self.row_of(places)
            stops[rows] = np.minimum(stops[rows], places)
        return stops

    def numbers(self, digits: int) -> Places:
        """Return where numbers of so many digits begin that have no other digit beside them."""
        are_digits = self.codes - np.uint8(ZERO) <= NINE
        runs, length = are_digits, 1
        while length < digits:  # where so many digits begin in a row
            step = min(length, digits - length)
            runs, length = runs[:-step] & runs[step:], length + step
        places = np.flatnonzero(runs)
        rows, behind = self.row_of(places), places + digits
        after = np.append(are_digits, False)[behind]
        alone = (places == self.starts[rows]) | ~are_digits[places - 1]
        alone &= (behind == self.stops[rows]) | ((behind < self.stops[rows]) & ~after)
        whole: Places = places[alone]
        return whole

    def part(self, wanted: int, *places: Places) -> pa.Array:
        """Return one part of each text, by its number, when it is cut at places that follow each other."""
        parts = len(places) + 1
        bounds = np.empty(len(self.starts) * parts + 1, np.int32)
        for part, begins in enumerate((self.starts, *places)):
            bounds[part:-1:parts] = begins
        bounds[-1] = self.stops[-1] if self.stops.size else 0
        texts = pa.StringArray.from_buffers(len(bounds) - 1, pa.py_buffer(bounds), self._data)
        return texts.take(pa.array(np.arange(wanted, len(texts), parts)))

    def ranges(self, starts: Places, stops: Places) -> pa.Array:
        """Return the texts of ranges that follow each other."""
        return ranges(self._data, starts, stops)


def ranges(data: pa.Buffer, starts: Places, stops: Places) -> pa.Array:
    """Return the texts of ranges of bytes that follow each other.

    >>> ranges(pa.py_buffer(b"ferry fog"), np.array([0, 6]), np.array([5, 9])).to_pylist()
    ['ferry', 'fog']
    """
    if not starts.size:
        return pa.array([], pa.string())
    bounds = np.empty(2 * len(starts), np.int32)
    bounds[::2], bounds[1::2] = starts, stops
    texts = pa.StringArray.from_buffers(len(bounds) - 1, pa.py_buffer(bounds), data)
    return texts.take(pa.array(np.arange(0, len(texts), 2)))
