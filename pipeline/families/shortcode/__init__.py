"""Shortcodes that an editor's plugin should have replaced: their tags are cut, and the prose in pairs of them stays."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.families.code_quoting import code_quoted
from pipeline.families.shortcode import names
from pipeline.families.shortcode.reading import FAMILY, ShortcodeGrammar
from pipeline.model import Claim, Grammar, Page


class Shortcode:
    """The family ``shortcode``: one grammar for each vendor's names, and one for names that nobody knows."""

    name = FAMILY
    grammars: tuple[Grammar, ...] = (
        ShortcodeGrammar("visual_composer", names.anchors(names.VISUAL_COMPOSER), names.VISUAL_COMPOSER),
        ShortcodeGrammar("divi", names.anchors(names.DIVI), names.DIVI),
        ShortcodeGrammar("wordpress", names.anchors(names.WORDPRESS), names.WORDPRESS),
        ShortcodeGrammar("other", names.UNKNOWN_ANCHORS, None),
    )

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        return code_quoted(page, claims, FAMILY)


SHORTCODE = Shortcode()
