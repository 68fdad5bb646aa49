"""A limit on the processor time of one document, so that a hostile one costs itself and not the run."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

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

    def late(_signal: int, _frame: object) -> NoReturn:
        message = f"cleaning it took more than {seconds:g} s of processor time (--max-document-seconds)"
        raise RejectedDocument("clean", "too_slow", message)

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
