"""Declared formats: ``strptime`` directives compiled once to one anchored pattern each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import regex

from pipeline.dates import names
from pipeline.dates.normal import fold, plain
from pipeline.patterns import lazy_compile

PIECES: Mapping[str, str] = {
    "d": r"(?P<day>[0-9]{1,2})",
    "e": r"(?P<day>[0-9]{1,2})",
    "m": r"(?P<month>[0-9]{1,2})",
    "Y": r"(?P<year>[0-9]{4})",
    "y": r"(?P<short_year>[0-9]{2})",
    "H": r"(?P<hour>[0-9]{1,2})",
    "I": r"(?P<hour12>[0-9]{1,2})",
    "M": r"(?P<minute>[0-9]{2})",
    "S": r"(?P<second>[0-9]{2})",
    "p": r"(?P<half>[AaPp])\.?[Mm]\.?",
    "z": r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})",
    "f": r"(?P<fraction>[0-9]{1,9})",
    "Z": r"(?P<zone>(?![AaPp][Mm]\b)[A-Za-z]{2,6})",
    "%": "%",
}
"""Directives as ``strptime`` has them. A year of two digits needs a declared century, or it would be a guess."""

NAMES = {"a": "weekday_name", "A": "weekday_name", "b": "month_name", "B": "month_name"}

_GROUP = lazy_compile(r"\(\?P<([a-z0-9_]+)>")
TOKEN = lazy_compile(r"%(.?)|(\s+)|([^%\s]+)", regex.DOTALL)


@dataclass(frozen=True, slots=True)
class Format:
    """A compiled format and the names its letters stand for."""

    source: str
    pattern: regex.Pattern[str]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]


def compile_format(source: str, language: str = "en", *, century: bool = False) -> Format:
    """Compile a format of ``strptime`` directives.

    Names of months and weekdays may be wide or abbreviated whatever the case of the letter, with or without a full
    stop; a run of white space matches any other. ``%y`` needs a ``century`` that is known.

    Raises:
        ValueError: An unknown or repeated directive, or no year or month among them; the message says which.
        UnknownLanguageError: CLDR does not know the language.

    >>> compile_format("%d. %B %Y", "de").pattern.fullmatch("3. März 2021")["month_name"]
    'März'
    """
    months = {fold(name): number for name, number in names.months(language).items()}
    weekdays = {fold(name): number for name, number in names.weekdays(language).items()}
    parts: list[str] = []
    for token in TOKEN.finditer(source):
        letter, white, literal = token.groups()
        if white:
            parts.append(r"\s+")
        elif literal:
            parts.append(regex.escape(plain(literal)))
        elif letter in NAMES:
            spelt = names.weekdays(language) if letter in "aA" else names.months(language)
            parts.append(_name_pattern(NAMES[letter], spelt))
        elif letter in PIECES and (letter != "y" or century):
            parts.append(PIECES[letter])
        else:
            raise ValueError(f"%{letter} is not a directive that a format may hold")
    text = "".join(parts)
    for field in sorted(set(_GROUP.findall(text))):
        if text.count(f"(?P<{field}>") > 1:
            raise ValueError(f"{source!r} names the {field} twice")
    if ("<year>" not in text and "<short_year>" not in text) or ("<month>" not in text and "<month_name>" not in text):
        raise ValueError(f"{source!r} has no year (%Y) or no month (%m, %b): the rest of the date would be a guess")
    return Format(source, regex.compile(text, regex.IGNORECASE | regex.FULLCASE), months, weekdays)


def _name_pattern(group: str, table: Mapping[str, int]) -> str:
    words = "|".join(_spellings(plain(name)) for name in sorted(table, key=len, reverse=True))
    return rf"(?P<{group}>{words})\.?"


def _spellings(name: str) -> str:
    """Return a pattern of a name in which each i may have a dot or none, in either case, as Turkish has them."""
    return _I.sub("[iıİI]", regex.escape(name))


_I = lazy_compile("[iıİ]")
