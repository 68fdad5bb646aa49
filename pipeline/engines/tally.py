"""Count the rows of a batch by kind, from the rows alone: those that were carried over count like those made anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.dates.evidence import source_key

COLUMNS = {
    "sources": ("articles", "source"),
    "artifacts_by_family": ("artifacts", "family"),
    "artifacts_by_status": ("artifacts", "status"),
    "json_recovery": ("artifacts", "recovery"),
    "related_keys": ("related_items", "keys"),
    "rejects_by_code": ("rejects", "code"),
    "datelines_by_status": ("articles", "dateline_status"),
    "warnings_by_code": ("articles", "warnings"),
}
"""Groups of counts, and the column whose values are counted."""

GROUPS = tuple(COLUMNS)
DETAIL = r"(?s):.*"
"""What stands behind the code of a warning."""
MEDIA_CLOCKS = "media_clocks."
"""How the counts of media clocks begin; the source and what its clocks say follow."""


def tally(tables: Mapping[str, pa.Table]) -> Counter[str]:
    """Return how many rows there are of each kind, by dotted names such as ``artifacts_by_status.exact``."""
    counts = Counter({name: rows.num_rows for name, rows in tables.items()})
    for group, (table, column) in COLUMNS.items():
        values = tables[table][column]
        flat = pc.list_flatten(values) if pa.types.is_list(values.type) else values.drop_null()
        found = pc.value_counts(pc.replace_substring_regex(flat, DETAIL, "") if column == "warnings" else flat)
        for value, count in zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True):
            counts[f"{group}.{value}"] += count
    counts.update(MEDIA_CLOCKS + said for said in _media_clocks(tables["articles"], tables["related_items"]))
    return counts


def _media_clocks(articles: pa.Table, items: pa.Table) -> Iterator[str]:
    """Yield for each page whether its newest picture is ``later`` than the page or ``not_later``, behind its source.

    Both are times of the site's own clock, so a page whose order of day and month was taken wrongly has pictures from
    its future sooner or later.
    """
    clocks = items.select(["doc_id", "media_local"]).filter(pc.is_valid(items["media_local"]))
    if not clocks.num_rows:
        return
    # Grouping in Arrow would load its engine for queries first, which takes longer than a small run's rows do.
    docs = clocks["doc_id"].combine_chunks().dictionary_encode()
    newest = np.full(len(docs.dictionary), np.iinfo(np.int64).min)
    np.maximum.at(newest, docs.indices.to_numpy(), clocks["media_local"].cast(pa.int64()).to_numpy())
    of_page = dict(zip(docs.dictionary.to_pylist(), newest.tolist(), strict=True))
    columns = ("doc_id", "source", "source_uri", "url", "member", "published_precision")
    pages = zip(*(articles[name].to_pylist() for name in columns), strict=True)
    microseconds = articles["published_local"].cast(pa.int64()).to_pylist()
    for (doc_id, source, uri, url, member, precision), local in zip(pages, microseconds, strict=True):
        if doc_id in of_page and local is not None and precision in {"minute", "second"}:
            said = "later" if of_page[doc_id] // 1000 > local else "not_later"
            yield f"{source_key(source, uri, url, member)}.{said}"
