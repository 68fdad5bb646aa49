"""Values that are one token and stand alone, such as ``int(11)``: leaks where a dump that is proven stands beside them.

A page about numbers may say ``int(11)`` in its prose, so nothing is proven by such a token. But PHP prints one value
after another, and where only white space parts it from an array, an object or a string, it was dumped with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from pipeline.families.php_dump import tokens
from pipeline.families.php_dump.claim import MEMBER_BEFORE, MEMBER_BEFORE_LONGEST, WORD, DumpGrammar, Proven, as_json
from pipeline.families.php_dump.scalars import Scalar, read_scalar
from pipeline.model import Claim, Page, Span

ANCHORS = (b"int(", b"NULL", b"bool(", b"float(", b"enum(", b"resource(", b"long(", b"double(")
BESIDE = "proven by the value beside it"
AFTER = regex.compile(tokens.AFTER_STRING)
AFTER_NULL = regex.compile(rb"[ \t]{0,64}+(?:[\r\n]|\Z|<|%b)" % tokens.ROOT_HEAD)
"""NULL is also a word, so it must end its line, or another value must follow."""


@dataclass(frozen=True, slots=True)
class BareGrammar:
    """Values of one token beside dumps.

    Attributes:
        beside: The grammars of the dumps that prove them.
    """

    beside: tuple[DumpGrammar, ...]
    rule: str = "var_dump"
    anchors: tuple[bytes, ...] = ANCHORS

    def read(self, page: Page, at: int) -> Claim | None:
        """Return the claim of the value at ``at`` when a dump beside it proves it; else None."""
        raw = page.raw
        scalar = self._scalar(raw, at)
        if scalar is None or MEMBER_BEFORE.search(raw, max(0, at - MEMBER_BEFORE_LONGEST), at):
            return None
        proven = page.once(Proven)
        if not proven.ends_before(at) and not self._proven_behind(page, proven, at, scalar.stop):
            return None
        proven.stop = scalar.stop
        return Claim(
            span=Span(at, scalar.stop),
            family="php_dump",
            rule=self.rule,
            status="exact" if scalar.as_printed else "repaired",
            reason=BESIDE,
            value=as_json(scalar.value),
            resume=scalar.stop,
        )

    @staticmethod
    def _scalar(raw: bytes, at: int) -> Scalar | None:
        scalar = None if WORD.match(raw, at) else read_scalar(raw, at)
        if scalar is None:
            return None
        after = AFTER_NULL if scalar.value is None else AFTER
        return scalar if after.match(raw, scalar.stop) else None

    def _proven_behind(self, page: Page, proven: Proven, at: int, stop: int) -> bool:
        """Whether nothing but such values stands between here and a dump; each run of them is looked at once."""
        if at < proven.looked_to:
            return proven.looked_well
        place: int | None = stop
        while place is not None:
            stop = place
            white = tokens.SPACE.match(page.raw, stop)
            stop = white.end() if white else stop
            scalar = self._scalar(page.raw, stop)
            place = scalar.stop if scalar else None
        claims = [claim for grammar in self.beside if (claim := grammar.read(page, stop))]
        proven.looked_well = any(_proves(claim) and claim.span.start == stop for claim in claims)
        proven.looked_to = max([stop, *(claim.resume for claim in claims if not claim.is_cut)])
        return proven.looked_well


def _proves(claim: Claim) -> bool:
    return claim.is_cut and claim.status != "truncated"
