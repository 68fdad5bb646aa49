"""The word right beside a clock: one that is not understood may change what the clock says.

`5:05 PTG` may be five in the afternoon, and `17:05 Harbour time` is not the time of the page's own zone. So an hour of
at most twelve without a word for the half of the day proves the day alone, and any other clock has a zone that is not
known.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import NamedTuple

from msgspec.structs import replace

from pipeline.dates.lexicon import Lexicon
from pipeline.dates.normal import fold
from pipeline.dates.reading import TIME_NOT_PROVEN, Stamp
from pipeline.patterns import lazy_compile

_BEHIND = lazy_compile(r"\.?\s?\(?(?P<word>\p{L}[\p{L}\p{M}.']*)")
_NUMBER = lazy_compile(r"\s?[0-9]{1,2}(?![0-9:.])")
"""What may be an offset that lost its sign: `GMT 3`."""
_HALF_GOES_BEFORE = lazy_compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_NAMES_TIME = lazy_compile("时间|時間|时刻|時刻|시간")
_BEFORE = lazy_compile(r"(?P<word>\p{L}[\p{L}\p{M}.']*)\)?\s?\Z")


class Beside(NamedTuple):
    """Where the clock of a timestamp is: at its beginning or its end, and whether it lacks a half of the day."""

    at_start: bool = False
    at_stop: bool = False
    may_be_half: bool = False


class Around(NamedTuple):
    """The text before and behind a timestamp, in the line that it was found in."""

    before: str
    behind: str


def weighed(stamp: Stamp, beside: Beside, around: Around, known: Lexicon, understood: Callable[[str], bool]) -> Stamp:
    """Return a stamp as far as the words beside its clock leave no doubt.

    Args:
        stamp: The stamp.
        beside: Where its clock is.
        around: The text around it.
        known: The words that timestamps have of their own.
        understood: Whether a text begins with something that is known for what it is, and tells nothing of the clock.
    """
    if beside.at_stop and stamp.zone is not None and (more := _NUMBER.match(around.behind)):
        return replace(stamp, zone=stamp.zone + more[0])
    word, rest = _beside(beside, around, known)
    if not word or (not _is_half(word, known) and (_is_small(word, known) or understood(rest))):
        return stamp
    if beside.may_be_half:
        day = stamp.local and stamp.local.combine(stamp.local.date(), time())
        told = (*stamp.warnings, TIME_NOT_PROVEN)
        return replace(stamp, precision="day", local=day, offset=None, zone=None, warnings=told)
    if stamp.offset is None and stamp.zone is None:
        return replace(stamp, zone=word)
    return stamp


def _beside(beside: Beside, around: Around, known: Lexicon) -> tuple[str, str]:
    """Return the word beside a clock that may change what it says, and the text from there on; empty without one."""
    if beside.at_stop and (found := _BEHIND.match(around.behind)):
        rest = around.behind[found.start("word") :]
        says_nothing = _HALF_GOES_BEFORE.match(found["word"]) and not _NAMES_TIME.search(rest)
        return ("", "") if says_nothing else (found["word"], rest)
    found = _BEFORE.search(around.before) if beside.at_start else None
    if found is None or (found["word"][0].isupper() and not _is_half(found["word"], known)):
        # Where a half of the day goes before the clock, it has no capital: with one it is a name.
        return "", ""
    return found["word"], found["word"]


def _is_small(word: str, known: Lexicon) -> bool:
    """Whether a word is one that timestamps have, of their own or as the beginning of a phrase."""
    return bool(known.word(fold(word.rstrip(".'"))))


def _is_half(word: str, known: Lexicon) -> bool:
    """Whether a word tells the half of the day; `12:00 midnight` is not at noon."""
    return any(meaning.kind in "PN" for meaning in known.word(fold(word.rstrip(".'"))))
