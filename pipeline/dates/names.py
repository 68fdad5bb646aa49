"""Names of months and weekdays in a language, as CLDR (through Babel) gives them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from typing import Any

MORE_MONTHS: Mapping[str, Mapping[str, int]] = {"en": {"sept": 9}}
"""Abbreviations that newsrooms print and CLDR does not list."""


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


def _names(kind: str, language: str) -> dict[str, int]:
    # Babel reads locale data from disk; only a run that reads dates should pay for it.
    from babel import Locale, UnknownLocaleError, localedata

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise UnknownLanguageError(f"{language!r} is not a language that CLDR knows") from error
    # Babel writes resolved aliases into data that locales share: a copy keeps one language out of another's names.
    data: Any = deepcopy(localedata.load(str(locale)))
    table = localedata.LocaleDataDict(data)[kind]
    return {
        name.casefold().rstrip("."): number
        for context in ("format", "stand-alone")
        for width in ("abbreviated", "wide")
        for number, name in table[context][width].items()
    }
