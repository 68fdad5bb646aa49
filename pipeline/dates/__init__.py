"""Timestamp lines and lead-ins: formats compiled once, names from CLDR, agencies, zones with their history."""

from __future__ import annotations

from pipeline.dates.formats import Format, compile_format
from pipeline.dates.leadin import LeadReader
from pipeline.dates.leadin_day import complete
from pipeline.dates.leadin_parts import LeadIn
from pipeline.dates.stamp import Order, Stamp, StampReader
from pipeline.dates.zones import Instant, instant

__all__ = [
    "Format",
    "Instant",
    "LeadIn",
    "LeadReader",
    "Order",
    "Stamp",
    "StampReader",
    "compile_format",
    "complete",
    "instant",
]
