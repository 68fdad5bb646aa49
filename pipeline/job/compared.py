"""How the files of a run compare with those of the last snapshot: new, changed or not, and which were not even read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

from pipeline.engines.held import OldShard, Place, place_of, uris_of
from pipeline.engines.sameness import is_believed
from pipeline.engines.task import Item, ShardResult, ShardTask
from pipeline.plan import Plan
from pipeline.store.entries import InputEntry
from pipeline.store.inputs import Input
from pipeline.store.snapshot import Snapshot

State: TypeAlias = Literal["new", "changed", "unread", "read", "cleaned_again", "gone"]
"""What became of an input: the three in the middle are of those that hold what they held."""


@dataclass(frozen=True, slots=True)
class InputFiles:
    """How many files a run found, by how they compare with those of the last snapshot.

    Attributes:
        new: Not in it.
        changed: Of other bytes, or read in another form.
        unchanged: Of the same bytes.
        unread: So many of the unchanged were taken to be so without reading them.
        cleaned_again: So many of the unchanged were cleaned all the same: the code, the profiles or the evidence is
            another, or everything was asked for.
        gone: In the last snapshot only; their rows stay.
        dropped: In the last snapshot only; their rows went, as was asked for.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    unread: int = 0
    cleaned_again: int = 0
    gone: int = 0
    dropped: int = 0


def compare(  # noqa: PLR0913 - all that two runs are compared by
    planned: Plan,
    results: Sequence[ShardResult],
    previous: Snapshot | None,
    *,
    since: float | None,
    again: AbstractSet[int],
    prune: bool = False,
) -> InputFiles:
    """Return how the files of a run compare with those of the last snapshot.

    Args:
        planned: The shards of the run.
        results: What came of them, in order.
        previous: The last snapshot.
        since: Inputs that were not modified since were believed to be what they were; None when none was.
        again: Shards of which every input was read and cleaned once more, by what the corpus decided.
        prune: Whether the rows of files that are gone were dropped.
    """
    if previous is None:
        return InputFiles(new=len({uri for task in planned.tasks for uri in uris_of(task.items)}))
    total: Counter[State] = Counter()
    before: dict[Place, InputEntry] | None = None
    rest: list[Iterator[tuple[str, State]]] = []
    for task, result in zip(planned.tasks, results, strict=True):
        known = planned.same(task)
        left = _not_known_unread(task, known, again)
        total["unread"] += len(task.items) - len(left)
        if not left:
            continue
        if known is None and before is None:
            before = {entry.place: entry for entry in previous.manifest.inputs}
        were = known.inputs if known is not None else [(before or {}).get(place_of(item)) for item in task.items]
        now = known.inputs if result.unchanged and known is not None else result.inputs
        rest.append(_states(task, left, now, were, since, again))
    for _, states in groupby((each for own in rest for each in own), key=lambda each: each[0]):
        total[_of_file({state for _, state in states})] += 1  # a large file is several inputs
    return InputFiles(
        new=total["new"],
        changed=total["changed"],
        unchanged=total["unread"] + total["read"] + total["cleaned_again"],
        unread=total["unread"],
        cleaned_again=total["cleaned_again"],
        gone=total["gone"],
        dropped=missing(planned, previous) if prune else 0,
    )


def _not_known_unread(task: ShardTask, known: OldShard | None, again: AbstractSet[int]) -> Sequence[int]:
    """Return the places of those inputs of a shard that have to be looked at one by one.

    The others, nearly all as a rule, are files of one document each that look as they did.
    """
    every = range(len(task.items))
    if known is None or not known.is_plain() or task.former is None or task.same is None or task.number in again:
        return every
    kept = task.kept()
    if not kept and all(task.same):
        return ()
    return [place for place, same in enumerate(task.same) if not same or place in kept]


def _states(  # noqa: PLR0913, PLR0917 - a shard, and all that is known of it
    task: ShardTask,
    places: Iterable[int],
    now: Sequence[InputEntry],
    before: Sequence[InputEntry | None],
    since: float | None,
    again: AbstractSet[int],
) -> Iterator[tuple[str, State]]:
    former = task.former.entries if task.former is not None and task.number not in again else None
    for place in places:
        item, held = task.items[place], former[place] if former is not None else None
        same = task.same[place] if task.same is not None else None
        yield item.source_uri, _state(item, now[place], before[place], held, same=same, since=since)


def _state(  # noqa: PLR0913 - all that is known of one input
    item: Item,
    now: InputEntry,
    known: InputEntry | None,
    held: InputEntry | None,
    *,
    same: bool | None,
    since: float | None,
) -> State:
    if not isinstance(item, Input):
        return "gone"
    if known is None:
        return "new"
    if (known.sha256, known.form) != (now.sha256, now.form):
        return "changed"
    if held is None:
        return "cleaned_again"
    return "unread" if same or (same is None and is_believed(item, held, since)) else "read"


def _of_file(states: AbstractSet[State]) -> State:
    """Return what became of a file by what became of its parts."""
    if len(states) == 1:
        return next(iter(states))
    if states <= {"unread", "read", "cleaned_again"}:
        return "cleaned_again" if "cleaned_again" in states else "read"
    return "changed"


def missing(planned: Plan, previous: Snapshot | None) -> int:
    """Return how many files the last snapshot had that no shard has now; a folder that was not listed is no file."""
    if previous is None:
        return 0
    now = {uri for task in planned.tasks for uri in uris_of(task.items)}
    return len({entry.uri for entry in previous.manifest.inputs if not entry.uri.endswith("/")} - now)
