"""By-lines: the words that make the name behind them an author's, and what may stand in such a name."""

from __future__ import annotations

from functools import cache, lru_cache

import regex

from pipeline.dates.normal import fold, opening, openings, plain
from pipeline.patterns import lazy_compile

MOST_BYLINE_WORDS = 9
"""Words of a by-line at most, behind the word that makes it one; it may name several people and their trade."""
LONGEST = 120
"""Characters of a line that is nothing but a by-line at most."""

BYLINES = (
    "by|written by|reported by|edited by|compiled by|story by|von|geschrieben von|par|rédigé par|por|escrito por|di|"
    "scritto da|door|av|af|przez|от|oleh|theo|بقلم|כתב|מאת|द्वारा"
)
"""Words that make the name behind them an author's."""
JOINS = frozenset(
    [
        "and",
        "with",
        "for",
        "in",
        "et",
        "avec",
        "pour",
        "dans",
        "und",
        "mit",
        "für",
        "im",
        "y",
        "con",
        "para",
        "en",
        "e",
        "per",
        "i",
        "z",
        "dla",
        "og",
        "med",
        "och",
    ]
)
"""What joins the names of a by-line, and leads on to the section of the site."""
PARTICLES = frozenset(
    [
        "al",
        "bin",
        "da",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "le",
        "of",
        "van",
        "von",
        "y",
    ]
)
CASED = lazy_compile(r"[\p{Latin}\p{Cyrillic}\p{Greek}\p{Armenian}]", regex.VERSION1)
_UPPER = lazy_compile(r"\p{Lu}")
WORD = lazy_compile(r"[\p{L}\p{M}\p{N}'’.\-&]+")


def any_of(words: str) -> str:
    """Return a pattern of words that a bar parts, as `fold` leaves them, the longest first."""
    return "|".join(regex.escape(word) for word in sorted({fold(word) for word in words.split("|")}, key=len)[::-1])


BYLINE = lazy_compile(rf"(?:{any_of(BYLINES)})\s+")
"""The word that makes a by-line, in a folded text."""


def is_named(word: str) -> bool:
    """Whether a word can be one of a name: it has a capital where its script has any."""
    return not CASED.match(word) or bool(_UPPER.match(word)) or word in PARTICLES


@cache
def _openings() -> frozenset[str]:
    return openings(BYLINES)


@lru_cache(maxsize=256)
def is_byline(line: str) -> bool:
    """Whether a line is nothing but a by-line; a sentence that begins like one has other small words.

    >>> is_byline("By Ann Lee and Jo Bell in Castlebrae"), is_byline("By admin"), is_byline("By Sea to the Isles")
    (True, True, False)
    """
    if len(line) > LONGEST or opening(line) not in _openings():
        return False
    words = WORD.findall(plain(line))
    by = BYLINE.match(fold(" ".join(words)) + " ")
    named = words[by[0].count(" ") :] if by else []
    if not 0 < len(named) <= MOST_BYLINE_WORDS or line.endswith(("?", "!")):
        return False
    return len(named) == 1 or (all(is_named(word) or word in JOINS for word in named) and is_named(named[-1]))
