"""Zones that a line names in words: `Eastern Time`, `Tehran time`, `北京时间`, as CLDR calls them.

A city names its own zone. What CLDR calls a metazone (`Central European Time`) is many zones at once; it tells an
offset where all of those agree that change their clocks, or all where none does. `Eastern Standard Time` in July
contradicts itself, for the clocks of that zone show summer time then: it tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone, tzinfo
from functools import cache, lru_cache
from importlib import resources
from typing import Literal, NamedTuple

from pipeline.dates import names
from pipeline.dates.normal import fold, words_of
from pipeline.dates.zone_places import CAPITALS, FORMS, PHRASES
from pipeline.dates.zones import zone
from pipeline.patterns import lazy_compile

UNSPACED_LONGEST = 12
"""Characters of a name at most in a script that puts no blanks between words."""
LONGEST_NAME = 6
"""Words of a name at most."""
_UNSPACED = lazy_compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]{2,}")
_WORDS = lazy_compile(r"[\p{L}\p{M}']+")

_BY_SCRIPT = {"ar": lazy_compile(r"\p{Arabic}"), "ru": lazy_compile(r"\p{Cyrillic}")}
_BY_CLOCK_OF = lazy_compile(r"(?:بتوقیت|بتوقيت|بوقت|توقيت|به وقت)\s(?!\p{Nd})\p{Arabic}{2,20}(?:\s\p{Arabic}{2,20})?")
"""`By the clock of` a place that is not known, in Arabic and Persian."""

Variant = Literal["generic", "standard", "daylight"]
_VARIANTS: tuple[Variant, ...] = ("generic", "standard", "daylight")


class Named(NamedTuple):
    """A zone that is named: an IANA zone, or a metazone of CLDR, and which of its clocks is said."""

    zone: str
    is_meta: bool = False
    variant: Variant = "generic"


class Cut(NamedTuple):
    """A text without the name of a zone, and the name."""

    text: str
    name: str


def cut(text: str, language: str) -> Cut | None:
    """Return a text without the zone that it names in words of a language or of English; None when it names none.

    >>> cut("3 May 2016 5:05 PM Eastern Time", "en")
    Cut(text='3 May 2016 5:05 PM ', name='Eastern Time')
    >>> cut("北京时间2016年5月3日17:05", "zh").name
    '北京时间'
    """
    if language.partition("-")[0] == "en" and text.isascii() and "time" not in text.casefold():
        return None
    spoken = _spoken(text, language)
    return _cut_unspaced(text, spoken) or _cut_words(text, spoken) or _cut_unknown(text)


def _spoken(text: str, language: str) -> Sequence[str]:
    """Return the languages whose names of zones are looked for: also those that are written in a text's letters."""
    by_script = (own for own, letters in _BY_SCRIPT.items() if letters.search(text))
    return tuple(dict.fromkeys((language, "en", "zh", *by_script)))


def _cut_unknown(text: str) -> Cut | None:
    found = _BY_CLOCK_OF.search(text)
    return Cut(text[: found.start()] + text[found.end() :], found[0]) if found else None


def _cut_unspaced(text: str, languages: Sequence[str]) -> Cut | None:
    for run in _UNSPACED.finditer(text):
        for start in range(run.start(), run.end() - 1):
            for stop in range(min(run.end(), start + UNSPACED_LONGEST), start + 1, -1):
                if any((text[start:stop],) in _names(own) for own in languages):
                    return Cut(text[:start] + " " + text[stop:], text[start:stop])
    return None


def _cut_words(text: str, languages: Sequence[str]) -> Cut | None:
    words = list(_WORDS.finditer(text))
    folded = [fold(word[0]) for word in words]
    for first in range(len(words)):
        able = [_names(own) for own in languages if folded[first] in _first_words(own)]
        for count in range(min(LONGEST_NAME, len(words) - first), 1, -1) if able else ():
            if any(tuple(folded[first : first + count]) in zones for zones in able):
                start, stop = words[first].start(), words[first + count - 1].end()
                if all(not character.isdigit() for character in text[start:stop]):
                    return Cut(text[:start] + text[stop:].lstrip(" "), text[start:stop])
    return None


def resolve(name: str, local: datetime, language: str) -> tuple[str | None, tzinfo] | None:
    """Return the zone that a name in words means at a time: its IANA name if it has one, and its clock.

    >>> from datetime import datetime
    >>> resolve("Tehran Time", datetime(2016, 3, 27, 11, 55), "en")[0]
    'Asia/Tehran'
    >>> resolve("Eastern Time", datetime(2016, 5, 3), "en")[1].utcoffset(None)
    datetime.timedelta(days=-1, seconds=72000)
    >>> resolve("Eastern Standard Time", datetime(2016, 5, 3), "en"), resolve("PST", datetime(2016, 5, 3), "en")
    (None, None)
    """
    if _is_several(_key(name)):
        return None
    for own in _spoken(name, language):
        if (named := _names(own).get(_key(name))) is not None:
            return _meant(named, local)
    return None


def _key(name: str) -> tuple[str, ...]:
    return (name,) if _UNSPACED.fullmatch(name) else words_of(name)


def _meant(named: Named, local: datetime) -> tuple[str | None, tzinfo] | None:
    if not named.is_meta:
        clock = zone(named.zone)
        return (named.zone, clock) if named.variant == "generic" or _shows(clock, local, named.variant) else None
    clocks = [zone(name) for name in _zones_of(named.zone)]
    changing = [clock for clock in clocks if _changes(clock, local.year)]
    if named.variant != "generic" or named.zone not in _DISAGREEING:
        clocks = changing or clocks
    if not clocks or not all(named.variant == "generic" or _shows(clock, local, named.variant) for clock in clocks):
        return None
    offsets = {clock.utcoffset(local) for clock in clocks} | {
        clock.utcoffset(local.replace(fold=1)) for clock in clocks
    }
    offset = offsets.pop()
    if offsets or offset is None or offset.total_seconds() % 60:
        return None
    return None, timezone(offset)


def _shows(clock: tzinfo, local: datetime, variant: Variant) -> bool:
    """Whether a clock shows summer time where that is said, and does not where standard time is."""
    return bool(clock.dst(local)) == (variant == "daylight")


def _changes(clock: tzinfo, year: int) -> bool:
    return any(clock.dst(datetime(year, month, 15)) for month in range(1, 13))  # noqa: DTZ001 - a wall clock


@lru_cache(maxsize=64)
def _names(language: str) -> Mapping[tuple[str, ...], Named]:
    """Return the zones that a language names in words; what two zones are called tells neither."""
    found: dict[tuple[str, ...], Named | None] = {}
    for name, named in _named(language):
        key = _key(name)
        known = found.get(key, named)
        # Moscow is a city before it is a metazone.
        if known is None or known == named or named.is_meta == known.is_meta:
            found[key] = named if known == named else None
    return {
        key: named
        for key, named in found.items()
        if named is not None and key and (len(key) > 1 or not key[0].isascii())
    }


def _is_several(key: tuple[str, ...]) -> bool:
    """Whether a name tells a place that is in several zones, whatever stands before or behind it."""
    return any(" ".join(key[first : first + count]) in _SEVERAL for first in range(len(key)) for count in (1, 2))


@lru_cache(maxsize=64)
def _first_words(language: str) -> frozenset[str]:
    return frozenset(key[0] for key in _names(language))


def _named(language: str) -> Iterator[tuple[str, Named]]:
    table = names.zone_names(language)
    yield from _by_places(language, table)
    for meta, by_variant in table.metazones.items():
        for variant in _VARIANTS:
            if variant in by_variant and meta not in _NOT_ONE_CLOCK:
                yield by_variant[variant], Named(meta, is_meta=True, variant=_said(by_variant, variant))
    for name, by_variant in table.zones.items():
        for variant in _VARIANTS:
            if variant in by_variant:
                yield by_variant[variant], Named(name, variant=variant)


def _by_places(language: str, table: names.ZoneNames) -> Iterator[tuple[str, Named]]:
    """Yield the zones that a language names by a city, a capital, or a country."""
    base = language.replace("_", "-").partition("-")[0]
    cities = {name: table.cities.get(name) or _city(name) for name in _every_zone()}
    for form in (table.region, *FORMS.get(base, ())):
        for name, city in cities.items():
            yield form.replace("%s", city), Named(name)
        for city, name in CAPITALS.get(base, {}).items():
            yield form.replace("%s", city), Named(name)
    for phrase, name in PHRASES.get(base, {}).items():
        yield phrase, Named(name)


_DISAGREEING = frozenset({"Europe_Eastern"})
"""Metazones whose members that never change their clocks are great countries as well: Egypt, Libya."""
_SEVERAL = frozenset({"georgia", "san juan", "cordoba", "san luis", "la rioja", "merida", "granada"})
"""Names, folded, of places in several zones, of which CLDR knows one."""
_NOT_ONE_CLOCK = frozenset({"GMT"})
"""Greenwich is where it is winter time for some, and a clock of its own for others."""


def _said(by_variant: Mapping[str, str], variant: Variant) -> Variant:
    """Return what is said where a zone has one name for all the year: `India Standard Time` is no winter time."""
    return variant if "daylight" in by_variant else "generic"


def _city(name: str) -> str:
    return name.rpartition("/")[2].replace("_", " ")


@cache
def _every_zone() -> tuple[str, ...]:
    from babel.core import get_global

    return tuple(sorted(name for name in get_global("zone_territories") if "/" in name and name in _known_zones()))


@cache
def _zones_of(meta: str) -> tuple[str, ...]:
    from babel.core import get_global

    return tuple(sorted(name for name, of in get_global("meta_zones").items() if of == meta and name in _known_zones()))


@cache
def _known_zones() -> frozenset[str]:
    return frozenset((resources.files("tzdata") / "zones").read_text("ascii").split())
