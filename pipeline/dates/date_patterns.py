"""What the date formats that CLDR has for a language put around day, month and year: words, endings of months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from pipeline.dates import names
from pipeline.patterns import lazy_compile

_PIECES = lazy_compile(r"(?P<field>[A-Za-z]+)|(?P<literal>(?:'[^']*'|[^A-Za-z'])+)")
_WORD = lazy_compile(r"[\p{L}\p{M}]+")
_ENDING = lazy_compile(r"[\p{L}\p{M}]+")
_BEGINNING = lazy_compile(r"[\p{L}\p{M}]+\Z")
_NAMED_MONTH: Mapping[str, str] = {"MMMM": "wide", "MMM": "abbreviated", "LLLL": "wide", "LLL": "abbreviated"}


class Around(NamedTuple):
    """What the date formats of a language hold beside their fields.

    Attributes:
        words: Words that stand by themselves, or at a number.
        months: Number of each name of a month with the letters that a format puts right before or behind it.
    """

    words: frozenset[str]
    months: Mapping[str, int]


@lru_cache(maxsize=64)
def around(language: str) -> Around:
    """Return the words and the inflected months of a language's date formats.

    >>> sorted(around("pt").words), around("eu").months["uztailaren"]
    (['de'], 7)

    Raises:
        UnknownLanguageError: CLDR does not know the language.
    """
    words: set[str] = set()
    months: dict[str, int] = {}
    for pattern in names.date_formats(language):
        pieces = [(found["field"], (found["literal"] or "").replace("'", "")) for found in _PIECES.finditer(pattern)]
        for place, (field, literal) in enumerate(pieces):
            if field is not None:
                if (width := _NAMED_MONTH.get(field)) is not None:
                    before, behind = _glued(pieces, place)
                    months.update(_inflected(language, width, before, behind))
                continue
            words.update(_free(literal, is_behind=_is_named(pieces, place - 1), is_before=_is_named(pieces, place + 1)))
    return Around(frozenset(words), months)


def _is_named(pieces: list[tuple[str | None, str]], place: int) -> bool:
    return 0 <= place < len(pieces) and pieces[place][0] in _NAMED_MONTH


def _free(literal: str, *, is_behind: bool, is_before: bool) -> Iterator[str]:
    """Yield the words of a literal without the letters that belong to the name of a month beside it."""
    for word in _WORD.finditer(literal):
        if not (is_behind and word.start() == 0) and not (is_before and word.end() == len(literal)):
            yield word[0]


def _glued(pieces: list[tuple[str | None, str]], place: int) -> tuple[str, str]:
    """Return the letters right before and right behind a field."""
    before = _BEGINNING.search(pieces[place - 1][1]) if place else None
    behind = _ENDING.match(pieces[place + 1][1]) if place + 1 < len(pieces) else None
    return before[0] if before else "", behind[0] if behind else ""


def _inflected(language: str, width: str, before: str, behind: str) -> Iterator[tuple[str, int]]:
    if before or behind:
        for name, number in names.month_names(language, width):
            yield f"{before}{name}{behind}", number
