"""Documents that come from the rows of the last snapshot, because their inputs are gone or are cleaned again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.engines.task import Kept
from pipeline.errors import SnapshotError
from pipeline.model import Record, Reject
from pipeline.store.entries import InputEntry
from pipeline.store.snapshot import Snapshot
from pipeline.store.stored import Stored, stored


class KeptDocuments:
    """Reads kept inputs from the shards that hold them; each shard once, as inputs are asked for in order.

    Args:
        previous: Folder of the last snapshot; None when there is none.
    """

    def __init__(self, previous: str | None) -> None:
        self._snapshot = Snapshot(Path(previous)) if previous is not None else None
        self._shards: dict[int, Iterator[Stored]] = {}
        self._next: dict[int, Stored | None] = {}

    def of(self, item: Kept) -> KeptInput:
        """Return the documents of an input."""
        return KeptInput(self, item)

    def take(self, item: Kept) -> Iterator[Stored]:
        """Yield what the snapshot holds of an input; what stands before it is passed over.

        Raises:
            SnapshotError: The only copy of its documents is damaged.
        """
        shard = item.entry.shard
        try:
            if shard not in self._shards and self._snapshot is not None:
                self._shards[shard] = stored(self._snapshot, shard)
                self._next[shard] = next(self._shards[shard], None)
            first = (item.entry.uri, item.entry.numbers.start)
            behind = (item.entry.uri, item.entry.numbers.stop)
            while (found := self._next.get(shard)) is not None and found.place < behind:
                if found.place >= first:
                    yield found
                self._next[shard] = next(self._shards[shard], None)
        except SnapshotError as error:
            gone = f"it holds the only copy of inputs that are gone, {item.source_uri} among them"
            raise SnapshotError(f"{error}; {gone}; --prune leaves them out") from None


@dataclass(frozen=True, slots=True)
class KeptInput:
    """The documents of one kept input; a reject that never was a document stays what it was."""

    documents: KeptDocuments
    item: Kept

    def entry(self, shard: int) -> InputEntry:
        """Return what the manifest says of the input: what it said, in its new shard."""
        return self.item.entry.now(shard, vanished=self.item.vanished)

    def __iter__(self) -> Iterator[Record | Reject]:
        for found in self.documents.take(self.item):
            yield found.again()
