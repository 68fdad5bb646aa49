"""From a reading to a claim, for mark-up: tags of HTML and of template engines, whose content stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import JSON
from pipeline.model import Claim, Page, Span, Status

ENCODED = "it is written with entities for its signs"
CUT_SHORT = "the page ends inside it"


class Found(NamedTuple):
    """Mark-up that was read from its first byte to its last.

    Attributes:
        span: Where it stands.
        value: What it says.
        breaks: Line breaks that a reader sees in its place.
        status: How sure it is.
        why: What is not as it ought to be.
    """

    span: Span
    value: JSON
    breaks: int = 0
    status: Status = "exact"
    why: str = ""


Reader: TypeAlias = Callable[[Page, int], Found | None]


class MarkUpGrammar(Struct, frozen=True):
    """One kind of mark-up: its anchors, and the reader that proves what stands there."""

    family: str
    rule: str
    anchors: tuple[bytes, ...]
    reader: Reader

    def read(self, page: Page, at: int) -> Claim | None:
        """Return the claim of the mark-up that begins at ``at``; None when there is none."""
        found = self.reader(page, at)
        if found is None:
            return None
        return Claim(
            span=found.span,
            family=self.family,
            rule=self.rule,
            status=found.status,
            reason=found.why,
            value=as_json(found.value),
            resume=found.span.stop,
            breaks=found.breaks,
        )
