"""This machine's processes: workers get paths and write their own staged files."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from functools import partial

from pipeline.engines.lanes import DEATHS, Lane, Lanes, may_fork
from pipeline.engines.poison import without_poison
from pipeline.engines.sameness import compared, workers_worth
from pipeline.engines.shard import clean_shard
from pipeline.engines.task import Pass, ShardResult, ShardTask, Work


@contextmanager
def local_passes(workers: int, *, fork: bool = False) -> Iterator[Pass]:
    """Hold so many workers at most for the passes over the shards of a run.

    Args:
        workers: Processes at most.
        fork: Whether what is not worth a worker of its own is done in a fork of this process, where that can be.
    """
    with Lanes() as held:
        yield partial(_run_shards, workers=workers, fork=fork, held=held)


def _run_shards(
    tasks: Sequence[ShardTask], work: Work, *, workers: int, fork: bool, held: Lanes
) -> Generator[ShardResult, None, None]:
    """Clean shards and yield their results as they are done.

    One worker, one shard, or a small change to shards of the last snapshot is done in this process, or in a fork of it
    where that is wanted and can be. When a worker dies, the documents that killed it are found by halving its shard;
    they are rejected, and the others are cleaned.

    Raises:
        DescrapeError: Workers die whatever they are given.
    """
    isolated = work.isolated or work.max_worker_memory is not None
    fork = fork and work.max_worker_memory is None and (len(held) > 0 or may_fork())
    if workers > 1 or isolated or fork:
        tasks = list(compared(tasks, work))
        unchanged = {task.number for task in tasks if task.is_unchanged}
        for number in sorted(unchanged):
            yield ShardResult(number, unchanged=True)
        tasks = [task for task in tasks if task.number not in unchanged]
    worth = workers_worth(tasks)
    known = all(task.former is not None for task in tasks)
    workers = min(workers, len(tasks), worth if known else len(tasks))
    if not tasks:
        return
    if workers <= 1 and not (isolated or fork):
        for task in tasks:
            yield clean_shard(task, work)
        return
    count = max(1, min(workers, worth))
    try:
        yield from _in_lanes(tasks, work, held.idle(count, work.max_worker_memory, fork=fork and count == 1))
    except BaseException:
        held.kill()
        raise


def _in_lanes(tasks: Sequence[ShardTask], work: Work, idle: list[Lane]) -> Iterator[ShardResult]:
    """Have workers clean shards, and shards that killed theirs once more, without the documents that did."""
    waiting = deque(tasks)
    running: dict[Future[ShardResult], tuple[Lane, ShardTask]] = {}
    while waiting or running:
        while waiting and idle:
            lane, task = idle.pop(), waiting.popleft()
            running[lane.submit(clean_shard, task, work)] = lane, task
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            lane, task = running.pop(future)
            idle.append(lane)
            try:
                result = future.result()
            except DEATHS:
                lane.restart()
                waiting.appendleft(without_poison(lane, task, work))
            else:
                yield result
