"""Does a page show code and what programs print because it is about them?

What :mod:`pipeline.families.quoting` weighs was made for the output of PHP. Here the marks of a text about programs in
any other language are added: terms of the trade, fences around code, and words that announce code.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from pipeline.families import mentions
from pipeline.families import shown_signs as signs
from pipeline.families.closing_marks import closes
from pipeline.families.quoting import BEFORE_LONGEST, quoted
from pipeline.families.quoting_signs import FAMILIES_OF_CODE, kinds_in
from pipeline.families.vocabulary import text_of
from pipeline.model import Claim, Page

TERMS_FEWEST = 3
"""How many different terms make a page one about code."""


def shown(page: Page, claims: Sequence[Claim]) -> list[str]:
    r"""Return for each claim of a page why it is the page's content; an empty string for a leak.

    Args:
        page: The page.
        claims: Every claim of every family on it; what stands inside one is no evidence.

    >>> from pipeline.model import Span
    >>> page = Page(b"A tutorial on functions in JavaScript\n\nvar a = f();")
    >>> shown(page, [Claim(Span(39, 51), "script", "statements", "exact")])
    ['the page is about code: it speaks of javascript, functions, tutorial']
    """
    reasons = quoted(page, claims)
    if all(reasons):
        return reasons
    outside = text_of(b"\n".join(_outside(page.raw, claims)))
    if fence := next(signs.FENCE.finditer(outside), None):
        return [f'the page shows code: "{fence[0].decode().strip()}"'] * len(claims)
    terms = sorted({term[0].decode().lower() for term in signs.TERMS.finditer(outside)})
    common = sorted({term[0].decode().lower() for term in signs.COMMON.finditer(outside.raw)}) if terms else []
    if len(terms) + len(common) >= TERMS_FEWEST:
        terms += common
        return [f"the page is about code: it speaks of {', '.join(terms[:TERMS_FEWEST])}"] * len(claims)
    marks = [name for name in kinds_in(outside) if name in signs.MARKS]
    if marks and (terms or signs.COMMON.search(outside.raw)):
        return [f"the page is about code: it has {marks[0]}"] * len(claims)
    own = _announced(page.raw, claims, reasons, speaks=bool(terms))
    if terms and any(own):
        return [why or "the page speaks of software and shows another one on purpose" for why in own]
    return own


def shown_beside_code(page: Page, claims: Sequence[Claim]) -> list[str]:
    """Return the same for a family that is judged behind those of code.

    Source code that was found to be a leak is no evidence any more, and what stands inside it shares its lot.
    """
    ours = FAMILIES_OF_CODE - {"html"}
    known = [replace(claim, family="") if claim.family in ours and claim.is_cut else claim for claim in claims]
    reasons = shown(page, known)
    code = sorted((claim for claim in claims if claim.family in ours), key=lambda claim: claim.span)
    for place, claim in enumerate(claims):
        before = bisect_right(code, claim.span.start, key=lambda other: other.span.start) - 1
        around = code[before] if before >= 0 and claim.family not in ours else None
        if around is not None and claim.span.stop <= around.span.stop:
            reasons[place] = "" if around.is_cut else around.reason
    return reasons


def _outside(raw: bytes, claims: Sequence[Claim]) -> Iterator[bytes]:
    position = 0
    for start, stop in sorted(claim.span for claim in claims):
        if start > position:
            yield raw[position:start]
        position = max(position, stop)
    yield raw[position:]


def _announced(raw: bytes, claims: Sequence[Claim], reasons: Sequence[str], *, speaks: bool) -> list[str]:
    """Return the reasons, with one for each claim that is announced, or that only white space parts from such a one."""
    judged = list(reasons)
    stop, why = -1, ""
    for place in sorted(range(len(claims)), key=lambda place: claims[place].span):
        span = claims[place].span
        if stop < 0 or raw[stop : span.start].strip():
            why = _announcement(raw, span.start, speaks=speaks)
        judged[place] = judged[place] or why
        if not judged[place] and mentions.mentioned(raw, span, claims[place].family):
            judged[place] = mentions.WHY
        stop = max(stop, span.stop)
    return judged


def _announcement(raw: bytes, at: int, *, speaks: bool) -> str:
    """Return that what stands right before a byte announces or quotes what begins there."""
    before = raw[max(0, at - BEFORE_LONGEST) : at]
    opening = signs.OPENS.search(before)
    if opening and not closes(raw, at - len(before) + opening.start(), at - len(before) + opening.end("mark")):
        return "it stands in inverted commas or in a code span"
    text = before.rstrip()
    line = text[max(text.rfind(b"\n"), text.rfind(b"\r")) + 1 :]
    if not line.endswith((b":", "：".encode())):
        return ""
    if speaks or signs.INTRODUCES.search(line[:-1]):
        return f'the words before it announce it: "{line[-60:].decode("utf-8", "ignore").strip()}"'
    return ""
