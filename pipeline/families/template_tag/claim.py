"""From a reading to a claim: what a grammar of template tags says that it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import from_bytes
from pipeline.model import Claim, Page, Span, Status

FAMILY = "template_tag"


@dataclass(frozen=True, slots=True)
class Found:
    """A tag that was read from its first byte to its last, and what stands in it."""

    span: Span
    inside: bytes
    status: Status = "exact"
    why: str = ""


Reader: TypeAlias = Callable[[Page, int], Found | None]


@dataclass(frozen=True, slots=True)
class TemplateGrammar:
    """One way of writing template tags: its anchors, and the reader that proves what stands there."""

    rule: str
    anchors: tuple[bytes, ...]
    reader: Reader

    def read(self, page: Page, at: int) -> Claim | None:
        """Return the claim of the tag that begins at ``at``; None when there is none."""
        found = self.reader(page, at)
        if found is None:
            return None
        value = as_json({"code": from_bytes(found.inside.strip().strip(b"-~").strip())})
        return Claim(
            found.span, FAMILY, self.rule, found.status, found.why, value=value, resume=found.span.stop, breaks=0
        )
