"""Which inputs of a shard are what they were when the last snapshot was made."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from pipeline.engines.task import Item, ShardTask, Work
from pipeline.errors import RejectedDocument
from pipeline.store.documents import digest
from pipeline.store.entries import InputEntry
from pipeline.store.files import Files
from pipeline.store.inputs import SIZE, Input, holds
from pipeline.store.shards import PAGE_BYTES

if TYPE_CHECKING:
    import numpy.typing as npt

SECONDS_TO_BEGIN = 2.0
"""Processor time for which inputs are compared before workers are asked: a few times what one takes to begin."""
SECONDS_TO_WAIT = 10.0
"""Seconds by the clock after which they are asked as well: where files are far away, several wait better than one."""
WORTH_A_WORKER = 3000
"""Pages to clean that are worth the start of one more worker."""
WORTH_A_FORK = 1500
"""The same where workers are copies of this process, which have imported everything, and compile what pages need."""
LARGE_PAGE_BYTES = 16 * 2**10
"""A file that is one page counts as one for each of these, and as one where it has fewer."""
CARRIED = 50
"""Pages whose rows are carried over in the time that one is cleaned."""


def same_inputs(task: ShardTask, work: Work) -> tuple[bool, ...]:
    """Return for each input of a shard whether it is what it was; its bytes decide, or its time where that is told."""
    if task.is_unchanged and task.same is not None:
        return (True,) * len(task.items)
    told = task.same if task.same is not None else (None,) * len(task.items)
    return tuple(
        known is not None and (_is_same(task.items[place], known, work) if same is None else same)
        for place, (same, known) in enumerate(zip(told, task.entries, strict=True))
    )


def compared(tasks: Iterable[ShardTask], work: Work) -> Iterator[ShardTask]:
    """Yield shards with the answer for each, as far as it is found before a worker could begin; others as they are."""
    began, used = time.monotonic(), time.thread_time()
    for task in tasks:
        if task.is_unchanged:
            yield task
            continue
        in_time = time.thread_time() - used < SECONDS_TO_BEGIN and time.monotonic() - began < SECONDS_TO_WAIT
        yield replace(task, same=same_inputs(task, work)) if in_time and task.former is not None else task


def workers_worth(tasks: Iterable[ShardTask], *, fork: bool = False) -> int:
    """Return how many workers are worth their start, 1 or more, where each begins afresh or as a copy."""
    pages = sum(work_of(task) for task in tasks if not task.is_unchanged)
    return 1 + int(pages / (WORTH_A_FORK if fork else WORTH_A_WORKER))


def work_of(task: ShardTask) -> float:
    """Return how much work a shard is, in pages that are cleaned."""
    weights = _weights(task.items)
    if task.same is None:
        return float(weights.sum())
    is_new = np.array([not same for same in task.same], bool)
    carried = sum(entry.records for entry in compress(task.entries, task.same) if entry is not None)
    return carried / CARRIED + float(weights[is_new].sum())


def _weights(items: Sequence[Item]) -> npt.NDArray[np.float64]:
    """Return how many pages each of some inputs counts as."""
    if not isinstance(items, Files):
        return np.array([_weight(item) for item in items], np.float64)
    weights = np.maximum(items.looks()[:, SIZE] / _page_bytes(is_plain=items.form.is_plain), 1.0)
    for place, item in items.others.items():
        weights[place] = _weight(item)
    return weights


def _weight(item: Item) -> float:
    size, is_plain = (
        (item.size, item.form.is_plain) if isinstance(item, Input) else (item.entry.size, not item.entry.is_container)
    )
    return max(1.0, (size or 0) / _page_bytes(is_plain=is_plain))


def _page_bytes(*, is_plain: bool) -> int:
    return LARGE_PAGE_BYTES if is_plain else PAGE_BYTES


def _is_same(item: Item, known: InputEntry, work: Work) -> bool:
    """Whether an input is of the form it was of, and has the hash it had."""
    if not isinstance(item, Input) or is_believed(item, known, work.since):
        return True
    form = item.form
    if known.form != form.label:
        return False
    if form.is_plain and known.sha256 and known.size is not None and item.refusal is None and not item.is_remote:
        if item.size != known.size:
            return False
        if holds(item, known.size, known.sha256):
            return True
    try:
        return digest(item, work.settings) == known.sha256
    except RejectedDocument as refused:
        return known.refusal == (refused.code, refused.message)


def is_believed(item: Input, known: InputEntry, since: float | None) -> bool:
    """Whether an input is taken to be what it was by its time alone, in seconds since 1970."""
    return is_older(item, since) and known.sha256 is not None and known.form == item.form.label


def is_older(item: Input, since: float | None) -> bool:
    """Whether an input was not modified since a time, in seconds since 1970; no input is when there is none."""
    return since is not None and item.modified is not None and item.modified < since
