"""Clean a shard that may kill the worker of its lane: the documents that do are found by halving, and rejected."""

from __future__ import annotations

import shutil
from collections import deque
from dataclasses import replace
from tempfile import mkdtemp

from pipeline.engines.lanes import DEATHS, Lane
from pipeline.engines.shard import clean_shard
from pipeline.engines.task import UNREAD, Item, ShardResult, ShardTask, Work
from pipeline.errors import DescrapeError
from pipeline.model import where
from pipeline.store.inputs import Input

STARVED = "rejects_by_code.out_of_memory"
"""What a shard counts of the documents that there was not enough memory for."""


def without_poison(lane: Lane, task: ShardTask, work: Work) -> ShardTask:
    """Return a shard whose worker died with the documents that kill one marked.

    Where no document does, somebody else may have killed it, such as a system that was short of memory for a while:
    the shard is returned as it is, to be tried once more.

    Raises:
        DescrapeError: No document does, and another try ended the same way.
    """
    nothing = replace(task, items=(), former=None)
    if _tried(lane, nothing, work) is None and _tried(lane, nothing, work) is None:
        raise DescrapeError(
            "a worker process dies before it has read anything; is there too little memory (--max-worker-memory)?"
        )
    poison: set[tuple[str, int]] = set()
    suspects = deque([(0, len(task.items))])
    while suspects:
        start, stop = suspects.popleft()
        part = replace(task, items=task.items[start:stop], former=None)
        if _is_harmless(_tried(lane, part, work)):
            continue
        if stop - start > 1:
            middle = (start + stop) // 2
            suspects += [(start, middle), (middle, stop)]
        else:
            poison |= _poison_in(lane, part, work)
    if poison and poison <= task.poison:
        uri, record = min(poison)
        raise DescrapeError(
            f"a worker process dies of {where(uri, max(record, 0))} even when it only keeps its bytes; "
            "is there too little memory (--max-worker-memory)?"
        )
    if not poison and task.died:
        raise DescrapeError(
            "a worker process died twice and no document of its shard kills one; "
            "is there too little memory (--max-worker-memory, or fewer --workers)?"
        )
    return replace(task, former=None, poison=task.poison | poison, died=not poison)


def _poison_in(lane: Lane, task: ShardTask, work: Work) -> set[tuple[str, int]]:
    """Return the documents of the one input of a task that kill a worker, found by halving its records."""
    (item,) = task.items
    none = replace(task, only=(0, 0))
    reading = replace(work, stage=None, sample=None)
    read = _tried(lane, none, reading) or _tried(lane, none, reading)
    if read is None:
        return {(item.source_uri, UNREAD)}
    (entry,) = read.inputs
    found: set[tuple[str, int]] = set()
    suspects = deque([(entry.numbers.start, entry.numbers.stop)])
    while suspects:
        start, stop = suspects.popleft()
        part = replace(task, only=(start, stop))
        # A single one is tried once more: the first time the machine itself may have been short of memory.
        if _is_harmless(_tried(lane, part, work)):
            continue
        if stop - start > 1:
            middle = (start + stop) // 2
            suspects += [(start, middle), (middle, stop)]
        elif not _is_harmless(_tried(lane, part, work)):
            found.add(_refusal(item, start, task))
    return found


def _refusal(item: Item, record: int, task: ShardTask) -> tuple[str, int]:
    """Return what is to be refused: a document, or all of an input that is one where even its bytes kill."""
    refused = item.source_uri, record
    is_plain = isinstance(item, Input) and item.form.is_plain
    return (item.source_uri, UNREAD) if is_plain and refused in task.poison else refused


def _is_harmless(tried: ShardResult | None) -> bool:
    """Whether a worker lived, and no document took so much memory that others beside it may have none.

    Alone such a document is rejected. In a shard what it leaves may not be enough to write the rows.
    """
    return tried is not None and not tried.counts.get(STARVED)


def _tried(lane: Lane, task: ShardTask, work: Work) -> ShardResult | None:
    """Return what comes of cleaning a shard, whose files are then thrown away; None when the worker dies of it.

    They are written all the same, for a document that can be cleaned may be too large to be written.
    """
    stage = mkdtemp(prefix="trial-", dir=work.stage) if work.stage is not None else None
    try:
        return lane.submit(clean_shard, task, replace(work, stage=stage)).result()
    except DEATHS:
        lane.restart()
        return None
    finally:
        if stage is not None:
            shutil.rmtree(stage, ignore_errors=True)
