"""Pieces of lines for a terminal: how each is meant to look, how wide it is, and where a line may be broken."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from pipeline.log import printable

Style = Literal[
    "plain", "heading", "field", "title", "stamp", "body", "sign_off", "artifact", "kept", "blank", "warning", "mark"
]

NARROWEST = 24
"""Columns that a text gets at least, on however narrow a terminal."""
MARKS = {" ": "·", "\n": "⏎", "\r": "␍", "\t": "⇥", "\u00a0": "⍽", "\ufeff": "\\ufeff"}
"""What stands for white space that would not be seen."""

Line = list["Fragment"]


class Fragment(NamedTuple):
    """A piece of a line for people, and how it is meant to look."""

    text: str
    style: Style = "plain"


def visible(text: str, style: Style, *, blanks: bool = False) -> Iterator[Fragment]:
    r"""Yield a text with what is not seen made visible, in a style of its own; nothing commands the terminal.

    Plain blanks are among it when ``blanks`` says so: in white space there is nothing else to see.

    >>> [fragment.text for fragment in visible("a\n\x1b", "plain")]
    ['a', '⏎', '\\x1b']
    """
    seen = ""
    for letter in text:
        if letter.isprintable() and not (blanks and letter == " "):
            seen += letter
            continue
        if seen:
            yield Fragment(seen, style)
        seen = ""
        yield Fragment(MARKS.get(letter) or printable(letter), "mark")
    if seen:
        yield Fragment(seen, style)


def cells(text: str) -> int:
    """Return how many columns a text takes: two for a wide letter, none for an accent on the one before.

    >>> cells("é"), cells("e\u0301"), cells("日本")
    (1, 1, 4)
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def wrapped(line: Iterable[Fragment], width: int | None, indent: int) -> Iterator[Line]:
    """Yield a line broken to a width, at a blank where there is one; what follows the first part is indented.

    >>> [[piece.text for piece in part] for part in wrapped([Fragment("fog on the quay and rain at sea")], 24, 2)]
    [['fog on the quay and rain'], ['  ', 'at sea']]
    """
    if width is None:
        yield list(line)
        return
    width = max(width, NARROWEST)
    indent = min(indent, width // 2)
    margin: Line = []
    part: list[Fragment] = []  # a letter each
    used = 0
    for letter in (Fragment(letter, fragment.style) for fragment in line for letter in fragment.text):
        size = cells(letter.text)
        if used + size > width:
            stop = _break(part, letter, 0 if margin else indent)
            yield [*margin, *_joined(part[:stop])]
            margin = [Fragment(" " * indent)]
            part = part[stop:]
            if part and part[0].text == " ":
                del part[0]
            used = indent + sum(cells(one.text) for one in part)
            if not part and letter.text == " ":
                continue
        part.append(letter)
        used += size
    if part:
        yield [*margin, *_joined(part)]


def _break(part: Sequence[Fragment], following: Fragment, head: int) -> int:
    """Return where a part that is full is broken: at the last blank of its second half, else at its end."""
    if following.text == " ":
        return len(part)
    blanks = (place for place in range(len(part) - 1, (head + len(part)) // 2, -1) if part[place].text == " ")
    return next(blanks, len(part))


def _joined(letters: Iterable[Fragment]) -> Iterator[Fragment]:
    for style, own in groupby(letters, key=lambda letter: letter.style):
        yield Fragment("".join(letter.text for letter in own), style)
