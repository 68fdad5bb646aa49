"""What is made of the bodies of articles: a column of their text, their digests, and how many words they have.

A few dozen bodies at a time become bytes. Everything that is asked of these is asked at once, while they are in the
processor's caches.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from pipeline.store import words
from pipeline.store.text_bytes import column_of_texts

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE = 64
"""Bodies whose bytes are held beside the column: as much as stays in the processor's caches."""


class Prose(NamedTuple):
    """Bodies, and what is told of them; one without text has no digest."""

    text: pa.Array
    sha256: list[str | None]
    n_words: list[int]


def columns(bodies: Sequence[str]) -> Prose:
    """Return the columns that are made of bodies.

    Raises:
        OverflowError: They are more than a column holds.

    >>> columns(["Rain fell.", ""]).n_words
    [2, 0]
    """
    data = BytesIO()
    sizes: list[int] = []
    digests: list[str | None] = []
    n_words: list[int] = []
    for start in range(0, len(bodies), AT_ONCE):
        some = bodies[start : start + AT_ONCE]
        octets = list(map(str.encode, some))
        data.writelines(octets)
        sizes += map(len, octets)
        digests += [sha256(each).hexdigest() if each else None for each in octets]
        n_words += words.counts(some, octets)
    return Prose(column_of_texts(data.getbuffer(), sizes), digests, n_words)
