"""This machine's processes: workers get paths and write their own staged files."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from math import inf

from pipeline.engines.lanes import DEATHS, Answer, Lane, Lanes, first_given, may_fork
from pipeline.engines.marking import mark_duplicates
from pipeline.engines.poison import without_poison
from pipeline.engines.sameness import compared, work_of, workers_worth
from pipeline.engines.shard import clean_shard
from pipeline.engines.task import Engine, ShardResult, ShardTask, Work
from pipeline.store.near_duplicates import near_duplicates
from pipeline.store.part_reading import let_go


@contextmanager
def local_engine(workers: int, *, fork: bool = False) -> Iterator[Engine]:
    """Hold so many workers at most for the time of a run.

    Args:
        workers: Processes at most.
        fork: Whether workers are forks of this process, where that can be, and even one shard is given to one.
    """
    with Lanes() as held:
        run = partial(_run_shards, workers=workers, fork=fork, held=held)
        yield Engine(run, partial(mark_duplicates, held), near_duplicates)


def _run_shards(
    tasks: Sequence[ShardTask], work: Work, *, workers: int, fork: bool, held: Lanes
) -> Generator[ShardResult, None, None]:
    """Clean shards and yield their results as they are done.

    One worker, one shard, or a small change to shards of the last snapshot is done in this process, or in a fork of it
    where that is wanted and can be. Shards with much work go first, so that all workers are done at about the same
    time, but parts of a file that is unpacked go in their order. When a worker dies, the documents that killed it are
    found by halving its shard; they are rejected, and the others are cleaned.

    Raises:
        DescrapeError: Workers die whatever they are given.
    """
    fork = fork and work.max_worker_memory is None and may_fork()
    apart = fork or work.isolated or work.max_worker_memory is not None or len(held) > 0
    if workers > 1 or apart:
        tasks = list(compared(tasks, work))
        unchanged = {task.number for task in tasks if task.is_unchanged}
        for number in sorted(unchanged):
            yield ShardResult(number, unchanged=True)
        tasks = [task for task in tasks if task.number not in unchanged]
    worth = workers_worth(tasks, fork=fork)
    known = all(task.former is not None for task in tasks)
    workers = min(workers, len(tasks), worth if known else len(tasks))
    if not tasks:
        return
    if workers <= 1 and not apart:
        try:
            for task in tasks:
                yield clean_shard(task, work)
        finally:
            let_go()
        return
    count = max(1, min(workers, worth))
    try:
        yield from _in_lanes(tasks, work, held.idle(count, work.max_worker_memory, fork=fork))
    except BaseException:
        held.kill()
        raise


def _turn(task: ShardTask) -> float:
    """Return what shards are sorted by: much work goes first, and before it, in its order, what is read in passing."""
    return -work_of(task) if len(task.at_hand()) == len(task.items) else -inf


def _in_lanes(tasks: Sequence[ShardTask], work: Work, idle: list[Lane]) -> Iterator[ShardResult]:
    """Have workers clean shards, and shards that killed theirs once more, without the documents that did."""
    waiting = deque(sorted(tasks, key=_turn))
    running: dict[Answer[ShardResult], tuple[Lane, ShardTask]] = {}
    while waiting or running:
        while waiting and idle:
            lane, task = idle.pop(), waiting.popleft()
            running[lane.submit(clean_shard, task, work)] = lane, task
        for answer in first_given(list(running)):
            lane, task = running.pop(answer)
            idle.append(lane)
            try:
                result = answer.result()
            except DEATHS:
                lane.restart()
                waiting.appendleft(without_poison(lane, task, work))
            else:
                yield result
