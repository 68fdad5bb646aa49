"""When Python looks for garbage: between the batches of a shard, and not every few hundred objects."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_OF_A_BATCH = 1
"""The oldest generation that is looked through: what was there before the shard is no garbage of it."""


@contextmanager
def collected_by_batch() -> Iterator[Callable[[], None]]:
    """Give a function that collects what became garbage since it was called last; nothing else does meanwhile.

    A batch makes some hundred thousand objects that live until it is written. Python would go through all of them
    again and again, and find nothing: almost nothing here refers to itself. A batch is bounded, and so is its garbage.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield _collect
    finally:
        if was_enabled:
            gc.enable()


def _collect() -> None:
    gc.collect(_OF_A_BATCH)
