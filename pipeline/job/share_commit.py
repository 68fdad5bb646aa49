"""The commit of a job that was done in shares: all are there, all were cleaned by the same verdicts, one switch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from pipeline.engines.task import ShardResult
from pipeline.errors import DescrapeError, UsageError
from pipeline.job.finish import previous_of, publish
from pipeline.job.main import held
from pipeline.job.options import Options, Outcome, RejectLimit
from pipeline.job.recording import watched
from pipeline.job.running import Run
from pipeline.job.share import Share, ShareDone, judged_by_all, staged_of
from pipeline.log import RunLog
from pipeline.plan import rebuilt
from pipeline.profiles import ProfileSource, load_sources
from pipeline.store.commit import Output
from pipeline.store.shares import Job, StagedJob, staged_jobs
from pipeline.store.snapshot import current_version
from pipeline.telemetry import Start, Watcher


def commit_shares(
    out: Path,
    log: RunLog | None = None,
    before_switch: Callable[[], None] = lambda: None,
    *,
    watchers: Sequence[Watcher] = (),
) -> Outcome:
    """Commit what the shares of a job staged as one snapshot: the rows and files that one run would have made.

    Args:
        out: The output folder.
        log: Where events go.
        before_switch: As for a run.
        watchers: As for a run.

    Raises:
        UsageError: Nothing is staged that could be committed on the current snapshot.
        DescrapeError: Shares are missing, of different jobs, or have to run again; the message names them.
    """
    staged = _the_one(out)
    job, asked = staged.job, staged.job.asked
    limit = RejectLimit(asked.max_rejects, asked.max_rejects_percent) if asked.max_rejects is not None else None
    options = Options(
        max_record_bytes=asked.max_record_bytes,
        text_field=asked.text_field,
        source_fields=asked.source_fields,
        near_duplicates=asked.near_duplicates,
        max_rejects=limit,
        rebuild=asked.rebuild,
        prune=asked.prune,
    )
    sources = [ProfileSource(profile.file, profile.text) for profile in job.profiles]
    this = Run(options, load_sources(sources), log or RunLog(quiet=True), before_switch)
    this.id = job.run_id
    if this.configuration != job.configuration:
        raise DescrapeError(
            f"shares in {out} were cleaned by another version of descrape: install it here, or run them again"
        )
    with watched(this, Start(this.id, this.started, job.sources, out), watchers) as outcome:
        outcome.append(held(this, out, lambda output: _commit(this, staged, output)))
    for one in list(staged_jobs(out)):
        if outcome[0].status == "committed" or one.folder == staged.folder:
            one.remove()  # what began at an older snapshot can never be committed
    return outcome[0]


def _the_one(out: Path) -> StagedJob:
    """Return the job that is whole, of those that began at the current snapshot."""
    current = current_version(out)
    jobs = [staged for staged in staged_jobs(out) if staged.job.base == current]
    if not jobs:
        raise UsageError(
            f"{out}: no shares are staged on {current or 'an empty output'}; "
            "`descrape run … --shard i/n` stages them, and what was committed is committed"
        )
    whole = [staged for staged in jobs if not staged.missing()]
    if len(whole) == 1:
        return whole[0]
    if len(jobs) > 1:
        told = "; ".join(f"{_present(staged)} in {staged.folder}" for staged in jobs)
        raise DescrapeError(
            f"what is staged is not one job, for {_difference([staged.job for staged in jobs])}: {told}. "
            "Run the missing shares as the others were run, or remove the folders that are not meant"
        )
    missing = jobs[0].missing()
    raise DescrapeError(
        f"{len(missing)} of {jobs[0].job.shares} shares are missing: {_numbers(missing)}; "
        f"run them with --shard {missing[0]}/{jobs[0].job.shares} and so on"
    )


def _present(staged: StagedJob) -> str:
    there = sorted({*range(1, staged.job.shares + 1)} - {*staged.missing()})
    return f"{'share ' + _numbers(there) if there else 'no share'} of {staged.job.shares}"


def _difference(jobs: Sequence[Job]) -> str:
    """Return in words what jobs differ in."""
    words = {
        "shares": "the numbers of shares differ",
        "inputs": "the inputs differ",
        "profiles": "the profiles differ",
        "configuration": "the code or the limits differ",
    }
    told = [word for name, word in words.items() if len({msgspec.json.encode(getattr(job, name)) for job in jobs}) > 1]
    return " and ".join(told) or "the options differ"


def _numbers(shares: Sequence[int]) -> str:
    """Return numbers in order as people write them.

    >>> _numbers([1, 2, 3, 5, 8, 9])
    '1-3, 5, 8-9'
    """
    runs: list[list[int]] = []
    for share in shares:
        if runs and share == runs[-1][-1] + 1:
            runs[-1].append(share)
        else:
            runs.append([share])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def _commit(this: Run, staged: StagedJob, output: Output) -> Outcome:
    previous = previous_of(this, output)
    if (previous.version if previous is not None else None) != staged.job.base:
        raise DescrapeError("another run has committed since these shares began; run them again")
    shares = range(1, staged.job.shares + 1)
    by_share = {share: staged_of(staged, share) for share in shares}
    done = sorted((one for own in by_share.values() for one in own), key=lambda one: one.result.number)
    known = {one.result.number: one.known for one in done if one.known is not None}
    planned = rebuilt(previous, staged.job.shards, known)
    judged = judged_by_all(staged, planned)
    again = [
        share
        for share, own in by_share.items()
        if len(own) != sum(Share(share, staged.job.shares).holds(shard) for shard in range(staged.job.shards))
        or not all(one.holds(judged) for one in own)
    ]
    if again:
        raise DescrapeError(
            f"shares {_numbers(again)} of {staged.job.shares} have to run once more: what they staged is gone, or they "
            "were cleaned before other shares had told how the dates of a source are read"
        )
    for share in shares:
        told = staged.read(share, "done", ShareDone)
        for step, seconds in (told.seconds if told is not None else {}).items():
            this.timings[step] = round(this.timings.get(step, 0.0) + seconds, 6)
    results = [_found_in(one.result, staged.folder) for one in done]
    stage = output.stage(this.id)
    with this.engine() as on:
        return publish(
            this,
            on,
            output,
            previous,
            planned,
            results,
            judged,
            staged.job.ignored,
            stage,
            lambda _: [one.stamps for one in done],
        )


def _found_in(result: ShardResult, folder: Path) -> ShardResult:
    files = tuple(replace(file, path=str(folder / file.path)) for file in result.files)
    return replace(result, files=files)
