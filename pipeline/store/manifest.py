"""The manifest of a snapshot: what was read, what came of it, which files hold it. The proof that nothing was lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from heapq import nsmallest
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field, structs

from pipeline.dates.evidence import Facts, SourceEvidence
from pipeline.errors import SnapshotError
from pipeline.model import where
from pipeline.store.entries import Entries, EntryLines, InputEntry
from pipeline.store.readers.reading import ReadSettings

NAME = "manifest.json"
DIGEST_NAME = "manifest.json.sha256"
"""The digest of the manifest, in the form that ``sha256sum --check`` reads: the manifest holds those of all others."""
FORMAT = 1
NOT_KEPT = -1
SLOWEST = 20
"""Documents that a manifest names as the slowest."""
COUNTS = frozenset({"inputs", "articles", "related_items", "artifacts", "ledger", "rejects"})
"""Numbers that every manifest has, of its inputs and of the rows of its tables."""
BY_CODE = "rejects_by_code"


class ProfileText(Struct, frozen=True):
    """One profile of the run: the name or path it was given by, and what stood in it."""

    file: str
    text: str


class FileEntry(Struct, frozen=True):
    """One Parquet file: its table, its name in the table's folder, what it holds."""

    table: str
    name: str
    rows: int
    size: int
    sha256: str
    shard: int


class Told(Struct, frozen=True, omit_defaults=True):
    """What the timestamps of each input of a shard tell of its sources, so that a later run need not read it again.

    Attributes:
        kinds: What inputs tell, by source; few tell what no other does.
        inputs: For each input of the shard, in order, which of them it tells; below 0 where that is not kept.
    """

    kinds: tuple[dict[str, Facts], ...] = ()
    inputs: tuple[int, ...] = ()

    def __getitem__(self, place: int) -> Mapping[str, Facts] | None:
        """Return what one input tells; None where that is not kept.

        >>> told = Told(({"default .": Facts(1)},), (0, -1))
        >>> list(told[0]), told[1]
        (['default .'], None)
        """
        kind = self.inputs[place] if place < len(self.inputs) else NOT_KEPT
        return self.kinds[kind] if 0 <= kind < len(self.kinds) else None

    def __iter__(self) -> Iterator[Mapping[str, Facts] | None]:
        """Yield what each input tells."""
        kinds: tuple[Mapping[str, Facts] | None, ...] = (*self.kinds, None)
        last = len(self.kinds)
        return iter([kinds[kind if 0 <= kind < last else last] for kind in self.inputs])


class ShardEntry(Struct, frozen=True, omit_defaults=True):
    """One shard: how many rows of which kinds it holds, by dotted names such as ``artifacts_by_status.exact``.

    ``facts`` is what its timestamps tell of each source, and ``told`` what those of each input do.
    """

    number: int
    counts: dict[str, int]
    facts: dict[str, Facts] = {}
    told: Told = Told()


class SlowDocument(Struct, frozen=True):
    """One document and the seconds, by the clock, that reading and cleaning it took; ``size`` is in bytes."""

    uri: str
    seconds: float
    size: int | None
    record: int = 0

    @property
    def where(self) -> str:
        """Where it was read, for people."""
        return where(self.uri, self.record)


def slowest(documents: Iterable[SlowDocument]) -> tuple[SlowDocument, ...]:
    """Return the slowest of some documents, the slowest first.

    >>> [entry.uri for entry in slowest([SlowDocument("a", 0.1, 9), SlowDocument("b", 0.2, 9)])]
    ['b', 'a']
    """
    return tuple(nsmallest(SLOWEST, documents, key=lambda entry: (-entry.seconds, entry.uri, entry.record)))


class Manifest(Struct, frozen=True):
    """What ``manifest.json`` holds.

    Attributes:
        format: Layout of this file.
        version: Name of the snapshot, such as ``v000042``.
        previous: The snapshot it followed; null for the first.
        run_id: The run that committed it.
        created_at: UTC.
        pipeline_version: Version of the package.
        configuration: Hash of everything that decides what a row says: code, profiles, limits.
        max_record_bytes: Documents larger than this were rejected.
        text_field: The field of records that held the text.
        source_fields: Names of the other fields that were kept; null for all.
        profiles: The profiles in order, as text: what `verify` needs to prove the rows again.
        inputs: In order of ``uri``; as `Entries` where they were read, or written with those of another snapshot.
        files: By table, in row order.
        shards: The runs of inputs that were cleaned and written together.
        counts: ``inputs``, ``ignored``, rows by table, ``rejects_by_code``, ``artifacts_by_family``,
            ``artifacts_by_status``, ``datelines_by_status``, ``warnings_by_code``, ``sources``, ``json_recovery``, and
            ``related_keys``: how often which key of an item filled which column.
        timings: Seconds by step.
        near_duplicates: The similarity from which on articles stand in the table ``near_duplicates``; null when the
            snapshot has no such table.
        evidence: What the timestamps of each source told, and what was decided by it.
        slowest: Of the documents that this run cleaned, those that took longest. It tells of a machine, so it is here
            and in no table.
    """

    version: str
    previous: str | None
    run_id: str
    created_at: str
    pipeline_version: str
    configuration: str
    max_record_bytes: int
    profiles: tuple[ProfileText, ...]
    inputs: Sequence[InputEntry]
    files: tuple[FileEntry, ...]
    shards: tuple[ShardEntry, ...]
    counts: dict[str, Any]
    timings: dict[str, float]
    evidence: dict[str, SourceEvidence] = field(default_factory=dict)
    near_duplicates: float | None = None
    text_field: str = "text"
    source_fields: tuple[str, ...] | None = None
    slowest: tuple[SlowDocument, ...] = ()
    format: int = FORMAT

    @property
    def settings(self) -> ReadSettings:
        """What readers were told."""
        return ReadSettings(self.max_record_bytes, self.text_field, self.source_fields)

    def of_table(self, table: str) -> list[FileEntry]:
        """Return the files of a table, in row order."""
        return [entry for entry in self.files if entry.table == table]

    def encode(self) -> bytes:
        """Return the manifest as JSON, in which each input, file and shard has a line."""
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes | memoryview]:
        """Yield the encoded manifest piece by piece: in one it may have a hundred megabytes."""
        for place, name in enumerate(self.__struct_fields__):
            yield f'{"," if place else "{"}\n "{name}": '.encode()
            yield from _encoded(getattr(self, name))
        yield b"\n}\n"


def _encoded(value: object) -> Iterator[bytes | memoryview]:
    """Yield a value of the manifest as JSON; of a row of structs each has a line."""
    if isinstance(value, Entries):
        yield b"[\n  " if value else b"[]"
        yield from value.written()
        yield b"\n ]" if value else b""
        return
    if not (isinstance(value, tuple) and value and isinstance(value[0], Struct)):
        yield msgspec.json.format(_encoder.encode(value), indent=1).replace(b"\n", b"\n ")
        return
    for start in range(0, len(value), ENCODED_AT_ONCE):
        lines = _encoder.encode_lines(value[start : start + ENCODED_AT_ONCE]).removesuffix(b"\n")
        # No line break stands within an entry: in JSON that is an escape.
        yield (b",\n  " if start else b"[\n  ") + lines.replace(b"\n", b",\n  ")
    yield b"\n ]"


ENCODED_AT_ONCE = 1000
_encoder = msgspec.json.Encoder()


def put_manifest(snapshot: Path, manifest: Manifest) -> None:
    """Write a manifest into the folder of a snapshot, and its digest beside it."""
    digest = hashlib.sha256()
    with (snapshot / NAME).open("wb") as file:
        for piece in manifest.pieces():
            file.write(piece)
            digest.update(piece)
    (snapshot / DIGEST_NAME).write_bytes(_digest_line(digest.hexdigest()))


def is_intact(snapshot: Path) -> bool:
    """Whether the manifest of a snapshot is the one that was written, by the digest beside it.

    Raises:
        OSError: One of the two cannot be read.
    """
    wanted = (snapshot / DIGEST_NAME).read_bytes()
    return _digest_line(hashlib.sha256((snapshot / NAME).read_bytes()).hexdigest()) == wanted


def refuse_changed(snapshot: Path, manifest: Manifest) -> None:
    """Let a manifest pass that is the one that was written: the next one would hide the damage of any other.

    Args:
        snapshot: The folder of the snapshot.
        manifest: What was read there.

    Raises:
        SnapshotError: It is another, or the digest beside it is gone.
    """
    if isinstance(manifest.inputs, Entries) and manifest.inputs.digest:
        return  # which was found when it was read
    try:
        if is_intact(snapshot):
            return
    except OSError as error:
        raise SnapshotError(f"{snapshot / DIGEST_NAME}: cannot be read: {error.strerror}") from None
    raise SnapshotError(f"{snapshot / NAME}: its bytes are not those that {DIGEST_NAME} says were committed")


def digest_of(snapshot: Path) -> str:
    """Return the SHA-256 with which a manifest was written, by the file beside it; empty when that tells none."""
    with suppress(OSError):
        line = (snapshot / DIGEST_NAME).read_bytes()
        digest = line[: 2 * hashlib.sha256().digest_size].decode("ascii", "replace")
        return digest if line == _digest_line(digest) else ""
    return ""


def _digest_line(sha256: str) -> bytes:
    return f"{sha256}  {NAME}\n".encode()


class _Layout(Struct, frozen=True):
    """What a manifest of any layout has."""

    format: int = FORMAT


def read_manifest(snapshot: Path) -> Manifest:
    """Read the manifest of a snapshot.

    Raises:
        SnapshotError: It is missing, damaged, or of a newer layout.
    """
    path = snapshot / NAME
    try:
        raw = path.read_bytes()
        manifest = _as_written(raw, path, digest_of(snapshot)) or _decoded(raw, path)
    except OSError as error:
        raise SnapshotError(f"{path}: cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SnapshotError(f"{path}: is damaged: {error}") from None
    shards = {entry.number for entry in manifest.shards}
    numbers = {entry.shard for entry in manifest.files if entry.shard >= 0}
    if not isinstance(manifest.inputs, Entries):
        numbers.update(entry.shard for entry in manifest.inputs)
        manifest = structs.replace(manifest, inputs=Entries([EntryLines(manifest.inputs)]))
    counted = all(isinstance(manifest.counts.get(name), int) for name in COUNTS)
    if not numbers <= shards or not counted or not isinstance(manifest.counts.get(BY_CODE), dict):
        raise SnapshotError(f"{path}: is damaged: it speaks of shards or counts that it does not list")
    return manifest


_BEFORE_INPUTS = b'\n "inputs": [\n  '
_BEHIND_INPUTS = b'\n ],\n "files": '


def _as_written(raw: bytes, path: Path, digest: str) -> Manifest | None:
    """Return a manifest with its inputs still as lines; None where it may not be what `put_manifest` wrote."""
    if hashlib.sha256(raw).hexdigest() != digest:
        return None
    start, stop = raw.find(_BEFORE_INPUTS), raw.rfind(_BEHIND_INPUTS)
    if start < 0 or stop < start:
        return None
    lines = memoryview(raw)[start + len(_BEFORE_INPUTS) : stop]
    manifest = _decoded(raw[: start + len(b'\n "inputs": [')] + raw[stop + len(b"\n ") :], path)
    return structs.replace(manifest, inputs=Entries([EntryLines.written(lines)], digest))


def _decoded(raw: bytes, path: Path) -> Manifest:
    try:
        manifest = msgspec.json.decode(raw, type=Manifest)
    except msgspec.ValidationError:
        _refuse_layout(msgspec.json.decode(raw, type=_Layout).format, path)
        raise
    _refuse_layout(manifest.format, path)
    return manifest


def _refuse_layout(layout: int, path: Path) -> None:
    if layout != FORMAT:
        raise SnapshotError(f"{path}: has layout {layout}, this version reads {FORMAT}")
