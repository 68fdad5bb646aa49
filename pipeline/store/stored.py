"""What a snapshot holds of each input: its rows put together again, and the raw document that they give back.

Shards are read some documents at a time, so that one which is large costs no more memory than others.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from pipeline.decoding import UTF_8, codec_of
from pipeline.errors import SnapshotError
from pipeline.model import Edit, Origin, Record, Reject, doc_id, where
from pipeline.schema import ROLE_COLUMNS
from pipeline.store.snapshot import Snapshot
from pipeline.tiling import rebuild

DOCUMENTS_AT_ONCE = 1000
BYTES_AT_ONCE = 32 * 2**20


class Stored(Struct, frozen=True):
    """One input as the tables hold it.

    Attributes:
        article: Its row of ``articles``; None when it was rejected.
        reject: Its row of ``rejects``; None when it gave an article.
        edits: Its rows of ``ledger``, in order.
        artifacts: Its rows of ``artifacts``, in order.
    """

    article: dict[str, Any] | None
    reject: dict[str, Any] | None
    edits: tuple[Edit, ...] = ()
    artifacts: tuple[dict[str, Any], ...] = ()

    @property
    def row(self) -> dict[str, Any]:
        """The row that stands for the input, whichever table it is in."""
        row = self.article or self.reject
        if row is None:
            raise SnapshotError("an input stands in no table")
        return row

    @property
    def source_uri(self) -> str:
        """Where it was read."""
        return str(self.row["source_uri"])

    @property
    def record(self) -> int:
        """Its index in a container."""
        return int(self.row["record"])

    @property
    def where(self) -> str:
        """Where it was read, for people."""
        return where(self.source_uri, self.record)

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands in the order of rows."""
        return self.source_uri, self.record

    @property
    def doc_id(self) -> str:
        """Its identity."""
        return doc_id(self.source_uri, self.record)

    @property
    def origin(self) -> Origin:
        """What its container said of it."""
        row = self.row
        return Origin(
            *(row[name] for name in ("member", "url", "fetched_at", "record_date", "source_fields", "charset", "form"))
        )

    @property
    def was_document(self) -> bool:
        """Whether it was given to be cleaned; a record that was bad was not, though its bytes may be known."""
        return self.article is not None or self.row["stage"] != "read"

    def again(self) -> Record | Reject:
        """Return the document to clean once more; a reject that never was one stays what it was."""
        raw = self.raw()
        if raw is not None and self.was_document:
            return Record(self.source_uri, self.record, raw, self.origin)
        row = self.row
        return Reject(*self.place, row["stage"], row["code"], row["message"], raw, row["run_id"], self.origin)

    def column(self, role: str) -> bytes:
        """Return the UTF-8 bytes of the article column that holds a role's text."""
        text = self.article[ROLE_COLUMNS[role]] if self.article else None
        return text.encode() if text is not None else b""

    def artifact(self, ordinal: int) -> bytes:
        """Return the raw bytes of an artifact."""
        return bytes(self.artifacts[ordinal]["raw"])

    def digest(self) -> str | None:
        """Return SHA-256 of the raw document as the tables have it; None when it was never read."""
        if self.article is not None:
            return str(self.article["raw_sha256"])
        raw = self.raw()
        return hashlib.sha256(raw).hexdigest() if raw is not None else None

    @property
    def _page(self) -> Edit | None:
        """The edit that holds the whole document, where the text was taken out of it."""
        return self.edits[-1] if self.edits and self.edits[-1].role == "page" else None

    @property
    def tiles(self) -> tuple[Edit, ...]:
        """The edits that cover the text."""
        return self.edits if self._page is None else self.edits[:-1]

    @property
    def text_size(self) -> int:
        """Bytes of what offsets are places in."""
        return int(self.row["raw_size"]) if self._page is None else self._page.stop

    @property
    def codec(self) -> str:
        """Python's name of the encoding of what offsets are places in."""
        named = codec_of(self.article["encoding"]) if self.article is not None and self._page is None else None
        return named or UTF_8

    def text(self) -> bytes:
        """Return what offsets are places in: the text that was taken out of the document, else the document itself.

        Raises:
            SnapshotError: The ledger points where nothing is.
        """
        try:
            return rebuild(self.tiles, self.column, self.artifact)
        except (IndexError, KeyError, TypeError, OverflowError) as error:
            raise SnapshotError(f"{self.source_uri}: its ledger points where nothing is: {error!r}") from None

    def raw(self) -> bytes | None:
        """Return the raw document; None when it could never be read.

        Raises:
            SnapshotError: The ledger points where nothing is.
        """
        if self.article is None:
            raw = self.row["raw"]
            return bytes(raw) if raw is not None else None
        return self._page.raw if self._page is not None else self.text()


class ShardRows(Struct, frozen=True):
    """The rows of a shard, or of a run of inputs in it, by table, in the order of its files."""

    rows: dict[str, list[dict[str, Any]]]

    def of(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table."""
        return self.rows.get(table, [])

    def inputs(self) -> list[Stored]:
        """Return the inputs of the shard in order of ``source_uri``."""
        edits: dict[str, list[Edit]] = defaultdict(list)
        for row in self.of("ledger"):
            edits[row["doc_id"]].append(Edit(**{name: row[name] for name in Edit.__struct_fields__}))
        artifacts: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self.of("artifacts"):
            artifacts[row["doc_id"]].append(row)
        found = [Stored(None, reject) for reject in self.of("rejects")]
        for article in self.of("articles"):
            own = article["doc_id"]
            found.append(Stored(article, None, tuple(edits[own]), tuple(artifacts[own])))
        return sorted(found, key=lambda item: item.place)


def read_shards(snapshot: Snapshot, shard: int | None = None, without: Collection[str] = ()) -> Iterator[ShardRows]:
    """Yield the rows of a snapshot, or of one of its shards, some documents at a time; some tables stay closed."""
    files: dict[int, dict[str, Path]] = defaultdict(dict)
    for entry in snapshot.manifest.files:
        if entry.shard >= 0 and shard in (None, entry.shard) and entry.table not in without:
            files[entry.shard][entry.table] = snapshot.file(entry)
    for number in sorted(files):
        yield from _by_document(files[number])


def stored(snapshot: Snapshot, shard: int | None = None) -> Iterator[Stored]:
    """Yield the inputs of a snapshot, or of one of its shards, in order of ``source_uri``.

    The table of items is not opened: no input is made of them, and pandas alone has a value for their clocks.
    """
    for rows in read_shards(snapshot, shard, without=("related_items",)):
        yield from rows.inputs()


def _by_document(files: dict[str, Path]) -> Iterator[ShardRows]:
    """Yield the rows of one shard, some documents at a time; rows that belong to no document come last."""
    tables = {table: _Rows(path) for table, path in files.items()}
    inputs = [tables[name] for name in ("articles", "rejects") if name in tables]
    while any(rows.first is not None for rows in tables.values()):
        part: dict[str, list[dict[str, Any]]] = defaultdict(list)
        size = 0
        while sum(map(len, part.values())) < DOCUMENTS_AT_ONCE and size < BYTES_AT_ONCE:
            waiting = [rows for rows in inputs if rows.first is not None]
            if not waiting:
                break
            rows = min(waiting, key=_Rows.place)
            row = rows.take()
            part[rows.table].append(row)
            size += row["raw_size"] if rows.table == "articles" else len(row["raw"] or b"")
        owners = {row["doc_id"] for row in part["articles"]}
        is_last = all(rows.first is None for rows in inputs)
        for table in ("related_items", "artifacts", "ledger"):
            while table in tables and (tables[table].belongs_to(owners) or is_last) and tables[table].first is not None:
                part[table].append(tables[table].take())
        yield ShardRows(dict(part))


class _Rows:
    """The rows of one file in order, of which the first one that was not taken yet can be seen."""

    def __init__(self, path: Path) -> None:
        self.table = path.parent.name
        self._rows = _read(path)
        self.first = next(self._rows, None)

    def place(self) -> tuple[str, int]:
        """Return where the first row stands, of a table that tells."""
        return (self.first["source_uri"], self.first["record"]) if self.first is not None else ("", -1)

    def belongs_to(self, owners: set[str]) -> bool:
        """Whether the first row is one of these documents."""
        return self.first is not None and self.first["doc_id"] in owners

    def take(self) -> dict[str, Any]:
        """Return the first row, and go on to the next."""
        row = self.first
        if row is None:
            raise StopIteration
        self.first = next(self._rows, None)
        return row


def _read(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file, its page checksums held against its bytes.

    Raises:
        SnapshotError: It is missing or damaged.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            for number in range(file.num_row_groups):
                yield from file.read_row_group(number).to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise SnapshotError(f"{path}: cannot be read: {error}") from None
