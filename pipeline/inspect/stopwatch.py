"""How long each stage of one document takes."""

from __future__ import annotations

import time


class Stopwatch:
    """Measures the time between one stage and the next; give it to ``Cleaner.clean`` as ``lap``.

    >>> watch = Stopwatch()
    >>> watch("segments")
    >>> list(watch.seconds), watch.seconds["segments"] >= 0
    (['segments'], True)
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        """Seconds by name of the stage, by the clock."""
        self._last = time.perf_counter()

    def __call__(self, stage: str) -> None:
        """Note that a stage is done; what is done twice took as long as both together."""
        now = time.perf_counter()
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + now - self._last, 6)
        self._last = now
