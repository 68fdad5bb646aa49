"""Mark duplicates on this machine: files that have to be written again for it are given to the workers there are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.engines.lanes import DEATHS, Answer, Lane, Lanes, first_given
from pipeline.store.commit import Part
from pipeline.store.duplicates import Marks, with_marks, written_again


def mark_duplicates(held: Lanes, parts: Sequence[Part], stage: Path) -> list[Part]:
    """Return the parts of a snapshot to come, each articles file with its duplicates marked.

    What kills a worker, or has none to be given to, is done by this process. The workers end with this work.

    Args:
        held: The workers that cleaned.
        parts: The files in row order.
        stage: The run's staging folder, named after the run.

    Raises:
        SnapshotError: A file of the last snapshot is damaged.
    """
    right: list[Part] = []
    idle = held.begun()
    running: dict[Answer[Part], tuple[Lane, int, Marks]] = {}

    def take() -> None:
        for answer in first_given(list(running)):
            lane, place, marks = running.pop(answer)
            try:
                right[place] = answer.result()
            except DEATHS:
                lane.restart()
                right[place] = written_again(right[place], marks, stage, stage.name)
            idle.append(lane)

    try:
        for place, (part, marks) in enumerate(with_marks(parts)):
            right.append(part)
            if marks is None:
                continue
            if running and not idle:
                take()
            if idle:
                lane = idle.pop()
                running[lane.submit(written_again, part, marks, stage, stage.name)] = lane, place, marks
            else:
                right[place] = written_again(part, marks, stage, stage.name)
        while running:
            take()
    except BaseException:
        held.kill()
        raise
    held.dismiss()
    return right
