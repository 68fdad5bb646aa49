"""One document of a committed snapshot: its bytes out of the tables, and the cleaner that its run had."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow.compute as pc

from pipeline.engines.again import cleaner_of
from pipeline.errors import RejectedDocument, UsageError
from pipeline.model import Record, doc_id
from pipeline.stages import Cleaner
from pipeline.store.inputs import uri_of
from pipeline.store.restore import no_document
from pipeline.store.snapshot import Snapshot, read_batches
from pipeline.store.stored import Stored, stored


@dataclass(frozen=True, slots=True)
class Found:
    """A document of a snapshot.

    Attributes:
        record: Its bytes, out of the tables.
        cleaner: With the profiles and the evidence of the run.
        same: Whether this code cleans as that of the run did. If not, the rows may say something else.
        refused: Why it gave no article, as ``rejects`` has it; None when it gave one.
        was_read: Whether its bytes are there; of an input that could not be read the record has none.
    """

    record: Record
    cleaner: Cleaner
    same: bool
    refused: RejectedDocument | None
    was_read: bool


def find(snapshot: Snapshot, wanted: str, record: int | None = None) -> Found:
    """Return a document of a snapshot.

    Args:
        snapshot: Where from.
        wanted: Its ``doc_id``, or the ``source_uri`` of its input.
        record: Which one of that input; the first when None.

    Raises:
        UsageError: There is none.
        SnapshotError: A file is missing or damaged.
    """
    try:
        wanted.encode()
    except UnicodeEncodeError:
        wanted = uri_of(wanted)  # a name as the file system has it, which no column could hold
    shard = _shard(snapshot, wanted, record)
    stands = (wanted, record or 0)
    item = None
    if shard is not None:
        item = next((each for each in stored(snapshot, shard) if wanted == each.doc_id or stands == each.place), None)
    if item is None or record not in {None, item.record}:
        raise UsageError(no_document(snapshot, wanted, record or 0))
    cleaner, same = cleaner_of(snapshot)
    raw = item.raw()
    document = Record(*item.place, raw if raw is not None else b"", item.origin)
    return Found(document, cleaner, same, _refused(item), raw is not None)


def _refused(item: Stored) -> RejectedDocument | None:
    row = item.reject
    return RejectedDocument(row["stage"], row["code"], row["message"]) if row is not None else None


def _shard(snapshot: Snapshot, wanted: str, record: int | None) -> int | None:
    """Return the shard that holds a document: the columns that name it are read, and nothing else."""
    for item in snapshot.manifest.inputs:
        if item.uri == wanted and (record or 0) in item.numbers:
            return item.shard
    for entry in snapshot.manifest.of_table("articles"):
        for batch in read_batches(snapshot.file(entry), ["doc_id"]):
            if pc.any(pc.equal(batch["doc_id"], wanted)).as_py():
                return entry.shard
    for entry in snapshot.manifest.of_table("rejects"):
        for batch in read_batches(snapshot.file(entry), ["source_uri", "record"]):
            for uri, number in zip(batch["source_uri"].to_pylist(), batch["record"].to_pylist(), strict=True):
                if wanted == doc_id(uri, number):
                    return entry.shard
    return None
