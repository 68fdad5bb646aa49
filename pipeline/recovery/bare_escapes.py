"""Escapes that lost their backslash, as in ``cafu00e9``, where nothing else can stand there.

A letter is proven by the letters around it: ``u00e9`` behind ``caf`` makes a word, and escapes of one script in a row
make one. The name of a user, a code or a year behind a ``u`` does not, and in an address only a row of several counts.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from pipeline.patterns import lazy_compile

BARE_ESCAPE = lazy_compile(r"u([0-9a-f]{4})")
FIRST_OF_A_WORD = lazy_compile(r"(?<![\w])u0[12][0-9]{2}[a-z]{2}")
"""A Latin letter whose escape is digits alone, as the first of a word: ``u0160koda``."""
BARE_ESCAPE_BYTES = re.compile(rb"u[0-9a-f]{4}")
"""The same in bytes. It begins with a literal, which `re` looks for faster."""
ANY_ESCAPE_BYTES = re.compile(rb"u[0-9a-fA-F]{4}")
"""What every escape of a character has, with its backslash or without it."""
WORD = lazy_compile(r"\S++")
ADDRESS = lazy_compile(r"[/\\_=@%#]|\.[A-Za-z0-9]")
"""What stands in addresses, names of files and identifiers, and not in a word."""
CHAIN = lazy_compile(r"(?:u[0-9a-f]{4}){4}")
"""So many escapes in a row, of letters of one script other than Latin, are a word even in an address."""
SURROGATE_PAIR = lazy_compile(r"u(d[89ab][0-9a-f]{2})u(d[c-f][0-9a-f]{2})")
HEX_LETTER = lazy_compile(r"[a-f]")
JOINERS = "\u2018\u2019\u00ad\u200c\u200d\u2011"
"""Marks that stand inside a word."""
INVISIBLE = "\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f"
FIRST_BEYOND_CONTROLS = 0xA0
ONE_SCRIPT = {"HIRAGANA": "CJK", "KATAKANA": "CJK"}


class Unescaped(NamedTuple):
    """A text with its escapes read, how many of them are proven, and how many were left."""

    text: str
    proven: int = 0
    left: int = 0


def unescaped(text: str) -> Unescaped:
    """Return a text with ``u00e9`` as the letter.

    >>> unescaped("lancu00e9 hier"), unescaped("/eu2019/eu2020")
    (Unescaped(text='lancé hier', proven=1, left=0), Unescaped(text='/eu2019/eu2020', proven=0, left=2))
    """
    pieces: list[str] = []
    position = proven = left = 0
    for word in WORD.finditer(text):
        count = len(BARE_ESCAPE.findall(word[0]))
        if not count:
            continue
        read = _read(word[0])
        if read is None:
            left += count
            continue
        pieces += [text[position : word.start()], "".join(letter for letter, _ in read)]
        position = word.end()
        proven += _proven(read) or int(FIRST_OF_A_WORD.search(word[0]) is not None)
    return Unescaped("".join([*pieces, text[position:]]), proven, left)


def _read(word: str) -> list[tuple[str, str]] | None:
    """Return the letters of a word, each with the escape it comes from; None when they are no escapes of text."""
    if ADDRESS.search(word) and not any(map(_is_of_one_script, CHAIN.findall(word))):
        return None
    read: list[tuple[str, str]] = []
    position = 0
    while found := BARE_ESCAPE.search(word, position):
        read += [(letter, "") for letter in word[position : found.start()]]
        if pair := SURROGATE_PAIR.match(word, found.start()):
            found = pair
            code = 0x10000 + ((int(pair[1], 16) - 0xD800) << 10) + int(pair[2], 16) - 0xDC00
        else:
            code = int(found[1], 16)
        letter = chr(code)
        if code < FIRST_BEYOND_CONTROLS or not (letter.isprintable() or letter in INVISIBLE):
            return None
        read.append((letter, found[0]))
        position = found.end()
    return read + [(letter, "") for letter in word[position:]]


def _proven(read: list[tuple[str, str]]) -> int:
    """Return how many of the escapes in a word are proven."""
    padded = [("", ""), *read, ("", "")]
    return sum(
        bool(at[1]) and _is_proven(before, at, after)
        for before, at, after in zip(padded, padded[1:], padded[2:], strict=False)
    )


def _is_proven(before: tuple[str, str], at: tuple[str, str], after: tuple[str, str]) -> bool:
    """Whether an escape can be nothing else, by the letters before and after it."""
    letter, escape = at
    if letter > "\uffff":
        return True
    if letter in JOINERS:
        return before[0].isalpha() and after[0].isalpha()
    script = _script(letter)
    alike = [other for other in (before, after) if script and _script(other[0]) == script]
    if not alike or any(near[0].isdigit() for near in (before, after)):
        return False
    return len(alike) > 1 or any(HEX_LETTER.search(code[1:]) for code in (escape, *(other[1] for other in alike)))


def _is_of_one_script(chain: str) -> bool:
    scripts = {_script(chr(int(code, 16))) for code in BARE_ESCAPE.findall(chain)}
    return len(scripts) == 1 and not scripts & {"", "LATIN"} and HEX_LETTER.search(chain) is not None


def _script(letter: str) -> str:
    """Return the script of a letter; empty for what is none."""
    if not letter or unicodedata.category(letter)[0] not in "LM":
        return ""
    name = unicodedata.name(letter, "").partition(" ")[0]
    return ONE_SCRIPT.get(name, name)
