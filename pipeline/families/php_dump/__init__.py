"""Values that PHP printed for a developer and that a visitor got to see, in every form PHP and its tools print them."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.families.php_dump.claim import DumpGrammar
from pipeline.families.php_dump.var_dump import read_var_dump
from pipeline.families.quoting import quoted
from pipeline.model import Claim, Grammar, Page


class PhpDump:
    """The family ``php_dump``: one grammar a form of output, told apart by the heads a dumped value begins with."""

    name = "php_dump"
    grammars: tuple[Grammar, ...] = (DumpGrammar("var_dump", (b"string(", b"array(", b"object("), read_var_dump),)

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        return quoted(page, claims)


PHP_DUMP = PhpDump()
