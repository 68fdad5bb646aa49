"""Measure what the Dask engine costs beside this machine's own processes: the same pages, two workers each, in turn.

Pages are made from a seed. Each round cleans all of them once by ``--engine local --workers 2`` and once by ``--engine
dask --workers 2``, which starts a cluster of two worker processes and ends it again; the order changes from round to
round. Of every run the seconds by the clock and of processor time are taken, its workers' with it, and of each pair the
ratio. Both must give the same files.

``python -m bench.engines`` does it with 400,000 pages; ``--documents N`` with as many as there is time for.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import click

from bench.incremental import cleaned, different_tables, seconds_by_step, write_pages

if TYPE_CHECKING:
    from bench.incremental import Cost

ENGINES = ("local", "dask")
STEPS = ("evidence", "clean", "duplicates", "commit")


@click.command()
@click.option("--documents", type=click.IntRange(min=100), default=400_000, show_default=True, help="How many pages.")
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True, help="Worker processes.")
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True, help="Pairs of runs.")
@click.option("--seed", default="tides", show_default=True, help="What the pages are made from.")
def main(documents: int, workers: int, rounds: int, seed: str) -> None:
    """Measure the Dask engine beside the local one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_pages(folder / "pages", range(documents), seed)
        size = sum(path.stat().st_size for path in (folder / "pages").rglob("*.txt"))
        print(
            f"{documents} pages, {size / 1e6:.0f} MB, {workers} workers, {rounds} rounds, {os.cpu_count()} processors"
        )
        ratios: list[tuple[float, float]] = []
        for number in range(rounds):
            costs: dict[str, Cost] = {}
            for engine in ENGINES if number % 2 else ENGINES[::-1]:
                out = folder / engine
                shutil.rmtree(out, ignore_errors=True)
                costs[engine] = cleaned(folder / "pages", out, workers, "--engine", engine)
                timings = seconds_by_step(out)
                steps = "  ".join(f"{step} {timings[step]:.1f}" for step in STEPS)
                print(f"  {engine:<6}{costs[engine].cpu:8.1f} s cpu {costs[engine].wall:8.1f} s   {steps}", flush=True)
                time.sleep(1)
            ratios.append((costs["dask"].wall / costs["local"].wall, costs["dask"].cpu / costs["local"].cpu))
            print(
                f"  dask / local: {ratios[-1][0]:.2f} by the clock, {ratios[-1][1]:.2f} in processor time", flush=True
            )
        wall, cpu = (median(each) for each in zip(*ratios, strict=True))
        print(f"median of {rounds}: {wall:.2f} by the clock, {cpu:.2f} in processor time")
        different = list(different_tables(folder / "local", folder / "dask"))
        print("tables file by file: " + (", ".join(different) or "equal"))
        sys.exit(bool(different))


if __name__ == "__main__":
    main()
