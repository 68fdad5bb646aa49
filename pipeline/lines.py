"""The lines of a page, kept as columns: most are one run of bytes, and only a few are ever looked at one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import overload

from msgspec import Struct, field

from pipeline.model import Line, Piece
from pipeline.white import CHARACTERS


class Lines(Struct, gc=False):
    """Lines of kept text, in order.

    Attributes:
        starts, stops: The bytes of each in the raw document, trimmed.
        texts: The text of each.
        joints: What joins each to the one before, as a reader sees it.
        as_printed: Whether just that stands before each in the raw document, byte for byte: 1 or 0.
        broken: The pieces of the lines that have artifacts or mended text in their midst, by place.
    """

    starts: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    joints: list[str] = field(default_factory=list)
    as_printed: bytearray = field(default_factory=bytearray)
    broken: dict[int, list[Piece]] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Line]: ...
    def __getitem__(self, place: int | slice) -> Line | Sequence[Line]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        return Line(self.pieces(place), self.texts[place])

    def __iter__(self) -> Iterator[Line]:
        return (self[place] for place in range(len(self)))

    def pieces(self, place: int) -> tuple[Piece, ...]:
        """Return the pieces of a line."""
        if place in self.broken:
            return tuple(self.broken[place])
        return (Piece(self.starts[place], self.stops[place], self.joints[place].encode()),)

    def add(self, start: int, stop: int, text: str, joint: str, as_printed: bool) -> None:  # noqa: FBT001 - a row of columns
        """Append a line, or to the last line a piece that no line break parts from it; :meth:`close` ends it all."""
        if not joint.startswith("\n") and self.texts:
            self._go_on(Piece(start, stop, joint.encode()), joint + text)
            return
        if self._open:
            self.close()
        self.starts.append(start)
        self.stops.append(stop)
        self.texts.append(text)
        self.joints.append(joint)
        self.as_printed.append(as_printed)

    def extend(self, others: Lines, joint: str, as_printed: bool) -> None:  # noqa: FBT001 - as above
        """Append lines that are whole, the first of them behind a joint."""
        self.add(others.starts[0], others.stops[0], others.texts[0], joint, as_printed)
        if len(others) == 1:
            return
        self.close()
        self.starts += others.starts[1:]
        self.stops += others.stops[1:]
        self.texts += others.texts[1:]
        self.joints += others.joints[1:]
        self.as_printed += others.as_printed[1:]

    def add_mended(self, pieces: Sequence[Piece], texts: Sequence[str], joint: str) -> None:
        """Append a line in which something else stands for some bytes, or go on with the last line."""
        first = pieces[0]._replace(joint=joint.encode())
        if not joint.startswith("\n") and self.texts:
            self._go_on(first, joint + texts[0])
        else:
            self.add(first.start, first.stop, texts[0], joint, as_printed=False)
            self.broken[len(self) - 1] = [first]
            self._open = [texts[0]]
        for piece, text in zip(pieces[1:], texts[1:], strict=True):
            self._go_on(piece, text)

    def _go_on(self, piece: Piece, text: str) -> None:
        """Append a piece to the last line: its text is joined when the line ends, for there may be very many."""
        last = len(self.texts) - 1
        if not self._open:
            self._open = [self.texts[last]]
            self.broken[last] = list(self.pieces(last))
        self._open.append(text)
        self.broken[last].append(piece)
        self.stops[last] = piece.stop

    def close(self) -> None:
        """Give the last line its text, when it has several pieces."""
        if self._open:
            self.texts[-1] = "".join(self._open)
            self._open = []

    def parted(self, raw: bytes, place: int, at: int) -> Lines:
        """Return lines of which one is two, before and from a character on, both trimmed; one where no text is left."""
        before, behind = (half.strip(CHARACTERS) for half in (self.texts[place][:at], self.texts[place][at:]))
        if place in self.broken or not before or not behind:
            return self._with_others(place, [half for half in self[place].split(raw, at) if half is not None])
        stop, start = self.starts[place] + len(before.encode()), self.stops[place] - len(behind.encode())
        below = place + 1
        lines = Lines(
            self.starts.copy(),
            self.stops.copy(),
            self.texts.copy(),
            self.joints.copy(),
            self.as_printed.copy(),
            {number + (number > place): pieces for number, pieces in self.broken.items()},
        )
        lines.starts.insert(below, start)
        lines.stops.insert(place, stop)
        lines.texts[place:below] = before, behind
        lines.joints.insert(below, " " if start > stop else "")
        lines.as_printed[place:below] = bytes(2)
        return lines

    def _with_others(self, place: int, lines: Sequence[Line]) -> Lines:
        """Return lines with others in the place of one."""
        behind = place + 1
        shift = len(lines) - 1
        kept = {number + shift * (number > place): pieces for number, pieces in self.broken.items() if number != place}
        return Lines(
            [*self.starts[:place], *(line.pieces[0].start for line in lines), *self.starts[behind:]],
            [*self.stops[:place], *(line.pieces[-1].stop for line in lines), *self.stops[behind:]],
            [*self.texts[:place], *(line.text for line in lines), *self.texts[behind:]],
            [*self.joints[:place], *(line.joint.decode() for line in lines), *self.joints[behind:]],
            self.as_printed[:place] + bytes(len(lines)) + self.as_printed[behind:],
            {
                **kept,
                **{place + number: list(line.pieces) for number, line in enumerate(lines) if _is_broken(line)},
            },
        )

    def without(self, places: AbstractSet[int]) -> Lines:
        """Return the lines but for some; those on either side are parted by the strongest break between them."""
        left = Lines()
        joint = ""
        is_behind = False
        for place in range(len(self)):
            joint = max(self.joints[place], joint, key=len)
            if place not in places:
                left.starts.append(self.starts[place])
                left.stops.append(self.stops[place])
                left.texts.append(self.texts[place])
                left.joints.append(joint)
                left.as_printed.append(self.as_printed[place] and not is_behind)
                if place in self.broken:
                    first, *more = self.broken[place]
                    left.broken[len(left) - 1] = [first._replace(joint=joint.encode()), *more]
                joint = ""
            is_behind = place in places
        return left


def _is_broken(line: Line) -> bool:
    return len(line.pieces) > 1 or line.pieces[0].text is not None
