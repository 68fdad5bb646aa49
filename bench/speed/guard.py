"""Tell when cleaning has become dearer: a small run is counted, and held against what was recorded.

Where valgrind is at hand the instructions of the stages are counted, which no other load on the machine changes: those
of some pages, and of more, so that starting up cancels out. Elsewhere it is the processor time of a small run over that
of the floor, the median of several rounds, which tells less. Each is recorded in ``bench/speed/recorded.json`` by
itself; ``--record`` does that.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
import regex

from bench.speed.measure import PROFILE, ROOT, Setting, measured
from bench.speed.pages import SEED, Corpus
from pipeline.cli import ALGEBRA_THREADS
from pipeline.model import Record
from pipeline.profiles import load
from pipeline.stages import Cleaner

RECORDED = Path(__file__).with_name("recorded.json")
MORE_THAN = 0.10
"""Growth that is no longer believed to be chance."""
FEW, MANY = 100, 300
LEAKING = 0.3
ROUNDS = 5
RATIO_DOCUMENTS = 3000

SAME = {"PYTHONHASHSEED": "0", ALGEBRA_THREADS: "1"}
"""What makes each run take the same way: the hashes of strings, and no thread that waits for work in a loop."""

_COLLECTED = regex.compile(r"Collected : ([0-9]+)")


def instructions() -> float:
    """Return how many instructions the stages take for a page."""
    _run([sys.executable], FEW)  # what the first run keeps for the next, such as compiled modules, is kept then
    return (_counted(MANY) - _counted(FEW)) / (MANY - FEW)


def _counted(documents: int) -> int:
    """Return the instructions of a process that cleans so many pages."""
    done = _run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable], documents)
    found = _COLLECTED.search(done.stderr)
    if done.returncode or found is None:
        raise click.ClickException(f"valgrind ended with exit code {done.returncode}: {done.stderr[-500:]}")
    return int(found[1])


def _run(command: Sequence[str], documents: int) -> subprocess.CompletedProcess[str]:
    """Clean so many pages in a process of its own."""
    environment = {**os.environ, **SAME, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or compiling every module would be most of what is counted
    command = [*command, "-m", "bench.speed.guard", "--clean", str(documents)]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


def clean(documents: int) -> None:
    """Clean so many of the pages, and write nothing; all of them are made, which then costs the same each time.

    Others come first: a pattern that is compiled when a page needs it costs as much as many pages.
    """
    cleaner = Cleaner(load([str(PROFILE)]))
    for uri, raw in Corpus(MANY, LEAKING, f"{SEED}, others").pages():
        cleaner.clean(Record(uri, 0, raw))
    for uri, raw in list(Corpus(MANY, LEAKING).pages())[:documents]:
        cleaner.clean(Record(uri, 0, raw))


def ratio() -> float:
    """Return the processor time of a small run over that of the floor."""
    with tempfile.TemporaryDirectory() as folder:
        return measured(Setting("txt", RATIO_DOCUMENTS, LEAKING, 1), Path(folder), ROUNDS, SEED).ratio


MEASURES = {"instructions": instructions, "ratio": ratio}


@click.command()
@click.option("--record", is_flag=True, help="Record what is measured instead of comparing it.")
@click.option("--by", type=click.Choice(list(MEASURES)), help="What to measure; the surest that can be, by itself.")
@click.option("--clean", "documents", type=click.IntRange(min=1), help="Clean pages and measure nothing.")
def main(*, record: bool, by: str | None, documents: int | None) -> None:
    """Fail when cleaning takes more than a tenth more than what was recorded."""
    if documents is not None:
        clean(documents)
        return
    name = by or ("instructions" if shutil.which("valgrind") else "ratio")
    recorded: dict[str, float] = msgspec.json.decode(RECORDED.read_bytes()) if RECORDED.exists() else {}
    measured_now = round(MEASURES[name](), 2)
    if record:
        recorded[name] = measured_now
        RECORDED.write_bytes(msgspec.json.format(msgspec.json.encode(recorded, order="sorted")) + b"\n")
        print(f"{name}: {measured_now:,} recorded")
        return
    if name not in recorded:
        raise click.ClickException(f"{name} was never recorded; --record does it")
    growth = measured_now / recorded[name] - 1
    print(f"{name}: {measured_now:,}, recorded {recorded[name]:,}: {growth:+.1%}")
    sys.exit(growth > MORE_THAN)


if __name__ == "__main__":
    main()
