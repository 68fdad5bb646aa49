"""What a recovered document is held against: its own letters and digits, and the keys of its siblings."""

from __future__ import annotations

from collections.abc import Container, Iterable
from itertools import islice
from typing import NamedTuple

from pipeline.patterns import lazy_compile
from pipeline.recovery import patterns
from pipeline.recovery.strings import unescape

NOT_A_MARK = lazy_compile(r"[\W_]++")
KEY_IN_VALUE = lazy_compile(
    rf"""["'“”](?:({patterns.NAME})["'“”]?|([^"'“”\r\n{{}}]{{1,{patterns.NAME_LONGEST}}})["'“”])\s*+(?::|=>)"""
)

RAN_ON = lazy_compile(r"""["”″],(?:["“”]|\s*+\Z)""")
RAN_ON_OVER_BLANKS = lazy_compile(r"""["”″],\s++["“”]""")
"""A quote, a comma, and another quote or the end: where one value ends and the next begins."""
INNER_QUOTE = lazy_compile(r"""["'`“”″]""")
RAN_ON_MOST = 32
"""How many of them are looked at; each counts the quotes before it."""


class Change(NamedTuple):
    """What the reader put in place of a piece of its text."""

    start: int
    stop: int
    put: str

    def moved(self, by: int) -> Change:
        """Return the change in a text that begins elsewhere."""
        return Change(max(self.start + by, 0), self.stop + by, self.put)


def letters(text: str) -> str:
    r"""Return the letters and digits of a text, its escapes decoded.

    >>> letters(r'"caf\u00e9 \n1"')
    'café1'
    """
    return NOT_A_MARK.sub("", unescape(text)[0])


def keeps_all(text: str, changes: Iterable[Change], json: str) -> bool:
    """Whether JSON holds every letter and digit of a text in order, and none besides, but for the changes told.

    >>> keeps_all("{'a': NaN}", [Change(6, 9, "null")], '{"a":null}'), keeps_all("{'a': 10}", [], '{"a":1}')
    (True, False)
    """
    pieces: list[str] = []
    position = 0
    for change in sorted(changes):
        if change.start < position:
            continue
        pieces += [text[position : change.start], change.put]
        position = change.stop
    pieces.append(text[position:])
    kept, complete = "".join(pieces), json.rstrip("]}")
    if kept.startswith(complete):  # as of most that are cut
        return not letters(kept[len(complete) :])
    return letters(kept) == letters(json)


def holds_a_key(value: str, keys: Container[str]) -> bool:
    """Whether a value holds a sibling's key with a colon behind it, as one does that ran on into the next member.

    >>> holds_a_key('Ferry","id":"7', {"id"}), holds_a_key('Ferry: the id is 7', {"id"})
    (True, False)
    >>> holds_a_key('Ferry "the id": 7', {"the id"})
    True
    """
    return any((found[1] or found[2]) in keys for found in KEY_IN_VALUE.finditer(value))


def holds_an_end(value: str) -> bool:
    """Whether a value with quotes inside holds what stands between two members.

    A title may have `"one", "two"` in it, but then the first of these quotes has one that opens before it.

    >>> holds_an_end('Ferry",'), holds_an_end('Ferry","of/7'), holds_an_end('The "end", "fin"')
    (True, True, False)
    """
    return RAN_ON.search(value) is not None or any(
        value.count('"', 0, found.start()) % 2 == 0 for found in islice(RAN_ON_OVER_BLANKS.finditer(value), RAN_ON_MOST)
    )


def has_unpaired_quotes(value: str, quote: str) -> bool:
    """Whether the quotes inside a value do not open before words and close behind them, turn by turn.

    A value that ran on into the next member, or ended at a quote of its own, has quotes that do not pair. A single
    quote between letters is an apostrophe.

    >>> [has_unpaired_quotes(value, '"') for value in ('The "end", he said', 'a", text "b', 'He said "go')]
    [False, True, True]
    """
    opens = True
    for found in INNER_QUOTE.finditer(value):
        if found[0] != quote and quote in "\"'":
            continue
        before, after = value[max(found.start() - 1, 0) : found.start()], value[found.end() : found.end() + 1]
        if quote == "'" and before.isalpha() and after.isalpha():
            continue
        outside, inside = (before, after) if opens else (after, before)
        if not inside or inside.isspace() or outside.isalnum() or "\\" in (outside, inside):
            return True
        if opens and inside in ",:":
            return True
        opens = not opens
    return not opens
