"""One spelling of a text for reading: digits, letters and marks that look different and mean the same.

Nothing that is stored comes from here. A reader that tells *where* something stands gets the way back as well.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from pipeline.patterns import lazy_compile

_IGNORED = frozenset(
    "\u00ad\u061c\u0640\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
"""Marks of direction, joiners, soft hyphens and the Arabic stroke that only stretches a word."""

_SAME = {
    "،": ",", "、": ",",
    "؛": ";", "٫": ".", "۔": ".", "·": "|", "•": "|", "∙": "|", "・": "|", "｜": "|", "¦": "|",
    "│": "|",
    "»": "|", "«": "|", "›": "|", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "‒": "-", "―": "-", "־": "-",
    "’": "'",
    "‘": "'", "ʼ": "'", "ʻ": "'",
    "׳": "'", "`": "'", "“": '"', "”": '"', "״": '"', "։": ":", "∕": "/", "⁄": "/", "【": "(",
    "】": ")", "[": "(", "]": ")", "་": " ",
}  # fmt: skip
_LETTERS = {
    "ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ئ": "ی", "ك": "ک", "ګ": "گ", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",
    "ة": "ه",
    "ۀ": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ؤ": "و", "ı": "i", "ς": "σ", "ё": "е", "ґ": "г",
}  # fmt: skip
"""Letters that newsrooms print for one another in names of months and days."""

_BARE_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
"""Scripts whose accents are often left out, in capitals most of all. Elsewhere a mark is a vowel, and stays."""
_HARAKAT = lazy_compile(r"[\u064b-\u0655\u0670\u0591-\u05bd\u05bf-\u05c7]")
TO_ZERO = bytes.maketrans(b"123456789", b"000000000")
"""For `bytes.translate`, which is ten times as fast as that of strings; no other character has these bytes in UTF-8."""


class _Characters(dict[int, str]):
    """What each character is read as; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        read_as = self[code] = _character(chr(code))
        return read_as


def _character(character: str) -> str:
    if character in _IGNORED:
        return ""
    if character in _SAME:
        return _SAME[character]
    if character.isspace():
        return " "
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    parts = unicodedata.normalize("NFKC", character)
    return "".join(_SAME.get(part, part) for part in parts)


_CHARACTERS = _Characters()


def plain(text: str) -> str:
    """Return a text as it is read: ASCII digits, one kind of each mark, no marks of direction. Case stays.

    >>> plain("２０１６年３月２７日　١١:٥٥")
    '2016年3月27日 11:55'
    """
    if text.isascii():
        return text
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text.translate(_CHARACTERS)


def places(text: str) -> Sequence[int]:
    r"""Return for each character of ``plain(text)``, and for its end, the place in the text that it came from.

    >>> places("\u200f12")
    [1, 2, 3]
    """
    read_as: list[int] = []
    position = 0
    while position < len(text):
        stop = position + 1
        while stop < len(text) and unicodedata.combining(text[stop]):
            stop += 1
        read_as.extend([position] * len(plain(text[position:stop])))
        position = stop
    return [*read_as, len(text)]


SHAPES_KEPT = 4096
"""Shapes of which something is remembered: what is decided by it need not be decided for each line."""


def masked(text: str) -> str:
    """Return a plain text with a zero for each digit: what all strings of one shape have in common.

    >>> masked("Sun Mar 27, 2016 11:55:38")
    'Sun Mar 00, 0000 00:00:00'
    """
    return text.encode("utf-8", "surrogatepass").translate(TO_ZERO).decode("utf-8", "surrogatepass")


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return a word without case, accents and variants of letters: what two spellings of one name share.

    >>> fold("KASIM") == fold("Kasım"), fold("Février"), fold("يناير") == fold("ینایر")
    (True, 'fevrier', True)
    """
    word = plain(word).casefold()
    if word.isascii():
        return word
    decomposed: list[str] = []
    for character in word:
        parts = unicodedata.normalize("NFD", _LETTERS.get(character, character))
        if len(parts) > 1 and unicodedata.name(parts[0], "").startswith(_BARE_SCRIPTS):
            parts = parts[0]
        elif unicodedata.combining(character) and decomposed and decomposed[-1].isascii():
            parts = ""
        decomposed.append(_LETTERS.get(parts, parts))
    return _HARAKAT.sub("", unicodedata.normalize("NFC", "".join(decomposed)))


@lru_cache(maxsize=256)
def opening(text: str) -> str:
    """Return the first letters of a text that stand together, folded; nothing for a text without a letter.

    Lists of words are long, and most lines begin with none of them: the first letters say so at once.

    >>> opening("« Février 2016 »"), opening("11:55")
    ('fevrier', '')
    """
    first = _TOGETHER.search(plain(text))
    return fold(first[0]) if first is not None else ""


def openings(*lists: str) -> frozenset[str]:
    """Return the first letters of words that a bar parts."""
    return frozenset(opening(word) for words in lists for word in words.split("|"))


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name as a reader meets them, each folded.

    >>> words_of("Sexta-feira")
    ('sexta', 'feira')
    """
    return tuple(fold(word) for word in WORD.findall(plain(name)))


WORD = lazy_compile(r"[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*")
_TOGETHER = lazy_compile(r"\p{L}[\p{L}\p{M}]*+")
