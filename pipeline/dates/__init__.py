"""Timestamp lines: formats compiled once, names of months and weekdays from CLDR, zones with their history."""

from __future__ import annotations

from pipeline.dates.formats import Format, compile_format
from pipeline.dates.stamp import Order, Stamp, StampReader
from pipeline.dates.zones import Instant, instant

__all__ = ["Format", "Instant", "Order", "Stamp", "StampReader", "compile_format", "instant"]
