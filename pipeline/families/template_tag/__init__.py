"""Tags of template engines that nobody filled in: what stands between two of them is the page's own.

One word in braces is what people write as well: ``{{who}}`` marks a doubt in a wiki. In the midst of a sentence it is
cut only where another tag on the page has what no person writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.families.code_quoting import code_quoted
from pipeline.families.mark_up import MarkUpGrammar
from pipeline.families.sentences import ends_sentence, holds_words
from pipeline.families.template_tag import braces, pages
from pipeline.model import Claim, Grammar, Page
from pipeline.patterns import lazy_compile

FAMILY = "template_tag"
IN_A_SENTENCE = "it is one word in a sentence, and nothing else on the page is of a template"
_ONE_WORD = lazy_compile(rb"(?:\{\{(?!\{)|[$#]\{)[ \t]{0,8}(?:[a-z]{1,60}|[A-Z][a-z]{0,60})[ \t]{0,8}\}{1,2}")


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
        reasons = code_quoted(page, claims, FAMILY)
        leaks = [
            not why and claim.family == FAMILY and claim.is_cut for claim, why in zip(claims, reasons, strict=True)
        ]
        words = [
            leak and _ONE_WORD.fullmatch(page.raw, *claim.span) is not None
            for claim, leak in zip(claims, leaks, strict=True)
        ]
        if not any(words) or leaks != words:
            return reasons
        told = zip(reasons, words, _in_sentences(page.raw, claims), strict=True)
        return [IN_A_SENTENCE if is_word and is_within else why for why, is_word, is_within in told]


def _in_sentences(raw: bytes, claims: Sequence[Claim]) -> Iterator[bool]:
    """Yield for each claim whether words of prose stand on its line; each line is looked at once."""
    stop, is_prose = -1, False
    for claim in claims:
        if claim.span.stop > stop:
            start = raw.rfind(b"\n", 0, claim.span.start) + 1
            found = raw.find(b"\n", claim.span.stop)
            stop = len(raw) if found < 0 else found
            is_prose = ends_sentence(raw, start, stop) or holds_words(raw, start, stop)
        yield is_prose


TEMPLATE_TAG = TemplateTag()
