"""Find articles that are much like an earlier one: candidates by MinHash, similarity by the shingles themselves.

Signatures that agree in a whole band of values make two articles candidates; how many of each article are looked at is
bounded, so time grows with the corpus and not with its square. Shingles wait on disk as hashes, and memory holds the
signatures alone: half a kilobyte an article.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import SnapshotError, UsageError
from pipeline.schema import NEAR_DUPLICATES
from pipeline.store.commit import Part, part_of
from pipeline.store.parquet import open_writer, seal

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

SHINGLE = 3
"""Words of a shingle."""
VALUES = 128
"""Values of a signature."""
SEED = 1
FOUND = 0.99
"""How likely it has to be that a pair just at the threshold becomes a candidate."""
BEFORE = 4
"""How many articles of a band are looked at, besides the first, for each that comes after them."""


def shingles(body: str) -> frozenset[str]:
    """Return the runs of three words of a body; a shorter body is one run.

    >>> sorted(shingles("The fog had gone"))
    ['fog had gone', 'the fog had']
    """
    words = body.casefold().split()
    return frozenset(" ".join(words[place : place + SHINGLE]) for place in range(max(1, len(words) - SHINGLE + 1)))


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how many shingles two bodies share, of all that they have.

    >>> similarity(frozenset("ab"), frozenset("bc"))
    0.3333333333333333
    """
    return share(one, other)


def share(one: AbstractSet[object], other: AbstractSet[object]) -> float:
    """Return how much two sets share of all that they have; the same for shingles and for their hashes."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def signature_of(found: Iterable[str]) -> list[int]:
    """Return the signature of some shingles."""
    import rensa

    signature = rensa.RMinHash(VALUES, SEED)
    signature.update(list(found))
    return list(signature.digest())


def hashes_of(found: Iterable[str]) -> bytes:
    """Return the hashes of some shingles, eight bytes each."""
    return b"".join(sorted(hashlib.blake2b(one.encode(), digest_size=8).digest() for one in found))


def of_hashes(raw: bytes) -> frozenset[bytes]:
    """Return the hashes that stand one behind the other."""
    return frozenset(raw[at : at + 8] for at in range(0, len(raw), 8))


def rows_of_a_band(threshold: float) -> int:
    """Return how many values a band has: as many as still find nearly every pair at the threshold.

    >>> [rows_of_a_band(threshold) for threshold in (0.5, 0.8, 0.9, 1.0)]
    [2, 4, 8, 64]
    """
    fitting = (rows for rows in (64, 32, 16, 8, 4, 2) if 1 - (1 - threshold**rows) ** (VALUES // rows) >= FOUND)
    return next(fitting, 1)


def require() -> None:
    """Demand the packages of the extra.

    Raises:
        UsageError: They are not installed.
    """
    try:
        import numpy as np  # noqa: F401
        import rensa  # noqa: F401
    except ImportError:
        raise UsageError(
            "--near-duplicates needs the extra 'near-duplicates', which is not installed: "
            "pip install 'descrape[near-duplicates]'"
        ) from None


def articles_with_bodies(files: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield ``doc_id`` and body of every article that has one of its own, in row order.

    Raises:
        SnapshotError: A file is damaged.
    """
    for path in files:
        try:
            with pq.ParquetFile(path.absolute(), page_checksum_verification=True) as file:
                for batch in file.iter_batches(1000, columns=["doc_id", "body", "duplicate_of"]):
                    for row in batch.to_pylist():
                        if row["body"] and row["duplicate_of"] is None:
                            yield row["doc_id"], row["body"]
        except (OSError, pa.ArrowException) as error:
            raise SnapshotError(f"{path}: cannot be read: {error}") from None


def near_duplicates(parts: Sequence[Part], threshold: float, stage: Path) -> Part:
    """Write the table ``near_duplicates`` of a snapshot to come.

    Args:
        parts: Its other files in row order, exact duplicates marked.
        threshold: The similarity from which on an article is listed.
        stage: The run's staging folder, named after the run.

    Raises:
        SnapshotError: A file of the last snapshot is damaged.
    """
    files = [Path(part.path) for part in parts if part.table == "articles"]
    corpus = _Corpus(stage / "shingles")
    for doc_id, body in articles_with_bodies(files):
        corpus.add(doc_id, body)
    return write_near(list(corpus.near(threshold)), stage, stage.name)


def write_near(found: Sequence[tuple[str, str, float]], folder: Path, run_id: str) -> Part:
    """Write the table of articles, in row order, each with the earlier one that it is most like, and how much."""
    columns = [
        pa.array(values, column.type) for values, column in zip(_columns(found), NEAR_DUPLICATES.columns, strict=True)
    ]
    path = folder / "near_duplicates.parquet"
    with open_writer(path, NEAR_DUPLICATES, run_id) as writer:
        writer.write_table(pa.Table.from_arrays(columns, schema=NEAR_DUPLICATES.arrow()))
    return part_of(seal(path, NEAR_DUPLICATES.name, len(found)), shard=-1)


def _columns(found: Sequence[tuple[str, str, float]]) -> list[list[Any]]:
    return [[row[place] for row in found] for place in range(len(NEAR_DUPLICATES.columns))]


class _Corpus:
    """The articles so far: their signatures in memory, their shingles in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("w+b")
        self._doc_ids: list[str] = []
        self._signatures = array("I")
        self._stops = array("Q", [0])

    def add(self, doc_id: str, body: str) -> None:
        """Take note of an article."""
        found = shingles(body)
        self._signatures.extend(signature_of(found))
        hashes = hashes_of(found)
        self._file.write(hashes)
        self._stops.append(self._stops[-1] + len(hashes))
        self._doc_ids.append(doc_id)

    def near(self, threshold: float) -> Iterator[tuple[str, str, float]]:
        """Yield each article that is at least so much like an earlier one, with the one that it is most like."""
        for place, pairs in groupby(self._candidates(threshold), key=itemgetter(0)):
            own = self._shingles(place)
            alike = [(share(own, self._shingles(earlier)), -earlier) for _, earlier in pairs]
            most, earlier = max(alike)
            if most >= threshold:
                yield self._doc_ids[place], self._doc_ids[-earlier], most
        self._file.close()

    def _shingles(self, place: int) -> frozenset[bytes]:
        start, stop = self._stops[place], self._stops[place + 1]
        self._file.seek(start)
        return of_hashes(self._file.read(stop - start))

    def _candidates(self, threshold: float) -> Iterator[tuple[int, int]]:
        """Yield places of articles that share a band, the later one first, in order."""
        import numpy as np

        count = len(self._doc_ids)
        signatures = np.frombuffer(self._signatures, np.uint32).reshape(count, VALUES)
        rows = rows_of_a_band(threshold)
        pairs = np.empty(0, np.int64)
        for start in range(0, VALUES, rows):
            pairs = np.union1d(pairs, _pairs(signatures[:, start : start + rows], count))
        for pair in pairs:
            later, earlier = divmod(int(pair), count)
            yield later, earlier


def _pairs(band: npt.NDArray[np.uint32], count: int) -> npt.NDArray[np.int64]:
    """Return the pairs of articles that agree in a band: the later place times ``count``, plus the earlier one."""
    import numpy as np

    if not count:
        return np.empty(0, np.int64)
    same = np.ascontiguousarray(band).view(np.dtype((np.void, band.shape[1] * band.itemsize))).ravel()
    _, group = np.unique(same, return_inverse=True)
    order = np.argsort(group, kind="stable")
    sorted_group = group[order]
    starts = np.flatnonzero(np.r_[True, sorted_group[1:] != sorted_group[:-1]])
    first = order[np.repeat(starts, np.diff(np.r_[starts, count]))]
    found = [order * count + first]
    for back in range(1, min(BEFORE, count - 1) + 1):
        both = sorted_group[back:] == sorted_group[:-back]
        found.append(order[back:][both] * count + order[:-back][both])
    pairs: npt.NDArray[np.int64] = np.concatenate(found).astype(np.int64)
    different: npt.NDArray[np.bool_] = pairs // count != pairs % count
    return np.extract(different, pairs)
