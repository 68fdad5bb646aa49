"""The commands that make a snapshot: `run`, `commit` and `quarantine replay`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.ending import finish, uninterrupted
from pipeline.cli.options import (
    COMMITTED,
    OUTPUT,
    RejectLimitType,
    ShareType,
    SinceType,
    field_names,
    formats,
    in_json,
    limits,
    not_empty,
    of_codes,
    of_profiles,
    quietly,
    watched,
)
from pipeline.cli.progress import log_for
from pipeline.cli.sections import SectionedCommand

if TYPE_CHECKING:
    from pipeline.job.share import Share
    from pipeline.log import LogFormat
    from pipeline.telemetry import Watcher


OPTIONS = {
    "Output": ("out", "dry_run", "mirror", "near_duplicates"),
    "What is read": ("profiles", "text_field", "source_fields", "input_format", "max_record_bytes"),
    "What is read and cleaned again": ("since", "checksum", "rebuild", "prune"),
    "Limits": ("max_rejects", "max_document_seconds", "max_worker_memory"),
    "Processes and machines": ("workers", "engine", "scheduler", "share"),
    "What is told of the run": ("quiet", "as_json", "log_format", "empty_exit_code", "metrics", "lineage"),
}
"""The options of `run`, by what they are about."""


@click.command(
    cls=SectionedCommand, sections=OPTIONS, short_help="Clean files, folders or patterns into one snapshot of tables."
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path())
@click.option(
    "--out",
    "-o",
    required=True,
    callback=not_empty,
    type=OUTPUT,
    help="Output folder, made when it is not there; or an address such as s3://bucket/clean (extra 's3').",
)
@click.option(
    "--mirror",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of this machine in which an output on S3 is worked on. It stays, so that the next run only fetches "
    "what others committed; without it all of the last snapshot is fetched.",
)
@of_profiles(
    "What is known of a source: a shipped profile or a TOML file. Repeatable: the first whose match fits "
    "a document serves it. One given alone serves all."
)
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Where the work is done: by processes of this machine, or on a Dask cluster. Needs the extra 'dask'.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="The Dask cluster, such as tcp://head:8786; without it one is started on this machine.",
)
@click.option(
    "--shard",
    "share",
    type=ShareType(),
    help="Clean the I-th of N shares of the work and stage it; `descrape commit` makes the snapshot of all of them. "
    "For job arrays, whose tasks know nothing of each other.",
)
@click.option("--rebuild", is_flag=True, help="Clean everything again, also what has not changed.")
@click.option("--prune", is_flag=True, help="Drop the rows of inputs that are gone. Without it they stay.")
@click.option(
    "--since",
    type=SinceType(),
    help="Do not even read inputs that the last snapshot holds and that were not modified since this time, "
    "or since its run began (last). Times without a zone are local.",
)
@click.option(
    "--checksum",
    is_flag=True,
    help="Read every input to compare it. Without it one whose size, times, inode and device are what they were "
    "when it was last read is taken to be unchanged.",
)
@click.option("--dry-run", is_flag=True, help="Clean and count, write nothing.")
@click.option(
    "--max-rejects",
    type=RejectLimitType(),
    help="Commit nothing (exit 65) when more inputs than this are rejected.",
)
@click.option(
    "--max-record-bytes",
    type=click.IntRange(min=1),
    default=64 * 2**20,
    show_default=True,
    metavar="BYTES",
    help="Reject larger documents.",
)
@formats
@click.option(
    "--source-fields",
    default="all",
    show_default=True,
    callback=field_names,
    metavar="all|none|NAME,…",
    help="Which other fields of records are kept in source_fields; of Parquet only these columns are read.",
)
@limits
@click.option(
    "--near-duplicates",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="SIMILARITY",
    help="Find articles that are at least so much like an earlier one, such as 0.8, and list them in a table of "
    "their own. Needs the extra 'near-duplicates'.",
)
@watched
@in_json("the summary")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of the log on standard error.",
)
@quietly
def run(  # noqa: PLR0913 - one argument an option
    sources: tuple[str, ...],
    out: Path | str,
    *,
    share: Share | None,
    metrics: Path | None,
    lineage: Path | None,
    empty_exit_code: int,
    as_json: bool,
    log_format: LogFormat,
    quiet: bool,
    **options: Any,
) -> None:
    """Clean SOURCEs into one consistent snapshot of tables.

    A SOURCE is a folder (every file of a known kind below it is read), a file, a pipe, a pattern, an address, or - for
    standard input. All tables of a run appear together, or none of them does. Unchanged inputs are not cleaned again,
    changed ones replace their rows.

    \b
    Exit codes:
      0    committed and nothing was rejected, or there was nothing to do
      3    committed, and some inputs were rejected
      65   more rejects than --max-rejects allows; nothing was committed
      75   another run holds the output; try again later
      2    wrong usage or configuration
      1    failed; nothing of this run is visible
      130  interrupted; likewise

    \b
    Examples:
      descrape run data/raw --out data/clean
      descrape run 'pages/2016/*.txt' --out clean --profile alalam-en
      descrape run pages --out clean --max-rejects 2% --log-format json
      descrape run pages --out clean --shard "$SLURM_ARRAY_TASK_ID/64"
    """
    if options["engine"] == "local":
        from pipeline.store.own_process import set_up_arrow

        set_up_arrow()  # before anything else imports of Arrow what it spares
    from pipeline.job import Options
    from pipeline.job import run as run_job

    log = log_for(log_format, quiet=quiet)
    if share is not None:
        if metrics is not None or lineage is not None:
            raise click.UsageError("--metrics and --lineage belong to `descrape commit`, not to a share")
        if not isinstance(out, Path):
            raise click.UsageError("shares are staged beside an output folder, not on S3")
        from pipeline.job.share import run_share

        staged = partial(run_share, share, list(sources), out, Options(**options, fork=True), log)
        finish(staged, log, out, as_json=as_json, quiet=quiet)
    watchers = list(_watchers(metrics, lineage))
    job = partial(run_job, list(sources), out, Options(**options, fork=True), log, uninterrupted, watchers=watchers)
    finish(job, log, out, as_json=as_json, quiet=quiet, empty_exit_code=empty_exit_code)


def _watchers(metrics: Path | None, lineage: Path | None) -> Iterator[Watcher]:
    """Yield who is told of the run; what is not asked for is not imported."""
    if metrics is not None:
        from pipeline.telemetry.metrics import Metrics

        yield Metrics(metrics)
    if lineage is not None:
        from pipeline.telemetry.lineage import Lineage

        yield Lineage(lineage)


@click.command(short_help="Commit what `run --shard` staged, as one snapshot.")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@watched
@in_json("the summary")
@quietly
def commit(  # noqa: PLR0913 - one argument an option
    folder: Path,
    *,
    metrics: Path | None,
    lineage: Path | None,
    empty_exit_code: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Commit what `descrape run --shard` staged in DIR as one snapshot: rows and files of one run over everything.

    All shares must be there, of the same inputs, options and code. Shares that were cleaned before others had told
    how the dates of a source are read are named, and have to run once more: then they clean what that concerns.

    \b
    Exit codes: as for run.

    \b
    Examples:
      descrape commit clean
      descrape commit clean --json
    """
    from pipeline.job.share_commit import commit_shares

    log = log_for("text", quiet=quiet)
    job = partial(commit_shares, folder, log, uninterrupted, watchers=list(_watchers(metrics, lineage)))
    finish(job, log, folder, as_json=as_json, quiet=quiet, empty_exit_code=empty_exit_code)


@click.command("replay", short_help="Clean it again, from the bytes in the tables.")
@click.argument("folder", metavar="DIR", type=COMMITTED)
@of_codes
@limits
@in_json("the summary")
@quietly
def replay_rejects(folder: Path | str, codes: tuple[str, ...], *, as_json: bool, quiet: bool, **options: Any) -> None:
    """Clean the rejects of DIR again, from the bytes that its tables hold, and commit what came of it.

    The sources are not needed. What follows from the bytes alone is rejected again; what failed for want of time or
    memory, or for a defect that is mended by now, becomes an article.

    \b
    Exit codes:
      0    nothing came of it, or committed and no rejects are left
      3    committed, and some rejects are left
      75   another run holds DIR; try again later
      2    wrong usage
      1    failed, or DIR holds no snapshot
      130  interrupted; nothing of it is visible

    \b
    Examples:
      descrape quarantine replay data/clean
      descrape quarantine replay data/clean --max-document-seconds 3600
    """
    from pipeline.job import Options, replay

    log = log_for("text", quiet=quiet)
    job = partial(replay, folder, codes, Options(**options, fork=True), log, uninterrupted)
    finish(job, log, folder, as_json=as_json, quiet=quiet)
