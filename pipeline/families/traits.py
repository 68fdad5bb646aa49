"""What a text must have for a pattern to find anything in it: looked for first, and for all patterns at once.

A pattern with many words costs a hundred times as much as a search for any of them, and news has none.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

import regex

from pipeline.anchors import Literals

_LETTERS = string.ascii_letters.encode()
_BULLET = "•".encode()
_USUAL = _LETTERS + b" \t\r\n\v\f.," + bytes(range(0x80, 0x100)).replace(_BULLET[-1:], b"")
"""What any text is made of; digits are not, since they keep the colons of a clock apart."""
_IN_WORDS = _LETTERS + string.digits.encode() + b"_"
_APART = bytes(ord(chr(code).lower()) if code in _IN_WORDS else ord(" ") for code in range(0x100))
LONG_WORD = 9
"""So many letters are hardly the end of a longer word, so that no blank needs to stand before them."""
RARE_MOST = 8
"""So often at most a byte is looked at where it stands."""


def words(text: str) -> frozenset[bytes]:
    """Return words, and words in a row, as they are looked for; commas part them.

    Were there a blank before each, the search would halt at every blank.

    >>> sorted(words("code, source code"))
    [b' code ', b'source code ']
    """
    each = (word.strip().encode() for word in text.split(","))
    return frozenset(b"%b " % word if len(word) >= LONG_WORD else b" %b " % word for word in each)


@dataclass(frozen=True)
class Sign:
    """A pattern, and what every match of it has, so that a text without any of that is not searched.

    Attributes:
        pattern: The pattern.
        signs: One of these stands in each match once letters, white space, full stops and commas are left out; or one
            of the other two does.
        words: Words, or their beginnings, in small letters; a blank stands for all that is no letter and no digit.
        marks: Bytes of the text itself.
    """

    pattern: regex.Pattern[bytes]
    signs: tuple[bytes, ...] = ()
    words: frozenset[bytes] = frozenset()
    marks: tuple[bytes, ...] = ()

    @cached_property
    def traits(self) -> frozenset[bytes]:
        """Signs, words and marks together: one of these stands in a text where a match does."""
        return self.words.union(self.signs, self.marks)

    def may_stand_in(self, text: Text) -> bool:
        """Return whether a text has what any match would."""
        return not self.traits.isdisjoint(text.traits)

    def stands_in(self, text: Text) -> bool:
        """Return whether a text has a match."""
        return self.may_stand_in(text) and self.pattern.search(text.raw) is not None

    def finditer(self, text: Text) -> Iterator[regex.Match[bytes]]:
        """Return the matches in a text."""
        return self.pattern.finditer(text.raw) if self.may_stand_in(text) else iter(())


class Vocabulary:
    """All that is looked for in a text.

    Args:
        signs: The patterns that may then be looked for in it.
    """

    def __init__(self, signs: Iterable[Sign]) -> None:
        every = list(signs)
        self._signs = sorted({sign for one in every for sign in one.signs})
        self._in_no_sign = bytes(range(0x100)).translate(None, b"".join(self._signs))
        self._words = sorted({word for one in every for word in one.words})
        self._marks: dict[tuple[bytes, int, int], set[bytes]] = {}
        """Marks by what is left of them without what is usual, where that stands in them, and their size."""
        for mark in (mark for one in every for mark in one.marks):
            sign = mark.translate(None, _USUAL)
            self._marks.setdefault((sign, mark.index(sign[:1]), len(mark)), set()).add(mark)

    @cached_property
    def _literals(self) -> Literals:
        return Literals(self._words)

    def traits(self, text: bytes) -> set[bytes]:
        """Return what stands in a text of all that any sign needs."""
        # Splitting the text into words would take several times as long.
        apart = text.translate(_APART) + b" "
        signs = text.translate(None, _USUAL)
        found = {self._words[number] for _, number in self._literals.hits(apart)}
        if signs.translate(None, self._in_no_sign):
            found.update([sign for sign in self._signs if sign in signs])
        for (sign, before, size), marks in self._marks.items():
            if sign in signs:
                found.update(_held(text, sign[:1], slice(-before, size - before), marks))
        return found


class Text:
    r"""The text of a page beside its leaks, with the traits of it: most patterns need some that news lacks.

    Args:
        text: The text.
        vocabulary: What is looked for in it.

    Attributes:
        raw: The text behind a line break, so that one stands before each of its lines.
        traits: What stands in it of all that any sign needs.

    >>> php = Sign(regex.compile(rb"\bPHP\b"), words=words("php"))
    >>> [php.may_stand_in(Text(text, Vocabulary([php]))) for text in (b"PHP: how to", b"A siphon")]
    [True, False]
    """

    def __init__(self, text: bytes, vocabulary: Vocabulary) -> None:
        self.raw = b"\n" + text
        self.traits = vocabulary.traits(self.raw)


def _held(text: bytes, rare: bytes, around: slice, marks: AbstractSet[bytes]) -> AbstractSet[bytes]:
    r"""Return which marks stand in a text, looked for by a byte of them that is rare there.

    A search for that byte is some thirty times as fast as one for a mark.

    Args:
        text: The text.
        rare: The byte.
        around: Where each mark begins and ends, from that byte on.
        marks: The marks.

    >>> [_held(text, b":", slice(-2, 2), {b"\nQ: "}) for text in (b"At 9:40\nQ: Why?", b": Q")]
    [{b'\nQ: '}, set()]
    """
    held: set[bytes] = set()
    at = -1
    for _ in range(RARE_MOST):
        at = text.find(rare, at + 1)
        if at < 0:
            return held
        if (mark := text[at + around.start : at + around.stop]) in marks:
            held.add(mark)
    return {mark for mark in marks if mark in text}
