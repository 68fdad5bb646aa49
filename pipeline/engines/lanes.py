"""Worker processes, one a lane: when one dies it is known which work it was on, and the others go on."""

from __future__ import annotations

import gc
import os
import resource
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from types import TracebackType
from typing import Any, Generic, ParamSpec, Self, TypeVar

from pipeline.store.own_process import set_up_arrow

LEAST_WORKER_MEMORY = 512 * 2**20
"""Bytes of data with which a worker process surely starts: with less than 200 MiB Arrow may not begin its threads."""

INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals by which somebody ends a run."""


class WorkerDiedError(Exception):
    """A worker process ended before it gave an answer."""


DEATHS = (WorkerDiedError, MemoryError)
"""How it is told that a worker died: at once, or because it had no memory left for its work or to tell of it."""

P = ParamSpec("P")
T = TypeVar("T")


class Answer(Generic[T]):
    """What a worker gives for a piece of work, once it is done."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def result(self) -> T:
        """Wait for the worker, and return what came of the work.

        Raises:
            WorkerDiedError: The worker ended before.
            BaseException: Whatever the work raised.
        """
        try:
            error, value = self.connection.recv()
        except (EOFError, OSError):
            raise WorkerDiedError("the worker process ended before it gave an answer") from None
        if error is not None:
            raise error
        result: T = value
        return result


def first_given(answers: Sequence[Answer[T]]) -> list[Answer[T]]:
    """Wait until one of some answers is there, or its worker died, and return those of which that is so."""
    ready = wait([answer.connection for answer in answers])
    return [answer for answer in answers if answer.connection in ready]


class Lane:
    """One worker process at a time, which begins at once and is given one piece of work at a time.

    It is asked and answers through a pipe, and no thread of this process has a part in that: so a copy of this process
    can be made at any time.

    Args:
        max_memory: Bytes of data the worker may hold; None for no limit.
        fork: Begin it as a copy of this process, which takes a few milliseconds, and not afresh. See `may_fork`.
    """

    def __init__(self, max_memory: int | None = None, *, fork: bool = False) -> None:
        self._max_memory = max_memory
        self._fork = fork
        self._start()

    def submit(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Answer[T]:
        """Give the worker something to do."""
        with suppress(OSError):  # of a worker that died meanwhile; it is told where its answer is asked for
            self._connection.send((function, args, kwargs))
        return Answer(self._connection)

    def restart(self) -> None:
        """Put a fresh worker in the place of one that died."""
        self.close()
        self._start()

    def kill(self) -> None:
        """End what the worker is doing."""
        self._worker.kill()

    def dismiss(self) -> None:
        """Have the worker end when it has done what it was given."""
        with suppress(OSError):  # of one that has ended
            self._connection.send(None)

    def close(self) -> None:
        """Let the worker go, and wait until it is gone."""
        with interrupts_held():  # or what is half closed would be closed once more, with a traceback of its own
            self.dismiss()
            with suppress(EOFError, OSError):
                while True:  # what it still has to say; it could not end before that is taken
                    self._connection.recv_bytes()
            self._worker.join()
            self._connection.close()

    def _start(self) -> None:
        if not self._fork:
            begin_tracker()
        context: ForkContext | SpawnContext = get_context("fork") if self._fork else get_context("spawn")
        with interrupts_held(), _forking() if self._fork else nullcontext():
            self._connection, of_worker = context.Pipe()
            asked = (of_worker, os.getpid(), self._max_memory)
            self._worker: BaseProcess = context.Process(target=_serve, args=asked, daemon=True)
            self._worker.start()
            of_worker.close()  # or nobody would be told here when the worker dies


def may_fork() -> bool:
    """Whether a copy of this process can work: what other threads hold at that instant, it would wait for for ever.

    Those of Arrow and of the libraries below it do not count: they are idle then, and made anew in the copy.
    """
    return sys.platform == "linux" and threading.active_count() == 1


class Lanes:
    """Lanes that are held for a while: what began for one piece of work does the next as well.

    Whatever ends the work ends the workers as well. Use as a context manager.
    """

    def __init__(self) -> None:
        self._held: list[Lane] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.kill()
        self.dismiss()  # so that one can end while another does
        for lane in self._held:
            lane.close()

    def idle(self, count: int, max_memory: int | None = None, *, fork: bool = False) -> list[Lane]:
        """Return so many lanes; those that are not there yet begin now, as `Lane` says."""
        if not fork:
            begin_tracker()
        with interrupts_held():  # or one that has just begun would be held by nobody
            self._held += [Lane(max_memory, fork=fork) for _ in range(len(self._held), count)]
        return self._held[:count]  # who takes a busy one out of the list does not take it from here

    def begun(self) -> list[Lane]:
        """Return the lanes that are there."""
        return list(self._held)

    def dismiss(self) -> None:
        """Have the workers end, each when it has done what it was given: nothing more is asked of them."""
        for lane in self._held:
            lane.dismiss()

    def __len__(self) -> int:
        return len(self._held)

    def kill(self) -> None:
        """End what the workers are doing: it is of no use any more, and a scheduler does not wait for long."""
        for lane in self._held:
            lane.kill()


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold back interrupts while a worker process begins or ends; one that comes is answered right afterwards.

    The process inherits that SIGINT is blocked, and the parent alone answers it. Any thread may take a signal that is
    blocked in this one, so the answers are held as well: a worker that is half begun ends with a traceback of its own.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    came: list[int] = []
    answers: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():  # the only one in which an answer is given
        answers = {number: answer for number in INTERRUPTS if callable(answer := signal.getsignal(number))}
    for number in answers:
        signal.signal(number, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for number, answer in answers.items():
            signal.signal(number, answer)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for number in came:
            signal.raise_signal(number)


def begin_tracker() -> None:
    """Begin the process that tidies up behind others before interrupts are held: where it begins, they are let go.

    It is not to complain of what a worker leaves that was killed.
    """
    quiet = "ignore:resource_tracker"
    sys.warnoptions.append(quiet)
    try:
        resource_tracker.ensure_running()
    finally:
        sys.warnoptions.remove(quiet)


@contextmanager
def _forking() -> Iterator[None]:
    """Fork a process that does not collect what was there before it: it would have to copy all of that."""
    gc.freeze()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of threads, for which `may_fork` answers
            yield
    finally:
        gc.unfreeze()


def _serve(connection: Connection, parent: int, max_memory: int | None) -> None:
    """Do what is asked through a pipe, one piece of work after the other, until nobody asks any more."""
    _start_worker(parent, max_memory)
    with suppress(EOFError, OSError, MemoryError):  # it is told by the end of the process, and by nothing else
        while (asked := connection.recv()) is not None:
            connection.send_bytes(_done(*asked))


def _done(function: Callable[..., object], args: Sequence[Any], kwargs: Mapping[str, Any]) -> memoryview:
    """Return what comes of a piece of work, as it travels: what it raised, or what it returned."""
    try:
        return ForkingPickler.dumps((None, function(*args, **kwargs)))
    except BaseException as error:  # noqa: BLE001 - whoever asked is to know
        error.add_note(f"in a worker process:\n{traceback.format_exc()}")
        return ForkingPickler.dumps((error, None))


def _start_worker(parent: int, max_memory: int | None) -> None:
    """Leave interrupts to the parent, end when it is gone, and hold no more memory than allowed."""
    set_up_arrow()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    if max_memory is not None:
        # Address space is no measure: allocators reserve far more of it than they use.
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (max_memory, most))


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
