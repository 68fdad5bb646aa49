"""A limit on the processor time of one document, so that a hostile one costs itself and not the run."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from pipeline.errors import RejectedDocument


@contextmanager
def processor_time(seconds: float) -> Iterator[None]:
    """Reject the document whose cleaning, done here, takes more processor time than this.

    Processor time and not the clock: a busy machine must not make a document slow. Signals reach the main thread
    alone; in any other there is no limit.

    Raises:
        RejectedDocument: ``too_slow``.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    _answer()
    signal.setitimer(signal.ITIMER_PROF, seconds)
    _SECONDS.append(seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        _SECONDS.pop()


_SECONDS: list[float] = []
"""The limit of the document that is being cleaned."""


@cache
def _answer() -> None:
    """Answer the timer from now on, which never rings between documents: to set that anew for each is slow."""
    signal.signal(signal.SIGPROF, _late)


def _late(_signal: int, _frame: object) -> None:
    if _SECONDS:
        message = f"cleaning it took more than {_SECONDS[-1]:g} s of processor time (--max-document-seconds)"
        raise RejectedDocument("clean", "too_slow", message)
