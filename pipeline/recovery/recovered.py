"""What became of a text that was meant to be JSON."""

from __future__ import annotations

from typing import Any, NamedTuple

from pipeline.model import Recovery


class Recovered(NamedTuple):
    """JSON with the proof of it, or why there is none.

    Attributes:
        recovery: The rung of the ladder that held.
        octets: The document as JSON text that a strict decoder accepts, in UTF-8; None when it was rejected.
        data: The same, decoded.
        suspect: Not every value could be proven.
        expected: Items that were begun; None where the document is no list of items, or every item is there.
        found: Items that are complete; None likewise.
        reason: What was done to the text, or why it was rejected; empty for a strict document.
        code: Stable code of a rejection; empty otherwise.
        offset: Where a rejected text stops to be JSON, in bytes from its start.
    """

    recovery: Recovery
    octets: bytes | None = None
    data: Any = None
    suspect: bool = False
    expected: int | None = None
    found: int | None = None
    reason: str = ""
    code: str = ""
    offset: int | None = None

    @property
    def json(self) -> str | None:
        """The document as text."""
        return self.octets.decode() if self.octets is not None else None
