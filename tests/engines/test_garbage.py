"""Garbage is collected between the batches of a shard."""

from __future__ import annotations

import gc
import weakref

import pytest

from pipeline.engines.garbage import collected_by_batch


class _Loop:
    """Refers to itself, so that only the collector frees it."""

    def __init__(self) -> None:
        self.own = self


def test_garbage_of_a_batch_goes_when_it_is_over() -> None:
    with collected_by_batch() as collect:
        gone = weakref.ref(_Loop())
        assert gone() is not None
        collect()
        assert gone() is None


def test_the_collector_is_on_again_behind_the_shard_whatever_ended_it() -> None:
    def breaks() -> None:
        with collected_by_batch():
            assert not gc.isenabled()
            raise InterruptedError

    assert gc.isenabled()
    with pytest.raises(InterruptedError):
        breaks()
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collected_by_batch():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
