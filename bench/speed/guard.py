"""Tell when cleaning has become dearer: a small run is counted, and held against what was recorded.

Where valgrind is at hand its instructions are counted, which no other load on the machine changes: those of a run over
some pages, and of one over more, so that starting up cancels out. Elsewhere it is the processor time over that of the
floor, the median of several rounds, which tells less. Each is recorded by itself in ``bench/speed/recorded.json``;
``--record`` does that.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import msgspec
import regex

from bench.speed.measure import PROFILE, ROOT, Setting, measured, written
from bench.speed.pages import SEED, Corpus

RECORDED = Path(__file__).with_name("recorded.json")
MORE_THAN = 0.10
"""Growth that is no longer believed to be chance."""
FEW, MANY = 100, 300
LEAKING = 0.3
ROUNDS = 5
RATIO_DOCUMENTS = 4000

_COLLECTED = regex.compile(r"Collected : ([0-9]+)")


def instructions(corpora: Path) -> float:
    """Return how many instructions a page takes."""
    few, many = (_counted(written(Corpus(number, LEAKING), "txt", corpora), corpora) for number in (FEW, MANY))
    return (many - few) / (MANY - FEW)


def _counted(pages: Path, scratch: Path) -> int:
    """Return the instructions of a run over some pages."""
    out = scratch / "counted"
    shutil.rmtree(out, ignore_errors=True)
    # Hashes of strings, and threads of Arrow, would make each run a little different.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable, "-m", "pipeline"]
    command += ["run", str(pages), "--out", str(out), "--quiet", "--workers", "1", "--profile", str(PROFILE)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    found = _COLLECTED.search(done.stderr)
    if done.returncode or found is None:
        raise click.ClickException(f"valgrind ended with exit code {done.returncode}: {done.stderr[-500:]}")
    return int(found[1])


def ratio(corpora: Path) -> float:
    """Return the processor time of a small run over that of the floor."""
    rounds = measured(Setting("txt", RATIO_DOCUMENTS, LEAKING, 1), corpora, ROUNDS, SEED)
    return statistics.median(rounds.ratios)


@click.command()
@click.option("--record", is_flag=True, help="Record what is measured instead of comparing it.")
def main(*, record: bool) -> None:
    """Fail when cleaning takes more than a tenth more than what was recorded."""
    name, measure = ("instructions_a_page", instructions) if shutil.which("valgrind") else ("ratio_to_the_floor", ratio)
    recorded: dict[str, float] = msgspec.json.decode(RECORDED.read_bytes()) if RECORDED.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        measured_now = round(measure(Path(folder)), 2)
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
