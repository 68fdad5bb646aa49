"""Mark articles whose body stands in an earlier one, across all shards of a run.

Digests are a column of their own, so that files give them up without their prose; how those of files that stay begin
is known as a rule. A shard is written again only where what it says of duplicates is no longer so.

Digests are read twice, so that only those which occur twice are held: sixteen bytes of every digest tell which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.schema import TABLES
from pipeline.store.bodies import BEGINNING, DIGEST, MARK, Bodies
from pipeline.store.commit import Part
from pipeline.store.parquet import open_writer, seal
from pipeline.store.snapshot import read_file

if TYPE_CHECKING:
    import numpy.typing as npt


def first_with_same_body(
    doc_ids: Iterable[str], digests: Iterable[str | None], first: dict[str, str]
) -> list[str | None]:
    """Return for each article the first one with the same body; None for a first one, and for an article without body.

    Args:
        doc_ids: Identities of the articles, in row order.
        digests: Digests of their bodies; None for an empty one.
        first: The first article of each digest so far, which grows.

    >>> first_with_same_body(["a", "b", "c"], ["x", "x", None], {})
    [None, 'a', None]
    """
    found: list[str | None] = []
    for doc_id, digest in zip(doc_ids, digests, strict=True):
        owner = first.setdefault(digest, doc_id) if digest is not None else doc_id
        found.append(owner if owner != doc_id else None)
    return found


def of_several(found: Sequence[npt.NDArray[np.uint64]]) -> npt.NDArray[np.uint64]:
    """Return the beginnings that stand more than once in all of them, in order.

    >>> of_several([np.array([7, 3], np.uint64), np.array([9, 7, 7], np.uint64)]).tolist()
    [7]
    """
    numbers = np.sort(np.concatenate([np.array([], np.uint64), *found]))
    again = numbers[1:][numbers[1:] == numbers[:-1]]
    return np.array(sorted({*again.tolist()}), np.uint64)  # `np.unique` would import masked arrays


Marks: TypeAlias = Sequence[str | None]
"""The first article with the same body, of each article of a file; None where it is the first itself."""


def with_marks(parts: Sequence[Part]) -> Iterator[tuple[Part, Marks | None]]:
    """Yield the parts of a snapshot to come, each with its marks if it is an articles file that has others.

    A file in which no article is marked, nor has a digest that may be that of another one, is right as it is.

    Args:
        parts: The files in row order.

    Raises:
        SnapshotError: A file of the last snapshot is damaged.
    """
    found = {part.path: _bodies(part) for part in parts if part.table == "articles"}
    several = of_several([bodies.beginnings() for bodies in found.values()])
    held = frozenset(f"{number:0{BEGINNING}x}" for number in several.tolist())
    first: dict[str, str] = {}
    for part in parts:
        if part.table != "articles":
            yield part, None
            continue
        bodies = found[part.path]
        if not bodies.marked and not np.isin(bodies.beginnings(), several).any():
            yield replace(part, bodies=bodies), None
            continue
        rows = read_file(Path(part.path).absolute(), ["doc_id", DIGEST, MARK])
        digests = (digest if digest and digest[:BEGINNING] in held else None for digest in rows[DIGEST].to_pylist())
        marks = first_with_same_body(rows["doc_id"].to_pylist(), digests, first)
        marked = replace(part, bodies=bodies._replace(marked=any(marks)))
        yield marked, marks if marks != rows[MARK].to_pylist() else None


def _bodies(part: Part) -> Bodies:
    """Return what an articles file holds, as it was noted or as it stands there."""
    if part.bodies is not None:
        return part.bodies
    return Bodies.of(read_file(Path(part.path).absolute(), [DIGEST, MARK], use_threads=False))


def written_again(part: Part, marks: Marks, folder: Path, run_id: str) -> Part:
    """Write an articles file with other marks, row group by row group; the old file stays as it is."""
    path = folder / f"articles-marked-{part.shard:06d}.parquet"
    position = 0
    with (
        pq.ParquetFile(Path(part.path).absolute(), page_checksum_verification=True) as source,
        open_writer(path, TABLES["articles"], run_id) as writer,
    ):
        for number in range(source.num_row_groups):
            rows = source.read_row_group(number)
            column = pa.array(marks[position : position + len(rows)], pa.string())
            place = rows.column_names.index(MARK)
            writer.write_table(rows.set_column(place, rows.schema.field(MARK), column), row_group_size=len(rows))
            position += len(rows)
    staged = seal(path, "articles", part.rows)
    return replace(part, size=staged.size, sha256=staged.sha256, path=staged.path)
