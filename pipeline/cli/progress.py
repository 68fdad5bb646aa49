"""A bar on a terminal while shards are cleaned, in place of a line for each."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.log import RunLog

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.log import Level, LogFormat, Value

SHARD_DONE = "shard_done"


def log_for(log_format: LogFormat, *, quiet: bool) -> RunLog:
    """Return the log of a command: with a bar where a person looks at it and the extra `progress` is installed."""
    if quiet or log_format == "json" or not sys.stderr.isatty():
        return RunLog(log_format, quiet=quiet)
    try:
        from rich.console import Console
    except ImportError:
        return RunLog(log_format)
    return ProgressLog(Console(stderr=True))


class ProgressLog(RunLog):
    """Shows how many shards are done as a bar, which goes when anything else is to be told."""

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        super().__init__("text")
        columns = (
            TextColumn("cleaning"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("shards"),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=console, transient=True)

    def show(self, name: str, message: str, level: Level, line: bytes, fields: Mapping[str, Value]) -> None:
        """Move the bar, or take it away and print."""
        if name == SHARD_DONE:
            self._move(fields)
            return
        self._progress.stop()
        super().show(name, message, level, line, fields)

    def _move(self, fields: Mapping[str, Any]) -> None:
        if not self._progress.tasks:
            self._progress.add_task("", total=fields["shards"])
        self._progress.start()
        self._progress.update(self._progress.task_ids[0], completed=fields["done"])
