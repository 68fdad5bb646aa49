"""A sample of leaks and look-alikes, before and after: the same rows on any machine, and no more than asked for."""

from __future__ import annotations

import codecs
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice, zip_longest
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.decoding import UTF_8
from pipeline.model import Edit
from pipeline.schema import ROLE_COLUMNS
from pipeline.store.snapshot import Snapshot, read_batches
from pipeline.store.stored import Stored

CONTEXT = 160
"""Bytes of a document that are shown on either side."""
OF_ONE = 3
"""Artifacts of a kind that one document may show: others have more to tell."""
HEAD, TAIL = 420, 160
"""Bytes of a leak that are shown of its beginning and its end; between them the number that is left out."""
CONTINUATION = range(0x80, 0xC0)
"""The bytes of a letter in UTF-8 behind its first one."""
KIND = ["family", "rule", "status"]
COLUMNS: Mapping[str, Sequence[str]] = {
    "articles": ["doc_id", "source_uri", "record", "encoding", *ROLE_COLUMNS.values()],
    "ledger": ["doc_id", *Edit.__struct_fields__],
    "artifacts": ["doc_id", "ordinal", "start", "stop", *KIND, "reason", "raw"],
}
"""What is read of the documents that are shown."""

Kind: TypeAlias = tuple[str, str, str]
Place: TypeAlias = tuple[str, int]
Drawn: TypeAlias = tuple[int, str, int, int]
"""Which one of its document it is, the document, the ordinal, the shard: in this order they are drawn."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One leak or look-alike as the page shows it; ``left_out`` are bytes of it in UTF-8.

    Attributes:
        where: Where its document stands.
        before: The text in front of it, as it came.
        head, tail: The beginning of the leak and, where ``left_out`` bytes lie between, its end.
        behind: The text behind it, as it came.
        after: What the columns hold there; None for a look-alike, which was left as it is.
    """

    where: str
    doc_id: str
    ordinal: int
    family: str
    rule: str
    status: str
    reason: str
    start: int
    stop: int
    before: str
    head: str
    left_out: int
    tail: str
    behind: str
    after: tuple[str, str] | None


def sample(snapshot: Snapshot, most: int) -> list[Cut]:
    """Return at most so many artifacts, ordered by family, rule and status.

    Of each kind the same number, as far as there are as many: those with the smallest ``doc_id``, which is a digest and
    so as good as drawn by lot. The second of one document comes after the first of all others.

    Raises:
        SnapshotError: A file is missing or damaged.
    """
    wanted: defaultdict[int, set[Place]] = defaultdict(set)
    for shard, place in _chosen(snapshot, most):
        wanted[shard].add(place)
    found = [cut for shard, places in sorted(wanted.items()) for cut in _cuts(snapshot, shard, places)]
    return sorted(found, key=lambda cut: (cut.family, cut.rule, cut.status, cut.doc_id, cut.ordinal))


def _chosen(snapshot: Snapshot, most: int) -> list[tuple[int, Place]]:
    """Return shard and place of the artifacts of the sample: one of each kind in turn until there are enough."""
    pool: dict[Kind, list[Drawn]] = {}
    for entry in snapshot.manifest.of_table("artifacts"):
        for batch in read_batches(snapshot.file(entry), [*KIND, "doc_id", "ordinal"]):
            groups = pa.Table.from_batches([batch]).group_by([*KIND, "doc_id"]).aggregate([("ordinal", "list")])
            for kind, own in _by_kind(groups):
                drawn = (
                    (turn, doc_id, ordinal, entry.shard)
                    for doc_id, ordinals in own
                    for turn, ordinal in enumerate(ordinals[:OF_ONE])
                )
                pool[kind] = nsmallest(most, [*pool.get(kind, []), *drawn])
    in_turn = (drawn for turn in zip_longest(*(pool[kind] for kind in sorted(pool))) for drawn in turn if drawn)
    return [(shard, (doc_id, ordinal)) for _, doc_id, ordinal, shard in islice(in_turn, most)]


def _by_kind(groups: pa.Table) -> Iterator[tuple[Kind, Iterator[tuple[str, list[int]]]]]:
    """Yield each kind with its documents, and the ordinals of each."""
    for kind in groups.group_by(KIND).aggregate([]).select(KIND).to_pylist():
        family, rule, status = (kind[name] for name in KIND)
        same = pc.and_(pc.equal(groups["family"], family), pc.equal(groups["rule"], rule))
        own = groups.filter(pc.and_(same, pc.equal(groups["status"], status)))
        yield (family, rule, status), zip(own["doc_id"].to_pylist(), own["ordinal_list"].to_pylist(), strict=True)


def _cuts(snapshot: Snapshot, shard: int, places: Collection[Place]) -> Iterator[Cut]:
    """Yield what is shown of some artifacts of one shard; only the rows of their documents are held."""
    documents = {doc_id for doc_id, _ in places}
    articles = _rows(snapshot, shard, "articles", documents)
    edits = _rows(snapshot, shard, "ledger", documents)
    artifacts = _rows(snapshot, shard, "artifacts", documents)
    for doc_id in sorted(documents):
        (article,) = articles[doc_id]
        ledger = tuple(Edit(**{name: row[name] for name in Edit.__struct_fields__}) for row in edits[doc_id])
        stored = Stored(article, None, ledger, tuple(artifacts[doc_id]))
        text = stored.text()
        for row in artifacts[doc_id]:
            if (doc_id, row["ordinal"]) in places:
                yield _cut(stored, text, row)


def _rows(snapshot: Snapshot, shard: int, table: str, documents: Collection[str]) -> Mapping[str, list[dict[str, Any]]]:
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    wanted = pa.array(sorted(documents))
    for entry in snapshot.manifest.of_table(table):
        if entry.shard == shard:
            for batch in read_batches(snapshot.file(entry), COLUMNS[table]):
                for row in batch.filter(pc.is_in(batch["doc_id"], wanted)).to_pylist():
                    found[row["doc_id"]].append(row)
    return found


def _cut(stored: Stored, text: bytes, row: Mapping[str, Any]) -> Cut:
    start, stop = row["start"], row["stop"]
    before, leak, behind = (
        _utf_8(part, stored.codec) for part in (text[:start], text[start:stop], text[stop : stop + 2 * CONTEXT])
    )
    whole = len(leak) <= HEAD + TAIL
    return Cut(
        where=stored.where,
        doc_id=stored.doc_id,
        ordinal=row["ordinal"],
        family=row["family"],
        rule=row["rule"],
        status=row["status"],
        reason=row["reason"],
        start=start,
        stop=stop,
        before=_end(before),
        head=_text(leak if whole else leak[:HEAD]),
        left_out=0 if whole else len(leak) - HEAD - TAIL,
        tail="" if whole else _text(leak[-TAIL:], cut=True),
        behind=_beginning(behind),
        after=_after(stored, row["ordinal"]) if row["status"] != "kept" else None,
    )


def _after(stored: Stored, ordinal: int) -> tuple[str, str]:
    """Return the text that a reader meets on either side of a cut, out of the columns."""
    at = next(place for place, edit in enumerate(stored.edits) if edit.artifact == ordinal)
    left = right = b""
    outer = inner = None
    for edit in reversed(stored.edits[:at]):
        if len(left) > CONTEXT:
            break
        if edit.text_start is not None:
            left = stored.column(edit.role)[edit.text_start : edit.text_stop] + _joint(stored, edit, outer) + left
            inner, outer = inner or edit, edit
    for edit in stored.edits[at + 1 :]:
        if len(right) > CONTEXT:
            break
        if edit.text_start is not None:
            right += _joint(stored, inner, edit) + stored.column(edit.role)[edit.text_start : edit.text_stop]
            inner = edit
    return _end(left), _beginning(right)


def _joint(stored: Stored, before: Edit | None, behind: Edit | None) -> bytes:
    """Return what stands between the texts of two edits: what their column has there, or the gap between columns."""
    if before is None or behind is None:
        return b""
    return stored.column(before.role)[before.text_stop : behind.text_start] if before.role == behind.role else b"\n\n"


def _utf_8(raw: bytes, codec: str) -> bytes:
    return raw if codec == UTF_8 else raw.decode(codec, "backslashreplace").encode()


def _end(raw: bytes) -> str:
    return f"…{_text(raw[-CONTEXT:], cut=True).lstrip()}" if len(raw) > CONTEXT else _text(raw)


def _beginning(raw: bytes) -> str:
    return f"{_text(raw[:CONTEXT])}…" if len(raw) > CONTEXT else _text(raw)


def _text(raw: bytes, *, cut: bool = False) -> str:
    r"""Return bytes as text, without the part of a letter at the end, and at the beginning where it was ``cut`` off.

    >>> _text("é, ü".encode()[1:-1], cut=True)
    ', '
    """
    start = 0
    while cut and start < min(3, len(raw)) and raw[start] in CONTINUATION:
        start += 1
    return codecs.getincrementaldecoder("utf-8")("backslashreplace").decode(raw[start:])
