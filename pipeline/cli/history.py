"""The commands about snapshots as wholes: which there are, and going back to one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import COMMITTED, complete_versions, in_json
from pipeline.cli.printing import log, print_json, show
from pipeline.log import counted, printable

if TYPE_CHECKING:
    from pipeline.store.history import Entry


@click.command("history", short_help="List the snapshots, newest first.")
@click.argument("folder", metavar="DIR", type=COMMITTED)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="The N newest only; without it all of them.",
)
@click.option("--runs", "of_runs", is_flag=True, help="List the runs instead, also those that came to nothing.")
@in_json("the list")
def list_snapshots(folder: Path | str, *, limit: int | None, of_runs: bool, as_json: bool) -> None:
    """List the snapshots of DIR, newest first: when each was committed, and what it holds.

    The one that readers see is marked as current. With --runs it lists how each run ended, and how long it took. Times
    are UTC.

    \b
    Examples:
      descrape history data/clean
      descrape history data/clean --runs --limit 5
      descrape history data/clean --json | jq -r .[].version
    """
    if of_runs:
        _list_runs(folder, limit, as_json=as_json)
        return
    from pipeline.store.history import history

    past = history(folder)
    entries = past.entries[:limit]
    if as_json:
        fields = ("version", "previous", "run_id", "created_at", "counts")
        rows = [{name: getattr(entry, name) for name in fields} for entry in entries]
        print_json([{**row, "current": row["version"] == past.current} for row in rows])
        return
    if not (entries or past.damaged):
        log(f"{folder}: holds no snapshot yet; `descrape run SOURCE --out {folder}` makes one")
    for entry in entries:
        show(printable(_line(entry) + ("  current" if entry.version == past.current else "")))
    for name in past.damaged:
        log(f"{name}: its manifest is missing or damaged" + (", and it is current" if name == past.current else ""))


def _line(entry: Entry) -> str:
    after = f"  after {entry.previous}" if entry.previous is not None else ""
    return f"{entry.version}  {_minute(entry.created_at)}  {_held(entry.counts)}{after}"


def _minute(time: str) -> str:
    """Return a time as people read it.

    >>> _minute("2026-03-01T02:15:00+00:00")
    '2026-03-01 02:15'
    """
    return time[:16].replace("T", " ")


def _held(counts: Mapping[str, Any]) -> str:
    return ", ".join(counted(counts[name], what) for name, what in (("articles", "article"), ("rejects", "reject")))


def _list_runs(folder: Path | str, limit: int | None, *, as_json: bool) -> None:
    from pipeline.store.past_runs import past_runs

    runs = past_runs(folder, limit)
    if as_json:
        print_json(runs)
        return
    for run in runs:
        took = datetime.fromisoformat(run.finished_at) - datetime.fromisoformat(run.started_at)
        outcome = f"{run.status:<11}  exit {run.exit_code:<3}  {took.total_seconds():.1f} s"
        came = "  ".join([part for part in (run.version, _held(run.counts) if run.counts else run.error) if part])
        show(printable(f"{_minute(run.started_at)}  {outcome}  {came}".rstrip()))
    if not runs:
        log(f"{folder}: holds no report of a run")


@click.command("rollback", short_help="Undo a run: an older snapshot becomes the current one again.")
@click.argument("folder", metavar="DIR", type=COMMITTED)
@click.argument("version", metavar="[VERSION]", required=False, shell_complete=complete_versions)
@in_json("the result")
def rollback(folder: Path | str, version: str | None, *, as_json: bool) -> None:
    """Make an older snapshot of DIR the current one again: the undo of a run.

    VERSION is the one that the current snapshot followed when it is left out. Nothing is removed: a rollback to the
    newer name goes forward again. The next run compares its sources with the snapshot that is current then, so mend
    what went wrong before it comes.

    \b
    Examples:
      descrape rollback data/clean
      descrape rollback data/clean v000007
    """
    from pipeline.store.history import roll_back
    from pipeline.store.snapshot import versions

    before, now = roll_back(folder, version)
    if as_json:
        print_json({"before": before, "current": now})
    elif before == now:
        show(f"{folder}: {now} is current already")
    elif isinstance(folder, Path) and before not in versions(folder):  # somebody removed it
        show(f"{folder}: {now} is current again")
    else:
        show(
            f"{folder}: {now} is current again; {before} stays, and `descrape rollback {folder} {before}` returns to it"
        )
