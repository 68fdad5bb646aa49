"""Second stage: what is left when the artifacts are out, as trimmed pieces and the joints between them.

A joint says what a reader sees between two pieces: nothing or a blank inside a line, one line break inside a
paragraph, two at a paragraph's start. It is decided here, from the white space around a cut, so that a dump in the
midst of a paragraph leaves the paragraph whole. What is damaged in a line is mended here, too: what stands for the
damage is a piece of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    cut_start = cut_stop = -1
    first = True
    for tile in tiles:
        if tile.artifact is not None:
            cut_start = tile.start if cut_start < 0 else cut_start
            cut_stop = tile.stop
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
            elif cut_start < 0:
                joint = b"\n\n" if _breaks(raw[stop:start]) > 1 else b"\n"
            else:
                joint = _joint_at_cut(raw[stop:cut_start], raw[cut_stop:start])
            if parts is None:
                yield Piece(start, end, joint)
            else:
                yield parts[0]._replace(joint=joint)
                yield from parts[1:]
            stop, first = end, False
            cut_start = cut_stop = -1


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


def _joint_at_cut(before: bytes, after: bytes) -> bytes:
    """Return the joint where artifacts stood between ``before`` and ``after``, both white space.

    PHP ends every dump with a line break of its own, so a single break behind a dump that began inside a line
    belongs to the dump and not to the text.
    """
    left, right = _breaks(before), _breaks(after)
    if max(left, right) > 1:
        return b"\n\n"
    if left:
        return b"\n"
    return b" " if before or after else b""
