"""Hold committed tables against the laws: what `descrape verify` reports.

The quick check reads every file and holds it against the manifest, the schema and the ledger. The full one restores
every document, proves every cut again and cleans every body once more.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import structs

from pipeline.engines.again import cleaner_of
from pipeline.errors import RejectedDocument, SnapshotError
from pipeline.model import Record
from pipeline.schema import EVERY_TABLE
from pipeline.stages import Cleaner
from pipeline.store.duplicates import first_with_same_body
from pipeline.store.entries import InputEntry
from pipeline.store.manifest import DIGEST_NAME as DIGEST
from pipeline.store.manifest import NAME as MANIFEST
from pipeline.store.manifest import FileEntry, is_intact
from pipeline.store.near_duplicates import articles_with_bodies, shingles, similarity
from pipeline.store.snapshot import Snapshot
from pipeline.store.stored import ShardRows, Stored, read_shards
from pipeline.store.tables import build
from pipeline.tiling import gap


@dataclass(frozen=True, slots=True)
class Breach:
    """A law that does not hold: which, where, and what was found."""

    law: str
    where: str
    found: str

    def __str__(self) -> str:
        return f"{self.law}: {self.where}: {self.found}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, and what does not hold.

    Attributes:
        breaches: Empty when every law holds.
        files, documents: How many were checked.
        proven: Whether cuts were proven again; only the code and profiles that made the tables can do so.
    """

    breaches: tuple[Breach, ...]
    files: int
    documents: int
    proven: bool


def verify(snapshot: Snapshot, *, full: bool = False) -> Verification:
    """Check the laws on a snapshot.

    Args:
        snapshot: What to check.
        full: Restore every document and prove every row again, instead of checking files and tiling alone.

    Raises:
        SnapshotError: The manifest cannot be read.
    """
    manifest = snapshot.manifest
    breaches = [*_manifest(snapshot), *_files(snapshot)]
    if breaches:
        return Verification(tuple(breaches), len(manifest.files), 0, proven=False)
    breaches += _counts(snapshot)
    cleaner = _cleaner(snapshot) if full else None
    if len({entry.place for entry in manifest.inputs}) != len(manifest.inputs):
        breaches.append(Breach("nothing is lost", MANIFEST, "an input stands in it twice"))
    shards = {shard.number for shard in manifest.shards}
    if strangers := {entry.shard for entry in manifest.inputs} - shards:
        breaches.append(Breach("nothing is lost", MANIFEST, f"inputs are of shard {min(strangers)}, which is none"))
    inputs = _Inputs(manifest.inputs)
    documents = 0
    last = ("", -1)
    first: dict[str, str] = {}
    for rows in read_shards(snapshot):
        breaches += _shard(rows, last)
        breaches += _duplicates(rows, first)
        for item in rows.inputs():
            documents += 1
            last = item.place
            breaches += inputs.take(item, full=full)
            try:
                breaches += _document(item, rows, cleaner, full=full)
            except SnapshotError as error:
                breaches.append(Breach("restore", item.where, str(error)))
    breaches += inputs.left()
    breaches += _near_duplicates(snapshot)
    return Verification(tuple(breaches), len(manifest.files), documents, cleaner is not None)


def _shard(rows: ShardRows, last: tuple[str, int]) -> Iterator[Breach]:
    """Check that rows stand in order, and that each belongs to an article."""
    for table in ("articles", "rejects"):
        before = last
        for row in rows.of(table):
            here = (row["source_uri"], row["record"])
            if here <= before:
                yield Breach("order", f"{table}: {here[0]}", f"stands after {before[0]}")
            before = here
    articles = {row["doc_id"] for row in rows.of("articles")}
    for table in ("related_items", "artifacts", "ledger"):
        strangers = {row["doc_id"] for row in rows.of(table)} - articles
        for stranger in sorted(strangers):
            yield Breach("nothing is lost", f"{table}: {stranger}", "has rows, but no article")
        order = [row["doc_id"] for row in rows.of(table)]
        wanted = [row["doc_id"] for row in rows.of("articles")]
        seen = list(dict.fromkeys(order))
        if not strangers and seen != [one for one in wanted if one in set(seen)]:
            yield Breach("order", table, "its rows do not stand in the order of the articles")


def _duplicates(rows: ShardRows, first: dict[str, str]) -> Iterator[Breach]:
    """Check that each article names the first one with the same body."""
    articles = rows.of("articles")
    marks = first_with_same_body((row["doc_id"] for row in articles), (row["body_sha256"] for row in articles), first)
    for row, mark in zip(articles, marks, strict=True):
        if row["duplicate_of"] != mark:
            yield Breach("duplicates", row["source_uri"], f"the first article with its body is {mark}")


def _near_duplicates(snapshot: Snapshot) -> Iterator[Breach]:
    """Check that each row of `near_duplicates` joins an article to an earlier one, and says how much alike they are."""
    threshold = snapshot.manifest.near_duplicates
    if threshold is None:
        return
    rows = snapshot.arrow("near_duplicates").to_pylist()
    wanted = {row[name] for row in rows for name in ("doc_id", "near_doc_id")}
    bodies: dict[str, frozenset[str]] = {}
    places: dict[str, int] = {}
    for doc_id, body in articles_with_bodies(snapshot.files("articles")):
        if doc_id in wanted:
            places[doc_id] = len(places)
            bodies[doc_id] = shingles(body)
    for row in rows:
        one, other = row["doc_id"], row["near_doc_id"]
        if one not in places or other not in places or places[other] >= places[one]:
            yield Breach("near duplicates", one, f"{other} is no earlier article")
        elif not threshold <= row["similarity"] == similarity(bodies[one], bodies[other]):
            yield Breach("near duplicates", one, f"is not so much like {other} as is said: {row['similarity']}")


class _Inputs:
    """The inputs of the manifest, each with how many of its records were seen in the tables."""

    def __init__(self, entries: Sequence[InputEntry]) -> None:
        self._entries = sorted(entries, key=lambda entry: entry.place)
        self._places = [entry.place for entry in self._entries]
        self._seen = [0] * len(entries)

    def take(self, item: Stored, *, full: bool) -> Iterator[Breach]:
        """Hold what a table has of a document against what the manifest says was read."""
        at = bisect_right(self._places, item.place) - 1
        entry = self._entries[at] if at >= 0 else None
        if entry is None or entry.uri != item.source_uri or self._seen[at] >= entry.records:
            found = "stands in a table, but is no input of the manifest, or twice"
            yield Breach("nothing is lost", item.where, found)
            return
        if item.record != entry.first + self._seen[at]:
            yield Breach("nothing is lost", item.where, f"record {entry.first + self._seen[at]} stands in no table")
        self._seen[at] += 1
        if not entry.is_container and (item.article is not None or full) and item.digest() != entry.sha256:
            yield Breach("restore", item.where, "its bytes are not those that the manifest says were read")

    def left(self) -> Iterator[Breach]:
        """Tell which inputs are not in the tables, or not all of them."""
        for entry, seen in zip(self._entries, self._seen, strict=True):
            if not seen:
                yield Breach("nothing is lost", entry.uri, "is an input, but stands in no table")
            elif seen < entry.records:
                found = f"{seen} of its {entry.records} records stand in the tables"
                yield Breach("nothing is lost", entry.uri, found)


def _manifest(snapshot: Snapshot) -> Iterator[Breach]:
    """Check that the manifest is, byte for byte, the one that was committed."""
    try:
        intact = is_intact(snapshot.path)
    except OSError as error:
        yield Breach("all or nothing", DIGEST, f"cannot be read: {error.strerror}")
        return
    if not intact:
        yield Breach("all or nothing", MANIFEST, f"its bytes are not those that {DIGEST} says were committed")


def _files(snapshot: Snapshot) -> Iterator[Breach]:
    """Check that the folders hold the files of the manifest, whole, and no others."""
    for table in snapshot.tables:
        listed = {entry.name: entry for entry in snapshot.manifest.of_table(table)}
        if not listed:
            yield Breach("all or nothing", table, "has no file in the manifest, so no reader finds its columns")
        present = snapshot.present(table)
        for name in sorted(present - set(listed)):
            yield Breach("all or nothing", f"{table}/{name}", "is not in the manifest")
        for name in sorted(set(listed) - present):
            yield Breach("all or nothing", f"{table}/{name}", "is missing")
        for name in sorted(set(listed) & present):
            yield from _file(snapshot.file(listed[name]), listed[name])


def _file(path: Path, entry: FileEntry) -> Iterator[Breach]:
    where = f"{entry.table}/{entry.name}"
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        yield Breach("all or nothing", where, f"cannot be read: {error.strerror}")
        return
    if digest != entry.sha256:
        yield Breach("all or nothing", where, "its bytes are not those that were committed (SHA-256)")
        return
    try:
        with pq.ParquetFile(path) as file:
            if file.metadata.num_rows != entry.rows:
                yield Breach("all or nothing", where, f"{file.metadata.num_rows} rows, not {entry.rows}")
            if not file.schema_arrow.equals(EVERY_TABLE[entry.table].arrow()):
                yield Breach("schema", where, "its columns are not those of this version")
    except (OSError, pa.ArrowException) as error:
        yield Breach("all or nothing", where, f"cannot be read: {error}")


def _counts(snapshot: Snapshot) -> Iterator[Breach]:
    """Check that inputs are articles plus rejects, and that the files have the rows that were counted."""
    counts = snapshot.manifest.counts
    if counts["inputs"] != counts["articles"] + counts["rejects"]:
        found = f"{counts['inputs']} inputs, {counts['articles']} articles, {counts['rejects']} rejects"
        yield Breach("nothing is lost", "manifest.json", found)
    for table in snapshot.tables:
        rows = sum(entry.rows for entry in snapshot.manifest.of_table(table))
        if rows != counts.get(table):
            yield Breach("nothing is lost", table, f"{rows} rows, {counts.get(table)} were counted")


def _cleaner(snapshot: Snapshot) -> Cleaner | None:
    """Return the cleaner that made the snapshot; None when code or settings are others by now."""
    cleaner, same = cleaner_of(snapshot)
    return cleaner if same else None


def _document(item: Stored, rows: ShardRows, cleaner: Cleaner | None, *, full: bool) -> Iterator[Breach]:
    uri = item.where
    if item.article is None:
        if full and cleaner is not None:
            yield from _rejected_again(item, cleaner)
        return
    if item.article["doc_id"] != item.doc_id:
        yield Breach("identity", uri, "its doc_id is not that of where it stands")
    if broken := gap(item.tiles, item.text_size):
        yield Breach("tiling", uri, broken)
        return
    numbered = [row["ordinal"] for row in item.artifacts] == list(range(len(item.artifacts)))
    if not numbered or len(item.artifacts) != item.article["n_artifacts"]:
        yield Breach("tiling", uri, "its artifacts are not numbered as the article says")
        return
    if full:
        yield from _restored(item, rows, cleaner)


def _restored(item: Stored, rows: ShardRows, cleaner: Cleaner | None) -> Iterator[Breach]:
    """Check that the tables give the raw document back, and prove its rows from it."""
    uri = item.where
    raw = item.raw() or b""
    if hashlib.sha256(raw).hexdigest() != item.digest():
        yield Breach("restore", uri, "the bytes given back are not those that were read (SHA-256)")
        return
    text = item.text()
    for row in item.artifacts:
        if text[row["start"] : row["stop"]] != row["raw"]:
            yield Breach("restore", uri, f"artifact {row['ordinal']} is not at bytes {row['start']} to {row['stop']}")
    if cleaner is not None:
        yield from _again(item, raw, rows, cleaner)


def _again(item: Stored, raw: bytes, rows: ShardRows, cleaner: Cleaner) -> Iterator[Breach]:
    """Clean the raw document once more, and the body too: rows must be equal, and the body must stay."""
    uri = item.where
    try:
        document = cleaner.clean(Record(item.source_uri, item.record, raw, item.origin))
    except RejectedDocument as refused:
        yield Breach("no proof, no cut", uri, f"it is rejected now: {refused}")
        return
    for table, made in build([document], []).items():
        had = [row for row in rows.of(table) if row.get("doc_id") == item.doc_id]
        if table == "articles":
            had = [_article_row(item)]
        if made.to_pylist() != had:
            yield Breach("no proof, no cut", uri, f"cleaned again, it gives other rows of {table}")
    body = document.article.body
    if not body:
        return
    profile = cleaner.profile(document.record)
    alone = replace(cleaner, profiles=replace(cleaner.profiles, given=(profile,)))
    try:
        again = alone.clean(
            structs.replace(document.record, raw=body.encode(), origin=document.record.origin.of_text)
        ).article.body
    except RejectedDocument as refused:
        yield Breach("idempotent", uri, f"its body is rejected: {refused}")
        return
    if again != body:
        yield Breach("idempotent", uri, "cleaning its body changes it")


def _rejected_again(item: Stored, cleaner: Cleaner) -> Iterator[Breach]:
    """Clean the bytes of a reject once more: they must be refused for the same reason."""
    raw = item.raw()
    if raw is None or item.row["stage"] in {"clean", "read"}:
        return
    try:
        cleaner.clean(Record(item.source_uri, item.record, raw, item.origin))
    except RejectedDocument as refused:
        same = (refused.stage, refused.code, refused.message)
        if same != (item.row["stage"], item.row["code"], item.row["message"]):
            yield Breach("no proof, no cut", item.where, "cleaned again, it is rejected for another reason")
        return
    yield Breach("nothing is lost", item.where, "it is among the rejects, but gives an article")


def _article_row(item: Stored) -> dict[str, Any]:
    # Duplicates are found across documents; one document cleaned alone cannot know of them.
    return {**(item.article or {}), "duplicate_of": None}
