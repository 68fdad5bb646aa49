"""Give back every raw document, byte for byte, from the tables alone."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import DescrapeError, SnapshotError, UsageError
from pipeline.model import Edit, doc_id
from pipeline.schema import ROLE_COLUMNS
from pipeline.store.inputs import path_of
from pipeline.store.snapshot import Snapshot, read_file
from pipeline.tiling import rebuild


@dataclass(frozen=True, slots=True)
class Stored:
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
    def doc_id(self) -> str:
        """Its identity."""
        return doc_id(self.source_uri, self.record)

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

    def raw(self) -> bytes | None:
        """Return the raw document; None when it could never be read.

        Raises:
            SnapshotError: The ledger points where nothing is.
        """
        if self.article is None:
            raw = self.row["raw"]
            return bytes(raw) if raw is not None else None
        try:
            return rebuild(self.edits, self.column, self.artifact)
        except (IndexError, KeyError, TypeError, OverflowError) as error:
            raise SnapshotError(f"{self.source_uri}: its ledger points where nothing is: {error!r}") from None


@dataclass(frozen=True, slots=True)
class ShardRows:
    """The rows of one shard, by table, in the order of its files."""

    rows: dict[str, list[dict[str, Any]]]

    def of(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table."""
        return self.rows.get(table, [])

    def inputs(self) -> list[Stored]:
        """Return the inputs of the shard in order of ``source_uri``."""
        edits: dict[str, list[Edit]] = defaultdict(list)
        for row in self.of("ledger"):
            edits[row["doc_id"]].append(Edit(**{name: row[name] for name in Edit._fields}))
        artifacts: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self.of("artifacts"):
            artifacts[row["doc_id"]].append(row)
        found = [Stored(None, reject) for reject in self.of("rejects")]
        for article in self.of("articles"):
            own = article["doc_id"]
            found.append(Stored(article, None, tuple(edits[own]), tuple(artifacts[own])))
        return sorted(found, key=lambda item: (item.source_uri, item.record))


def read_shards(snapshot: Snapshot, shard: int | None = None) -> Iterator[ShardRows]:
    """Yield the rows of a snapshot shard by shard, or those of one shard."""
    files: dict[int, dict[str, Path]] = defaultdict(dict)
    for entry in snapshot.manifest.files:
        if entry.shard >= 0 and shard in (None, entry.shard):
            files[entry.shard][entry.table] = snapshot.path / entry.table / entry.name
    for number in sorted(files):
        yield ShardRows({table: read_file(path).to_pylist() for table, path in files[number].items()})


def stored(snapshot: Snapshot, shard: int | None = None) -> Iterator[Stored]:
    """Yield the inputs of a snapshot, or of one of its shards, in order of ``source_uri``."""
    for rows in read_shards(snapshot, shard):
        yield from rows.inputs()


@dataclass(frozen=True, slots=True)
class Restored:
    """What ``restore`` did.

    Attributes:
        written: Documents written.
        unread: Inputs whose bytes no table holds because they were never read.
        failed: Documents that could not be written, each with the reason.
    """

    written: int
    unread: tuple[str, ...]
    failed: tuple[str, ...]


def restore(snapshot: Snapshot, target: Path, doc: str | None = None) -> Restored:
    """Write raw documents below ``target``, each at its ``source_uri``.

    Args:
        snapshot: Where from.
        target: A folder that is empty or does not exist yet.
        doc: Identity of the one document wanted; all when None.

    Raises:
        UsageError: The folder is not empty, or there is no such document.
        SnapshotError: A table is missing or damaged.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target}: is not an empty folder; name one that is, or a new one")
    written = 0
    unread: list[str] = []
    failed: list[str] = []
    for item in stored(snapshot):
        if doc is not None and item.doc_id != doc:
            continue
        raw = item.raw()
        if raw is None:
            unread.append(item.source_uri)
        else:
            try:
                _write(target, item.source_uri, raw)
                written += 1
            except DescrapeError as error:
                failed.append(str(error))
        if doc is not None:
            break
    if doc is not None and not written and not unread and not failed:
        raise UsageError(f"there is no document {doc!r} in {snapshot.version}")
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DescrapeError(f"{target}: cannot be written: {error.strerror}") from None
    return Restored(written, tuple(unread), tuple(failed))


def _write(target: Path, source_uri: str, raw: bytes) -> None:
    """Write one document; a path is data, so it is never trusted to stay inside the folder."""
    parts = path_of(source_uri).split("/")
    if any(part in {"", ".", ".."} or "\0" in part or os.sep in part for part in parts):
        raise DescrapeError(f"{source_uri!r} would lead out of {target}; nothing was written for it")
    path = target / path_of(source_uri)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    except OSError as error:
        raise DescrapeError(f"{path}: cannot be written: {error.strerror}") from None
