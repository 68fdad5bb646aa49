"""The way of one line: a gate that costs next to nothing, and behind it the steps until none has anything to do."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct

from pipeline import white
from pipeline.mending.changes import Traced
from pipeline.mending.characters import SOFT_HYPHEN, ZERO_WIDTH, composed, removed, single_blanks
from pipeline.mending.entities import REFERENCE_BYTES, entities
from pipeline.mending.mojibake import may_be_mojibake, mojibake
from pipeline.patterns import lazy_compile

ROUNDS = 4
"""One step makes work for another at times: an entity is an accent, two are mojibake."""

_ASCII = bytes(range(0x80))
_COMPOSED = bytes(range(0xCC)) + b"\xd0\xd1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xeb\xec"
"""Bytes of characters in form C: what goes on a character, Latin without marks, Cyrillic, punctuation, Han, Hangul."""
_EXCEPTIONS = "\u2000\u2001\u2126\u212a\u212b\u2329\u232a\u2adc\u302a\u302b\u302c\u302d\u302e\u302f\u3099\u309a"
"""Characters with such first bytes that form C writes otherwise, or may join to the one before."""
_WIDE_WHITE = lazy_compile(
    rb"[\t\x0b\x0c\x1c-\x1f]|  |\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]"
    rb"|\xe2\x81\x9f|\xe3\x80\x80"
)


class Part(NamedTuple):
    """A run of bytes of a line, and what stands for it; None where that is the run itself."""

    start: int
    stop: int
    text: str | None


class Rules(Struct, frozen=True):
    """Which kinds of damage are mended."""

    mojibake: bool = True
    entities: bool = True
    zero_width: bool = True
    soft_hyphen: bool = True
    nfc: bool = True
    white_space: bool = False


class Mender(Struct, frozen=True):
    """Mends lines by rules."""

    rules: Rules

    def may_mend(self, raw: bytes) -> bool:
        """Whether there may be anything to mend in a text; bytes that are not UTF-8 are passed over.

        >>> [Mender(Rules()).may_mend(text.encode()) for text in ("AT&T — café", "Fish &amp; Chips")]
        [False, True]
        """
        rules = self.rules
        if rules.entities and b"&" in raw and REFERENCE_BYTES.search(raw):
            return True
        if rules.white_space and _WIDE_WHITE.search(raw):
            return True
        return not raw.isascii() and self._may_mend_characters(raw)

    def _may_mend_characters(self, raw: bytes) -> bool:
        wide = _without_ascii(raw)
        if self.rules.mojibake and may_be_mojibake(raw, wide):
            return True
        characters = wide.decode("utf-8", "ignore")
        if any(map(characters.__contains__, self._unseen)):
            return True
        if not self.rules.nfc or not (
            wide.translate(None, _COMPOSED) or any(map(characters.__contains__, _EXCEPTIONS))
        ):
            return False
        return not unicodedata.is_normalized("NFC", raw.decode("utf-8", "ignore"))

    def mend(self, line: bytes) -> tuple[Part, ...] | None:
        r"""Return a line in parts, white space at either end left out; None when there is nothing to mend.

        Raises:
            UnicodeDecodeError: The line is not UTF-8.

        >>> Mender(Rules()).mend(b"Fish &amp; Chips&nbsp;")
        (Part(start=0, stop=5, text=None), Part(start=5, stop=10, text='&'), Part(start=10, stop=16, text=None))
        """
        if not self.may_mend(line):
            return None
        first = line.decode()
        traced = Traced(first)
        for _ in range(ROUNDS):
            before = traced.text
            self._round(traced)
            if traced.text == before:
                break
        if traced.text == first:
            return None
        return tuple(_parts(traced))

    @property
    def _unseen(self) -> str:
        return ZERO_WIDTH * self.rules.zero_width + SOFT_HYPHEN * self.rules.soft_hyphen

    def _round(self, traced: Traced) -> None:
        rules = self.rules
        octets = traced.text.encode()
        if rules.mojibake and may_be_mojibake(octets, _without_ascii(octets)):
            traced.apply(mojibake(traced.text))
        if rules.entities and "&" in traced.text:
            traced.apply(entities(traced.text))
        if unseen := self._unseen:
            traced.apply(removed(traced.text, unseen))
        if rules.nfc:
            traced.apply(composed(traced.text))
        if rules.white_space:
            traced.apply(single_blanks(traced.text))


def _without_ascii(text: bytes) -> bytes:
    return text.translate(None, _ASCII)


def _parts(traced: Traced) -> Iterable[Part]:
    """Yield the runs of a line in bytes, without the white space that mending brought to its ends."""
    text = traced.text
    start = len(text) - len(text.lstrip(white.CHARACTERS))
    stop = max(len(text.rstrip(white.CHARACTERS)), start)
    at = place = 0
    for first, last, new in traced.runs(start, stop):
        at += len(traced.first[place:first].encode())
        place = first
        size = len(traced.first[first:last].encode())
        yield Part(at, at + size, new)
        at += size
        place = last
