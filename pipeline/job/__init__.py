"""The main job: sources in, one snapshot out, or nothing at all."""

from __future__ import annotations

from pipeline.job.main import replay, run
from pipeline.job.options import Options, Outcome, RejectLimit

__all__ = ["Options", "Outcome", "RejectLimit", "replay", "run"]
