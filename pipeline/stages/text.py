"""Second stage: what is left when the artifacts are out, as trimmed pieces and the joints between them.

A joint says what a reader sees between two pieces: nothing or a blank inside a line, one line break inside a
paragraph, two at a paragraph's start. It is decided here, from the white space around a cut, so that a dump in the
midst of a paragraph leaves the paragraph whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline import white
from pipeline.errors import RejectedDocument
from pipeline.lines import Lines
from pipeline.model import Piece, Tile

LINE_BREAK = regex.compile(rb"[\r\n]")
BREAK = regex.compile(rb"\r\n|\n|\r")


def read(raw: bytes, tiles: Sequence[Tile]) -> Lines:
    r"""Return the lines of text that the tiles keep.

    Each piece is decoded by itself, so that no character is made of bytes on either side of a cut.

    Raises:
        RejectedDocument: ``undecodable`` when kept text is not UTF-8, ``empty`` when the document holds nothing.

    >>> [line.text for line in read(b"One \n\n two", [Tile(0, 10)])]
    ['One', 'two']
    """
    lines = Lines()
    stop = 0
    cut_start = cut_stop = -1
    for tile in tiles:
        if tile.artifact is not None:
            cut_start = tile.start if cut_start < 0 else cut_start
            cut_stop = tile.stop
            continue
        for first, last, text in _lines(raw, tile.start, tile.stop):
            gap = raw[stop:first]
            joint = _PRINTED.get(gap) if cut_start < 0 and lines.texts else None
            is_printed = joint is not None
            if joint is None:
                if not lines.texts:
                    joint = ""
                elif cut_start < 0:
                    joint = "\n\n" if _breaks(gap) > 1 else "\n"
                else:
                    joint = _joint_at_cut(raw[stop:cut_start], raw[cut_stop:first])
                cut_start = cut_stop = -1
            lines.add(first, last, text, joint, is_printed)
            stop = last
    lines.close()
    if not lines.texts and not any(tile.artifact is not None for tile in tiles):
        raise RejectedDocument("text", "empty", "the document holds no text, only white space at most")
    return lines


_PRINTED = {b"\n": "\n", b"\n\n": "\n\n"}


def read_whole(raw: bytes) -> tuple[Piece, str]:
    """Return the document as one piece, line breaks and all, with its text: for text that must not be touched.

    Raises:
        RejectedDocument: ``undecodable`` when it is not UTF-8.
    """
    start, stop = white.trim(raw, 0, len(raw), white.ANY)
    return Piece(start, stop, b""), _decode(raw[start:stop], start)


def _decode(text: bytes, start: int) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        byte = text[error.start]
        hint = "it has the byte order mark of UTF-16; " if text.startswith((b"\xff\xfe", b"\xfe\xff")) else ""
        place = f"byte {byte:#04x}, {error.start} bytes into the text that begins at byte {start}"
        message = f"the text is not UTF-8 ({place}); {hint}convert the file to UTF-8 and run again"
        raise RejectedDocument("text", "undecodable", message) from None


def _lines(raw: bytes, start: int, stop: int) -> Iterator[tuple[int, int, str]]:
    """Yield where the lines of a part of the document stand, trimmed, and their texts; none that is blank."""
    part = raw[start:stop]
    last = start - 1
    for line in LINE_BREAK.split(part) if b"\r" in part else part.split(b"\n"):
        first = last + 1
        last = first + len(line)
        if not line:
            continue
        if line[0] in _MAY_BEGIN_WHITE or line[-1] in _MAY_END_WHITE:
            trimmed = white.trim(raw, first, last)
            if trimmed[0] < trimmed[1]:
                yield *trimmed, _decode(raw[trimmed[0] : trimmed[1]], trimmed[0])
        else:
            yield first, last, _decode(line, first)


_MAY_BEGIN_WHITE = frozenset(character[0] for character in white.IN_LINE)
_MAY_END_WHITE = frozenset(character[-1] for character in white.IN_LINE)


def _breaks(gap: bytes) -> int:
    if b"\r" not in gap:
        return gap.count(b"\n")
    return len(BREAK.findall(gap))


def _joint_at_cut(before: bytes, after: bytes) -> str:
    """Return the joint where artifacts stood between ``before`` and ``after``, both white space.

    PHP ends every dump with a line break of its own, so a single break behind a dump that began inside a line
    belongs to the dump and not to the text.
    """
    left, right = _breaks(before), _breaks(after)
    if max(left, right) > 1:
        return "\n\n"
    if left:
        return "\n"
    return " " if before or after else ""
