"""One page that shows a snapshot to a person: offline, without script, bounded whatever the size of the corpus."""

from pipeline.report.page import CUTS, render, write

__all__ = ["CUTS", "render", "write"]
