"""The pass over the shards of a run, and what it assumes of their sources before all pages are read.

A share of a job does not see what the others assume: it gathers what its pages tell first, and cleans by what all told.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.dates.evidence import Verdict
from pipeline.engines import Engine
from pipeline.engines.evidence import Judged, decided_before, for_work, judge, sampled, to_clean_again
from pipeline.engines.task import EVERY, Pass, ShardResult, ShardTask, Work
from pipeline.job.running import RUN_TIME, Run
from pipeline.log import counted
from pipeline.plan import Plan, known_facts
from pipeline.store.seen import CLOCK_SLACK
from pipeline.store.snapshot import Snapshot

SAMPLE = 32
"""Documents of a shard that are read ahead, to know what may be assumed of their sources."""


def clean_all(
    this: Run, on: Engine, planned: Plan, stage: Path | None = None, previous: Snapshot | None = None
) -> tuple[Judged, list[ShardResult]]:
    """Clean shards on the engine; return what their documents tell together, and the results in order.

    Every shard is cleaned by what is assumed of its sources, and those again of which that was wrong.
    """
    planned, assumed = _assumed(this, on.run, planned, previous, stage)
    work = replace(_work(this, previous), stage=str(stage) if stage is not None else None)
    with this.step("clean"):
        results: dict[int, ShardResult] = {}
        with closing(on.run(planned.tasks, replace(work, evidence=for_work(assumed)))) as cleaned:
            for result in cleaned:
                results[result.number] = result
                _say_done(this, result, len(results), len(planned.tasks))
        judged = judge(list(results.values()), known_facts(planned))
        again = to_clean_again(planned.tasks, list(results.values()), judged, assumed)
        if again:
            this.again.update(task.number for task in again)
            _drop(this, [results[task.number] for task in again])
            with closing(on.run(again, replace(work, evidence=for_work(judged.decided)))) as cleaned:
                results.update((result.number, result) for result in cleaned)
    return judged, [results[number] for number in sorted(results)]


def _assumed(
    this: Run, run: Pass, planned: Plan, previous: Snapshot | None, stage: Path | None
) -> tuple[Plan, dict[str, Verdict]]:
    """Return what is assumed of the sources: what was decided before, or what a sample of each shard tells.

    What kills a worker in the sample is marked in the plan.
    """
    if previous is not None:
        return planned, decided_before(previous.manifest.evidence)
    told = gather(this, run, [task for task in planned.tasks if task.at_hand()], previous, stage, SAMPLE)
    poison = {result.number: result.poison for result in told}
    tasks = tuple(replace(task, poison=poison.get(task.number, task.poison)) for task in planned.tasks)
    return replace(planned, tasks=tasks), sampled(told)


def _drop(this: Run, results: Sequence[ShardResult]) -> None:
    """Remove what was staged of shards that are cleaned again."""
    what = f"the corpus tells otherwise of a source than was assumed: {counted(len(results), 'shard')} cleaned again"
    this.log.event("cleaned_again", what, shards=len(results))
    for result in results:
        for file in result.files:
            Path(file.path).unlink()


def gather(  # noqa: PLR0913, PLR0917 - as for cleaning
    this: Run,
    run: Pass,
    tasks: Sequence[ShardTask],
    previous: Snapshot | None,
    stage: Path | None = None,
    most: int = EVERY,
) -> list[ShardResult]:
    """Return what the timestamps of so many documents of each shard tell, in any order.

    Nothing is cleaned, and no row is staged.
    """
    where = str(stage) if stage is not None else None
    with this.step("evidence"):
        return list(run(tasks, replace(_work(this, previous), stage=where, sample=most)))


def _work(this: Run, previous: Snapshot | None) -> Work:
    return Work(
        run_id=this.id,
        stage=None,
        profiles=this.profiles.sources,
        settings=this.options.settings,
        previous=str(previous.path) if previous is not None else None,
        max_document_seconds=this.options.max_document_seconds,
        max_worker_memory=this.options.max_worker_memory,
        since=since_of(this, previous),
        isolated=this.isolated,
    )


def clean_shards(  # noqa: PLR0913, PLR0917 - the shards, what is known of them, and where their rows go
    this: Run,
    run: Pass,
    every: Sequence[ShardTask],
    tasks: Sequence[ShardTask],
    judged: Judged,
    stage: Path | None = None,
    previous: Snapshot | None = None,
) -> list[ShardResult]:
    """Clean shards by what was judged; return the results of all in order, those left out being unchanged."""
    where = str(stage) if stage is not None else None
    work = replace(_work(this, previous), stage=where, evidence=for_work(judged.decided))
    changed = {task.number for task in tasks}
    results = [ShardResult(task.number, unchanged=True) for task in every if task.number not in changed]
    with this.step("clean"), closing(run(tasks, work)) as cleaned:
        for result in cleaned:
            results.append(result)
            _say_done(this, result, len(results), len(every))
    return sorted(results, key=lambda result: result.number)


def _say_done(this: Run, result: ShardResult, done: int, shards: int) -> None:
    if shards > 1:
        what = f"shard {done} of {shards} is done"
        this.log.event("shard_done", what, shard=result.number, unchanged=result.unchanged, done=done, shards=shards)


def since_of(this: Run, previous: Snapshot | None) -> float | None:
    """Return from when on times of files are looked at, in seconds since 1970; None when they are not believed."""
    wanted = this.options.since
    if wanted == "last":
        if previous is None:
            return None
        try:
            began = datetime.strptime(previous.manifest.run_id.partition("-")[0], RUN_TIME).replace(tzinfo=UTC)
        except ValueError:  # no name that this program gave
            return None
        return began.timestamp() - CLOCK_SLACK
    return wanted.timestamp() if wanted is not None else None
