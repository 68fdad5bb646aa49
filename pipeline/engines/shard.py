"""The work of one shard: read its inputs, clean them, write its tables as staged files."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, groupby, islice, repeat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from msgspec import structs

from pipeline.dates.evidence import Facts, Verdict
from pipeline.engines.carry import Carried, FormerRows, former_rows
from pipeline.engines.garbage import collected_by_batch
from pipeline.engines.kept import KeptDocuments, KeptInput
from pipeline.engines.limits import Limit
from pipeline.engines.sameness import same_inputs
from pipeline.engines.tally import tally
from pipeline.engines.task import EVERY, UNREAD, Item, Kept, ShardResult, ShardTask, Work
from pipeline.engines.telling import Telling
from pipeline.engines.waves import Turn, clean_in_step, failure, waves
from pipeline.errors import DescrapeError, RejectedDocument
from pipeline.model import Document, Record, Reject, doc_id
from pipeline.profiles import Profiles, ProfileSource, load_sources
from pipeline.stages import Cleaner, Opened, Steps
from pipeline.store.documents import Documents
from pipeline.store.entries import InputEntry
from pipeline.store.manifest import SlowDocument, slowest
from pipeline.store.parquet import StagedFile, StagedTables
from pipeline.store.readers.reading import ReadSettings
from pipeline.store.tables import build
from pipeline.version import code_digest

if TYPE_CHECKING:
    import pyarrow as pa

Outcome: TypeAlias = Document | Reject | Carried
"""What became of a document, or of several that are carried over."""

BATCH_DOCUMENTS = 1000
BATCH_BYTES = 16 * 2**20

WORKER_DIED = (
    "the worker process died each time it cleaned this document, or had no memory left for the others; "
    "twice it was tried with no other beside"
)
READER_DIED = "the worker process died each time it read this input, with no other beside"


def clean_shard(task: ShardTask, work: Work) -> ShardResult:
    """Clean what is new or changed in one shard, and stage its tables; or only gather what a sample of it tells."""
    if task.former is not None:
        same = same_inputs(task, work)
        if task.former.whole and all(same):
            return ShardResult(task.number, unchanged=True)
        task = replace(task, former=task.former.of(same))
    if work.sample is not None:
        told = _sampled(task, work, work.sample)
        return ShardResult(task.number, unchanged=False, facts=told.of_shard(), poison=task.poison)
    with (
        former_rows(Path(work.previous) if work.previous is not None else None, task.former) as former,
        collected_by_batch() as collect,
    ):
        return _clean_shard(task, work, former, collect)


def _clean_shard(task: ShardTask, work: Work, former: FormerRows, collect: Callable[[], None]) -> ShardResult:
    entries: list[InputEntry] = []
    counts: Counter[str] = Counter()
    took: list[SlowDocument] = []
    telling = Telling(len(task.items))

    def batches() -> Iterator[dict[str, pa.Table]]:
        for batch in _batches(_outcomes(task, work, former, entries, took, telling), former):
            tables = _tables(batch, work, former)
            counts["inputs"] += sum(map(_documents_of, batch))
            counts.update(tally(tables))
            took[:] = slowest(took)
            yield tables
            batch.clear()  # or all its documents would be gone through once more
            collect()

    files: tuple[StagedFile, ...] = ()
    if work.stage is None:
        for _ in batches():
            pass
    else:
        with StagedTables(Path(work.stage), f"{task.number:06d}", work.run_id) as staged:
            for tables in batches():
                staged.write(tables)
        files = staged.files
    return ShardResult(
        task.number,
        unchanged=False,
        inputs=tuple(entries),
        files=files,
        counts=counts,
        facts=telling.of_shard(),
        poison=task.poison,
        slowest=tuple(took),
        told=telling.told(),
    )


def _outcomes(  # noqa: PLR0913, PLR0917 - the shard, and where everything goes that is told of it
    task: ShardTask,
    work: Work,
    former: FormerRows,
    entries: list[InputEntry],
    took: list[SlowDocument],
    told: Telling,
) -> Iterator[Outcome]:
    """Yield what comes of every document of a shard in order, and add the time that each took to a list."""
    with Limit(work.max_document_seconds) as limit:
        for wave in waves(_read(task, work, former, entries, told)):
            clean_in_step((turn for turn in wave if isinstance(turn, Turn)), limit)
            for each in wave:
                if isinstance(each, Carried):
                    yield each
                elif each.outcome is not None and not each.is_asked:
                    took.append(_took(each))
                    yield each.outcome


def _read(
    task: ShardTask, work: Work, former: FormerRows, entries: list[InputEntry], told: Telling
) -> Iterator[Turn | Carried]:
    """Yield every document of a shard in order, read and with its way ahead of it.

    What the manifest says of the inputs goes to a list. Of an input whose rows are carried over the last snapshot
    knows what it told, or else its documents are asked for that alone.
    """
    ways = _Ways(_cleaner(work.profiles, work.evidence), task, work, told)
    kept = KeptDocuments(work.previous)
    for is_known, inputs in groupby(enumerate(_before(task, former)), _is_known):
        if is_known:
            own = [(place, before) for place, before in inputs if before is not None]
            entries += [before.entry for _, before in own]
            told.add_known(own[0][0], (before.told for _, before in own if before.told is not None))
            yield from [before.rows for _, before in own]
            continue
        for place, before in inputs:
            documents = _documents(task.items[place], task, work, kept)
            began = time.perf_counter()
            for found in documents:
                if not task.leaves(found.record):
                    seconds = time.perf_counter() - began
                    yield ways.asking(found, place) if before is not None else ways.cleaning(found, place, seconds)
                began = time.perf_counter()
            if before is not None:
                yield before.rows
            entries.append(before.entry if before is not None else documents.entry(task.number))


class _Before(NamedTuple):
    """An input whose rows are carried over: what the manifest says of it, its rows, and what it told."""

    entry: InputEntry
    rows: Carried
    told: Mapping[str, Facts] | None


def _before(task: ShardTask, former: FormerRows) -> Iterator[_Before | None]:
    """Yield what is held of each input of a shard that did not change; what could not be read is not held."""
    kept = task.kept()
    known = [
        entry if entry is not None and (entry.sha256 is not None or place in kept) else None
        for place, entry in enumerate(task.entries)
    ]
    told = task.former.told if task.former is not None else ()
    held = zip(known, former.of(known), chain(told, repeat(None)), strict=False)
    for place, (entry, rows, facts) in enumerate(held):
        if entry is None or rows is None:
            yield None
        else:
            vanished = place in kept and kept[place].vanished
            yield _Before(entry.now(task.number, vanished=vanished), rows, facts)


def _is_known(held: tuple[int, _Before | None]) -> bool:
    """Whether nothing has to be read of an input."""
    before = held[1]
    return before is not None and before.told is not None


def _took(turn: Turn) -> SlowDocument:
    found = turn.found
    size = len(found.raw) if found.raw is not None else None
    return SlowDocument(found.source_uri, round(turn.seconds, 6), size, found.record)


def _documents(item: Item, task: ShardTask, work: Work, kept: KeptDocuments) -> Documents | KeptInput:
    """Return the documents of an input, from where it stands or from the last snapshot."""
    if isinstance(item, Kept):
        return kept.of(item)
    if (item.source_uri, UNREAD) in task.poison:
        item = structs.replace(item, refusal=("worker_died", READER_DIED))
    return Documents(item, work.settings)


def _sampled(task: ShardTask, work: Work, most: int) -> Telling:
    """Return what the first documents of a shard tell of their sources."""
    told = Telling(len(task.items))
    ways = _Ways(_cleaner(work.profiles, work.evidence), task, work, told)
    kept = KeptDocuments(work.previous)
    documents = (
        ways.asking(found, place)
        for place in (range(len(task.items)) if most == EVERY else task.at_hand())
        for found in _documents(task.items[place], task, work, kept)
        if not task.leaves(found.record)
    )
    with Limit(work.max_document_seconds) as limit:
        for wave in waves(islice(documents, most)):
            clean_in_step(wave, limit)
    return told


@dataclass(frozen=True, slots=True)
class _Ways:
    """The ways of the documents of a shard: each tells of its source first, and is cleaned then."""

    cleaner: Cleaner
    task: ShardTask
    work: Work
    told: Telling

    def cleaning(self, found: Record | Reject, place: int, seconds: float) -> Turn:
        """Return the turn of a document of an input; reading it took so many seconds."""
        return Turn(found, self.work.run_id, self._way(found, place), seconds=seconds)

    def asking(self, found: Record | Reject, place: int) -> Turn:
        """Return the turn of a document that is not cleaned, only asked; one that cannot be read tells nothing."""
        return Turn(found, self.work.run_id, self._way(found, place, is_asked=True), is_asked=True)

    def _way(self, found: Record | Reject, place: int, *, is_asked: bool = False) -> Steps[Document | Reject | None]:
        if isinstance(found, Reject):
            return found if found.run_id is not None else structs.replace(found, run_id=self.work.run_id)
        if (found.source_uri, found.record) in self.task.poison:
            raise RejectedDocument("clean", "worker_died", WORKER_DIED)
        opened = self.cleaner.open(found)
        yield "opening"
        self._tell(opened, place)
        yield "facts of its source"
        return None if is_asked else (yield from self.cleaner.steps(opened))

    def _tell(self, opened: Opened, place: int) -> None:
        try:
            facts = self.cleaner.facts(opened)
        except (DescrapeError, RejectedDocument):
            raise
        except Exception:  # noqa: BLE001 - what is wrong with one document is told when it is cleaned
            return
        self.told.add(place, opened.source, facts)


def _tables(batch: Sequence[Outcome], work: Work, former: FormerRows) -> dict[str, pa.Table]:
    """Return the rows of a batch in order; a document whose values fit no column becomes a reject."""
    made = [outcome for outcome in batch if not isinstance(outcome, Carried)]
    try:
        tables = _build(made)
    except Exception:  # noqa: BLE001 - found out which document it is, and that one alone is rejected
        tables = _build([_buildable(outcome, work) for outcome in made])
    if len(made) == len(batch):
        return tables
    return former.between(tables, [outcome if isinstance(outcome, Carried) else _id(outcome) for outcome in batch])


def _id(outcome: Document | Reject) -> str:
    return outcome.record.doc_id if isinstance(outcome, Document) else doc_id(outcome.source_uri, outcome.record)


def _build(batch: Sequence[Document | Reject]) -> dict[str, pa.Table]:
    documents = [outcome for outcome in batch if isinstance(outcome, Document)]
    return build(documents, [outcome for outcome in batch if isinstance(outcome, Reject)])


def _buildable(outcome: Document | Reject, work: Work) -> Document | Reject:
    try:
        _build([outcome])
    except Exception as error:  # noqa: BLE001 - as for a stage: one document must not cost the others
        return failure(outcome.record, error, work.run_id) if isinstance(outcome, Document) else outcome
    return outcome


def _batches(outcomes: Iterator[Outcome], former: FormerRows) -> Iterator[list[Outcome]]:
    """Group outcomes so that a batch is bounded in number and in bytes, whichever of them are carried over."""
    batch: list[Outcome] = []
    documents = size = 0
    for outcome in _joined(outcomes):
        rest: Outcome | None = outcome
        while rest is not None:
            first, rest = _divided(rest, former, BATCH_DOCUMENTS - documents, BATCH_BYTES - size)
            batch.append(first)
            documents += _documents_of(first)
            size += former.size(first) if isinstance(first, Carried) else _size(first)
            if documents >= BATCH_DOCUMENTS or size >= BATCH_BYTES:
                yield batch
                batch, documents, size = [], 0, 0
    if batch:
        yield batch


def _joined(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """Yield outcomes, documents that are carried over and stand one behind the other as one."""
    run: Carried | None = None
    for outcome in outcomes:
        if isinstance(outcome, Carried) and run is not None and run.stop == outcome.start:
            run = Carried(run.start, outcome.stop)
            continue
        if run is not None:
            yield run
        run = outcome if isinstance(outcome, Carried) else None
        if run is None:
            yield outcome
    if run is not None:
        yield run


def _divided(outcome: Outcome, former: FormerRows, documents: int, size: int) -> tuple[Outcome, Outcome | None]:
    """Return what of an outcome fills a batch that has room for so many documents and raw bytes, and what is left."""
    if not isinstance(outcome, Carried):
        return outcome, None
    middle = outcome.start + former.fitting(outcome, documents, size)
    return Carried(outcome.start, middle), Carried(middle, outcome.stop) if middle < outcome.stop else None


def _documents_of(outcome: Outcome) -> int:
    return outcome.stop - outcome.start if isinstance(outcome, Carried) else 1


def _size(outcome: Document | Reject) -> int:
    """Return how many raw bytes a document has."""
    return len(outcome.record.raw) if isinstance(outcome, Document) else len(outcome.raw or b"")


def configuration(profiles: Profiles, settings: ReadSettings) -> str:
    """Return a hash of everything that decides what a row says: the code, the profiles, what readers are told."""
    decides = [code_digest().encode(), profiles.canonical(), settings.canonical()]
    return hashlib.sha256(b"\0".join(decides)).hexdigest()


@lru_cache(maxsize=4)
def _cleaner(sources: tuple[ProfileSource, ...], evidence: tuple[tuple[str, Verdict], ...]) -> Cleaner:
    return Cleaner(load_sources(sources), dict(evidence))
