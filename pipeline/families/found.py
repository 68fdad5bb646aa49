"""Leaks that are found in one pass over a page, whatever anchor led there, and that say so for each anchor."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TypeAlias

from msgspec import Struct

from pipeline.model import Claim, Page, Span
from pipeline.patterns import lazy_compile

Finder: TypeAlias = Callable[[bytes], Sequence[Claim]]
"""Returns the claims of a page in order of position, none inside another."""

SENTENCE_BEFORE = lazy_compile(
    rb"(?r)(?:(?:[.!?:;>}\])\"'|]|\xe2\x80[\x99\x9d\xa6])[ \t]{0,40}|(?:\A|[\r\n])[ \t]{0,64})"
)
"""The end of a sentence or of a tag, or nothing on the line: what stands before a text that no sentence leads to.

It is matched backward.
"""
LOOKALIKE_LONGEST = 240
"""How many bytes of a look-alike ``artifacts.raw`` shows at most: enough for a person to judge it."""


class FoundGrammar(Struct, frozen=True):
    """A form of leak that is found from its own head, since its anchors may stand anywhere in it.

    Attributes:
        rule: Name in the ``rule`` column.
        anchors: Literals one of which stands in every leak of this form.
        find: Finds every leak of the family on a page; it is called once a page, and only if an anchor stands there.
    """

    rule: str
    anchors: tuple[bytes, ...]
    find: Finder

    def read(self, page: Page, at: int) -> Claim | None:
        """Return the claim that covers ``at``; None when it is of another form or none does."""
        claims = page.once(self.find)
        place = bisect_right(claims, at, key=lambda claim: claim.span.start) - 1
        claim = claims[place] if place >= 0 else None
        return claim if claim and claim.rule == self.rule and at < claim.span.stop else None


def lookalike(raw: bytes, start: int, family: str, rule: str, why: str) -> Claim:
    r"""Return the claim of what is left in the text: the rest of its line, or as much of it as a person needs.

    >>> lookalike(b"a quay\nb", 2, "script", "statements", "it is none").span
    Span(start=2, stop=6)
    """
    limit = min(start + LOOKALIKE_LONGEST, len(raw))
    line_stop = raw.find(b"\n", start, limit)
    stop = start + len(raw[start : line_stop if line_stop >= 0 else limit].rstrip())
    stop = max(stop, start + 1)
    return Claim(Span(start, stop), family, rule, "kept", why, resume=stop)


def is_of_var_dumper(raw: bytes, start: int, stop: int) -> bool:
    """Whether a script or style sheet is the one that Symfony prints before a dump, and so belongs to the dump.

    >>> is_of_var_dumper(b"<style>pre.sf-dump{}</style><pre class=sf-dump>", 7, 28)
    True
    """
    names_it = raw.find(b"sf-dump", start, stop) >= 0 or raw.find(b"Sfdump", start, stop) >= 0
    return names_it and raw.startswith((b"<pre class=sf-dump", b"<style", b"<script"), stop)


def begins_freely(raw: bytes, at: int) -> bool:
    """Whether what begins at a byte goes on no sentence.

    >>> begins_freely(b"Rain fell. At nine", 11), begins_freely(b"Rain fell at nine", 10)
    (True, False)
    """
    return SENTENCE_BEFORE.match(raw, max(0, at - 80), at) is not None
