"""Names of months and weekdays as CLDR (through Babel) gives them: of one language, or of all at once."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

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
def halves(language: str) -> Mapping[str, int]:
    """Return the hours to add for each name of a half of the day: 0 for am, 12 for pm.

    >>> halves("sq")["m.d"]
    12

    Raises:
        UnknownLanguageError: CLDR does not know the language.
    """
    table = _table("day_periods", language)
    return {
        table[context][width][name].casefold().rstrip("."): hours
        for context in table
        for width in WIDTHS
        for name, hours in HALVES.items()
        if name in table[context].get(width, {})
    }


HALVES = {"am": 0, "pm": 12}


def _names(kind: str, language: str) -> dict[str, int]:
    table = _table(kind, language)
    return {
        name.casefold().rstrip("."): number
        for context in ("format", "stand-alone")
        for width in WIDTHS
        for number, name in table[context][width].items()
    }


def _table(kind: str, language: str) -> Any:  # noqa: ANN401 - Babel's own nested mappings
    # Babel reads locale data from disk; only a run that reads dates should pay for it.
    from babel import Locale, UnknownLocaleError, localedata

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise UnknownLanguageError(f"{language!r} is not a language that CLDR knows") from error
    # Babel writes resolved aliases into data that locales share: a copy keeps one language out of another's names.
    # An alias of names leads to names of the same kind, and to copy all of a locale takes a hundred times as long.
    return localedata.LocaleDataDict({kind: deepcopy(localedata.load(str(locale))[kind])})[kind]


def every_name() -> Iterator[tuple[str, str, int, str]]:
    """Yield kind, name, number and width of every name that a locale of CLDR has of its own.

    The kinds are ``months``, ``days`` and ``day_periods``.

    This reads a thousand files and takes most of a second: it is for the one line in a corpus whose month is in no
    language that was expected.
    """
    from babel import localedata

    for identifier in localedata.locale_identifiers():
        # Babel's own `load` would keep each locale for good, and without what it inherits.
        with Path(localedata.resolve_locale_filename(identifier)).open("rb") as stream:
            own: Any = pickle.load(stream)  # noqa: S301 - a file of the installed package, as Babel itself reads it
        for kind in ("months", "days", "day_periods"):
            contexts = own.get(kind)
            if isinstance(contexts, dict):
                for context in contexts.values():
                    yield from _own(kind, context)


def _own(kind: str, context: object) -> Iterator[tuple[str, str, int, str]]:
    """Yield what a context says itself; what it takes from another one is met there."""
    if not isinstance(context, dict):
        return
    for width in WIDTHS:
        table = context.get(width)
        if isinstance(table, dict):
            for key, name in table.items():
                number = HALVES.get(key) if kind == "day_periods" else key
                if isinstance(name, str) and number is not None:
                    yield kind, name, number, width
