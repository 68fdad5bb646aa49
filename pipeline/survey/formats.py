"""The declared format that timestamp lines of one shape have, found by what they say.

A format is proposed when it reads every example as the general reader does; one that would read anything else is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import regex

from pipeline.dates import StampReader, compile_format
from pipeline.dates.declared import read
from pipeline.dates.names import UnknownLanguageError, months, weekdays
from pipeline.dates.normal import fold, plain
from pipeline.dates.reading import LONGEST, Stamp
from pipeline.patterns import lazy_compile

TRIED_MOST = 400
"""Formats that are tried for one shape; a timestamp line has two or three in which a day could be a month."""

_PART = lazy_compile(r"([\p{L}\p{M}]+)(\.?)|([0-9]+)|(\s+)|(.)", regex.DOTALL)
_NUMBERS = ("d", "m", "H", "M", "S", "I")


def infer(examples: Sequence[str], reader: StampReader, language: str = "en") -> str | None:
    """Return the format of lines that have one shape; None when there is none that reads all of them rightly.

    >>> infer(["Sun Mar 27, 2016 11:55:38"], StampReader())
    '%a %b %d, %Y %H:%M:%S'
    >>> infer(["27.03.2016, 11:55 Uhr", "28.03.2016, 12:10 Uhr"], StampReader(), "de")
    '%d.%m.%Y, %H:%M Uhr'
    """
    told = [(example, stamp) for example in examples for stamp in reader.read_all(example)[:1]]
    known = [(example, stamp) for example, stamp in told if stamp.status == "exact" and stamp.local is not None]
    if not known:
        return None
    first, stamp = known[0]
    for number, source in enumerate(_formats(first, stamp, language)):
        if number == TRIED_MOST:
            return None
        try:
            form = compile_format(source, language)
        except (ValueError, UnknownLanguageError):
            continue
        if all(_agrees(read(form, example), said) for example, said in known):
            return source
    return None


def _agrees(found: Stamp | None, said: Stamp) -> bool:
    return (
        found is not None
        and found.status == "exact"
        and (found.local, found.precision, found.zone) == (said.local, said.precision, said.zone)
        and (found.offset is None) == (said.offset is None)
    )


def _formats(example: str, stamp: Stamp, language: str) -> Iterator[str]:
    """Yield the formats that could have printed an example, by what its numbers may be."""
    if len(example) > LONGEST or stamp.local is None:
        return
    options: list[Sequence[str]] = []
    text = plain(example)
    position = 0
    while position < len(text):
        if stamp.offset is not None and (found := _OFFSET.match(text, position)) and options:
            options.append(("%z",))
            position = found.end()
            continue
        part = _PART.match(text, position)
        if part is None:
            return
        options.append(_options(part, stamp, stamp.local, language))
        position = part.end()
    yield from _combined(options)


_OFFSET = lazy_compile(r"[+-][0-9]{2}:?[0-9]{2}\b|(?<=[0-9])Z\b")


def _options(part: regex.Match[str], stamp: Stamp, local: datetime, language: str) -> Sequence[str]:
    """Return what a part of a line may be in a format."""
    word, stop, number, white, other = part.groups()
    if white or other:
        return (" " if white else "%%" if other == "%" else other,)
    if word:
        return (_word(word, stop, stamp.zone, language),)
    if len(number) == len("2016"):
        return ("%Y",) if int(number) == local.year else (number,)
    values = {
        "d": local.day, "m": local.month, "H": local.hour, "M": local.minute, "S": local.second,
        "I": local.hour % 12 or 12,
    }  # fmt: skip
    fitting = [f"%{letter}" for letter in _NUMBERS if values[letter] == int(number)]
    return fitting or (number,)


def _word(word: str, stop: str, zone: str | None, language: str) -> str:
    """Return what a word is in a format: a name, a zone, a half of the day, or itself."""
    name = fold(word)
    if name in {fold(known) for known in weekdays(language)}:
        return "%a"
    if name in {fold(known) for known in months(language)}:
        return "%b"
    if word == zone:
        return f"%Z{stop}"
    return "%p" if name in {"am", "pm"} else word + stop


def _combined(options: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield every way to choose one of each, none of the directives twice; the likely ones come first."""
    pending: list[tuple[str, ...]] = [()]
    while pending:
        chosen = pending.pop()
        if len(chosen) == len(options):
            if _is_whole(chosen):
                yield "".join(chosen)
            continue
        here = [one for one in options[len(chosen)] if not (one.startswith("%") and one != "%%" and one in chosen)]
        pending += [(*chosen, one) for one in reversed(here)]


def _is_whole(chosen: Sequence[str]) -> bool:
    """Whether a format has its clock in order: hours of twelve with a half of the day, and no part before the hour."""
    has = set(chosen)
    if ("%I" in has) != ("%p" in has) or {"%H", "%I"} <= has:
        return False
    clock = [one for one in chosen if one in {"%H", "%I", "%M", "%S"}]
    return clock in ([], ["%H"], ["%H", "%M"], ["%H", "%M", "%S"], ["%I"], ["%I", "%M"], ["%I", "%M", "%S"])
