"""The cost model: what each part of a job takes, and a simulation of shards going through it.

A shard waits for a worker and for the command to hand it over; then its bytes pass the storage that all workers share,
and its pages a processor. The ends of shards are where the program puts them, so their sizes scatter as they do in a
real run. What the command does alone, before and after, is added.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.store.shards import MEAN, MOST

SHUFFLED = 150
"""Bytes of a page that travel when duplicates meet: digest, identity, place."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What was measured.

    Attributes:
        start: Seconds until a process has begun its work: the command, and each of its workers.
        listing: Seconds to find and plan an input.
        evidence: Seconds of processor time to gather what a page tells.
        cleaning: Seconds of processor time to clean a page and write its rows.
        handing: Seconds of the command for each shard it hands over, in either pass.
        marking: Seconds of the command to compare a page with all others.
        committing: Seconds to put a file in its place.
        recording: Seconds to write an input into the manifest.
        read: Bytes of a page.
        written: Bytes of its rows.
        held: Bytes that the command holds for each page while it compares them.
        entry: Bytes of an input in the manifest.
    """

    start: float
    listing: float
    evidence: float
    cleaning: float
    handing: float
    marking: float
    committing: float
    recording: float
    read: float
    written: float
    held: float
    entry: float


@dataclass(frozen=True, slots=True)
class Plant:
    """What a job runs on: workers, the bytes a second that their storage gives, and pages that stand in one file.

    ``shuffles`` says that the workers compare pages with each other, as on a cluster; otherwise the command does.
    """

    workers: int
    storage: float = 1e9
    pages_a_file: int = 1
    shuffles: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """Seconds by step, and what bounds the job: ``processors``, ``storage`` or ``command``."""

    plan: float
    evidence: float
    clean: float
    duplicates: float
    commit: float
    bound: str

    @property
    def total(self) -> float:
        """Seconds of the whole job."""
        return self.plan + self.evidence + self.clean + self.duplicates + self.commit


def processor_time(pages: int, workers: int, costs: Costs) -> float:
    """Return the seconds of processor time of a whole job on this machine, the start of its workers with it."""
    return forecast(pages, Plant(1), costs).total + (workers * costs.start if workers > 1 else 0)


def shard_sizes(pages: int, chance: random.Random) -> Iterator[int]:
    """Yield how many pages each shard has: it ends at one page in ``MEAN``, and after ``MOST`` at the latest."""
    left = pages
    while left:
        size = min(left, MOST, 1 + int(chance.expovariate(1 / MEAN)))
        yield size
        left -= size


def forecast(pages: int, plant: Plant, costs: Costs, seed: int = 1) -> Forecast:
    """Return what a job over so many pages takes.

    A shard of more pages than fit the simulation stands for several: the sums stay what they are.
    """
    sizes = list(shard_sizes(pages, random.Random(seed)))
    files = sum(5 for _ in sizes)
    inputs = pages / plant.pages_a_file
    evidence = _pass(sizes, plant, costs.handing, costs.evidence, costs.read)
    clean = _pass(sizes, plant, costs.handing, costs.cleaning, costs.read + costs.written)
    if plant.shuffles:
        duplicates = pages * max(costs.marking * 2 / plant.workers, 2 * SHUFFLED / plant.storage)
    else:
        duplicates = pages * costs.marking
    plan = costs.start * (1 if plant.workers == 1 else 2) + inputs * costs.listing  # workers start all at once
    commit = files * costs.committing + inputs * costs.recording
    work = pages * (costs.evidence + costs.cleaning) / plant.workers
    flow = pages * (2 * costs.read + costs.written) / plant.storage
    alone = plan + commit + 2 * len(sizes) * costs.handing + (0 if plant.shuffles else duplicates)
    bound = max({"processors": work, "storage": flow, "command": alone}.items(), key=lambda entry: entry[1])[0]
    return Forecast(plan, evidence, clean, duplicates, commit, bound)


def _pass(sizes: list[int], plant: Plant, handing: float, seconds: float, traffic: float) -> float:
    """Return how long one pass over the shards takes: each goes to the worker that is free first."""
    free = [0.0] * min(plant.workers, len(sizes))
    command = storage = 0.0
    for size in sizes:
        command = max(command, free[0]) + handing
        storage = max(storage, command) + size * traffic / plant.storage
        heapq.heapreplace(free, max(command + size * seconds, storage))
    return max(free, default=0.0)
