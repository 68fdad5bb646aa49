"""The work of one shard: read its inputs, clean them, write its tables as staged files."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pipeline.dates.evidence import Facts, Verdict, added
from pipeline.engines.carry import Carried, Former, FormerRows, former_rows
from pipeline.engines.limits import processor_time
from pipeline.engines.tally import tally
from pipeline.errors import DescrapeError, RejectedDocument, SnapshotError
from pipeline.model import Document, Record, Reject, doc_id
from pipeline.profiles import Profiles, ProfileSource, load_sources
from pipeline.stages import Cleaner
from pipeline.store.inputs import Input, read_input
from pipeline.store.manifest import InputEntry, SlowDocument, slowest
from pipeline.store.parquet import StagedFile, StagedTables
from pipeline.store.restore import Stored, stored
from pipeline.store.snapshot import Snapshot
from pipeline.store.tables import build
from pipeline.version import code_digest

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_DOCUMENTS = 1000
BATCH_BYTES = 16 * 2**20

MAX_DOCUMENT_SECONDS = 300.0
"""A page takes about a millisecond; the largest file that is read by default takes a small part of this."""

MEDIA_CLOCKS = "media_clocks."
"""What the names of the counts begin with that hold the clocks of pictures against those of pages."""

WORKER_DIED = "the worker process died each time it cleaned this document, twice of them with no other document beside"
OUT_OF_MEMORY = "there was not enough memory to clean it; --max-worker-memory or the machine sets the limit"


@dataclass(frozen=True, slots=True)
class Kept:
    """An input whose raw bytes come from the last snapshot, from the shard that holds it.

    ``vanished`` when it is gone from the sources and its rows stay; a replay does not look at the sources at all.
    """

    source_uri: str
    shard: int
    vanished: bool = True


@dataclass(frozen=True, slots=True)
class Poison:
    """An input whose cleaning kills the process that does it: it is read, rejected, and not cleaned."""

    item: Input | Kept

    @property
    def source_uri(self) -> str:
        """Where the input stands."""
        return self.item.source_uri


Item: TypeAlias = "Input | Kept | Poison"


@dataclass(frozen=True, slots=True)
class Work:
    """What every shard of a run has in common.

    Attributes:
        run_id: The run.
        stage: Folder for staged files; None in a dry run, which writes nothing.
        profiles: The profiles as text.
        max_record_bytes: Inputs larger than this are rejected.
        previous: Folder of the last snapshot; None when there is none.
        max_document_seconds: Processor time that the cleaning of one document may take.
        max_worker_memory: Bytes of data a worker process may hold; None for no limit.
        since: Inputs that were not modified since, in seconds since 1970, are what they were; None when their bytes
            alone are believed.
        evidence: What was decided of each source by the corpus itself.
        gathers: Only gather what the timestamps of the shards tell; nothing is cleaned.
    """

    run_id: str
    stage: str | None
    profiles: tuple[ProfileSource, ...]
    max_record_bytes: int
    previous: str | None
    max_document_seconds: float = MAX_DOCUMENT_SECONDS
    max_worker_memory: int | None = None
    since: float | None = None
    evidence: tuple[tuple[str, Verdict], ...] = ()
    gathers: bool = False


@dataclass(frozen=True, slots=True)
class ShardTask:
    """One shard to clean.

    Attributes:
        number: Place of the shard among all of the run.
        items: Its inputs in order of ``source_uri``.
        former: What the last snapshot holds of them; None when every one is to be cleaned.
    """

    number: int
    items: tuple[Item, ...]
    former: Former | None = None

    def pairs(self) -> Iterator[tuple[Item, InputEntry | None]]:
        """Yield each input with what the last snapshot says of it."""
        return zip(self.items, self.former.entries if self.former is not None else repeat(None), strict=False)


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What became of a shard. ``unchanged`` says that the last snapshot's files hold it already.

    ``slowest`` are the documents that took longest, of those that were cleaned.
    """

    number: int
    unchanged: bool
    inputs: tuple[InputEntry, ...] = ()
    files: tuple[StagedFile, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Facts] = field(default_factory=dict)
    slowest: tuple[SlowDocument, ...] = ()


def clean_shard(task: ShardTask, work: Work) -> ShardResult:
    """Clean what is new or changed in one shard, and stage its tables; or only gather what its timestamps tell."""
    if task.former is not None and task.former.whole and _unchanged(task, work):
        return ShardResult(task.number, unchanged=True)
    if work.gathers:
        return ShardResult(task.number, unchanged=False, facts=added(_facts(task, work)))
    with former_rows(Path(work.previous) if work.previous is not None else None, task.former) as former:
        return _clean_shard(task, work, former)


def _clean_shard(task: ShardTask, work: Work, former: FormerRows) -> ShardResult:
    kept = _kept(task, work, former)
    cleaner = _cleaner(work.profiles, work.evidence)
    entries: list[InputEntry] = []
    counts: Counter[str] = Counter()
    took: list[SlowDocument] = []

    def outcomes() -> Iterator[Document | Reject | Carried]:
        for item, known in task.pairs():
            if known is not None and (carried := _carried(item, known, work, former)):
                entries.append(InputEntry(known.uri, known.sha256, known.size, task.number, _is_gone(item)))
                yield carried
            else:
                began = time.perf_counter()
                entry, outcome = _outcome(item, cleaner, work, task.number, kept)
                took.append(SlowDocument(entry.uri, round(time.perf_counter() - began, 6), entry.size))
                entries.append(entry)
                yield outcome

    def batches() -> Iterator[dict[str, pa.Table]]:
        for batch in _batches(outcomes()):
            tables = _tables(batch, work, former)
            counts["inputs"] += len(batch)
            counts.update(tally(tables))
            yield tables

    if work.stage is None:
        for _ in batches():
            pass
        return ShardResult(task.number, unchanged=False, inputs=tuple(entries), counts=counts)
    with StagedTables(Path(work.stage), f"{task.number:06d}", work.run_id) as staged:
        for tables in batches():
            staged.write(tables)
    return ShardResult(
        task.number,
        unchanged=False,
        inputs=tuple(entries),
        files=staged.files,
        counts=counts,
        slowest=slowest(took),
    )


def _facts(task: ShardTask, work: Work) -> Iterator[Mapping[str, Facts]]:
    """Yield what each document of a shard tells of its source; one that cannot be read tells nothing."""
    kept = _kept(task, work, FormerRows())
    cleaner = _cleaner(work.profiles, work.evidence)
    for item in task.items:
        if isinstance(item, Poison):
            continue
        try:
            raw = kept[item.source_uri].raw() if isinstance(item, Kept) else read_input(item, work.max_record_bytes)
        except RejectedDocument:
            continue
        if raw is not None:
            source, told = cleaner.facts(Record(item.source_uri, 0, raw))
            yield {source: told}


def _unchanged(task: ShardTask, work: Work) -> bool:
    """Whether every input is what it was."""
    return all(known is not None and _is_same(item, known.sha256, work) for item, known in task.pairs())


def _is_same(item: Item, known: str | None, work: Work) -> bool:
    """Whether an input has the hash it had."""
    if not isinstance(item, Input) or (known is not None and _is_older(item, work.since)):
        return True
    try:
        return hashlib.sha256(read_input(item, work.max_record_bytes)).hexdigest() == known
    except RejectedDocument:
        return known is None


def _carried(item: Item, known: InputEntry, work: Work, former: FormerRows) -> Carried | None:
    """Return an input as one whose rows are carried over, if they are; what could not be read is tried again."""
    owner = doc_id(known.uri)
    if isinstance(item, Poison) or owner not in former:
        return None
    if isinstance(item, Kept) or (known.sha256 is not None and _is_same(item, known.sha256, work)):
        return Carried(owner, known.size or 0)
    return None


def _is_gone(item: Item) -> bool:
    return isinstance(item, Kept) and item.vanished


def _is_older(item: Input, since: float | None) -> bool:
    return since is not None and item.modified is not None and item.modified < since


def _outcome(
    given: Item, cleaner: Cleaner, work: Work, shard: int, kept: Mapping[str, Stored]
) -> tuple[InputEntry, Document | Reject]:
    """Return what the manifest says of an input, and what cleaning made of it."""
    item = given.item if isinstance(given, Poison) else given
    uri = item.source_uri
    vanished = _is_gone(item)
    raw = None
    try:
        if isinstance(item, Kept):
            raw = kept[uri].raw()
            if raw is None:
                return InputEntry(uri, None, None, shard, vanished), _as_it_was(kept[uri])
        else:
            raw = read_input(item, work.max_record_bytes)
        outcome: Document | Reject = _cleaned(given, raw, cleaner, work)
    except RejectedDocument as refused:
        outcome = Reject(uri, 0, refused.stage, refused.code, refused.message, raw, work.run_id)
    except DescrapeError:
        raise
    except MemoryError:
        outcome = Reject(uri, 0, "clean", "out_of_memory", OUT_OF_MEMORY, raw, work.run_id)
    except Exception as error:  # noqa: BLE001 - one document that breaks a stage must not cost the others
        outcome = _failed(uri, raw, error, work)
    digest = hashlib.sha256(raw).hexdigest() if raw is not None else None
    return InputEntry(uri, digest, len(raw) if raw is not None else None, shard, vanished), outcome


def _cleaned(given: Item, raw: bytes, cleaner: Cleaner, work: Work) -> Document:
    if isinstance(given, Poison):
        raise RejectedDocument("clean", "worker_died", WORKER_DIED)
    with processor_time(work.max_document_seconds):
        return cleaner.clean(Record(given.source_uri, 0, raw))


def _tables(batch: Sequence[Document | Reject | Carried], work: Work, former: FormerRows) -> dict[str, pa.Table]:
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
        return (
            _failed(outcome.record.source_uri, outcome.record.raw, error, work)
            if isinstance(outcome, Document)
            else outcome
        )
    return outcome


def _failed(uri: str, raw: bytes | None, error: Exception, work: Work) -> Reject:
    message = f"a stage failed on this document, which is a defect of the program: {type(error).__name__}: {error}"
    message = message.encode("utf-8", "backslashreplace").decode()
    return Reject(uri, 0, "clean", "internal_error", message, raw, work.run_id)


def _as_it_was(item: Stored) -> Reject:
    """Return the reject of an input that was never read, as the last snapshot has it."""
    row = item.row
    return Reject(item.source_uri, item.record, row["stage"], row["code"], row["message"], None, row["run_id"])


def _kept(task: ShardTask, work: Work, former: FormerRows) -> dict[str, Stored]:
    """Return what the last snapshot holds of the inputs that are gone and have to be cleaned from its rows."""
    wanted: dict[str, int] = {}
    for given, known in task.pairs():
        item = given.item if isinstance(given, Poison) else given
        if isinstance(item, Kept) and (known is None or _carried(given, known, work, former) is None):
            wanted[item.source_uri] = item.shard
    if not wanted or work.previous is None:
        return {}
    snapshot = Snapshot(Path(work.previous))
    try:
        return {
            item.source_uri: item
            for shard in sorted(set(wanted.values()))
            for item in stored(snapshot, shard)
            if item.source_uri in wanted
        }
    except SnapshotError as error:
        gone = f"it holds the only copy of inputs that are gone, {min(wanted)} among them"
        raise SnapshotError(f"{error}; {gone}; --prune leaves them out") from None


def _batches(outcomes: Iterator[Document | Reject | Carried]) -> Iterator[list[Document | Reject | Carried]]:
    """Group outcomes so that a batch is bounded in number and in bytes, whichever of them are carried over."""
    batch: list[Document | Reject | Carried] = []
    size = 0
    for outcome in outcomes:
        batch.append(outcome)
        size += _size(outcome)
        if len(batch) >= BATCH_DOCUMENTS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size(outcome: Document | Reject | Carried) -> int:
    """Return how many raw bytes a document has."""
    if isinstance(outcome, Carried):
        return outcome.size
    return len(outcome.record.raw) if isinstance(outcome, Document) else len(outcome.raw or b"")


def configuration(profiles: Profiles, max_record_bytes: int) -> str:
    """Return a hash of everything that decides what a row says: the code, the profiles, the limits."""
    decides = [code_digest().encode(), profiles.canonical(), str(max_record_bytes).encode()]
    return hashlib.sha256(b"\0".join(decides)).hexdigest()


@lru_cache(maxsize=4)
def _cleaner(sources: tuple[ProfileSource, ...], evidence: tuple[tuple[str, Verdict], ...]) -> Cleaner:
    return Cleaner(load_sources(sources), dict(evidence))
