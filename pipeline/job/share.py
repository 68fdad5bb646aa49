"""Shares of a job: each of many processes cleans its part of the shards, and a last one commits them together.

What a row says may depend on pages of other shares: by the evidence of all pages it is decided how the dates of a
source are read. So each share first tells what its own pages show, and then cleans by what all shares told that are
that far. A share that is run once more cleans those of its shards again that are judged otherwise by now. The commit
holds every shard to the verdict of all, and refuses those that were cleaned by another one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct, structs

from pipeline.dates.evidence import UNDECIDED, Verdict
from pipeline.engines.evidence import Judged, judge, to_clean
from pipeline.engines.held import OldShard, stamps_of
from pipeline.engines.task import Kept, ShardResult, ShardTask
from pipeline.errors import UsageError
from pipeline.job.compared import compare
from pipeline.job.finish import previous_of
from pipeline.job.main import found, planned_from, refuse
from pipeline.job.options import Options, Outcome
from pipeline.job.passes import clean_shards, gather, since_of
from pipeline.job.recording import recorded
from pipeline.job.running import Run
from pipeline.log import RunLog, counted
from pipeline.plan import Known, Plan, known_facts, totals
from pipeline.profiles import load
from pipeline.store.commit import RUNS, Output
from pipeline.store.discovery import is_stream
from pipeline.store.inputs import Input
from pipeline.store.manifest import ProfileText
from pipeline.store.shares import Asked, Job, StagedJob, join


class Share(NamedTuple):
    """The ``number``-th share of ``of``, counted from one."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, shard: int) -> bool:
        """Whether a shard is of this share: they are dealt out like cards.

        >>> [shard for shard in range(7) if Share(2, 3).holds(shard)]
        [1, 4]
        """
        return shard % self.of == self.number - 1


class Done(Struct, frozen=True):
    """What came of one shard.

    Attributes:
        result: As an engine gives it; its files are named relative to the folder of the job.
        assumed: The verdicts it was cleaned by, of the sources that have pages in it.
        known: What the last snapshot holds of it, if that is just its inputs.
        stamps: How its inputs looked when they were hashed.
    """

    result: ShardResult
    assumed: dict[str, Verdict]
    known: Known | None = None
    stamps: bytes = b""

    def holds(self, judged: Judged) -> bool:
        """Whether all pages together decide what it was cleaned by."""
        return all(
            judged.decided.get(source, UNDECIDED) == self.assumed.get(source, UNDECIDED)
            for source in judged.facts[self.result.number]
        )


class ShareDone(Struct, frozen=True):
    """What came of a share: its shards, and the seconds that each step took."""

    shards: list[Done]
    seconds: dict[str, float]


def run_share(
    share: Share, sources: Sequence[str], out: Path, options: Options | None = None, log: RunLog | None = None
) -> Outcome:
    """Clean one share of the shards of a job, and stage what comes of it beside the output.

    Shares of a job need know nothing of each other but where the output is: they may run at once, one after the other,
    and again. What is done already is not done again.

    Args:
        share: Which one, of how many.
        sources: The same for all shares, as are the options.
        out: The output folder, which all shares reach.
        options: What the run is told.
        log: Where events go.

    Raises:
        DescrapeError: The share failed; what others staged is not touched.
    """
    options = options or Options()
    if options.engine != "local" or options.dry_run or any(map(is_stream, sources)):
        raise UsageError("--shard goes with files, and neither with --engine dask nor with --dry-run")
    refuse(options)
    this = Run(options, load(options.profiles), log or RunLog(quiet=True), lambda: None)
    inputs, ignored = found(this, sources, out)
    output = Output(out)
    previous = previous_of(this, output)
    planned = planned_from(this, inputs, previous)
    base = previous.version if previous is not None else None
    staged = join(out, _job(this, sources, share, base, inputs, ignored, len(planned.tasks)))
    this.id = staged.job.run_id
    with recorded(this, out / RUNS / this.id / f"share-{share.number:05d}") as outcome:
        outcome.append(_share(this, share, staged, planned, output))
    return outcome[0]


def _job(  # noqa: PLR0913, PLR0917 - all of it is the same for each share
    this: Run,
    sources: Sequence[str],
    share: Share,
    base: str | None,
    inputs: Sequence[Input],
    ignored: int,
    shards: int,
) -> Job:
    options = this.options
    digest = hashlib.sha256()
    for item in inputs:
        digest.update(msgspec.json.encode((*item.place, item.form.label, item.size, item.modified, item.sha256)))
    limit = options.reject_limit
    asked = Asked(
        max_record_bytes=options.max_record_bytes,
        text_field=options.text_field,
        source_fields=options.source_fields,
        near_duplicates=options.near_duplicates,
        max_rejects=limit.number if limit is not None else None,
        max_rejects_percent=limit.percent if limit is not None else False,
        prune=options.prune,
        rebuild=options.rebuild,
        since=options.since.isoformat() if isinstance(options.since, datetime) else options.since,
    )
    profiles = tuple(ProfileText(source.file, source.text) for source in this.profiles.sources)
    return Job(
        this.id,
        tuple(sources),
        share.of,
        shards,
        base,
        this.configuration,
        digest.hexdigest(),
        ignored,
        profiles,
        asked,
    )


def _share(this: Run, share: Share, staged: StagedJob, planned: Plan, output: Output) -> Outcome:
    own = [task for task in planned.tasks if share.holds(task.number)]
    previous = output.current() if staged.job.base is not None else None
    with this.engine() as on:
        told = staged.read(share.number, "told", list[ShardResult])
        if told is None:
            told = gather(this, on.run, own, previous)
            staged.write(share.number, "told", told)
        judged = judged_by_all(staged, planned)
        before = previous.manifest.evidence if previous is not None else {}
        done = {one.result.number: one for one in staged_of(staged, share.number) if one.holds(judged)}
        left = [task for task in own if task.number not in done]
        wanted = [task for task in to_clean(own, told, judged, before) if task.number not in done]
        results = clean_shards(this, on.run, left, wanted, judged, staged.attempt(share.number), previous)
    for task, result in zip(left, results, strict=True):
        same = planned.same(task)
        inputs = same.inputs if result.unchanged and same is not None else result.inputs
        looked = stamps_of([task], inputs, began=this.started.timestamp(), since=since_of(this, previous))
        one = _done(result, task, same, judged, staged)
        done[task.number] = structs.replace(one, stamps=b"".join(looked))
    shards = [done[task.number] for task in own]
    staged.write(share.number, "done", ShareDone(shards, this.timings))
    counts = this.counts = totals(map(_counts_of(planned), own, shards), staged.job.ignored)
    this.log.event(
        "share_staged",
        f"share {share} of run {this.id} is staged: {counted(len(results), 'shard')} cleaned or compared, "
        f"{len(own) - len(results)} done before; `descrape commit {output.root}` follows when all shares are",
        run_id=this.id,
        share=share.number,
        shares=share.of,
    )
    files = compare(
        replace(planned, tasks=tuple(own)),
        [one.result for one in shards],
        previous,
        since=since_of(this, previous),
        again={task.number for task in wanted if task.former is None},
    )
    return Outcome("staged", this.id, None, counts, files)


def _done(result: ShardResult, task: ShardTask, same: OldShard | None, judged: Judged, staged: StagedJob) -> Done:
    files = tuple(replace(file, path=str(Path(file.path).relative_to(staged.folder))) for file in result.files)
    assumed = {source: judged.decided[source] for source in judged.facts[task.number] if source in judged.decided}
    gone = tuple(isinstance(item, Kept) and item.vanished for item in task.items)
    return Done(replace(result, files=files), assumed, Known(same.number, gone) if same is not None else None)


def _counts_of(planned: Plan) -> Callable[[ShardTask, Done], Mapping[str, int]]:
    def counts(task: ShardTask, one: Done) -> Mapping[str, int]:
        known = planned.same(task)
        return known.counts if one.result.unchanged and known is not None else one.result.counts

    return counts


def judged_by_all(staged: StagedJob, planned: Plan) -> Judged:
    """Return what is decided by all that is told by now; a share that told nothing yet tells what its shards told."""
    known = known_facts(planned)
    told = {result.number: result for result in _told(staged)}
    gathered = [
        told.get(task.number, ShardResult(task.number, unchanged=task.number in known)) for task in planned.tasks
    ]
    return judge(gathered, known)


def _told(staged: StagedJob) -> list[ShardResult]:
    shares = range(1, staged.job.shares + 1)
    return [result for share in shares for result in staged.read(share, "told", list[ShardResult]) or ()]


def staged_of(staged: StagedJob, share: int) -> list[Done]:
    """Return what came of the shards of a share, of those whose files are all there."""
    done = staged.read(share, "done", ShareDone)
    return [one for one in done.shards if _is_there(staged, one)] if done is not None else []


def _is_there(staged: StagedJob, one: Done) -> bool:
    files = [(staged.folder / file.path, file.size) for file in one.result.files]
    return all(path.is_file() and path.stat().st_size == size for path, size in files)
