"""The way of one document: segments, text, article, dateline, lead, related. Each stage adds what the next one reads.

``run``, ``inspect`` and the Python interface all come through :meth:`Cleaner.clean`; there is no second way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from pipeline.dates.evidence import UNDECIDED, Facts, Verdict, facts, source_key
from pipeline.model import Article, Claim, Document, Record
from pipeline.profiles import Profile, Profiles
from pipeline.stages import article, corroboration, dateline, lead, related, segments, text
from pipeline.stages.segments import Segments
from pipeline.tiling import tile

ENCODING = "utf-8"

Lap: TypeAlias = Callable[[str], None]
"""Is told the name of each stage when it is done, so that somebody may measure it."""


def unmeasured(_stage: str) -> None:
    """Let a stage pass."""


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Cleans documents by the profiles of a run, and by what the corpus itself told of its sources.

    Attributes:
        profiles: The profiles.
        evidence: By source (`pipeline.dates.evidence.source_key`); a document that stands alone has none.
    """

    profiles: Profiles
    evidence: Mapping[str, Verdict] = field(default_factory=dict)

    def facts(self, record: Record) -> tuple[str, Facts]:
        """Return the source of a document, and what its timestamps tell of that source."""
        profile = self.profiles.choose(record.source_uri, record.raw)
        text = record.raw.decode(ENCODING, "replace")
        return source_key(profile.name, record.source_uri), facts(text, profile.stamps)

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
        raw = record.raw
        profile = self.profiles.choose(record.source_uri, raw)
        lap("profile")
        found, told_apart, warnings = _article(raw, profile, lap)
        items = related.read(raw, found.claims, _item_map(profile))
        lap("related")
        decided = self.evidence.get(source_key(profile.name, record.source_uri), UNDECIDED)
        clocks = dateline.Clocks(profile.zone, profile.definition.dateline.zones, decided.zone)
        stamp = dateline.read(told_apart.dateline_raw, profile.stamps.knowing(decided.order), clocks)
        lap("dateline")
        lead_in = lead.read(told_apart.lead_raw, profile.leads, stamp)
        if told_apart.dateline_raw is None:
            stamp = lead.dated(told_apart.lead_raw, profile.leads, lead_in)
        lap("lead")
        unread = dateline.unread(article.head_lines(told_apart), profile.stamps) if stamp.status == "none" else ()
        lap("dateline again")
        told_by_json_ld = corroboration.read(items.payloads, told_apart, stamp)
        lap("corroboration")
        return Document(
            record=record,
            source=profile.name,
            claims=found.claims,
            payloads=items.payloads,
            article=told_apart,
            dateline=stamp,
            lead=lead_in,
            related=items.items,
            encoding=ENCODING,
            warnings=(*warnings, *stamp.warnings, *unread, *lead_in.warnings, *items.warnings, *told_by_json_ld),
        )


def _article(raw: bytes, profile: Profile, lap: Lap) -> tuple[Segments, Article, tuple[str, ...]]:
    """Return what leaked and the article without it, such that cleaning its body again would change nothing.

    Taking an artifact out can bring together what stood on either side of it, and tidying white space can make a length
    come true that was not. Either way the body would read as a dump that the page never held. Such a page is left as it
    is, and says so.
    """
    found = _segments(raw, profile)
    lap("segments")
    lines = text.read(raw, found.tiles)
    lap("text")
    told_apart = article.read(raw, lines, found.tiles, _marks(profile))
    lap("article")
    again = _segments(told_apart.body.encode(), profile)
    lap("segments again")
    if not any(claim.is_cut for claim in again.claims):
        return found, told_apart, ()
    kept = tuple(_keep(claim) for claim in found.claims)
    untouched = article.untouched(raw, *text.read_whole(raw))
    return Segments(kept, tile(kept, len(raw))), untouched, ("cut_would_make_a_new_artifact",)


def _keep(claim: Claim) -> Claim:
    if not claim.is_cut:
        return claim
    return replace(claim, status="kept", reason="without it the text around it would read as another artifact")


def _segments(raw: bytes, profile: Profile) -> Segments:
    settings = profile.definition.artifacts
    return segments.read(raw, settings.strip, settings.families)


def _marks(profile: Profile) -> article.Marks:
    return article.Marks(profile.is_stamp, profile.is_credit, profile.is_sign_off, profile.lead, profile.flags)


def _item_map(profile: Profile) -> related.ItemMap:
    return related.ItemMap(
        fields=profile.fields,
        items=profile.items,
        media_base=profile.media_base,
        flags=profile.flags,
        clock=profile.definition.related_items.clock,
        by_shape=profile.fields_by_shape,
    )
