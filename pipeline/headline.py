"""Titles and their flag words: ``VIDEO: …`` at the head, ``… + VIDEO`` at the end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import regex


def split_flags(title: str, flags: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the title without its flag words, and the flags in printed order, as the profile spells them.

    >>> split_flags("VIDEO:Ferry Back in Harbour + PHOTO", ["VIDEO", "PHOTO"])
    ('Ferry Back in Harbour', ('VIDEO', 'PHOTO'))

    A title that would be nothing but flags keeps them.

    >>> split_flags("Video:", ["VIDEO"])
    ('Video:', ())
    """
    if not flags:
        return title, ()
    pattern = _pattern(tuple(flags))
    spelling = {flag.casefold(): flag for flag in flags}
    headline, front, back = title, list[str](), list[str]()
    while len(front) < MOST_FLAGS and (found := pattern.head.match(headline)):
        front.append(spelling[found[1].casefold()])
        headline = headline[found.end() :]
    while len(back) < MOST_FLAGS and (found := pattern.tail.search(headline, max(0, len(headline) - pattern.longest))):
        back.insert(0, spelling[(found[1] or found[2]).casefold()])
        headline = headline[: found.start()]
    return (headline, (*front, *back)) if headline else (title, ())


MOST_FLAGS = 8
"""Flags taken off either end at most: a bound for hostile titles, never reached by real ones."""


class _Pattern:
    def __init__(self, flags: tuple[str, ...]) -> None:
        self.longest = max(map(len, flags)) + 8
        words = "|".join(regex.escape(flag) for flag in sorted(flags, key=len, reverse=True))
        self.head = regex.compile(rf"[\[(]?({words})(?:\s?[:|]|[\])]:?)\s*", regex.IGNORECASE)
        self.tail = regex.compile(rf"\s+(?:[+|]\s?({words})|[\[(]({words})[\])])\Z", regex.IGNORECASE)


@lru_cache(maxsize=64)
def _pattern(flags: tuple[str, ...]) -> _Pattern:
    return _Pattern(flags)
