"""What every step of one run needs."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pipeline.engines import Engine, engine
from pipeline.engines.shard import configuration
from pipeline.job.options import Options
from pipeline.log import RunLog
from pipeline.profiles import Profiles

RUN_TIME = "%Y%m%dT%H%M%SZ"
"""How the name of a run begins: when it began, in UTC."""


@dataclass(slots=True)
class Run:
    """What every step of one run needs.

    ``isolated`` says that documents are cleaned by worker processes alone, because one may have killed the last run.
    """

    options: Options
    profiles: Profiles
    log: RunLog
    before_switch: Callable[[], None]
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    timings: dict[str, float] = field(default_factory=dict)
    counts: dict[str, Any] | None = None
    isolated: bool = False
    again: set[int] = field(default_factory=set)
    id: str = field(init=False)
    configuration: str = field(init=False)

    def __post_init__(self) -> None:
        self.id = f"{self.started:{RUN_TIME}}-{secrets.token_hex(4)}"
        self.configuration = configuration(self.profiles, self.options.settings)

    def engine(self) -> AbstractContextManager[Engine]:
        """Hold what the work is done on."""
        return engine(self.options.engine, self.options.workers, self.options.scheduler, fork=self.options.fork)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure the seconds of a step, which may be done in several goes."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = round(self.timings.get(name, 0.0) + time.perf_counter() - start, 6)
