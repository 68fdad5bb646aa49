"""What stays of a document: pieces of text, the lines they make, and the ledger's edits that lead back to the bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from pipeline import white

Role = Literal[
    "title", "kicker", "deck", "dateline", "lead", "body", "sign_off", "boilerplate", "artifact", "blank", "page"
]


class Edit(Struct, frozen=True, gc=False):
    """One row of the ledger: which bytes of the document went where, or what they were.

    Exactly one of these holds the bytes: the article column named by ``role`` at ``[text_start, text_stop)``
    of its UTF-8 form; the artifact of that ordinal; or ``raw``, where neither does. With ``raw`` and a place in a
    column, the text there stands for the bytes: a decoded entity, a repaired character, another encoding.
    """

    start: int
    stop: int
    role: Role
    artifact: int | None = None
    text_start: int | None = None
    text_stop: int | None = None
    raw: bytes | None = None


class Piece(NamedTuple):
    """A run of kept bytes without line break or artifact in it, and what joins it to the one before.

    ``joint`` is ``""`` or a blank inside a line, a line break inside a paragraph, two at a paragraph's start. ``text``
    is what stands for the bytes, where that is not the bytes themselves.
    """

    start: int
    stop: int
    joint: bytes
    text: str | None = None

    def shown(self, raw: bytes) -> str:
        """Return the text of the piece.

        Raises:
            UnicodeDecodeError: The bytes are not UTF-8, and nothing stands for them.
        """
        return raw[self.start : self.stop].decode() if self.text is None else self.text

    @property
    def size(self) -> int:
        """Bytes that the piece takes in a column."""
        return self.stop - self.start if self.text is None else len(self.text.encode())

    def halves(self, raw: bytes, at: int) -> tuple[Piece, Piece]:
        """Return the piece before a character of its text, and from there on; what stands for bytes shares them.

        >>> Piece(0, 7, b"", "…—").halves(b"...&amp;", 1)
        (Piece(start=0, stop=1, joint=b'', text='…'), Piece(start=1, stop=7, joint=b'', text='—'))
        """
        if self.text is None:
            middle = self.start + len(self.shown(raw)[:at].encode())
            return Piece(self.start, middle, self.joint), Piece(middle, self.stop, b"")
        middle = min(self.start + at, self.stop - 1)
        return Piece(self.start, middle, self.joint, self.text[:at]), Piece(middle, self.stop, b"", self.text[at:])

    def trimmed(self, raw: bytes) -> Piece | None:
        """Return the piece without white space at either end; None for one without text."""
        if self.text is not None:
            text = self.text.strip(white.CHARACTERS)
            return self._replace(text=text) if text else None
        start, stop = white.trim(raw, self.start, self.stop)
        return Piece(start, stop, self.joint) if start < stop else None


class Line(NamedTuple):
    """One line of text as a reader sees it: pieces around artifacts and around what was mended in its midst, joined."""

    pieces: tuple[Piece, ...]
    text: str

    @classmethod
    def of(cls, raw: bytes, pieces: Sequence[Piece]) -> Line:
        """Return the line that pieces make; the first one's joint is no part of it.

        Raises:
            UnicodeDecodeError: A piece is not UTF-8.
        """
        texts = (piece.joint.decode() * (number > 0) + piece.shown(raw) for number, piece in enumerate(pieces))
        return cls(tuple(pieces), "".join(texts))

    @property
    def joint(self) -> bytes:
        """What joins the line to the one before."""
        return self.pieces[0].joint

    def behind(self, joint: bytes) -> Line:
        """Return the line as it stands behind a joint."""
        return Line((self.pieces[0]._replace(joint=joint), *self.pieces[1:]), self.text)

    def split(self, raw: bytes, at: int) -> tuple[Line | None, Line | None]:
        """Return the line before and from a character of its text on, both trimmed; None for one without text.

        >>> raw = b"PARIS - Rain fell."
        >>> [half.text for half in Line((Piece(0, 18, b""),), raw.decode()).split(raw, 7)]
        ['PARIS -', 'Rain fell.']
        """
        before: list[Piece] = []
        behind: list[Piece] = []
        position = 0
        for number, piece in enumerate(self.pieces):
            position += len(piece.joint) if number else 0
            length = len(piece.shown(raw))
            if position + length <= at:
                before.append(piece)
            elif position >= at:
                behind.append(piece)
            else:
                first, last = piece.halves(raw, at - position)
                before.append(first)
                behind.append(last)
            position += length
        ends = before[-1:] + behind[:1]
        _trim(raw, before, -1)
        _trim(raw, behind, 0)
        if before and behind and not behind[0].joint:
            # What parts the halves: a blank, where white space stood there.
            behind[0] = behind[0]._replace(joint=b" " if ends != [before[-1], behind[0]] else b"")
        return Line.of(raw, before) if before else None, Line.of(raw, behind) if behind else None


def _trim(raw: bytes, pieces: list[Piece], end: int) -> None:
    """Trim white space of the first piece, or of the last; a piece without text goes."""
    while pieces:
        left = pieces[end].trimmed(raw)
        if left is not None:
            pieces[end] = left
            return
        del pieces[end]


class Placed(Struct, frozen=True, gc=False):
    """A piece of text that a column holds: which role, and where in the column's UTF-8 form it begins.

    ``size`` are the bytes that it has there, where those are not the document's own.
    ``text_start`` is None for what no column holds, such as boilerplate: the ledger keeps its bytes.
    """

    start: int
    stop: int
    role: Role
    text_start: int | None
    size: int | None = None

    @property
    def text_stop(self) -> int | None:
        """Where it ends in the column's UTF-8 form."""
        if self.text_start is None:
            return None
        return self.text_start + (self.stop - self.start if self.size is None else self.size)
