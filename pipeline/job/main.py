"""The main job, from its sources or from the rejects of the last snapshot: which steps, in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from pipeline.engines.held import containers, old_shards
from pipeline.engines.sameness import is_believed
from pipeline.engines.task import Kept, ShardResult
from pipeline.errors import SnapshotError, UsageError
from pipeline.job.compared import InputFiles, compare, missing
from pipeline.job.finish import REBUILD, check, finish, previous_of, reuse, seen_by, tell_of_idle_profiles
from pipeline.job.former import former_fields
from pipeline.job.options import Options, Outcome
from pipeline.job.passes import clean_all, since_of
from pipeline.job.recording import recorded, watched
from pipeline.job.running import Run
from pipeline.log import RunLog, counted
from pipeline.plan import Plan, plan, replan, totals
from pipeline.profiles import ProfileSource, load, load_sources
from pipeline.store.commit import RUNS, Output, locked
from pipeline.store.discovery import Discovery, discover
from pipeline.store.inputs import Input
from pipeline.store.near_duplicates import require
from pipeline.store.parts import split
from pipeline.store.readers import READERS
from pipeline.store.seen import NO_STAMPS, NOTHING_SEEN, Seen
from pipeline.store.snapshot import Snapshot, current_version, open_snapshot
from pipeline.telemetry import Start, Watcher


def run(  # noqa: PLR0913 - what a run does, and who is told of it
    sources: Sequence[str],
    out: Path | str,
    options: Options | None = None,
    log: RunLog | None = None,
    before_switch: Callable[[], None] = lambda: None,
    *,
    watchers: Sequence[Watcher] = (),
) -> Outcome:
    """Clean sources into a snapshot of an output folder.

    Args:
        sources: Files, folders or patterns.
        out: The output folder, made when it is not there; or its address on S3.
        options: What the run is told.
        log: Where events go.
        before_switch: Called at the point of no return: what comes after makes the snapshot visible.
        watchers: Told when the run begins, and how it ended; not of a run whose options are wrong.

    Raises:
        DescrapeError: The run failed; nothing of it is visible. The class tells why, and the exit code.
    """
    options = options or Options()
    refuse(options)
    if isinstance(out, str):
        from pipeline.store.bucket import Bucket

        Bucket(out)  # an address that cannot be written to is refused before anything is begun
    this = Run(options, load(options.profiles), log or RunLog(quiet=True), before_switch)
    with watched(this, Start(this.id, this.started, tuple(sources), out), watchers) as outcome:
        outcome.append(_from_sources(this, sources, out))
    return outcome[0]


def refuse(options: Options) -> None:
    """Refuse what could not be done in the end."""
    if options.near_duplicates is not None:
        if options.dry_run:
            raise UsageError("near duplicates are looked for in what is committed, and a dry run commits nothing")
        require()


def _from_sources(this: Run, sources: Sequence[str], out: Path | str) -> Outcome:
    inputs, ignored = found(this, sources, out)
    if this.options.dry_run:
        return _dry(this, inputs, ignored, out)
    return held(this, out, lambda output: _commit(this, inputs, ignored, output))


def found(this: Run, sources: Sequence[str], out: Path | str) -> tuple[Sequence[Input], int]:
    """Return the inputs of a run, and how many files are of no known kind."""
    with this.step("discover"):
        discovery = discover(sources, out if isinstance(out, Path) else None, this.options.input_format)
    this.log.event(
        "run_started", _told(discovery), run_id=this.id, inputs=len(discovery.inputs), ignored=discovery.ignored
    )
    if not discovery.inputs:
        kinds = ", ".join(f".{form}" for form in READERS)
        message = (
            f"the sources hold no file of a known kind, such as {kinds}; a file that is named outright, as `pages/*` "
            "without quotes names each, is read whatever its name"
        )
        this.log.event("no_inputs", message, "warning", run_id=this.id)
    return discovery.inputs, discovery.ignored


def replay(
    out: Path | str,
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
    this = Run(options, load_sources(sources), log or RunLog(quiet=True), before_switch)
    return held(this, out, lambda output: _replay(this, codes, output))


def held(this: Run, out: Path | str, work: Callable[[Output], Outcome]) -> Outcome:
    """Do the work of a run while it holds its output, and keep its log and report."""
    with _output(out, this.options.mirror) as output, recorded(this, output.root / RUNS / this.id) as outcome:
        try:
            outcome.append(work(output))
        finally:
            output.discard()
        return outcome[0]


def _output(out: Path | str, mirror: Path | None) -> AbstractContextManager[Output]:
    """Hold an output; one on S3 by a mirror of it."""
    if isinstance(out, Path):
        if mirror is not None:
            raise UsageError("a mirror is of an output on S3; with an output folder leave out --mirror")
        return locked(out)
    from pipeline.store.mirror import mirrored

    return mirrored(out, mirror)


def _dry(this: Run, inputs: Sequence[Input], ignored: int, out: Path | str) -> Outcome:
    """Clean, count and compare; write nothing."""
    with this.step("discover"):
        parts = _divided(this, inputs)
    planned = plan(parts)
    with this.engine() as on:
        _, results = clean_all(this, on, planned)
    counts = this.counts = totals((result.counts for result in results), ignored)
    check(this, counts)
    tell_of_idle_profiles(this, counts)
    this.log.event("run_finished", "nothing was written: this was a dry run", run_id=this.id)
    return Outcome("dry_run", this.id, None, counts, _compared_with(out, planned, results, prune=this.options.prune))


def _compared_with(out: Path | str, planned: Plan, results: Sequence[ShardResult], *, prune: bool) -> InputFiles | None:
    """Return how files compare with those that an output holds; None when what it holds cannot be read here.

    It is not locked: a snapshot stays what it is.
    """
    if not isinstance(out, Path):
        return None
    try:
        name = current_version(out)
        previous = open_snapshot(out, name) if name is not None else None
        files = compare(planned, results, previous, since=None, again=frozenset(), prune=prune)
        return files if prune else replace(files, gone=missing(planned, previous))
    except (SnapshotError, OSError):
        return None


def _commit(this: Run, inputs: Sequence[Input], ignored: int, output: Output) -> Outcome:
    """Clean what is new or changed, and commit a snapshot when there is any of it."""
    previous = previous_of(this, output)
    return finish(this, output, previous, planned_from(this, inputs, previous), ignored)


def planned_from(this: Run, inputs: Sequence[Input], previous: Snapshot | None) -> Plan:
    """Return the shards of a run over inputs.

    Raises:
        SnapshotError: What the last snapshot says of its inputs is damaged.
        UsageError: There are no inputs, and every row would be dropped.
    """
    keep = reuse(this, previous)
    seen = seen_by(previous) if previous is not None and keep else NOTHING_SEEN
    if this.options.checksum:
        seen = replace(seen, stamps=NO_STAMPS)
    try:
        with this.step("discover"):
            parts = _divided(this, inputs, previous if keep else None, seen)
        planned = plan(parts, previous, prune=this.options.prune, reuse=keep, seen=seen)
    except SnapshotError as error:
        raise SnapshotError(f"{previous.version if previous else ''}: {error}; {REBUILD}") from None
    if planned.damaged:
        message = (
            f"files of {previous.version if previous else ''} are missing or cut short: their inputs are cleaned again"
        )
        this.log.event("previous_damaged", message, "warning", run_id=this.id, shards=planned.damaged)
    if previous is not None:
        _tell_of_former_fields(this, planned, previous)
    if previous is not None and this.options.prune and not inputs and previous.manifest.inputs:
        raise UsageError(
            f"the sources hold no inputs, and --prune would drop all {len(previous.manifest.inputs)} that "
            f"{previous.version} holds; is a folder not mounted? To start anew, name another --out"
        )
    return planned


def _tell_of_former_fields(this: Run, planned: Plan, previous: Snapshot) -> None:
    """Warn of containers that are gone: what other options would take of them is not to be had any more."""
    former = former_fields(previous.manifest, this.options)
    if not former:
        return
    kept = (item.entry for task in planned.tasks for item in task.items if isinstance(item, Kept))
    if gone := len({entry.uri for entry in kept if entry.is_container}):
        message = (
            f"{counted(gone, 'container')} gone from the sources: rows stay as read with {' and '.join(former)}; "
            "--prune drops them"
        )
        this.log.event("former_fields", message, "warning", run_id=this.id, containers=gone)


def _divided(
    this: Run, inputs: Sequence[Input], previous: Snapshot | None = None, seen: Seen = NOTHING_SEEN
) -> Sequence[Input]:
    """Return inputs with the parts of large ones; those that the last snapshot holds just so keep theirs."""
    since = since_of(this, previous)
    return split(
        inputs,
        this.options.settings,
        lambda: containers(old_shards(previous, seen)),
        this.options.workers,
        lambda item, known: is_believed(item, known, since),
    )


def _replay(this: Run, codes: Sequence[str], output: Output) -> Outcome:
    """Clean rejects again from the bytes that the tables hold, and commit a snapshot when anything came of it."""
    previous = previous_of(this, output)
    if previous is None:
        raise SnapshotError(f"{output.root}: holds no snapshot yet, so there are no rejects to replay")
    rejects = previous.arrow("rejects", ["source_uri", "code"]).to_pylist()
    wanted = {row["source_uri"] for row in rejects if not codes or row["code"] in codes}
    oversized = sum(row["code"] == "oversized" and row["source_uri"] in wanted for row in rejects)
    if oversized:
        message = (
            f"{counted(oversized, 'reject')} for size: no table holds the bytes, so that takes a run over the sources "
            "with a higher --max-record-bytes"
        )
        this.log.event("sources_needed", message, "warning", run_id=this.id, oversized=oversized)
    planned = replan(previous, wanted, reuse=reuse(this, previous), seen=seen_by(previous))
    done = finish(this, output, previous, planned, previous.manifest.counts["ignored"], replaying=True)
    return replace(done, tried_again=sum(row["source_uri"] in wanted for row in rejects))


def _told(discovery: Discovery) -> str:
    found = f"found {counted(len(discovery.inputs), 'file')}"
    return f"{found}; files of other kinds left alone: {discovery.ignored}" if discovery.ignored else found
