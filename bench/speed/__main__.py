"""Measure what cleaning a corpus costs beside copying it.

Pages are made from a seed and written in each form. Then the floor (read the form, write its text as Parquet) and the
main job (five tables, every family, the commit) run in turn, round by round, each in processes of its own; what counts
is the processor time of the one over the other. ``--write DIR`` keeps the figures as JSON and as a plot, and puts them
into the page ``benchmarks.md`` there.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click
import msgspec
import regex

from bench.speed.forms import FORMS
from bench.speed.measure import Rounds, measured, settings
from bench.speed.pages import SEED
from bench.speed.plot import plot
from bench.speed.telling import line, markdown

BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
FIGURES = regex.compile(f"{BEGIN}.*?{END}", regex.DOTALL)
"""Where the table stands in the page."""


@click.command()
@click.option("--documents", multiple=True, default=[100_000], type=click.IntRange(min=1), help="Pages; repeatable.")
@click.option("--form", "forms", multiple=True, default=list(FORMS), type=click.Choice(list(FORMS)), help="Forms.")
@click.option(
    "--leaking", multiple=True, default=[0.0, 0.3, 1.0], type=click.FloatRange(0, 1), help="Shares that leak."
)
@click.option("--processes", multiple=True, default=[1, 2], type=click.IntRange(min=1), help="Processes; repeatable.")
@click.option("--rounds", default=9, show_default=True, type=click.IntRange(min=1), help="Rounds of each setting.")
@click.option("--seed", default=SEED, show_default=True, help="What the pages are made from.")
@click.option("--corpora", type=click.Path(path_type=Path), help="Folder to keep the corpora in, for the next time.")
@click.option(
    "--write",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder for the figures: docs, or one that has a page like docs/benchmarks.md.",
)
def main(  # noqa: PLR0913, PLR0917 - an argument an option
    documents: tuple[int, ...],
    forms: tuple[str, ...],
    leaking: tuple[float, ...],
    processes: tuple[int, ...],
    rounds: int,
    seed: str,
    corpora: Path | None,
    folder: Path | None,
) -> None:
    """Measure what cleaning a corpus costs beside copying it."""
    with tempfile.TemporaryDirectory() as temporary:
        found: list[Rounds] = []
        for setting in settings(forms, documents, leaking, processes):
            found.append(measured(setting, corpora or Path(temporary), rounds, seed))
            print(line(found[-1]), flush=True)
    if folder is not None:
        (folder / "benchmarks.json").write_bytes(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
        (folder / "benchmarks.svg").write_text(plot(found))
        told = markdown(found, f"{os.cpu_count()} cores")
        page = folder / "benchmarks.md"
        page.write_text(FIGURES.sub(lambda _: f"{BEGIN}\n\n{told}\n{END}", page.read_text()))


if __name__ == "__main__":
    main()
