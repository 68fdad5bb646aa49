"""From cleaned documents to the rows of the five tables."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import Any

import numpy as np
import pyarrow as pa
from msgspec import Struct, structs

from pipeline.model import NOWHERE, Article, Dateline, Document, Edit, Lead, Origin, Record, Reject
from pipeline.schema import SCHEMAS, TABLES, Table
from pipeline.store import prose, related
from pipeline.store.text_bytes import column_of

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
    return SCHEMAS[name].empty_table()


def _table(table: Table, columns: Columns) -> pa.Table:
    rows = len(next(iter(columns.values()), ()))
    arrays = [
        _array(columns[column.name], column.type) if column.name in columns else pa.nulls(rows, column.type)
        for column in table.columns
    ]
    return pa.Table.from_arrays(arrays, schema=SCHEMAS[table.name])


def _array(values: Sequence[Any] | pa.Array, of: pa.DataType) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values, of)


def _articles(documents: Sequence[Document], ids: Sequence[str], doubtful: Container[int]) -> Columns:
    if not documents:
        return {}
    found = _fields(Document, documents)
    records, articles = _fields(Record, found["record"]), _fields(Article, found["article"])
    datelines, leads = _fields(Dateline, found["dateline"]), _fields(Lead, found["lead"])
    bodies = prose.columns(articles["body"])
    return {
        "doc_id": ids,
        "source_uri": records["source_uri"],
        "record": records["record"],
        "source": found["source"],
        "title": articles["title"],
        "headline": articles["headline"],
        "title_flags": articles["title_flags"],
        "kicker": articles["kicker"],
        "deck": articles["deck"],
        "body": bodies.text,
        "dateline_raw": [
            stamp if stamp is not None else lead
            for stamp, lead in zip(articles["dateline_raw"], articles["lead_raw"], strict=True)
        ],
        "published_at": datelines["published_at"],
        "published_local": datelines["published_local"],
        "published_precision": datelines["precision"],
        "utc_offset_minutes": datelines["utc_offset_minutes"],
        "timezone": datelines["timezone"],
        "timezone_source": datelines["timezone_source"],
        "dateline_status": datelines["status"],
        "lead_raw": articles["lead_raw"],
        "place": leads["place"],
        "region": leads["region"],
        "agency": leads["agency"],
        "lead_date": leads["day"],
        "updated_at": datelines["updated_at"],
        "sign_off": articles["sign_off"],
        "language": found["language"],
        "encoding": found["encoding"],
        "encoding_confidence": found["encoding_confidence"],
        "n_artifacts": list(map(len, found["claims"])),
        "n_related": list(map(len, found["related"])),
        "n_words": bodies.n_words,
        "warnings": [
            document.warnings if place in doubtful else document.told for place, document in enumerate(documents)
        ],
        "body_sha256": bodies.sha256,
        "raw_sha256": [record.sha256 for record in found["record"]],
        "raw_size": list(map(len, records["raw"])),
        **_origins(records["origin"]),
    }


def _fields(of: type[Struct], values: Iterable[Struct]) -> dict[str, tuple[Any, ...]]:
    """Return the fields of structs, one or more, as columns; each struct is looked at once, while it is at hand."""
    return dict(zip(of.__struct_fields__, zip(*map(structs.astuple, values), strict=True), strict=True))


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
        "doc_id": pa.array(ids, pa.string()).take(column_of(owners)),
        "ordinal": column_of(np.arange(len(owners)) - first).cast(pa.int32()),
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
    edits = list(chain.from_iterable(document.article.edits for document in documents))
    if not edits:
        return {}
    return {**_owners(ids, counts), **_fields(Edit, edits)}


def _rejects(rejects: Sequence[Reject]) -> Columns:
    if not rejects:
        return {}
    names = ("source_uri", "record", "stage", "code", "message", "raw", "run_id")
    columns = {name: [getattr(reject, name) for reject in rejects] for name in names}
    return {**columns, **_origins([reject.origin for reject in rejects])}
