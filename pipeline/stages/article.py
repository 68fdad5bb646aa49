"""Third stage: tell the lines apart. What stands above the prose, what below, and the prose itself.

The head of a page is a run of short lines: sections or related headlines (the *kicker*), the title (at times printed
twice), the timestamp line. A short line left between them and the prose is the *deck*. Editors' marks end the page.
Only head and foot are looked at: a date in the prose is no dateline.

Taking lines away repeats until nothing is left to take, so that reading a body again changes nothing. A page that never
comes to rest (a list of fixtures, each with its date) is left whole: it is not known which of its lines is which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from msgspec import Struct, field

from pipeline import boilerplate, frame
from pipeline.headline import split_flags
from pipeline.lines import Lines
from pipeline.model import Article, Line, Piece, Placed, Role, Tile
from pipeline.tiling import cover

ROUNDS = 6
SPLIT_FROM = 0.6
"""Share of lines that must end like a sentence for single line breaks to count as paragraph breaks."""

COLUMN_ROLES: tuple[Role, ...] = ("title", "kicker", "deck", "dateline", "lead", "sign_off")


def read(raw: bytes, lines: Lines, tiles: Sequence[Tile], marks: frame.Marks) -> Article:
    """Return the article that the lines hold, with the edits that lead back to the raw bytes."""
    layout = _lay_out(raw, lines, marks)
    title, kicker, deck, stamps, lead, sign_off = layout.columns()
    body = _joined(layout.body, layout.joints)
    headline, flags = split_flags(title, marks.flags) if title else (None, ())
    return Article(
        body=body,
        title=title,
        headline=headline,
        title_flags=flags,
        kicker=kicker,
        deck=deck,
        dateline_raw=stamps,
        lead_raw=lead,
        sign_off=sign_off,
        edits=cover(raw, _placed(layout), tiles),
    )


def _joined(texts: Sequence[str], joints: Sequence[str]) -> str:
    """Return lines as one text; the first has nothing before it."""
    if joints.count("\n\n") == len(texts) - 1:
        return "\n\n".join(texts)
    return "".join(chain.from_iterable(zip(joints, texts, strict=True)))


def head_lines(article: Article) -> Iterator[str]:
    """Yield the short lines at the head of an article: those of its frame, and those that its body begins with."""
    for column in (article.kicker, article.deck):
        yield from (column or "").splitlines()
    for line in article.body[: frame.HEAD_LONGEST * frame.SHORT_LONGEST].splitlines()[: frame.HEAD_LONGEST]:
        if len(line) > frame.SHORT_LONGEST or frame.ends_sentence(line):
            return
        yield line


def foot_line(article: Article) -> str:
    """Return the last line of a body where it is short and no sentence, as the date of a teaser is; else nothing."""
    last = article.body[-frame.SHORT_LONGEST :].rpartition("\n")[2]
    return "" if len(last) == frame.SHORT_LONGEST or frame.ends_sentence(last) else last


def untouched(raw: bytes, piece: Piece, text: str) -> Article:
    """Return the article of a page that is left as it stands, from its first word to its last."""
    placed = [Placed(piece.start, piece.stop, "body", 0)] if piece.stop > piece.start else []
    return Article(body=text, edits=cover(raw, placed, ()))


class _Layout(Struct):
    """Which line plays which role.

    Attributes:
        lines: All lines; the one that a lead-in ends in is two.
        start, stop: The lines of the body.
        body: Their texts.
        joints: What joins each of them to the one before; empty for the first.
        roles: Roles of the lines outside the body.
        boilerplate: Lines that were taken out from among the others.
    """

    lines: Lines
    start: int
    stop: int
    body: list[str]
    joints: list[str]
    roles: dict[int, Role] = field(default_factory=dict)
    boilerplate: list[Line] = field(default_factory=list)

    def columns(self) -> list[str | None]:
        """Return the lines of each role outside the body, in the order of the page; of a repeated title the first."""
        texts, joints = self.lines.texts, self.lines.joints
        found: dict[Role, list[str]] = {}
        for place in sorted(self.roles):
            role = self.roles[place]
            if role not in found:
                found[role] = [texts[place]]
            elif role != "title":
                found[role] += _break(joints[place], role), texts[place]
        return ["".join(found[role]) if role in found else None for role in COLUMN_ROLES]


def _lay_out(raw: bytes, lines: Lines, marks: frame.Marks) -> _Layout:
    layout = _Layout(lines, 0, len(lines), lines.texts, [])
    for turn in range(ROUNDS):
        if marks.boilerplate:
            _take_boilerplate(layout, marks)
        body = layout.body
        layout.joints = joints = _joints(body, layout.lines.joints[layout.start : layout.stop])
        head = frame.head(body, joints, marks)
        foot = frame.foot(body, joints, marks, len(head))
        if head or foot:
            _take(layout, head, foot, first=turn == 0)
        elif lead := frame.lead(body, joints, marks):
            _take_lead(raw, layout, *lead)
        else:
            return layout
        layout.body = layout.lines.texts[layout.start : layout.stop]
    return _Layout(lines, 0, len(lines), lines.texts, _joints(lines.texts, lines.joints[:]))


def _take_boilerplate(layout: _Layout, marks: frame.Marks) -> None:
    """Move known boilerplate near both ends of the body out of it; a body that is nothing else stays.

    What stood around it is parted as it was: by the strongest break between the two.
    """
    body = layout.body
    found = boilerplate.places(body, marks.boilerplate.__contains__)
    if not found or len(found) == len(body):
        return
    taken = {layout.start + place for place in found}
    layout.boilerplate += [layout.lines[place] for place in sorted(taken)]
    layout.lines = layout.lines.without(taken)
    layout.roles = {place - len(taken) if place >= layout.stop else place: role for place, role in layout.roles.items()}
    layout.stop -= len(taken)
    layout.body = layout.lines.texts[layout.start : layout.stop]


def _take(layout: _Layout, head: Sequence[Role], foot: Sequence[Role], *, first: bool) -> None:
    """Move the lines of head and foot out of the body; what looks like a title below the head is its deck."""
    taken = chain(enumerate(head, layout.start), enumerate(foot, layout.stop - len(foot)))
    for place, role in taken:
        layout.roles[place] = role if first or role not in ("title", "kicker") else "deck"
    layout.start += len(head)
    layout.stop -= len(foot)


def _take_lead(raw: bytes, layout: _Layout, whole: int, at: int) -> None:
    """Move whole lines, and the next one up to a character, out of the body."""
    place = layout.start + whole
    lines = layout.lines.parted(raw, place, at)
    for taken in range(layout.start, place + 1):
        layout.roles[taken] = "lead"
    shift = len(lines) - len(layout.lines)
    if shift:
        below = {number + shift if number > place else number: role for number, role in layout.roles.items()}
        layout.roles = below
    layout.lines = lines
    layout.start = place + 1
    layout.stop += shift


def _joints(texts: Sequence[str], joints: list[str]) -> list[str]:
    """Return what joins each line to the one before: ``""`` first, then one line break or two.

    Where no blank line stands at all and most lines end like sentences, every line is a paragraph.
    """
    if not joints:
        return []
    joints[0] = ""
    if len(joints) > 1 and "\n\n" not in joints:
        sentences = sum(map(frame.ends_sentence, texts))
        if sentences >= SPLIT_FROM * len(texts):
            return ["", *["\n\n"] * (len(joints) - 1)]
    return joints


def _break(joint: str, role: Role) -> str:
    """Return what parts a line from the one before it in a column: a line break, or between lead-ins what stood there.

    Both halves of a line can be lead-ins, one after the other.
    """
    return joint if role == "lead" and not joint.startswith("\n") else "\n"


def _placed(layout: _Layout) -> list[Placed]:
    """Return every piece with its role and its place in the UTF-8 form of the column that holds it."""
    offsets: dict[Role, int] = {}
    placed = _placed_outside(layout, range(layout.start), offsets)
    placed += _placed_body(layout)
    placed += _placed_outside(layout, range(layout.stop, len(layout.lines.texts)), offsets)
    if layout.boilerplate:
        taken = (piece for line in layout.boilerplate for piece in line.pieces)
        placed += [Placed(piece.start, piece.stop, "boilerplate", None) for piece in taken]
        placed.sort(key=lambda piece: piece.start)
    return placed


def _placed_outside(layout: _Layout, places: Iterable[int], offsets: dict[Role, int]) -> list[Placed]:
    """Return the pieces of lines outside the body; ``offsets`` is how far each column is filled already."""
    lines = layout.lines
    placed: list[Placed] = []
    for place in places:
        role = layout.roles[place]
        offset = 0 if role == "title" else offsets.get(role, 0)
        if offset:
            offset += len(_break(lines.joints[place], role))
        offsets[role] = _place(lines, place, role, offset, placed)
    return placed


def _placed_body(layout: _Layout) -> list[Placed]:
    """Return the pieces of the body; lines that are printed as they are kept are one, from the first to the last."""
    lines, joints, start, stop = layout.lines, layout.joints, layout.start, layout.stop
    placed: list[Placed] = []
    offset = 0
    if any(start <= broken < stop for broken in lines.broken):
        for place in range(start, stop):
            offset = _place(lines, place, "body", offset + len(joints[place - start]), placed)
        return placed
    as_printed = lines.as_printed if joints[1:] == lines.joints[start + 1 : stop] else bytes(stop)
    place = start
    while place < stop:
        below = as_printed.find(0, place + 1, stop)
        if below < 0:
            below = stop
        first, last = lines.starts[place], lines.stops[below - 1]
        offset += len(joints[place - start])
        placed.append(Placed(first, last, "body", offset))
        offset += last - first
        place = below
    return placed


def _place(lines: Lines, place: int, role: Role, offset: int, placed: list[Placed]) -> int:
    """Append the pieces of a line, of which the first begins at a place in its column; return where the last ends."""
    if place not in lines.broken:
        start, stop = lines.starts[place], lines.stops[place]
        placed.append(Placed(start, stop, role, offset))
        return offset + stop - start
    for number, piece in enumerate(lines.broken[place]):
        offset += len(piece.joint) if number else 0
        size = piece.size
        placed.append(Placed(piece.start, piece.stop, role, offset, None if piece.text is None else size))
        offset += size
    return offset
