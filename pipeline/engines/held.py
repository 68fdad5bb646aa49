"""What the last snapshot holds of the inputs of a run: shard by shard, and input by input where some came or went."""

from __future__ import annotations

import stat
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple, TypeAlias

import numpy as np

from pipeline.dates.evidence import Facts
from pipeline.engines.carry import Former
from pipeline.engines.evidence import KnownFacts
from pipeline.engines.sameness import is_older
from pipeline.engines.task import Item, Kept, ShardTask
from pipeline.errors import SnapshotError
from pipeline.model import HTML
from pipeline.store.entries import Entries, EntryLines, InputEntry, Outline, uris_digest
from pipeline.store.files import Files
from pipeline.store.inputs import STAMP, Input, modified
from pipeline.store.manifest import FileEntry, Manifest, Told
from pipeline.store.parts import Before
from pipeline.store.seen import NO_STAMPS, NOTHING_SEEN, UNSEEN, Seen, are_unsettled, settled
from pipeline.store.snapshot import Snapshot

Place: TypeAlias = tuple[str, int]
"""What an input is known by: its ``source_uri``, and the first of its records."""


def place_of(item: Item) -> Place:
    """Return what an input is known by."""
    return item.place if isinstance(item, Input) else item.entry.place


def uris_of(items: Sequence[Item]) -> list[str]:
    """Return where inputs stand."""
    return items.uris if isinstance(items, Files) else [item.source_uri for item in items]


def are_there(items: Sequence[Item]) -> bool:
    """Whether all of them stand in the sources now."""
    others = items.others.values() if isinstance(items, Files) else items
    return {*map(type, others)} <= {Input}


@dataclass
class OldShard:
    """One shard of the last snapshot: what it holds, in which files, and how its inputs looked when it was made.

    ``noted`` is what it is recognised by, where that was noted.
    """

    snapshot: Snapshot
    number: int
    counts: Mapping[str, int]
    known: KnownFacts = field(default_factory=lambda: KnownFacts({}, Told()))
    inputs: EntryLines = field(default_factory=EntryLines)
    files: list[FileEntry] = field(default_factory=list)
    stamps: memoryview = NO_STAMPS
    noted: Outline | None = None

    @cached_property
    def outline(self) -> Outline:
        """What it is recognised by; it has inputs."""
        return self.noted if self.noted is not None else Outline.of(self.number, self.inputs)

    def has(self, uris: Sequence[str]) -> bool:
        """Whether its inputs stand just there."""
        return len(uris) == len(self.inputs) and uris_digest(uris) == self.outline.uris

    def is_among(self, uris: Sequence[str]) -> bool:
        """Whether its inputs stand side by side in a row of places that is in order."""
        start = bisect_left(uris, self.outline.first[0])
        return self.has(uris[start : start + len(self.inputs)])

    def is_there(self) -> bool:
        """Whether its files have the sizes they were committed with; `verify` reads them to the last byte."""
        return all(map(self._is_whole, self.files))

    def _is_whole(self, entry: FileEntry) -> bool:
        try:
            status = (self.snapshot.path / entry.table / entry.name).stat()
        except OSError:
            return False
        return stat.S_ISREG(status.st_mode) and status.st_size == entry.size

    def is_plain(self) -> bool:
        """Whether each of its inputs is one document."""
        return {"", HTML}.issuperset(self.outline.forms)

    def has_vanished(self) -> bool:
        """Whether one of its inputs was gone."""
        return self.outline.vanished

    def stamp(self, place: int) -> bytes:
        """Return how one input looked; ``UNSEEN`` when that is not known."""
        return bytes(self.stamps[place * STAMP.size : (place + 1) * STAMP.size]) or UNSEEN


def shared_files(previous: Snapshot) -> OldShard:
    """Return the files that belong to no shard: those of tables without rows."""
    return OldShard(previous, -1, {}, files=[entry for entry in previous.manifest.files if entry.shard < 0])


def old_shards(previous: Snapshot | None, seen: Seen = NOTHING_SEEN) -> list[OldShard]:
    """Return the shards of the last snapshot, with what was noted of their inputs.

    Raises:
        SnapshotError: What its manifest says of inputs is damaged.
    """
    if previous is None:
        return []
    manifest = previous.manifest
    old = {
        entry.number: OldShard(previous, entry.number, entry.counts, KnownFacts(entry.facts, entry.told))
        for entry in manifest.shards
    }
    start = 0
    for number, lines, outline in _inputs_of(manifest, seen):
        stop = start + len(lines)
        if number not in old:
            raise SnapshotError(
                f"the manifest is damaged where it lists inputs: one is of shard {number}, which is none"
            )
        shard = old[number]
        shard.inputs, shard.noted = lines, outline
        shard.stamps = seen.stamps[start * STAMP.size : stop * STAMP.size]
        start = stop
    if len(seen.stamps) != start * STAMP.size:
        for shard in old.values():
            shard.stamps = NO_STAMPS
    for file in manifest.files:
        if file.shard in old:
            old[file.shard].files.append(file)
    return list(old.values())


def _inputs_of(manifest: Manifest, seen: Seen) -> Iterator[tuple[int, EntryLines, Outline | None]]:
    """Yield the number of each shard that has inputs, those, and what it is recognised by where that was noted."""
    inputs = manifest.inputs
    if isinstance(inputs, Entries) and seen.manifest and seen.manifest == inputs.digest:
        divided = inputs.divided(seen.outlines)
        if divided is not None:
            for outline, lines in zip(seen.outlines, divided, strict=True):
                yield outline.shard, lines, outline
            return
    for number, entries in groupby(inputs, attrgetter("shard")):  # which stand in the order of their shards
        yield number, EntryLines(entries), None


def containers(shards: Iterable[OldShard]) -> dict[str, list[Before]]:
    """Return what the last snapshot holds of each container, by where it stands: its parts in order."""
    held: dict[str, list[Before]] = {}
    for shard in shards:
        if shard.inputs and not shard.is_plain():
            for place, entry in enumerate(shard.inputs):
                if entry.is_container:
                    held.setdefault(entry.uri, []).append(Before(entry, shard.stamp(place)))
    return held


def look_the_same(items: Sequence[Item], shard: OldShard) -> tuple[bool | None, ...]:
    """Return which inputs of a shard of the last snapshot look as they did then; None for each that is to be read."""
    if not shard.stamps:
        return tuple(True if isinstance(item, Kept) else None for item in items)
    if isinstance(items, Files) and shard.outline.forms == (items.form.label,):
        if not items.others and items.stamps == bytes(shard.stamps):  # which is quicker than to compare a view
            return (True,) * len(items)
        now, before = (np.frombuffer(stamps, f"V{STAMP.size}") for stamps in (items.stamps, shard.stamps))
        alike: list[bool | None] = [same or None for same in (now == before).tolist()]
        for place, item in items.others.items():
            alike[place] = _looks_the_same(item, shard.inputs[place], shard.stamp(place))
        return tuple(alike)
    return tuple(
        _looks_the_same(item, entry, shard.stamp(place))
        for place, (item, entry) in enumerate(zip(items, shard.inputs, strict=True))
    )


def _looks_the_same(item: Item, entry: InputEntry | None, stamp: bytes) -> bool | None:
    """Whether an input looks as it did, and so holds what it held; None when it has to be read to know."""
    if isinstance(item, Kept):
        return True
    return True if entry is not None and item.stamp == stamp and item.form.label == entry.form else None


class _Known(NamedTuple):
    """What the last snapshot knows of one input: its entry, what it told, and how it looked."""

    entry: InputEntry | None = None
    told: Mapping[str, Facts] | None = None
    stamp: bytes = UNSEEN


class Held:
    """What the last snapshot holds in files that are all there, input by input."""

    def __init__(self, there: Sequence[OldShard]) -> None:
        self._there = {shard.number: shard for shard in there}

    @cached_property
    def _entries(self) -> dict[Place, _Known]:
        """Each input by its place: looked up only where inputs came or went."""
        return {
            entry.place: _Known(entry, shard.known.told[place], shard.stamp(place))
            for shard in self._there.values()
            for place, entry in enumerate(shard.inputs)
        }

    def whole(self, shard: OldShard) -> Former | None:
        """Return what is known of a shard that has just the inputs it had; None when its files are not all there."""
        if shard.number not in self._there:
            return None
        return Former(shard.inputs, tuple(shard.files), whole=True, told=shard.known.told)

    def part(self, number: int, items: Sequence[Item]) -> ShardTask:
        """Return the task of a shard whose inputs stood in whatever shards, or in none."""
        if not self._there:
            return ShardTask(number, items)
        known = [self._entries.get(place_of(item), _Known()) for item in items]
        holders = sorted({each.entry.shard for each in known if each.entry is not None})
        if not holders:
            return ShardTask(number, items)
        files = tuple(file for holder in holders for file in self._there[holder].files)
        told = tuple(each.told for each in known)
        former = Former(tuple(each.entry for each in known), files, whole=False, told=told)
        same = tuple(_looks_the_same(item, each.entry, each.stamp) for item, each in zip(items, known, strict=True))
        return ShardTask(number, items, former, same=same)


def stamps_of(
    tasks: Iterable[ShardTask], inputs: Sequence[InputEntry], *, began: float, since: float | None
) -> Iterator[bytes]:
    """Yield how the inputs of a run looked when they were hashed, in order.

    Args:
        tasks: The shards as they were planned.
        inputs: What the manifest says of their inputs.
        began: When the run began, in seconds since 1970.
        since: Inputs that were not modified since were believed to be what they were, and may not have been read.
    """
    start = 0
    for task in tasks:
        stop = start + len(task.items)
        if task.same is not None and all(task.same):
            items = task.items
            yield items.stamps if isinstance(items, Files) else b"".join([item.stamp for item in items])
            start = stop
            continue
        same = task.same if task.same is not None else (None,) * len(task.items)
        entries = inputs[start:stop]
        if isinstance(task.items, Files):
            yield _stamps_of_files(task.items, entries, same, began, since)
        else:
            looked = zip(task.items, entries, same, strict=True)
            yield b"".join([_stamp_of(item, entry, began, since, same=alike is True) for item, entry, alike in looked])
        start = stop


def _stamps_of_files(
    files: Files[Item], entries: Sequence[InputEntry], same: Sequence[bool | None], began: float, since: float | None
) -> bytes:
    stamps = np.frombuffer(files.stamps, f"V{STAMP.size}").copy()
    looks = files.looks()
    doubtful = are_unsettled(looks, began)
    if since is not None:
        doubtful |= modified(looks) < since
    doubtful |= np.array([entry.sha256 is None for entry in entries], bool)
    doubtful &= np.array([not alike for alike in same], bool)
    stamps[doubtful] = np.void(UNSEEN)
    for place, item in files.others.items():
        if not same[place]:
            stamps[place] = np.void(_stamp_of(item, entries[place], began, since, same=False))
    return stamps.tobytes()


def _stamp_of(item: Item, entry: InputEntry, began: float, since: float | None, *, same: bool) -> bytes:
    if entry.sha256 is None:
        return UNSEEN
    if same or isinstance(item, Kept):
        return item.stamp
    if is_older(item, since):
        return UNSEEN
    return settled(item, began)
