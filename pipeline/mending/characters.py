"""Single characters: those that are not seen, letters apart from their accents, white space of every width."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import regex

from pipeline import white
from pipeline.mending.changes import Change
from pipeline.patterns import lazy_compile

ZERO_WIDTH = "\u200b\u2060\ufeff"
"""Characters that only say where a line may break. The joiners of Persian and Indic scripts and of emoji are not
among them, and neither are marks of direction: they change what a reader sees."""
SOFT_HYPHEN = "\xad"

_CLUSTER = lazy_compile(r"[^\p{M}\p{Cn}]\p{M}{1,30}|[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]+|\p{M}+|[^\x00-\u02ff]")
_WHITE = lazy_compile(f"[{regex.escape(white.CHARACTERS, special_only=False)}]+")


def removed(text: str, characters: str) -> Iterator[Change]:
    r"""Yield the removal of each run of some characters.

    >>> list(removed("har\xadbour", SOFT_HYPHEN))
    [Change(start=3, stop=4, text='')]
    """
    for found in regex.finditer(f"[{characters}]+", text):
        yield Change(found.start(), found.end(), "")


def composed(text: str) -> Iterator[Change]:
    r"""Yield what Unicode's form C writes otherwise: a letter and its accent as one character.

    >>> list(composed("cafe\u0301"))
    [Change(start=3, stop=5, text='é')]
    """
    if unicodedata.is_normalized("NFC", text):
        return
    whole = unicodedata.normalize("NFC", text)
    changes = [
        Change(found.start(), found.end(), new)
        for found in _CLUSTER.finditer(text)
        if (new := unicodedata.normalize("NFC", found[0])) != found[0]
    ]
    yield from changes if _made(text, changes) == whole else [Change(0, len(text), whole)]


def _made(text: str, changes: list[Change]) -> str:
    parts: list[str] = []
    position = 0
    for start, stop, new in changes:
        parts += [text[position:start], new]
        position = stop
    return "".join([*parts, text[position:]])


def single_blanks(text: str) -> Iterator[Change]:
    r"""Yield each run of white space inside a line that is not one plain blank.

    >>> list(single_blanks("one  two\u00a0three"))
    [Change(start=3, stop=5, text=' '), Change(start=8, stop=9, text=' ')]
    """
    for found in _WHITE.finditer(text):
        if found[0] != " ":
            yield Change(found.start(), found.end(), " ")
