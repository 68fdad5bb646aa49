"""From cleaned documents to the rows of the five tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from pipeline.media import epoch_nanoseconds
from pipeline.model import Document, Origin, Reject
from pipeline.schema import TABLES, Table


def build(documents: Sequence[Document], rejects: Sequence[Reject]) -> dict[str, pa.Table]:
    """Return the five tables of a batch; rows stand in the order of the documents."""
    rows = {
        "articles": (_article(document) for document in documents),
        "related_items": (row for document in documents for row in _related(document)),
        "artifacts": (row for document in documents for row in _artifacts(document)),
        "ledger": (row for document in documents for row in _ledger(document)),
        "rejects": (_reject(reject) for reject in rejects),
    }
    return {name: _table(TABLES[name], rows[name]) for name in TABLES}


def empty(name: str) -> pa.Table:
    """Return a table without rows."""
    return TABLES[name].arrow().empty_table()


def _table(table: Table, rows: Iterable[dict[str, Any]]) -> pa.Table:
    columns: dict[str, list[Any]] = {column.name: [] for column in table.columns}
    appends = [(name, values.append) for name, values in columns.items()]
    for row in rows:
        for name, append in appends:
            append(row.get(name))
    arrays = [pa.array(columns[column.name], column.type) for column in table.columns]
    return pa.Table.from_arrays(arrays, schema=table.arrow())


def _article(document: Document) -> dict[str, Any]:
    record, article, dateline = document.record, document.article, document.dateline
    return {
        "doc_id": record.doc_id,
        "source_uri": record.source_uri,
        "record": record.record,
        "source": document.source,
        "title": article.title,
        "headline": article.headline,
        "title_flags": article.title_flags,
        "kicker": article.kicker,
        "deck": article.deck,
        "body": article.body,
        "dateline_raw": article.dateline_raw if article.dateline_raw is not None else article.lead_raw,
        "published_at": dateline.published_at,
        "published_local": dateline.published_local,
        "published_precision": dateline.precision,
        "utc_offset_minutes": dateline.utc_offset_minutes,
        "timezone": dateline.timezone,
        "timezone_source": dateline.timezone_source,
        "dateline_status": dateline.status,
        "lead_raw": article.lead_raw,
        "place": document.lead.place,
        "region": document.lead.region,
        "agency": document.lead.agency,
        "lead_date": document.lead.day,
        "updated_at": dateline.updated_at,
        "sign_off": article.sign_off,
        "language": document.language,
        "encoding": document.encoding,
        "encoding_confidence": document.encoding_confidence,
        "n_artifacts": len(document.claims),
        "n_related": len(document.related),
        "n_words": len(article.body.split()),
        "warnings": document.warnings,
        "body_sha256": hashlib.sha256(article.body.encode()).hexdigest() if article.body else None,
        "raw_sha256": hashlib.sha256(record.raw).hexdigest(),
        "raw_size": len(record.raw),
        **_origin(record.origin),
    }


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "member": origin.member,
        "url": origin.url,
        "fetched_at": origin.fetched_at,
        "record_date": origin.date,
        "source_fields": origin.fields,
        "charset": origin.charset,
        "form": origin.form,
    }


def _related(document: Document) -> Iterator[dict[str, Any]]:
    doc_id = document.record.doc_id
    for position, item in enumerate(document.related):
        yield {
            "doc_id": doc_id,
            "position": position,
            "item_id": item.item_id,
            "sort_key": item.sort_key,
            "content_type_id": item.content_type_id,
            "title": item.title,
            "headline": item.headline,
            "title_flags": item.title_flags,
            "media_path": item.media_path,
            "media_url": item.media_url,
            "media_kind": item.media_kind,
            "media_date": item.media_date,
            "media_ticks": item.media_ticks,
            "media_at": item.media_at,
            "url": item.url,
            "published_raw": item.published_raw,
            "media_local": epoch_nanoseconds(item.media_ticks) if item.media_ticks is not None else None,
            "recovery": item.recovery,
            "extra": item.extra,
            "keys": item.keys,
            "artifact": item.artifact,
        }


def _artifacts(document: Document) -> Iterator[dict[str, Any]]:
    doc_id, raw = document.record.doc_id, document.page
    for ordinal, (claim, payload) in enumerate(zip(document.claims, document.payloads, strict=True)):
        yield {
            "doc_id": doc_id,
            "ordinal": ordinal,
            "start": claim.span.start,
            "stop": claim.span.stop,
            "family": claim.family,
            "rule": claim.rule,
            "status": claim.status,
            "reason": "; ".join(filter(None, (claim.reason, payload.reason))),
            "declared_length": claim.declared_length,
            "payload_start": claim.payload.start if claim.payload else None,
            "payload_stop": claim.payload.stop if claim.payload else None,
            "value": claim.value,
            "json": payload.json,
            "recovery": payload.recovery,
            "suspect": payload.suspect,
            "raw": claim.span.of(raw),
        }


def _ledger(document: Document) -> Iterator[dict[str, Any]]:
    doc_id = document.record.doc_id
    for ordinal, edit in enumerate(document.article.edits):
        yield {"doc_id": doc_id, "ordinal": ordinal, **edit._asdict()}


def _reject(reject: Reject) -> dict[str, Any]:
    return {
        "source_uri": reject.source_uri,
        "record": reject.record,
        "stage": reject.stage,
        "code": reject.code,
        "message": reject.message,
        "raw": reject.raw,
        "run_id": reject.run_id,
        **_origin(reject.origin),
    }
