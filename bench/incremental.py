"""Measure what a run costs when one page in a hundred changed, beside a run over everything.

Pages of 1 to 4 kB are made from a seed, a quarter of them with a leak. They are cleaned; then one in a hundred is
written anew, and the output is brought up to date twice: once reading only what looks otherwise than it did, and once
reading every page. Both must end with the tables of a run that begins anew, row for row.

It is done for pages that stand together, as those of a day's crawl do, and for pages drawn at random from everywhere.
Drawn at random they touch every file of the tables, and a Parquet file can only be written as a whole: what such a run
costs is what rewriting the tables costs.

``python -m bench.incremental`` does it with 100,000 pages; ``--documents N`` with as many as there is time for.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import regex

from pipeline import open_snapshot
from pipeline.schema import TABLES
from pipeline.store.seen import CLOCK_SLACK
from pipeline.store.snapshot import read_file

if TYPE_CHECKING:
    import pyarrow as pa

ROOT = Path(__file__).resolve().parents[1]

FOLDER = 1000
"""Pages a folder."""

WORDS = regex.findall(
    r"[a-z]+",
    """
    the a of in and to by from after before under above harbour bridge council river market winter train station school
    teacher wind storm coast village mayor road boat captain fog morning evening committee budget water museum garden
    festival was were will has had said opened closed found built moved planned repaired reported
    """,
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took: seconds of processor time, its workers' with it, and seconds by the clock."""

    cpu: float
    wall: float

    def beside(self, full: Cost) -> str:
        """Return the figures as one line, with their share of a full run."""
        return (
            f"{self.cpu:9.2f} s cpu {self.wall:9.2f} s wall   "
            f"{self.cpu / full.cpu:7.1%} cpu {self.wall / full.wall:7.1%} wall"
        )


def page(chance: random.Random) -> bytes:
    """Return one page."""
    minute, day = chance.randrange(60), chance.randrange(1, 29)
    paragraphs = [_sentence(chance) for _ in range(chance.randrange(12, 45))]
    text = f"{_words(chance, 5).title()}\n\n{day:02d} March 2016 11:{minute:02d}\n\n" + "\n\n".join(paragraphs) + "\n"
    if chance.random() < 1 / 4:
        leaked = _words(chance, 40)
        text += f'\nstring({len(leaked)}) "{leaked}"\n'
    return text.encode()


def _sentence(chance: random.Random) -> str:
    return _words(chance, chance.randrange(8, 18)).capitalize() + "."


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(WORDS, k=count))


def write_pages(pages: Path, numbers: Iterable[int], seed: str) -> None:
    """Write pages by their numbers, each made from the seed and its number alone."""
    for number in numbers:
        path = pages / f"{number // FOLDER:04d}" / f"{number % FOLDER:03d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page(random.Random(f"{seed}/{number}")))


def cleaned(pages: Path, out: Path, workers: int, *more: str) -> Cost:
    """Do the main job in a process of its own, and measure it."""
    command = [sys.executable, "-m", "pipeline", "run", str(pages), "--out", str(out), "--workers", str(workers)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or each run would compile every module it imports
    start = time.perf_counter()
    with subprocess.Popen([*command, "--quiet", *more], env=environment, cwd=ROOT) as run:
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if run.returncode:
        sys.exit(f"the run ended with exit code {run.returncode}")
    return Cost(used.ru_utime + used.ru_stime, wall)


def seconds_by_step(out: Path) -> dict[str, float]:
    """Return what each step of the only run of an output took, by the clock."""
    (report,) = (out / "runs").glob("*/report.json")
    timings: dict[str, float] = json.loads(report.read_bytes())["timings"]
    return timings


def different_tables(one: Path, other: Path) -> Iterator[str]:
    """Yield the tables of which two outputs hold different rows; shards are compared one by one."""
    snapshots = open_snapshot(one), open_snapshot(other)
    for table in TABLES:
        files = [snapshot.files(table) for snapshot in snapshots]
        if len(files[0]) != len(files[1]) or any(_rows(a) != _rows(b) for a, b in zip(*files, strict=True)):
            yield table


def _rows(path: Path) -> pa.Table:
    rows = read_file(path)
    return rows.drop_columns(["run_id"]) if "run_id" in rows.column_names else rows


@click.command()
@click.option("--documents", type=click.IntRange(min=100), default=100_000, show_default=True, help="How many pages.")
@click.option("--workers", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Worker processes.")
@click.option("--seed", default="tides", show_default=True, help="What the pages are made from.")
def main(documents: int, workers: int, seed: str) -> None:
    """Measure a run after one page in a hundred changed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = folder / "pages"
        write_pages(pages, range(documents), seed)
        size = sum(path.stat().st_size for path in pages.rglob("*.txt"))
        print(f"{documents} pages, {size / 1e6:.0f} MB, {workers} workers, seed {seed!r}")
        # Files that are as old as the run would be read again by the next one.
        time.sleep(CLOCK_SLACK + 1)
        full = cleaned(pages, folder / "full", workers)
        print(f"  everything                    {full.beside(full)}", flush=True)
        count = documents // 100
        changes = {"together": range(count), "at random": random.Random(seed).sample(range(documents), count)}
        sys.exit(sum([_measure(folder, full, workers, where, some, seed) for where, some in changes.items()]))


def _measure(  # noqa: PLR0913, PLR0917 - what was, what changed, and where
    folder: Path, full: Cost, workers: int, where: str, changed: Sequence[int], seed: str
) -> bool:
    """Write some pages anew, bring copies of the output up to date, and print the cost; return whether rows differ."""
    outputs = {"looks": "what looks changed is read", "read": "--checksum"}
    for name in outputs:
        shutil.copytree(folder / "full", folder / name, symlinks=True, copy_function=os.link)
    write_pages(folder / "pages", changed, f"{seed} changed {where}")
    more = {"looks": (), "read": ("--checksum",)}
    print(f"  {len(changed)} changed, {where}")
    for name, told in outputs.items():
        cost = cleaned(folder / "pages", folder / name, workers, *more[name])
        print(f"    {told:<27} {cost.beside(full)}", flush=True)
    cleaned(folder / "pages", folder / "anew", workers)
    different = [f"{name}: {table}" for name in outputs for table in different_tables(folder / name, folder / "anew")]
    print("    tables beside those of a run that begins anew: " + (", ".join(different) or "equal"), flush=True)
    # The next change is measured from where this one ended.
    shutil.rmtree(folder / "full")
    (folder / "anew").rename(folder / "full")
    for name in outputs:
        shutil.rmtree(folder / name)
    time.sleep(CLOCK_SLACK + 1)
    return bool(different)


if __name__ == "__main__":
    main()
