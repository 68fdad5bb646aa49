"""From a reading to a claim: what a grammar of HTML says that it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import JSON
from pipeline.model import Claim, Page, Span, Status

FAMILY = "html"
ENCODED = "it is written with entities for its signs"
CUT_SHORT = "the page ends inside it"


@dataclass(frozen=True, slots=True)
class Found:
    """Mark-up that was read from its first byte to its last; ``why`` says what is not as a browser wants it."""

    span: Span
    value: JSON
    breaks: int = 0
    status: Status = "exact"
    why: str = ""


Reader: TypeAlias = Callable[[Page, int], Found | None]


@dataclass(frozen=True, slots=True)
class HtmlGrammar:
    """One kind of mark-up: its anchors, and the reader that proves what stands there."""

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
            family=FAMILY,
            rule=self.rule,
            status=found.status,
            reason=found.why,
            value=as_json(found.value),
            resume=found.span.stop,
            breaks=found.breaks,
        )
