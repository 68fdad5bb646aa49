"""``python -m bench.fuzz``: explore the readers with inputs that reach new code, and hold every law against each.

Starts from the cases of the tests and the sample pages. What it meets on its way is kept beside the findings, so the
next run goes on from there. The first input that breaks a law ends the run: it stands as a file in the folder of
findings, and the exit code is not 0.
"""

from __future__ import annotations

import sys
import time
import zlib
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "build/fuzz"
LONGEST = 4096
"""Bytes of an input at most: every grammar fits, and a second tries hundreds."""
REPEATED = 64 * 1024
"""Bytes of the document that some inputs are repeated to, where time that does not grow with length shows."""
REPEATED_ONE_IN = 32
SLOWEST = 8.0
"""Seconds for such a document. Measured code runs several times slower than it does by itself."""


class TooSlowError(Exception):
    """An input costs more time than its length allows."""


@click.command()
@click.option("--seconds", type=click.IntRange(min=1), default=60, show_default=True, help="How long to explore.")
@click.option("--seed", type=click.IntRange(min=1), help="Explore the same inputs as another run with this seed.")
def main(seconds: int, seed: int | None) -> None:
    """Explore the cleaner for a while; exit with 0 when no input broke a law."""
    try:
        import atheris
    except ImportError:
        sys.exit("fuzz: atheris is not to be had here (it is built for Linux and for Python before 3.14)")

    with atheris.instrument_imports(include=["pipeline"]):
        from pipeline.families import FAMILIES
        from pipeline.model import Record
        from pipeline.profiles import load
        from pipeline.stages import Cleaner
    from tests.conftest import hold_laws

    cleaner = Cleaner(load())

    def hold(data: bytes) -> None:
        hold_laws(cleaner, Record("page.txt", 0, data))
        if data and zlib.crc32(data) % REPEATED_ONE_IN == 0:
            start = time.process_time()
            hold_laws(cleaner, Record("page.txt", 0, data * (REPEATED // len(data))))
            taken = time.process_time() - start
            if taken > SLOWEST:
                raise TooSlowError(f"{taken:.1f} s for this, repeated to {REPEATED} bytes")

    anchors = {anchor for family in FAMILIES for grammar in family.grammars for anchor in grammar.anchors}
    findings, options = _prepare(seconds, anchors)
    options += [f"-seed={seed}"] if seed is not None else []
    print(f"fuzz: {seconds} seconds; findings go to {findings.relative_to(ROOT)}", flush=True)
    atheris.Setup([sys.argv[0], *options], hold)
    atheris.Fuzz()


def _prepare(seconds: int, anchors: set[bytes]) -> tuple[Path, list[str]]:
    """Make the folders and the dictionary; return the folder of findings, and what to tell the fuzzer."""
    findings, corpus, seeds = (HOME / name for name in ("findings", "corpus", "seeds"))
    for folder in (findings, corpus, seeds):
        folder.mkdir(parents=True, exist_ok=True)
    for document in (*ROOT.glob("tests/cases/*/*/*.raw"), *ROOT.glob("data/raw/*/*.txt")):
        (seeds / "-".join(document.relative_to(ROOT).parts)).write_bytes(document.read_bytes())
    dictionary = HOME / "anchors.dict"
    dictionary.write_text("".join(f'"{_escaped(anchor)}"\n' for anchor in sorted(anchors)), "ascii")
    return findings, [
        str(corpus),
        str(seeds),
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        "-timeout=300",  # seconds of a clock, on a machine that may have other work; SLOWEST is of the processor
        "-rss_limit_mb=2048",
        f"-dict={dictionary}",
        f"-artifact_prefix={findings}/",
        "-print_final_stats=1",
    ]


def _escaped(raw: bytes) -> str:
    r"""Return bytes as the fuzzer's dictionary writes them.

    >>> _escaped(b'a(1) "')
    '\\x61\\x28\\x31\\x29\\x20\\x22'
    """
    return "".join(f"\\x{byte:02x}" for byte in raw)


if __name__ == "__main__":
    main()
