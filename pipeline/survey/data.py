"""A survey as plain data, for programs."""

from __future__ import annotations

from typing import Any

import msgspec

from pipeline.dates.evidence import verdict
from pipeline.survey import SourceSurvey, Survey
from pipeline.survey.counts import Seen, Top
from pipeline.survey.gather import Stamps

ROWS_MOST = 200
"""Entries of each list at most; ``more`` says how many there are besides."""


def as_data(found: Survey) -> dict[str, Any]:
    """Return everything a survey found."""
    return {
        "inputs": found.inputs,
        "documents": found.there,
        "ignored": found.ignored,
        "sampled": found.sampled,
        "sources_together": found.together,
        "sources": [_source(source) for source in found.sources.values()],
    }


def _source(source: SourceSurvey) -> dict[str, Any]:
    return {
        "source": source.name,
        "documents": source.documents,
        "bytes": source.size,
        "articles": source.articles,
        "first": source.first,
        "last": source.last,
        "profiles": dict(source.profiles.most_common()),
        "rejects": _seen(source.rejects),
        "leaks": _list(
            source.leaks,
            [
                {"leak": name, "count": leak.count, "cut": leak.cut, "statuses": dict(leak.statuses)}
                | {"source_uri": leak.uri, "excerpt": leak.example}
                for name, leak in source.leaks.ranked()
            ],
        ),
        "page_shapes": _seen(source.shapes),
        "datelines": _stamps(source.datelines),
        "lead_ins": _seen(source.leads),
        "evidence": {
            "seen": msgspec.to_builtins(source.facts),
            "decided": msgspec.to_builtins(verdict(source.facts)),
            "media_clocks": dict(source.media_clocks),
        },
        "keys": _keys(source),
        "filled_columns": _seen(source.filled),
        "sign_offs": _stamps(source.sign_offs),
        "sign_offs_not_read": _stamps(source.marks),
        "flags": _seen(source.flags),
        "flags_not_read": _seen(source.unread_flags),
        "repeated_lines": _list(
            source.lines,
            [
                {"line": line, "pages": entry.count, "source_uri": entry.uri}
                for line, entry in source.lines.ranked()
                if entry.count > 1
            ],
        ),
        "encodings": _seen(source.encodings),
        "languages": _seen(source.languages),
        "warnings": _seen(source.warnings),
    }


def _list(top: Top[Any], entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {"entries": entries[:ROWS_MOST], "more": max(0, len(entries) - ROWS_MOST), "missed_at_most": top.missed}


def _seen(top: Top[Seen]) -> dict[str, Any]:
    entries = [
        {"value": name, "count": entry.count, "source_uri": entry.uri, "example": entry.example or None}
        for name, entry in top.ranked()
    ]
    return _list(top, entries)


def _stamps(top: Top[Stamps]) -> dict[str, Any]:
    entries = [
        {"shape": shape, "count": stamps.count, "read_as": dict(stamps.statuses), "source_uri": stamps.uri}
        | {"examples": stamps.examples}
        for shape, stamps in top.ranked()
    ]
    return _list(top, entries)


def _keys(source: SourceSurvey) -> dict[str, Any]:
    entries = [
        {"path": path, "count": key.count, "fill": round(source.keys.fill(key), 4), "types": dict(key.types)}
        | {"looks": dict(key.looks), "examples": key.examples}
        for path, key in source.keys.paths.ranked()
    ]
    return _list(source.keys.paths, entries) | {
        "documents": source.keys.documents,
        "documents_cut_short": source.keys.cut_short,
    }
