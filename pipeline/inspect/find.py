"""One document of a committed snapshot: its bytes out of the tables, and the cleaner that its run had."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow.compute as pc

from pipeline.engines.again import cleaner_of
from pipeline.errors import RejectedDocument, UsageError
from pipeline.model import Record, doc_id
from pipeline.stages import Cleaner
from pipeline.store.restore import Stored, stored
from pipeline.store.snapshot import Snapshot, read_batches


@dataclass(frozen=True, slots=True)
class Found:
    """A document of a snapshot.

    Attributes:
        record: Its bytes, out of the tables.
        cleaner: With the profiles and the evidence of the run.
        same: Whether this code cleans as that of the run did. If not, the rows may say something else.
        refused: Why it gave no article, as ``rejects`` has it; None when it gave one.
    """

    record: Record
    cleaner: Cleaner
    same: bool
    refused: RejectedDocument | None


def find(snapshot: Snapshot, wanted: str) -> Found:
    """Return the document with a ``doc_id``, or with a ``source_uri``.

    Raises:
        UsageError: There is none.
        SnapshotError: A file is missing or damaged.
    """
    shard = _shard(snapshot, wanted)
    item = next((each for each in stored(snapshot, shard) if wanted in {each.doc_id, each.source_uri}), None)
    if shard is None or item is None:
        raise UsageError(f"there is no document {wanted!r} in {snapshot.version}")
    cleaner, same = cleaner_of(snapshot)
    return Found(Record(item.source_uri, item.record, item.raw() or b""), cleaner, same, _refused(item))


def _refused(item: Stored) -> RejectedDocument | None:
    row = item.reject
    return RejectedDocument(row["stage"], row["code"], row["message"]) if row is not None else None


def _shard(snapshot: Snapshot, wanted: str) -> int | None:
    """Return the shard that holds a document: the columns that name it are read, and nothing else."""
    for entry in snapshot.manifest.of_table("articles"):
        for batch in read_batches(snapshot.path / entry.table / entry.name, ["doc_id", "source_uri"]):
            if pc.any(pc.or_(pc.equal(batch["doc_id"], wanted), pc.equal(batch["source_uri"], wanted))).as_py():
                return entry.shard
    for entry in snapshot.manifest.of_table("rejects"):
        for batch in read_batches(snapshot.path / entry.table / entry.name, ["source_uri", "record"]):
            for uri, record in zip(batch["source_uri"].to_pylist(), batch["record"].to_pylist(), strict=True):
                if wanted in {uri, doc_id(uri, record)}:
                    return entry.shard
    return None
