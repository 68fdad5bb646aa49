"""Titles, their flag words (``VIDEO: …`` at the head, ``… + VIDEO`` at the end), and lines that are never one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial

import regex

from pipeline.patterns import lazy_compile

FLAG_MARKS = ":|+)]"
"""What stands beside a flag word, one of them at least."""


def split_flags(title: str, flags: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the title without its flag words, and the flags in printed order, as the profile spells them.

    >>> split_flags("VIDEO:Ferry Back in Harbour + PHOTO", ["VIDEO", "PHOTO"])
    ('Ferry Back in Harbour', ('VIDEO', 'PHOTO'))

    A title that would be nothing but flags keeps them.

    >>> split_flags("Video:", ["VIDEO"])
    ('Video:', ())
    """
    has_mark = any(map(title.__contains__, FLAG_MARKS))  # most titles have none
    return _split(title, _pattern(tuple(flags))) if flags and has_mark else (title, ())


def flag_splitter(flags: Sequence[str]) -> Callable[[str], tuple[str, tuple[str, ...]]]:
    """Return what :func:`split_flags` is for many titles that have a mark which stands beside a flag.

    >>> list(map(flag_splitter(["VIDEO"]), ["VIDEO: Ferry Back", "Fog: A Week"]))
    [('Ferry Back', ('VIDEO',)), ('Fog: A Week', ())]
    """
    return partial(_split, pattern=_pattern(tuple(flags)))


def _split(title: str, pattern: _Pattern) -> tuple[str, tuple[str, ...]]:
    headline = title
    front: list[str] = []
    back: list[str] = []
    is_headed = ":" in title or "|" in title or ")" in title or "]" in title
    while is_headed and len(front) < MOST_FLAGS and (found := pattern.head.match(headline)):
        front.append(pattern.flag(found))
        headline = headline[found.end() :]
    is_tailed = "+" in title or "|" in title or title.endswith((")", "]"))
    while is_tailed and len(back) < MOST_FLAGS and (found := pattern.last(headline)):
        back.insert(0, pattern.flag(found))
        headline = headline[: found.start()]
    return (headline, (*front, *back)) if headline else (title, ())


_SHARING_WORDS = (
    "share print email mail teilen drucken compartir imprimir partager imprimer condividi stampa compartilhar "
    "поделиться печать مشاركة طباعة"
)
_SHARING = frozenset(_SHARING_WORDS.split())
_TO_READ = r"read|lesezeit|lesen|de lectura|de lecture|di lettura|de leitura|чтения"
_TIME_TO_READ = r"reading time|lesezeit|lesedauer|tiempo de lectura|temps de lecture|tempo di lettura|tempo de leitura"
_MINUTES = r"[0-9]{1,3}[\s-]?(?:min|мин)\p{L}{0,4}\.?"
_READING_TIME = lazy_compile(rf"{_MINUTES}\s?(?:{_TO_READ})|(?:{_TIME_TO_READ})\s?:?\s?{_MINUTES}", regex.IGNORECASE)
_WORD = lazy_compile(r"\p{L}[\p{L}\p{M}]*+")
_DIGIT = lazy_compile("[0-9]")
FURNITURE_LONGEST = 60


def is_furniture(line: str) -> bool:
    """Whether a line is a part of the page's frame: how long it takes to read, or buttons to share and print it.

    >>> is_furniture("3 min read"), is_furniture("Share | Print"), is_furniture("Print Is Not Dead")
    (True, True, False)
    """
    if len(line) > FURNITURE_LONGEST:
        return False
    read_as = line.casefold()
    first = _WORD.search(read_as)
    if first is not None and first[0] in _SHARING and _SHARING.issuperset(_WORD.findall(read_as)):
        return True
    return _DIGIT.search(line) is not None and _READING_TIME.fullmatch(line) is not None


MOST_FLAGS = 8
"""Flags taken off either end at most: a bound for hostile titles, never reached by real ones."""


class _Pattern:
    """Patterns of the flag words at either end. Each word is a group of its own, so that its number names the flag.

    Comparing what matched with the words in lower case would miss letters with capitals of their own kind, such as
    the Turkish dotted I.
    """

    def __init__(self, flags: tuple[str, ...]) -> None:
        self.flags = sorted(dict.fromkeys(flags), key=len, reverse=True)
        self.longest = max(map(len, flags)) + 8
        words = "|".join(f"({regex.escape(flag)})" for flag in self.flags)
        self.head = regex.compile(rf"[\[(]?(?:{words})(?:\s?[:|]|[\])]:?)\s*", regex.IGNORECASE)
        self.tail = regex.compile(rf"\s+(?:[+|]\s?(?:{words})|[\[(](?:{words})[\])])\Z", regex.IGNORECASE)

    def last(self, title: str) -> regex.Match[str] | None:
        """Return the flag that a title ends with."""
        return self.tail.search(title, max(0, len(title) - self.longest))

    def flag(self, found: regex.Match[str]) -> str:
        """Return the flag that a match found, as the profile spells it."""
        return self.flags[((found.lastindex or 1) - 1) % len(self.flags)]


@lru_cache(maxsize=64)
def _pattern(flags: tuple[str, ...]) -> _Pattern:
    return _Pattern(flags)
