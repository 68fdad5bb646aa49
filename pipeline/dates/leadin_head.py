"""Take apart what stands before the end of a lead-in, from behind: agency, day, region, place."""

from __future__ import annotations

from typing import NamedTuple

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


class Head(NamedTuple):
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


def read_head(text: str, language: str) -> Head | None:
    """Return the parts of a text that a lead-in may consist of; None when anything else is in it.

    >>> read_head("ELK RAPIDS, Mich., March 3 (AP)", "en").region
    'Mich.'
    """
    rest, credit, mark = _credit(text.rstrip(" \t\r\n,"))
    day = None
    if rest[-1:].isdecimal() or _DIGIT.search(rest):
        if (dated := _dated(rest, language)) is None:
            return None
        rest, day = dated
    in_brackets = _dated(credit, language) if day is None and credit is not None and mark == "(" else None
    if in_brackets is not None and not in_brackets[0]:
        credit, day = None, in_brackets[1]
    near = None
    if rest.endswith((")", "]")):
        rest, _, near = rest[:-1].rpartition("(" if rest.endswith(")") else "[")
        rest = rest.rstrip(" \n")
        if day is None and credit is None:
            return None
    place, *regions = rest.split(",") if "," in rest else (rest,)
    place, regions = place.strip(), [region.strip() for region in regions]
    if len(regions) > REGIONS_MOST or not all(map(_is_name, (place, *regions))):
        return None
    if place.endswith(".") and len(place) - 1 - max(place.rfind(" "), place.rfind(".", 0, -1)) > SHORTEST_SENTENCE_DOT:
        place = place[:-1]
    day = _on_weekday(day, regions, language)
    if any(_is_no_region(region, language) for region in regions):
        return None
    if not regions and place.endswith(_DISTRICT):
        place, _, district = place.rpartition(" ")
        regions = [district]
    place, regions = _places(place, regions)
    region = ", ".join([*regions, near] if near else regions)
    known = credit is not None and is_agency(credit)
    return Head(
        _one_line(place),
        _one_line(region) or None,
        day,
        _one_line(credit) or None if credit else None,
        known,
        mark == "/",
        is_day_in_brackets=day is not None and mark == "(" and credit is None,
    )


def _on_weekday(day: PrintedDay | None, regions: list[str], language: str) -> PrintedDay | None:
    """Return a day with the weekday that stands last among the regions, which is taken from there."""
    if not regions or not is_weekday(regions[-1], language):
        return day
    weekdays = weekdays_of(regions.pop(), language)
    return day._replace(weekdays=weekdays) if day is not None else None


def _is_no_region(text: str, language: str) -> bool:
    """Whether what stands where a region should is a time, a flag word, or what somebody does for the paper."""
    if len(text) <= LONGEST_CODE or is_region(text):
        return False
    return is_no_place(text) or is_weekday(text, language) or text.rsplit(maxsplit=1)[-1].casefold() in _OFFICES


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
    if inner.endswith("/") and (at := inner.rfind("/", 0, -1)) > 0 and inner[at - 1] == " ":
        return inner[:at].rstrip(" \t\r\n,"), inner[at + 1 : -1].strip(), "/"
    if text[-1:].isdecimal():
        return text, None, ""  # a day; no agency ends with a digit
    for mark in (",", ". "):
        before, found, last = text.rpartition(mark)
        if found and is_agency(last.strip()):
            return before.rstrip(), last.strip(), mark
    return text, None, ""


def _dated(text: str, language: str) -> tuple[str, PrintedDay] | None:
    """Return the text before its day, and the day; None when the digits in it are none."""
    before, comma, last = text.rpartition(",")
    if comma and _YEAR.fullmatch(last):
        before, comma, dated = before.rpartition(",")
        last = f"{dated},{last}"
    last = last.strip()
    name, _, printed = last.partition(" ")
    if name[:1].isdecimal():
        name, printed = printed, name.rstrip(".")
    year, more = None, None
    if (
        not printed.isdecimal() or len(printed) > DAY_DIGITS or not name.rstrip(".").isalpha()
    ):  # the usual forms need no pattern
        found = _DAY.fullmatch(last) or _DAY_LAST.fullmatch(last)
        if found is None:
            return None
        fields = found.groupdict()
        name, printed, year, more = fields["month"], fields["day"], fields["year"], fields.get("before")
    found_month = month_of(name, language)
    if found_month is None:
        return None
    number, calendar = found_month
    day = PrintedDay(int(printed), number, int(year) if year else None, calendar)
    if not day.exists:
        return None
    return f"{before}{comma}{more}" if more else before.rstrip(), day
