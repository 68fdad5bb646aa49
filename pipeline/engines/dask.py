"""The same work on a Dask cluster: shards are its tasks, and its workers stage their own files beside the output.

Sources and output must be at the same place for every worker. What travels there is a shard's inputs, and what comes
back is the name of a file: no result is larger than a few kilobytes, whatever the shard.
"""

from __future__ import annotations

import logging
import os
import pickle
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from pipeline.engines.dask_faults import plain_words
from pipeline.engines.dask_shuffle import mark_duplicates, near_duplicates
from pipeline.engines.dask_worker import clean_on_worker
from pipeline.engines.lanes import begin_tracker, interrupts_held
from pipeline.engines.task import Engine, ShardResult, ShardTask, Work
from pipeline.errors import DescrapeError, UsageError
from pipeline.store.inputs import Input
from pipeline.version import code_digest

Client: TypeAlias = Any
"""A client of Dask, which has no types."""
SECONDS_TO_CONNECT = 10
WORKERS_LOST = 3
"""Workers that may be lost under one shard before the run fails; the last of them is not the shard's bad luck."""
AHEAD = 2
"""Shards for each thread of the cluster that are handed over at a time: one to clean, one to go on with."""
TOLD = {
    "distributed.worker.daemon": False,  # a worker has a process of its own to clean in
    "distributed.scheduler.allowed-failures": WORKERS_LOST - 1,
    # What Dask notes of itself nobody looks at here, and it takes time even while nothing happens.
    "distributed.admin.low-level-log-length": 0,
    "distributed.admin.tick.interval": "500ms",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.profile.enabled": False,
}
"""What a cluster on this machine is told."""


@contextmanager
def cluster(workers: int, scheduler: str | None = None) -> Iterator[Engine]:
    """Hold a cluster: that of a scheduler's address, or one of so many processes on this machine.

    Raises:
        UsageError: The extra ``dask`` is not installed, or the address is none.
        DescrapeError: The scheduler does not answer.
    """
    try:
        import dask
        import distributed
    except ImportError:
        raise UsageError("--engine dask needs the extra 'dask': pip install 'descrape[dask]'") from None
    if scheduler is not None:
        try:
            distributed.comm.get_address_host_port(scheduler)
        except ValueError as error:
            raise UsageError(f"--scheduler {scheduler}: {error}; one is such as tcp://head:8786") from None
    with dask.config.set(TOLD):
        held: Any = None
        try:
            if scheduler is None:
                begin_tracker()
                with interrupts_held():  # workers are to inherit that an interrupt is not theirs to answer
                    held = distributed.LocalCluster(
                        n_workers=workers,
                        threads_per_worker=1,
                        memory_limit=0,
                        dashboard_address="127.0.0.1:0",
                        silence_logs=logging.CRITICAL,
                    )
            client = distributed.Client(held or scheduler, timeout=SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, TimeoutError, ValueError, RuntimeError) as error:
            where = f"the scheduler {scheduler} does not answer" if scheduler else "no Dask cluster can be started here"
            raise DescrapeError(f"{where}: {error}") from None
        try:
            yield Engine(
                partial(_run_shards, client),
                partial(mark_duplicates, client),
                partial(near_duplicates, client),
            )
        finally:
            client.close()
            if held is not None:
                held.close()


def _run_shards(client: Client, tasks: Sequence[ShardTask], work: Work) -> Generator[ShardResult, None, None]:
    """Clean shards on a cluster and yield their results as they are done.

    Raises:
        DescrapeError: The cluster is lost, or loses a worker again and again under the same shard; or a worker does
            not reach the files, or has other code.
    """
    import distributed

    work = replace(work, stage=_everywhere(work.stage), previous=_everywhere(work.previous))
    waiting = deque(tasks)
    running: dict[Any, ShardTask] = {}
    done = distributed.as_completed(loop=client.loop)
    try:
        while waiting or running:
            with plain_words():
                while waiting and len(running) < AHEAD * max(1, sum(client.nthreads().values())):
                    task = waiting.popleft()
                    future = client.submit(clean_on_worker, *_sent(task, work), pure=False, retries=0)
                    running[future] = task
                    done.add(future)
                future = next(done)
                told = future.result()
            yield _read(told, running.pop(future))
    finally:
        client.cancel(list(running), force=True)


def _read(told: bytes | str, task: ShardTask) -> ShardResult:
    result = msgspec.msgpack.decode(told if isinstance(told, bytes) else Path(told).read_bytes(), type=ShardResult)
    return replace(result, number=task.number)


def _sent(task: ShardTask, work: Work) -> tuple[bytes, tuple[str, ...], int | None, str]:
    """Return what a worker is told of a shard.

    Shard and work are bytes, of which neither scheduler nor worker makes objects, only the process that cleans. Paths
    do not depend on the folder that a process was started in. Of the sources one file that is there now has to be there
    for the worker as well.
    """
    items = tuple(
        msgspec.structs.replace(item, path=os.path.abspath(item.path))  # noqa: PTH100 - a thousand of them in each shard
        if isinstance(item, Input) and not item.is_remote and not item.path.startswith("/")
        else item
        for item in task.items
    )
    paths = (item.path for item in items if isinstance(item, Input) and not item.is_remote)
    there = next(filter(os.path.exists, paths), None)
    reached = tuple(path for path in (there, work.stage, work.previous) if path is not None)
    return pickle.dumps((replace(task, items=items), work)), reached, work.max_worker_memory, code_digest()


def _everywhere(path: str | None) -> str | None:
    return str(Path(path).absolute()) if path is not None else None
