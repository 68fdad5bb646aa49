"""What one source holds, gathered document by document. Every count is bounded, and says when it was cut short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import regex
from msgspec.structs import replace

from pipeline.boilerplate import NOTHING_REPEATS, candidates
from pipeline.dates.evidence import Facts, source_key
from pipeline.frame import ends_sentence
from pipeline.headline import MOST_FLAGS
from pipeline.items.find import texts
from pipeline.model import Claim, Document, Edit, Record, Reject
from pipeline.patterns import lazy_compile
from pipeline.recovery.strict import decode
from pipeline.survey.counts import Seen, Top
from pipeline.survey.json_keys import Keys
from pipeline.survey.masks import mark_mask, mask

EXCERPT = 160
EXAMPLES = 8
SHAPE_LONGEST = 16
"""Parts of a page that are told one by one."""
DATA_LONGEST = 2**20
"""Bytes of leaked data that are read for their keys; a page with more has the same ones again and again."""
ERRORS = frozenset({"php_error", "sql_error", "stack_trace", "server_error"})
"""Families that tell of what went wrong: their values are no data of a source, and a message in them is no title."""

_FLAG = lazy_compile(
    r"[\[(](\p{Lu}[\p{Lu}\p{N} ]{1,20})[\])]:?\s|(\p{Lu}[\p{Lu}\p{N}]{1,14})\s?:\s?(?=\S)", regex.VERSION1
)
_FLAG_BEHIND = lazy_compile(r"\s(?:[+|]\s?(\p{Lu}[\p{Lu}\p{N}]{1,14})|[\[(](\p{Lu}[\p{Lu}\p{N} ]{1,20})[\])])\Z")


@dataclass(slots=True)
class Leak:
    """One kind of leak: how often it was cut, how often it was left and why, and one of them."""

    count: int = 0
    cut: int = 0
    uri: str = ""
    example: str = ""
    statuses: Counter[str] = field(default_factory=Counter)

    def add(self, claim: Claim, document: Document) -> None:
        """Take note of a claim; a cut is a better example than a look-alike."""
        self.statuses[claim.status] += 1
        if not self.example or (claim.is_cut and not self.cut):
            start, stop = claim.span
            raw = document.record.raw[start : min(stop, start + EXCERPT)]
            self.uri, self.example = where(document.record), raw.decode("utf-8", "replace")
        self.cut += claim.is_cut


@dataclass(slots=True)
class Stamps:
    """Timestamp lines of one shape: how they were read, and some of them."""

    count: int = 0
    uri: str = ""
    statuses: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, uri: str, line: str, status: str) -> None:
        """Take note of a line."""
        self.uri = self.uri or uri
        self.statuses[status] += 1
        if len(self.examples) < EXAMPLES and line not in self.examples:
            self.examples.append(line)


def _seen() -> Top[Seen]:
    return Top(Seen)


@dataclass(slots=True)
class SourceSurvey:
    """What the pages of one source hold.

    Attributes:
        name: Host or first folder; a point for what stands under none.
        label: The same for people: the name of the folder that was surveyed, in place of a point.
        documents, size: How many were read, and their bytes; rejects are among them.
        rejects: By code.
        profiles: Which profiles served how many documents.
        leaks: By ``family/rule``.
        shapes: Page shapes: the roles of a page in order.
        datelines: Timestamp lines by their mask. ``leads``: lead-ins likewise.
        facts: What the timestamps tell of the order of day and month and of the clock.
        media_clocks: How many pages are ``later`` than their newest picture, or ``not_later``.
        keys: Keys of leaked data. ``filled``: which key filled which column.
        sign_offs: Marks that were read, by shape; ``marks``: last lines that look like one and were not.
        flags: Flag words of titles, those of related items too; ``unread_flags``: capitals in the place of one.
        lines: Lines at head or foot, on how many pages each.
        encodings, languages, warnings: How often each was met.
        first, last: The earliest and the latest local time.
        by_address: Whether the source is the host in the addresses of records.
    """

    name: str
    label: str
    documents: int = 0
    size: int = 0
    rejects: Top[Seen] = field(default_factory=_seen)
    profiles: Counter[str] = field(default_factory=Counter)
    leaks: Top[Leak] = field(default_factory=lambda: Top(Leak))
    shapes: Top[Seen] = field(default_factory=_seen)
    datelines: Top[Stamps] = field(default_factory=lambda: Top(Stamps))
    leads: Top[Seen] = field(default_factory=_seen)
    facts: Facts = field(default_factory=Facts)
    media_clocks: Counter[str] = field(default_factory=Counter)
    keys: Keys = field(default_factory=Keys)
    filled: Top[Seen] = field(default_factory=_seen)
    sign_offs: Top[Stamps] = field(default_factory=lambda: Top(Stamps))
    marks: Top[Stamps] = field(default_factory=lambda: Top(Stamps))
    flags: Top[Seen] = field(default_factory=_seen)
    unread_flags: Top[Seen] = field(default_factory=_seen)
    lines: Top[Seen] = field(default_factory=_seen)
    encodings: Top[Seen] = field(default_factory=_seen)
    languages: Top[Seen] = field(default_factory=_seen)
    warnings: Top[Seen] = field(default_factory=_seen)
    first: datetime | None = None
    last: datetime | None = None
    by_address: bool = False

    @property
    def articles(self) -> int:
        """Documents that gave an article."""
        return self.documents - self.rejects.total

    def reject(self, uri: str, code: str, message: str, size: int = 0) -> None:
        """Take note of a document that gives no article."""
        self.documents += 1
        self.size += size
        self.rejects.saw(code).note(uri, message)

    def add(self, document: Document, told: Facts) -> None:
        """Take note of a document, and of what its timestamps tell of its source."""
        uri = where(document.record)
        self.by_address = self.by_address or document.record.origin.url is not None
        self.documents += 1
        self.size += len(document.record.raw)
        self.profiles[document.source] += 1
        self.facts = self.facts.plus(replace(told, repeated=NOTHING_REPEATS))  # lines are counted here, and bounded
        for claim in document.claims:
            self.leaks.saw(f"{claim.family}/{claim.rule}").add(claim, document)
        self.shapes.saw(page_shape(document)).note(uri)
        self.encodings.saw(document.encoding).note(uri)
        if document.language is not None:
            self.languages.saw(document.language).note(uri)
        for warning in dict.fromkeys(warning.partition(":")[0] for warning in document.warnings):
            self.warnings.saw(warning).note(uri)
        self._times(document)
        self._marks(document)
        self._titles(document)
        self._data(document)
        for line in candidates(list(_text_lines(document))):
            self.lines.saw(line).note(uri)

    def _times(self, document: Document) -> None:
        uri, dateline = where(document.record), document.dateline
        for line in (document.article.dateline_raw or "").splitlines():
            self.datelines.saw(mask(line)).add(uri, line, dateline.status)
        if document.article.lead_raw is not None:
            self.leads.saw(mask(document.article.lead_raw)).note(uri, document.article.lead_raw)
        local = dateline.published_local
        if local is None:
            return
        self.first = min(self.first or local, local)
        self.last = max(self.last or local, local)
        made = [item.media_ticks for item in document.related if item.media_ticks is not None]
        if made and dateline.precision in ("minute", "second"):
            ticks = (local - datetime.min).total_seconds() * 10_000_000  # noqa: DTZ901 - both are wall clocks
            self.media_clocks["later" if max(made) > ticks else "not_later"] += 1

    def _marks(self, document: Document) -> None:
        uri, article = where(document.record), document.article
        for line in (article.sign_off or "").splitlines():
            self.sign_offs.saw(mark_mask(line) or mask(line)).add(uri, line, "read")
        head, _, last = article.body.rpartition("\n")
        if article.sign_off is None and head and not ends_sentence(last):
            shape = mark_mask(last)
            if shape is not None:
                self.marks.saw(shape).add(uri, last, "not read")

    def _titles(self, document: Document) -> None:
        uri, article = where(document.record), document.article
        titles = [(article.title, article.headline, article.title_flags)]
        titles += [(item.title, item.headline, item.title_flags) for item in document.related]
        for title, headline, flags in titles:
            for flag in flags:
                self.flags.saw(flag).note(uri, title or "")
            self._unread(headline or "", uri)

    def _unread(self, headline: str, uri: str) -> None:
        for flag in _unread_flags(headline):
            self.unread_flags.saw(flag).note(uri, headline)

    def _data(self, document: Document) -> None:
        uri = where(document.record)
        for claim, payload in zip(document.claims, document.payloads, strict=True):
            text = payload.json if payload.json is not None else claim.value if claim.is_cut else None
            if text is None or not text.startswith(("[", "{")) or len(text) > DATA_LONGEST or claim.family in ERRORS:
                continue
            try:
                data = decode(text.encode())
            except ValueError:
                continue
            self.keys.add(data)
            if not document.related:  # titles in it, if there are any, were not read
                for title in texts(data):
                    self._unread(title, uri)
        for item in document.related:
            for key in item.keys:
                self.filled.saw(key).note(uri)


def page_shape(document: Document) -> str:
    """Return the roles of a page in order; parts of one role that follow one another are one."""
    parts: list[str] = []
    for edit in document.article.edits:
        name = _part(edit, document)
        if name is not None and parts[-1:] != [name]:
            parts.append(name)
    told = parts if len(parts) <= SHAPE_LONGEST else [*parts[:SHAPE_LONGEST], "…"]
    return " · ".join(told) or "nothing"


def _part(edit: Edit, document: Document) -> str | None:
    if edit.artifact is not None:
        claim = document.claims[edit.artifact]
        return f"[{claim.rule}]"
    return None if edit.role == "blank" else edit.role


def _text_lines(document: Document) -> Iterator[str]:
    """Yield the lines that could be boilerplate, from head to foot."""
    article = document.article
    for text in (article.kicker, article.title, article.deck, article.body):
        yield from (line for line in (text or "").split("\n") if line and not line.isspace())


def _unread_flags(headline: str) -> Iterator[str]:
    """Yield the words in capitals that stand where titles have their flags."""
    for _ in range(MOST_FLAGS):
        found = _FLAG.match(headline)
        if found is None:
            break
        yield found[1] or found[2]
        headline = headline[found.end() :]
    if found := _FLAG_BEHIND.search(headline[-30:]):
        yield found[1] or found[2]


def group_of(found: Record | Reject) -> str:
    """Return the source that a document belongs to: its host, or the first folder that it stands under.

    >>> group_of(Record("en.example.org/2016/a.txt", 0, b"")), group_of(Record("a.txt", 0, b""))
    ('en.example.org', '.')
    """
    return source_key("", found.source_uri, found.origin.url, found.origin.member)[1:]


def where(found: Record | Reject) -> str:
    """Return where a document stands, for people.

    >>> where(Record("crawl.jsonl", 17, b""))
    'crawl.jsonl#17'
    """
    return f"{found.source_uri}#{found.record}" if found.record else found.source_uri
