"""How a job ends: what is printed of it, and the exit code that says so."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pipeline.cli.printing import log as tell
from pipeline.cli.printing import print_json, show
from pipeline.errors import INTERRUPTED_EXIT_CODE, DescrapeError
from pipeline.log import counted

if TYPE_CHECKING:
    from pipeline.job import Outcome
    from pipeline.job.compared import InputFiles
    from pipeline.log import RunLog

INTERRUPTED_MESSAGE = "interrupted; nothing of this run is visible"
WARNINGS_TOLD = 3
"""Kinds of warnings that a summary names."""


def finish(  # noqa: PLR0913 - what a command was told
    job: Callable[[], Outcome], log: RunLog, out: Path | str, *, as_json: bool, quiet: bool, empty_exit_code: int = 0
) -> NoReturn:
    """Do a job to its end, print what came of it, and exit with the code that says so."""
    try:
        outcome = job()
    except DescrapeError as error:
        log.event("run_failed", str(error), "error", exit_code=error.exit_code)
        sys.exit(error.exit_code)
    except OSError as error:
        message = f"{error.filename or 'the system'}: {error.strerror or error}; nothing of this run is visible"
        log.event("run_failed", message, "error", exit_code=DescrapeError.exit_code)
        sys.exit(DescrapeError.exit_code)
    except KeyboardInterrupt:
        log.event("run_interrupted", INTERRUPTED_MESSAGE, "error", exit_code=INTERRUPTED_EXIT_CODE)
        sys.exit(INTERRUPTED_EXIT_CODE)
    try:
        if as_json:
            print_json(_outcome_data(outcome))
        elif not quiet:
            show("\n".join(_summary(outcome, out)))
    except OSError as error:
        # The commit stands whatever becomes of its summary, and the exit code is to say so.
        tell(f"the summary could not be written: {error.strerror}")
        sys.stdout = None  # or the interpreter tries once more on its way out
    sys.exit(empty_exit_code if outcome.status == "unchanged" else outcome.exit_code)


def _outcome_data(outcome: Outcome) -> dict[str, Any]:
    fields = ("status", "run_id", "version", "counts")
    data = {name: getattr(outcome, name) for name in fields}
    if outcome.input_files is not None:
        data["input_files"] = asdict(outcome.input_files)
    if outcome.tried_again is not None:
        data["tried_again"] = outcome.tried_again
    return data


def _summary(outcome: Outcome, out: Path | str) -> Iterable[str]:
    """Yield the lines that say what a run did."""
    counts = outcome.counts
    where = {
        "committed": f"{out}: committed {outcome.version}",
        "unchanged": f"{out}: nothing to do, {outcome.version} is up to date",
        "dry_run": "dry run, nothing written",
        "staged": f"{out}: staged a share of run {outcome.run_id}; `descrape commit {out}` follows when all are",
    }
    yield where[outcome.status]
    came_of = f"{counted(counts['articles'], 'article')} + {counted(counts['rejects'], 'reject')}"
    yield f"  {counted(counts['inputs'], 'input')} = {came_of}"
    if outcome.input_files is not None:
        yield f"  {_compared(outcome.input_files)}"
    if outcome.tried_again is not None:
        yield f"  {counted(outcome.tried_again, 'reject')} tried again"
    statuses = _listed(counts["artifacts_by_status"])
    yield f"  {counted(counts['artifacts'], 'artifact')}" + (f": {statuses}" if statuses else "")
    yield f"  {counted(counts['related_items'], 'related item')}"
    if datelines := counts.get("datelines_by_status"):
        yield f"  dates: {_listed(datelines)}"
    if warnings := counts.get("warnings_by_code"):
        yield f"  warnings: {_listed(warnings, most=WARNINGS_TOLD)}"
    if counts["rejects"]:
        yield f"  rejected: {_listed(counts['rejects_by_code'])}"


def _listed(numbers: Mapping[str, int], most: int | None = None) -> str:
    """Return what was counted, the most frequent first.

    >>> _listed({"empty": 2, "undecodable": 5, "bad_json": 1}, most=2)
    '5 undecodable, 2 empty, 1 more kind'
    """
    by_number = sorted(numbers.items(), key=lambda entry: -entry[1])
    told = [f"{number} {what}" for what, number in by_number[:most]]
    return ", ".join(told + ([f"{counted(rest, 'more kind')}"] if (rest := len(by_number) - len(told)) else []))


def _compared(files: InputFiles) -> str:
    """Return in words which files were read, and why.

    >>> from pipeline.job.compared import InputFiles
    >>> _compared(InputFiles(new=1, changed=2, unchanged=16, unread=16))
    '19 files: 1 new, 2 changed, 16 unchanged (16 not read)'
    """
    parts = [f"{number} {what}" for what, number in (("new", files.new), ("changed", files.changed)) if number]
    if files.unchanged:
        how = [f"{files.unread} not read" if files.unread else "all read"]
        how += [f"{files.cleaned_again} cleaned again"] if files.cleaned_again else []
        parts.append(f"{files.unchanged} unchanged ({', '.join(how)})")
    gone = [f"{files.gone} gone, rows kept"] if files.gone else []
    gone += [f"{files.dropped} gone, rows dropped"] if files.dropped else []
    told = counted(files.new + files.changed + files.unchanged, "file")
    return f"{told}: {', '.join(parts + gone)}" if parts or gone else told


def uninterrupted() -> None:
    """Finish what cannot be undone: an interrupt now could only make the exit code say what is not so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
