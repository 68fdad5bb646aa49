"""The same work on a Dask cluster: shards are its tasks, and its workers stage their own files beside the output.

Sources and output must be at the same place for every worker. A worker cleans a shard in a lane of its own, as the
local engine does, so a document that kills its process costs itself alone; a worker that is lost costs its shard's
time. What travels back is the name of a file: no result is larger than a few kilobytes, whatever the shard.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from pipeline.engines.dask_shuffle import mark_duplicates, near_duplicates, own_folder
from pipeline.engines.lanes import Lane
from pipeline.engines.poison import clean_in
from pipeline.engines.task import Engine, ShardResult, ShardTask, Work
from pipeline.errors import DescrapeError, UsageError
from pipeline.version import code_digest

SECONDS_TO_CONNECT = 20
WORKERS_LOST = 3
"""Workers that may be lost under one shard before the run fails; the last of them is not the shard's bad luck."""
AHEAD = 2
"""Shards for each thread of the cluster that are handed over at a time: one to clean, one to go on with."""


@contextmanager
def cluster(workers: int, scheduler: str | None = None) -> Iterator[Engine]:
    """Hold a cluster: that of a scheduler's address, or one of so many processes on this machine.

    Raises:
        UsageError: The extra ``dask`` is not installed.
        DescrapeError: The scheduler does not answer.
    """
    try:
        import dask
        import distributed
    except ImportError:
        raise UsageError("--engine dask needs the extra 'dask': pip install 'descrape[dask]'") from None
    told = {
        "distributed.worker.daemon": False,  # a worker has a process of its own to clean in
        "distributed.scheduler.allowed-failures": WORKERS_LOST - 1,
        "distributed.admin.low-level-log-length": 0,
    }
    with dask.config.set(told):
        held: Any = None
        try:
            if scheduler is None:
                held = _on_this_machine(workers)
            client = distributed.Client(held or scheduler, timeout=SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, TimeoutError, ValueError, RuntimeError) as error:
            where = f"the scheduler {scheduler} does not answer" if scheduler else "no Dask cluster can be started here"
            raise DescrapeError(f"{where}: {error}") from None
        try:
            yield Engine(
                partial(_run_shards, client), partial(mark_duplicates, client), partial(near_duplicates, client)
            )
        finally:
            client.close()
            if held is not None:
                held.close()


def _on_this_machine(workers: int) -> Any:  # noqa: ANN401 - Dask has no types
    import distributed

    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        memory_limit=0,
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    )


def _run_shards(client: Any, tasks: Sequence[ShardTask], work: Work) -> Iterator[ShardResult]:  # noqa: ANN401 - Dask has no types
    """Clean shards on a cluster and yield their results as they are done.

    Raises:
        DescrapeError: The cluster is lost, or loses a worker again and again under the same shard.
    """
    import distributed

    waiting = deque(tasks)
    running: dict[Any, ShardTask] = {}
    done = distributed.as_completed(loop=client.loop)
    try:
        while waiting or running:
            while waiting and len(running) < AHEAD * max(1, sum(client.nthreads().values())):
                task = waiting.popleft()
                future = client.submit(clean_on_worker, task, work, code_digest(), pure=False, retries=0)
                running[future] = task
                done.add(future)
            future = next(done)
            task = running.pop(future)
            yield _read(future.result(), task)
    except distributed.KilledWorker as error:
        lost = f"{WORKERS_LOST} workers were lost, one after the other, under the same shard"
        raise DescrapeError(f"{lost}; the log of the cluster tells why: {error}") from None
    except (OSError, TimeoutError, distributed.CancelledError) as error:
        raise DescrapeError(f"the Dask cluster is lost: {str(error) or type(error).__name__}") from None
    finally:
        client.cancel(list(running), force=True)


def clean_on_worker(task: ShardTask, work: Work, digest: str) -> bytes | str:
    """Clean a shard on a worker; return the result, or the name of the staged file that holds it.

    Each attempt stages files of its own: of a worker that was taken for lost and still writes, nothing is overwritten.

    Raises:
        DescrapeError: The worker has other code than the run, so its rows might be others.
    """
    if digest != code_digest():
        raise DescrapeError("a worker has another version of descrape than this run; install the same one everywhere")
    if work.stage is not None:
        work = replace(work, stage=str(own_folder(Path(work.stage))))
    result = msgspec.msgpack.encode(clean_in(_lane(work.max_worker_memory), task, work))
    if work.stage is None:
        return result
    path = Path(work.stage, "result.msgpack")
    path.write_bytes(result)
    return str(path)


def _read(told: bytes | str, task: ShardTask) -> ShardResult:
    result = msgspec.msgpack.decode(told if isinstance(told, bytes) else Path(told).read_bytes(), type=ShardResult)
    return replace(result, number=task.number)


_HERE = threading.local()


def _lane(max_memory: int | None) -> Lane:
    """Return the lane of this thread of a worker; it ends with the worker."""
    lanes: dict[int | None, Lane] = _HERE.__dict__.setdefault("lanes", {})
    if max_memory not in lanes:
        try:
            lanes[max_memory] = Lane(max_memory)
        except AssertionError:
            raise DescrapeError(
                "workers of this cluster may have no processes of their own; "
                "start them with DASK_DISTRIBUTED__WORKER__DAEMON=False"
            ) from None
    return lanes[max_memory]
