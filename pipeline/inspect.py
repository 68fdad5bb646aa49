"""One document explained: its tiles, its fields with their bytes, its artifacts, and why each was cut or kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import msgspec

from pipeline.decoding import UTF_8, codec_of
from pipeline.errors import RejectedDocument
from pipeline.log import printable
from pipeline.model import Claim, Document, Edit, Lead, Payload, RelatedItem
from pipeline.schema import ROLE_COLUMNS

Style = Literal["plain", "heading", "field", "artifact", "kept", "blank", "warning"]

EXCERPT = 72
VALUE_EXCERPT = 400


class Fragment(NamedTuple):
    """A piece of a line for people, and how it is meant to look."""

    text: str
    style: Style = "plain"


def as_data(document: Document) -> dict[str, Any]:
    """Return everything there is to say of a document as plain data, for ``--json``."""
    record, article, dateline = document.record, document.article, document.dateline
    fields = {
        column: {"value": getattr(article, column), "spans": _spans(article.edits, role)}
        for role, column in ROLE_COLUMNS.items()
        if getattr(article, column) is not None
    }
    return {
        "doc_id": record.doc_id,
        "source_uri": record.source_uri,
        "source": document.source,
        "size": len(record.raw),
        "encoding": document.encoding,
        "encoding_confidence": document.encoding_confidence,
        "language": document.language,
        "headline": article.headline,
        "title_flags": list(article.title_flags),
        "fields": fields,
        "dateline": {
            **{name: value for name, value in asdict(dateline).items() if name != "warnings"},
            "published_at": _instant(dateline.published_at),
            "updated_at": _instant(dateline.updated_at),
        },
        "lead": {name: value for name, value in asdict(document.lead).items() if name != "warnings"},
        "tiles": [_tile(document, edit) for edit in _tiles(document)],
        "artifacts": [
            _artifact(document.page, claim, payload)
            for claim, payload in zip(document.claims, document.payloads, strict=True)
        ],
        "related_items": [item._asdict() for item in document.related],
        "warnings": list(document.warnings),
    }


def _instant(utc: datetime | None) -> datetime | None:
    """Return an instant that says that it is one: in JSON it ends with a Z, as a wall-clock time does not."""
    return utc.replace(tzinfo=UTC) if utc is not None else None


def as_rejected(source_uri: str, refused: RejectedDocument) -> dict[str, Any]:
    """Return why a document gives no article, as plain data."""
    reject = {"stage": refused.stage, "code": refused.code, "message": refused.message}
    return {"source_uri": source_uri, "reject": reject}


def as_lines(document: Document) -> Iterator[list[Fragment]]:
    """Yield the explanation for people, line by line."""
    record = document.record
    yield [
        Fragment(printable(record.source_uri), "heading"),
        Fragment(f"  {len(record.raw)} bytes, profile {document.source}"),
    ]
    yield from _section("Fields", _field_lines(document))
    tiles = [list(_tile_line(document, edit)) for edit in _tiles(document)]
    yield from _section("Tiles, every byte in one", tiles)
    claims = enumerate(zip(document.claims, document.payloads, strict=True))
    artifacts = [line for ordinal, (claim, payload) in claims for line in _artifact_lines(ordinal, claim, payload)]
    yield from _section("Artifacts", artifacts)
    yield from _section("Related items", [_item_line(item) for item in document.related])
    yield from _section("Warnings", [[Fragment(f"  {warning}", "warning")] for warning in document.warnings])


def _section(title: str, lines: Iterable[list[Fragment]]) -> Iterator[list[Fragment]]:
    """Yield a heading and what stands under it; nothing when there is nothing."""
    for number, line in enumerate(lines):
        if not number:
            yield []
            yield [Fragment(title, "heading")]
        yield line


def _field_lines(document: Document) -> Iterator[list[Fragment]]:
    article = document.article
    for role, column in ROLE_COLUMNS.items():
        if (value := getattr(article, column)) is not None:
            where = ", ".join(f"{start}-{stop}" for start, stop in _spans(article.edits, role)[:3])
            yield [Fragment(f"  {column:<13}", "field"), Fragment(f"{_excerpt(value)}  "), Fragment(where, "blank")]
    if article.title_flags:
        yield [Fragment(f"  {'title_flags':<13}", "field"), Fragment(", ".join(article.title_flags))]
    yield from _lead_lines(document.lead)
    yield [Fragment(f"  {'published':<13}", "field"), Fragment(_published(document))]
    if (updated := document.dateline.updated_at) is not None:
        yield [Fragment(f"  {'updated':<13}", "field"), Fragment(f"{updated} UTC")]
    alone = "; one page alone gives no evidence, a run may decide by the others of its source"
    undecided = any(warning.startswith("dateline_order_unknown") for warning in document.warnings)
    status = document.dateline.status + (alone if undecided else "")
    yield [Fragment(f"  {'dateline':<13}", "field"), Fragment(status)]
    if document.language is not None:
        yield [Fragment(f"  {'language':<13}", "field"), Fragment(document.language)]
    if document.encoding != UTF_8:
        yield [Fragment(f"  {'encoding':<13}", "field"), Fragment(_encoding(document))]


def _encoding(document: Document) -> str:
    if document.encoding_confidence is None:
        return document.encoding
    return f"{document.encoding}, guessed with a confidence of {document.encoding_confidence}"


def _lead_lines(lead: Lead) -> Iterator[list[Fragment]]:
    said = {"place": lead.place, "region": lead.region, "agency": lead.agency, "lead_date": lead.day}
    for name, value in said.items():
        if value is not None:
            yield [Fragment(f"  {name:<13}", "field"), Fragment(_excerpt(str(value)))]


def _item_line(item: RelatedItem) -> list[Fragment]:
    shown = _excerpt(item.title or item.media_path or "")
    return [Fragment(f"  {_excerpt(item.item_id or '?', 16):>10}  ", "field"), Fragment(shown)]


def _spans(edits: tuple[Edit, ...], role: str) -> list[tuple[int, int]]:
    return [(edit.start, edit.stop) for edit in edits if edit.role == role]


def _tiles(document: Document) -> list[Edit]:
    return [edit for edit in document.article.edits if edit.role != "page"]


def _shown(document: Document, edit: Edit) -> str:
    """Return the bytes of a tile as text; what is no character is shown as what it is."""
    encoding = codec_of(document.encoding) if document.taken is None else None
    return document.page[edit.start : edit.stop].decode(encoding or UTF_8, "backslashreplace")


def _tile(document: Document, edit: Edit) -> dict[str, Any]:
    text = _shown(document, edit)
    return {
        "start": edit.start,
        "stop": edit.stop,
        "role": edit.role,
        "artifact": edit.artifact,
        "text": text,
    }


def _artifact(raw: bytes, claim: Claim, payload: Payload) -> dict[str, Any]:
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
        "json": msgspec.Raw(payload.json.encode()) if payload.json is not None else None,
        "recovery": payload.recovery,
        "suspect": payload.suspect,
        "raw": claim.span.of(raw).decode("utf-8", "backslashreplace"),
    }


def _tile_line(document: Document, edit: Edit) -> Iterator[Fragment]:
    style: Style = "artifact" if edit.role == "artifact" else "blank" if edit.role == "blank" else "field"
    yield Fragment(f"  {edit.start:>8}-{edit.stop:<8} ", "blank")
    name = f"{edit.role} {edit.artifact}" if edit.artifact is not None else edit.role
    yield Fragment(f"{name:<12}", style)
    yield Fragment(_excerpt(_shown(document, edit)), style)


def _artifact_lines(ordinal: int, claim: Claim, payload: Payload) -> Iterator[list[Fragment]]:
    style: Style = "artifact" if claim.is_cut else "kept"
    head = f"  {ordinal}  {claim.family}/{claim.rule}  bytes {claim.span.start}-{claim.span.stop}  "
    yield [
        Fragment(head),
        Fragment("kept in the text" if not claim.is_cut else f"cut, {claim.status}", style),
    ]
    if claim.reason:
        yield [Fragment(f"     because {claim.reason}")]
    if claim.declared_length is not None and claim.payload is not None:
        actual = claim.payload.stop - claim.payload.start
        yield [Fragment(f"     {claim.declared_length} bytes declared, {actual} there")]
    if payload.recovery is not None:
        doubt = ", suspect" if payload.suspect else ""
        why = f" ({payload.reason})" if payload.reason else ""
        yield [Fragment(f"     JSON: {payload.recovery}{doubt}{why}")]
    elif claim.value is not None:
        yield [Fragment(f"     value: {_excerpt(claim.value, VALUE_EXCERPT)}")]


def _published(document: Document) -> str:
    dateline = document.dateline
    if dateline.published_local is None:
        return "not known"
    local = f"{dateline.published_local} local, to the {dateline.precision}"
    if dateline.published_at is None:
        return f"{local}; no instant"
    return f"{local}; {dateline.published_at} UTC ({dateline.timezone}, by the {dateline.timezone_source})"


def _excerpt(text: str, longest: int = EXCERPT) -> str:
    """Return the beginning of a text with controls made visible: nothing in it reaches the terminal as a command."""
    shown = printable(text[:longest])
    return shown if len(text) <= longest else f"{shown}…"
