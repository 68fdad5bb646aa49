"""Metrics of the last run in the text format of Prometheus, for the textfile collector of its node exporter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.telemetry import End, Start, missing

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

TABLES = ("inputs", "articles", "related_items")
GROUPS = {
    "artifacts": ("status", "artifacts_by_status"),
    "artifacts_by_family": ("family", "artifacts_by_family"),
    "rejects": ("code", "rejects_by_code"),
    "datelines": ("status", "datelines_by_status"),
    "warnings": ("code", "warnings_by_code"),
}
"""Metrics with a label of their own: the label, and the group of the counts that it names."""


class Metrics:
    """Writes a file anew at the end of each run, in one step, so that no collector reads half of one.

    Raises:
        UsageError: The package of the extra is not installed.
    """

    def __init__(self, file: Path) -> None:
        try:
            import prometheus_client
        except ImportError:
            raise missing("--metrics", "metrics") from None
        self._client = prometheus_client
        self._file = file

    def started(self, start: Start) -> None:
        """Write nothing: a textfile holds what is known of a run that ended."""

    def ended(self, end: End) -> None:
        """Write what is known of the run."""
        registry = self._client.CollectorRegistry()
        out = str(end.start.out)
        self._set(registry, "last_run_timestamp_seconds", "When the last run ended.", out, end.at.timestamp())
        took = (end.at - end.start.at).total_seconds()
        self._set(registry, "last_run_duration_seconds", "How long the last run took.", out, took)
        self._set(registry, "last_run_exit_code", "Exit code of the last run.", out, end.exit_code)
        committed = end.ending == "committed"
        self._set(registry, "last_run_committed", "Whether the last run made a snapshot.", out, committed)
        self._each(registry, "last_run_step_seconds", "How long each step took.", (out, "step"), end.seconds)
        counts = end.counts
        if counts is not None:
            for name in TABLES:
                self._set(
                    registry, name, f"How many {name.replace('_', ' ')} the tables account for.", out, counts[name]
                )
            for name, (label, group) in GROUPS.items():
                text = f"How many {name.partition('_')[0]} the tables account for, by {label}."
                self._each(registry, name, text, (out, label), counts.get(group, {}))
        self._client.write_to_textfile(str(self._file), registry)

    def _set(self, registry: CollectorRegistry, name: str, text: str, out: str, value: float) -> None:
        self._client.Gauge(f"descrape_{name}", text, ["output"], registry=registry).labels(out).set(value)

    def _each(
        self, registry: CollectorRegistry, name: str, text: str, labels: Sequence[str], values: Mapping[str, Any]
    ) -> None:
        out, label = labels
        gauge = self._client.Gauge(f"descrape_{name}", text, ["output", label], registry=registry)
        for of, value in values.items():
            gauge.labels(out, of).set(value)
