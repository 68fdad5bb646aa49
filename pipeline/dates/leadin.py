"""Read the lead-in of a story: place, region, day and agency before the first sentence.

Newsrooms print it in a hundred shapes: a city in capitals, its state or country, a day, an agency in brackets, a dash.
What proves one is its end, so that is looked for first: a dash, a bracket, a slash, the end of a line. Then what stands
before it is taken apart from behind: agency, day, region, place. A sentence that merely begins with a place has no such
end, or something else than a lead-in before it, and stays a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

import regex
from msgspec import Struct, structs

from pipeline.dates import leadin_uncased
from pipeline.dates.leadin_day import is_only_a_weekday, names_a_time
from pipeline.dates.leadin_head import Head, read_head
from pipeline.dates.leadin_parts import LeadIn, goes_on
from pipeline.dates.leadin_words import BROADCASTERS, is_agency, is_no_place, is_region, stands_alone
from pipeline.patterns import lazy_compile

LONGEST = 140
"""Characters of a lead-in at most."""
ENDS_MOST = 4
"""Places that may be the end of a lead-in, tried one after the other."""
LONGEST_ACRONYM = 3

_DASHES = "‐‑‒–—―−"
_DASH = rf"(?:-{{1,3}}(?=[\s\p{{Lu}}\"“«(]|\Z)|--|[{_DASHES}])"
_END = re.compile(rf"[-_{_DASHES})/\n.](?<![a-z]\.)")
"""What may end a lead-in: a full stop does so behind capitals alone. `re` looks for one of a few characters in half the
time that `regex` takes."""
_BEHIND_MARK = lazy_compile(rf"(?P<dash>\s{{0,3}}[.,]?\s{{0,2}}{_DASH})|(?P<colon>\s?:)|(?P<open>\.?)(?=\s|\Z)")
_AGENCY_FIRST = lazy_compile(rf"\s{{0,3}}\((?P<agency>[^()\n]{{2,40}})\)\s{{0,3}}(?P<dash>{_DASH}?)\s{{0,3}}")
_LAST_DAY = lazy_compile(r"\s{0,4}[0-9]{1,2}(?=[ \t]*(?:\n|[,.;)](?![0-9])|\Z))")
_LAST_DAY_OR_NUMBER = lazy_compile(r"\s{0,4}[0-9]{1,2}(?![0-9]|[-,.%/:][0-9A-Za-z])")
"""Behind the dash, the last of several days: a number and no more; behind a place in small letters, any number."""

_LATER_DAY = lazy_compile(r"[ \t]{0,4}(?P<last>[0-9]{1,2}) \p{Ll}")
LONGEST_MONTH = 31

_MARKS = frozenset(f"-_{_DASHES}")
BEFORE_HYPHEN = frozenset(" \t\r\n.]0123456789")

Kind = Literal["dash", "colon", "mark", "line"]


End: TypeAlias = tuple[int, int, Kind]
"""What may end a lead-in: where what stands before it stops, where the end stops, and of which kind it is."""


class LeadReader(Struct, frozen=True):
    """Reads lead-ins. ``language`` is the one whose months come first; English and others follow."""

    language: str = "en"

    def read(self, text: str) -> LeadIn | None:
        """Return the lead-in that a text begins with; None when it begins with a sentence, or that is not known.

        >>> LeadReader().read("PALMYRA, Syria, March 27 (AP) — Rain fell.").region
        'Syria'
        >>> LeadReader().read("Paris, May 3 was a sunny day.")
        """
        text = text[:LONGEST]
        if text[:1].isupper() or text.startswith(("al-", "el-")):
            return self._read(text)
        if text[:1].islower():
            return None
        if (found := _AGENCY_FIRST.match(text)) and is_agency(found["agency"].strip()):
            return self._behind_agency(text, found)
        return leadin_uncased.read(text, self.language)

    def _behind_agency(self, text: str, found: regex.Match[str]) -> LeadIn | None:
        """Return a lead-in whose agency comes first: with place and day behind it, or alone with a dash."""
        agency = found["agency"].strip()
        for place_stop, stop, kind in _ends(text, found.end()):
            head = read_head(text[found.end() : place_stop], self.language) if kind == "dash" else None
            if head is None or head.credit is not None or self._is_no_place(head):
                continue
            if head.day is not None or (head.is_in_capitals and (not found["dash"] or _is_known(head))):
                return LeadIn(stop, head.place, head.region, agency, head.day)
        if found["dash"] and goes_on(text, found.end()):
            return LeadIn(found.end("dash"), agency=agency)
        return None

    def _read(self, text: str) -> LeadIn | None:
        for head_stop, end_stop, kind in _ends(text, 0):
            head = read_head(text[:head_stop], self.language, needs_credit=kind != "dash")
            if head is None:
                continue
            stop = end_stop
            behind = _agency_behind(text, stop) if kind == "dash" and head.credit is None else None
            if behind is not None:
                agency, stop = behind
                head = structs.replace(head, credit=agency, is_known=True)
            if _is_proven(head, kind, text, stop) and not self._is_no_place(head):
                return LeadIn(stop, head.place, head.region, head.credit, head.day)
        return None

    def _is_no_place(self, head: Head) -> bool:
        """Whether a sentence, a heading or the name of a day begins where a place should."""
        if is_no_place(head.place) or is_only_a_weekday(head.place, self.language):
            return True
        if head.day is None or (head.is_in_capitals and head.is_known):
            return False
        return names_a_time(head.place, self.language)


def _agency_behind(text: str, start: int) -> tuple[str, int] | None:
    """Return an agency behind the dash, in brackets or of one or two words, and where what marks its end stops."""
    if start == len(text):
        return None
    bracketed = _AGENCY_FIRST.match(text, start)
    if bracketed is not None and bracketed["dash"] and is_agency(bracketed["agency"].strip()):
        return bracketed["agency"].strip(), bracketed.end("dash")
    words = text[start : start + 60].split(None, 3)
    for count in range(1, min(2, len(words)) + 1):
        name = words[count - 1]
        marked = name[-1] in ".:"
        behind = words[count] if len(words) > count else ""
        agency = " ".join(words[:count]).rstrip(".:")
        if is_agency(agency) and (marked or behind[:1] in _MARKS):
            last = name if marked or not behind else behind
            return agency, text.index(last, text.index(name, start)) + len(last)
    return None


def _ends(text: str, start: int) -> Iterator[End]:
    """Yield what may end a lead-in, the nearest first."""
    tried = 0
    for found in _END.finditer(text, start + 2):
        at = found.start()
        end = _dash(text, at) if text[at] in _MARKS else _end(text, at)
        if end is not None:
            yield end
            tried += 1
            if tried == ENDS_MOST or text[at] == "\n":
                return
    if len(text) < LONGEST:
        yield len(text), len(text), "line"


def _end(text: str, at: int) -> End | None:
    """Return what a line break, a bracket, a slash or a full stop ends; None when it ends nothing."""
    mark = text[at]
    if mark == "\n":
        # A line break stands inside a lead-in as often as behind one: at a comma or before a dash it goes on.
        return None if text[at - 1] == "," or text[at + 1 : at + 2] in _MARKS else (at, at, "line")
    if mark == ".":
        return (at, at + 1, "mark") if text[at - 2 : at].isupper() and not text[at + 1 : at + 2].strip() else None
    if text[at + 1 : at + 2] == " " and text[at + 2 : at + 3] in _MARKS:  # the usual form needs no pattern
        stop = _dash_stop(text, at + 2)
        return (at + 1, stop, "dash") if stop else (at + 1, at + 1, "mark")
    found = _BEHIND_MARK.match(text, at + 1)
    if found is None:
        return None
    return at + 1, found.end(), "dash" if found["dash"] else "colon" if found["colon"] else "mark"


def _dash(text: str, at: int) -> End | None:
    return (at, stop, "dash") if (stop := _dash_stop(text, at)) else None


def _dash_stop(text: str, at: int) -> int:
    """Return where a dash stops; 0 when a hyphen there is none: it stands inside a word, or parts two numbers."""
    if text[at] in _DASHES:
        return at + 1
    if text[at] == "_":  # as old wires print a dash
        return at + 1 if text[at - 1].isspace() and text[at + 1 : at + 2] in ("", " ", "\n") else 0
    if text.startswith("--", at):
        return at + 3 if text.startswith("---", at) else at + 2
    if text[at - 1] not in BEFORE_HYPHEN:
        return 0
    behind = text[at + 1 : at + 2]
    return at + 1 if not behind or behind.isspace() or behind.isupper() or behind in '"“«(' else 0


def _is_proven(head: Head, kind: Kind, text: str, stop: int) -> bool:
    """Whether the end of a lead-in fits what stands before it. Where it may be a sentence, it is one."""
    begins = goes_on(text, stop)
    if kind == "dash":
        return _is_proven_by_dash(head, text, stop, begins=begins)
    if head.is_in_slashes:
        return head.is_known or head.day is not None
    if not head.is_known or _is_reporter(head):
        return False
    if kind == "line" or not text[stop:].partition("\n")[0].strip():
        # A name and an agency on a line are as often what a picture shows, and whose it is.
        return head.is_in_capitals or head.day is not None or stands_alone(head.place)
    if kind == "colon":
        return begins
    return head.day is not None and begins


def _is_proven_by_dash(head: Head, text: str, stop: int, *, begins: bool) -> bool:
    """Whether a dash ends a lead-in: an agency proves it, a day behind capitals, or a place that is known."""
    if head.is_known:
        return head.is_in_capitals or (begins and not _is_reporter(head))
    if text[stop : stop + 5].lstrip()[:1].isdigit():
        last_day = _LAST_DAY if head.is_in_capitals else _LAST_DAY_OR_NUMBER
        if last_day.match(text, stop) is not None or _is_later_day(head, text, stop):
            return False
    if head.credit is None and not begins:
        return False
    if head.is_in_capitals and head.day is not None and not head.is_day_in_brackets:
        return head.credit is not None or not _is_acronym(head.place) or _is_known(head)
    if not begins or (head.day is None and (not head.is_in_capitals or _is_in_capitals(text, stop))):
        return False
    return _is_known(head)


def _is_later_day(head: Head, text: str, stop: int) -> bool:
    """Whether a number behind the dash may be the last of several days: `March 16 - 18 were sunny`."""
    found = _LATER_DAY.match(text, stop)
    return found is not None and head.day is not None and head.day.day < int(found["last"]) <= LONGEST_MONTH


def _is_reporter(head: Head) -> bool:
    """Whether a name in small letters may be that of who works for the broadcaster behind it."""
    bare = head.day is None and head.region is None and not head.is_in_capitals
    return bare and head.credit in BROADCASTERS and not stands_alone(head.place)


def _is_in_capitals(text: str, stop: int) -> bool:
    """Whether the rest of the line is in capitals as well: then it is a heading."""
    return text[stop:].partition("\n")[0].isupper()


def _is_acronym(place: str) -> bool:
    """Whether a place in capitals is as short as the names of firms and bodies are."""
    return len(place) <= LONGEST_ACRONYM


def _is_known(head: Head) -> bool:
    """Whether newsrooms print the place without a region, or the region is one."""
    if head.credit is not None and not head.is_known and head.day is None:
        return False  # in brackets behind a place may stand anything
    if stands_alone(head.place):
        return True
    return head.credit is None and head.region is not None and is_region(head.region)
