"""Worker processes, one a lane: when one dies it is known which work it was on, and the others go on."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

LEAST_WORKER_MEMORY = 512 * 2**20
"""Bytes of data below which a worker process does not even start: Arrow and the stacks of its threads take as much."""

DEATHS = (BrokenProcessPool, MemoryError)
"""How it is told that a worker died: at once, or because it had no memory left even to be told its work."""

P = ParamSpec("P")
Answer = TypeVar("Answer")


class Lane:
    """One worker process at a time, which is given one piece of work at a time.

    Args:
        max_memory: Bytes of data the worker may hold; None for no limit.
    """

    def __init__(self, max_memory: int | None = None) -> None:
        self._max_memory = max_memory
        self._pool = self._start()

    def submit(self, function: Callable[P, Answer], *args: P.args, **kwargs: P.kwargs) -> Future[Answer]:
        """Give the worker something to do."""
        with _interrupts_held():
            return self._pool.submit(function, *args, **kwargs)

    def restart(self) -> None:
        """Put a fresh worker in the place of one that died."""
        self.close()
        self._pool = self._start()

    def close(self) -> None:
        """Let the worker go."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _start(self) -> ProcessPoolExecutor:
        # Arrow has threads of its own, and a fork that copies their locks can hang: workers start fresh.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(1, context, initializer=_start_worker, initargs=(os.getpid(), self._max_memory))


@contextmanager
def lanes(count: int, max_memory: int | None = None) -> Iterator[list[Lane]]:
    """Hold so many lanes; whatever ends the work ends their workers as well."""
    held = [Lane(max_memory) for _ in range(count)]
    try:
        yield held
    except BaseException:
        # What the others are doing is of no use any more, and a scheduler does not wait for long.
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
    finally:
        for lane in held:
            lane.close()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold back interrupts while a worker process begins: it inherits that, and the parent alone answers afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_worker(parent: int, max_memory: int | None) -> None:
    """Leave interrupts to the parent, end when it is gone, and hold no more memory than allowed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    if max_memory is not None:
        # Address space is no measure: allocators reserve far more of it than they use.
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (max_memory, most))


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
