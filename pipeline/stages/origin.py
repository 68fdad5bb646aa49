"""Last stage: from places in the text back to the bytes of the document, where the two are not the same."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from pipeline.decoding import Decoded
from pipeline.model import Article, Claim, Edit, Span


def traced(decoded: Decoded, claims: tuple[Claim, ...], article: Article) -> tuple[tuple[Claim, ...], Article]:
    r"""Return claims and article with every place as one in the raw document.

    Where the text was taken out of the document, places stay those in the text, and a last edit keeps the document. An
    edit whose bytes are not those that the column holds keeps them, so that nobody needs to know the encoding to
    give the document back.

    >>> from pipeline.decoding import known
    >>> decoded = known("Öl".encode("utf-16"))
    >>> body = Article("Öl", edits=(Edit(0, 3, "blank", raw=b"\xef\xbb\xbf"), Edit(3, 6, "body", None, 0, 3)))
    >>> [(edit.start, edit.stop, edit.raw) for edit in traced(decoded, (), body)[1].edits]
    [(0, 2, b'\xff\xfe'), (2, 6, b'\xd6\x00l\x00')]
    """
    if decoded.is_taken:
        page = Edit(0, len(decoded.text), "page", raw=decoded.raw)
        return claims, replace(article, edits=(*article.edits, page))
    if decoded.text is decoded.raw:
        return claims, article
    spans: list[Span] = [Span(edit.start, edit.stop) for edit in article.edits]
    spans += [span for claim in claims for span in (claim.span, claim.payload) if span is not None]
    places = decoded.places(place for span in spans for place in span)

    def moved(span: Span) -> Span:
        return Span(places[span.start], places[span.stop])

    back = tuple(
        replace(claim, span=moved(claim.span), payload=moved(claim.payload) if claim.payload is not None else None)
        for claim in claims
    )
    return back, replace(article, edits=tuple(_edits(decoded, article.edits, places)))


def _edits(decoded: Decoded, edits: Sequence[Edit], places: dict[int, int]) -> list[Edit]:
    found: list[Edit] = []
    for edit in edits:
        start, stop = places[edit.start], places[edit.stop]
        here = decoded.raw[start:stop]
        holds = edit.artifact is None and (edit.raw is not None or here != decoded.text[edit.start : edit.stop])
        found.append(replace(edit, start=start, stop=stop, raw=here if holds else None))
    return found
