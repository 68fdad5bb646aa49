"""The search for duplicates on a Dask cluster: what has to meet is brought together by Dask's own shuffle.

Workers read the columns they need from the staged files themselves. Exact duplicates meet by the digest of their body,
articles that may be alike by a band of their signature, and rows that have to change by the file they stand in. The
command gets to know the files that were written again, and no row. First and earlier are meant in row order, as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.engines.dask_faults import plain_words
from pipeline.engines.dask_worker import own_folder
from pipeline.schema import NEAR_DUPLICATES
from pipeline.store.bodies import DIGEST, MARK
from pipeline.store.commit import Part
from pipeline.store.duplicates import written_again
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
Files: TypeAlias = Sequence[tuple[int, Part]]
"""Files of articles with their numbers in row order: what one task reads."""
PLACES = 2**32
"""A place is the number of a file times this, plus the row in it: places are in row order."""
ROWS = 100_000
"""Articles for each partition of a shuffle: few enough for the memory of one thread, enough to be worth a task."""

MARKS = {"digest": "string", "doc_id": "string", "mark": "string", "place": "int64"}
CHANGES = {"file": "int64", "row": "int64", "mark": "string"}
WRITTEN = {"file": "int64", "path": "string", "size": "int64", "sha256": "string", "rows": "int64"}
BANDS = {"band": "string", "place": "int64"}
PAIRS = {"later": "int64", "earlier": "int64"}
SHINGLES = {"place": "int64", "doc_id": "string", "hashes": "string"}
NEAR = {"later": "int64", "doc_id": "string", "near": "string", "similarity": "float64"}


def mark_duplicates(client: Client, parts: Sequence[Part], stage: Path) -> Iterator[Part]:
    """Yield the parts of a snapshot to come, each articles file with its duplicates marked, as the store does it.

    Raises:
        DescrapeError: The cluster is lost, or a file of the last snapshot is damaged.
    """
    files = _articles(parts)
    written: dict[int, Part] = {}
    if files:
        dealt = _dealt(client, files)
        rows = _read(dealt, _digests, MARKS)
        changes = _brought_together(rows, "digest", len(dealt), _changes, CHANGES)
        again = _brought_together(changes, "file", len(dealt), _written, WRITTEN, dict(files), str(stage.absolute()))
        written = dict(_parts(client, again, "articles"))
    number = -1
    for part in parts:
        number += part.table == "articles"
        new = written.get(number) if part.table == "articles" else None
        yield part if new is None else replace(new, shard=part.shard)


def near_duplicates(client: Client, parts: Sequence[Part], threshold: float, stage: Path) -> Part:
    """Write the table ``near_duplicates`` of a snapshot to come, as the store does it.

    Raises:
        DescrapeError: The cluster is lost, or a file of the last snapshot is damaged.
    """
    files = _articles(parts)
    if not files:
        return write_near([], stage, stage.name)
    dealt = _dealt(client, files)
    count = len(dealt)
    pairs = _brought_together(_read(dealt, _bands, BANDS, threshold), "band", count, _pairs, PAIRS)
    articles = _read(dealt, _shingles, SHINGLES)
    for side in PAIRS:
        own = articles.rename(columns={name: f"{side}_{name}" for name in SHINGLES})
        pairs = pairs.merge(own, left_on=side, right_on=f"{side}_place", shuffle_method="p2p", npartitions=count)
    near = _brought_together(pairs, "later", count, _nearest, NEAR, threshold)
    table = near.repartition(npartitions=1).map_partitions(_table, str(stage.absolute()), meta=_empty(WRITTEN))
    ((_, part),) = _parts(client, table, NEAR_DUPLICATES.name)
    return part


def _articles(parts: Sequence[Part]) -> Files:
    """Return the files of articles, wherever a worker was started."""
    files = (part for part in parts if part.table == "articles")
    return [
        (number, replace(part, path=str(Path(part.path).absolute()), bodies=None)) for number, part in enumerate(files)
    ]


def _dealt(client: Client, files: Files) -> list[Files]:
    """Deal files out to tasks, as many as are worth it: there are as many partitions."""
    threads: int = sum(client.nthreads().values())
    rows = sum(part.rows for _, part in files)
    size = ceil(len(files) / max(threads, ceil(rows / ROWS), 1))
    return [files[start : start + size] for start in range(0, len(files), size)]


def _read(dealt: list[Files], function: Callable[..., Frame], columns: dict[str, str], *more: object) -> Frame:
    """Return what a function reads from each task's files."""
    import dask.dataframe as dd

    return dd.from_map(function, dealt, args=more, meta=_empty(columns))


def _brought_together(
    rows: Frame, column: str, count: int, function: Callable[..., Frame], columns: dict[str, str], *more: object
) -> Frame:
    """Bring rows together that have the same value in a column, and return what a function makes of them."""
    together = rows.shuffle(column, npartitions=count, shuffle_method="p2p")
    return together.map_partitions(function, *more, meta=_empty(columns))


def _parts(client: Client, written: Frame, table: str) -> Iterator[tuple[int, Part]]:
    """Do the work, and yield the files that workers wrote, by their numbers."""
    with plain_words():
        found = client.compute(written).result()
    for row in found.itertuples():
        yield row.file, Part(-1, table, int(row.rows), int(row.size), row.sha256, row.path)


def _empty(columns: dict[str, str]) -> Frame:
    return _frame({name: [] for name in columns}, columns)


def _frame(values: dict[str, list[Any]], columns: dict[str, str]) -> Frame:
    import pandas as pd

    types: dict[str, Any] = {"string": pd.ArrowDtype(pa.string())}
    return pd.DataFrame({name: pd.Series(values[name], dtype=types.get(kind, kind)) for name, kind in columns.items()})


# -------------------------------------------------------------------------------------- exact duplicates


def _digests(files: Files) -> Frame:
    """Return the articles of files that have a body, with the marks they carry."""
    import pandas as pd

    read = []
    for number, part in files:
        rows = read_file(Path(part.path), [DIGEST, "doc_id", MARK])
        places = pa.array(range(number * PLACES, number * PLACES + len(rows)), pa.int64())
        columns = [rows[DIGEST], rows["doc_id"], rows[MARK], places]
        read.append(pa.table(columns, list(MARKS)).filter(pc.is_valid(rows[DIGEST])))
    return pa.concat_tables(read).to_pandas(types_mapper={pa.string(): pd.ArrowDtype(pa.string())}.get)


def _changes(rows: Frame) -> Frame:
    """Return the rows whose mark is not what the articles with the same digest say."""
    concerned = rows[rows.duplicated("digest", keep=False) | rows["mark"].notna()]
    first: dict[str, str] = {}
    changes: dict[str, list[Any]] = {name: [] for name in CHANGES}
    for row in concerned.sort_values("place").itertuples():
        owner = first.setdefault(row.digest, row.doc_id)
        mark = owner if owner != row.doc_id else None
        if mark != (row.mark if isinstance(row.mark, str) else None):
            changes["file"].append(row.place // PLACES)
            changes["row"].append(row.place % PLACES)
            changes["mark"].append(mark)
    return _frame(changes, CHANGES)


def _written(changes: Frame, files: dict[int, Part], stage: str) -> Frame:
    """Write each file with changes again, and return what became of it."""
    written: list[tuple[int, Part]] = []
    folder = own_folder(Path(stage)) if len(changes) else Path(stage)
    for number, rows in changes.groupby("file"):
        part = files[int(number)]
        marks = read_file(Path(part.path), [MARK])[MARK].to_pylist()
        for row in rows.itertuples():
            marks[row.row] = row.mark if isinstance(row.mark, str) else None
        written.append((int(number), written_again(part, marks, folder, Path(stage).name)))
    return _told(written)


def _told(written: Sequence[tuple[int, Part]]) -> Frame:
    """Return files that were written, by their numbers, as rows."""
    rows = [(number, part.path, part.size, part.sha256, part.rows) for number, part in written]
    return _frame({name: [row[place] for row in rows] for place, name in enumerate(WRITTEN)}, WRITTEN)


# --------------------------------------------------------------------------------------- near duplicates


def _bands(files: Files, threshold: float) -> Frame:
    """Return every band of the signature of each article of files."""
    size = rows_of_a_band(threshold)
    bands: dict[str, list[Any]] = {name: [] for name in BANDS}
    for place, _, body in _bodies(files):
        values = signature_of(shingles(body))
        for start in range(0, len(values), size):
            bands["band"].append(f"{start}:" + ",".join(map(str, values[start : start + size])))
            bands["place"].append(place)
    return _frame(bands, BANDS)


def _bodies(files: Files) -> Iterator[tuple[int, str, str]]:
    """Yield place, ``doc_id`` and body of every article that has a body of its own."""
    for number, part in files:
        for row, (doc_id, body) in enumerate(articles_with_bodies([Path(part.path)])):
            yield number * PLACES + row, doc_id, body


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


def _shingles(files: Files) -> Frame:
    """Return the hashed shingles of each article of files."""
    found: dict[str, list[Any]] = {name: [] for name in SHINGLES}
    for place, doc_id, body in _bodies(files):
        for name, value in zip(SHINGLES, (place, doc_id, hashes_of(shingles(body)).hex()), strict=True):
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
    return _told([(0, write_near(found, own_folder(Path(stage)), Path(stage).name))])
