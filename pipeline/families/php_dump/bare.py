"""Values that are one token and stand alone, such as ``int(11)``: leaks where another dumped value stands beside them.

A page about numbers may say ``int(11)`` in its prose, so nothing is proven by such a token. But PHP prints one value
after another. Where only white space parts it from an array, an object or a string, it was dumped with it; and two such
tokens in a row, each on a line of its own, are no prose either.
"""

from __future__ import annotations

from msgspec import Struct

from pipeline.families.php_dump import tokens
from pipeline.families.php_dump.claim import (
    BESIDE,
    DumpGrammar,
    Proven,
    as_json,
    goes_on_word,
    is_member,
    with_line_break,
)
from pipeline.families.php_dump.scalars import Scalar, read_scalar
from pipeline.model import Claim, Page, Span
from pipeline.patterns import lazy_compile

ANCHORS = (b"int(", b"NULL", b"bool(", b"float(", b"enum(", b"resource(", b"long(", b"double(")
TOGETHER = "proven by the values beside it, each on a line of its own"
ALONE_FEWEST = 2
"""So many values, each on a line of its own, prove one another."""
INDENT_LONGEST = 64
LINE_ENDS = (b"", b"\n", b"\r")
AFTER = lazy_compile(tokens.AFTER_STRING)
AFTER_NULL = lazy_compile(rb"[ \t]{0,64}+(?:[\r\n]|\Z|<|%b)" % tokens.ROOT_HEAD)
"""NULL is also a word, so it must end its line, or another value must follow."""


class BareGrammar(Struct, frozen=True):
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
        if scalar is None or is_member(raw, at):
            return None
        proven = page.once(Proven)
        reason = proven.reason if proven.ends_before(at) else self._proven_behind(page, proven, at, scalar.stop)
        if not reason:
            return None
        stop = with_line_break(raw, scalar.stop)
        proven.stop, proven.reason = stop, reason
        return proven.doubted(
            Claim(
                span=Span(at, stop),
                family="php_dump",
                rule=self.rule,
                status="exact" if scalar.as_printed and stop == scalar.stop else "repaired",
                reason=reason,
                value=as_json(scalar.value),
                resume=stop,
            )
        )

    @staticmethod
    def _scalar(raw: bytes, at: int) -> Scalar | None:
        scalar = None if goes_on_word(raw, at) else read_scalar(raw, at)
        if scalar is None:
            return None
        after = AFTER_NULL if scalar.value is None else AFTER
        return scalar if after.match(raw, scalar.stop) else None

    def _proven_behind(self, page: Page, proven: Proven, at: int, stop: int) -> str:
        """Return why the values from here on are a dump, or nothing; each run of them is looked at once."""
        if at < proven.looked_to:
            return proven.looked_well
        alone = 0
        place: int | None = stop
        while place is not None:
            alone += stands_alone(page.raw, at, place)
            stop = place
            white = tokens.SPACE.match(page.raw, stop)
            stop = white.end() if white else stop
            scalar = self._scalar(page.raw, stop)
            at, place = stop, scalar.stop if scalar else None
        # What a grammar has read in vain it does not read again, so nothing in there proves anything.
        readers = [grammar for grammar in self.beside if stop >= proven.refused.get(grammar.rule, 0)]
        claims = [claim for grammar in readers if (claim := grammar.read(page, stop))]
        beside = any(_proves(claim) and claim.span.start == stop for claim in claims)
        proven.looked_well = BESIDE if beside else TOGETHER if alone >= ALONE_FEWEST else ""
        proven.looked_to = max([stop, *(claim.resume for claim in claims if not claim.is_cut)])
        return proven.looked_well


def stands_alone(raw: bytes, start: int, stop: int) -> bool:
    """Whether a value is all that stands on its line, and more than the word ``NULL``."""
    before = raw[max(0, start - INDENT_LONGEST) : start].rstrip(b" \t")
    behind = raw[stop : stop + INDENT_LONGEST].lstrip(b" \t")
    return before[-1:] in LINE_ENDS and behind[:1] in LINE_ENDS and not raw.startswith(b"NULL", start)


def _proves(claim: Claim) -> bool:
    return claim.is_cut and claim.status != "truncated"
