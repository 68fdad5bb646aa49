"""Break a run at each of its system calls that touch the output: does a reader ever see half of it?

A second run over a few pages, some of them changed, is traced: the command, and the worker that it forks to clean. Then
it is done again for every call by which either touched the output folder, and that one call kills the process, or fails
for want of space or by a broken disk. After each, the tables must be those before the run or those after it, every law
must hold on them, and the next run must succeed.

``python -m bench.faults`` does all of them; ``--sample N`` a few, drawn anew each time. It needs ``strace``.
"""

from __future__ import annotations

import os
import random
import secrets
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import click
import regex

from bench.warm import Ended, Warm
from pipeline import open_snapshot
from pipeline.errors import DescrapeError
from pipeline.schema import TABLES
from pipeline.verify import verify

CALLS = (
    "openat,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,"
    "unlink,unlinkat,rmdir,ftruncate,close"
)
"""System calls that can change the output, or fail because of it."""

STRACE = ("strace", "-qq")

FAULTS = {"kill": "signal=SIGKILL", "no space": "error=ENOSPC", "broken disk": "error=EIO"}

PROSE = b"The harbour was full of boats on Sunday, and the fog had gone by noon. Nobody minded.\n"
LEAK = b'array(1) {\n  ["boats"]=>\n  int(12)\n}\n'

_LINE = regex.compile(r"([a-z0-9_]+)\((.*)")

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Point:
    """One call of a traced run: which, how many of its name the thread had made up to it, and in which process."""

    call: str
    number: int
    worker: bool
    """Whether it is made by the worker, which cleans, and not by the command itself, which commits."""


@dataclass(frozen=True, slots=True)
class Injected:
    """What one broken run left behind. ``problem`` is empty when nothing is wrong with it."""

    point: Point
    fault: str
    exit_code: int
    version: str
    problem: str


class Bench:
    """A folder with pages, an output of a first run over them, and pages changed since."""

    def __init__(self, folder: Path) -> None:
        self.pages = folder / "pages"
        self.before = folder / "before"
        self.out = folder / "out"
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(6):
            self._write(f"{number}.txt", PROSE + (LEAK if number % 2 else b""))
        self.warm = Warm.start(folder, self.pages)
        self.descrape(self.before)
        self._write("3.txt", PROSE + PROSE)
        self._write("blank.txt", b"  \n")
        self._write("new.txt", LEAK + b"\n" + PROSE)
        self.old = rows(self.before)
        after = folder / "after"
        shutil.copytree(self.before, after, symlinks=True)
        self.descrape(after)
        self.new = rows(after)

    def _write(self, name: str, raw: bytes) -> None:
        self.pages.mkdir(parents=True, exist_ok=True)
        (self.pages / name).write_bytes(raw)

    def reset(self) -> None:
        """Have the output as the first run left it."""
        shutil.rmtree(self.out, ignore_errors=True)
        shutil.copytree(self.before, self.out, symlinks=True)

    def descrape(self, out: Path, *tracer: str, worker: bool = False) -> Ended:
        """Run the main job on an output, with one worker; trace that, or the command, if there is a tracer."""
        told = ["run", str(self.pages), "--out", str(out), "--workers", "1", "--quiet"]
        return self.warm.run(told, (*STRACE, *tracer) if tracer else (), worker=worker)

    def points(self) -> list[Point]:
        """Trace the command and its worker, in a run each, and return their calls that touch the output."""
        return [point for worker in (False, True) for point in self._points(worker=worker)]

    def _points(self, *, worker: bool) -> list[Point]:
        self.reset()
        trace = self.out.parent / "trace"
        self.descrape(self.out, "-y", "-o", str(trace), "-e", f"trace={CALLS}", worker=worker)
        made: Counter[str] = Counter()
        found: list[Point] = []
        for line in trace.read_text("utf-8", "replace").splitlines():
            if match := _LINE.match(line):
                made[match[1]] += 1
                if str(self.out) in match[2]:
                    found.append(Point(match[1], made[match[1]], worker))
        return found

    def inject(self, point: Point, fault: str) -> Injected:
        """Do the run with one of its calls broken, and look at what a reader sees then."""
        self.reset()
        inject = f"inject={point.call}:{FAULTS[fault]}:when={point.number}"
        traced = ("-o", os.devnull, "-e", f"trace={point.call}", "-e", inject)
        ran = self.descrape(self.out, *traced, worker=point.worker)
        try:
            version = open_snapshot(self.out).version
            problem = self._seen(ran) or self._next()
        except DescrapeError as error:
            version, problem = "none", f"the tables cannot be read: {error}"
        return Injected(point, fault, ran.exit_code, version, problem)

    def _seen(self, ran: Ended) -> str:
        """Return what is wrong with what a reader sees after a broken run, and with what the run said of itself."""
        if breaches := verify(open_snapshot(self.out), full=True).breaches:
            return f"a law is broken: {breaches[0]}"
        seen = rows(self.out)
        if seen not in (self.old, self.new):
            return "the tables are neither those before the run nor those after it"
        if ran.exit_code in (0, 3) and seen != self.new:
            return f"exit code {ran.exit_code} acknowledges what no reader sees"
        if "Traceback" in ran.stderr:
            return "a stack trace: " + ran.stderr.strip().splitlines()[-1]
        return ""

    def _next(self) -> str:
        """Return what is wrong with the run that follows a broken one."""
        again = self.descrape(self.out)
        if again.exit_code in (0, 3) and rows(self.out) == self.new:
            return ""
        return f"the next run ends with {again.exit_code}: {again.stderr}"


def rows(out: Path) -> Rows:
    """Return every row of the current tables but for what names the run."""
    snapshot = open_snapshot(out)
    tables: Rows = {table: snapshot.arrow(table).to_pylist() for table in TABLES}
    for row in tables["rejects"]:
        del row["run_id"]
    return tables


def injected(folder: Path, sample: int | None, seed: int, jobs: int = 1) -> Iterator[Injected]:
    """Yield the outcome of every fault at every point, or of so many drawn by a seed."""
    benches = [Bench(folder / str(number)) for number in range(jobs)]
    tries = [(point, fault) for point in benches[0].points() for fault in FAULTS]
    if sample is not None:
        tries = random.Random(seed).sample(tries, min(sample, len(tries)))
    idle = SimpleQueue[Bench]()
    for bench in benches:
        idle.put(bench)

    def inject(point: Point, fault: str) -> Injected:
        bench = idle.get()
        try:
            return bench.inject(point, fault)
        finally:
            idle.put(bench)

    try:
        with ThreadPoolExecutor(jobs) as threads:
            yield from threads.map(inject, *zip(*tries, strict=True))
    finally:
        for bench in benches:
            bench.warm.close()


@click.command()
@click.option("--sample", type=click.IntRange(min=1), help="Inject so many faults only, drawn by the seed.")
@click.option("--seed", type=int, help="Seed of the sample; a fresh one when left out.")
@click.option("--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Runs at a time.")
def main(sample: int | None, seed: int | None, jobs: int) -> None:
    """Break a run at each of its system calls that touch the output."""
    if shutil.which("strace") is None:
        print("strace is not here, so no fault was injected. On Debian or Ubuntu: apt install strace")
        sys.exit(1)
    seed = secrets.randbelow(2**32) if seed is None else seed
    with tempfile.TemporaryDirectory() as folder:
        outcomes = list(_told(injected(Path(folder), sample, seed, jobs)))
    _print(outcomes, seed if sample is not None else None)
    sys.exit(any(outcome.problem for outcome in outcomes))


def _told(outcomes: Iterable[Injected]) -> Iterator[Injected]:
    """Pass outcomes on, and say on standard error how far it has come and what is wrong."""
    for number, outcome in enumerate(outcomes, 1):
        if outcome.problem:
            print(_line(outcome), file=sys.stderr, flush=True)
        if number % 100 == 0:
            print(f"{number} injected", file=sys.stderr, flush=True)
        yield outcome


def _line(outcome: Injected) -> str:
    point, process = outcome.point, "worker" if outcome.point.worker else "command"
    return f"{point.call} number {point.number} of the {process}, {outcome.fault}: {outcome.problem}"


def _print(outcomes: Sequence[Injected], seed: int | None) -> None:
    print("every call" if seed is None else f"a sample, seed {seed}")
    for fault in FAULTS:
        own = [outcome for outcome in outcomes if outcome.fault == fault]
        survived = sum(not outcome.problem for outcome in own)
        switched = sum(outcome.version != "v000001" for outcome in own)
        print(f"  {fault:<12} {len(own):>4} injected  {survived:>4} survived  {switched:>4} after the switch")
    lost = sum(bool(outcome.problem) for outcome in outcomes)
    print(f"  all          {len(outcomes):>4} injected  {len(outcomes) - lost:>4} survived  {lost:>4} with lost rows")
    for outcome in outcomes:
        if outcome.problem:
            print("  " + _line(outcome))


if __name__ == "__main__":
    main()
