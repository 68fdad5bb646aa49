"""A limit on the processor time of one document, so that a hostile one costs itself and not the run."""

from __future__ import annotations

import signal
import threading
from contextlib import AbstractContextManager, nullcontext
from functools import cache

from pipeline.errors import RejectedDocument


def processor_time(seconds: float) -> AbstractContextManager[None]:
    """Reject the document whose cleaning, done here, takes more processor time than this.

    Processor time and not the clock: a busy machine must not make a document slow. Signals reach the main thread
    alone; in any other there is no limit.

    Raises:
        RejectedDocument: ``too_slow``.
    """
    return _Limit(seconds) if threading.current_thread() is threading.main_thread() else nullcontext()


class _Limit:
    """A context with a limit. Not a generator, for it is entered once a page."""

    __slots__ = ("_seconds",)

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        _answer()
        signal.setitimer(signal.ITIMER_PROF, self._seconds)
        _SECONDS.append(self._seconds)

    def __exit__(self, *_raised: object) -> None:
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
