"""How the digests of the bodies in each articles file begin, so that a file which stays need not be opened for them.

Each run compares all bodies, and few files are new. Of those whoever writes them says what they hold. What the others
hold is noted beside the snapshots, by the SHA-256 of the file it was read from: it is right for that file whatever
became of the run that noted it. The note may be removed at any time; what it does not tell is read from the tables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import numpy.typing as npt

NAME = ".bodies"
DIGEST = "body_sha256"
MARK = "duplicate_of"
BEGINNING = 16
"""Hexadecimal digits of a digest by which those that may occur twice are found: 64 bits."""
_LAYOUT = b"descrape.bodies 1\n"


class Bodies(NamedTuple):
    """What an articles file holds that decides whether its marks are right.

    Attributes:
        numbers: How the digests of its bodies begin, as numbers of 64 bits; an article without body has none.
        marked: Whether it marks an article as a duplicate.
    """

    numbers: bytes
    marked: bool

    @classmethod
    def of(cls, articles: pa.Table) -> Self:
        """Return what the columns of articles say."""
        marks = articles[MARK]
        return cls(beginnings(articles[DIGEST]).tobytes(), marks.null_count < len(marks))

    @classmethod
    def together(cls, parts: Iterable[Bodies]) -> Self:
        """Return what the rows of several parts of a file say."""
        numbers, marked = zip(*parts, strict=True)
        return cls(b"".join(numbers), any(marked))

    def beginnings(self) -> npt.NDArray[np.uint64]:
        """Return how the digests begin."""
        return np.frombuffer(self.numbers, np.uint64)


def beginnings(digests: pa.ChunkedArray) -> npt.NDArray[np.uint64]:
    """Return how digests begin, as numbers; those that are null are left out.

    >>> [hex(number) for number in beginnings(pa.chunked_array([["0123456789abcdef" * 4, None]]))]
    ['0x123456789abcdef']
    """
    letters = pc.binary_slice(digests.cast(pa.binary()).drop_null().combine_chunks(), 0, BEGINNING)
    codes = np.frombuffer(letters.buffers()[2] or b"", np.uint8, len(letters) * BEGINNING).reshape(-1, BEGINNING)
    nibbles = (codes & 0xF) + (codes >> 6) * np.uint8(9)  # "a" is 0x61, and stands for ten
    return (nibbles[:, 0::2] << 4 | nibbles[:, 1::2]).view(">u8").reshape(-1).astype(np.uint64)


def read_bodies(root: Path) -> dict[str, Bodies]:
    """Return what is known of articles files, by their SHA-256; nothing when the note is missing or damaged."""
    note = root / NAME
    try:
        raw = note.read_bytes() if note.is_file() else b""
    except OSError:
        return {}
    digest, body = raw[:_DIGEST_SIZE], raw[_DIGEST_SIZE:]
    if not body.startswith(_LAYOUT) or digest != hashlib.sha256(body).digest():
        return {}
    try:
        return msgspec.msgpack.decode(body[len(_LAYOUT) :], type=dict[str, Bodies])
    except msgspec.DecodeError:
        return {}


def write_bodies(root: Path, stage: Path, known: Mapping[str, Bodies]) -> None:
    """Note what articles files hold; when it cannot be written the next run reads it from the tables.

    It is not synced: after a power cut the digest tells whether all of it is there.
    """
    body = _LAYOUT + msgspec.msgpack.encode(known)
    aside = stage / NAME
    with suppress(OSError):
        aside.write_bytes(hashlib.sha256(body).digest() + body)
        aside.replace(root / NAME)


_DIGEST_SIZE = hashlib.sha256().digest_size
