"""From the characters of a timestamp line to one letter a token: what the grammar in ``shape`` is written over.

Digits are known by their number alone, so all strings of one shape have the same tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

import regex

from pipeline.dates import words
from pipeline.dates.lexicon import CONNECTS, Lexicon, Meaning
from pipeline.dates.normal import fold
from pipeline.patterns import lazy_compile

ZONE_NAMES = frozenset(words.ZONES.split("|"))
"""Abbreviations of zones that pages print."""
MOST_READINGS = 16
"""Ways of understanding the words of one line that are tried."""
_TOKEN = lazy_compile(
    r"""[0-9]+
    | (?:[\p{Latin}&&\p{Lu}]\p{M}*)+ (?:[\p{Latin}--\p{Lu}]\p{M}*)* (?:'[\p{Latin}\p{M}]+)*
    | (?:[\p{Latin}--\p{Lu}]\p{M}*)+ (?:'[\p{Latin}\p{M}]+)*
    | [\p{L}--\p{Latin}] [[\p{L}\p{M}]--\p{Latin}]* (?:['"][[\p{L}\p{M}]--\p{Latin}]+)*
    | \s+ | .""",
    regex.DOTALL | regex.VERSION1 | regex.VERBOSE,
)
"""Digits; a word in Latin letters, which ends where a new capital begins; a word in others; white space; a mark.

Pages print things without a blank between them: `BusinessNov 7`, and two scripts that touch.
"""
_NUMBER = {1: "n", 2: "n", 3: "g", 4: "y", 6: "t", 8: "f"}
"""Letter of a run of digits by its length: day, month or clock; year; whole day; clock without colons."""
_YEAR_DIGITS = 4
_STAYS = frozenset(",.:/-+|'@")
"""Punctuation that has a part in the grammar; the rest is a comma, brackets are nothing."""
_NOTHING = frozenset('()"')


class Token(NamedTuple):
    """One token.

    Attributes:
        letter: What it is in the grammar.
        number: Which run of digits it is; -1 when none, and -1 - N for a number N that is written out.
        meanings: What the word means, all of one kind.
        start, stop: Its characters.
    """

    letter: str
    number: int
    meanings: tuple[Meaning, ...]
    start: int
    stop: int


UNKNOWN = "u"


def readings(shape: str, lexicon: Lexicon) -> Iterator[tuple[Token, ...]]:
    """Yield the ways to understand a masked text, each as its tokens without what only connects or separates words."""
    choices = _choices(shape, lexicon)
    yield from islice((tuple(token for token in way if token.letter) for way in product(*choices)), MOST_READINGS)


def unknown_words(shape: str, lexicon: Lexicon, most: int) -> int:
    """Return how many words of a masked text are not known; counting ends above ``most``."""
    unknown = 0
    for token in _TOKEN.finditer(shape):
        if not token[0][0].isalpha():
            continue
        word = fold(token[0])
        if not (lexicon.word(word) or lexicon.split(word) or lexicon.phrases_of(word)):
            unknown += 1
            if unknown > most:
                break
    return unknown


def words_in(shape: str) -> Iterator[str]:
    """Yield the words of a masked text, each folded."""
    for token in _TOKEN.finditer(shape):
        if token[0][0].isalpha():
            yield fold(token[0])


def _choices(shape: str, lexicon: Lexicon) -> list[list[Token]]:
    found = list(_TOKEN.finditer(shape))
    choices: list[list[Token]] = []
    numbers = 0
    place = 0
    while place < len(found):
        text, start, stop = found[place][0], found[place].start(), found[place].end()
        place += 1
        first = text[0]
        if first == "0":
            choices.append([Token(_NUMBER.get(len(text), "g"), numbers, (), start, stop)])
            numbers += 1
        elif first.isalpha():
            used, tokens = _phrase(found, place - 1, lexicon)
            place += used
            choices.extend(tokens)
        elif first in _NOTHING or first.isspace():
            continue
        else:
            letter = _sign(shape, start) if first in "+-" else first if first in _STAYS else ","
            choices.append([Token(letter, -1, (), start, stop)])
    return choices


def _sign(shape: str, at: int) -> str:
    """Return ``v`` or ``p`` for a minus or plus right before a digit that may begin an offset."""
    glued = shape[at + 1 : at + 2].isdigit()
    if shape[at] == "+":
        return "p" if glued else "+"
    before = shape[at - 1 : at]
    return (
        "v"
        if glued and (before.isspace() or before == "(" or (before == "0" and shape[at - 3 : at - 2] == ":"))
        else "-"
    )


def _phrase(found: Sequence[regex.Match[str]], place: int, lexicon: Lexicon) -> tuple[int, list[list[Token]]]:
    """Return how many tokens more than the first were used, and what they can mean."""
    text, start = found[place][0], found[place].start()
    word = fold(text)
    for rest, meaning in lexicon.phrases_of(word):
        if stop := _follows(found, place + 1, rest):
            return stop - place - 1, [
                [Token(_letter(meaning), _constant(meaning), (meaning,), start, found[stop - 1].end())]
            ]
    after_digit = _is_ending(found, place)
    if meanings := lexicon.abbreviation(word) if text in ZONE_NAMES else lexicon.word(word):
        halves = tuple(meaning for meaning in meanings if meaning.kind == "P")
        before, behind = _is_digits(found, place - 1), _is_digits(found, place + 1)
        clock = _is_clock(found, place + 1)
        eras = tuple(meaning for meaning in meanings if meaning.kind == "E")
        if eras and before and _is_year(found, place - 1):
            # Behind the year, the Arabic mark of the afternoon is that of the era.
            halves = meanings = eras
        meanings = halves if halves and clock else _by_neighbours(meanings, before=before, behind=behind)
        able = _tokens(meanings, start, found[place].end(), text, after_digit=after_digit)
        if text in ZONE_NAMES and all(token.letter == "W" for token in able):
            # In capitals, a short weekday may be a zone: of both, the one that fits the date would be a guess.
            able.append(Token("z", -1, (), start, found[place].end()))
        return 0, [able]
    if parts := lexicon.split(word):
        tokens: list[list[Token]] = []
        position = start
        for part in parts:
            tokens.append(_tokens(lexicon.word(part), position, position + len(part), text, after_digit=False))
            position += len(part)
        return 0, tokens
    if word == "t" and after_digit:
        return 0, [[Token("T", -1, (), start, found[place].end())]]
    letter = "z" if text in ZONE_NAMES else UNKNOWN
    return 0, [[Token(letter, -1, (), start, found[place].end())]]


def _is_digits(found: Sequence[regex.Match[str]], place: int) -> bool:
    """Whether a run of digits stands at a place, or behind the one white space there."""
    step = 1 if place > 0 and found[place - 1][0][0].isalpha() else -1
    if 0 <= place < len(found) and found[place][0].isspace():
        place += step
    return 0 <= place < len(found) and found[place][0][0] == "0"


def _is_year(found: Sequence[regex.Match[str]], place: int) -> bool:
    """Whether four digits stand at a place, or before the white space there."""
    digits = found[place - 1][0] if found[place][0].isspace() else found[place][0]
    return digits[0] == "0" and len(digits) == _YEAR_DIGITS


def _is_clock(found: Sequence[regex.Match[str]], place: int) -> bool:
    """Whether hour and minute stand at a place, as in `AM 12:05`."""
    ahead = [token[0] for token in found[place : place + 3] if not token[0].isspace()]
    return len(ahead) > 1 and ahead[0][0] == "0" and ahead[1] == ":"


def _by_neighbours(meanings: tuple[Meaning, ...], *, before: bool, behind: bool) -> tuple[Meaning, ...]:
    """Return what a word such as `am` can mean where it stands: half of a day only right behind the hour."""
    if CONNECTS not in meanings or not any(meaning.kind == "P" for meaning in meanings) or (before and behind):
        return meanings
    return tuple(meaning for meaning in meanings if (meaning.kind != "P" if not before else meaning != CONNECTS))


def _is_ending(found: Sequence[regex.Match[str]], place: int) -> bool:
    """Whether a word stands right behind digits, brackets and parts of the ending itself apart: 17(e)ko."""
    for before in range(place - 1, max(-1, place - 5), -1):
        text = found[before][0]
        if text[0] == "0":
            return True
        if text not in _NOTHING and not (len(text) == 1 and text.isalpha()):
            return False
    return False


def _follows(found: Sequence[regex.Match[str]], place: int, rest: Sequence[str]) -> int:
    """Return the place behind a phrase whose further words stand here, or 0."""
    for word in rest:
        while place < len(found) and (found[place][0].isspace() or found[place][0] in "-.'"):
            place += 1
        if place >= len(found) or fold(found[place][0]) != word:
            return 0
        place += 1
    return place


def _tokens(meanings: Sequence[Meaning], start: int, stop: int, text: str, *, after_digit: bool) -> list[Token]:
    """Return the tokens a word can be; an ending of an ordinal only right behind digits, a zone also when unknown."""
    by_letter: dict[str, list[Meaning]] = {}
    for meaning in meanings:
        if meaning.kind != "o" or after_digit:
            by_letter.setdefault(_letter(meaning), []).append(meaning)
    if not by_letter:
        return [Token("z" if text in ZONE_NAMES else UNKNOWN, -1, (), start, stop)]
    return [Token(letter, _constant(same[0]), tuple(same), start, stop) for letter, same in by_letter.items()]


def _letter(meaning: Meaning) -> str:
    if meaning == CONNECTS:
        return ""
    return "n" if meaning.kind == "#" else meaning.kind


def _constant(meaning: Meaning) -> int:
    """Return a number that is written out as a slot of its own: below -1, so that no run of digits is meant."""
    return -1 - meaning.value if meaning.kind == "#" else -1
