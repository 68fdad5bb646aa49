"""What differs between two snapshots of one output: rows added, removed and changed, by table and column.

Files that both snapshots hold are the same file, so only what a run made anew is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.schema import EVERY_TABLE
from pipeline.store.snapshot import Snapshot, read_file

KEYS: Mapping[str, tuple[str, ...]] = {
    "articles": ("doc_id",),
    "related_items": ("doc_id", "position"),
    "artifacts": ("doc_id", "ordinal"),
    "ledger": ("doc_id", "ordinal"),
    "rejects": ("source_uri", "record"),
    "near_duplicates": ("doc_id",),
}
"""What identifies a row of each table within a snapshot."""

NOT_COMPARED = frozenset({"run_id"})
"""Which run wrote a row is no difference in what the row says."""


@dataclass(frozen=True, slots=True)
class TableDifference:
    """How a table of one snapshot differs from that of another.

    Attributes:
        added, removed, changed: Numbers of rows, by the key of the table.
        columns: For each column, in how many of the changed rows it differs; columns that never do are left out.
    """

    added: int = 0
    removed: int = 0
    changed: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """How one snapshot differs from another.

    Attributes:
        tables: By name of table.
        added, removed, changed: ``source_uri`` of each input that came, went, or whose bytes are others.
    """

    tables: Mapping[str, TableDifference]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


def diff(old: Snapshot, new: Snapshot) -> Difference:
    """Return how ``new`` differs from ``old``.

    Raises:
        SnapshotError: A manifest or a file is missing or damaged.
    """
    before = {entry.uri: (entry.sha256, entry.form) for entry in old.manifest.inputs}
    after = {entry.uri: (entry.sha256, entry.form) for entry in new.manifest.inputs}
    return Difference(
        tables={table: _table(table, old, new) for table in old.tables if table in new.tables},
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(sorted(uri for uri in before.keys() & after.keys() if before[uri] != after[uri])),
    )


def _table(table: str, old: Snapshot, new: Snapshot) -> TableDifference:
    shared = {entry.sha256 for entry in old.manifest.of_table(table)}
    shared &= {entry.sha256 for entry in new.manifest.of_table(table)}
    before, after = _rows(table, old, shared), _rows(table, new, shared)
    places_before, places_after = _places(table, before), _places(table, after)
    common = places_before.keys() & places_after.keys()
    pairs = [(places_before[key], places_after[key]) for key in common]
    left = before.take(pa.array([place for place, _ in pairs], pa.int64()))
    right = after.take(pa.array([place for _, place in pairs], pa.int64()))
    differs = {name: _differs(left[name], right[name]) for name in before.column_names if name not in NOT_COMPARED}
    any_column = pa.array([False] * len(pairs), pa.bool_())
    for mask in differs.values():
        any_column = pc.or_(any_column, mask)
    counts = {name: int(pc.sum(mask).as_py() or 0) for name, mask in differs.items()}
    return TableDifference(
        added=len(places_after) - len(common),
        removed=len(places_before) - len(common),
        changed=int(pc.sum(any_column).as_py() or 0),
        columns={name: count for name, count in counts.items() if count},
    )


def _rows(table: str, snapshot: Snapshot, shared: set[str]) -> pa.Table:
    """Return the rows of the files that are not in both snapshots, in the columns that this version knows."""
    schema = EVERY_TABLE[table].arrow().remove_metadata()
    schema = pa.schema([pa.field(entry.name, entry.type) for entry in schema])
    parts = [
        _in_columns(read_file(snapshot.file(entry)), schema)
        for entry in snapshot.manifest.of_table(table)
        if entry.sha256 not in shared
    ]
    return pa.concat_tables([schema.empty_table(), *parts])


def _in_columns(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return rows in a schema; a column that an older version did not have yet is null."""
    columns = [
        rows[entry.name].cast(entry.type) if entry.name in rows.column_names else pa.nulls(len(rows), entry.type)
        for entry in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _places(table: str, rows: pa.Table) -> dict[tuple[object, ...], int]:
    keys = zip(*(rows[name].to_pylist() for name in KEYS[table]), strict=True)
    return {key: place for place, key in enumerate(keys)}


def _differs(left: pa.ChunkedArray, right: pa.ChunkedArray) -> pa.Array:
    """Return for each row whether its two values differ; null equals null."""
    if pa.types.is_list(left.type):
        pairs = zip(left.to_pylist(), right.to_pylist(), strict=True)
        return pa.array([one != other for one, other in pairs], pa.bool_())
    same = pc.fill_null(pc.equal(left, right), fill_value=False)
    both_null = pc.and_(pc.is_null(left), pc.is_null(right))
    return pc.invert(pc.or_(same, both_null)).combine_chunks()
