"""A day above the prose that may be the heading of its first paragraph, as days are in a timeline."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from pipeline.dates import StampReader
from pipeline.dates.reading import LONGEST
from pipeline.model import Dateline
from pipeline.patterns import lazy_compile

WARNING = "dateline_among_headings"
"""Says that other days stand on lines of their own in the prose: the first may be a heading like them."""
_HEADED = lazy_compile(r"(?P<day>(?=\P{Nd}{0,30}\p{Nd})[^:\n]{4,40}?)(?:\s?:\s|\s[-–—]{1,2}\s)(?=\S)")
"""A day that a line of a timeline begins with: `4 June 1917: They are driven back.`"""
MOST_LINES = 400
"""Lines of the prose that are looked at."""


def weighed(dateline: Dateline, body: str, reader: StampReader) -> Dateline:
    r"""Return a dateline without its day when the prose has lines that are another day, or begin with one.

    A time of day is printed above no paragraph of a timeline, and proves a dateline.

    >>> from datetime import datetime
    >>> day = Dateline("exact", datetime(1945, 5, 3), "day")
    >>> weighed(day, "It rained.\n\n8 May 1945\n\nIt rained again.", StampReader()).warnings
    ('dateline_among_headings',)
    """
    if dateline.published_local is None or dateline.precision != "day":
        return dateline
    for stamp_day in _days(body, reader):
        if stamp_day != dateline.published_local:
            return replace(dateline, status="ambiguous", published_local=None, warnings=(*dateline.warnings, WARNING))
    return dateline


def _days(body: str, reader: StampReader) -> Iterator[object]:
    for number, line in enumerate(body.split("\n", MOST_LINES)[:MOST_LINES]):
        # The first paragraph may begin with the day of its lead-in.
        headed = _HEADED.match(line) if number else None
        if headed or len(line) <= LONGEST:
            told = reader.read_all(headed["day"] if headed else line)
            yield from (stamp.local for stamp in told if stamp.precision == "day" and stamp.local)
