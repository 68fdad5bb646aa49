"""Names of months and weekdays as CLDR (through Babel) gives them: of one language, or of all at once."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.dates.clock import AFTERNOON, EVENING, LATER, MIDDAY, MORNING, NIGHT, NOON, SMALL_HOURS
from pipeline.dates.kept import kept

MORE_MONTHS: Mapping[str, Mapping[str, int]] = {"en": {"sept": 9}}
"""Abbreviations that newsrooms print and CLDR does not list."""

WIDTHS = ("abbreviated", "wide")


class UnknownLanguageError(ValueError):
    """CLDR does not know the language."""


@lru_cache(maxsize=64)
def months(language: str) -> Mapping[str, int]:
    """Return the number, 1 to 12, of each month name in lower case, wide and abbreviated.

    >>> months("de")["märz"], months("en")["mar"]
    (3, 3)

    Raises:
        UnknownLanguageError: CLDR does not know the language.
    """
    return {**_names("months", language), **MORE_MONTHS.get(language.partition("-")[0], {})}


@lru_cache(maxsize=64)
def weekdays(language: str) -> Mapping[str, int]:
    """Return the number, Monday 0 to Sunday 6, of each weekday name in lower case, wide and abbreviated.

    >>> weekdays("fr")["dimanche"]
    6

    Raises:
        UnknownLanguageError: CLDR does not know the language.
    """
    return _names("days", language)


@lru_cache(maxsize=64)
def day_parts(language: str) -> Mapping[str, int]:
    """Return what each name of a part of the day says of the hour, as `pipeline.dates.clock` counts them.

    >>> day_parts("sq")["m.d"] == AFTERNOON, day_parts("bn")["বিকাল"] == LATER
    (True, True)

    Raises:
        UnknownLanguageError: CLDR does not know the language.
    """
    if language.partition("-")[0].partition("_")[0] in COUNT_FROM_SUNRISE:
        return {}
    rules = _tables(language)["day_period_rules"]
    table = _tables(language)["day_periods"]
    return {
        name.casefold().rstrip("."): part
        for context in table
        for width in WIDTHS
        for name, part in _parts(context, table[context].get(width, {}), rules)
    }


COUNT_FROM_SUNRISE = frozenset({"sw", "am", "ti", "om"})
"""Languages whose hours of the morning and the evening are counted from sunrise and sunset by many: 3 is nine."""
HALVES = {"am": MORNING, "pm": AFTERNOON}
_HOUR = 60 * 60


def _parts(context: str, table: Mapping[str, Any], rules: Mapping[Any, Any]) -> Iterator[tuple[str, int]]:
    """Yield the names of parts of the day that stand beside a clock, each with its part.

    Alone, the Russian afternoon is the word for a day: only the halves are taken from there.
    """
    for key, name in table.items():
        part = HALVES.get(key) if context != "format" or key in HALVES else _part(key, rules.get(None, {}).get(key))
        if part is not None and isinstance(name, str):
            yield name, part


def _part(key: str, spans: Sequence[Mapping[str, int]] | None) -> int | None:
    """Return which part of the day the hours are that CLDR gives a name; None where it is one moment, or none."""
    if not spans or len(spans) > 1 or "from" not in spans[0] or "before" not in spans[0]:
        return None
    first, last = spans[0]["from"] // _HOUR, spans[0]["before"] // _HOUR
    if first > last:
        return NIGHT
    if last <= NOON:
        # What is night to CLDR from one to three is also the late evening to newsrooms.
        return SMALL_HOURS if key.startswith("night") else MORNING
    if first < NOON:
        return MIDDAY
    return LATER if first < EVENING_FROM else EVENING


EVENING_FROM = 17
"""Hour from which on a part of the day is an evening."""


def _names(kind: str, language: str) -> dict[str, int]:
    table = _tables(language)[kind]
    return {
        name.casefold().rstrip("."): number
        for context in ("format", "stand-alone")
        for width in WIDTHS
        for number, name in table[context][width].items()
    }


def month_names(language: str, width: str) -> Iterator[tuple[str, int]]:
    """Yield the names of months of one width, ``wide`` or ``abbreviated``, as CLDR has them, each with its number."""
    table = _tables(language)["months"]
    for context in ("format", "stand-alone"):
        yield from ((name.rstrip("."), number) for number, name in table[context][width].items())


def date_formats(language: str) -> list[str]:
    """Return the formats in which a language prints a date, in the letters of CLDR.

    >>> date_formats("pt")[1]
    "d 'de' MMMM 'de' y"
    """
    return list(_tables(language)["date_formats"].values())


TABLES = ("months", "days", "day_periods", "day_period_rules", "date_formats")
"""What a run asks of the languages that it expects."""


@lru_cache(maxsize=64)
def _tables(language: str) -> Mapping[str, Any]:
    """Return these tables of a language. Babel takes 25 ms to give them, so they are kept."""
    import babel

    decided_by = (babel.__version__.encode(), Path(__file__).read_bytes(), language.encode())
    return kept("language", dict[str, Any], lambda: _read_tables(language), decided_by)


def _read_tables(language: str) -> dict[str, Any]:
    """Return these tables without what is Babel's own."""
    return {kind: _plain(_read_table(kind, language)) for kind in TABLES}


def _plain(told: Any) -> Any:  # noqa: ANN401 - Babel's own nested mappings
    """Return what Babel has without its own classes: an alias is what it stands for, and a format its letters."""
    if isinstance(told, Mapping):
        return {key: _plain(value) for key, value in told.items()}
    return getattr(told, "pattern", told)


def _read_table(kind: str, language: str) -> Any:  # noqa: ANN401 - Babel's own nested mappings
    """Return a table of a language as Babel has it; an empty one where CLDR has none."""
    # Babel reads locale data from disk; only a run that reads dates should pay for it.
    from babel import Locale, UnknownLocaleError, localedata

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise UnknownLanguageError(f"{language!r} is not a language that CLDR knows") from error
    # Babel writes resolved aliases into data that locales share: a copy keeps one language out of another's names.
    # An alias of names leads to names of the same kind, and to copy all of a locale takes a hundred times as long.
    data = localedata.load(str(locale))
    return localedata.LocaleDataDict({kind: deepcopy(data[kind])})[kind] if kind in data else {}


@lru_cache(maxsize=64)
def is_known(language: str) -> bool:
    """Whether CLDR knows the months of a language.

    >>> is_known("pt"), is_known("xx")
    (True, False)
    """
    try:
        return bool(months(language))
    except UnknownLanguageError:
        return False


class ZoneNames(NamedTuple):
    """What a language calls zones.

    Attributes:
        region: What stands around a city for its time, with ``%s`` in its place.
        cities: Exemplar city by IANA zone.
        zones, metazones: Names in words by IANA zone, or by metazone, and by ``generic``, ``standard``, ``daylight``.
    """

    region: str
    cities: Mapping[str, str]
    zones: Mapping[str, Mapping[str, str]]
    metazones: Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=64)
def zone_names(language: str) -> ZoneNames:
    """Return what a language calls zones.

    >>> zone_names("en").region, zone_names("es").cities["Europe/London"]
    ('%s Time', 'Londres')

    Raises:
        UnknownLanguageError: CLDR does not know the language.
    """
    zones = _read_table("time_zones", language)
    return ZoneNames(
        _read_table("zone_formats", language).get("region", "%s"),
        {name: told["city"] for name, told in zones.items() if "city" in told},
        {name: dict(told["long"].items()) for name, told in zones.items() if "long" in told},
        {
            name: dict(told["long"].items())
            for name, told in _read_table("meta_zones", language).items()
            if "long" in told
        },
    )


OFFICIAL = frozenset({"official", "de_facto_official", "official_regional"})


@lru_cache(maxsize=1)
def official_languages() -> frozenset[str]:
    """Return the languages that a state or one of its regions uses.

    >>> {"pt", "ca", "mfe"} & official_languages() == {"pt", "ca"}
    True
    """
    from babel.core import get_global

    return frozenset(
        language.partition("_")[0]
        for languages in get_global("territory_languages").values()
        for language, told in languages.items()
        if told.get("official_status") in OFFICIAL
    )


class Name(NamedTuple):
    """A name that a language has of its own: ``kind`` is ``months``, ``days`` or ``day_periods``."""

    language: str
    kind: str
    name: str
    number: int


def every_name() -> Iterator[Name]:
    """Yield every name that a locale of CLDR has of its own. All locales of one language are that language.

    This reads a thousand files and takes most of a second: it is for the one line in a corpus whose month is in no
    language that was expected.
    """
    from babel import localedata

    for identifier in localedata.locale_identifiers():
        # Babel's own `load` would keep each locale for good, and without what it inherits.
        with Path(localedata.resolve_locale_filename(identifier)).open("rb") as stream:
            own: Any = pickle.load(stream)  # noqa: S301 - a file of the installed package, as Babel itself reads it
        language = identifier.partition("_")[0]
        for kind in ("months", "days", "day_periods"):
            contexts = own.get(kind)
            for context, table in contexts.items() if isinstance(contexts, dict) else ():
                if kind == "day_periods" and language in COUNT_FROM_SUNRISE:
                    continue
                rules = own.get("day_period_rules") or {}
                for name, number in _own(kind, context, table, rules):
                    yield Name(language, kind, name, number)


def _own(kind: str, context: str, table: object, rules: Mapping[Any, Any]) -> Iterator[tuple[str, int]]:
    """Yield what a context says itself; what it takes from another one is met there."""
    for width in WIDTHS:
        found = table.get(width) if isinstance(table, dict) else None
        if not isinstance(found, dict):
            continue
        if kind == "day_periods":
            yield from _parts(context, found, rules)
        else:
            yield from ((name, number) for number, name in found.items() if isinstance(name, str))
