"""First stage: find what leaked. Anchors are scanned for once, families prove what stands at each hit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Literal

from msgspec.structs import replace

from pipeline import white
from pipeline.anchors import Hit, Literals
from pipeline.families import FAMILIES
from pipeline.model import Claim, Family, Grammar, Page, Span, Tile
from pipeline.tiling import settle, tile

Strip = Literal["leaks", "all", "none"]


@dataclass(frozen=True, slots=True)
class Segments:
    """The claims of a document in order of position, tiles that cover it, and where the anchors stand in it."""

    claims: tuple[Claim, ...]
    tiles: tuple[Tile, ...]
    anchors: tuple[int, ...] = ()

    def has_anchor(self, start: int, stop: int) -> bool:
        """Whether an anchor begins in a part of the document; where none does, nothing can be claimed."""
        return any(start <= at < stop for at in self.anchors)


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
    # Families see the page without the white space around it, so that trimming a body never changes what it is.
    start, stop = white.trim(raw, 0, len(raw), white.ANY)
    page = Page(raw[start:stop])
    hits = wanted.anchors.hits(page.raw)
    if not hits:  # as on most pages
        return Segments((), tile((), len(raw)))
    anchors = tuple(at + start for at, _ in hits)
    claims = _claims(page, wanted, hits)
    if not claims:
        return Segments((), tile((), len(raw)), anchors)
    if strip == "none":
        claims = [_keep(claim, "the profile keeps every artifact") for claim in claims]
    elif strip == "leaks":
        claims = _keep_quoted(page, wanted, claims)
    settled = tuple(_moved(claim, start) for claim in settle(claims))
    return Segments(settled, tile(settled, len(raw)), anchors)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Families to look for, and where their grammars begin: ``readers`` are the grammars of each anchor, by place."""

    families: tuple[Family, ...]
    grammars: tuple[Grammar, ...]
    anchors: Literals
    readers: tuple[tuple[int, ...], ...]


def _wanted(names: tuple[str, ...] | None) -> _Wanted:
    """Return the families of these names, their grammars, and what to look for."""
    if names not in _CACHE:
        families = tuple(family for family in FAMILIES if names is None or family.name in names)
        grammars = tuple(grammar for family in families for grammar in family.grammars)
        readers: dict[bytes, list[int]] = defaultdict(list)
        for place, grammar in enumerate(grammars):
            for anchor in grammar.anchors:
                readers[anchor].append(place)
        _CACHE[names] = _Wanted(families, grammars, Literals(tuple(readers)), tuple(map(tuple, readers.values())))
    return _CACHE[names]


_CACHE: dict[tuple[str, ...] | None, _Wanted] = {}


def _claims(page: Page, wanted: _Wanted, hits: Sequence[Hit]) -> list[Claim]:
    """Read at every anchor, unless it lies in a cut or in what the same grammar has read already.

    Mark-up hides no anchor: leaks of other forms begin and end with tags of their own.
    """
    claims: list[Claim] = []
    resume = [0] * len(wanted.grammars)
    cut_stop = 0
    for at, place in _places(wanted, hits):
        if at < cut_stop or at < resume[place]:
            continue
        if claim := wanted.grammars[place].read(page, at):
            claims.append(claim)
            resume[place] = claim.resume
            if claim.is_cut and not claim.is_mark_up:
                cut_stop = claim.span.stop
    return claims


def _places(wanted: _Wanted, hits: Sequence[Hit]) -> Iterator[Hit]:
    """Yield where a grammar may begin, with the place of the grammar, in order; each pair once."""
    for at, found in groupby(hits, itemgetter(0)):
        for place in sorted({place for _, literal in found for place in wanted.readers[literal]}):
            yield at, place


def _keep_quoted(page: Page, wanted: _Wanted, claims: list[Claim]) -> list[Claim]:
    """Keep the claims that their family finds to be this page's content; each sees what those before it have kept."""
    judged = claims
    cutting = {claim.family for claim in claims if claim.is_cut}
    for family in wanted.families:
        if family.name not in cutting:
            continue
        reasons = family.quoted(page, judged)
        judged = [
            _keep(claim, why) if why and claim.family == family.name else claim
            for claim, why in zip(judged, reasons, strict=True)
        ]
    return judged


def _moved(claim: Claim, by: int) -> Claim:
    """Return the claim at its place in the raw document."""
    if not by:
        return claim
    payload = Span(claim.payload.start + by, claim.payload.stop + by) if claim.payload else None
    return replace(claim, span=Span(claim.span.start + by, claim.span.stop + by), payload=payload)


def _keep(claim: Claim, why: str) -> Claim:
    return replace(claim, status="kept", reason=why) if claim.is_cut else claim
