"""Take apart what stands before the end of a lead-in, from behind: agency, day, region, place."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

from msgspec import Struct

from pipeline.dates.leadin_day import PrintedDay, is_weekday, month_of, weekdays_of
from pipeline.dates.leadin_words import is_agency, is_no_place, is_region
from pipeline.patterns import lazy_compile

SHORTEST_SENTENCE_DOT = 4
"""A full stop behind so many letters ends a place; behind fewer it belongs to an abbreviation."""
REGIONS_MOST = 3
WORDS_MOST = 6
"""Words in capitals of one name at most."""
DAY_DIGITS = 2
LONGEST_CODE = 3
"""Letters of a code at most, as `IN` is that of a state and a word as well."""
_OFFICES = frozenset({"reporter", "correspondent", "writer", "editor", "contributor", "columnist", "staff"})
FEW_SMALL_LETTERS = 2
"""Small letters that a name in capitals may hold, as McALLEN does."""

_DISTRICT = (" D.C.", " DC")
"""The one region that is printed behind its city without a comma."""

_CAPITAL = r"\p{Lu}[\p{L}\p{M}.'’‘`]{0,24}+(?:-\p{L}[\p{L}\p{M}.'’]{0,24}+){0,3}+"
_PARTICLE = (
    r"(?:(?:de|del|della|la|las|los|le|les|el|al|da|do|dos|das|di|du|of|the|upon|on|am|an|der|den|im|in|bei|sur|sous|"
    r"bin|na|nad|pod|and|und|et|y|e|i|ve|и|на)\s{1,2}|[dl]['’]|[ae]l-){0,2}"
)
_NAME = lazy_compile(
    rf"(?:[ae]l-)?{_CAPITAL}(?:(?:\s{{1,4}}|\s?/\s?|\s&\s){_PARTICLE}{_CAPITAL}){{0,{WORDS_MOST - 1}}}"
)
_MONTH = r"\p{L}[\p{L}\p{M}]{2,11}+\.?"
_DATE = (
    r"(?:le\s|den\s|on\s)?"
    rf"(?:(?P<month>{_MONTH})\s{{0,4}}(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:,?\s{{1,3}}(?P<year>[0-9]{{4}}))?"
    rf"|(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?:\s{{1,3}}(?:de\s|di\s|of\s)?|-)(?P<month>{_MONTH})"
    r"(?:,?\s{1,3}(?:de\s|del\s)?(?P<year>[0-9]{4}|[0-9]{2})(?:\s[гр]\.?)?)?)\.?"
)
_DAY = lazy_compile(_DATE)
_DAY_LAST = lazy_compile(rf"(?P<before>[^0-9]{{2,60}}?)[.,]?\s{{1,4}}{_DATE}")
_MARKED = frozenset(")/. ")
_DIGIT = lazy_compile(r"[0-9]")
_YEAR = lazy_compile(r"\s{0,3}[0-9]{4}")
LONGEST_YEAR = 7
"""Characters of a year behind its comma at most."""


class Head(Struct, frozen=True, gc=False):
    """What stands before the end of a lead-in.

    Attributes:
        credit: What stands where an agency stands; ``is_known`` says that it is one.
        is_in_slashes: Whether the agency stands in slashes.
        is_day_in_brackets: Whether the day stands where an agency stands, as that of a birth does behind a name.
    """

    place: str
    region: str | None
    day: PrintedDay | None
    credit: str | None
    is_known: bool
    is_in_slashes: bool
    is_day_in_brackets: bool = False

    @property
    def is_in_capitals(self) -> bool:
        """Whether the place is printed in capitals."""
        if self.place.isupper():
            return True
        small = sum(letter.islower() for letter in self.place)
        return small <= FEW_SMALL_LETTERS and sum(letter.isupper() for letter in self.place) > 2 * small


def read_head(text: str, language: str, *, needs_credit: bool = False) -> Head | None:
    """Return the parts of a text that a lead-in may consist of; None when anything else is in it.

    Args:
        text: What stands before the end of a lead-in.
        language: The one whose months come first.
        needs_credit: Whether nothing but an agency proves it.

    >>> read_head("ELK RAPIDS, Mich., March 3 (AP)", "en").region
    'Mich.'
    """
    rest, credit, mark = _credit(text.rstrip(" \t\r\n,"))
    if needs_credit and credit is None:
        return None
    day = None
    if rest[-1:].isdecimal() or _DIGIT.search(rest):
        if (dated := _dated(rest, language)) is None:
            return None
        rest, day = dated
    in_brackets = False
    if day is None and mark == "(" and credit and (dated := _dated(credit, language)) is not None and not dated[0]:
        credit, day, in_brackets = None, dated[1], True
    near = None
    if rest.endswith((")", "]")):
        rest, _, near = rest[:-1].rpartition("(" if rest.endswith(")") else "[")
        rest = rest.rstrip(" \n")
        if day is None and credit is None:
            return None
    named = _named(rest, language)
    if named is None:
        return None
    place, regions, weekdays = named
    if weekdays and day is not None:
        day = day._replace(weekdays=weekdays)
    region = ", ".join([*regions, near] if near else regions) if regions else near
    return Head(
        _one_line(place),
        _one_line(region) or None if region else None,
        day,
        _one_line(credit) or None if credit else None,
        credit is not None and is_agency(credit),
        mark == "/",
        in_brackets,
    )


class _Named(NamedTuple):
    """A place, the regions behind it, and the days of the week that the last word there can mean."""

    place: str
    regions: list[str]
    weekdays: frozenset[int]


def _named(text: str, language: str) -> _Named | None:
    """Return place and regions, which commas part; None when anything else stands there."""
    place, comma, behind = text.partition(",")
    place = place.strip()
    if not _is_name(place):
        return None
    if place.endswith(".") and len(place) - 1 - max(place.rfind(" "), place.rfind(".", 0, -1)) > SHORTEST_SENTENCE_DOT:
        place = place[:-1]
    regions: list[str] = []
    weekdays = frozenset[int]()
    if comma:
        regions = [region.strip() for region in behind.split(",")]
        if len(regions) > REGIONS_MOST:
            return None
        kinds = [_kind(region, language) for region in regions]
        if kinds[-1] in _WEEKDAYS:
            kinds.pop()
            weekdays = weekdays_of(regions.pop(), language)
        if not _REGIONS.issuperset(kinds):
            return None
        if "/" in behind:
            place, regions = _places(place, regions)
    if not regions and place.endswith(_DISTRICT):
        place, _, district = place.rpartition(" ")
        regions = [district]
    return _Named(place, regions, weekdays)


_Kind = Literal["region", "weekday", "region or weekday", "neither"]
_WEEKDAYS = frozenset[_Kind](["weekday", "region or weekday"])
_REGIONS = frozenset[_Kind](["region", "region or weekday"])


@lru_cache(maxsize=4096)
def _kind(text: str, language: str) -> _Kind:
    """Return what may be meant where a region should stand; no region is a flag word, or what somebody does."""
    weekday = is_weekday(text, language)
    if not _is_name(text):
        return "weekday" if weekday else "neither"
    if len(text) <= LONGEST_CODE or is_region(text):
        return "region or weekday" if weekday else "region"
    if weekday:
        return "weekday"
    return "neither" if is_no_place(text) or text.rsplit(maxsplit=1)[-1].casefold() in _OFFICES else "region"


def _places(place: str, regions: list[str]) -> tuple[str, list[str]]:
    """Return all places that slashes part, and the regions of the first: ``RAFAH, Gaza Strip/CAIRO, Egypt``."""
    for number, region in enumerate(regions):
        own, slash, others = region.partition("/")
        if slash and others.isupper() and (is_region(own.strip()) or not own.isupper()):
            return f"{place}/{others}", [*regions[:number], own]
    return place, regions


def _is_name(text: str) -> bool:
    if text.replace(".", "").isalpha():
        return text[0].isupper()
    if text.isupper() and text.replace(" ", "").isalpha() and text.count(" ") < WORDS_MOST:
        return True
    return _NAME.fullmatch(text) is not None


def _one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text or "  " in text else text


def _credit(text: str) -> tuple[str, str | None, str]:
    """Return the text without its agency, the agency, and the mark before it: a bracket, a slash, a comma, none."""
    inner = text.rstrip(" .") if text[-1:] in _MARKED else ""
    if inner.endswith(")") and (at := inner.rfind("(")) > 0:
        return inner[:at].rstrip(" \t\r\n,"), inner[at + 1 : -1].strip(), "("
    if (
        inner.endswith("/")
        and (at := inner.rfind("/", 0, -1)) > 0
        and (inner[at - 1] == " " or inner[at - 1].isdecimal())
    ):
        return inner[:at].rstrip(" \t\r\n,"), inner[at + 1 : -1].strip(), "/"
    if text[-1:].isdecimal():
        return text, None, ""  # a day; no agency ends with a digit
    for mark in (",", ". "):
        before, found, last = text.rpartition(mark)
        name = last.strip()
        if found and is_agency(name) and not _DIGIT.search(name):
            return before.rstrip(), name, mark
    return text, None, ""


def _dated(text: str, language: str) -> tuple[str, PrintedDay] | None:
    """Return the text before its day, and the day; None when the digits in it are none."""
    before, comma, last = text.rpartition(",")
    if comma and len(last) <= LONGEST_YEAR and _YEAR.fullmatch(last):
        before, comma, dated = before.rpartition(",")
        last = f"{dated},{last}"
    last = last.strip()
    name, _, printed = last.partition(" ")
    if name[:1].isdecimal():
        name, printed = printed, name.rstrip(".")
    if len(printed) <= DAY_DIGITS and printed.isdecimal() and name.rstrip(".").isalpha():  # the usual forms
        year, more = None, None
    else:
        found = _DAY.fullmatch(last) or _DAY_LAST.fullmatch(last)
        if found is None:
            return None
        fields = found.groupdict()
        name, printed, year, more = fields["month"], fields["day"], fields["year"], fields.get("before")
    day = _printed_day(name, printed, year, language)
    if day is None:
        return None
    return f"{before}{comma}{more}" if more else before.rstrip(), day


@lru_cache(maxsize=4096)
def _printed_day(name: str, printed: str, year: str | None, language: str) -> PrintedDay | None:
    """Return the day of a month by its name; None when there is no such day."""
    found = month_of(name, language)
    if found is None:
        return None
    number, calendar = found
    day = PrintedDay(int(printed), number, int(year) if year else None, calendar)
    return day if day.exists else None
