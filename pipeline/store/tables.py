"""From cleaned documents to the rows of the five tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline.media import epoch_nanoseconds
from pipeline.model import Document, Edit, Origin, Reject, RelatedItem
from pipeline.schema import TABLES, Table

Columns = Mapping[str, Sequence[Any]]
"""The values of each column by name; a column that is not named has none."""


def build(documents: Sequence[Document], rejects: Sequence[Reject]) -> dict[str, pa.Table]:
    """Return the five tables of a batch; rows stand in the order of the documents."""
    ids = [document.record.doc_id for document in documents]
    columns = {
        "articles": _by_column(map(_article, documents, ids)),
        "related_items": _related(documents, ids),
        "artifacts": _by_column(
            row for document, of in zip(documents, ids, strict=True) for row in _artifacts(document, of)
        ),
        "ledger": _ledger(documents, ids),
        "rejects": _by_column(map(_reject, rejects)),
    }
    return {name: _table(TABLES[name], columns[name]) for name in TABLES}


def empty(name: str) -> pa.Table:
    """Return a table without rows."""
    return TABLES[name].arrow().empty_table()


def _table(table: Table, columns: Columns) -> pa.Table:
    rows = len(next(iter(columns.values()), ()))
    arrays = [
        pa.array(columns[column.name], column.type) if column.name in columns else pa.nulls(rows, column.type)
        for column in table.columns
    ]
    return pa.Table.from_arrays(arrays, schema=table.arrow())


def _by_column(rows: Iterable[dict[str, Any]]) -> Columns:
    """Return rows of the same columns as columns."""
    held = list(rows)
    return dict(zip(held[0], zip(*(row.values() for row in held), strict=True), strict=True)) if held else {}


def _article(document: Document, doc_id: str) -> dict[str, Any]:
    record, article, dateline = document.record, document.article, document.dateline
    body = article.body.encode()
    return {
        "doc_id": doc_id,
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
        "n_words": _words(article.body, body),
        "warnings": document.warnings,
        "body_sha256": hashlib.sha256(body).hexdigest() if body else None,
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


def _words(text: str, octets: bytes) -> int:
    """Return how many words a text has, divided by white space; ``octets`` is its UTF-8 form.

    >>> _words("Rain  fell.", b"Rain  fell."), _words("", b"")
    (2, 0)
    """
    if not text.isascii() or len(octets.translate(None, _CONTROLS)) < len(octets):
        return len(text.split())
    white = np.frombuffer(octets, np.uint8) <= ord(" ")
    return int(np.count_nonzero(white[1:] > white[:-1])) + int(not white[-1:].all())


_CONTROLS = bytes(code for code in range(ord(" ")) if not chr(code).isspace())
"""What stands below the blank in ASCII and is no white space."""


def _related(documents: Sequence[Document], ids: Sequence[str]) -> Columns:
    items = [item for document in documents for item in document.related]
    if not items:
        return {}
    columns = dict(zip(RelatedItem._fields, zip(*items, strict=True), strict=True))
    owners = _owners(ids, [len(document.related) for document in documents])
    ticks = columns["media_ticks"]
    local = [epoch_nanoseconds(count) if count is not None else None for count in ticks]
    return {**owners, **columns, "media_local": local}


def _owners(ids: Sequence[str], counts: Sequence[int], position: str = "position") -> Columns:
    """Return the document of each row, and the place of the row in its document."""
    return {
        "doc_id": list(chain.from_iterable(map(repeat, ids, counts))),
        position: list(chain.from_iterable(map(range, counts))),
    }


def _artifacts(document: Document, doc_id: str) -> Iterator[dict[str, Any]]:
    raw = document.page
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


def _ledger(documents: Sequence[Document], ids: Sequence[str]) -> Columns:
    edits = [edit for document in documents for edit in document.article.edits]
    if not edits:
        return {}
    columns = dict(zip(Edit._fields, zip(*edits, strict=True), strict=True))
    return {**_owners(ids, [len(document.article.edits) for document in documents], "ordinal"), **columns}


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
