"""Kill a process of a run on a Dask cluster, at any time, and look at what is left.

A run over changed pages is started with ``--engine dask``, which has a scheduler and two workers, each with a process
of its own that cleans. At a moment drawn by a seed the command itself or one of its processes is killed outright. Then
the output is looked at as a reader sees it, every law is checked, and an ordinary run follows.

- The tables are those before the run or those after it, all of them, and no file is there twice.
- A run that says it committed has committed.
- The run that follows ends well, with the tables that an undisturbed run gives, and nothing stays staged.

``python -m bench.kills`` kills ten times of each kind; ``--times N`` as often as there is time for.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import click
import psutil

from bench.faults import rows
from bench.incremental import write_pages
from pipeline import open_snapshot
from pipeline.verify import verify

ROOT = Path(__file__).resolve().parents[1]
VICTIMS = ("command", "worker", "cleaner")
"""The command, which is the scheduler's process as well; a worker of the cluster; the process a worker cleans in."""


def start(pages: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    """Start the main job."""
    command = [sys.executable, "-m", "pipeline", "run", str(pages), "--out", str(out), "--workers", "2", "--quiet"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([*command, *more], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)


def victim(command: int, kind: str) -> psutil.Process | None:
    """Return a process of a running command of this kind, if it has one by now."""
    own = psutil.Process(command)
    if kind == "command":
        return own
    # Nannies of Dask start workers by multiprocessing, and so does a worker the process it cleans in.
    spawned = [child for child in own.children(recursive=True) if "spawn_main" in " ".join(child.cmdline())]
    parents = {child.pid for child in spawned}
    wanted = [child for child in spawned if (child.ppid() in parents) == (kind == "cleaner")]
    return wanted[0] if wanted else None


def trial(folder: Path, kind: str, moment: float) -> tuple[str, str]:
    """Kill one process of a run after so many seconds; return what a reader sees then, and what is wrong with it."""
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(folder / "before", out, symlinks=True)
    old, new = rows(folder / "before"), rows(folder / "after")
    running = start(folder / "pages", out, "--engine", "dask")
    began = time.monotonic()
    killed = False
    while running.poll() is None:
        if not killed and time.monotonic() - began >= moment:
            try:
                found = victim(running.pid, kind)
                if found is not None:
                    found.kill()
                    killed = True
            except psutil.NoSuchProcess:
                pass
        time.sleep(0.02)
    seen = rows(out)
    if breaches := verify(open_snapshot(out)).breaches:
        return "broken", f"a law is broken: {breaches[0]}"
    if seen not in (old, new):
        return "mixed", "the tables are neither those before the run nor those after it"
    if running.returncode in (0, 3) and seen != new:
        return "lost", f"exit code {running.returncode} acknowledges what no reader sees"
    if not killed:
        return "not killed", ""
    code = start(folder / "pages", out).wait()
    if code not in (0, 3) or rows(out) != new or any((out / ".staging").glob("*")):
        return "stuck", f"the run that follows ends with {code}, or not with what it should"
    return ("committed" if seen == new else "nothing visible"), ""


@click.command()
@click.option("--times", type=click.IntRange(min=1), default=10, show_default=True, help="Kills of each kind.")
@click.option("--documents", type=click.IntRange(min=100), default=4000, show_default=True, help="How many pages.")
@click.option("--seed", type=int, default=1, show_default=True, help="Draws the moments.")
def main(times: int, documents: int, seed: int) -> None:
    """Kill processes of runs on a cluster."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_pages(folder / "pages", range(documents), "tides")
        start(folder / "pages", folder / "before").wait()
        write_pages(folder / "pages", range(0, documents, 3), "changed")
        shutil.copytree(folder / "before", folder / "after", symlinks=True)
        began = time.monotonic()
        start(folder / "pages", folder / "after", "--engine", "dask").wait()
        whole = time.monotonic() - began
        print(f"{documents} pages, {len(open_snapshot(folder / 'after').manifest.shards)} shards, {whole:.1f} s a run")
        wrong = 0
        for kind in VICTIMS:
            ends: Counter[str] = Counter()
            for _ in range(times):
                end, problem = trial(folder, kind, chance.uniform(0.1, 1.0) * whole)
                ends[end] += 1
                if problem:
                    wrong += 1
                    print(f"  {kind}: {problem}", flush=True)
            print(f"  {kind:<8} " + ", ".join(f"{number} {end}" for end, number in sorted(ends.items())), flush=True)
        sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
