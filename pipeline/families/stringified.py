"""What a program prints in place of a value that it cannot print, when that has a line to itself."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.families.found import FoundGrammar
from pipeline.families.shown import shown
from pipeline.model import Claim, Grammar, Page, Span
from pipeline.patterns import lazy_compile

FAMILY = "stringified"
_OBJECT = rb"\[object [A-Z][A-Za-z]{2,40}\]"
_LINE = lazy_compile(
    rb"(?m:^)[ \t]{0,64}(?P<text>" + _OBJECT + rb"(?:[,; ]{0,3}" + _OBJECT + rb"){0,200}+|undefined"
    rb"|NaN)[ \t]{0,64}(?=[\r\n]|\Z)"
    rb"|>(?P<text>" + _OBJECT + rb")(?=<)"
)  # fmt: skip


def stringified(raw: bytes) -> tuple[Claim, ...]:
    r"""Return such values in order of position.

    >>> [claim.span for claim in stringified(b"Rain fell.\n[object Object]\n")]
    [Span(start=11, stop=26)]
    """
    return tuple(
        Claim(Span(*found.span("text")), FAMILY, "javascript", "exact", resume=found.end("text"))
        for found in _LINE.finditer(raw)
    )


class Stringified:
    """The family ``stringified``: objects, ``undefined`` and ``NaN`` of JavaScript."""

    name = FAMILY
    grammars: tuple[Grammar, ...] = (FoundGrammar("javascript", (b"[object ", b"undefined", b"NaN"), stringified),)

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim why the page shows it as its content; an empty string for a leak."""
        return shown(page, claims)


STRINGIFIED = Stringified()
