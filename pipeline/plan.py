"""Which shards a run has, which of them the last snapshot may hold already, and how results become a snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from pipeline.engines.carry import Former
from pipeline.engines.evidence import Judged, KnownFacts
from pipeline.engines.held import Held, OldShard, are_there, look_the_same, old_shards, place_of, shared_files, uris_of
from pipeline.engines.tally import GROUPS
from pipeline.engines.task import Item, Kept, ShardResult, ShardTask
from pipeline.errors import DescrapeError
from pipeline.schema import TABLES
from pipeline.store.commit import Part, part_of, reused_part
from pipeline.store.entries import Entries, EntryLines, InputEntry, Outline
from pipeline.store.files import Files, together
from pipeline.store.inputs import Input
from pipeline.store.manifest import ShardEntry
from pipeline.store.seen import NOTHING_SEEN, Seen
from pipeline.store.shards import MOST, end_of_shard
from pipeline.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Plan:
    """The shards of a run in order, and those of the last snapshot that hold just the inputs of one.

    ``damaged`` counts the groups of files that might have been kept if they were still whole; ``old`` the shards of the
    last snapshot.
    """

    tasks: tuple[ShardTask, ...]
    damaged: int
    old: int
    found: Mapping[int, OldShard]

    def same(self, task: ShardTask) -> OldShard | None:
        """Return the shard of the last snapshot that holds just the inputs of a task; None when there is none."""
        return self.found.get(task.number)


@dataclass(frozen=True, slots=True)
class Assembly:
    """What the manifest says of inputs and shards, what those are recognised by, and the files of the snapshot."""

    inputs: Entries
    outlines: tuple[Outline, ...]
    parts: tuple[Part, ...]
    shards: tuple[ShardEntry, ...]

    def vanished(self) -> Iterator[InputEntry]:
        """Yield the inputs that are gone from the sources, and whose rows stay."""
        for outline, lines in zip(self.outlines, self.inputs.parts, strict=True):
            if outline.vanished:
                yield from (entry for entry in lines if entry.vanished)


def plan(
    inputs: Sequence[Input],
    previous: Snapshot | None = None,
    *,
    prune: bool = False,
    reuse: bool = True,
    seen: Seen = NOTHING_SEEN,
) -> Plan:
    """Return the shards of a run.

    Args:
        inputs: What is there now, in order.
        previous: The last snapshot.
        prune: Leave out inputs that only the last snapshot knows; otherwise they keep their rows.
        reuse: Whether inputs that did not change may keep their rows.
        seen: What was noted of the inputs of the last snapshot; without stamps when all of them are to be read.
    """
    old = old_shards(previous, seen)
    gone = tuple(_gone(inputs, old, prune=prune))
    items = _among(inputs, gone) if gone else inputs
    damaged = 0 if previous is None or shared_files(previous).is_there() else 1
    held = Held([shard for shard in old if shard.is_there()] if reuse else [])
    tasks: list[ShardTask] = []
    found: dict[int, OldShard] = {}
    for number, (start, stop, same) in enumerate(_cut(items, old)):
        own = items[start:stop]
        if same is not None:
            found[number] = same
        whole = held.whole(same) if same is not None else None
        damaged += reuse and same is not None and whole is None
        if same is not None and whole is not None:
            tasks.append(ShardTask(number, own, whole, same=look_the_same(own, same)))
        else:
            tasks.append(held.part(number, own))
    return Plan(tuple(tasks), damaged, len(old), found)


def _gone(inputs: Sequence[Input], old: Sequence[OldShard], *, prune: bool) -> Iterator[Kept]:
    """Yield the inputs that only the last snapshot knows, and whose rows stay."""
    uris = uris_of(inputs)
    others = [shard for shard in old if shard.inputs and not shard.is_among(uris)]
    if not others:
        return
    there_now = {*uris}
    # What stands in a folder that could not be listed may still be there: it is not gone.
    unlisted = tuple(item.source_uri for item in inputs if item.refusal is not None and item.source_uri.endswith("/"))
    for shard in others:
        for place, entry in enumerate(shard.inputs):
            # A folder that could not be listed then is no document to keep.
            gone = entry.uri not in there_now and not entry.uri.endswith("/")
            if gone and (not prune or entry.uri.startswith(unlisted)):
                yield Kept(entry, stamp=shard.stamp(place))


def _among(inputs: Sequence[Input], gone: Sequence[Kept]) -> Sequence[Item]:
    """Return inputs and those that are gone, in order of their places."""
    if isinstance(inputs, Files):
        return together((inputs, gone))
    return tuple(sorted([*inputs, *gone], key=place_of))


def _cut(items: Sequence[Item], old: Sequence[OldShard]) -> Iterator[tuple[int, int, OldShard | None]]:
    """Yield where each shard begins and ends, and the one of the last snapshot that holds just its inputs.

    Where a shard ends follows from its own inputs. So it is not worked out again where those of an old one, all of them
    plain files, stand in the same order; only the last of a snapshot ends for no better reason than that all do, and is
    worked out again where something stands behind it.
    """
    uris = uris_of(items)
    plain = _are_plain(items)
    first = {shard.outline.first: shard for shard in old if shard.inputs}
    start = 0
    while start < len(items):
        known = first.get(place_of(items[start]))
        stop = start + len(known.inputs) if known is not None else start
        follows = plain and known is not None and known.is_plain() and (known is not old[-1] or stop == len(items))
        if known is None or not follows or not known.has(uris[start:stop]):
            stop = start + end_of_shard(_counted(items, start))
            if known is not None and list(map(place_of, items[start:stop])) != [each.place for each in known.inputs]:
                known = None
        yield start, stop, known
        start = stop


def _are_plain(items: Sequence[Item]) -> bool:
    """Whether no input counts by its size."""
    if isinstance(items, Files):
        return items.form.is_plain and _are_plain(tuple(items.others.values()))
    forms = {item.form for item in items if isinstance(item, Input)}
    kept = [item.entry for item in items if not isinstance(item, Input)]
    return all(form.is_plain for form in forms) and not any(entry.is_container for entry in kept)


def replan(previous: Snapshot, rejected: AbstractSet[str], *, reuse: bool = True, seen: Seen = NOTHING_SEEN) -> Plan:
    """Return the shards of a run over what a snapshot itself holds, to clean some of its rejects again.

    Args:
        previous: The snapshot.
        rejected: ``source_uri`` of the rejects; only they are cleaned.
        reuse: Whether the other inputs may keep their rows.
        seen: What was noted of its inputs.
    """
    old = old_shards(previous, seen)
    tasks: list[ShardTask] = []
    damaged = 0 if shared_files(previous).is_there() else 1
    for number, known in enumerate(old):
        whole = known.is_there()
        damaged += not whole
        entries = tuple(None if entry.uri in rejected else entry for entry in known.inputs)
        former = Former(entries, tuple(known.files), None not in entries, known.known.told) if reuse and whole else None
        items = tuple(Kept(entry, entry.vanished, known.stamp(place)) for place, entry in enumerate(known.inputs))
        tasks.append(ShardTask(number, items, former))
    return Plan(tuple(tasks), damaged, len(old), dict(enumerate(old)))


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
    old = old_shards(previous)
    by_number = {shard.number: shard for shard in old}
    tasks: list[ShardTask] = []
    for number in range(shards):
        stays = known.get(number)
        entries = zip(by_number[stays.number].inputs, stays.gone, strict=True) if stays is not None else ()
        tasks.append(ShardTask(number, tuple(Kept(entry, vanished) for entry, vanished in entries)))
    damaged = 0 if previous is None or shared_files(previous).is_there() else 1
    found = {number: by_number[stays.number] for number, stays in known.items()}
    return Plan(tuple(tasks), damaged, len(old), found)


def nothing_came_of_it(planned: Plan, results: Sequence[ShardResult]) -> bool:
    """Whether every shard that was cleaned again gave what it had given before."""
    for task, result in zip(planned.tasks, results, strict=True):
        known = planned.same(task)
        if not result.unchanged and (known is None or dict(result.counts) != dict(known.counts)):
            return False
    return not planned.damaged


def nothing_new(planned: Plan, results: Sequence[ShardResult]) -> bool:
    """Whether the last snapshot, which there must be, holds just what a new one would."""
    return not planned.damaged and len(results) == planned.old and all(result.unchanged for result in results)


def known_facts(planned: Plan) -> dict[int, KnownFacts]:
    """Return what the last snapshot knows that the timestamps of each shard tell, by its number."""
    known = {task.number: planned.same(task) for task in planned.tasks}
    return {number: shard.known for number, shard in known.items() if shard is not None}


def assemble(planned: Plan, results: Sequence[ShardResult], judged: Judged) -> Assembly:
    """Put new shards and unchanged ones together, in order."""
    inputs: list[EntryLines] = []
    outlines: list[Outline] = []
    parts: list[Part] = []
    entries: list[ShardEntry] = []
    for task, result in zip(planned.tasks, results, strict=True):
        known = planned.same(task)
        if result.unchanged and known is not None:
            own = _as_of_now(task, known)
            parts += [reused_part(known.snapshot, entry, task.number) for entry in known.files]
            counts = known.counts
        else:
            own = EntryLines(result.inputs)
            parts += [part_of(file, task.number) for file in result.files]
            counts = result.counts
        if own:
            inputs.append(own)
            is_known = known is not None and own is known.inputs
            outlines.append(known.outline if known is not None and is_known else Outline.of(task.number, own))
        facts, told = judged.facts[task.number], judged.told[task.number]
        entries.append(ShardEntry(task.number, dict(counts), dict(facts), told))
    return Assembly(Entries(inputs), tuple(outlines), tuple(parts), tuple(entries))


def _as_of_now(task: ShardTask, known: OldShard) -> EntryLines:
    """Return what the manifest says of the inputs of a shard that did not change."""
    if task.number == known.number and are_there(task.items) and not known.has_vanished():
        return known.inputs
    return EntryLines(
        entry.now(task.number, vanished=isinstance(item, Kept) and item.vanished)
        for entry, item in zip(known.inputs, task.items, strict=True)
    )


def _counted(items: Sequence[Item], start: int) -> Iterable[tuple[str, int, int]]:
    """Return what decides where a shard ends that begins at a place: of plain files only where they stand."""
    if isinstance(items, Files) and items.form.is_plain and not items.others:
        return zip(items.uris[start : start + MOST], repeat(0), repeat(0), strict=False)
    return ((*place_of(items[place]), _weight(items[place])) for place in range(start, len(items)))


def _weight(item: Item) -> int:
    """Return the bytes by which an input counts among those of its shard; a plain file counts as one, as ever."""
    if isinstance(item, Input):
        return 0 if item.form.is_plain else item.size
    return (item.entry.size or 0) if item.entry.is_container else 0


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
