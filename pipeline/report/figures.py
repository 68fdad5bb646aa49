"""The figures of a snapshot: each table is read once, batch by batch, and only the columns that are counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model import where
from pipeline.store.snapshot import Snapshot

EXAMPLES = 5
"""Rejects of each code that are named."""


@dataclass(slots=True)
class Articles:
    """What is counted of ``articles``; sizes are in bytes of the raw documents.

    ``guessed`` are those whose encoding had to be guessed; ``languages`` leaves out those where nobody is sure.
    """

    rows: int = 0
    words: int = 0
    size: int = 0
    duplicates: int = 0
    with_items: int = 0
    undated: int = 0
    guessed: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    encodings: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Artifacts:
    """What is counted of ``artifacts``: rows and bytes by family, rule and status, and documents with a cut."""

    rows: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    cut_bytes: int = 0
    documents_cut: int = 0
    suspect: int = 0

    @property
    def kept(self) -> int:
        """Look-alikes that stay in the text."""
        return sum(count for (_, _, status), count in self.rows.items() if status == "kept")


@dataclass(frozen=True, slots=True)
class RejectGroup:
    """The rejects of one code: how many, and the first few of them: where each stands, and its message."""

    code: str
    count: int
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the page counts.

    Attributes:
        articles, artifacts: As their classes say.
        roles: Bytes of the texts by role of the ledger.
        recovery: Related items by how they were recovered.
        media: Related items by kind of their media.
        rejects: By code, the most frequent first.
    """

    articles: Articles
    artifacts: Artifacts
    roles: Mapping[str, int]
    recovery: Mapping[str, int]
    media: Mapping[str, int]
    rejects: tuple[RejectGroup, ...]


def gather(snapshot: Snapshot) -> Figures:
    """Return the figures of a snapshot.

    Raises:
        SnapshotError: A file is missing or damaged.
    """
    recovery: Counter[str] = Counter()
    media: Counter[str] = Counter()
    for batch in snapshot.batches("related_items", ["recovery", "media_kind"]):
        recovery.update(counted(batch["recovery"]))
        media.update(counted(batch["media_kind"]))
    return Figures(
        articles=_articles(snapshot),
        artifacts=_artifacts(snapshot),
        roles=_roles(snapshot),
        recovery=recovery,
        media=media,
        rejects=_rejects(snapshot),
    )


def counted(values: pa.Array) -> dict[Any, int]:
    """Return how often each value stands in a column; nulls are left out.

    >>> counted(pa.array(["a", None, "a"]))
    {'a': 2}
    """
    pairs = pc.value_counts(values.drop_null())
    return dict(zip(pairs.field("values").to_pylist(), pairs.field("counts").to_pylist(), strict=True))


def _total(values: pa.Array) -> int:
    return int(pc.sum(values).as_py() or 0)


def _articles(snapshot: Snapshot) -> Articles:
    found = Articles()
    columns = ["n_words", "raw_size", "n_related", "duplicate_of", "dateline_status", "published_local", "warnings"]
    columns += ["encoding", "encoding_confidence", "language"]
    for batch in snapshot.batches("articles", columns):
        found.rows += batch.num_rows
        found.words += _total(batch["n_words"])
        found.size += _total(batch["raw_size"])
        found.with_items += _total(pc.greater(batch["n_related"], 0))
        found.duplicates += batch.num_rows - batch["duplicate_of"].null_count
        found.undated += batch["published_local"].null_count
        found.guessed += batch.num_rows - batch["encoding_confidence"].null_count
        found.statuses.update(counted(batch["dateline_status"]))
        found.encodings.update(counted(batch["encoding"]))
        found.languages.update(counted(batch["language"]))
        found.days.update(counted(batch["published_local"].cast(pa.date32(), safe=False)))
        codes = pc.list_flatten(batch["warnings"])
        # What follows the colon is detail of one page; the codes before it are a handful.
        found.warnings.update(counted(pc.replace_substring_regex(codes, "(?s):.*", "")))
    return found


def _artifacts(snapshot: Snapshot) -> Artifacts:
    found = Artifacts()
    last: str | None = None
    for batch in snapshot.batches("artifacts", ["doc_id", "family", "rule", "status", "start", "stop", "suspect"]):
        rows = pa.Table.from_batches([batch])
        groups = rows.group_by(["family", "rule", "status"]).aggregate([([], "count_all")])
        for group in groups.to_pylist():
            found.rows[group["family"], group["rule"], group["status"]] += group["count_all"]
        found.suspect += _total(rows["suspect"])
        cuts = rows.filter(pc.not_equal(rows["status"], "kept"))
        found.cut_bytes += _total(pc.subtract(cuts["stop"], cuts["start"]))
        documents = pc.unique(cuts["doc_id"]).to_pylist()
        # The rows of a document stand together, so only its first part may have been counted already.
        found.documents_cut += len(documents) - (bool(documents) and documents[0] == last)
        last = documents[-1] if documents else last
    return found


def _roles(snapshot: Snapshot) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for batch in snapshot.batches("ledger", ["role", "start", "stop"]):
        # A page whose text was taken out of it is kept in an edit of its own, beside those that cover the text.
        tiles = batch.filter(pc.not_equal(batch["role"], "page"))
        sizes = pa.table({"role": tiles["role"], "size": pc.subtract(tiles["stop"], tiles["start"])})
        for group in sizes.group_by("role").aggregate([("size", "sum")]).to_pylist():
            found[group["role"]] += group["size_sum"]
    return found


def _rejects(snapshot: Snapshot) -> tuple[RejectGroup, ...]:
    counts: Counter[str] = Counter()
    examples: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for batch in snapshot.batches("rejects", ["source_uri", "record", "code", "message"]):
        counts.update(counted(batch["code"]))
        for code in counts:
            if len(examples[code]) < EXAMPLES:
                few = batch.filter(pc.equal(batch["code"], code)).slice(0, EXAMPLES - len(examples[code]))
                examples[code] += [(where(row["source_uri"], row["record"]), row["message"]) for row in few.to_pylist()]
    return tuple(RejectGroup(code, count, tuple(examples[code])) for code, count in ranked(counts))


def ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return names and counts, the largest first, equal ones by name.

    >>> ranked({"b": 1, "a": 1, "c": 2})
    [('c', 2), ('a', 1), ('b', 1)]
    """
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
