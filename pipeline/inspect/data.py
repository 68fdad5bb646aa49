"""One document explained as plain data, for ``--json``: everything there is to say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from pipeline.decoding import UTF_8, codec_of
from pipeline.errors import RejectedDocument
from pipeline.model import Claim, Document, Edit, Origin, Payload
from pipeline.schema import ROLE_COLUMNS


def as_data(document: Document, timings: Mapping[str, float]) -> dict[str, Any]:
    """Return everything there is to say of a document; ``timings`` are the seconds of each stage."""
    record, article, dateline = document.record, document.article, document.dateline
    fields = {
        column: {"value": getattr(article, column), "spans": spans(article.edits, role)}
        for role, column in ROLE_COLUMNS.items()
        if getattr(article, column) is not None
    }
    return {
        "doc_id": record.doc_id,
        "source_uri": record.source_uri,
        "record": record.record,
        "source": document.source,
        "size": len(record.raw),
        "form": record.origin.form,
        **given(record.origin),
        "encoding": document.encoding,
        "encoding_confidence": document.encoding_confidence,
        "language": document.language,
        "headline": article.headline,
        "title_flags": list(article.title_flags),
        "fields": fields,
        "dateline": {
            **{name: value for name, value in msgspec.structs.asdict(dateline).items() if name != "warnings"},
            "published_at": _instant(dateline.published_at),
            "updated_at": _instant(dateline.updated_at),
        },
        "lead": {name: value for name, value in msgspec.structs.asdict(document.lead).items() if name != "warnings"},
        "tiles": [_tile(document, edit) for edit in tiles(document)],
        "artifacts": [
            _artifact(document, claim, payload)
            for claim, payload in zip(document.claims, document.payloads, strict=True)
        ],
        "related_items": [item._asdict() for item in document.related],
        "warnings": list(document.warnings),
        "timings": dict(timings),
    }


def given(origin: Origin) -> dict[str, str | None]:
    """Return what the container of a document says of it, by the columns that hold it."""
    return {
        "member": origin.member,
        "url": origin.url,
        "fetched_at": origin.fetched_at,
        "record_date": origin.date,
        "source_fields": origin.fields,
    }


def _instant(utc: datetime | None) -> datetime | None:
    """Return an instant that says that it is one: in JSON it ends with a Z, as a wall-clock time does not."""
    return utc.replace(tzinfo=UTC) if utc is not None else None


def as_rejected(source_uri: str, record: int, refused: RejectedDocument) -> dict[str, Any]:
    """Return why a document gives no article, as plain data."""
    reject = {"stage": refused.stage, "code": refused.code, "message": refused.message}
    return {"source_uri": source_uri, "record": record, "reject": reject}


def spans(edits: Sequence[Edit], role: str) -> list[tuple[int, int]]:
    """Return the bytes of the document that a role holds."""
    return [(edit.start, edit.stop) for edit in edits if edit.role == role]


def tiles(document: Document) -> list[Edit]:
    """Return the edits that cover the text; the one that keeps a page whose text was taken out of it is none."""
    return [edit for edit in document.article.edits if edit.role != "page"]


def shown(document: Document, start: int, stop: int) -> str:
    """Return bytes of a document as text; what is no character is shown as what it is."""
    encoding = codec_of(document.encoding) if document.taken is None else None
    return document.page[start:stop].decode(encoding or UTF_8, "backslashreplace")


def _tile(document: Document, edit: Edit) -> dict[str, Any]:
    return {
        "start": edit.start,
        "stop": edit.stop,
        "role": edit.role,
        "artifact": edit.artifact,
        "text_start": edit.text_start,
        "text_stop": edit.text_stop,
        "text": shown(document, edit.start, edit.stop),
    }


def _artifact(document: Document, claim: Claim, payload: Payload) -> dict[str, Any]:
    return {
        "start": claim.span.start,
        "stop": claim.span.stop,
        "family": claim.family,
        "rule": claim.rule,
        "status": claim.status,
        "reason": "; ".join(filter(None, (claim.reason, payload.reason))),
        "declared_length": claim.declared_length,
        "actual_length": claim.payload.stop - claim.payload.start if claim.payload else None,
        "value": msgspec.Raw(claim.value.encode()) if claim.value is not None else None,
        "json": msgspec.Raw(payload.octets) if payload.octets is not None else None,
        "recovery": payload.recovery,
        "suspect": payload.suspect,
        "raw": shown(document, *claim.span),
    }
