"""A document and what every stage found in it: the columns that the tables are cut from."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Literal

from msgspec import Struct, structs

from pipeline.model.items import Recovery, RelatedItems
from pipeline.model.leaks import Claim
from pipeline.model.text import Edit

Precision = Literal["year", "month", "day", "minute", "second"]
DatelineStatus = Literal["exact", "ambiguous", "inconsistent", "partial", "none"]
TimezoneSource = Literal["text", "profile", "evidence"]

SHOWN = 60
"""Letters of a body that stand for a page without a title."""


class Dateline(Struct, frozen=True, gc=False):
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


class Lead(Struct, frozen=True, gc=False):
    """What a lead-in says, as printed; ``day`` has its year, printed or completed, or is None."""

    place: str | None = None
    region: str | None = None
    agency: str | None = None
    day: date | None = None
    warnings: tuple[str, ...] = ()


class Payload(Struct, frozen=True, gc=False):
    """What the JSON reader made of one artifact's payload.

    Attributes:
        octets: The JSON document that it is, in UTF-8; None when it is none.
        recovery: How it was recovered.
        suspect: Not every value could be proven.
        reason: What was done to it, beside the claim's own.
    """

    octets: bytes | None = None
    recovery: Recovery | None = None
    suspect: bool = False
    reason: str = ""

    @property
    def json(self) -> str | None:
        """The document as text."""
        return self.octets.decode() if self.octets is not None else None


class Article(Struct, frozen=True, gc=False):
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


class Origin(Struct, frozen=True, gc=False):
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
        return structs.replace(self, charset="utf-8", form=None)

    @property
    def names(self) -> tuple[str, ...]:
        """What a document goes by besides its ``source_uri``."""
        if self.url is None and self.member is None:
            return ()
        return tuple(name for name in (self.url, self.member) if name is not None)


NOWHERE = Origin()

HTML = "html"
"""The form of a page whose text is to be taken out of it."""


class Record(Struct, frozen=True, gc=False):
    """One raw document and where it stands.

    Attributes:
        source_uri, record: Where it was read.
        raw: Its bytes.
        origin: What its container says of it.
        digest: SHA-256 of its bytes in hex digits, where it is known already.
    """

    source_uri: str
    record: int
    raw: bytes
    origin: Origin = NOWHERE
    digest: str | None = None

    @property
    def sha256(self) -> str:
        """SHA-256 of its bytes in hex digits."""
        return self.digest or hashlib.sha256(self.raw).hexdigest()

    @property
    def doc_id(self) -> str:
        """Identity of the document: a digest of where it stands."""
        return doc_id(self.source_uri, self.record)

    @property
    def where(self) -> str:
        """Where it stands, for people."""
        return where(self.source_uri, self.record)


class Document(Struct, frozen=True, gc=False):
    """One document with the column each stage added.

    Attributes:
        taken: The text that was taken out of the document, as from HTML; None where the document is the text.
        doubts: What is in doubt about its text and times.
        contradictions: What the page says of itself that is not so.
    """

    record: Record
    source: str
    claims: tuple[Claim, ...]
    payloads: tuple[Payload, ...]
    article: Article
    dateline: Dateline
    lead: Lead
    related: RelatedItems
    encoding: str
    encoding_confidence: float | None = None
    language: str | None = None
    taken: bytes | None = None
    doubts: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Say in a line what was found: the fields hold the whole page several times over."""
        cut = sum(claim.status != "kept" for claim in self.claims)
        found = f"{cut} cut, {len(self.claims) - cut} kept, {len(self.related)} related, date {self.dateline.status}"
        title = self.article.title if self.article.title is not None else self.article.body[:SHOWN]
        return f"<Document {self.record.where}: {title!r}; {found}>"

    @property
    def told(self) -> tuple[str, ...]:
        """All that is in doubt where no related item is."""
        return (*self.doubts, *self.related.told, *self.contradictions)

    @property
    def warnings(self) -> tuple[str, ...]:
        """All that is in doubt: stable codes, and behind a colon what is said of it."""
        return (*self.doubts, *self.related.warnings, *self.contradictions)

    @property
    def page(self) -> bytes:
        """What offsets are places in: the text that was taken out of the document, else the document itself."""
        return self.record.raw if self.taken is None else self.taken


class Reject(Struct, frozen=True, gc=False):
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
