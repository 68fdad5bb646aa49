"""Values that PHP printed for a developer and that a visitor got to see, in every form PHP and its tools print them."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.families.php_dump import print_r, serialize, symfony, var_dump, var_export, var_export_tokens, xdebug
from pipeline.families.php_dump.bare import BareGrammar
from pipeline.families.php_dump.claim import DumpGrammar
from pipeline.families.quoting import quoted
from pipeline.model import Claim, Grammar, Page

VALUES = (
    DumpGrammar("debug_zval_dump", var_dump.ANCHORS, var_dump.read_debug_zval_dump, ends_line=True),
    DumpGrammar("var_dump", var_dump.ANCHORS, var_dump.read_var_dump, ends_line=True),
)


class PhpDump:
    """The family ``php_dump``: one grammar a form of output, told apart by the heads a dumped value begins with."""

    name = "php_dump"
    grammars: tuple[Grammar, ...] = (
        DumpGrammar("xdebug", xdebug.ANCHORS, xdebug.read_xdebug, bounded=False),
        DumpGrammar("symfony", symfony.ANCHORS, symfony.read_symfony, bounded=False),
        *VALUES,
        BareGrammar(VALUES),
        DumpGrammar("print_r", print_r.ANCHORS, print_r.read_print_r, bounded=False),
        DumpGrammar(
            "var_export",
            var_export.ANCHORS,
            var_export.read_var_export,
            bounded=False,
            unescaped=var_export_tokens.unescaped,
        ),
        DumpGrammar("serialize", serialize.ANCHORS, serialize.read_serialize, bounded=False),
    )

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        return quoted(page, claims)


PHP_DUMP = PhpDump()
