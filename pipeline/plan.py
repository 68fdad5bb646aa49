"""Which shards a run has, which of them the last snapshot may hold already, and how results become a snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from pipeline.dates.evidence import Facts
from pipeline.engines.carry import Former
from pipeline.engines.evidence import Judged, KnownFacts
from pipeline.engines.tally import GROUPS
from pipeline.engines.task import Item, Kept, ShardResult, ShardTask
from pipeline.errors import DescrapeError
from pipeline.schema import TABLES
from pipeline.store.commit import Part, part_of, reused_part
from pipeline.store.inputs import Input
from pipeline.store.manifest import FileEntry, InputEntry, ShardEntry, Told
from pipeline.store.shards import shards
from pipeline.store.snapshot import Snapshot

Place: TypeAlias = tuple[str, int]
"""What an input is known by: its ``source_uri``, and the first of its records."""


@dataclass(slots=True)
class OldShard:
    """One shard of the last snapshot: what it holds, and in which files."""

    snapshot: Snapshot
    number: int
    counts: Mapping[str, int]
    known: KnownFacts = field(default_factory=lambda: KnownFacts({}, Told()))
    inputs: list[InputEntry] = field(default_factory=list)
    files: list[FileEntry] = field(default_factory=list)

    def is_there(self) -> bool:
        """Whether its files have the sizes they were committed with; `verify` reads them to the last byte."""
        for entry in self.files:
            path = self.snapshot.path / entry.table / entry.name
            if not path.is_file() or path.stat().st_size != entry.size:
                return False
        return True


@dataclass(frozen=True, slots=True)
class Plan:
    """The shards of a run in order, and those of the last snapshot by the inputs they hold.

    ``damaged`` counts the groups of files that might have been kept if they were still whole.
    """

    tasks: tuple[ShardTask, ...]
    damaged: int
    old: Mapping[tuple[Place, ...], OldShard]
    found: dict[int, OldShard | None] = field(default_factory=dict, repr=False, compare=False)

    def same(self, task: ShardTask) -> OldShard | None:
        """Return the shard of the last snapshot that holds just the inputs of a task; None when there is none."""
        if task.number not in self.found:
            self.found[task.number] = self.old.get(tuple(_place(item) for item in task.items))
        return self.found[task.number]


@dataclass(frozen=True, slots=True)
class Assembly:
    """Everything the manifest says of inputs and shards, and the files of the snapshot to come."""

    inputs: tuple[InputEntry, ...]
    parts: tuple[Part, ...]
    shards: tuple[ShardEntry, ...]


def plan(inputs: Sequence[Input], previous: Snapshot | None = None, *, prune: bool = False, reuse: bool = True) -> Plan:
    """Return the shards of a run.

    Args:
        inputs: What is there now.
        previous: The last snapshot.
        prune: Leave out inputs that only the last snapshot knows; otherwise they keep their rows.
        reuse: Whether inputs that did not change may keep their rows.
    """
    items: dict[Place, Item] = {item.place: item for item in inputs}
    there_now = {item.source_uri for item in inputs}
    old = _old_shards(previous)
    # What stands in a folder that could not be listed may still be there: it is not gone.
    unlisted = tuple(item.source_uri for item in inputs if item.source_uri.endswith("/"))
    if previous is not None:
        for entry in previous.manifest.inputs:
            # A folder that could not be listed then is no document to keep.
            gone = entry.uri not in there_now and not entry.uri.endswith("/")
            if gone and (not prune or entry.uri.startswith(unlisted)):
                items[entry.place] = Kept(entry)
    tasks: list[ShardTask] = []
    damaged = 0 if previous is None or _shared_files(previous).is_there() else 1
    held = _Held([shard for shard in old.values() if shard.is_there()] if reuse else [])
    ordered = sorted(items)
    found: dict[int, OldShard | None] = {}
    for number, (start, stop) in enumerate(shards([(*place, _weight(items[place])) for place in ordered])):
        places = tuple(ordered[start:stop])
        same = found[number] = old.get(places)
        whole = held.whole(same) if same is not None else None
        damaged += reuse and same is not None and whole is None
        tasks.append(ShardTask(number, tuple(items[place] for place in places), whole or held.part(places)))
    return Plan(tuple(tasks), damaged, old, found)


class _Held:
    """What the last snapshot holds in files that are all there, input by input."""

    def __init__(self, there: Sequence[OldShard]) -> None:
        self._there = {shard.number: shard for shard in there}

    @cached_property
    def _entries(self) -> dict[Place, tuple[InputEntry, Mapping[str, Facts] | None]]:
        """Each input by its place, with what it told: looked up only where inputs came or went."""
        return {
            entry.place: (entry, shard.known.told[place])
            for shard in self._there.values()
            for place, entry in enumerate(shard.inputs)
        }

    def whole(self, shard: OldShard) -> Former | None:
        """Return what is known of a shard that has just the inputs it had; None when its files are not all there."""
        if shard.number not in self._there:
            return None
        return Former(tuple(shard.inputs), tuple(shard.files), whole=True, told=shard.known.told)

    def part(self, places: Sequence[Place]) -> Former | None:
        """Return what is known of inputs that stood in whatever shards; None when it is nothing."""
        known = [self._entries.get(place, (None, None)) for place in places]
        holders = sorted({entry.shard for entry, _ in known if entry is not None})
        if not holders:
            return None
        files = tuple(file for holder in holders for file in self._there[holder].files)
        return Former(tuple(entry for entry, _ in known), files, whole=False, told=tuple(told for _, told in known))


def replan(previous: Snapshot, rejected: AbstractSet[str], *, reuse: bool = True) -> Plan:
    """Return the shards of a run over what a snapshot itself holds, to clean some of its rejects again.

    Args:
        previous: The snapshot.
        rejected: ``source_uri`` of the rejects; only they are cleaned.
        reuse: Whether the other inputs may keep their rows.
    """
    old = _old_shards(previous)
    tasks: list[ShardTask] = []
    damaged = 0 if _shared_files(previous).is_there() else 1
    for number, known in enumerate(old.values()):
        whole = known.is_there()
        damaged += not whole
        entries = tuple(None if entry.uri in rejected else entry for entry in known.inputs)
        former = Former(entries, tuple(known.files), None not in entries, known.known.told) if reuse and whole else None
        items = tuple(Kept(entry, entry.vanished) for entry in known.inputs)
        tasks.append(ShardTask(number, items, former))
    return Plan(tuple(tasks), damaged, old)


@dataclass(frozen=True, slots=True)
class Known:
    """The shard of the last snapshot that holds just the inputs of one now, and which of them are gone."""

    number: int
    gone: tuple[bool, ...]


def rebuilt(previous: Snapshot | None, shards: int, known: Mapping[int, Known]) -> Plan:
    """Return a plan as far as its results need it, when the inputs themselves are no longer looked at.

    Args:
        previous: The last snapshot.
        shards: How many shards were planned.
        known: By number of the shard, what the last snapshot holds of it.
    """
    old = _old_shards(previous)
    by_number = {shard.number: shard for shard in old.values()}
    tasks: list[ShardTask] = []
    for number in range(shards):
        stays = known.get(number)
        entries = zip(by_number[stays.number].inputs, stays.gone, strict=True) if stays is not None else ()
        tasks.append(ShardTask(number, tuple(Kept(entry, vanished) for entry, vanished in entries)))
    damaged = 0 if previous is None or _shared_files(previous).is_there() else 1
    return Plan(tuple(tasks), damaged, old)


def nothing_came_of_it(planned: Plan, results: Sequence[ShardResult]) -> bool:
    """Whether every shard that was cleaned again gave what it had given before."""
    for task, result in zip(planned.tasks, results, strict=True):
        known = planned.same(task)
        if not result.unchanged and (known is None or dict(result.counts) != dict(known.counts)):
            return False
    return not planned.damaged


def nothing_new(planned: Plan, results: Sequence[ShardResult]) -> bool:
    """Whether the last snapshot, which there must be, holds just what a new one would."""
    return not planned.damaged and len(results) == len(planned.old) and all(result.unchanged for result in results)


def known_facts(planned: Plan) -> dict[int, KnownFacts]:
    """Return what the last snapshot knows that the timestamps of each shard tell, by its number."""
    known = {task.number: planned.same(task) for task in planned.tasks}
    return {number: shard.known for number, shard in known.items() if shard is not None}


def assemble(planned: Plan, results: Sequence[ShardResult], judged: Judged) -> Assembly:
    """Put new shards and unchanged ones together, in order."""
    inputs: list[InputEntry] = []
    parts: list[Part] = []
    entries: list[ShardEntry] = []
    for task, result in zip(planned.tasks, results, strict=True):
        known = planned.same(task)
        if result.unchanged and known is not None:
            inputs += [
                entry.now(task.number, vanished=isinstance(item, Kept) and item.vanished)
                for entry, item in zip(known.inputs, task.items, strict=True)
            ]
            parts += [reused_part(known.snapshot, entry, task.number) for entry in known.files]
            counts = known.counts
        else:
            inputs += result.inputs
            parts += [part_of(file, task.number) for file in result.files]
            counts = result.counts
        facts, told = judged.facts[task.number], judged.told[task.number]
        entries.append(ShardEntry(task.number, dict(counts), dict(facts), told))
    return Assembly(tuple(inputs), tuple(parts), tuple(entries))


def _place(item: Item) -> Place:
    return item.entry.place if isinstance(item, Kept) else item.place


def _weight(item: Item) -> int:
    """Return the bytes by which an input counts among those of its shard; a plain file counts as one, as ever."""
    if isinstance(item, Kept):
        return (item.entry.size or 0) if item.entry.is_container else 0
    return 0 if item.form.is_plain else item.size


def totals(by_shard: Iterable[Mapping[str, int]], ignored: int) -> dict[str, Any]:
    """Return the counts of a snapshot, and hold them against the law that nothing is lost.

    >>> totals([{"inputs": 2, "articles": 1, "rejects": 1, "rejects_by_code.empty": 1}], 0)["rejects_by_code"]
    {'empty': 1}

    Raises:
        DescrapeError: Inputs are not articles plus rejects, which would be a defect of the program.
    """
    total: Counter[str] = Counter()
    for counts in by_shard:
        total.update(counts)
    counted: dict[str, Any] = {name: total[name] for name in ("inputs", *TABLES)} | {"ignored": ignored}
    for group in GROUPS:
        prefix = group + "."
        counted[group] = {
            name.removeprefix(prefix): number for name, number in sorted(total.items()) if name.startswith(prefix)
        }
    if counted["inputs"] != counted["articles"] + counted["rejects"]:
        raise DescrapeError(
            f"{counted['inputs']} inputs gave {counted['articles']} articles and {counted['rejects']} rejects: "
            "something was lost, and nothing was committed"
        )
    return counted


def _shared_files(previous: Snapshot) -> OldShard:
    """Return the files that belong to no shard: those of tables without rows."""
    return OldShard(previous, -1, {}, files=[entry for entry in previous.manifest.files if entry.shard < 0])


def _old_shards(previous: Snapshot | None) -> dict[tuple[Place, ...], OldShard]:
    if previous is None:
        return {}
    manifest = previous.manifest
    old = {
        entry.number: OldShard(previous, entry.number, entry.counts, KnownFacts(entry.facts, entry.told))
        for entry in manifest.shards
    }
    for entry in manifest.inputs:
        old[entry.shard].inputs.append(entry)
    for file in manifest.files:
        if file.shard in old:
            old[file.shard].files.append(file)
    return {tuple(entry.place for entry in shard.inputs): shard for shard in old.values()}
