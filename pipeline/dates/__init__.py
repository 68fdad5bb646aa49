"""Timestamp lines in any language and calendar, zones with their history, and what a corpus tells of its sources."""

from __future__ import annotations

from pipeline.dates.formats import Format, compile_format
from pipeline.dates.reader import Found
from pipeline.dates.reading import Kind, Order, Stamp
from pipeline.dates.stamp import StampReader
from pipeline.dates.zones import Instant, instant

__all__ = ["Format", "Found", "Instant", "Kind", "Order", "Stamp", "StampReader", "compile_format", "instant"]
