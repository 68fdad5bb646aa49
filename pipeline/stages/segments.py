"""First stage: find what leaked. Anchors are scanned for once, families prove what stands at each hit."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from pipeline import white
from pipeline.anchors import Hit, Literals
from pipeline.families import FAMILIES
from pipeline.model import Claim, Family, Grammar, Page, Tile
from pipeline.tiling import settle, tile

Strip = Literal["leaks", "all", "none"]


class Segments(Struct, frozen=True, gc=False):
    """The claims of a document in order of position, tiles that cover it, and where the anchors stand in it."""

    claims: tuple[Claim, ...]
    tiles: tuple[Tile, ...]
    anchors: tuple[int, ...] = ()

    def has_anchor(self, start: int, stop: int) -> bool:
        """Whether an anchor begins in a part of the document; where none does, nothing can be claimed."""
        following = bisect_left(self.anchors, start)
        return following < len(self.anchors) and self.anchors[following] < stop


def read(raw: bytes, strip: Strip = "leaks", families: Sequence[str] | None = None) -> Segments:
    """Return what leaked into a document.

    Args:
        raw: The document.
        strip: ``leaks`` cuts what is proven and not the page's own content, ``all`` cuts whatever is proven,
            ``none`` lists everything and cuts nothing.
        families: Names of the families to look for; all when None.

    >>> [claim.status for claim in read(b'Rain. string(3) "abc"').claims]
    ['exact']
    """
    wanted = _wanted(tuple(families) if families is not None else None)
    hits = wanted.anchors.hits(raw)
    if not hits:  # as on most pages
        return Segments((), tile((), len(raw)))
    # Families see the page without the white space around it, so that trimming a body never changes what it is.
    start, stop = white.trim(raw, 0, len(raw), white.ANY)
    page = Page(raw[start:stop])
    hits = wanted.anchors.within(hits, start, stop)
    anchors = tuple([at + start for at, _ in hits])
    claims = _claims(page, wanted, hits)
    if not claims:
        return Segments((), tile((), len(raw)), anchors)
    if strip == "none":
        claims = [claim.kept("the profile keeps every artifact") for claim in claims]
    elif strip == "leaks":
        claims = _keep_quoted(page, wanted, claims)
    settled = tuple([claim.moved(start) for claim in settle(claims)])
    return Segments(settled, tile(settled, len(raw)), anchors)


class _Wanted(Struct, frozen=True):
    """Families to look for, and where their grammars begin: ``readers`` has the grammars of each anchor, by place."""

    families: tuple[Family, ...]
    grammars: tuple[Grammar, ...]
    anchors: Literals
    readers: tuple[tuple[int, ...], ...]


def _wanted(names: tuple[str, ...] | None) -> _Wanted:
    """Return the families of these names, their grammars, and what to look for."""
    if names not in _CACHE:
        families = tuple(family for family in FAMILIES if names is None or family.name in names)
        grammars = tuple(grammar for family in families for grammar in family.grammars)
        readers: dict[bytes, dict[int, None]] = defaultdict(dict)
        for place, grammar in enumerate(grammars):
            for anchor in grammar.anchors:
                readers[anchor][place] = None
        _CACHE[names] = _Wanted(families, grammars, Literals(tuple(readers)), tuple(map(tuple, readers.values())))
    return _CACHE[names]


_CACHE: dict[tuple[str, ...] | None, _Wanted] = {}


def _claims(page: Page, wanted: _Wanted, hits: Sequence[Hit]) -> list[Claim]:
    """Read at every anchor, unless it lies in a cut or in what the same grammar has read already.

    Mark-up hides no anchor: leaks of other forms begin and end with tags of their own.
    """
    claims: list[Claim] = []
    resume = [0] * len(wanted.grammars)
    position = 0
    while position < len(hits):
        at, places, position = _anchor(wanted, hits, position)
        for place in places:
            if at < resume[place]:
                continue
            if claim := wanted.grammars[place].read(page, at):
                claims.append(claim)
                resume[place] = claim.resume
                if claim.is_cut and not claim.is_mark_up and at < claim.span.stop:
                    position = bisect_left(hits, (claim.span.stop, 0), position)
                    break
    return claims


def _anchor(wanted: _Wanted, hits: Sequence[Hit], position: int) -> tuple[int, Sequence[int], int]:
    """Return where the next anchors stand, the places of the grammars that may begin there, and the hit behind them."""
    at, literal = hits[position]
    places: Sequence[int] = wanted.readers[literal]
    position += 1
    while position < len(hits) and hits[position][0] == at:
        places = sorted({*places, *wanted.readers[hits[position][1]]})
        position += 1
    return at, places, position


def _keep_quoted(page: Page, wanted: _Wanted, claims: list[Claim]) -> list[Claim]:
    """Keep the claims that their family finds to be this page's content; each sees what those before it have kept."""
    judged = claims
    cutting = {claim.family for claim in claims if claim.is_cut}
    for family in wanted.families:
        if family.name not in cutting:
            continue
        reasons = family.quoted(page, judged)
        judged = [
            claim.kept(why) if why and claim.family == family.name else claim
            for claim, why in zip(judged, reasons, strict=True)
        ]
    return judged
