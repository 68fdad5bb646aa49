"""A limit on the processor time of each document, so that a hostile one costs itself and not the run."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import TracebackType
from typing import Self

from msgspec import Struct

from pipeline.errors import RejectedDocument

LOOKS = 16
"""How often within the limit it is looked at how much a document has taken: so much too early or late it is told."""
OFTENEST = 0.001
"""Seconds between two looks at least: a timer of less than a microsecond is none."""
PREPARING = 3.0
"""Seconds of processor time that a process may take in all for what it prepares when it is first needed.

Patterns are compiled then, and names of all languages read: about a second. The documents that happen to come first
are not charged for that, or a limit below it would reject them, and each of the next as well, for what is interrupted
is prepared anew.
"""


class Spent(Struct):
    """The seconds of processor time that were seen to be spent on a document."""

    seconds: float = 0.0


class Limit:
    """Rejects a document that takes more processor time than it may, among documents that take turns.

    Processor time and not the clock: a busy machine must not make a document slow. Signals reach the main thread alone;
    where this is entered in any other there is no limit. Use as a context manager.

    Attributes:
        at_work: What is charged for the time that passes; None while no document is at work. A document that took too
            long is told so by ``RejectedDocument`` (``too_slow``), raised wherever it is at work.
    """

    __slots__ = ("_looked", "_seconds", "at_work")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._looked = 0.0
        self.at_work: Spent | None = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            _answer()
            self._looked = time.process_time()
            _ENTERED.append(self)
            often = max(self._seconds / LOOKS, OFTENEST)
            signal.setitimer(signal.ITIMER_PROF, often, often)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self in _ENTERED:
            self.at_work = None
            signal.setitimer(signal.ITIMER_PROF, 0)
            _ENTERED.remove(self)

    def look(self) -> None:
        """Charge what is at work for the time since the last look.

        Raises:
            RejectedDocument: ``too_slow``.
        """
        now = time.process_time()
        passed, self._looked = now - self._looked, now
        if self.at_work is not None:
            self.at_work.seconds += passed
            if self.at_work.seconds >= self._seconds and not _forgive(self.at_work, passed):
                message = f"cleaning it took more than {self._seconds:g} s of processor time (--max-document-seconds)"
                raise RejectedDocument("clean", "too_slow", message)


@contextmanager
def processor_time(seconds: float) -> Iterator[None]:
    """Reject the one document that is cleaned here, where it takes more processor time than this.

    Raises:
        RejectedDocument: ``too_slow``.
    """
    with Limit(seconds) as limit:
        limit.at_work = Spent()
        yield


_ENTERED: list[Limit] = []
"""The limit that holds now, where there is one."""


_FORGIVEN = Spent()
"""What documents took beyond their limits, and may have been preparation."""


def _forgive(spent: Spent, passed: float) -> bool:
    """Charge the time since the last look to the process and not to the document, as far as there is any left."""
    if _FORGIVEN.seconds + passed > PREPARING:
        return False
    _FORGIVEN.seconds += passed
    spent.seconds -= passed
    return True


@cache
def _answer() -> None:
    """Answer the timer from now on; to set that anew for each limit is slow."""
    signal.signal(signal.SIGPROF, _look)


def _look(_signal: int, _frame: object) -> None:
    for limit in _ENTERED[-1:]:
        limit.look()
