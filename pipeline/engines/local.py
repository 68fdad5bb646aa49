"""This machine's processes: workers get paths and write their own staged files."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

from pipeline.engines.lanes import Lane, lanes
from pipeline.engines.shard import Kept, Poison, ShardResult, ShardTask, Work, clean_shard
from pipeline.errors import DescrapeError
from pipeline.store.inputs import Input


def run_shards(tasks: Sequence[ShardTask], work: Work, workers: int) -> Iterator[ShardResult]:
    """Clean shards and yield their results as they are done.

    One worker, or one shard, is done in this process. When a worker dies, the documents that killed it are found by
    halving its shard; they are rejected, and the others are cleaned.

    Raises:
        DescrapeError: Workers die whatever they are given.
    """
    workers = min(workers, len(tasks))
    if workers <= 1 and work.max_worker_memory is None:
        for task in tasks:
            yield clean_shard(task, work)
        return
    waiting = deque(tasks)
    running: dict[Future[ShardResult], tuple[Lane, ShardTask]] = {}
    with lanes(max(workers, 1), work.max_worker_memory) as idle:
        while waiting or running:
            while waiting and idle:
                lane, task = idle.pop(), waiting.popleft()
                running[lane.submit(clean_shard, task, work)] = lane, task
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                lane, task = running.pop(future)
                idle.append(lane)
                try:
                    result = future.result()
                except BrokenProcessPool:
                    lane.restart()
                    waiting.appendleft(_without_poison(lane, task, work))
                else:
                    yield result


def _without_poison(lane: Lane, task: ShardTask, work: Work) -> ShardTask:
    """Return a shard whose worker died with the documents that kill one marked.

    Raises:
        DescrapeError: No document does, so that another try would end the same way.
    """
    trial = replace(work, stage=None)
    if not _survives(lane, replace(task, items=(), former=None), trial):
        raise DescrapeError("a worker process dies before it has read anything; is there too little memory?")
    items = list(task.items)
    suspects = deque([(0, len(items))])
    found = False
    while suspects:
        start, stop = suspects.popleft()
        first = items[start]
        part = replace(task, items=tuple(items[start:stop]), former=None)
        if _survives(lane, part, trial):
            continue
        if stop - start > 1:
            middle = (start + stop) // 2
            suspects += [(start, middle), (middle, stop)]
        # Once more: the first time the machine itself may have been short of memory.
        elif isinstance(first, Input | Kept) and not _survives(lane, part, trial):
            items[start] = Poison(first)
            found = True
    if not found:
        raise DescrapeError(
            "a worker process died and no document of its shard kills one, most likely for want of memory; "
            "try fewer --workers"
        )
    return replace(task, items=tuple(items), former=None)


def _survives(lane: Lane, task: ShardTask, work: Work) -> bool:
    """Whether a worker lives through the cleaning of a shard; nothing is written."""
    try:
        lane.submit(clean_shard, task, work).result()
    except BrokenProcessPool:
        lane.restart()
        return False
    return True
