"""Tell what each step of a page costs: ``python -m bench.speed.steps``, for pages of which none leaks.

Everything is done in one process, a wave of pages at a time as a run does it. The first of them only warm
it. Of each step the cheapest of the others counts, so that another load on the machine hardly does; what is told
is the mean of a page, in microseconds of processor time.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Sequence
from math import inf
from pathlib import Path

import click

from bench.speed.measure import PROFILE, written
from bench.speed.pages import SEED, Corpus
from pipeline.engines.limits import Limit
from pipeline.engines.task import MAX_DOCUMENT_SECONDS
from pipeline.engines.waves import WAVE_DOCUMENTS, Turn, clean_in_step
from pipeline.model import Document, Record
from pipeline.profiles import load
from pipeline.stages import Cleaner
from pipeline.stages import Steps as Way
from pipeline.store.discovery import discover
from pipeline.store.documents import Documents
from pipeline.store.inputs import Input
from pipeline.store.parquet import StagedTables
from pipeline.store.readers.reading import ReadSettings
from pipeline.store.tables import build

AT_A_TIME = WAVE_DOCUMENTS


class Steps:
    """Counts the nanoseconds from one step to the next."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}
        self._last = time.thread_time_ns()

    def lap(self, step: str) -> None:
        """End a step; one that is done more than once takes as long as all of it."""
        self.taken[step] = self.taken.get(step, 0) + time.thread_time_ns() - self._last
        self._last = time.thread_time_ns()


def cleaned(items: Sequence[Input], cleaner: Cleaner) -> tuple[list[Document], Steps]:
    """Return what comes of pages, and what the steps took."""
    steps = Steps()
    with Limit(MAX_DOCUMENT_SECONDS) as limit:
        records = [next(iter(Documents(item, ReadSettings()))) for item in items]
        steps.lap("reading, digest")
        turns = [Turn(record, "run", _way(record, cleaner)) for record in records if isinstance(record, Record)]
        clean_in_step(turns, limit, steps.lap)
        steps.lap("document")
    return [turn.outcome for turn in turns if isinstance(turn.outcome, Document)], steps


def _way(record: Record, cleaner: Cleaner) -> Way[Document]:
    opened = cleaner.open(record)
    yield "opening"
    cleaner.facts(opened)
    yield "facts of its source"
    return (yield from cleaner.steps(opened))


def stored(documents: Sequence[Document]) -> Steps:
    """Return what building the tables of some pages and writing them took."""
    with tempfile.TemporaryDirectory() as stage, StagedTables(Path(stage), "0", "run") as staged:
        steps = Steps()
        tables = build(documents, [])
        steps.lap("building tables")
        staged.write(tables)
        steps.lap("writing tables")
    return steps


def costs(items: Sequence[Input]) -> dict[str, float]:
    """Return the microseconds of each step."""
    cleaner = Cleaner(load([str(PROFILE)]))
    cheapest: dict[str, float] = {}
    for start in range(0, len(items), AT_A_TIME):
        some = items[start : start + AT_A_TIME]
        documents, steps = cleaned(some, cleaner)
        if start:
            for step, taken in (steps.taken | stored(documents).taken).items():
                cheapest[step] = min(taken / len(some) / 1000, cheapest.get(step, inf))
    return cheapest


@click.command(help=__doc__)
@click.option("--documents", type=click.IntRange(min=2 * AT_A_TIME), default=2000, help="Pages of the corpus.")
@click.option("--leaking", type=click.FloatRange(0, 1), default=0.0, help="Share of pages with a leak.")
@click.option("--corpora", type=click.Path(path_type=Path), default=Path("build/bench"), help="Where pages are kept.")
def main(documents: int, leaking: float, corpora: Path) -> None:
    """Print the rows of a table."""
    folder = written(Corpus(documents, leaking, SEED), "txt", corpora)
    gc.disable()  # as within a shard, where garbage is collected by batch
    table = costs(discover([str(folder)]).inputs)
    for step, cost in (*table.items(), ("together", sum(table.values()))):
        print(f"| {step} | {cost:.1f} |")


if __name__ == "__main__":
    main()
