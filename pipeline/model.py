"""The nouns every floor shares. All are immutable, and every offset is a byte offset into the raw document.

A *family* reads a leak at a place and makes a *claim*: these bytes are mine, here is the proof. Settled
claims leave *tiles* that cover the document without gap or overlap. Everything later refers to raw bytes by
:class:`Span` and never edits them, so no offset goes stale and nothing can be lost unseen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from pipeline import white
from pipeline.patterns import lazy_compile

Status = Literal["exact", "repaired", "truncated", "ambiguous", "kept"]
Recovery = Literal["strict", "envelope", "decoded", "repaired", "salvaged", "rejected"]
Role = Literal[
    "title", "kicker", "deck", "dateline", "lead", "body", "sign_off", "boilerplate", "artifact", "blank", "page"
]
Precision = Literal["year", "month", "day", "minute", "second"]
DatelineStatus = Literal["exact", "ambiguous", "inconsistent", "partial", "none"]
TimezoneSource = Literal["text", "profile", "evidence"]


T = TypeVar("T")

_PARAGRAPH_BREAK = lazy_compile(rb"\n[ \t\r]*\n|\r[ \t]*\r")


class Span(NamedTuple):
    """Half-open range of bytes ``[start, stop)`` in the raw document.

    >>> Span(2, 5).of(b"0123456")
    b'234'
    """

    start: int
    stop: int

    def of(self, raw: bytes) -> bytes:
        """Return the bytes of the span."""
        return raw[self.start : self.stop]


@dataclass(frozen=True, slots=True)
class Claim:
    """A family's statement that a span is a leak, with its proof; a row of ``artifacts`` once settled.

    Attributes:
        span: The bytes claimed.
        family: Name of the family, such as ``php_dump``.
        rule: The grammar that was parsed, such as ``var_dump``.
        status: ``kept`` means recognised but left in the text; every other status is a cut.
        reason: Why it was cut in that way, or why it was kept. Empty for an exact cut.
        declared_length: What the leak itself says of the length of its payload, in bytes.
        payload: Where the data stands inside the span.
        value: The data as JSON text, in the mapping of the data dictionary.
        resume: Where the same grammar reads on; never inside bytes a failed reading of it already covered, which
            is what keeps hostile input linear.
        breaks: How many line breaks a reader sees in its place, where it is mark-up of the text: two part
            paragraphs. None for what a program printed into the text, which has no place in it.
    """

    span: Span
    family: str
    rule: str
    status: Status
    reason: str = ""
    declared_length: int | None = None
    payload: Span | None = None
    value: str | None = None
    resume: int = 0
    breaks: int | None = None

    @property
    def is_cut(self) -> bool:
        """Whether the bytes leave the text."""
        return self.status != "kept"

    @property
    def is_mark_up(self) -> bool:
        """Whether it is mark-up of the text around it, or of a leak, and not something that was printed into it."""
        return self.breaks is not None


class Page:
    """A raw document while families read it, with what several readings ask of the whole, computed once.

    Without it each of a million hostile heads would search the rest of the document again.
    """

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self._known: dict[Hashable, Any] = {}

    def once(self, compute: Callable[[bytes], T]) -> T:
        """Return what a function makes of the whole document; it is called the first time only.

        >>> Page(b"a quay").once(len)
        6
        """
        if compute not in self._known:
            self._known[compute] = compute(self.raw)
        known: T = self._known[compute]
        return known

    @cached_property
    def text_stop(self) -> int:
        """First byte of the white space at the end of the document."""
        return len(self.raw.rstrip(b" \t\r\n"))

    @cached_property
    def last_line_break(self) -> int:
        """Position of the last line break before the final white space; -1 when there is none."""
        return max(self.raw.rfind(b"\n", 0, self.text_stop), self.raw.rfind(b"\r", 0, self.text_stop))

    @cached_property
    def last_paragraph_break(self) -> int:
        """Position of the last blank line before the final white space; -1 when there is none."""
        position = -1
        for found in _PARAGRAPH_BREAK.finditer(self.raw, 0, self.text_stop):
            position = found.start()
        return position


class Grammar(Protocol):
    """One form a leak is printed in: literal anchors for the shared scan, and a reader that proves what is there."""

    @property
    def rule(self) -> str:
        """Name in the ``rule`` column, such as ``var_dump``."""

    @property
    def anchors(self) -> tuple[bytes, ...]:
        """Plain literals, one of which every leak of this form contains near its start."""

    def read(self, page: Page, at: int) -> Claim | None:
        """Return the claim of the leak whose anchor begins at ``at``; None when nothing resembles one.

        The claim may begin before ``at``, where a form has a head that no literal names.
        """


class Family(Protocol):
    """One family of leaks: the grammars it is printed in, and the judgement whether a page shows them on purpose."""

    @property
    def name(self) -> str:
        """Name in the ``family`` column and in a profile's ``artifacts.families``."""

    @property
    def grammars(self) -> tuple[Grammar, ...]:
        """The forms of the family, the one to be preferred first."""

    def quoted(self, page: Page, claims: Sequence[Claim]) -> Sequence[str]:
        """Return for each claim of a page why the page shows it as its content; an empty string for a leak.

        The claims are those of every family: what stands inside one is no evidence on another.
        """


class Tile(NamedTuple):
    """One piece of a settled document: kept text (``artifact`` is None) or the artifact of that ordinal.

    ``breaks`` is that of the artifact's claim.
    """

    start: int
    stop: int
    artifact: int | None = None
    breaks: int | None = None


class Edit(NamedTuple):
    """One row of the ledger: which bytes of the document went where, or what they were.

    Exactly one of these holds the bytes: the article column named by ``role`` at ``[text_start, text_stop)``
    of its UTF-8 form; the artifact of that ordinal; or ``raw``, where neither does. With ``raw`` and a place in a
    column, the text there stands for the bytes: a decoded entity, a repaired character, another encoding.
    """

    start: int
    stop: int
    role: Role
    artifact: int | None = None
    text_start: int | None = None
    text_stop: int | None = None
    raw: bytes | None = None


class Piece(NamedTuple):
    """A run of kept bytes without line break or artifact in it, and what joins it to the one before.

    ``joint`` is ``""`` or a blank inside a line, a line break inside a paragraph, two at a paragraph's start. ``text``
    is what stands for the bytes, where that is not the bytes themselves.
    """

    start: int
    stop: int
    joint: bytes
    text: str | None = None

    def shown(self, raw: bytes) -> str:
        """Return the text of the piece.

        Raises:
            UnicodeDecodeError: The bytes are not UTF-8, and nothing stands for them.
        """
        return raw[self.start : self.stop].decode() if self.text is None else self.text

    @property
    def size(self) -> int:
        """Bytes that the piece takes in a column."""
        return self.stop - self.start if self.text is None else len(self.text.encode())

    def halves(self, raw: bytes, at: int) -> tuple[Piece, Piece]:
        """Return the piece before a character of its text, and from there on; what stands for bytes shares them.

        >>> Piece(0, 7, b"", "…—").halves(b"...&amp;", 1)
        (Piece(start=0, stop=1, joint=b'', text='…'), Piece(start=1, stop=7, joint=b'', text='—'))
        """
        if self.text is None:
            middle = self.start + len(self.shown(raw)[:at].encode())
            return Piece(self.start, middle, self.joint), Piece(middle, self.stop, b"")
        middle = min(self.start + at, self.stop - 1)
        return Piece(self.start, middle, self.joint, self.text[:at]), Piece(middle, self.stop, b"", self.text[at:])

    def trimmed(self, raw: bytes) -> Piece | None:
        """Return the piece without white space at either end; None for one without text."""
        if self.text is not None:
            text = self.text.strip(white.CHARACTERS)
            return self._replace(text=text) if text else None
        start, stop = white.trim(raw, self.start, self.stop)
        return Piece(start, stop, self.joint) if start < stop else None


class Line(NamedTuple):
    """One line of text as a reader sees it: pieces around artifacts and around what was mended in its midst, joined."""

    pieces: tuple[Piece, ...]
    text: str

    @classmethod
    def of(cls, raw: bytes, pieces: Sequence[Piece]) -> Line:
        """Return the line that pieces make; the first one's joint is no part of it.

        Raises:
            UnicodeDecodeError: A piece is not UTF-8.
        """
        texts = (piece.joint.decode() * (number > 0) + piece.shown(raw) for number, piece in enumerate(pieces))
        return cls(tuple(pieces), "".join(texts))

    @property
    def joint(self) -> bytes:
        """What joins the line to the one before."""
        return self.pieces[0].joint

    def behind(self, joint: bytes) -> Line:
        """Return the line as it stands behind a joint."""
        return Line((self.pieces[0]._replace(joint=joint), *self.pieces[1:]), self.text)

    def split(self, raw: bytes, at: int) -> tuple[Line | None, Line | None]:
        """Return the line before and from a character of its text on, both trimmed; None for one without text.

        >>> raw = b"PARIS - Rain fell."
        >>> [half.text for half in Line((Piece(0, 18, b""),), raw.decode()).split(raw, 7)]
        ['PARIS -', 'Rain fell.']
        """
        before: list[Piece] = []
        behind: list[Piece] = []
        position = 0
        for number, piece in enumerate(self.pieces):
            position += len(piece.joint) if number else 0
            length = len(piece.shown(raw))
            if position + length <= at:
                before.append(piece)
            elif position >= at:
                behind.append(piece)
            else:
                first, last = piece.halves(raw, at - position)
                before.append(first)
                behind.append(last)
            position += length
        ends = before[-1:] + behind[:1]
        _trim(raw, before, -1)
        _trim(raw, behind, 0)
        if before and behind and not behind[0].joint:
            # What parts the halves: a blank, where white space stood there.
            behind[0] = behind[0]._replace(joint=b" " if ends != [before[-1], behind[0]] else b"")
        return Line.of(raw, before) if before else None, Line.of(raw, behind) if behind else None


def _trim(raw: bytes, pieces: list[Piece], end: int) -> None:
    """Trim white space of the first piece, or of the last; a piece without text goes."""
    while pieces:
        left = pieces[end].trimmed(raw)
        if left is not None:
            pieces[end] = left
            return
        del pieces[end]


class Placed(NamedTuple):
    """A piece of text that a column holds: which role, and where in the column's UTF-8 form it begins.

    ``size`` are the bytes that it has there, where those are not the document's own.
    ``text_start`` is None for what no column holds, such as boilerplate: the ledger keeps its bytes.
    """

    start: int
    stop: int
    role: Role
    text_start: int | None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a timestamp line says, with the evidence for it. Instants are UTC without tzinfo."""

    status: DatelineStatus
    published_local: datetime | None = None
    precision: Precision | None = None
    published_at: datetime | None = None
    utc_offset_minutes: int | None = None
    timezone: str | None = None
    timezone_source: TimezoneSource | None = None
    warnings: tuple[str, ...] = ()
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lead:
    """What a lead-in says, as printed; ``day`` has its year, printed or completed, or is None."""

    place: str | None = None
    region: str | None = None
    agency: str | None = None
    day: date | None = None
    warnings: tuple[str, ...] = ()


class RelatedItem(NamedTuple):
    """One item of an embedded list of related pages; a row of ``related_items``.

    ``keys`` tells which key filled which column, such as ``pic = media_path``.
    """

    artifact: int
    recovery: Recovery
    item_id: str | None = None
    sort_key: int | None = None
    content_type_id: int | None = None
    title: str | None = None
    headline: str | None = None
    title_flags: tuple[str, ...] = ()
    media_path: str | None = None
    media_url: str | None = None
    media_kind: str | None = None
    media_date: date | None = None
    media_ticks: int | None = None
    media_at: datetime | None = None
    url: str | None = None
    published_raw: str | None = None
    extra: str | None = None
    keys: tuple[str, ...] = ()


MAPPED_COLUMNS = ("item_id", "sort_key", "content_type_id", "title", "media_path", "url", "published_raw")
"""Columns of ``related_items`` that a profile may map a key to; the others are derived from these."""


@dataclass(frozen=True, slots=True)
class Payload:
    """What the JSON reader made of one artifact's payload; ``reason`` says what it did, beside the claim's own."""

    json: str | None = None
    recovery: Recovery | None = None
    suspect: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """The text of a document, told apart; offsets lead back through ``edits``."""

    body: str
    title: str | None = None
    headline: str | None = None
    title_flags: tuple[str, ...] = ()
    kicker: str | None = None
    deck: str | None = None
    dateline_raw: str | None = None
    lead_raw: str | None = None
    sign_off: str | None = None
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """What the container of a document says of it besides its text; a plain file says nothing.

    Attributes:
        member: Its name inside an archive.
        url: Where it was fetched.
        fetched_at, date: When it was fetched, and its own date, as the container has them.
        fields: JSON object of all its other fields.
        charset: The encoding that it declares.
        form: ``html`` for a page whose text is to be taken out of it; None for text.
    """

    member: str | None = None
    url: str | None = None
    fetched_at: str | None = None
    date: str | None = None
    fields: str | None = None
    charset: str | None = None
    form: str | None = None

    @property
    def of_text(self) -> Origin:
        """The origin of text that was taken out of the document, in UTF-8."""
        return replace(self, charset=None, form=None)

    @property
    def names(self) -> tuple[str, ...]:
        """What a document goes by besides its ``source_uri``."""
        return tuple(name for name in (self.url, self.member) if name is not None)


NOWHERE = Origin()

HTML = "html"
"""The form of a page whose text is to be taken out of it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One raw document and where it stands.

    Attributes:
        source_uri, record: Where it was read.
        raw: Its bytes.
        origin: What its container says of it.
    """

    source_uri: str
    record: int
    raw: bytes
    origin: Origin = NOWHERE

    @property
    def doc_id(self) -> str:
        """Identity of the document: a digest of where it stands."""
        return doc_id(self.source_uri, self.record)

    @property
    def where(self) -> str:
        """Where it stands, for people."""
        return where(self.source_uri, self.record)


@dataclass(frozen=True, slots=True)
class Document:
    """One document with the column each stage added.

    ``taken`` is the text that was taken out of the document, as from HTML; None where the document is the text.
    """

    record: Record
    source: str
    claims: tuple[Claim, ...]
    payloads: tuple[Payload, ...]
    article: Article
    dateline: Dateline
    lead: Lead
    related: tuple[RelatedItem, ...]
    encoding: str
    encoding_confidence: float | None = None
    language: str | None = None
    taken: bytes | None = None
    warnings: tuple[str, ...] = ()

    @property
    def page(self) -> bytes:
        """What offsets are places in: the text that was taken out of the document, else the document itself."""
        return self.record.raw if self.taken is None else self.taken


@dataclass(frozen=True, slots=True)
class Reject:
    """One input that gave no article. ``raw`` is None when its bytes could not be read."""

    source_uri: str
    record: int
    stage: str
    code: str
    message: str
    raw: bytes | None = None
    run_id: str | None = None
    origin: Origin = NOWHERE


def doc_id(source_uri: str, record: int = 0) -> str:
    """Return the identity of a document: 32 hex digits of SHA-256 over ``source_uri`` NUL ``record``.

    >>> doc_id("harbour/ferry.txt")
    '8a4c6c2055c63d1546e075614c5ae3d2'
    """
    return hashlib.sha256(f"{source_uri}\0{record}".encode()).hexdigest()[:32]


def where(source_uri: str, record: int) -> str:
    """Return where a document stands, for people; a plain file is its own record 0.

    >>> where("crawl.jsonl", 17), where("page.txt", 0)
    ('crawl.jsonl, record 17', 'page.txt')
    """
    return f"{source_uri}, record {record}" if record else source_uri
