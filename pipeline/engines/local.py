"""This machine's processes: workers get paths and write their own staged files."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from pipeline.engines.shard import ShardResult, ShardTask, Work, clean_shard
from pipeline.errors import DescrapeError


def run_shards(tasks: Sequence[ShardTask], work: Work, workers: int) -> Iterator[ShardResult]:
    """Clean shards and yield their results as they are done.

    One worker, or one shard, is done in this process.

    Raises:
        DescrapeError: A worker process died.
    """
    workers = min(workers, len(tasks))
    if workers <= 1:
        for task in tasks:
            yield clean_shard(task, work)
        return
    # Arrow has threads of its own, and a fork that copies their locks can hang: workers start fresh.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=_start_worker, initargs=(os.getpid(),))
    try:
        with _interrupts_held():
            futures = [pool.submit(clean_shard, task, work) for task in tasks]
        for future in as_completed(futures):
            yield future.result()
    except BrokenProcessPool:
        raise DescrapeError("a worker process died, most likely for want of memory; try fewer --workers") from None
    except BaseException:
        # What the others are doing is of no use any more, and a scheduler does not wait for long.
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold back interrupts while worker processes begin: they inherit that, and the parent alone answers afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_worker(parent: int) -> None:
    """Leave interrupts to the parent, and end when it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
