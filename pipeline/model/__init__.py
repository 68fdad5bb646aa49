"""The nouns every floor shares. All are immutable, and every offset is a byte offset into the raw document.

A page has dozens of them, so most are structs of msgspec, which are made in no time; none is part of a cycle, and none
is of interest to the collector of garbage.

A *family* reads a leak at a place and makes a *claim*: these bytes are mine, here is the proof. Settled
claims leave *tiles* that cover the document without gap or overlap. Everything later refers to raw bytes by
:class:`Span` and never edits them, so no offset goes stale and nothing can be lost unseen.
"""

from __future__ import annotations

from pipeline.model.documents import (
    HTML,
    NOWHERE,
    Article,
    Dateline,
    DatelineStatus,
    Document,
    Lead,
    Origin,
    Payload,
    Precision,
    Record,
    Reject,
    TimezoneSource,
    doc_id,
    where,
)
from pipeline.model.items import (
    MAPPED_COLUMNS,
    NOTHING_GIVEN,
    RELATED,
    Clock,
    DerivedItem,
    Given,
    GivenList,
    ItemList,
    ItemSource,
    Listed,
    Recovery,
    RelatedItem,
    RelatedItems,
)
from pipeline.model.leaks import Claim, Family, Grammar, Page, Span, Status, Tile
from pipeline.model.text import Edit, Line, Piece, Placed, Role

__all__ = [
    "HTML",
    "MAPPED_COLUMNS",
    "NOTHING_GIVEN",
    "NOWHERE",
    "RELATED",
    "Article",
    "Claim",
    "Clock",
    "Dateline",
    "DatelineStatus",
    "DerivedItem",
    "Document",
    "Edit",
    "Family",
    "Given",
    "GivenList",
    "Grammar",
    "ItemList",
    "ItemSource",
    "Lead",
    "Line",
    "Listed",
    "Origin",
    "Page",
    "Payload",
    "Piece",
    "Placed",
    "Precision",
    "Record",
    "Recovery",
    "Reject",
    "RelatedItem",
    "RelatedItems",
    "Role",
    "Span",
    "Status",
    "Tile",
    "TimezoneSource",
    "doc_id",
    "where",
]
