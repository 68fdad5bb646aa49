"""Second stage: what is left when the artifacts are out, as trimmed pieces and the joints between them.

A joint says what a reader sees between two pieces: nothing or a blank inside a line, one line break inside a
paragraph, two at a paragraph's start. It is decided here, from the white space around a cut, so that a dump in the
midst of a paragraph leaves the paragraph whole. What is damaged in a line is mended here, too: what stands for the
damage is a piece of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from pipeline import white
from pipeline.errors import RejectedDocument
from pipeline.mending import Mender
from pipeline.model import Line, Piece, Tile

LINE = regex.compile(rb"[^\r\n]+")
BREAK = regex.compile(rb"\r\n|\n|\r")


def read(raw: bytes, tiles: Sequence[Tile], mender: Mender | None = None) -> tuple[Line, ...]:
    r"""Return the lines of text that the tiles keep, mended where there is a mender.

    Raises:
        RejectedDocument: ``undecodable`` when kept text is not UTF-8, ``empty`` when the document holds nothing.

    >>> [line.text for line in read(b"One \n\n two", [Tile(0, 10)])]
    ['One', 'two']
    """
    lines: list[Line] = []
    pending: list[Piece] = []
    for piece in _pieces(raw, tiles, mender):
        if pending and piece.joint in (b"\n", b"\n\n"):
            lines.append(_line(raw, pending))
            pending = []
        pending.append(piece)
    if pending:
        lines.append(_line(raw, pending))
    elif not any(tile.artifact is not None for tile in tiles):
        raise RejectedDocument("text", "empty", "the document holds no text, only white space at most")
    return tuple(lines)


def read_whole(raw: bytes) -> tuple[Piece, str]:
    """Return the document as one piece, line breaks and all, with its text: for text that must not be touched.

    Raises:
        RejectedDocument: ``undecodable`` when it is not UTF-8.
    """
    start, stop = white.trim(raw, 0, len(raw), white.ANY)
    return Piece(start, stop, b""), _decode(raw[start:stop], start)


def _line(raw: bytes, pieces: list[Piece]) -> Line:
    """Return a line; each piece is decoded by itself, so that no character is made of bytes on either side of a cut."""
    try:
        return Line.of(raw, pieces)
    except UnicodeDecodeError:
        for piece in pieces:
            _decode(raw[piece.start : piece.stop], piece.start)
        raise


def _decode(text: bytes, start: int) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        byte = text[error.start]
        place = f"byte {byte:#04x}, {error.start} bytes into the text that begins at byte {start}"
        message = (
            f"the text is not UTF-8 ({place}), and no encoding fits it well; a profile may name one (text.encoding)"
        )
        raise RejectedDocument("text", "undecodable", message) from None


def _pieces(raw: bytes, tiles: Sequence[Tile], mender: Mender | None) -> Iterator[Piece]:
    """Cut the kept tiles at line breaks, trim, mend, and decide the joints."""
    stop = 0
    cuts: list[Tile] = []
    first = True
    for tile in tiles:
        if tile.artifact is not None:
            cuts.append(tile)
            continue
        for found in LINE.finditer(raw, tile.start, tile.stop):
            start, end = white.trim(raw, found.start(), found.end())
            if start == end:
                continue
            parts = _mended(raw, start, end, mender)
            if parts is not None:
                if not parts:
                    continue
                start, end = parts[0].start, parts[-1].stop
            if first:
                joint = b""
            elif cuts:
                joint = _joint_at_cuts(raw, stop, cuts, start)
            else:
                joint = b"\n\n" if _breaks(raw[stop:start]) > 1 else b"\n"
            if parts is None:
                yield Piece(start, end, joint)
            else:
                yield parts[0]._replace(joint=joint)
                yield from parts[1:]
            stop, first = end, False
            cuts = []


def _mended(raw: bytes, start: int, stop: int, mender: Mender | None) -> list[Piece] | None:
    """Return a line in pieces, those that were mended by themselves; None where there is nothing to mend."""
    if mender is None:
        return None
    try:
        parts = mender.mend(raw[start:stop])
    except UnicodeDecodeError:
        _decode(raw[start:stop], start)
        raise
    return None if parts is None else [Piece(start + first, start + last, b"", text) for first, last, text in parts]


def _breaks(gap: bytes) -> int:
    if b"\r" not in gap:
        return gap.count(b"\n")
    return len(BREAK.findall(gap))


def _joint_at_cuts(raw: bytes, start: int, cuts: Sequence[Tile], stop: int) -> bytes:
    """Return the joint of pieces that end at ``start`` and begin at ``stop``, with cuts and white space between them.

    PHP ends every dump with a line break of its own, so a single break behind a dump that began inside a line
    belongs to the dump and not to the text. Mark-up has none: white space beside it is the text's, and the joint is
    the wider of that and what the mark-up means to a reader.
    """
    starts, stops = [cut.start for cut in cuts], [cut.stop for cut in cuts]
    gaps = [raw[before:behind] for before, behind in zip([start, *stops], [*starts, stop], strict=True)]
    is_mark_up = [cut.breaks is not None for cut in cuts]
    beside = [(True,), *pairwise(is_mark_up), (is_mark_up[-1],)]
    of_text = [gap for gap, kinds in zip(gaps, beside, strict=True) if all(kinds)]
    seen = max(*map(_breaks, of_text), sum(cut.breaks or 0 for cut in cuts))
    if max(seen, _breaks(gaps[-1])) > 1:
        return b"\n\n"
    if seen:
        return b"\n"
    return b" " if gaps[0] or gaps[-1] or any(of_text) else b""
