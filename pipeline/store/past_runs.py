"""What an output remembers of the runs that made it, and of those that came to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from pipeline.log import REPORT
from pipeline.store.bucket import Bucket
from pipeline.store.commit import RUNS


class RunReport(Struct, frozen=True):
    """What the report of a run says, as far as every run has it.

    Attributes:
        run_id: Name of the run.
        status: ``committed``, ``unchanged``, ``staged``, ``failed`` or ``interrupted``.
        exit_code: With which it ended.
        started_at: UTC.
        finished_at: UTC.
        version: The snapshot that was current behind it; None when it came to nothing.
        counts: As in the manifest; None when it came to nothing.
        error: Why it failed.
    """

    run_id: str
    status: str
    exit_code: int
    started_at: str
    finished_at: str
    version: str | None = None
    counts: dict[str, Any] | None = None
    error: str | None = None


def past_runs(out: Path | str, most: int | None = None) -> list[RunReport]:
    """Return the reports of the runs of an output, newest first; of a run that was killed there is none.

    Args:
        out: The output folder, or its address on S3.
        most: How many at most; None for all.

    Raises:
        DescrapeError: A request failed each time.
    """
    reports: list[RunReport] = []
    last = ""
    for second, raw in _on_s3(Bucket(out)) if isinstance(out, str) else _in_folder(out):
        if most is not None and len(reports) >= most and second != last:
            break  # but not among the runs of one second, whose names do not tell their order
        try:
            reports.append(msgspec.json.decode(raw, type=RunReport))
        except msgspec.DecodeError:
            continue  # half of one, of a disk that was full
        last = second
    return sorted(reports, key=lambda report: report.started_at, reverse=True)[:most]


def _in_folder(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the second that each run began in, and its report."""
    for path in sorted((root / RUNS).glob(f"*/{REPORT}"), reverse=True):
        yield path.parent.name.partition("-")[0], path.read_bytes()


def _on_s3(bucket: Bucket) -> Iterator[tuple[str, bytes]]:
    for key in sorted((key for key in bucket.sizes(RUNS) if key.endswith(f"/{REPORT}")), reverse=True):
        content = bucket.get(key)
        if content is not None:
            yield key.split("/")[1].partition("-")[0], content.raw
