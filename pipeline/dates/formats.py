"""Declared formats: ``strptime`` directives compiled once to one anchored pattern each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import regex
from msgspec import Struct

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

TWO_WAYS: Mapping[str, AbstractSet[str]] = {
    "year": {"year", "short_year"},
    "month": {"month", "month_name"},
    "hour": {"hour", "hour12"},
}
"""Fields of which a format may have one alone: of two that disagree one would be dropped."""

NEEDS: Mapping[str, tuple[AbstractSet[str], str]] = {
    "half": ({"hour12"}, "has %p without %I: whether it is AM or PM would be lost"),
    "hour12": ({"half"}, "has %I without %p: the half of the day would be a guess"),
    "minute": ({"hour", "hour12"}, "has %M without an hour (%H, or %I and %p): the minute would be lost"),
    "second": ({"minute"}, "has %S without %M: the second would be lost"),
    "fraction": ({"second"}, "has %f without %S: the fraction would be lost"),
}
"""Fields that tell nothing without another, and what a format is told that leaves it out."""

NAMES = {"a": "weekday_name", "A": "weekday_name", "b": "month_name", "B": "month_name"}

_GROUP = lazy_compile(r"\(\?P<([a-z0-9_]+)>")
_ZONE = lazy_compile(r"(?<![A-Za-z])(?:GMT|UTC)(?![A-Za-z0-9+-])")
_ZULU = lazy_compile(r"Z(?![A-Za-z])")
_CLOCK_ENDS = frozenset(PIECES[letter] for letter in "HMSf")
TOKEN = lazy_compile(r"%(.?)|(\s+)|([^%\s]+)", regex.DOTALL)


class Format(Struct, frozen=True):
    """A compiled format and the names its letters stand for."""

    source: str
    pattern: regex.Pattern[str]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]


def compile_format(source: str, language: str = "en", *, century: bool = False) -> Format:
    """Compile a format of ``strptime`` directives.

    Names of months and weekdays may be wide or abbreviated whatever the case of the letter, with or without a full
    stop; a run of white space matches any other. ``%y`` needs a ``century`` that is known. The words GMT and UTC, and
    a Z behind the clock, are the zone where no directive names one.

    Raises:
        ValueError: An unknown or repeated directive, no year or month among them, or one that tells nothing without
            another that is not there, such as ``%p`` beside ``%H``; the message says which.
        UnknownLanguageError: CLDR does not know the language.

    >>> compile_format("%d. %B %Y", "de").pattern.fullmatch("3. März 2021")["month_name"]
    'März'
    """
    months = {fold(name): number for name, number in names.months(language).items()}
    weekdays = {fold(name): number for name, number in names.weekdays(language).items()}
    parts: list[str] = []
    literals = _literals(source)
    for token in TOKEN.finditer(source):
        letter, white, literal = token.groups()
        if white:
            parts.append(r"\s+")
        elif literal:
            parts.append(literals(literal, parts))
        elif letter in NAMES:
            spelt = names.weekdays(language) if letter in "aA" else names.months(language)
            parts.append(_name_pattern(NAMES[letter], spelt))
        elif letter in PIECES and (letter != "y" or century):
            parts.append(PIECES[letter])
        else:
            raise ValueError(f"%{letter} is not a directive that a format may hold")
    text = "".join(parts)
    _check(source, _GROUP.findall(text))
    return Format(source, regex.compile(text, regex.IGNORECASE | regex.FULLCASE), months, weekdays)


def _check(source: str, fields: Sequence[str]) -> None:
    """Refuse a format that says a thing twice, or half of it: what it leaves open would be lost, or a guess."""
    for field in sorted(set(fields)):
        if fields.count(field) > 1:
            raise ValueError(f"{source!r} names the {field} twice")
    for field, ways in TWO_WAYS.items():
        if ways <= set(fields):
            raise ValueError(f"{source!r} names the {field} twice")
    if not {"year", "short_year"} & set(fields) or not {"month", "month_name"} & set(fields):
        raise ValueError(f"{source!r} has no year (%Y) or no month (%m, %b): the rest of the date would be a guess")
    for field, (needed, problem) in NEEDS.items():
        if field in fields and not needed & set(fields):
            raise ValueError(f"{source!r} {problem}")


def _literals(source: str) -> Callable[[str, Sequence[str]], str]:
    """Return what makes a pattern of a literal: a zone that it names is read, where no directive reads one."""
    directives = {token[1] for token in TOKEN.finditer(source)}

    def pattern(literal: str, before: Sequence[str]) -> str:
        if directives & {"z", "Z"} or not directives & {"H", "I"}:
            return regex.escape(plain(literal))
        zone = _ZONE.search(literal)
        if zone is None and before and before[-1] in _CLOCK_ENDS:
            zone = _ZULU.match(literal)
        if zone is None:
            return regex.escape(plain(literal))
        group = "offset" if zone[0] == "Z" else "zone"
        ends = regex.escape(plain(literal[: zone.start()])), regex.escape(plain(literal[zone.end() :]))
        return f"{ends[0]}(?P<{group}>{zone[0]}){ends[1]}"

    return pattern


def _name_pattern(group: str, table: Mapping[str, int]) -> str:
    words = "|".join(_spellings(plain(name)) for name in sorted(table, key=len, reverse=True))
    return rf"(?P<{group}>{words})\.?"


def _spellings(name: str) -> str:
    """Return a pattern of a name in which each i may have a dot or none, in either case, as Turkish has them."""
    return _I.sub("[iıİI]", regex.escape(name))


_I = lazy_compile("[iıİ]")
