"""Worker processes begin whole, whenever somebody interrupts the run."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

import pytest

from pipeline.engines.lanes import INTERRUPTS, interrupts_held


@pytest.fixture
def interrupting() -> Iterator[None]:
    """Let each signal that ends a run interrupt it, as the command does."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in INTERRUPTS}
    yield
    for number, answer in before.items():
        signal.signal(number, answer)


@pytest.mark.usefixtures("interrupting")
@pytest.mark.parametrize("number", INTERRUPTS)
def test_an_interrupt_while_a_worker_begins_is_answered_when_it_has_begun(number: signal.Signals) -> None:
    begun: list[int] = []

    def begin() -> None:
        with interrupts_held():
            signal.raise_signal(number)
            begun.append(number)

    with pytest.raises(KeyboardInterrupt):
        begin()
    assert begun == [number]
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interrupts_held():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
