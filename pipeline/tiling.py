"""Settling: from claims that may overlap to tiles that cover a document exactly, and to edits that lead back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence

from pipeline.model import Claim, Edit, Placed, Tile


def settle(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return the claims that stand, in order of position: cuts without overlap, and every look-alike outside them.

    The earlier claim wins, then the longer one; but mark-up gives way to what was printed into it or around it, unless
    it holds all of that, as a comment may. A look-alike says nothing new and goes where it lies inside a cut, or inside
    another one that is kept for the same reason: two families may know the code that a manual shows.

    >>> from pipeline.model import Span
    >>> outer = Claim(Span(0, 9), "php_dump", "var_dump", "exact")
    >>> inner = Claim(Span(3, 5), "php_dump", "var_dump", "kept")
    >>> settle([inner, outer]) == (outer,)
    True
    """
    ordered = sorted(claims, key=lambda claim: (claim.span.start, -claim.span.stop))
    if len(ordered) == 1:  # as on most pages that leak
        return tuple(ordered)
    printed = _apart(claim for claim in ordered if claim.is_cut and not claim.is_mark_up)
    cuts = _apart(claim for claim in ordered if claim.is_cut and not (claim.is_mark_up and _yields(claim, printed)))
    standing: list[Claim] = []
    reach: dict[str, int] = {}  # how far the look-alikes of each reason have come
    position = 0
    for claim in ordered:
        while position < len(cuts) and cuts[position].span.stop <= claim.span.start:
            position += 1
        cut = cuts[position] if position < len(cuts) else None
        is_outside = cut is None or claim.span.start < cut.span.start
        if claim is cut:
            standing.append(claim)
        elif not claim.is_cut and is_outside and claim.span.stop > reach.get(claim.reason, -1):
            standing.append(claim)
            reach[claim.reason] = claim.span.stop
    return tuple(standing)


def _apart(cuts: Iterable[Claim]) -> list[Claim]:
    """Return the cuts, in order, that begin behind the one before them."""
    apart: list[Claim] = []
    for claim in cuts:
        if not apart or claim.span.start >= apart[-1].span.stop:
            apart.append(claim)
    return apart


def _yields(claim: Claim, printed: Sequence[Claim]) -> bool:
    """Whether a cut shares bytes with one of ``printed`` that reaches beyond it."""
    start, stop = claim.span
    first = bisect_right(printed, start, key=lambda other: other.span.stop)
    last = bisect_left(printed, stop, first, key=lambda other: other.span.start)
    reach = printed[first:last]
    return bool(reach) and (reach[0].span.start < start or reach[-1].span.stop > stop or reach[0].span == claim.span)


def tile(claims: Sequence[Claim], size: int) -> tuple[Tile, ...]:
    """Return tiles that cover ``[0, size)``: artifacts by their ordinal among ``claims``, text between them.

    >>> from pipeline.model import Span
    >>> tile([Claim(Span(2, 4), "php_dump", "var_dump", "exact")], 6) == (Tile(0, 2), Tile(2, 4, 0), Tile(4, 6))
    True
    """
    tiles: list[Tile] = []
    position = 0
    for ordinal, claim in enumerate(claims):
        if not claim.is_cut:
            continue
        start, stop = claim.span
        if start > position:
            tiles.append(Tile(position, start))
        tiles.append(Tile(start, stop, ordinal, claim.breaks))
        position = stop
    if position < size:
        tiles.append(Tile(position, size))
    return tuple(tiles)


def cover(raw: bytes, placed: Iterable[Placed], tiles: Sequence[Tile]) -> tuple[Edit, ...]:
    r"""Return edits that cover a document: pieces point into columns, everything else keeps its bytes.

    A piece whose bytes are not those of the column keeps them as well.

    >>> [edit.raw for edit in cover(b"Hi \n", [Placed(0, 2, "body", 0)], [Tile(0, 4)])]
    [None, b' \n']
    """
    edits: list[Edit] = []
    cuts = [tile for tile in reversed(tiles) if tile.artifact is not None]
    position = 0
    for piece in placed:
        start, stop, role, text_start = piece.start, piece.stop, piece.role, piece.text_start
        if cuts and cuts[-1].stop <= start:
            _fill(raw, edits, cuts, position, start)
        elif start > position:
            blank = raw[position:start]
            if role == "body" and blank in _BREAKS and edits and _continues(edits[-1], piece, blank):
                last = edits[-1]
                edits[-1] = Edit(last.start, stop, role, None, last.text_start, piece.text_stop)
                position = stop
                continue
            edits.append(Edit(position, start, "blank", None, None, None, blank))
        position = stop
        if text_start is None or piece.size is not None:
            edits.append(Edit(start, stop, role, None, text_start, piece.text_stop, raw[start:stop]))
        else:
            edits.append(Edit(start, stop, role, None, text_start, text_start + stop - start))
    _fill(raw, edits, cuts, position, len(raw))
    return tuple(edits)


_BREAKS = (b"\n", b"\n\n")
"""White space that the body has as well, byte for byte, where the document has it between lines of the body."""


def _continues(last: Edit, piece: Placed, blank: bytes) -> bool:
    """Whether a piece and the white space before it are, byte for byte, what the body has behind the last edit."""
    if last.role != "body" or last.text_stop is None or last.raw is not None or piece.size is not None:
        return False
    return last.text_stop + len(blank) == piece.text_start


def _fill(raw: bytes, edits: list[Edit], cuts: list[Tile], start: int, stop: int) -> None:
    """Append what stands between two pieces, artifacts and white space."""
    position = start
    while cuts and cuts[-1].stop <= stop:
        cut = cuts.pop()
        if cut.start > position:
            edits.append(Edit(position, cut.start, "blank", raw=raw[position : cut.start]))
        edits.append(Edit(cut.start, cut.stop, "artifact", artifact=cut.artifact))
        position = cut.stop
    if stop > position:
        edits.append(Edit(position, stop, "blank", raw=raw[position:stop]))


def rebuild(edits: Iterable[Edit], column: Callable[[str], bytes], artifact: Callable[[int], bytes]) -> bytes:
    r"""Return the raw document that the edits lead back to.

    Args:
        edits: The rows of the ledger of one document, in order.
        column: Gives the UTF-8 bytes of an article column by its role.
        artifact: Gives the raw bytes of the artifact of an ordinal.

    >>> edits = [Edit(0, 2, "title", text_start=0, text_stop=2), Edit(2, 3, "blank", raw=b"\n")]
    >>> rebuild(edits, {"title": b"Hi"}.__getitem__, [].__getitem__)
    b'Hi\n'
    """
    parts: list[bytes] = []
    for edit in edits:
        if edit.raw is not None:
            parts.append(edit.raw)
        elif edit.artifact is not None:
            parts.append(artifact(edit.artifact))
        else:
            parts.append(column(edit.role)[edit.text_start : edit.text_stop])
    return b"".join(parts)


def gap(edits: Iterable[Edit], size: int) -> str | None:
    """Return what breaks the law of tiling, or None: edits must cover ``[0, size)``, each byte once, in order.

    >>> gap([Edit(0, 2, "body", text_start=0, text_stop=2)], 3)
    'the bytes from 2 to 3 belong to no tile'
    """
    position = 0
    for edit in edits:
        if edit.start != position:
            kind = "belong to no tile" if edit.start > position else "belong to two tiles"
            return f"the bytes from {min(position, edit.start)} to {max(position, edit.start)} {kind}"
        if edit.stop <= edit.start:
            return f"the tile at byte {edit.start} is empty"
        position = edit.stop
    if position != size:
        return f"the bytes from {position} to {size} belong to no tile"
    return None
