"""Worker processes begin whole, whenever somebody interrupts the run, and end with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest

from pipeline.engines.lanes import INTERRUPTS, Lane, Lanes, WorkerDiedError, interrupts_held, may_fork
from pipeline.store.commit import locked
from tests.corpus import PATIENCE, in_time, wait_until


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


@pytest.mark.usefixtures("interrupting")
def test_an_interrupt_while_a_worker_ends_is_answered_when_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    lane, ended = Lane(), list[bool]()

    def join(_worker: object) -> None:
        signal.raise_signal(signal.SIGTERM)
        ended.append(True)

    monkeypatch.setattr(BaseProcess, "join", join)
    with pytest.raises(KeyboardInterrupt):
        lane.close()
    assert ended == [True]


def test_a_process_with_another_thread_is_not_forked() -> None:
    until = threading.Event()
    thread = threading.Thread(target=until.wait)
    thread.start()
    try:
        assert not may_fork()
    finally:
        until.set()
        thread.join()


def _pause(began: Path) -> None:
    began.touch()
    time.sleep(2 * PATIENCE)


def _interrupted_at_work(began: Path) -> None:
    with Lanes() as held:
        busy = held.idle(2).pop()
        busy.submit(_pause, began)
        wait_until(began.exists)
        raise KeyboardInterrupt


def test_a_lane_that_was_taken_to_work_is_closed_as_well_when_the_work_is_interrupted(tmp_path: Path) -> None:
    others = set(multiprocessing.active_children())
    with in_time(), pytest.raises(KeyboardInterrupt):
        _interrupted_at_work(tmp_path / "began")
    assert set(multiprocessing.active_children()) <= others


def test_children_of_a_caller_outlive_work_that_is_interrupted(tmp_path: Path) -> None:
    theirs = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(60,))
    theirs.start()
    try:
        with in_time(), pytest.raises(KeyboardInterrupt):
            _interrupted_at_work(tmp_path / "began")
        assert theirs.is_alive()
    finally:
        theirs.kill()
        theirs.join()


def test_workers_that_began_for_one_piece_of_work_do_the_next() -> None:
    others = set(multiprocessing.active_children())
    with Lanes() as held:
        first = [lane.submit(os.getpid).result() for lane in held.idle(1)]
        both = [lane.submit(os.getpid).result() for lane in held.idle(2)]
        assert (first, len(set(both))) == (both[:1], 2)
    assert set(multiprocessing.active_children()) <= others


@pytest.mark.parametrize("fork", [False, True])
def test_a_worker_that_died_says_so_where_its_answer_is_asked_for_and_the_others_go_on(*, fork: bool) -> None:
    with in_time(), Lanes() as held:
        dying, living = held.idle(2, fork=fork)
        died, lives = dying.submit(os._exit, 7), living.submit(os.getpid)
        with pytest.raises(WorkerDiedError):
            died.result()
        with pytest.raises(WorkerDiedError):  # nobody is there to be asked
            dying.submit(os.getpid).result()
        dying.restart()
        assert len({os.getpid(), lives.result(), dying.submit(os.getpid).result()}) == 3


def test_what_work_raises_is_raised_where_its_answer_is_asked_for_and_tells_where_it_happened() -> None:
    with in_time(), Lanes() as held:
        (lane,) = held.idle(1)
        with pytest.raises(ZeroDivisionError) as raised:
            lane.submit(divmod, 1, 0).result()
        assert "Traceback" in "".join(raised.value.__notes__)
        assert lane.submit(divmod, 7, 2).result() == (3, 1)


def test_work_and_its_answer_may_be_larger_than_a_pipe_holds() -> None:
    large = bytes(2**22)
    with in_time(), Lanes() as held:
        answers = {number: lane.submit(bytes, large) for number, lane in enumerate(held.idle(2))}
        assert [answer.result() == large for answer in answers.values()] == [True, True]


def test_a_lane_whose_answer_nobody_took_can_be_closed() -> None:
    with in_time(), Lanes() as held:
        held.idle(1)[0].submit(bytes, 2**22)


def test_workers_take_no_thread_of_the_process_that_begins_them_so_that_more_can_be_forked() -> None:
    before = set(threading.enumerate())
    with in_time(), Lanes() as held:
        answers = [lane.submit(os.getpid) for lane in held.idle(2, fork=True)]
        assert set(threading.enumerate()) == before
        assert len({answer.result() for answer in answers}) == 2


def _hold(root: Path, began: Path) -> None:
    with locked(root), Lanes() as held:
        held.idle(1, fork=True)[0].submit(_pause, began).result()


def test_a_forked_worker_does_not_hold_the_output_when_the_run_is_killed(tmp_path: Path) -> None:
    began = tmp_path / "began"
    run = multiprocessing.get_context("fork").Process(target=_hold, args=(tmp_path, began))
    run.start()
    wait_until(began.exists)
    run.kill()
    run.join()
    with locked(tmp_path):
        pass


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interrupts_held():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
