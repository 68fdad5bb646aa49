"""What travels to worker processes and back: a shard's inputs, what all shards have in common, what came of one.

And what an engine is that sends it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeAlias

from pipeline.dates.evidence import Facts, Verdict
from pipeline.engines.carry import Former
from pipeline.profiles import ProfileSource
from pipeline.store.commit import Part
from pipeline.store.entries import InputEntry
from pipeline.store.files import Files
from pipeline.store.inputs import Input
from pipeline.store.manifest import SlowDocument, Told
from pipeline.store.parquet import StagedFile
from pipeline.store.readers.reading import ReadSettings
from pipeline.store.seen import UNSEEN

MAX_DOCUMENT_SECONDS = 300.0
"""A page takes about a millisecond; the largest file that is read by default takes a small part of this."""
EVERY = sys.maxsize
"""As many documents of a shard as there are."""
UNREAD = -1
"""Stands for a record where no record of an input may be read."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An input whose documents come from the last snapshot.

    ``vanished`` when it is gone from the sources and its rows stay; a replay does not look at the sources at all.
    ``stamp`` is how it looked when it was last hashed.
    """

    entry: InputEntry
    vanished: bool = True
    stamp: bytes = UNSEEN

    @property
    def source_uri(self) -> str:
        """Where the input stood."""
        return self.entry.uri


Item: TypeAlias = "Input | Kept"


@dataclass(frozen=True, slots=True)
class Work:
    """What every shard of a run has in common.

    Attributes:
        run_id: The run.
        stage: Folder for staged files; None in a dry run, which writes nothing.
        profiles: The profiles as text.
        settings: What readers are told.
        previous: Folder of the last snapshot; None when there is none.
        max_document_seconds: Processor time that the cleaning of one document may take.
        max_worker_memory: Bytes of data a worker process may hold; None for no limit.
        since: Inputs that were not modified since, in seconds since 1970, are what they were; None when their bytes
            alone are believed.
        evidence: What the corpus itself decided of each source, or what is assumed that it will.
        isolated: Whether nothing may be cleaned but in a worker process, which can die of a document alone.
        sample: Only gather what so many documents of each shard tell, the first of them; nothing is cleaned. None to
            clean.
    """

    run_id: str
    stage: str | None
    profiles: tuple[ProfileSource, ...]
    settings: ReadSettings
    previous: str | None
    max_document_seconds: float = MAX_DOCUMENT_SECONDS
    max_worker_memory: int | None = None
    since: float | None = None
    evidence: tuple[tuple[str, Verdict], ...] = ()
    sample: int | None = None
    isolated: bool = False


@dataclass(frozen=True, slots=True)
class ShardTask:
    """One shard to clean.

    Attributes:
        number: Place of the shard among all of the run.
        items: Its inputs in order of ``source_uri``.
        former: What the last snapshot holds of them; None when every one is to be cleaned.
        poison: ``source_uri`` and ``record`` of documents whose cleaning kills the process that does it: they are read,
            rejected, and not cleaned. With the record ``UNREAD`` it is an input that must not even be read.
        only: Which records of each input are cleaned, ``[start, stop)``; the others are read and left. None for all.
        same: Whether each input is what it was; None for one that was not compared yet.
        died: Whether its worker died once and no document was found to kill one.
    """

    number: int
    items: Sequence[Item]
    former: Former | None = None
    poison: frozenset[tuple[str, int]] = frozenset()
    only: tuple[int, int] | None = None
    same: tuple[bool | None, ...] | None = None
    died: bool = False

    @property
    def is_unchanged(self) -> bool:
        """Whether the last snapshot is known to hold just this shard."""
        return self.former is not None and self.former.whole and self.same is not None and all(self.same)

    @property
    def entries(self) -> Sequence[InputEntry | None]:
        """What the last snapshot says of each input."""
        return self.former.entries if self.former is not None else (None,) * len(self.items)

    def kept(self) -> dict[int, Kept]:
        """Return the inputs whose documents come from the last snapshot, by their place."""
        items = self.items.others.items() if isinstance(self.items, Files) else enumerate(self.items)
        return {place: item for place, item in items if isinstance(item, Kept)}

    def at_hand(self) -> list[int]:
        """Return the places of the inputs that can be entered at once, without reading what stands before them."""
        items = self.items.others.items() if isinstance(self.items, Files) else enumerate(self.items)
        far = {place for place, item in items if isinstance(item, Input) and not item.is_at_hand}
        return [place for place in range(len(self.items)) if place not in far]

    def leaves(self, record: int) -> bool:
        """Whether a record is read and not cleaned."""
        return self.only is not None and not self.only[0] <= record < self.only[1]


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What became of a shard. ``unchanged`` says that the last snapshot's files hold it already.

    ``facts`` are what its documents tell of their sources; those of an unchanged shard are known.
    ``poison`` is what was found to kill workers, as in the task: a later pass over the shard need not find it again.
    ``slowest`` are the documents that took longest, of those that were cleaned.
    ``told`` is what each input tells.
    """

    number: int
    unchanged: bool
    inputs: tuple[InputEntry, ...] = ()
    files: tuple[StagedFile, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Facts] = field(default_factory=dict)
    poison: frozenset[tuple[str, int]] = frozenset()
    slowest: tuple[SlowDocument, ...] = ()
    told: Told = field(default_factory=Told)


Pass: TypeAlias = Callable[[Sequence[ShardTask], Work], Generator[ShardResult, None, None]]
"""Cleans shards, and yields the results as they are done; closed before, it ends the work at once."""


class Engine(NamedTuple):
    """Where the work of a run is done.

    Attributes:
        run: Goes over shards, as often as it is asked to: workers that began for one pass do the next as well.
        mark: Marks the duplicates among the articles of files in row order; see ``store.duplicates``.
        near: Writes the table of articles that are much like an earlier one; see ``store.near_duplicates``.
    """

    run: Pass
    mark: Callable[[Sequence[Part], Path], Iterable[Part]]
    near: Callable[[Sequence[Part], float, Path], Part]
