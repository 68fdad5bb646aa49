"""What differs from another snapshot, as far as telling it stays cheap."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.diff import Difference, diff
from pipeline.report.figures import ranked
from pipeline.store.snapshot import Snapshot

MOST_BYTES = 128 * 2**20
"""Rows are compared when the files that are not in both snapshots hold no more than this: they are read whole."""
NAMED = 4
"""Columns of a table that are named."""


@dataclass(frozen=True, slots=True)
class Change:
    """How a snapshot differs from the one before.

    Attributes:
        old: Name of the other snapshot.
        counts: Rows by table, before and now.
        difference: What differs row by row; None where too much would have to be read.
    """

    old: str
    counts: dict[str, tuple[int, int]]
    difference: Difference | None

    def columns(self, table: str) -> list[tuple[str, int]]:
        """Return the columns of a table that differ in most of its changed rows."""
        return ranked(self.difference.tables[table].columns)[:NAMED] if self.difference is not None else []


def change(old: Snapshot, new: Snapshot) -> Change:
    """Return how ``new`` differs from ``old``.

    Raises:
        SnapshotError: A manifest or a file is missing or damaged.
    """
    counts = {table: (_rows(old, table), _rows(new, table)) for table in new.tables if table in old.tables}
    return Change(old.version, counts, diff(old, new) if _unshared(old, new) <= MOST_BYTES else None)


def _rows(snapshot: Snapshot, table: str) -> int:
    return sum(entry.rows for entry in snapshot.manifest.of_table(table))


def _unshared(old: Snapshot, new: Snapshot) -> int:
    """Return the bytes of the files that only one of the two snapshots holds."""
    before, after = ({entry.sha256: entry.size for entry in each.manifest.files} for each in (old, new))
    return sum((before | after)[digest] for digest in before.keys() ^ after.keys())
