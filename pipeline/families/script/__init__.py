"""Scripts that a page was to run and that were scraped as its text: analytics, advertisements, loaders, state."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.families.found import FoundGrammar
from pipeline.families.script.runs import FAMILY, scripts
from pipeline.families.shown import shown_beside_code
from pipeline.model import Claim, Grammar, Page


class Script:
    """The family ``script``: elements with their tags, and statements whose tags are gone."""

    name = FAMILY
    grammars: tuple[Grammar, ...] = (
        FoundGrammar("element", (b"<script", b"<SCRIPT"), scripts),
        FoundGrammar(
            "statements",
            (
                *(b");", b"};", b"];", b"';", b'";', b"){", b") {", b";}", b"})", b"])", b"(function"),
                *(b"= ", b"=[", b"={", b"||", b"window.", b".write(", b".push("),
            ),
            scripts,
        ),
    )

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        return shown_beside_code(page, claims)


SCRIPT = Script()
