"""Tags of template engines that nobody filled in: what stands between two of them is the page's own."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.families.code_quoting import code_quoted
from pipeline.families.template_tag import braces, pages
from pipeline.families.template_tag.claim import FAMILY, TemplateGrammar
from pipeline.model import Claim, Grammar, Page


class TemplateTag:
    """The family ``template_tag``: one grammar for each way of writing that engines share."""

    name = FAMILY
    grammars: tuple[Grammar, ...] = (
        TemplateGrammar("double_braces", (b"{{", b"{!!"), braces.read_value),
        TemplateGrammar("brace_percent", (b"{%", b"{#"), braces.read_statement),
        TemplateGrammar("smarty", braces.SMARTY_ANCHORS, braces.read_smarty),
        TemplateGrammar("dollar_braces", (b"${", b"#{"), braces.read_dollar),
        TemplateGrammar("modx", pages.MODX_ANCHORS, pages.read_modx),
        TemplateGrammar("angle_percent", (b"<%", b"&lt;%", b"[%"), pages.read_percent),
        TemplateGrammar("blade", pages.BLADE_ANCHORS, pages.read_blade),
        TemplateGrammar("merge", (b"*|", b"%%"), pages.read_merge),
    )

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        return code_quoted(page, claims, FAMILY)


TEMPLATE_TAG = TemplateTag()
