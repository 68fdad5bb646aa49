"""Third stage: tell the lines apart. What stands above the prose, what below, and the prose itself.

The head of a page is a run of short lines: sections or related headlines (the *kicker*), the title (at times printed
twice), the timestamp line. A short line left between them and the prose is the *deck*. Editors' marks end the page.
Only head and foot are looked at: a date in the prose is no dateline.

Taking lines away repeats until nothing is left to take, so that reading a body again changes nothing. A page that never
comes to rest (a list of fixtures, each with its date) is left whole: it is not known which of its lines is which.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import regex

from pipeline.headline import split_flags
from pipeline.model import Article, Edit, Line, Piece, Role, Tile

HEAD_LONGEST = 6
"""Lines above the prose at most; a longer run of short lines is a list, not a head."""
TITLE_LONGEST = 250
SHORT_LONGEST = 200
SIGN_OFF_MOST = 3
ROUNDS = 4
SPLIT_FROM = 0.6
"""Share of lines that must end like a sentence for single line breaks to count as paragraph breaks."""

SENTENCE_END = regex.compile(r"[.!?…。！？؟۔।:;,][\"'”’»›)\]\s]*\Z")
BYLINE = regex.compile(r"(?:by|von|par|por|di)\s", regex.IGNORECASE)
LETTER = regex.compile(r"\p{L}")

COLUMN_ROLES: tuple[Role, ...] = ("title", "kicker", "deck", "dateline", "sign_off")

Shape = Literal["stamp", "short", "prose"]


@dataclass(frozen=True, slots=True)
class Marks:
    """What a profile knows of an article's form.

    Attributes:
        is_stamp: Whether a line is a timestamp line and nothing else.
        is_sign_off: Whether a line is an editor's mark and nothing else.
        flags: Flag words of titles.
    """

    is_stamp: Callable[[str], bool]
    is_sign_off: Callable[[str], bool]
    flags: Sequence[str] = ()


def read(raw: bytes, lines: Sequence[Line], tiles: Sequence[Tile], marks: Marks) -> Article:
    """Return the article that the lines hold, with the edits that lead back to the raw bytes."""
    layout = _lay_out(lines, marks)
    title, kicker, deck, stamps, sign_off = (layout.text(lines, role) for role in COLUMN_ROLES)
    body = "".join(joint + line.text for joint, line in zip(layout.joints, layout.body(lines), strict=True))
    headline, flags = split_flags(title, marks.flags) if title else (None, ())
    return Article(
        body=body,
        title=title,
        headline=headline,
        title_flags=flags,
        kicker=kicker,
        deck=deck,
        dateline_raw=stamps,
        sign_off=sign_off,
        edits=tuple(_edits(raw, lines, tiles, layout)),
    )


def untouched(raw: bytes, piece: Piece, text: str) -> Article:
    """Return the article of a page that is left as it stands, from its first word to its last."""
    edits: list[Edit] = []
    _fill(raw, edits, [], 0, piece.start)
    if piece.stop > piece.start:
        edits.append(Edit(piece.start, piece.stop, "body", None, 0, piece.stop - piece.start))
    _fill(raw, edits, [], piece.stop, len(raw))
    return Article(body=text, edits=tuple(edits))


@dataclass(slots=True)
class _Layout:
    """Which line plays which role.

    Attributes:
        start, stop: The lines of the body.
        joints: What joins each body line to the one before; empty for the first.
        roles: Roles of the lines outside the body.
    """

    start: int
    stop: int
    joints: list[str]
    roles: dict[int, Role] = field(default_factory=dict)

    def body(self, lines: Sequence[Line]) -> Sequence[Line]:
        return lines[self.start : self.stop]

    def text(self, lines: Sequence[Line], role: Role) -> str | None:
        """Return the lines of a role, in the order of the page; of a title that is printed again, the first."""
        texts = [lines[place].text for place in sorted(self.roles) if self.roles[place] == role]
        if role == "title":
            texts = texts[:1]
        return "\n".join(texts) if texts else None


def _lay_out(lines: Sequence[Line], marks: Marks) -> _Layout:
    layout = _Layout(0, len(lines), [])
    for turn in range(ROUNDS):
        layout.joints = _joints(layout.body(lines))
        body = [line.text for line in layout.body(lines)]
        head = _head(body, layout.joints, marks)
        foot = _foot(body[len(head) :], layout.joints[len(head) :], marks)
        if not head and not foot:
            return layout
        _take(layout, head, foot, first=turn == 0)
    return _Layout(0, len(lines), _joints(lines))


def _take(layout: _Layout, head: Sequence[Role], foot: Sequence[Role], *, first: bool) -> None:
    """Move the lines of head and foot out of the body; what looks like a title below the head is its deck."""
    taken = [(layout.start + place, role) for place, role in enumerate(head)]
    taken += [(layout.stop - len(foot) + place, role) for place, role in enumerate(foot)]
    for place, role in taken:
        layout.roles[place] = role if first or role not in ("title", "kicker") else "deck"
    layout.start += len(head)
    layout.stop -= len(foot)


def _joints(lines: Sequence[Line]) -> list[str]:
    """Return what joins each line to the one before: ``""`` first, then one line break or two.

    Where no blank line stands at all and most lines end like sentences, every line is a paragraph.
    """
    joints = [line.joint.decode() for line in lines]
    if not joints:
        return []
    joints[0] = ""
    if len(joints) > 1 and "\n\n" not in joints:
        sentences = sum(SENTENCE_END.search(line.text[-8:]) is not None for line in lines)
        if sentences >= SPLIT_FROM * len(lines):
            return ["", *["\n\n"] * (len(joints) - 1)]
    return joints


def _shape(text: str, marks: Marks) -> Shape:
    if marks.is_stamp(text):
        return "stamp"
    if len(text) <= SHORT_LONGEST and not SENTENCE_END.search(text[-8:]) and LETTER.search(text):
        return "short"
    return "prose"


def _head(texts: Sequence[str], joints: Sequence[str], marks: Marks) -> list[Role]:
    """Return the roles of the lines above the prose; nothing when there is no proof of a head."""
    shapes: list[Shape] = []
    for text in texts[: HEAD_LONGEST + 1]:
        shapes.append(_shape(text, marks))
        if shapes[-1] != "short":
            break
    run = len(shapes) - 1
    if run < 0:
        return []
    if shapes[-1] == "stamp":
        return _stamped_head(texts, joints, run, marks)
    # A title may be a question or a cry. A line that ends with a full stop is prose: a date below proves nothing.
    if run + 1 < len(texts) and _can_be_asked(texts[run]) and marks.is_stamp(texts[run + 1]):
        return _stamped_head(texts, joints, run + 1, marks)
    return _bare_head(texts, joints, marks)


def _can_be_asked(text: str) -> bool:
    return len(text) <= TITLE_LONGEST and text.rstrip("\"'”’»").endswith(("?", "!", "؟", "！", "？"))


def _stamped_head(texts: Sequence[str], joints: Sequence[str], stamp: int, marks: Marks) -> list[Role]:
    """Return the roles of a head that holds a timestamp line: the line above it, by-lines apart, is the title."""
    titles = [text for text in texts[:stamp] if not BYLINE.match(text)]
    title = titles[-1] if titles else None
    above = max((place for place in range(stamp) if texts[place] == title), default=-1)
    roles: list[Role] = [
        "title" if text == title else "kicker" if place < above else "deck" for place, text in enumerate(texts[:stamp])
    ]
    place = stamp
    while place < len(texts) and marks.is_stamp(texts[place]):
        roles.append("dateline")
        place += 1
    while title is not None and place < len(texts) and texts[place] == title:
        roles.append("title")
        place += 1
    if _stands_alone(texts, joints, place, marks):
        roles.append("title" if title is None else "deck")
    return roles


def _bare_head(texts: Sequence[str], joints: Sequence[str], marks: Marks) -> list[Role]:
    """Return the roles of a head without a timestamp line: a short paragraph before prose is the title."""
    place = 0
    while place + 1 < len(texts) and texts[place + 1] == texts[0]:
        place += 1
    if place < HEAD_LONGEST and _stands_alone(texts, joints, place, marks) and not BYLINE.match(texts[0]):
        return ["title"] * (place + 1)
    return []


def _stands_alone(texts: Sequence[str], joints: Sequence[str], place: int, marks: Marks) -> bool:
    """Whether a short line is a paragraph of its own, with prose behind it."""
    return (
        place + 1 < len(texts)
        and joints[place + 1] == "\n\n"
        and _shape(texts[place], marks) == "short"
        and _shape(texts[place + 1], marks) == "prose"
    )


def _foot(texts: Sequence[str], joints: Sequence[str], marks: Marks) -> list[Role]:
    """Return the roles of the lines below the prose; some prose must remain above them.

    They begin a paragraph or follow a whole sentence, or the last words of a sentence would be taken for a mark. More
    marks than an article has are a table of something.
    """
    roles: list[Role] = []
    apart = 0
    for place in range(len(texts) - 1, 0, -1):
        if marks.is_sign_off(texts[place]):
            roles.insert(0, "sign_off")
        elif "dateline" not in roles and marks.is_stamp(texts[place]):
            roles.insert(0, "dateline")
        else:
            break
        if roles.count("sign_off") > SIGN_OFF_MOST:
            return []
        if joints[place] == "\n\n" or SENTENCE_END.search(texts[place - 1][-8:]):
            apart = len(roles)
    return roles[len(roles) - apart :]


def _edits(raw: bytes, lines: Sequence[Line], tiles: Sequence[Tile], layout: _Layout) -> list[Edit]:
    """Return edits that cover the document: pieces point into columns, everything else keeps its bytes."""
    edits: list[Edit] = []
    cuts = [tile for tile in reversed(tiles) if tile.artifact is not None]
    position = 0
    for start, stop, role, text_start in _placed(lines, layout):
        joined = _fill(raw, edits, cuts, position, start)
        position = stop
        last = edits[-2] if joined and len(edits) > 1 else None
        if last is not None and _continues(last, edits[-1], role, text_start):
            del edits[-2:]
            edits.append(Edit(last.start, stop, role, None, last.text_start, text_start + stop - start))
        else:
            edits.append(Edit(start, stop, role, None, text_start, text_start + stop - start))
    _fill(raw, edits, cuts, position, len(raw))
    return edits


def _continues(last: Edit, blank: Edit, role: Role, text_start: int) -> bool:
    """Whether the white space before a piece is, byte for byte, what the column has there."""
    if last.role != role or last.text_stop is None or blank.raw not in (b"\n", b"\n\n"):
        return False
    return role == "body" and last.text_stop + len(blank.raw) == text_start


def _fill(raw: bytes, edits: list[Edit], cuts: list[Tile], start: int, stop: int) -> bool:
    """Append what stands between two pieces, artifacts and white space; return whether it was one blank edit."""
    before = len(edits)
    position = start
    while cuts and cuts[-1].stop <= stop:
        cut = cuts.pop()
        if cut.start > position:
            edits.append(Edit(position, cut.start, "blank", raw=raw[position : cut.start]))
        edits.append(Edit(cut.start, cut.stop, "artifact", artifact=cut.artifact))
        position = cut.stop
    if stop > position:
        edits.append(Edit(position, stop, "blank", raw=raw[position:stop]))
    return len(edits) == before + 1 and edits[-1].role == "blank"


def _placed(lines: Sequence[Line], layout: _Layout) -> list[tuple[int, int, Role, int]]:
    """Return every piece with its role and its place in the UTF-8 form of the column that holds it."""
    placed: list[tuple[int, int, Role, int]] = []
    offsets: dict[Role, int] = {}
    for place, line in enumerate(lines):
        role = layout.roles.get(place, "body")
        if role == "body":
            offset = offsets.get(role, 0) + len(layout.joints[place - layout.start])
        elif role == "title":
            offset = 0
        else:
            offset = offsets.get(role, -1) + 1
        for number, piece in enumerate(line.pieces):
            offset += len(piece.joint) if number else 0
            placed.append((piece.start, piece.stop, role, offset))
            offset += piece.stop - piece.start
        offsets[role] = offset
    return placed
