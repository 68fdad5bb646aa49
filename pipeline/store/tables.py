"""From cleaned documents to the rows of the five tables."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from hashlib import sha256
from itertools import chain, repeat
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline.model import NOWHERE, Document, Edit, Origin, Reject
from pipeline.schema import TABLES, Table
from pipeline.store import related, words

Columns = Mapping[str, "Sequence[Any] | pa.Array"]
"""The values of each column by name; a column that is not named has none."""

NO_PLACE = (None, None)


def build(documents: Sequence[Document], rejects: Sequence[Reject]) -> dict[str, pa.Table]:
    """Return the five tables of a batch; rows stand in the order of the documents."""
    ids = [document.record.doc_id for document in documents]
    items = related.build([document.related for document in documents], ids)
    columns: dict[str, Columns] = {
        "articles": _articles(documents, ids, items.doubtful),
        "related_items": items.columns,
        "artifacts": _artifacts(documents, ids),
        "ledger": _ledger(documents, ids),
        "rejects": _rejects(rejects),
    }
    return {name: _table(TABLES[name], columns[name]) for name in TABLES}


def empty(name: str) -> pa.Table:
    """Return a table without rows."""
    return TABLES[name].arrow().empty_table()


def _table(table: Table, columns: Columns) -> pa.Table:
    rows = len(next(iter(columns.values()), ()))
    arrays = [
        _array(columns[column.name], column.type) if column.name in columns else pa.nulls(rows, column.type)
        for column in table.columns
    ]
    return pa.Table.from_arrays(arrays, schema=table.arrow())


def _array(values: Sequence[Any] | pa.Array, of: pa.DataType) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values, of)


def _articles(documents: Sequence[Document], ids: Sequence[str], doubtful: Container[int]) -> Columns:
    if not documents:
        return {}
    records = [document.record for document in documents]
    articles = [document.article for document in documents]
    datelines = [document.dateline for document in documents]
    leads = [document.lead for document in documents]
    bodies = [article.body for article in articles]
    octets = [body.encode() for body in bodies]
    return {
        "doc_id": ids,
        "source_uri": [record.source_uri for record in records],
        "record": [record.record for record in records],
        "source": [document.source for document in documents],
        "title": [article.title for article in articles],
        "headline": [article.headline for article in articles],
        "title_flags": [article.title_flags for article in articles],
        "kicker": [article.kicker for article in articles],
        "deck": [article.deck for article in articles],
        "body": pa.array(octets, pa.binary()).view(pa.string()),  # UTF-8, for it was text
        "dateline_raw": [
            article.dateline_raw if article.dateline_raw is not None else article.lead_raw for article in articles
        ],
        "published_at": [dateline.published_at for dateline in datelines],
        "published_local": [dateline.published_local for dateline in datelines],
        "published_precision": [dateline.precision for dateline in datelines],
        "utc_offset_minutes": [dateline.utc_offset_minutes for dateline in datelines],
        "timezone": [dateline.timezone for dateline in datelines],
        "timezone_source": [dateline.timezone_source for dateline in datelines],
        "dateline_status": [dateline.status for dateline in datelines],
        "lead_raw": [article.lead_raw for article in articles],
        "place": [lead.place for lead in leads],
        "region": [lead.region for lead in leads],
        "agency": [lead.agency for lead in leads],
        "lead_date": [lead.day for lead in leads],
        "updated_at": [dateline.updated_at for dateline in datelines],
        "sign_off": [article.sign_off for article in articles],
        "language": [document.language for document in documents],
        "encoding": [document.encoding for document in documents],
        "encoding_confidence": [document.encoding_confidence for document in documents],
        "n_artifacts": [len(document.claims) for document in documents],
        "n_related": [len(document.related) for document in documents],
        "n_words": words.counts(bodies, octets),
        "warnings": [
            document.warnings if place in doubtful else document.told for place, document in enumerate(documents)
        ],
        "body_sha256": [sha256(body).hexdigest() if body else None for body in octets],
        "raw_sha256": [record.sha256 for record in records],
        "raw_size": [len(record.raw) for record in records],
        **_origins([record.origin for record in records]),
    }


def _origins(origins: Sequence[Origin]) -> Columns:
    """Return what containers say; a column of which none says anything is left out."""
    if all(origin is NOWHERE for origin in origins):
        return {}
    return {
        "member": [origin.member for origin in origins],
        "url": [origin.url for origin in origins],
        "fetched_at": [origin.fetched_at for origin in origins],
        "record_date": [origin.date for origin in origins],
        "source_fields": [origin.fields for origin in origins],
        "charset": [origin.charset for origin in origins],
        "form": [origin.form for origin in origins],
    }


def _owners(ids: Sequence[str], counts: Sequence[int]) -> Columns:
    """Return the document of each row, and the place of the row in its document."""
    sizes = np.array(counts)
    owners = np.repeat(np.arange(len(ids)), sizes)
    first = np.repeat(sizes.cumsum() - sizes, sizes)
    return {
        "doc_id": pa.array(ids, pa.string()).take(pa.array(owners)),
        "ordinal": pa.array(np.arange(len(owners)) - first).cast(pa.int32()),
    }


def _artifacts(documents: Sequence[Document], ids: Sequence[str]) -> Columns:
    counts = [len(document.claims) for document in documents]
    claims = [claim for document in documents for claim in document.claims]
    if not claims:
        return {}
    payloads = [payload for document in documents for payload in document.payloads]
    pages = chain.from_iterable(map(repeat, [document.page for document in documents], counts))
    places = [claim.payload or NO_PLACE for claim in claims]
    return {
        **_owners(ids, counts),
        "start": [claim.span.start for claim in claims],
        "stop": [claim.span.stop for claim in claims],
        "family": [claim.family for claim in claims],
        "rule": [claim.rule for claim in claims],
        "status": [claim.status for claim in claims],
        "reason": [
            f"{claim.reason}; {payload.reason}" if claim.reason and payload.reason else claim.reason or payload.reason
            for claim, payload in zip(claims, payloads, strict=True)
        ],
        "declared_length": [claim.declared_length for claim in claims],
        "payload_start": [start for start, _ in places],
        "payload_stop": [stop for _, stop in places],
        "value": [claim.value for claim in claims],
        "json": [payload.octets for payload in payloads],
        "recovery": [payload.recovery for payload in payloads],
        "suspect": [payload.suspect for payload in payloads],
        "raw": [claim.span.of(page) for claim, page in zip(claims, pages, strict=True)],
    }


def _ledger(documents: Sequence[Document], ids: Sequence[str]) -> Columns:
    counts = [len(document.article.edits) for document in documents]
    edits = [edit for document in documents for edit in document.article.edits]
    if not edits:
        return {}
    return {**_owners(ids, counts), **{name: list(map(attrgetter(name), edits)) for name in Edit.__struct_fields__}}


def _rejects(rejects: Sequence[Reject]) -> Columns:
    if not rejects:
        return {}
    names = ("source_uri", "record", "stage", "code", "message", "raw", "run_id")
    columns = {name: [getattr(reject, name) for reject in rejects] for name in names}
    return {**columns, **_origins([reject.origin for reject in rejects])}
