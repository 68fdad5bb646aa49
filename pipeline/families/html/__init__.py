"""Remains of HTML in a text: tags, comments, declarations, and tags that were written as entities."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.families.code_quoting import code_quoted
from pipeline.families.html import comments, tags
from pipeline.families.html.pairs import with_pairs
from pipeline.families.html.symbols import symbols
from pipeline.families.mark_up import MarkUpGrammar
from pipeline.model import Claim, Grammar, Page

FAMILY = "html"


class Html:
    """The family ``html``. Elements keep what stands between their tags; a comment goes with what is in it.

    It stands behind every other family: a form that has tags of its own is read before they are.
    """

    name = FAMILY
    grammars: tuple[Grammar, ...] = (
        MarkUpGrammar(FAMILY, "comment", (b"<!-", b"&lt;!-", b"<![", b"&lt;!["), comments.read_comment),
        MarkUpGrammar(FAMILY, "declaration", (b"<!", b"&lt;!", b"<?", b"&lt;?", b"]]>"), comments.read_declaration),
        MarkUpGrammar(FAMILY, "tag", tags.ANCHORS, tags.read_tag),
        MarkUpGrammar(FAMILY, "encoded_tag", tags.ENCODED_ANCHORS, tags.read_encoded_tag),
    )

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        shown = code_quoted(page, claims, FAMILY)
        reasons = [why or symbol for why, symbol in zip(shown, symbols(page, claims), strict=True)]
        return with_pairs(page, claims, reasons)


HTML = Html()
