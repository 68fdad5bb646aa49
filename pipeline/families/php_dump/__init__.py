"""Values that PHP printed for a developer and that a visitor got to see: the output of ``var_dump``."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.families.php_dump.claim import read
from pipeline.families.php_dump.quoted import quoted
from pipeline.model import Claim, Page


class PhpDump:
    """The family ``php_dump``; anchors are the heads a dumped value can begin with."""

    name = "php_dump"
    anchors: tuple[bytes, ...] = (b"string(", b"array(", b"object(")

    def read(self, page: Page, at: int) -> Claim | None:
        """Return the claim of the dump whose head begins at ``at``; None when no head stands there."""
        return read(page, at)

    def quoted(self, page: Page, claims: Sequence[Claim]) -> str | None:
        """Return why the page shows its dumps on purpose, or None."""
        return quoted(page.raw, claims)


PHP_DUMP = PhpDump()
