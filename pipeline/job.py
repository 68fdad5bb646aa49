"""The main job: sources in, one snapshot out, or nothing at all."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pipeline.engines import Engine, engine
from pipeline.engines.evidence import Judged, judge, summary, to_clean
from pipeline.engines.shard import configuration
from pipeline.engines.task import MAX_DOCUMENT_SECONDS, ShardResult, ShardTask, Work
from pipeline.errors import DescrapeError, SnapshotError, TooManyRejectsError, UsageError
from pipeline.log import Level, RunLog, counted
from pipeline.plan import Assembly, Plan, assemble, known_facts, nothing_came_of_it, nothing_new, plan, replan, totals
from pipeline.profiles import Profiles, ProfileSource, load, load_sources
from pipeline.store.commit import RUNS, Output, locked
from pipeline.store.duplicates import mark_duplicates
from pipeline.store.inputs import Discovery, Input, discover
from pipeline.store.manifest import FileEntry, Manifest, ProfileText, SlowDocument, slowest
from pipeline.store.near_duplicates import near_duplicates, require
from pipeline.store.parts import split
from pipeline.store.readers import PLAIN_FORM, Form
from pipeline.store.readers.reading import MAX_RECORD_BYTES, ReadSettings
from pipeline.store.snapshot import Snapshot, open_snapshot
from pipeline.telemetry import End, Ending, Start, Watcher
from pipeline.version import __version__

REJECTS_EXIT_CODE = 3
INTERRUPTED_EXIT_CODE = 130

RUN_TIME = "%Y%m%dT%H%M%SZ"
"""How the name of a run begins: when it began, in UTC."""
CLOCK_SLACK = 2.0
"""Seconds by which the clock of a file system may lag behind that of the machine, or round its times."""

Status = Literal["committed", "unchanged", "dry_run"]


@dataclass(frozen=True, slots=True)
class RejectLimit:
    """How many rejects a run may have: a number, or a share of its inputs."""

    number: float
    percent: bool = False

    def exceeded(self, rejects: int, inputs: int) -> bool:
        """Whether there are too many.

        >>> RejectLimit(5, percent=True).exceeded(6, 100)
        True
        """
        return rejects > (inputs * self.number / 100 if self.percent else self.number)

    def __str__(self) -> str:
        return f"{self.number:g}%" if self.percent else f"{self.number:g}"


@dataclass(frozen=True, slots=True)
class Options:
    """What a run can be told.

    Attributes:
        profiles: Names of shipped profiles, or paths.
        engine: Where the work is done; one of ``pipeline.engines.ENGINES``.
        scheduler: Address of the Dask cluster; None for one on this machine.
        workers: Processes at most.
        rebuild: Clean everything again, whatever the last snapshot holds.
        prune: Drop the rows of inputs that are gone.
        dry_run: Clean and count, write nothing.
        max_rejects: Commit nothing when there are more rejects than this.
        max_record_bytes: Documents larger than this are rejected, and records that are.
        text_field: The field of records that holds the text.
        source_fields: Names of the other fields that are kept; None for all.
        input_format: Form of inputs whose names do not tell, standard input among them.
        max_document_seconds: A document whose cleaning takes more processor time than this is rejected.
        max_worker_memory: Bytes of data a worker process may hold; None for no limit.
        near_duplicates: Find articles that are at least so much like an earlier one, from 0 to 1; None not to.
        since: Do not read inputs again that the last snapshot holds and that were not modified since;
            ``last`` means since that snapshot's run began.
    """

    profiles: Sequence[str] = ()
    engine: str = "local"
    scheduler: str | None = None
    workers: int = 1
    rebuild: bool = False
    prune: bool = False
    dry_run: bool = False
    max_rejects: RejectLimit | None = None
    max_record_bytes: int = MAX_RECORD_BYTES
    text_field: str = ReadSettings().text_field
    source_fields: tuple[str, ...] | None = None
    input_format: Form = PLAIN_FORM
    max_document_seconds: float = MAX_DOCUMENT_SECONDS
    max_worker_memory: int | None = None
    near_duplicates: float | None = None
    since: datetime | Literal["last"] | None = None

    @property
    def settings(self) -> ReadSettings:
        """What readers are told."""
        return ReadSettings(self.max_record_bytes, self.text_field, self.source_fields)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did.

    Attributes:
        status: ``committed``, ``unchanged`` when there was nothing to do, or ``dry_run``.
        run_id: Name of the run.
        version: The snapshot that is current now; None after a dry run.
        counts: As in the manifest.
    """

    status: Status
    run_id: str
    version: str | None
    counts: Mapping[str, Any]

    @property
    def exit_code(self) -> int:
        """0, or 3 when the commit holds rejects (or a dry run's would)."""
        return REJECTS_EXIT_CODE if self.status != "unchanged" and self.counts["rejects"] else 0


def run(  # noqa: PLR0913 - what a run does, and who is told of it
    sources: Sequence[str],
    out: Path,
    options: Options | None = None,
    log: RunLog | None = None,
    before_switch: Callable[[], None] = lambda: None,
    *,
    watchers: Sequence[Watcher] = (),
) -> Outcome:
    """Clean sources into a snapshot of an output folder.

    Args:
        sources: Files, folders or patterns.
        out: The output folder; made when it is not there.
        options: What the run is told.
        log: Where events go.
        before_switch: Called at the point of no return: what comes after makes the snapshot visible.
        watchers: Told when the run begins, and how it ended; not of a run whose options are wrong.

    Raises:
        DescrapeError: The run failed; nothing of it is visible. The class tells why, and the exit code.
    """
    options = options or Options()
    _refuse(options)
    this = _Run(options, load(options.profiles), log or RunLog(quiet=True), before_switch)
    with _watched(this, Start(this.id, this.started, tuple(sources), out), watchers) as outcome:
        outcome.append(_from_sources(this, sources, out))
    return outcome[0]


def _refuse(options: Options) -> None:
    """Refuse what could not be done in the end."""
    if options.near_duplicates is not None:
        if options.dry_run:
            raise UsageError("near duplicates are looked for in what is committed, and a dry run commits nothing")
        require()


def _from_sources(this: _Run, sources: Sequence[str], out: Path) -> Outcome:
    with this.step("discover"):
        discovery = discover(sources, out, this.options.input_format)
        inputs = tuple(split(discovery.inputs, this.options.settings))
    this.log.event(
        "run_started", _found(discovery), run_id=this.id, inputs=len(discovery.inputs), ignored=discovery.ignored
    )
    if not discovery.inputs:
        this.log.event("no_inputs", "the sources hold no file of a known kind", "warning", run_id=this.id)
    if this.options.dry_run:
        return _dry(this, inputs, discovery.ignored)
    return _held(this, out, lambda output: _commit(this, inputs, discovery.ignored, output))


def replay(
    out: Path,
    codes: Sequence[str] = (),
    options: Options | None = None,
    log: RunLog | None = None,
    before_switch: Callable[[], None] = lambda: None,
) -> Outcome:
    """Clean the rejects of the current snapshot again, from the bytes in its tables and by its own profiles.

    Args:
        out: The output folder.
        codes: Codes of the rejects that are wanted; all when there are none.
        options: Workers, engine and limits; what says which inputs there are is not looked at.
        log: Where events go.
        before_switch: As for :func:`run`.

    Raises:
        DescrapeError: As for :func:`run`.
    """
    manifest = open_snapshot(out).manifest
    sources = [ProfileSource(profile.file, profile.text) for profile in manifest.profiles]
    options = replace(
        options or Options(),
        max_record_bytes=manifest.max_record_bytes,
        text_field=manifest.text_field,
        source_fields=manifest.source_fields,
        near_duplicates=manifest.near_duplicates,
    )
    this = _Run(options, load_sources(sources), log or RunLog(quiet=True), before_switch)
    return _held(this, out, lambda output: _replay(this, codes, output))


def _held(this: _Run, out: Path, work: Callable[[Output], Outcome]) -> Outcome:
    """Do the work of a run while it holds its output, and keep its log and report."""
    with locked(out) as output, _recorded(this, output) as outcome:
        try:
            outcome.append(work(output))
        finally:
            output.discard()
        return outcome[0]


@dataclass(slots=True)
class _Run:
    """What every step of one run needs."""

    options: Options
    profiles: Profiles
    log: RunLog
    before_switch: Callable[[], None]
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    timings: dict[str, float] = field(default_factory=dict)
    counts: dict[str, Any] | None = None
    id: str = field(init=False)
    configuration: str = field(init=False)

    def __post_init__(self) -> None:
        self.id = f"{self.started:{RUN_TIME}}-{secrets.token_hex(4)}"
        self.configuration = configuration(self.profiles, self.options.settings)

    def engine(self) -> AbstractContextManager[Engine]:
        """Hold what the work is done on."""
        return engine(self.options.engine, self.options.workers, self.options.scheduler)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure the seconds of a step."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = round(time.perf_counter() - start, 6)


def _dry(this: _Run, inputs: Sequence[Input], ignored: int) -> Outcome:
    """Clean and count; write nothing."""
    planned = plan(inputs)
    with this.engine() as clean:
        judged, tasks = _judge(this, clean, planned, None)
        results = _clean(this, clean, planned.tasks, tasks, judged)
    counts = this.counts = totals((result.counts for result in results), ignored)
    _check(this, counts)
    this.log.event("run_finished", "nothing was written: this was a dry run", run_id=this.id)
    return Outcome("dry_run", this.id, None, counts)


def _commit(this: _Run, inputs: Sequence[Input], ignored: int, output: Output) -> Outcome:
    """Clean what is new or changed, and commit a snapshot when there is any of it."""
    previous = _previous(this, output)
    planned = plan(inputs, previous, prune=this.options.prune, reuse=_reuse(this, previous))
    if planned.damaged:
        message = (
            f"files of {previous.version if previous else ''} are missing or cut short: their inputs are cleaned again"
        )
        this.log.event("previous_damaged", message, "warning", run_id=this.id, shards=planned.damaged)
    if previous is not None and this.options.prune and not inputs and previous.manifest.inputs:
        raise UsageError(
            f"the sources hold no inputs, and --prune would drop all {len(previous.manifest.inputs)} that "
            f"{previous.version} holds; is a folder not mounted? To start anew, name another --out"
        )
    return _finish(this, output, previous, planned, ignored)


def _replay(this: _Run, codes: Sequence[str], output: Output) -> Outcome:
    """Clean rejects again from the bytes that the tables hold, and commit a snapshot when anything came of it."""
    previous = _previous(this, output)
    if previous is None:
        raise SnapshotError(f"{output.root}: holds no snapshot yet, so there are no rejects to replay")
    rejects = previous.arrow("rejects", ["source_uri", "code"]).to_pylist()
    wanted = {row["source_uri"] for row in rejects if not codes or row["code"] in codes}
    planned = replan(previous, wanted, reuse=_reuse(this, previous))
    return _finish(this, output, previous, planned, previous.manifest.counts["ignored"], replaying=True)


def _finish(  # noqa: PLR0913 - where everything of a run comes together
    this: _Run, output: Output, previous: Snapshot | None, planned: Plan, ignored: int, *, replaying: bool = False
) -> Outcome:
    """Do the work that was planned, and commit it unless the last snapshot holds just that."""
    stage = output.stage(this.id)
    with this.engine() as clean:
        judged, tasks = _judge(this, clean, planned, previous)
        results = _clean(this, clean, planned.tasks, tasks, judged, stage, previous)
    unchanged = nothing_came_of_it if replaying else nothing_new
    asked = this.options.near_duplicates
    if previous is not None and unchanged(planned, results) and previous.manifest.near_duplicates == asked:
        message = f"nothing new: {previous.version} holds these inputs already, cleaned with this configuration"
        this.log.event("run_unchanged", message, run_id=this.id, version=previous.version)
        return Outcome("unchanged", this.id, previous.version, previous.manifest.counts)
    assembly = assemble(planned, results, judged)
    counts = this.counts = totals((entry.counts for entry in assembly.shards), ignored)
    _check(this, counts)
    version = output.next_version()
    took = slowest(entry for result in results for entry in result.slowest)
    with this.step("duplicates"):
        parts = tuple(mark_duplicates(assembly.parts, stage))
    if asked is not None:
        with this.step("near_duplicates"):
            near = near_duplicates(parts, asked, stage)
        parts += (near,)
        counts["near_duplicates"] = near.rows
    with this.step("commit"):
        output.commit(
            stage,
            parts,
            lambda files: _manifest(this, version, previous, assembly, files, counts, judged, took),
            this.before_switch,
        )
    kept = len({entry.uri for entry in assembly.inputs if entry.vanished})
    gone = f"; {counted(kept, 'input')} gone from the sources, rows kept (--prune drops them)" if kept else ""
    this.log.event(
        "run_committed", f"committed snapshot {version}{gone}", run_id=this.id, version=version, vanished=kept
    )
    return Outcome("committed", this.id, version, counts)


def _previous(this: _Run, output: Output) -> Snapshot | None:
    """Return the last snapshot; a damaged one is passed over only by a run that rebuilds."""
    previous = output.current()
    try:
        if previous is not None:
            _ = previous.manifest
    except SnapshotError as error:
        if not this.options.rebuild:
            raise SnapshotError(f"{error}; --rebuild makes a new snapshot from the sources alone") from None
        message = f"{error}; rebuilding from the sources alone, rows of inputs that are gone are not kept"
        this.log.event("previous_unreadable", message, "warning", run_id=this.id)
        return None
    return previous


def _reuse(this: _Run, previous: Snapshot | None) -> bool:
    """Whether files of the last snapshot may be kept where their inputs did not change."""
    if previous is None or this.options.rebuild:
        return False
    if previous.manifest.configuration == this.configuration:
        return True
    manifest = previous.manifest
    sources = [(source.file, source.text) for source in this.profiles.sources]
    if [(text.file, text.text) for text in manifest.profiles] != sources:
        what: str = "the profiles"
        level: Level = "warning"
    else:
        what, level = "the code or the limits", "info"
    message = f"{what} are not those that made {previous.version}: everything is cleaned again"
    this.log.event("configuration_changed", message, level, run_id=this.id, version=previous.version)
    return False


def _judge(this: _Run, clean: Engine, planned: Plan, previous: Snapshot | None) -> tuple[Judged, list[ShardTask]]:
    """Gather what the timestamps tell of each source, and return it with the shards that have to be cleaned."""
    with this.step("evidence"):
        work = replace(_work(this, previous), gathers=True)
        gathered = list(clean(planned.tasks, work))
    judged = judge(gathered, known_facts(planned))
    before = previous.manifest.evidence if previous is not None else {}
    return judged, to_clean(planned.tasks, gathered, judged, before)


def _work(this: _Run, previous: Snapshot | None) -> Work:
    return Work(
        run_id=this.id,
        stage=None,
        profiles=this.profiles.sources,
        settings=this.options.settings,
        previous=str(previous.path) if previous is not None else None,
        max_document_seconds=this.options.max_document_seconds,
        max_worker_memory=this.options.max_worker_memory,
        since=_since(this.options.since, previous),
    )


def _clean(  # noqa: PLR0913, PLR0917 - the shards, what is known of them, and where their rows go
    this: _Run,
    clean: Engine,
    every: Sequence[ShardTask],
    tasks: Sequence[ShardTask],
    judged: Judged,
    stage: Path | None = None,
    previous: Snapshot | None = None,
) -> list[ShardResult]:
    """Clean shards on the engine; return the results of all in order, those left out being unchanged."""
    where = str(stage) if stage is not None else None
    work = replace(_work(this, previous), stage=where, evidence=judged.for_work())
    changed = {task.number for task in tasks}
    results = [ShardResult(task.number, unchanged=True) for task in every if task.number not in changed]
    with this.step("clean"):
        for result in clean(tasks, work):
            results.append(result)
            if len(every) > 1:
                done = f"shard {len(results)} of {len(every)} is done"
                this.log.event(
                    "shard_done",
                    done,
                    shard=result.number,
                    unchanged=result.unchanged,
                    done=len(results),
                    shards=len(every),
                )
    return sorted(results, key=lambda result: result.number)


def _since(wanted: datetime | Literal["last"] | None, previous: Snapshot | None) -> float | None:
    """Return a time in seconds since 1970; None when every input is to be read."""
    if wanted == "last":
        if previous is None:
            return None
        began = datetime.strptime(previous.manifest.run_id.partition("-")[0], RUN_TIME).replace(tzinfo=UTC)
        return began.timestamp() - CLOCK_SLACK
    return wanted.timestamp() if wanted is not None else None


def _manifest(  # noqa: PLR0913, PLR0917 - a manifest is where everything of a run comes together
    this: _Run,
    version: str,
    previous: Snapshot | None,
    assembly: Assembly,
    files: tuple[FileEntry, ...],
    counts: dict[str, Any],
    judged: Judged,
    took: tuple[SlowDocument, ...],
) -> Manifest:
    return Manifest(
        version=version,
        previous=previous.version if previous is not None else None,
        run_id=this.id,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        pipeline_version=__version__,
        configuration=this.configuration,
        max_record_bytes=this.options.max_record_bytes,
        text_field=this.options.text_field,
        source_fields=this.options.source_fields,
        profiles=tuple(ProfileText(source.file, source.text) for source in this.profiles.sources),
        inputs=assembly.inputs,
        files=files,
        shards=assembly.shards,
        counts=counts,
        timings=dict(this.timings),
        evidence=summary(judged, (entry.counts for entry in assembly.shards)),
        near_duplicates=this.options.near_duplicates,
        slowest=took,
    )


def _check(this: _Run, counts: Mapping[str, Any]) -> None:
    limit = this.options.max_rejects
    if limit is not None and limit.exceeded(counts["rejects"], counts["inputs"]):
        by_code = ", ".join(f"{code} {number}" for code, number in counts["rejects_by_code"].items())
        raise TooManyRejectsError(
            f"{counts['rejects']} of {counts['inputs']} inputs were rejected ({by_code}), "
            f"more than --max-rejects {limit} allows; nothing was committed"
        )


def _found(discovery: Discovery) -> str:
    found = f"found {counted(len(discovery.inputs), 'input')}"
    return f"{found}; files of other kinds left alone: {discovery.ignored}" if discovery.ignored else found


@contextmanager
def _watched(this: _Run, start: Start, watchers: Sequence[Watcher]) -> Iterator[list[Outcome]]:
    """Tell the watchers of a run when it begins, and how it ended, also when it fails."""
    _tell(this, watchers, lambda watcher: watcher.started(start))
    outcome: list[Outcome] = []
    ending: Ending = "failed"
    exit_code, why = 1, None
    try:
        yield outcome
        ending, exit_code, this.counts = outcome[0].status, outcome[0].exit_code, dict(outcome[0].counts)
    except KeyboardInterrupt:
        ending, exit_code = "interrupted", INTERRUPTED_EXIT_CODE
        raise
    except Exception as error:
        exit_code = error.exit_code if isinstance(error, DescrapeError) else 1
        why = str(error)
        raise
    finally:
        end = End(start, datetime.now(UTC), ending, exit_code, this.timings, this.counts, why)
        _tell(this, watchers, lambda watcher: watcher.ended(end))


def _tell(this: _Run, watchers: Sequence[Watcher], what: Callable[[Watcher], None]) -> None:
    for watcher in watchers:
        try:
            what(watcher)
        except OSError as error:
            this.log.event("not_told", f"what is told of this run could not be written: {error}", "warning")


@contextmanager
def _recorded(this: _Run, output: Output) -> Iterator[list[Outcome]]:
    """Keep log and report of a run in its own folder, also when it fails."""
    outcome: list[Outcome] = []
    report: dict[str, Any] = {"run_id": this.id, "status": "failed", "exit_code": 1}
    report["started_at"] = this.started.isoformat()
    try:
        yield outcome
        done = outcome[0]
        report |= {"status": done.status, "exit_code": done.exit_code, "version": done.version, "counts": done.counts}
    except DescrapeError as error:
        report |= {"exit_code": error.exit_code, "error": str(error)}
        raise
    except KeyboardInterrupt:
        report |= {"status": "interrupted", "exit_code": INTERRUPTED_EXIT_CODE}
        raise
    finally:
        report["finished_at"] = datetime.now(UTC).isoformat()
        report["timings"] = this.timings
        try:
            this.log.save(output.root / RUNS / this.id, report)
        except OSError as error:
            message = f"the log of this run could not be saved: {error.strerror}"
            this.log.event("log_not_saved", message, "warning")
