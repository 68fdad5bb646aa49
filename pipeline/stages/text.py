"""Second stage: what is left when the artifacts are out, as trimmed pieces and the joints between them.

A joint says what a reader sees between two pieces: nothing or a blank inside a line, one line break inside a
paragraph, two at a paragraph's start. It is decided here, from the white space around a cut, so that a dump in the
midst of a paragraph leaves the paragraph whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from pipeline import white
from pipeline.errors import RejectedDocument
from pipeline.model import Line, Piece, Tile

LINE = regex.compile(rb"[^\r\n]+")
BREAK = regex.compile(rb"\r\n|\n|\r")


def read(raw: bytes, tiles: Sequence[Tile]) -> tuple[Line, ...]:
    r"""Return the lines of text that the tiles keep.

    Raises:
        RejectedDocument: ``undecodable`` when kept text is not UTF-8, ``empty`` when the document holds nothing.

    >>> [line.text for line in read(b"One \n\n two", [Tile(0, 10)])]
    ['One', 'two']
    """
    lines: list[Line] = []
    pending: list[Piece] = []
    for piece in _pieces(raw, tiles):
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
    texts = [_decode(raw[piece.start : piece.stop], piece.start) for piece in pieces]
    joints = ["", *(piece.joint.decode() for piece in pieces[1:])]
    return Line(tuple(pieces), "".join(joint + text for joint, text in zip(joints, texts, strict=True)))


def _decode(text: bytes, start: int) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        byte = text[error.start]
        hint = "it has the byte order mark of UTF-16; " if text.startswith((b"\xff\xfe", b"\xfe\xff")) else ""
        place = f"byte {byte:#04x}, {error.start} bytes into the text that begins at byte {start}"
        message = f"the text is not UTF-8 ({place}); {hint}convert the file to UTF-8 and run again"
        raise RejectedDocument("text", "undecodable", message) from None


def _pieces(raw: bytes, tiles: Sequence[Tile]) -> Iterator[Piece]:
    """Cut the kept tiles at line breaks, trim, and decide the joints."""
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
            if first:
                joint = b""
            elif cuts:
                joint = _joint_at_cuts(raw, stop, cuts, start)
            else:
                joint = b"\n\n" if _breaks(raw[stop:start]) > 1 else b"\n"
            yield Piece(start, end, joint)
            stop, first = end, False
            cuts = []


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
