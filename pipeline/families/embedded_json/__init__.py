"""JSON that a page was to load and that was scraped as its text: lists of items, JSON-LD, scripts and callbacks."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.families import mentions
from pipeline.families.embedded_json.grammars import (
    JSON_LD_HEADS,
    LAID_OUT_HEADS,
    read_bare,
    read_call,
    read_json_ld,
    read_script,
)
from pipeline.families.embedded_json.proof import JsonGrammar
from pipeline.families.embedded_json.quoted import quoted
from pipeline.model import Claim, Grammar, Page


class EmbeddedJson:
    """The family ``embedded_json``: one grammar for each way JSON gets into the text of a page."""

    name = "embedded_json"
    grammars: tuple[Grammar, ...] = (
        JsonGrammar("json_ld", (b"<script", *JSON_LD_HEADS), read_json_ld),
        JsonGrammar("script_json", (b"<script", b"= [", b"=[", b"= {", b"={"), read_script),
        JsonGrammar("jsonp", (b'([{"', b'({"'), read_call),
        JsonGrammar("json", (b'[{"', b'{"', *LAID_OUT_HEADS), read_bare),
    )

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        if why := quoted(page.raw, claims):
            return [why] * len(claims)
        return [
            mentions.WHY if claim.family == self.name and mentions.mentioned(page.raw, claim.span, self.name) else ""
            for claim in claims
        ]


EMBEDDED_JSON = EmbeddedJson()
