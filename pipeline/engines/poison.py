"""Clean a shard that may kill the worker of its lane: the documents that do are found by halving, and rejected."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from pipeline.engines.lanes import DEATHS, Lane
from pipeline.engines.shard import clean_shard
from pipeline.engines.task import UNREAD, ShardResult, ShardTask, Work
from pipeline.errors import DescrapeError


def without_poison(lane: Lane, task: ShardTask, work: Work) -> ShardTask:
    """Return a shard whose worker died with the documents that kill one marked.

    Raises:
        DescrapeError: No document does, so that another try would end the same way.
    """
    trial = replace(work, stage=None)
    if _tried(lane, replace(task, items=(), former=None), trial) is None:
        raise DescrapeError(
            "a worker process dies before it has read anything; is there too little memory (--max-worker-memory)?"
        )
    poison: set[tuple[str, int]] = set()
    suspects = deque([(0, len(task.items))])
    while suspects:
        start, stop = suspects.popleft()
        part = replace(task, items=task.items[start:stop], former=None)
        if _tried(lane, part, trial) is not None:
            continue
        if stop - start > 1:
            middle = (start + stop) // 2
            suspects += [(start, middle), (middle, stop)]
        else:
            poison |= _poison_in(lane, part, trial)
    if poison <= task.poison:
        raise DescrapeError(
            "a worker process died and no document of its shard kills one, most likely for want of memory; "
            "try fewer --workers"
        )
    return replace(task, former=None, poison=task.poison | poison)


def _poison_in(lane: Lane, task: ShardTask, trial: Work) -> set[tuple[str, int]]:
    """Return the documents of the one input of a task that kill a worker, found by halving its records."""
    (item,) = task.items
    none = replace(task, only=(0, 0))
    read = _tried(lane, none, replace(trial, sample=None)) or _tried(lane, none, replace(trial, sample=None))
    if read is None:
        return {(item.source_uri, UNREAD)}
    (entry,) = read.inputs
    found: set[tuple[str, int]] = set()
    suspects = deque([(entry.numbers.start, entry.numbers.stop)])
    while suspects:
        start, stop = suspects.popleft()
        part = replace(task, only=(start, stop))
        # A single one is tried once more: the first time the machine itself may have been short of memory.
        if _tried(lane, part, trial) is not None:
            continue
        if stop - start > 1:
            middle = (start + stop) // 2
            suspects += [(start, middle), (middle, stop)]
        elif _tried(lane, part, trial) is None:
            found.add((item.source_uri, start))
    return found


def _tried(lane: Lane, task: ShardTask, work: Work) -> ShardResult | None:
    """Return what comes of cleaning a shard without writing it; None when the worker dies of it."""
    try:
        return lane.submit(clean_shard, task, work).result()
    except DEATHS:
        lane.restart()
        return None
