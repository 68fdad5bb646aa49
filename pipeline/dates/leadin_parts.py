"""What a lead-in holds, and what the readers of all scripts share."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.dates.leadin_day import PrintedDay

BRACKETED = r"[^()\[\]\n]{2,40}"
"""What may stand in brackets: an agency, a country."""
LINE_END = r"(?=[ \t]{0,9}(?:\n|\Z))"


class LeadIn(NamedTuple):
    """What stands before the first sentence, as printed; a line break inside a name is a blank here.

    ``stop`` is the character after the last one of the lead-in.
    """

    stop: int
    place: str | None = None
    region: str | None = None
    agency: str | None = None
    day: PrintedDay | None = None


def one_line(text: str | None) -> str | None:
    """Return a name without line breaks; None for nothing."""
    return " ".join(text.split()) or None if text else None


def goes_on(text: str, stop: int) -> bool:
    """Whether a sentence may begin behind ``stop``: there is no small letter there.

    >>> goes_on("PARIS — Rain fell.", 7), goes_on("PARIS — the city of light", 7)
    (True, False)
    """
    return not text[stop : stop + 9].lstrip()[:1].islower()
