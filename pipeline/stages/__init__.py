"""The way of one document: decoding, segments, text, article, dateline, lead, related. Each adds what the next reads.

``run``, ``inspect`` and the Python interface all come through :meth:`Cleaner.steps`; there is no second way.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

from msgspec import Struct, structs

from pipeline import binary, extraction, own_page
from pipeline.boilerplate import Repeated, candidates
from pipeline.dates import StampReader
from pipeline.dates.evidence import UNDECIDED, Facts, Verdict, facts, source_key
from pipeline.decoding import Decoded, damaged, guessed, is_utf_8, known
from pipeline.errors import MissingExtraError, RejectedDocument
from pipeline.frame import Marks, remembering
from pipeline.mending import Mender
from pipeline.model import HTML, Article, Document, Record, where
from pipeline.profiles import Profile, Profiles
from pipeline.stages import (
    article,
    corroboration,
    dateline,
    headings,
    language,
    lead,
    occasions,
    origin,
    recorded,
    related,
    segments,
    text,
)
from pipeline.stages.segments import Segments
from pipeline.tiling import tile

INVALID_BYTES = "encoding_invalid_bytes"
"""Warning of a page in UTF-8 that has bytes which are none."""

PROSE_LEFT_OUT = "html_prose_left_out"
"""Warning of a page in HTML of whose prose more was left out than taken."""

T = TypeVar("T")

Steps: TypeAlias = Generator[str, None, T]
"""Work in steps: it yields the name of each stage when it is done, and returns what came of all of them.

Between two steps the work may rest, so that other documents come to the same stage (`pipeline.engines.waves`).
"""

LIGHT = frozenset(
    ["opening", "decoding", "text", "reading again", "dateline", "lead", "dateline again", "corroboration", "origin"]
)
"""Stages behind which nobody rests: they take little, or the next one needs at once what they made, while it is in the
processor's caches."""

Lap: TypeAlias = Callable[[str], None]
"""Is told the name of each stage when it is done, so that somebody may measure it."""


def unmeasured(_stage: str) -> None:
    """Let a stage pass."""


class Opened(Struct, frozen=True):
    """A document with the profile that serves it, its text, and what counts as its source.

    ``refused`` says why it has no text, where it has none.
    """

    record: Record
    profile: Profile
    decoded: Decoded
    source: str
    refused: RejectedDocument | None = None


class _Source(Struct, frozen=True):
    """What the pages of one source are read by.

    Attributes:
        marks: The form of its articles.
        item_map: Where the profile says that items are; it learns which keys go together.
        clocks: What is known of the source's clock.
        stamps: Reads timestamp lines.
    """

    marks: Marks
    item_map: related.ItemMap
    clocks: dateline.Clocks
    stamps: StampReader

    def knowing(self, decided: Verdict) -> _Source:
        """Return it with what the corpus told of the source."""
        return structs.replace(
            self,
            marks=replace(self.marks, boilerplate=self.marks.boilerplate | frozenset(decided.boilerplate)),
            clocks=structs.replace(self.clocks, observed=decided.zone),
            stamps=self.stamps.knowing(decided.order),
        )


def _source_of(profile: Profile) -> _Source:
    """Return what pages are read by of whose source nothing is known but the profile."""
    marks = Marks(
        profile.is_stamp, profile.is_credit, profile.is_sign_off, profile.lead, profile.flags, profile.boilerplate
    )
    item_map = related.ItemMap(
        fields=profile.fields,
        items=profile.items,
        media_base=profile.media_base,
        flags=profile.flags,
        clock=profile.definition.related_items.clock,
        by_shape=profile.fields_by_shape,
    )
    clocks = dateline.Clocks(profile.zone, profile.definition.dateline.zones)
    return _Source(remembering(marks), item_map, clocks, profile.stamps)


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Cleans documents by the profiles of a run, and by what the corpus itself told of its sources.

    Attributes:
        profiles: The profiles.
        evidence: By source (`pipeline.dates.evidence.source_key`); a document that stands alone has none.
    """

    profiles: Profiles
    evidence: Mapping[str, Verdict] = field(default_factory=dict)
    _sources: dict[tuple[int, Verdict], _Source] = field(default_factory=dict, init=False, repr=False, compare=False)

    def open(self, record: Record) -> Opened:
        """Return a document with the profile that serves it and its text."""
        try:
            profile, decoded = self._decoded(record)
        except RejectedDocument as refused:
            profile = self.profiles.choose(record.source_uri, record.raw, *record.origin.names)
            return Opened(record, profile, Decoded(b"", b""), _source_name(profile, record), refused)
        return Opened(record, profile, decoded, _source_name(profile, record))

    def facts(self, opened: Opened) -> Facts:
        """Return what the timestamps of a document, and its lines that may be boilerplate, tell of its source."""
        profile, page = opened.profile, opened.decoded.text
        told = facts(page, profile.stamps)
        if profile.definition.article.boilerplate_percent is not None:
            told = structs.replace(told, repeated=_repeated(page, profile))
        return told

    def profile(self, record: Record) -> Profile:
        """Return the profile that serves a document."""
        return self.open(record).profile

    def clean(self, record: Record, lap: Lap = unmeasured) -> Document:
        """Return a document with what every stage found in it.

        Args:
            record: The raw document.
            lap: Told when a stage is done.

        Raises:
            RejectedDocument: The document gives no article; stage, code and message say why.

        >>> from pipeline.profiles import load
        >>> Cleaner(load()).clean(Record("a.txt", 0, b'Rain fell. string(3) "abc"')).article.body
        'Rain fell.'
        """
        steps = self.steps(self.open(record))
        while True:
            try:
                lap(next(steps))
            except StopIteration as done:
                document: Document = done.value
                return document

    def steps(self, opened: Opened) -> Steps[Document]:
        """Return the way of a document through all stages, to be gone step by step; at its end is what `clean` returns.

        Raises:
            RejectedDocument: It gives no article.
        """
        if opened.refused is not None:
            raise opened.refused
        record, profile, decoded = opened.record, opened.profile, opened.decoded
        page = decoded.text
        yield "decoding"
        known = self._source(profile, self.evidence.get(opened.source, UNDECIDED))
        reading, warnings = yield from _article(page, profile, known.marks)
        yield "reading again"
        claims, told_apart = reading.found.claims, reading.article
        items = related.read(page, claims, known.item_map)
        if claims:
            yield "related"
        told_in = language.read(told_apart.body)
        yield "language"
        reference = recorded.reference(record.origin, known.clocks.known)
        stamp = dateline.read(
            told_apart.dateline_raw, known.stamps, known.clocks, reference.clock, told_in, near=reference.day
        )
        stamp = headings.weighed(stamp, told_apart.body, known.stamps)
        stamp = occasions.weighed(stamp, told_apart)
        yield "dateline"
        lead_in = lead.read(told_apart.lead_raw, profile.leads, stamp, reference.day)
        if told_apart.dateline_raw is None:
            stamp = lead.dated(told_apart.lead_raw, profile.leads, lead_in)
        yield "lead"
        near = (*article.head_lines(told_apart), article.foot_line(told_apart)) if stamp.status == "none" else ()
        unread = dateline.unread(near, profile.stamps)
        yield "dateline again"
        told_by_json_ld = corroboration.read(items.payloads, told_apart, stamp, decoded.described)
        yield "corroboration"
        doubts = (
            *((f"{INVALID_BYTES}: {len(decoded.replaced)}",) if decoded.replaced else ()),
            *_left_out(*decoded.prose),
            *warnings,
            *reference.warnings,
            *stamp.warnings,
            *unread,
            *lead_in.warnings,
        )
        claims, told_apart = origin.traced(decoded, claims, told_apart)
        yield "origin"
        return Document(
            record=record,
            source=profile.name,
            claims=claims,
            payloads=items.payloads,
            article=told_apart,
            dateline=stamp,
            lead=lead_in,
            related=items.items,
            encoding=decoded.encoding,
            encoding_confidence=decoded.confidence,
            language=told_in,
            taken=decoded.text if decoded.is_taken else None,
            doubts=doubts,
            contradictions=told_by_json_ld,
        )

    def _source(self, profile: Profile, decided: Verdict) -> _Source:
        """Return what the pages of a source are read by: made once for a profile, and for what the corpus decided."""
        known = self._sources.get((id(profile), decided))
        if known is None:
            known = _source_of(profile) if decided is UNDECIDED else self._source(profile, UNDECIDED).knowing(decided)
            self._sources[id(profile), decided] = known
        return known

    def _decoded(self, record: Record) -> tuple[Profile, Decoded]:
        """Return the profile of a document, and its text.

        A document that is UTF-8 but for its leaks is UTF-8: they leave it as they came. Whether it is shows only when
        they are known.
        """
        raw = record.raw
        binary.refuse(raw, is_text=record.origin.charset is not None)
        if record.origin.form == HTML:
            own_page.refuse(raw)
        profile = self.profiles.choose(record.source_uri, raw, *record.origin.names)
        assumed = profile.definition.text.encoding
        if record.origin.form == HTML:
            try:
                return profile, extraction.decoded(raw, record.origin.charset, assumed)
            except MissingExtraError as error:
                raise error.met_in(where(record.source_uri, record.record)) from None
        decoded = known(raw, (record.origin.charset, assumed))
        if decoded is None:
            tiles = _segments(raw, profile).tiles
            kept = [(tile.start, tile.stop) for tile in tiles if tile.artifact is None]
            if not all(is_utf_8(raw[start:stop]) for start, stop in kept):
                decoded = damaged(raw, kept) or guessed(raw, b"\n".join(raw[start:stop] for start, stop in kept))
        decoded = decoded or Decoded(raw, raw)
        return profile if decoded.text is raw else self.profiles.choose(
            record.source_uri, decoded.text, *record.origin.names
        ), decoded


def _left_out(left_out: int, prose: int) -> tuple[str, ...]:
    """Return a warning where more prose of a page was left out than taken for its text."""
    return (f"{PROSE_LEFT_OUT}: {left_out} of {prose} bytes",) if left_out * 2 > prose else ()


def _source_name(profile: Profile, record: Record) -> str:
    return source_key(profile.name, record.source_uri, record.origin.url, record.origin.member)


def _repeated(raw: bytes, profile: Profile) -> Repeated:
    """Return the lines of a page that may turn out to be boilerplate: not its timestamps, nor its editor's marks."""
    percent = profile.definition.article.boilerplate_percent or 0
    try:
        lines = [line.text for line in text.read(raw, _segments(raw, profile).tiles, profile.mender)]
    except RejectedDocument:
        return Repeated(percent)
    own = (line for line in candidates(lines) if not profile.is_stamp(line) and not profile.is_sign_off(line))
    return Repeated(percent, 1, dict.fromkeys(own, 1))


class _Reading(Struct, frozen=True, gc=False):
    """What leaked, and the article without it."""

    found: Segments
    article: Article


def _article(raw: bytes, profile: Profile, marks: Marks) -> Steps[tuple[_Reading, tuple[str, ...]]]:
    """Return what leaked and the article without it, such that cleaning its body again would change nothing.

    Taking an artifact out can bring together what stood on either side of it, and tidying white space can make a length
    come true that was not; what is mended may be a leak, or a date, only then. Either way the body would read otherwise
    than it was read here. Such a page is not mended; where that is not enough it is left as it is. Both say so.
    """
    mender = profile.mender
    if not mender.may_mend(raw):
        if (plain := (yield from _settled(raw, profile, marks, None))) is not None:
            return plain, ()
        return _untouched(raw, profile)
    if (mended := (yield from _settled(raw, profile, marks, mender))) is not None:
        return mended, ()
    plain = yield from _settled(raw, profile, marks, None)
    if plain is not None:
        body = plain.article.body
        again = (yield from _settled(body.encode(), profile, marks, mender)) if body else None
        if again is None or again.article.body == body:
            return plain, ("mending_would_change_the_article",)
    return _untouched(raw, profile)


def _untouched(raw: bytes, profile: Profile) -> tuple[_Reading, tuple[str, ...]]:
    why = "without it the text around it would read as another artifact"
    kept = tuple(claim.kept(why) for claim in _segments(raw, profile).claims)
    whole = article.untouched(raw, *text.read_whole(raw))
    return _Reading(Segments(kept, tile(kept, len(raw))), whole), ("cut_would_make_a_new_artifact",)


def _settled(raw: bytes, profile: Profile, marks: Marks, mender: Mender | None) -> Steps[_Reading | None]:
    """Return a document read once; None when its body, read again, would be another."""
    reading = yield from _read(raw, profile, marks, mender)
    if _leaks(reading, profile):
        return None
    if mender is None:
        return reading
    body = reading.article.body.encode()
    if not body or not (mender.may_mend(body) or _is_mended(reading)):
        return reading
    try:
        again = (yield from _read(body, profile, marks, mender)).article.body
    except RejectedDocument:
        return None
    return reading if again == reading.article.body else None


def _leaks(reading: _Reading, profile: Profile) -> bool:
    """Whether the body of an article reads as if something had leaked into it.

    A body that is one part of the document, as it stands there, has no anchor that the document does not have.
    """
    parts = [edit for edit in reading.article.edits if edit.role == "body"]
    if not parts:
        return False
    first = parts[0]
    if len(parts) == 1 and first.raw is None and not reading.found.has_anchor(first.start, first.stop):
        return False
    return any(claim.is_cut for claim in _segments(reading.article.body.encode(), profile).claims)


def _is_mended(reading: _Reading) -> bool:
    return any(edit.raw is not None and edit.text_start is not None for edit in reading.article.edits)


def _read(raw: bytes, profile: Profile, marks: Marks, mender: Mender | None) -> Steps[_Reading]:
    found = _segments(raw, profile)
    yield "segments"
    lines = text.read(raw, found.tiles, mender)
    yield "text"
    told_apart = article.read(raw, lines, found.tiles, marks)
    yield "article"
    return _Reading(found, told_apart)


def _segments(raw: bytes, profile: Profile) -> Segments:
    settings = profile.definition.artifacts
    return segments.read(raw, settings.strip, settings.families)
