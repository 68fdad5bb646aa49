"""Second stage: what is left when the artifacts are out, as trimmed pieces and the joints between them.

A joint says what a reader sees between two pieces: nothing or a blank inside a line, one line break inside a
paragraph, two at a paragraph's start. It is decided here, from the white space around a cut, so that a dump in the
midst of a paragraph leaves the paragraph whole. What is damaged in a line is mended here, too: what stands for the
damage is a piece of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, compress, pairwise
from operator import add, sub

from pipeline import white
from pipeline.errors import RejectedDocument
from pipeline.lines import Lines
from pipeline.mending import Mender
from pipeline.model import Piece, Tile
from pipeline.patterns import lazy_compile

LINE_BREAK = lazy_compile(rb"[\r\n]")
BREAK = lazy_compile(rb"\r\n|\n|\r")


def read(raw: bytes, tiles: Sequence[Tile], mender: Mender | None = None) -> Lines:
    r"""Return the lines of text that the tiles keep, mended where there is a mender.

    Each piece is decoded by itself, so that no character is made of bytes on either side of a cut.

    Raises:
        RejectedDocument: ``undecodable`` when kept text is not UTF-8, ``empty`` when the document holds nothing.

    >>> [line.text for line in read(b"One \n\n two", [Tile(0, 10)])]
    ['One', 'two']
    """
    lines = None
    if mender is None and len(tiles) == 1 and tiles[0].artifact is None:  # as on most pages
        lines = _plainly(raw, tiles[0].start, tiles[0].stop)
    if lines is None:
        lines = _joined(raw, tiles, mender)
    if not lines.texts and not any(tile.artifact is not None for tile in tiles):
        raise RejectedDocument("text", "empty", "the document holds no text, only white space at most")
    return lines


def _joined(raw: bytes, tiles: Sequence[Tile], mender: Mender | None) -> Lines:
    """Return the lines of all parts, those that a cut stands in joined."""
    lines = Lines()
    stop = 0
    cuts: list[Tile] = []
    for tile in tiles:
        if tile.artifact is not None:
            cuts.append(tile)
            continue
        if mender is None and (plain := _plainly(raw, tile.start, tile.stop)) is not None:
            joint, is_printed = _before(raw, lines, stop, cuts, plain.starts[0])
            cuts = []
            if lines.texts:
                lines.extend(plain, joint, is_printed)
            else:
                lines = plain
            stop = lines.stops[-1]
            continue
        for first, last, text in _lines(raw, tile.start, tile.stop):
            mended = _mended(raw, first, last, mender) if mender is not None else None
            if mended is not None:
                if not mended:
                    continue
                start, last = mended[0].start, mended[-1].stop  # noqa: PLW2901 - what is left of the line
            else:
                start = first
            joint, is_printed = _before(raw, lines, stop, cuts, start)
            cuts = []
            if mended is None:
                lines.add(start, last, text, joint, is_printed)
            else:
                lines.add_mended(mended, [piece.shown(raw) for piece in mended], joint)
            stop = last
    lines.close()
    return lines


_PRINTED = {b"\n": "\n", b"\n\n": "\n\n"}


def _before(raw: bytes, lines: Lines, stop: int, cuts: Sequence[Tile], start: int) -> tuple[str, bool]:
    """Return the joint of a line that begins at ``start``, and whether just that stands before it."""
    if not lines.texts:
        return "", False
    if not cuts and (printed := _PRINTED.get(raw[stop:start])) is not None:
        return printed, True
    return _joint(raw, stop, cuts, start), False


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
        hint = "it has the byte order mark of UTF-16; " if text.startswith((b"\xff\xfe", b"\xfe\xff")) else ""
        place = f"{text[error.start]:#04x} stands at byte {start + error.start}"
        message = f"the text is not UTF-8 ({place}); {hint}name its encoding in a profile (text.encoding)"
        raise RejectedDocument("text", "undecodable", message) from None


def _plainly(raw: bytes, start: int, stop: int) -> Lines | None:
    """Return the lines of a part that has one kind of line break, and no white space beside its lines.

    It gives what :func:`_lines` gives, joints included, column by column, as if nothing stood above it; None where a
    part is not so plain, and where it is not UTF-8.
    """
    try:
        whole = raw[start:stop].decode()
    except UnicodeDecodeError:
        return None
    text = whole.lstrip(white.AROUND)
    start += len(whole[: len(whole) - len(text)].encode())
    text = text.rstrip(white.AROUND)
    line_break = "\n"
    if "\r" in text:
        line_break = "\r\n"
        if not text.count("\r\n") == text.count("\r") == text.count("\n"):
            return None
    parts = text.split(line_break)
    texts = list(filter(None, parts))
    # What Python takes for white space is what we do, but for the byte order mark.
    if not texts or texts != list(map(str.strip, texts)):
        return None
    if text.isascii():
        sizes = list(map(len, texts))
    elif "\ufeff" in text:
        return None
    else:
        sizes = list(map(len, map(str.encode, texts)))
    breaks, joints, as_printed = _between(parts, len(texts) - 1)
    if line_break == "\r\n":
        breaks, as_printed = [2 * count for count in breaks], bytes(len(breaks))
    starts = list(accumulate(map(add, sizes, breaks), initial=start))
    return Lines(starts, list(map(add, starts, sizes)), texts, ["", *joints], bytearray(1) + as_printed)


def _between(parts: Sequence[str], below: int) -> tuple[list[int], list[str], bytes]:
    r"""Return how many line breaks stand above each line below the first, its joint, and whether that is printed there.

    >>> _between(["One", "", "two", "three"], 2)
    ([2, 1], ['\n\n', '\n'], b'\x01\x01')
    """
    if len(parts) == below + 1:
        return [1] * below, ["\n"] * below, b"\1" * below
    if len(parts) == 2 * below + 1 and not any(parts[1::2]):  # as on most pages
        return [2] * below, ["\n\n"] * below, b"\1" * below
    places = list(compress(range(len(parts)), parts))
    breaks = list(map(sub, places[1:], places))
    return breaks, [_JOINTS.get(count, "\n\n") for count in breaks], bytes(map(_JOINTS.__contains__, breaks))


_JOINTS = {1: "\n", 2: "\n\n"}
"""What so many line breaks are to a reader; more are two."""


def _lines(raw: bytes, start: int, stop: int) -> Iterator[tuple[int, int, str]]:
    """Yield where the lines of a part of the document stand, trimmed, and their texts; none that is blank."""
    part = raw[start:stop]
    last = start - 1
    for line in LINE_BREAK.split(part) if b"\r" in part else part.split(b"\n"):
        first = last + 1
        last = first + len(line)
        if not line:
            continue
        if line[0] in white.FIRST or line[-1] in white.LAST:
            trimmed = white.trim(raw, first, last)
            if trimmed[0] < trimmed[1]:
                yield *trimmed, _decode(raw[trimmed[0] : trimmed[1]], trimmed[0])
        else:
            yield first, last, _decode(line, first)


def _breaks(gap: bytes) -> int:
    if b"\r" not in gap:
        return gap.count(b"\n")
    return len(BREAK.findall(gap))


def _joint(raw: bytes, start: int, cuts: Sequence[Tile], stop: int) -> str:
    """Return the joint of pieces that end at ``start`` and begin at ``stop``, with cuts and white space between them.

    PHP ends every dump with a line break of its own, so a single break behind a dump that began inside a line
    belongs to the dump and not to the text. Mark-up has none: white space beside it is the text's, and the joint is
    the wider of that and what the mark-up means to a reader.
    """
    if not cuts:
        return "\n\n" if _breaks(raw[start:stop]) > 1 else "\n"
    if len(cuts) == 1 and cuts[0].breaks is None:  # as nearly always
        before, behind = raw[start : cuts[0].start], raw[cuts[0].stop : stop]
        printed = _breaks(before)
        if max(printed, _breaks(behind)) > 1:
            return "\n\n"
        return "\n" if printed else " " if before or behind else ""
    starts, stops = [cut.start for cut in cuts], [cut.stop for cut in cuts]
    gaps = [raw[before:behind] for before, behind in zip([start, *stops], [*starts, stop], strict=True)]
    is_mark_up = [cut.breaks is not None for cut in cuts]
    beside = [(True,), *pairwise(is_mark_up), (is_mark_up[-1],)]
    of_text = [gap for gap, kinds in zip(gaps, beside, strict=True) if all(kinds)]
    seen = max(*map(_breaks, of_text), sum(cut.breaks or 0 for cut in cuts))
    if max(seen, _breaks(gaps[-1])) > 1:
        return "\n\n"
    if seen:
        return "\n"
    return " " if gaps[0] or gaps[-1] or any(of_text) else ""


def _mended(raw: bytes, start: int, stop: int, mender: Mender) -> list[Piece] | None:
    """Return a line in pieces, those that were mended by themselves; None where there is nothing to mend."""
    parts = mender.mend(raw[start:stop])
    return None if parts is None else [Piece(start + first, start + last, b"", text) for first, last, text in parts]
