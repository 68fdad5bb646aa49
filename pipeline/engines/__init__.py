"""Where the work of a run is done: shards are the tasks, and every engine gives them to the same function."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.engines.local import local_engine
from pipeline.engines.task import Engine
from pipeline.errors import UsageError

__all__ = ["ENGINES", "Engine", "engine"]

ENGINES = ("local", "dask")
"""This machine's processes, and those of a Dask cluster. Rows are the same."""


@contextmanager
def engine(name: str, workers: int, scheduler: str | None = None, *, fork: bool = False) -> Iterator[Engine]:
    """Hold an engine for the time of a run.

    Args:
        name: One of ``ENGINES``.
        workers: Processes at most; a cluster that is there already has its own.
        scheduler: Address of a Dask cluster; None to start one on this machine.
        fork: Whether workers are forks of this process, where that can be.

    Raises:
        UsageError: There is no such engine, or what it needs is not installed.
        DescrapeError: The cluster cannot be reached.
    """
    if name == "dask":
        from pipeline.engines.dask import cluster

        with cluster(workers, scheduler) as run:
            yield run
        return
    if name != "local":
        raise UsageError(f"there is no engine {name!r}; engines are {', '.join(ENGINES)}")
    with local_engine(workers, fork=fork) as run:
        yield run
