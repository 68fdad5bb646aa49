"""Tags of template engines that nobody filled in: what stands between two of them is the page's own."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.families.code_quoting import code_quoted
from pipeline.families.mark_up import MarkUpGrammar
from pipeline.families.template_tag import braces, pages
from pipeline.model import Claim, Grammar, Page

FAMILY = "template_tag"


class TemplateTag:
    """The family ``template_tag``: one grammar for each way of writing that engines share."""

    name = FAMILY
    grammars: tuple[Grammar, ...] = (
        MarkUpGrammar(FAMILY, "double_braces", (b"{{", b"{!!"), braces.read_value),
        MarkUpGrammar(FAMILY, "brace_percent", (b"{%", b"{#"), braces.read_statement),
        MarkUpGrammar(FAMILY, "smarty", braces.SMARTY_ANCHORS, braces.read_smarty),
        MarkUpGrammar(FAMILY, "dollar_braces", (b"${", b"#{"), braces.read_dollar),
        MarkUpGrammar(FAMILY, "modx", pages.MODX_ANCHORS, pages.read_modx),
        MarkUpGrammar(FAMILY, "angle_percent", (b"<%", b"&lt;%", b"[%"), pages.read_percent),
        MarkUpGrammar(FAMILY, "blade", pages.BLADE_ANCHORS, pages.read_blade),
        MarkUpGrammar(FAMILY, "merge", (b"*|", b"%%"), pages.read_merge),
    )

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        return code_quoted(page, claims, FAMILY)


TEMPLATE_TAG = TemplateTag()
