"""Mark articles whose body stands in an earlier one, across all shards of a run.

Digests are a column of their own, so that the files of unchanged shards give them up without their prose. A shard is
written again only where what it says of duplicates is no longer so.

Digests are read twice, so that only those which occur twice are held: sixteen bytes of every digest tell which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.schema import TABLES
from pipeline.store.commit import Part
from pipeline.store.parquet import open_writer, seal
from pipeline.store.snapshot import read_file

COLUMN = "duplicate_of"
DIGEST = "body_sha256"
BEGINNING = 16
"""Hexadecimal digits of a digest by which those that may occur twice are found: 64 bits."""
_BEGINNING = np.dtype(f"S{BEGINNING}")


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


def beginnings_of_several(files: Iterable[Path]) -> frozenset[str]:
    """Return how the digests begin that several articles have, as far as their beginning tells.

    Args:
        files: The articles files of a snapshot.

    Raises:
        SnapshotError: A file is damaged.
    """
    held = [np.array(read_file(path, [DIGEST])[DIGEST].drop_null().to_pylist(), _BEGINNING) for path in files]
    beginnings, counts = np.unique(np.concatenate([np.array([], _BEGINNING), *held]), return_counts=True)
    return frozenset(str(beginning, "ascii") for beginning in beginnings[counts > 1])


def of_several(digests: Iterable[str | None], several: frozenset[str]) -> list[str | None]:
    """Return the digests that may be those of several articles, None for all others.

    >>> of_several(["a" * 64, "b" * 64, None], frozenset({"b" * 16})) == [None, "b" * 64, None]
    True
    """
    return [digest if digest is not None and digest[:BEGINNING] in several else None for digest in digests]


def mark_duplicates(parts: Sequence[Part], stage: Path) -> Iterator[Part]:
    """Yield the parts of a snapshot to come, each articles file with its duplicates marked.

    Args:
        parts: The files in row order.
        stage: The run's staging folder, named after the run.

    Raises:
        SnapshotError: A file of the last snapshot is damaged.
    """
    first: dict[str, str] = {}
    several = beginnings_of_several(Path(part.path).absolute() for part in parts if part.table == "articles")
    for part in parts:
        if part.table != "articles":
            yield part
            continue
        rows = read_file(Path(part.path).absolute(), ["doc_id", DIGEST, COLUMN])
        digests = of_several(rows[DIGEST].to_pylist(), several)
        marks = first_with_same_body(rows["doc_id"].to_pylist(), digests, first)
        yield part if marks == rows[COLUMN].to_pylist() else written_again(part, marks, stage, stage.name)


def written_again(part: Part, marks: Sequence[str | None], folder: Path, run_id: str) -> Part:
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
            place = rows.column_names.index(COLUMN)
            writer.write_table(rows.set_column(place, rows.schema.field(COLUMN), column), row_group_size=len(rows))
            position += len(rows)
    staged = seal(path, "articles", part.rows)
    return replace(part, size=staged.size, sha256=staged.sha256, path=staged.path)
