"""The search for duplicates on a Dask cluster: what has to meet is brought together by Dask's own shuffle.

Workers read the columns they need from the staged files themselves. Exact duplicates meet by the digest of their body,
articles that may be alike by a band of their signature, and rows that have to change by the file they stand in. The
command gets to know the files that were written again, and no row. First and earlier are meant in row order, as ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias
from uuid import uuid4

import pyarrow as pa

from pipeline.schema import NEAR_DUPLICATES
from pipeline.store.commit import Part
from pipeline.store.duplicates import COLUMN, written_again
from pipeline.store.near_duplicates import (
    BEFORE,
    articles_with_bodies,
    hashes_of,
    of_hashes,
    rows_of_a_band,
    share,
    shingles,
    signature_of,
    write_near,
)
from pipeline.store.snapshot import read_file

Frame: TypeAlias = Any
"""A data frame of pandas, whose stubs take a cell for all that a cell can be."""
Client: TypeAlias = Any
"""A client of Dask, which has no types."""
PLACES = 2**32
"""A place is the number of a file times this, plus the row in it: places are in row order."""
PARTITIONS = 8
"""Partitions of a shuffle for each thread of the cluster: small enough for the memory of one."""

MARKS = {"digest": "string", "doc_id": "string", "mark": "string", "place": "int64"}
CHANGES = {"file": "int64", "row": "int64", "mark": "string"}
WRITTEN = {"file": "int64", "path": "string", "size": "int64", "sha256": "string"}
BANDS = {"band": "string", "place": "int64"}
PAIRS = {"later": "int64", "earlier": "int64"}
SHINGLES = {"place": "int64", "doc_id": "string", "hashes": "string"}
NEAR = {"later": "int64", "doc_id": "string", "near": "string", "similarity": "float64"}


def mark_duplicates(client: Client, parts: Sequence[Part], stage: Path) -> Iterator[Part]:
    """Yield the parts of a snapshot to come, each articles file with its duplicates marked, as the store does it.

    Raises:
        SnapshotError: A file of the last snapshot is damaged.
    """
    import dask.dataframe as dd

    files = [part for part in parts if part.table == "articles"]
    written: dict[int, Any] = {}
    if files:
        count = _partitions(client, len(files))
        rows = dd.from_map(_digests, list(enumerate(files)), meta=_empty(MARKS))
        changes = rows.shuffle("digest", npartitions=count, shuffle_method="p2p").map_partitions(
            _changes, meta=_empty(CHANGES)
        )
        again = changes.shuffle("file", npartitions=count, shuffle_method="p2p").map_partitions(
            _written, files, str(stage), meta=_empty(WRITTEN)
        )
        written = {row.file: row for row in client.compute(again).result().itertuples()}
    number = -1
    for part in parts:
        number += part.table == "articles"
        new = written.get(number) if part.table == "articles" else None
        yield part if new is None else replace(part, size=int(new.size), sha256=new.sha256, path=new.path)


def near_duplicates(client: Client, parts: Sequence[Part], threshold: float, stage: Path) -> Part:
    """Write the table ``near_duplicates`` of a snapshot to come, as the store does it.

    Raises:
        SnapshotError: A file of the last snapshot is damaged.
    """
    import dask.dataframe as dd

    files = list(enumerate(part.path for part in parts if part.table == "articles"))
    if not files:
        return write_near([], stage, stage.name)
    count = _partitions(client, len(files))
    bands = dd.from_map(_bands, files, threshold=threshold, meta=_empty(BANDS))
    pairs = bands.shuffle("band", npartitions=count, shuffle_method="p2p").map_partitions(_pairs, meta=_empty(PAIRS))
    articles = dd.from_map(_shingles, files, meta=_empty(SHINGLES))
    for side in PAIRS:
        own = articles.rename(columns={name: f"{side}_{name}" for name in SHINGLES})
        pairs = pairs.merge(own, left_on=side, right_on=f"{side}_place", shuffle_method="p2p", npartitions=count)
    near = pairs.shuffle("later", npartitions=count, shuffle_method="p2p").map_partitions(
        _nearest, threshold, meta=_empty(NEAR)
    )
    table = near.repartition(npartitions=1).map_partitions(_table, str(stage), meta=_empty(WRITTEN | {"rows": "int64"}))
    (row,) = client.compute(table).result().itertuples()
    return Part(-1, NEAR_DUPLICATES.name, int(row.rows), int(row.size), row.sha256, row.path)


def _partitions(client: Client, files: int) -> int:
    threads: int = sum(client.nthreads().values())
    return max(1, min(files, PARTITIONS * threads))


def _empty(columns: dict[str, str]) -> Frame:
    return _frame({name: [] for name in columns}, columns)


def _frame(values: dict[str, list[Any]], columns: dict[str, str]) -> Frame:
    import pandas as pd

    types: dict[str, Any] = {"string": pd.ArrowDtype(pa.string())}
    return pd.DataFrame({name: pd.Series(values[name], dtype=types.get(kind, kind)) for name, kind in columns.items()})


def own_folder(stage: Path) -> Path:
    """Make a folder for one attempt at a task: of a worker that was taken for lost, nothing is overwritten."""
    folder = stage / uuid4().hex
    folder.mkdir()
    return folder


# -------------------------------------------------------------------------------------- exact duplicates


def _digests(numbered: tuple[int, Part]) -> Frame:
    """Return the articles of a file that have a body, with the marks they carry."""
    number, part = numbered
    rows = read_file(Path(part.path).absolute(), ["doc_id", "body_sha256", COLUMN])
    digests, doc_ids, marks = (rows[name].to_pylist() for name in ("body_sha256", "doc_id", COLUMN))
    wanted = [row for row, digest in enumerate(digests) if digest is not None]
    return _frame(
        {
            "digest": [digests[row] for row in wanted],
            "doc_id": [doc_ids[row] for row in wanted],
            "mark": [marks[row] for row in wanted],
            "place": [number * PLACES + row for row in wanted],
        },
        MARKS,
    )


def _changes(rows: Frame) -> Frame:
    """Return the rows whose mark is not what the articles with the same digest say."""
    first: dict[str, str] = {}
    changes: dict[str, list[Any]] = {name: [] for name in CHANGES}
    for row in rows.sort_values("place").itertuples():
        owner = first.setdefault(row.digest, row.doc_id)
        mark = owner if owner != row.doc_id else None
        if mark != (row.mark if isinstance(row.mark, str) else None):
            changes["file"].append(row.place // PLACES)
            changes["row"].append(row.place % PLACES)
            changes["mark"].append(mark)
    return _frame(changes, CHANGES)


def _written(changes: Frame, files: Sequence[Part], stage: str) -> Frame:
    """Write each file with changes again, and return what became of it."""
    written: dict[str, list[Any]] = {name: [] for name in WRITTEN}
    folder = own_folder(Path(stage)) if len(changes) else Path(stage)
    for number, rows in changes.groupby("file"):
        part = files[int(number)]
        marks = read_file(Path(part.path).absolute(), [COLUMN])[COLUMN].to_pylist()
        for row in rows.itertuples():
            marks[row.row] = row.mark if isinstance(row.mark, str) else None
        new = written_again(part, marks, folder, Path(stage).name)
        for name, value in zip(WRITTEN, (int(number), new.path, new.size, new.sha256), strict=True):
            written[name].append(value)
    return _frame(written, WRITTEN)


# --------------------------------------------------------------------------------------- near duplicates


def _bands(numbered: tuple[int, str], threshold: float) -> Frame:
    """Return every band of the signature of each article of a file."""
    number, path = numbered
    size = rows_of_a_band(threshold)
    bands: dict[str, list[Any]] = {name: [] for name in BANDS}
    for row, (_, body) in enumerate(articles_with_bodies([Path(path)])):
        values = signature_of(shingles(body))
        for start in range(0, len(values), size):
            bands["band"].append(f"{start}:" + ",".join(map(str, values[start : start + size])))
            bands["place"].append(number * PLACES + row)
    return _frame(bands, BANDS)


def _pairs(bands: Frame) -> Frame:
    """Return pairs of articles that agree in a band: with the first of it, and with the few just before."""
    pairs: set[tuple[int, int]] = set()
    ordered = sorted(zip(bands["band"].tolist(), bands["place"].tolist(), strict=True))
    for _, group in groupby(ordered, key=lambda entry: entry[0]):
        places = [place for _, place in group]
        for at, later in enumerate(places):
            pairs.update((later, earlier) for earlier in {*places[max(0, at - BEFORE) : at], places[0]} - {later})
    later, earlier = zip(*sorted(pairs), strict=True) if pairs else ((), ())
    return _frame({"later": list(later), "earlier": list(earlier)}, PAIRS)


def _shingles(numbered: tuple[int, str]) -> Frame:
    """Return the hashed shingles of each article of a file."""
    number, path = numbered
    found: dict[str, list[Any]] = {name: [] for name in SHINGLES}
    for row, (doc_id, body) in enumerate(articles_with_bodies([Path(path)])):
        for name, value in zip(SHINGLES, (number * PLACES + row, doc_id, hashes_of(shingles(body)).hex()), strict=True):
            found[name].append(value)
    return _frame(found, SHINGLES)


def _nearest(pairs: Frame, threshold: float) -> Frame:
    """Return for each article the earlier one that it is most like, if it is enough so."""
    near: dict[str, list[Any]] = {name: [] for name in NEAR}
    for later, rows in pairs.groupby("later"):
        own = of_hashes(bytes.fromhex(rows["later_hashes"].iloc[0]))
        alike = [
            (share(own, of_hashes(bytes.fromhex(row.earlier_hashes))), -row.earlier, row.earlier_doc_id)
            for row in rows.drop_duplicates("earlier").itertuples()
        ]
        most, _, earlier = max(alike)
        if most >= threshold:
            for name, value in zip(NEAR, (later, rows["later_doc_id"].iloc[0], earlier, most), strict=True):
                near[name].append(value)
    return _frame(near, NEAR)


def _table(near: Frame, stage: str) -> Frame:
    """Write the table in row order, and return what became of it."""
    rows = near.sort_values("later")
    found = list(zip(rows["doc_id"].tolist(), rows["near"].tolist(), rows["similarity"].tolist(), strict=True))
    part = write_near(found, own_folder(Path(stage)), Path(stage).name)
    values: dict[str, list[Any]] = {
        "file": [0],
        "path": [part.path],
        "size": [part.size],
        "sha256": [part.sha256],
        "rows": [part.rows],
    }
    return _frame(values, WRITTEN | {"rows": "int64"})
