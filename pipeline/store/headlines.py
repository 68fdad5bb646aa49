"""Titles without their flag words, of a whole batch at once: what `pipeline.headline.split_flags` makes of each.

Most titles have none of the marks that stand beside a flag word. Most that have one have a single colon or bracket, and
what stands before it is a flag or is none: that is asked once for all that begin alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.headline import FLAG_MARKS, flag_splitter
from pipeline.store.text_bytes import Texts, column_of, first_of_each, table_of

if TYPE_CHECKING:
    from pipeline.store.text_bytes import Places

AT_HEAD, AT_EITHER_END = table_of(b":"), table_of(b")]")
"""Marks behind a flag at the head of a title; those that end one at its tail as well."""
MAY_BE_WHITE = table_of(bytes({*range(0x21), 0x7F, 0xC2, 0xE1, 0xE2, 0xE3}))
"""Bytes that white space begins with; other characters do as well."""
BLANK = ord(" ")
BESIDE_FLAG_MOST = 3
"""Characters besides the flag that a title begins with up to the mark behind it: a bracket, a blank, the mark."""
CHARACTER_LONGEST = 4
"""Bytes of a character."""


class Headlines(NamedTuple):
    """Titles without their flag words, and these."""

    headline: pa.Array
    flags: pa.Array


class _Marked(NamedTuple):
    """Titles with marks.

    Attributes:
        rows: Those with one mark, which can only stand behind a flag at the head.
        behind: Where it ends, in each of these.
        begins: Where the title goes on behind it.
        others: Those that must be looked at more closely.
    """

    rows: Places
    behind: Places
    begins: Places
    others: Places


def split(titles: pa.Array, flags: Sequence[str], of: pa.DataType) -> Headlines:
    """Return titles without their flag words, and these.

    Args:
        titles: The titles.
        flags: The flag words that there are.
        of: The type of a title's flag words.

    >>> found = split(pa.array(["VIDEO: Ferry", "Fog: A Week", None]), ["VIDEO"], pa.list_(pa.string()))
    >>> found.headline.to_pylist(), found.flags.to_pylist()
    (['Ferry', 'Fog: A Week', None], [['VIDEO'], [], []])
    """
    flagged = np.zeros(len(titles), np.int32)
    found: dict[tuple[str, ...], int] = {(): 0}
    if not flags:
        return Headlines(titles, pa.array(list(found), of).take(column_of(flagged)))
    texts = Texts(titles)
    marked = _marked(texts, flags)
    ask = flag_splitter(flags)

    beginnings = texts.ranges(texts.starts[marked.rows], marked.behind).dictionary_encode()
    asked = [ask(f"{beginning}a")[1] for beginning in beginnings.dictionary.to_pylist()]
    flagged[marked.rows] = np.array([found.setdefault(each, len(found)) for each in asked], np.int32)[
        beginnings.indices
    ]
    begins = texts.starts.copy()
    begins[marked.rows] = np.where(flagged[marked.rows], marked.begins, begins[marked.rows])
    headlines = texts.part(1, begins)
    if titles.null_count:
        headlines = pc.if_else(titles.is_valid(), headlines, None)

    looked_at = list(map(ask, titles.take(column_of(marked.others)).to_pylist()))
    flagged[marked.others] = [found.setdefault(each, len(found)) for _, each in looked_at]
    is_other = np.zeros(len(titles), np.bool_)
    is_other[marked.others] = True
    headlines = pc.replace_with_mask(
        headlines, pa.array(is_other), pa.array([headline for headline, _ in looked_at], titles.type)
    )
    return Headlines(headlines, pa.array(list(found), of).take(column_of(flagged)))


def _marked(texts: Texts, flags: Sequence[str]) -> _Marked:
    marks = texts.places_of(FLAG_MARKS.encode())
    rows = texts.row_of(marks)
    first = first_of_each(rows)
    count = np.diff(first, append=len(rows))
    rows, marks = rows[first], marks[first]
    starts, stops = texts.starts[rows], texts.stops[rows]
    behind = marks + 1
    begins = behind + (texts.code_at(behind) == BLANK)
    kind = texts.codes[marks]
    alone = (count == 1) & (AT_HEAD[kind] | (AT_EITHER_END[kind] & (behind < stops)))
    if any(mark in flag for flag in flags for mark in FLAG_MARKS):
        alone[:] = False
    longest = (max(map(len, flags)) + BESIDE_FLAG_MOST) * CHARACTER_LONGEST
    near = behind - starts <= longest
    goes_on = (begins < stops) & ~MAY_BE_WHITE[texts.code_at(begins)]
    sure = alone & near & goes_on
    return _Marked(rows[sure], behind[sure], begins[sure], rows[~alone | (near & ~goes_on)])
