"""The frame of a page: which lines at its head and foot are what, and where the prose begins and ends.

A line is a timestamp, short, or prose. A head is a run of short lines with a timestamp line below the title, or a title
that stands apart; a foot is timestamp lines and editors' marks. What is not proven stays with the prose.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeVar

from pipeline.dates import clock_lines
from pipeline.dates.bylines import is_byline
from pipeline.dates.credit_lines import is_label, is_labelled, is_section
from pipeline.dates.leadin_words import is_agency
from pipeline.dates.reading import LONGEST
from pipeline.dates.stamp import has_digit
from pipeline.headline import is_furniture
from pipeline.model import Role
from pipeline.patterns import lazy_compile

HEAD_LONGEST = 6
"""Lines above the prose at most; a longer run of short lines is a list, not a head."""
TITLE_LONGEST = 250
SHORT_LONGEST = 200
"""Characters of a short line at most; no editor's mark is longer either."""
STANDFIRST_LONGEST = 400
HEADING_LONGEST = 80
"""Characters of the heading of a teaser at most."""
SIGN_OFF_MOST = 3
LEAD_LINES = 3
"""Lines that a lead-in may run over."""
LINES_KEPT = 256
"""Lines of which something is remembered: more than a page is asked about."""

_SENTENCE_ENDS = ".!?…。！？؟۔।:;,"
_SENTENCE_END = lazy_compile(rf"[{_SENTENCE_ENDS}][\"'”’»›)\]\s]*\Z")
DIGIT_TITLE = lazy_compile(r"[0-9]{1,4}(?:/[0-9]{1,2})?")
"""A title without a letter, as `1984` and `9/11` are: one only right above a timestamp line."""

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
    """Return marks that say the same of every line, and are not asked for it again and again.

    What reads timestamps remembers them itself, and for all stages.
    """
    return replace(
        marks,
        is_credit=_Told(marks.is_credit).__getitem__,
        is_sign_off=_Told(marks.is_sign_off).__getitem__,
        lead=_Told(marks.lead).__getitem__,
    )


def ends_sentence(text: str) -> bool:
    """Whether a line ends like a sentence.

    >>> ends_sentence("Rain fell."), ends_sentence('It is "over."'), ends_sentence("Ferry Back"), ends_sentence("")
    (True, True, False, False)
    """
    last = text[-1:]
    if last.isalnum():
        return False
    return (last != "" and last in _SENTENCE_ENDS) or _SENTENCE_END.search(text[-8:]) is not None


def _shape(text: str, marks: Marks) -> Shape:
    return "stamp" if _is_stamp(text, marks) else _wording(text)


def _wording(text: str) -> Shape:
    """Return whether a line that is no timestamp is short or prose."""
    is_prose = len(text) > SHORT_LONGEST or ends_sentence(text) or not any(map(str.isalpha, text))
    return "prose" if is_prose else "short"


def _is_stamp(text: str, marks: Marks) -> bool:
    return len(text) <= LONGEST and has_digit(text) and marks.is_stamp(text)


def _tells_time(texts: Sequence[str], place: int, marks: Marks) -> bool:
    """Whether a line of the head tells when the text came out; beside other things only below what can be a title."""
    text = texts[place]
    if len(text) > LONGEST:
        return False
    if not has_digit(text):
        return is_label(text) and place + 1 < len(texts) and marks.is_stamp(texts[place + 1])
    if marks.is_stamp(text):
        return True
    if place > 0 and (clock := clock_lines.read(text)) is not None and marks.is_stamp(texts[place - 1]):
        return marks.is_stamp(f"{texts[place - 1]} {clock.text}")
    return place > 0 and marks.is_credit(text) and any(_can_be_title(above) for above in texts[:place])


def head(texts: Sequence[str], joints: Sequence[str], marks: Marks) -> list[Role]:
    """Return the roles of the lines above the prose; nothing when there is no proof of a head."""
    run, shape = 0, "prose"
    for run, text in enumerate(texts[: HEAD_LONGEST + 1]):
        digits = run == 0 and text[:1].isdigit() and DIGIT_TITLE.fullmatch(text) and _stamp_below(texts, marks)
        shape = "short" if digits else "stamp" if _tells_time(texts, run, marks) else _wording(text)
        if shape != "short":
            break
    if shape == "stamp":
        return (not run and _below_masthead(texts, joints, marks)) or _stamped_head(texts, joints, run, marks)
    # A title may be a question or a cry. A line that ends with a full stop is prose: a date below proves nothing,
    # unless that line is all that stands between a title and the date.
    if run + 1 < len(texts) and _tells_time(texts, run + 1, marks):
        if _can_be_asked(texts[run]):
            return _stamped_head(texts, joints, run + 1, marks)
        if _is_standfirst(texts, joints, run, marks):
            return _stamped_head(texts, joints, run + 1, marks, short=run)
    return _bare_head(texts, joints, marks) if run else []


def _below_masthead(texts: Sequence[str], joints: Sequence[str], marks: Marks) -> list[Role]:
    """Return the roles of a head below a date that the page begins with: its title has a timestamp line of its own."""
    place = 0
    while place < len(texts) and place < HEAD_LONGEST and marks.is_stamp(texts[place]):
        place += 1
    if not 0 < place < len(texts) or marks.is_stamp(texts[place]):
        return []
    below = head(texts[place:], joints[place:], marks)
    dates: list[Role] = ["dateline"] * place
    return [*dates, *below] if "title" in below and "dateline" in below else []


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
    place = stamp + 1
    while place < len(texts) and _tells_time(texts, place, marks):
        place += 1
    above = texts[:stamp]
    title = _title(above if short is None else above[:short], texts[place] if place < len(texts) else None)
    roles: list[Role] = []
    for text in above:
        if text == title:
            roles = ["kicker" if role == "deck" else role for role in roles]
        roles.append("title" if text == title else "deck")
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
    clock = clock_lines.read(text) if has_digit(text) else None
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


def lead(texts: Sequence[str], joints: Sequence[str], marks: Marks) -> tuple[int, int] | None:
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


def foot(texts: Sequence[str], joints: Sequence[str], marks: Marks, above: int = 0) -> list[Role]:
    """Return the roles of the lines below the prose, which begins behind ``above`` lines; some of it must remain.

    They begin a paragraph or follow a whole sentence, or the last words of a sentence would be taken for a mark. More
    marks than an article has are a table of something.
    """
    roles: list[Role] = []
    apart = 0
    for place in range(len(texts) - 1, above, -1):
        text = texts[place]
        if len(text) > SHORT_LONGEST:
            break
        if marks.is_sign_off(text):
            roles.insert(0, "sign_off")
        elif "dateline" not in roles and _is_stamp(text, marks):
            roles.insert(0, "dateline")
        else:
            break
        if roles.count("sign_off") > SIGN_OFF_MOST:
            return []
        if joints[place] == "\n\n" or ends_sentence(texts[place - 1]):
            apart = len(roles)
    if not apart:  # as wherever the text ends with its last paragraph
        return []
    roles = roles[len(roles) - apart :]
    place = len(texts) - len(roles) - 1
    return [] if "dateline" in roles and place > above and _heads_another(texts, joints, place, marks) else roles


def _heads_another(texts: Sequence[str], joints: Sequence[str], place: int, marks: Marks) -> bool:
    """Whether the line above a foot is a heading below the prose: then the time below it is that of something else."""
    if joints[place] != "\n\n" or is_label(texts[place]) or len(texts[place]) > HEADING_LONGEST:
        return False
    return _shape(texts[place], marks) == "short" and _can_be_title(texts[place]) and not marks.is_credit(texts[place])
