"""What a run tells those who watch over it: that it began, and how it ended, whichever way that was.

Each watcher is an extra of its own. Its package is imported when it is asked for, before anything is begun.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from pipeline.errors import UsageError

Ending = Literal["committed", "unchanged", "dry_run", "staged", "failed", "interrupted"]


@dataclass(frozen=True, slots=True)
class Start:
    """A run that begins: its sources as they were given, and its output folder or address."""

    run_id: str
    at: datetime
    sources: Sequence[str]
    out: Path | str


@dataclass(frozen=True, slots=True)
class End:
    """How a run ended.

    Attributes:
        start: How it began.
        at: When it ended.
        ending: ``failed`` and ``interrupted`` runs committed nothing.
        exit_code: As the command gives it, but for ``--empty-exit-code``.
        seconds: What each step took, of those that were begun.
        counts: As in the manifest; None when it ended before they were known.
        error: Why it failed.
    """

    start: Start
    at: datetime
    ending: Ending
    exit_code: int
    seconds: Mapping[str, float]
    counts: Mapping[str, Any] | None = None
    error: str | None = None


class Watcher(Protocol):
    """Told of one run after another. An ``OSError`` of it becomes a warning: to be watched changes no run."""

    def started(self, start: Start) -> None:
        """Take note that a run began."""

    def ended(self, end: End) -> None:
        """Take note of how it ended."""


def missing(option: str, extra: str) -> UsageError:
    """Return the error of an option whose package is not installed.

    >>> print(missing("--metrics", "metrics"))
    --metrics needs the extra 'metrics', which is not installed: pip install 'descrape[metrics]'
    """
    return UsageError(f"{option} needs the extra {extra!r}, which is not installed: pip install 'descrape[{extra}]'")
