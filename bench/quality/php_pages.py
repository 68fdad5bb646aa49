"""Pages with dumps in them: prose that the benchmark writes, and the places where a leak stands in it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from pipeline.model import Claim, Document, Span

_SENTENCES = (
    "Rain fell on the pier all day, and nobody minded.",
    "“It will pass,” she said, and it did.",
    'The sign read "closed", for once.',
    "A string (of pearls) and an array of lamps: that was all.",
    "Der Hafen wurde größer, die Fähre nicht.",
    "باران تمام روز می‌بارد.",
    "Паром идёт до вечера.",
    "Tickets cost 4 euros (children: 2).",
    "It's the council's plan – not ours – he wrote.",
    "The ferry line carried 1,900 people in May; in June, 2,400.",
    "Who pays for it? Nobody knows yet.",
    "They met at 7 [local time] behind the old lock.",
)
PLACES = ("between paragraphs", "in mid-paragraph", "at the start", "at the end", "several in a row")


@dataclass(frozen=True, slots=True)
class Page:
    """A page and where its dumps stand."""

    raw: bytes
    dumps: tuple[Span, ...]

    def prose_lost(self, claims: Sequence[Claim]) -> int:
        """Count the bytes of prose, white space apart, that were cut."""
        lost, position = 0, 0
        for dump in (*self.dumps, Span(len(self.raw), len(self.raw))):
            for claim in claims:
                if claim.is_cut:
                    overlap = Span(max(position, claim.span.start), min(dump.start, claim.span.stop))
                    lost += len(b"".join(overlap.of(self.raw).split())) if overlap.start < overlap.stop else 0
            position = dump.stop
        return lost

    def prose(self) -> bytes:
        """Return the prose without its white space."""
        position, parts = 0, []
        for dump in self.dumps:
            parts.append(self.raw[position : dump.start])
            position = dump.stop
        return b"".join(b"".join([*parts, self.raw[position:]]).split())


def text_columns(document: Document) -> bytes:
    """Return what the text columns of a document hold, in the order of the page, without white space and tags.

    Tags are none of the prose; a damage may put them around a dump.
    """
    article = document.article
    columns = {"dateline": article.dateline_raw}
    columns |= {role: getattr(article, role) for role in ("title", "kicker", "deck", "body", "sign_off")}
    parts, taken = [], set()
    for edit in document.article.edits:
        if edit.text_start is not None and (edit.role, edit.text_start) not in taken:
            taken.add((edit.role, edit.text_start))
            parts.append((columns[edit.role] or "").encode()[edit.text_start : edit.text_stop])
    return b"".join(regex.sub(rb"</?p>|<br ?/?>", b"", b"".join(parts)).split())


def paragraph(rng: random.Random) -> str:
    """Return a paragraph of prose."""
    return " ".join(rng.choices(_SENTENCES, k=rng.randint(1, 4)))


def write_page(dumps: Sequence[bytes], place: str, rng: random.Random, *, ends_line: bool = True) -> Page:
    """Write a page around dumps.

    Args:
        dumps: What leaked; more than one stands in a row.
        place: One of :data:`PLACES`.
        rng: Chooses the prose.
        ends_line: Whether PHP ends this form with a line break of its own.
    """
    before, after = paragraph(rng).encode(), paragraph(rng).encode()
    newline = b"\n" if ends_line else b" "
    if place == "in mid-paragraph":
        words = before.split(b" ")
        middle = rng.randint(1, len(words) - 1)
        return _joined(b" ".join(words[:middle]) + b" ", dumps, newline, newline + b" ".join(words[middle:]))
    head = b"" if place == "at the start" else before + b"\n\n"
    tail = b"" if place == "at the end" else b"\n\n" + after + b"\n\n" + paragraph(rng).encode() + b"\n"
    return _joined(head, dumps, b"\n", tail)


def _joined(head: bytes, dumps: Sequence[bytes], between: bytes, tail: bytes) -> Page:
    raw, spans = head, []
    for number, dump in enumerate(dumps):
        raw += between if number else b""
        spans.append(Span(len(raw), len(raw) + len(dump)))
        raw += dump
    return Page(raw + tail, tuple(spans))
