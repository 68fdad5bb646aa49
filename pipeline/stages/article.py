"""Third stage: tell the lines apart. What stands above the prose, what below, and the prose itself.

The head of a page is a run of short lines: sections or related headlines (the *kicker*), the title (at times printed
twice), the timestamp line. A short line left between them and the prose is the *deck*. Editors' marks end the page.
Only head and foot are looked at: a date in the prose is no dateline.

Taking lines away repeats until nothing is left to take, so that reading a body again changes nothing. A page that never
comes to rest (a list of fixtures, each with its date) is left whole: it is not known which of its lines is which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from typing import Literal, TypeVar

from pipeline import boilerplate
from pipeline.dates import clock_lines
from pipeline.dates.bylines import is_byline
from pipeline.dates.credit_lines import is_label, is_labelled, is_section
from pipeline.dates.leadin_words import is_agency
from pipeline.headline import is_furniture, split_flags
from pipeline.lines import Lines
from pipeline.model import Article, Line, Piece, Placed, Role, Tile
from pipeline.patterns import lazy_compile
from pipeline.tiling import cover

HEAD_LONGEST = 6
"""Lines above the prose at most; a longer run of short lines is a list, not a head."""
TITLE_LONGEST = 250
SHORT_LONGEST = 200
STANDFIRST_LONGEST = 400
SIGN_OFF_MOST = 3
LEAD_LINES = 3
"""Lines that a lead-in may run over."""
ROUNDS = 6
LINES_KEPT = 256
"""Lines of which something is remembered: more than a page is asked about."""
SPLIT_FROM = 0.6
"""Share of lines that must end like a sentence for single line breaks to count as paragraph breaks."""

SENTENCE_END = lazy_compile(r"[.!?…。！？؟۔।:;,][\"'”’»›)\]\s]*\Z")
LETTER = lazy_compile(r"\p{L}")
DIGIT_TITLE = lazy_compile(r"[0-9]{1,4}(?:/[0-9]{1,2})?")
"""A title without a letter, as `1984` and `9/11` are: one only right above a timestamp line."""

COLUMN_ROLES: tuple[Role, ...] = ("title", "kicker", "deck", "dateline", "lead", "sign_off")

Shape = Literal["stamp", "short", "prose"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Marks:
    """What a profile knows of an article's form.

    Attributes:
        is_stamp: Whether a line is a timestamp line and nothing else.
        is_credit: Whether a line tells when the text came out beside its author, agency and the like.
        is_sign_off: Whether a line is an editor's mark and nothing else.
        lead: How many characters of a text its lead-in takes; 0 when it begins with a sentence.
        flags: Flag words of titles.
        boilerplate: Lines that head and foot of the source's pages have in common, as they are compared.
    """

    is_stamp: Callable[[str], bool]
    is_credit: Callable[[str], bool]
    is_sign_off: Callable[[str], bool]
    lead: Callable[[str], int]
    flags: Sequence[str] = ()
    boilerplate: AbstractSet[str] = frozenset()


def read(raw: bytes, lines: Lines, tiles: Sequence[Tile], marks: Marks) -> Article:
    """Return the article that the lines hold, with the edits that lead back to the raw bytes."""
    layout = _lay_out(raw, lines, marks)
    title, kicker, deck, stamps, lead, sign_off = layout.columns()
    body = "".join(chain.from_iterable(zip(layout.joints, layout.body, strict=True)))
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


class _Told(dict[str, T]):
    """What is said of each line, remembered: a page is gone over until it comes to rest, each time from its head."""

    def __init__(self, ask: Callable[[str], T]) -> None:
        self._ask = ask

    def __missing__(self, text: str) -> T:
        if len(self) >= LINES_KEPT:
            self.clear()
        told = self[text] = self._ask(text)
        return told


def remembering(marks: Marks) -> Marks:
    """Return marks that say the same of every line, and are not asked for it again and again."""
    return replace(
        marks,
        is_stamp=_Told(marks.is_stamp).__getitem__,
        is_credit=_Told(marks.is_credit).__getitem__,
        is_sign_off=_Told(marks.is_sign_off).__getitem__,
        lead=_Told(marks.lead).__getitem__,
    )


def head_lines(article: Article) -> Iterator[str]:
    """Yield the short lines at the head of an article: those of its frame, and those that its body begins with."""
    for column in (article.kicker, article.deck):
        yield from (column or "").splitlines()
    for line in article.body[: HEAD_LONGEST * SHORT_LONGEST].splitlines()[:HEAD_LONGEST]:
        if len(line) > SHORT_LONGEST or SENTENCE_END.search(line[-8:]):
            return
        yield line


def untouched(raw: bytes, piece: Piece, text: str) -> Article:
    """Return the article of a page that is left as it stands, from its first word to its last."""
    placed = [Placed(piece.start, piece.stop, "body", 0)] if piece.stop > piece.start else []
    return Article(body=text, edits=cover(raw, placed, ()))


@dataclass(slots=True)
class _Layout:
    """Which line plays which role.

    Attributes:
        lines: All lines; the one that a lead-in ends in is two.
        start, stop: The lines of the body.
        joints: What joins each body line to the one before; empty for the first.
        roles: Roles of the lines outside the body.
        boilerplate: Lines that were taken out from among the others.
    """

    lines: Lines
    start: int
    stop: int
    joints: list[str]
    roles: dict[int, Role] = field(default_factory=dict)
    boilerplate: list[Line] = field(default_factory=list)

    @property
    def body(self) -> list[str]:
        """The texts of the body's lines."""
        return self.lines.texts[self.start : self.stop]

    def columns(self) -> Iterator[str | None]:
        """Yield the lines of each role outside the body, in the order of the page; of a repeated title the first."""
        places: dict[Role, list[int]] = {}
        for place in sorted(self.roles):
            places.setdefault(self.roles[place], []).append(place)
        texts, joints = self.lines.texts, self.lines.joints
        for role in COLUMN_ROLES:
            first, *more = places.get(role, (None,))
            if first is None:
                yield None
            elif role == "title" or not more:
                yield texts[first]
            else:
                yield texts[first] + "".join(_break(joints[place], role) + texts[place] for place in more)


def _lay_out(raw: bytes, lines: Lines, marks: Marks) -> _Layout:
    layout = _Layout(lines, 0, len(lines), [])
    for turn in range(ROUNDS):
        _take_boilerplate(layout, marks)
        body = layout.body
        layout.joints = _joints(body, layout.lines.joints[layout.start : layout.stop])
        head = _head(body, layout.joints, marks)
        foot = _foot(body[len(head) :], layout.joints[len(head) :], marks)
        if head or foot:
            _take(layout, head, foot, first=turn == 0)
        elif lead := _lead(body, layout.joints, marks):
            _take_lead(raw, layout, *lead)
        else:
            return layout
    return _Layout(lines, 0, len(lines), _joints(lines.texts, lines.joints[:]))


def _take_boilerplate(layout: _Layout, marks: Marks) -> None:
    """Move known boilerplate near both ends of the body out of it; a body that is nothing else stays.

    What stood around it is parted as it was: by the strongest break between the two.
    """
    if not marks.boilerplate:
        return
    body = layout.body
    found = boilerplate.places(body, marks.boilerplate.__contains__)
    if not found or len(found) == len(body):
        return
    taken = {layout.start + place for place in found}
    layout.boilerplate += [layout.lines[place] for place in sorted(taken)]
    layout.lines = layout.lines.without(taken)
    layout.roles = {place - len(taken) if place >= layout.stop else place: role for place, role in layout.roles.items()}
    layout.stop -= len(taken)


def _take(layout: _Layout, head: Sequence[Role], foot: Sequence[Role], *, first: bool) -> None:
    """Move the lines of head and foot out of the body; what looks like a title below the head is its deck."""
    taken = [(layout.start + place, role) for place, role in enumerate(head)]
    taken += [(layout.stop - len(foot) + place, role) for place, role in enumerate(foot)]
    for place, role in taken:
        layout.roles[place] = role if first or role not in ("title", "kicker") else "deck"
    layout.start += len(head)
    layout.stop -= len(foot)


def _take_lead(raw: bytes, layout: _Layout, whole: int, at: int) -> None:
    """Move whole lines, and the next one up to a character, out of the body."""
    place = layout.start + whole
    halves = [half for half in layout.lines[place].split(raw, at) if half is not None]
    for taken in range(layout.start, place + 1):
        layout.roles[taken] = "lead"
    shift = len(halves) - 1
    if shift:
        below = {number + shift if number > place else number: role for number, role in layout.roles.items()}
        layout.roles = below
    layout.lines = layout.lines.with_others(place, halves)
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
        sentences = sum(SENTENCE_END.search(text[-8:]) is not None for text in texts)
        if sentences >= SPLIT_FROM * len(texts):
            return ["", *["\n\n"] * (len(joints) - 1)]
    return joints


def _shape(text: str, marks: Marks) -> Shape:
    if marks.is_stamp(text):
        return "stamp"
    if len(text) <= SHORT_LONGEST and not SENTENCE_END.search(text[-8:]) and LETTER.search(text):
        return "short"
    return "prose"


def _tells_time(texts: Sequence[str], place: int, marks: Marks) -> bool:
    """Whether a line of the head tells when the text came out; beside other things only below what can be a title."""
    text = texts[place]
    if marks.is_stamp(text):
        return True
    if is_label(text):
        return place + 1 < len(texts) and marks.is_stamp(texts[place + 1])
    if place > 0 and (clock := clock_lines.read(text)) is not None and marks.is_stamp(texts[place - 1]):
        return marks.is_stamp(f"{texts[place - 1]} {clock.text}")
    return place > 0 and marks.is_credit(text) and any(_can_be_title(above) for above in texts[:place])


def _head(texts: Sequence[str], joints: Sequence[str], marks: Marks) -> list[Role]:
    """Return the roles of the lines above the prose; nothing when there is no proof of a head."""
    shapes: list[Shape] = []
    for place, text in enumerate(texts[: HEAD_LONGEST + 1]):
        digits = place == 0 and DIGIT_TITLE.fullmatch(text) and _stamp_below(texts, marks)
        shapes.append("short" if digits else "stamp" if _tells_time(texts, place, marks) else _shape(text, marks))
        if shapes[-1] != "short":
            break
    run = len(shapes) - 1
    if run < 0:
        return []
    if shapes[-1] == "stamp":
        return _stamped_head(texts, joints, run, marks)
    # A title may be a question or a cry. A line that ends with a full stop is prose: a date below proves nothing,
    # unless that line is all that stands between a title and the date.
    if run + 1 < len(texts) and _tells_time(texts, run + 1, marks):
        if _can_be_asked(texts[run]):
            return _stamped_head(texts, joints, run + 1, marks)
        if _is_standfirst(texts, joints, run, marks):
            return _stamped_head(texts, joints, run + 1, marks, short=run)
    return _bare_head(texts, joints, marks)


def _stamp_below(texts: Sequence[str], marks: Marks) -> bool:
    """Whether the first line has a timestamp line right below it, or below its by-line."""
    below = 2 if len(texts) > 1 and is_byline(texts[1]) else 1
    return below < len(texts) and _tells_time(texts, below, marks)


def _can_be_asked(text: str) -> bool:
    return len(text) <= TITLE_LONGEST and text.rstrip("\"'”’»").endswith(("?", "!", "؟", "！", "？"))


def _is_standfirst(texts: Sequence[str], joints: Sequence[str], place: int, marks: Marks) -> bool:
    """Whether a whole sentence between a title and timestamp lines sums up the prose below them."""
    if place == 0 or len(texts[place]) > STANDFIRST_LONGEST:
        return False
    below = place + 1
    while below < len(texts) and _tells_time(texts, below, marks):
        below += 1
    if below == len(texts) or not joints[place] == joints[place + 1] == joints[below] == "\n\n":
        return False
    return _shape(texts[below], marks) == "prose" or _lead_length(texts, joints, below, marks) > 0


def _stamped_head(
    texts: Sequence[str], joints: Sequence[str], stamp: int, marks: Marks, short: int | None = None
) -> list[Role]:
    """Return the roles of a head that holds a timestamp line.

    The line above it is the title, by-lines and the frame of the page apart; a line that is printed twice is it before
    any other. What stands between title and timestamp line is the deck. ``short`` is where a standfirst begins,
    which is no title.
    """
    place = stamp
    while place < len(texts) and _tells_time(texts, place, marks):
        place += 1
    title = _title(texts[: stamp if short is None else short], texts[place] if place < len(texts) else None)
    above = max((line for line in range(stamp) if texts[line] == title), default=-1)
    roles: list[Role] = [
        "title" if text == title else "kicker" if line < above else "deck" for line, text in enumerate(texts[:stamp])
    ]
    roles += ["dateline"] * (place - stamp)
    while title is not None and place < len(texts) and texts[place] == title:
        roles.append("title")
        place += 1
    if _stands_alone(texts, joints, place, marks):
        roles.append("title" if title is None and _can_be_title(texts[place]) else "deck")
    return roles


def _title(above: Sequence[str], below: str | None) -> str | None:
    """Return the title among the lines above a timestamp line: the one that is there twice, else the last.

    A by-line right above the timestamp line ends the head of an article: there the first line is the title that names
    no section, and one below it is its deck.
    """
    titles = [text for text in above if _can_be_title(text)]
    again = [text for text in titles if titles.count(text) > 1 or text == below]
    if not again and above and is_byline(above[-1]):
        return next((text for text in titles if not is_section(text)), titles[-1] if titles else None)
    known = again or titles
    return known[-1] if known else None


@lru_cache(maxsize=LINES_KEPT)
def _can_be_title(text: str) -> bool:
    """Whether a short line is neither a by-line, nor an agency or a clock alone, nor a part of the page's frame."""
    if is_byline(text) or is_labelled(text) or is_agency(text) or is_furniture(text):
        return False
    clock = clock_lines.read(text)
    return clock is None or not clock.proven


def _bare_head(texts: Sequence[str], joints: Sequence[str], marks: Marks) -> list[Role]:
    """Return the roles of a head without a timestamp line: a short paragraph before prose is the title."""
    if _shape(texts[0], marks) != "short":
        return []
    place = 0
    while place + 1 < len(texts) and texts[place + 1] == texts[0]:
        place += 1
    if place >= HEAD_LONGEST or not _can_be_title(texts[0]):
        return []
    if _stands_alone(texts, joints, place, marks):
        return ["title"] * (place + 1)
    below = place + 1
    is_deck = below < len(texts) and not _can_be_title(texts[below]) and _stands_alone(texts, joints, below, marks)
    if is_deck:
        titles: list[Role] = ["title"] * below
        return [*titles, "deck"]
    return []


def _stands_alone(texts: Sequence[str], joints: Sequence[str], place: int, marks: Marks) -> bool:
    """Whether a short line is a paragraph of its own, with prose behind it. A lead-in proves prose."""
    if place + 1 >= len(texts) or _shape(texts[place], marks) != "short":
        return False
    if _lead_length(texts, joints, place, marks):
        return False
    if _lead_length(texts, joints, place + 1, marks):
        return True
    return joints[place + 1] == "\n\n" and _shape(texts[place + 1], marks) == "prose"


def _lead(texts: Sequence[str], joints: Sequence[str], marks: Marks) -> tuple[int, int] | None:
    """Return where a lead-in ends that the body begins with: in which line, at which character.

    Something must be left of the body. Where the next line has a lead-in as well, the page is a list of places and
    days, or of several stories, and none of them is the page's own.
    """
    stop = _lead_length(texts, joints, 0, marks)
    if not stop:
        return None
    whole = 0
    while stop > len(texts[whole]):
        stop -= len(texts[whole]) + 1
        whole += 1
    below = whole + 1
    if below >= len(texts):
        return (whole, stop) if texts[whole][stop:].strip() else None
    return None if _lead_length(texts, joints, below, marks) else (whole, stop)


def _lead_length(texts: Sequence[str], joints: Sequence[str], place: int, marks: Marks) -> int:
    """Return how many characters a lead-in takes of the paragraph that begins at a line."""
    if place >= len(texts):
        return 0
    stop = place + 1
    while stop < min(len(texts), place + LEAD_LINES) and joints[stop] == "\n":
        stop += 1
    return marks.lead("\n".join(texts[place:stop]))


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


def _break(joint: str, role: Role) -> str:
    """Return what parts a line from the one before it in a column: a line break, or between lead-ins what stood there.

    Both halves of a line can be lead-ins, one after the other.
    """
    return joint if role == "lead" and not joint.startswith("\n") else "\n"


def _placed(layout: _Layout) -> list[Placed]:
    """Return every piece with its role and its place in the UTF-8 form of the column that holds it.

    A body that is printed as it is kept is one piece, from its first line to its last.
    """
    lines = layout.lines
    placed: list[Placed] = []
    offsets: dict[Role, int] = {}
    place = 0
    while place < len(lines):
        role = layout.roles.get(place, "body")
        if role == "body":
            offset = offsets.get(role, 0) + len(layout.joints[place - layout.start])
            last = _last_as_printed(layout, place)
            if last > place:
                start, stop = lines.starts[place], lines.stops[last]
                placed.append(Placed(start, stop, role, offset))
                offsets[role] = offset + stop - start
                place = last + 1
                continue
        elif role == "title":
            offset = 0
        else:
            offset = offsets[role] + len(_break(lines.joints[place], role)) if role in offsets else 0
        if place not in lines.broken:
            start, stop = lines.starts[place], lines.stops[place]
            placed.append(Placed(start, stop, role, offset))
            offset += stop - start
        else:
            for number, piece in enumerate(lines.broken[place]):
                offset += len(piece.joint) if number else 0
                size = piece.size
                placed.append(Placed(piece.start, piece.stop, role, offset, None if piece.text is None else size))
                offset += size
        offsets[role] = offset
        place += 1
    if layout.boilerplate:
        taken = (piece for line in layout.boilerplate for piece in line.pieces)
        placed += [Placed(piece.start, piece.stop, "boilerplate", None) for piece in taken]
        placed.sort(key=lambda piece: piece.start)
    return placed


def _last_as_printed(layout: _Layout, place: int) -> int:
    """Return the last line of the body's end when all of it from a line on is printed as it is kept, else the line."""
    lines, start = layout.lines, layout.start
    below = slice(place + 1, layout.stop)
    if place != start or layout.joints[1:] != lines.joints[below] or not all(lines.as_printed[below]):
        return place
    return place if any(place <= broken < layout.stop for broken in lines.broken) else layout.stop - 1
