"""Timestamp lines and lead-ins in any language and calendar, zones, and what a corpus tells of its sources."""

from __future__ import annotations

from pipeline.dates.formats import Format, compile_format
from pipeline.dates.leadin import LeadReader
from pipeline.dates.leadin_day import complete
from pipeline.dates.leadin_parts import LeadIn
from pipeline.dates.reader import Found
from pipeline.dates.reading import Kind, Order, Stamp
from pipeline.dates.stamp import StampReader
from pipeline.dates.zones import Instant, instant

__all__ = [
    "Format",
    "Found",
    "Instant",
    "Kind",
    "LeadIn",
    "LeadReader",
    "Order",
    "Stamp",
    "StampReader",
    "compile_format",
    "complete",
    "instant",
]
