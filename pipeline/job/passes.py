"""The two passes over the shards of a run: what their timestamps tell of each source, and cleaning by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pipeline.engines import Engine
from pipeline.engines.evidence import Judged, judge, to_clean
from pipeline.engines.task import ShardResult, ShardTask, Work
from pipeline.job.running import RUN_TIME, Run
from pipeline.plan import Plan, known_facts
from pipeline.store.snapshot import Snapshot

CLOCK_SLACK = 2.0
"""Seconds by which the clock of a file system may lag behind that of the machine, or round its times."""


def judge_sources(
    this: Run, on: Engine, planned: Plan, previous: Snapshot | None, stage: Path | None = None
) -> tuple[Judged, list[ShardTask]]:
    """Gather what the timestamps tell of each source, and return it with the shards that have to be cleaned."""
    gathered = gather(this, on, planned.tasks, previous, stage)
    judged = judge(gathered, known_facts(planned))
    before = previous.manifest.evidence if previous is not None else {}
    return judged, to_clean(planned.tasks, gathered, judged, before)


def gather(
    this: Run, on: Engine, tasks: Sequence[ShardTask], previous: Snapshot | None, stage: Path | None = None
) -> list[ShardResult]:
    """Return what the timestamps of each shard tell, in any order; nothing is cleaned, and no row is staged."""
    where = str(stage) if stage is not None else None
    with this.step("evidence"):
        return list(on.run(tasks, replace(_work(this, previous), stage=where, gathers=True)))


def _work(this: Run, previous: Snapshot | None) -> Work:
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


def clean_shards(  # noqa: PLR0913, PLR0917 - the shards, what is known of them, and where their rows go
    this: Run,
    on: Engine,
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
        for result in on.run(tasks, work):
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
