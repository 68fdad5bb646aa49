"""Pages with marked leaks in prose, and how much of either is cut: counted in characters that are not white."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import regex

from pipeline.model import Span
from pipeline.stages import segments

OPEN, CLOSE = "\x01", "\x02"
"""What stands around a leak in the text of a form; a page is made without them."""

Form: TypeAlias = Callable[[random.Random], str]
"""Writes one leak, each stretch of it between :data:`OPEN` and :data:`CLOSE`; the rest is prose that must stay."""
Forms: TypeAlias = Mapping[str, Mapping[str, Form]]
"""The forms of each family, by name."""
Shown: TypeAlias = Mapping[str, Sequence[Form]]
"""Writers of pages that show such things on purpose, by family."""

PROSE = (
    "The council met on Thursday and put off the vote on the new quay until the spring.",
    "“We waited for two hours [in the rain],” said Ana Petrov, who had come from the island.",
    "He wrote that the “harbor [sic] was closed”, and that nobody [1] had asked why […].",
    "Fares rose from 3.40 to 4.10 euros (a fifth more), {as the table shows}, the line said.",
    "El puente volverá a abrir en marzo, dijo la alcaldesa, que no quiso dar más detalles.",
    "Der Fahrplan bleibt bis auf Weiteres, wie er ist, teilte die Reederei am Montag mit.",
    "Temperatures stayed < 5 degrees all week, and winds > 40 knots kept the boats in.",
    "[Video] Crews lift the wreck; [photos] of the night are on page 4 @ the club's stand.",
    "Паром идёт до вечера, сообщили в порту.",
    "Write to the desk at <desk@harbour.example> or call 555-0144 #7, 100% free of charge.",
    "The bank said $5m & more went to the fund; its share is 12% of the total, Q&A on Friday.",
)
"""Paragraphs without a leak, some with the signs that leaks are made of."""
BEHIND = (
    "The mayor left a note on the door, and the message was short: come back at noon.",
    "Nobody knew of which type it was. Description: a man in a hat, with a key in his hand.",
    "A source said that the file was at line 12 of the list, and that the error was his own.",
    "“We select the best from each table where we can,” said the cook; he set the limit at 5.",
    "At nine the ferry left the quay (the old one), and the crew sang: rain, rain, go away!",
    "The harbour master called it a warning. Caused by fog, he said, the delay was no surprise.",
    "note: the ferry leaves at nine.",
    "at the harbour (see map)",
    "At the harbour (see map) the crew waited for hours.",
    "Caused by: rain, said the captain.",
    "line 4 of the poem was read aloud.",
    "Line 12: a song about the sea.",
    "File under: harbours, tides.",
    "Error or not, he went home.",
    "select a seat and wait, said the guard.",
    "where the river bends, houses stand.",
    "var is a region in France.",
    "if (and only if) it rains, the game is off.",
    "Message: keep calm. Hint: bring a coat. Detail: the pier is closed.",
    "thrown out of the match, the coach said nothing.",
    "In the town hall, at 12, the vote was taken.",
    "10 dead, 4 missing",
)
"""Prose with the words and signs that leaks are told by."""
PLACES = ("head", "foot", "between paragraphs", "within a paragraph")

_CHARACTER = regex.compile(rb"[\x21-\x7f]|[\xc2-\xf4][\x80-\xbf]+")


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and where its leaks stand."""

    raw: bytes
    leaks: tuple[Span, ...]


def leak(text: str) -> str:
    """Return a text marked as a leak."""
    return f"{OPEN}{text}{CLOSE}"


def page(rng: random.Random, make: Form) -> Page:
    """Return prose with one to three leaks of a form in it."""
    paragraphs = rng.sample(PROSE, 5)
    for _ in range(rng.choice((1, 1, 2, 3))):
        place, text = rng.choice(PLACES), make(rng)
        if place == "within a paragraph" and "\n" not in text:
            at = rng.choice([place for place, said in enumerate(paragraphs) if OPEN not in said])
            words = paragraphs[at].split(" ")
            middle = rng.randrange(1, len(words) + 1)
            paragraphs[at] = " ".join([*words[:middle], text, *words[middle:]])
        else:
            at = {"head": 0, "foot": len(paragraphs)}.get(place, rng.randrange(1, len(paragraphs)))
            paragraphs.insert(at, text)
    return unmarked("\n\n".join(paragraphs))


def unmarked(text: str) -> Page:
    r"""Return the page that a text with marks stands for.

    >>> unmarked(f"One {leak('[gallery]')} two")
    Page(raw=b'One [gallery] two', leaks=(Span(start=4, stop=13),))
    """
    raw, spans, start = b"", [], 0
    for part in regex.split(f"([{OPEN}{CLOSE}])", text):
        if part == OPEN:
            start = len(raw)
        elif part == CLOSE:
            spans.append(Span(start, len(raw)))
        else:
            raw += part.encode()
    return Page(raw, tuple(spans))


@dataclass(slots=True)
class Tally:
    """Characters counted over pages.

    Attributes:
        leaked: Characters of leaks.
        cut: Those of them that were cut.
        others: Characters that are part of no leak.
        touched: Those of them that were cut.
    """

    leaked: int = 0
    cut: int = 0
    others: int = 0
    touched: int = 0

    def add(self, raw: bytes, leaks: Iterable[Span]) -> None:
        """Clean a page and count."""
        cuts = [claim.span for claim in segments.read(raw).claims if claim.is_cut]
        is_leak, is_cut = _mask(raw, leaks), _mask(raw, cuts)
        for character in _CHARACTER.finditer(raw):
            at = character.start()
            if is_leak[at]:
                self.leaked += 1
                self.cut += is_cut[at]
            else:
                self.others += 1
                self.touched += is_cut[at]

    @property
    def precision(self) -> float:
        """Share of the characters cut that are part of a leak, in percent; 100 when nothing was cut."""
        whole = self.cut + self.touched
        return 100 * self.cut / whole if whole else 100.0


def _mask(raw: bytes, spans: Iterable[Span]) -> bytearray:
    mask = bytearray(len(raw))
    for start, stop in spans:
        mask[start:stop] = b"\1" * (stop - start)
    return mask
