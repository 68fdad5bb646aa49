"""What workers of a cluster do in a test in place of cleaning a shard as ever."""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline.engines.dask_worker import clean_sent
from pipeline.engines.shard import clean_shard
from pipeline.engines.task import ShardResult, ShardTask, Work
from pipeline.model import Document
from pipeline.stages import Cleaner, Opened, Steps
from tests import corpus

SLOW = "harbour/ferry.txt"
"""The document whose shard is slow, or whose cleaning never ends, or kills the worker."""


@contextmanager
def instead(
    scheduler: str,
    function: Callable[[bytes], bytes | str],
    halving: Callable[[ShardTask, Work], ShardResult] = clean_shard,
) -> Iterator[None]:
    """Have every worker of a cluster, those that come later as well, do this in the process it cleans in.

    Where that process dies, the other is done with parts of the shard.
    """
    import distributed

    class Plugin(distributed.WorkerPlugin):  # type: ignore[misc] # of a package without types
        name = "instead"

        def setup(self, worker: object) -> None:  # noqa: ARG002 - as it is declared
            _stand_in(function, halving)

        def teardown(self, worker: object) -> None:  # noqa: ARG002 - as above
            _stand_in(clean_sent, clean_shard)

    with distributed.Client(scheduler, set_as_default=False) as client:
        client.register_plugin(Plugin())
        try:
            yield
        finally:
            client.unregister_worker_plugin("instead")


def _stand_in(function: Callable[[bytes], bytes | str], halving: Callable[[ShardTask, Work], ShardResult]) -> None:
    worker: Any = importlib.import_module("pipeline.engines.dask_worker")
    poison: Any = importlib.import_module("pipeline.engines.poison")
    worker.clean_sent, poison.clean_shard = function, halving


def _holds(sent: bytes) -> tuple[bool, Work]:
    task, work = pickle.loads(sent)  # noqa: S301 - the test's own
    return any(item.source_uri == SLOW for item in task.items), work


def patient(sent: bytes) -> bytes | str:
    """Clean a shard as ever, but the slow one only when all the others are done."""
    slow, work = _holds(sent)
    if slow and work.sample is None:
        stage = Path(work.stage or "")
        others = int((stage.parents[2] / "others").read_text("utf-8"))
        ends = time.monotonic() + corpus.PATIENCE / 2
        while _done(stage) < others and time.monotonic() < ends:
            time.sleep(0.02)
        if time.monotonic() >= ends:
            raise AssertionError("the others wait for the slow one")
    return clean_sent(sent)


def _done(stage: Path) -> int:
    return sum(any(result.parent.glob("articles-*")) for result in stage.glob("*/result.msgpack"))


def endless(sent: bytes) -> bytes | str:
    """Clean a shard as ever, but one document takes for ever."""
    cleaning = Cleaner.steps

    def steps(self: Cleaner, opened: Opened) -> Steps[Document]:
        while opened.record.source_uri == SLOW:
            pass
        return cleaning(self, opened)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cleaner, "steps", steps)
        return clean_sent(sent)


def deadly(sent: bytes) -> bytes | str:
    """Clean a shard as ever, but die of some documents."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.engines.dask_worker.clean_shard", corpus.deadly_shard)
        return clean_sent(sent)


def murderous(sent: bytes) -> bytes | str:
    """Clean a shard as ever, but kill the worker that was given one of them."""
    if _holds(sent)[0]:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    return clean_sent(sent)
