"""Run the floor and the main job in turn, each in processes of its own, and tell how they compare."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from msgspec import Struct

from bench.speed.forms import FORMS
from bench.speed.pages import Corpus

ROOT = Path(__file__).resolve().parents[2]
PROFILE = ROOT / "bench/speed/lanterns.toml"


class Cost(Struct, frozen=True):
    """What one run took.

    Attributes:
        cpu: Seconds of processor time, its workers' with it.
        wall: Seconds by the clock.
        memory: Bytes that the largest of its processes held at most.
    """

    cpu: float
    wall: float
    memory: int


class Setting(Struct, frozen=True):
    """What is measured: a corpus in a form, and how many processes work on it."""

    form: str
    documents: int
    leaking: float
    processes: int


class Rounds(Struct, frozen=True):
    """The runs of one setting, the floor's and the job's of each round side by side, and the size of its corpus."""

    setting: Setting
    size: int
    floor: list[Cost]
    job: list[Cost]

    @property
    def ratios(self) -> list[float]:
        """The processor time of the job over that of the floor, round by round."""
        return [job.cpu / floor.cpu for floor, job in zip(self.floor, self.job, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return statistics.median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        """The smallest and the largest ratio."""
        return min(self.ratios), max(self.ratios)

    @property
    def wall(self) -> float:
        """The median of the seconds by the clock that the job took."""
        return statistics.median(cost.wall for cost in self.job)

    @property
    def cpu(self) -> float:
        """The median of the seconds of processor time that the job took."""
        return statistics.median(cost.cpu for cost in self.job)

    @property
    def memory(self) -> int:
        """Bytes of the largest process of the job in any round."""
        return max(cost.memory for cost in self.job)


def measured(setting: Setting, corpora: Path, rounds: int, seed: str) -> Rounds:
    """Run the floor and the job in turn, so many times; the machine's mood is then the same for both."""
    # Apart, for what a process held at most counts for those that it starts as well.
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        folder = apart.submit(written, Corpus(setting.documents, setting.leaking, seed), setting.form, corpora).result()
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    floors: list[Cost] = []
    jobs: list[Cost] = []
    for _ in range(rounds):
        floors.append(_floor(setting, folder, corpora / "floor"))
        jobs.append(_job(setting, folder, corpora / "job"))
    return Rounds(setting, size, floors, jobs)


def written(corpus: Corpus, form: str, corpora: Path) -> Path:
    """Return the folder of a corpus in a form; it is written once, and whole or not at all."""
    folder = corpora / form / corpus.name
    if not folder.exists():
        part = folder.with_name(folder.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        FORMS[form].write(corpus, part)
        part.rename(folder)
    return folder


def _floor(setting: Setting, corpus: Path, out: Path) -> Cost:
    _anew(out).mkdir()
    return spent(
        [sys.executable, "-m", "bench.speed.floor", setting.form, str(corpus), str(out), str(setting.processes)]
    )


def _job(setting: Setting, corpus: Path, out: Path) -> Cost:
    command = [sys.executable, "-m", "pipeline", "run", str(corpus), "--out", str(_anew(out)), "--quiet"]
    return spent([*command, "--workers", str(setting.processes), "--profile", str(PROFILE)])


def _anew(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def spent(command: Sequence[str]) -> Cost:
    """Run a command, and return what it and its processes took.

    Raises:
        RuntimeError: It failed.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or each run would compile every module it imports
    start = time.perf_counter()
    with subprocess.Popen(command, env=environment, cwd=ROOT) as run:
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if run.returncode:
        raise RuntimeError(f"{command[2]} ended with exit code {run.returncode}")
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024)


def settings(
    forms: Sequence[str], documents: Sequence[int], leaking: Sequence[float], processes: Sequence[int]
) -> Iterator[Setting]:
    """Yield every combination."""
    for form in forms:
        for number in documents:
            for count in processes:
                for share in leaking:
                    yield Setting(form, number, share, count)
