"""Who learns of a run: those who watch over it, and the folder of its log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import INTERRUPTED_EXIT_CODE, DescrapeError
from pipeline.job.options import Outcome
from pipeline.job.running import Run
from pipeline.telemetry import End, Ending, Start, Watcher


@contextmanager
def watched(this: Run, start: Start, watchers: Sequence[Watcher]) -> Iterator[list[Outcome]]:
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


def _tell(this: Run, watchers: Sequence[Watcher], what: Callable[[Watcher], None]) -> None:
    for watcher in watchers:
        try:
            what(watcher)
        except OSError as error:
            this.log.event("not_told", f"what is told of this run could not be written: {error}", "warning")


@contextmanager
def recorded(this: Run, folder: Path) -> Iterator[list[Outcome]]:
    """Keep log and report of a run in a folder of its own, also when it fails."""
    outcome: list[Outcome] = []
    report: dict[str, Any] = {"run_id": this.id, "status": "failed", "exit_code": 1}
    report["started_at"] = this.started.isoformat()
    try:
        yield outcome
        done = outcome[0]
        report |= {"status": done.status, "exit_code": done.exit_code, "version": done.version, "counts": done.counts}
        if done.input_files is not None:
            report["input_files"] = asdict(done.input_files)
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
            this.log.save(folder, report)
        except OSError as error:
            message = f"the log of this run could not be saved: {error.strerror}"
            this.log.event("log_not_saved", message, "warning")
