"""Show that cost grows with the number of pages and nothing else, and that memory does not grow.

Corpora of ten times as many pages each are cleaned whole: five tables, every family, the commit. What a page costs is
the processor time of the run over its pages; of small corpora most is starting up, which the cost of a *further* page
leaves out. Memory is that of the largest process. ``--write DIR`` puts the table into ``benchmarks.md`` there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import click
import regex

from bench.speed.forms import FORMS
from bench.speed.measure import Rounds, Setting, measured
from bench.speed.pages import SEED

BEGIN, END = "<!-- growth -->", "<!-- end of growth -->"
TABLE = regex.compile(f"{BEGIN}.*?{END}", regex.DOTALL)
"""Where the table stands in the page."""
HEADINGS = ("pages", "MB", "processor seconds", "µs a page", "µs a further page", "CPU to the floor", "peak MB")


def row(rounds: Rounds, smaller: Rounds | None) -> tuple[str, ...]:
    """Return what the table says of a corpus, beside a smaller one where there is one."""
    documents = rounds.setting.documents
    further = ""
    if smaller is not None:
        further = f"{(rounds.cpu - smaller.cpu) / (documents - smaller.setting.documents) * 1e6:.0f}"
    return (
        f"{documents:,}",
        f"{rounds.size / 1e6:.1f}",
        f"{rounds.cpu:.1f}",
        f"{rounds.cpu / documents * 1e6:.0f}",
        further,
        f"{rounds.ratio:.2f}",
        f"{rounds.memory / 1e6:.0f}",
    )


def markdown(rows: Sequence[Sequence[str]], told: str) -> str:
    """Return the table of a page."""
    lines = [HEADINGS, ("---",) * len(HEADINGS), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + f"\n\n{told}\n"


@click.command(help=__doc__)
@click.option(
    "--documents",
    multiple=True,
    default=[1_000, 10_000, 100_000, 1_000_000],
    type=click.IntRange(min=1),
    help="Pages of a corpus; repeatable.",
)
@click.option("--form", default="jsonl.zst", type=click.Choice(list(FORMS)), help="Form of the corpora.")
@click.option("--leaking", default=0.3, type=click.FloatRange(0, 1), help="Share of pages with a leak.")
@click.option("--processes", default=1, type=click.IntRange(min=1), help="Processes.")
@click.option("--rounds", default=1, type=click.IntRange(min=1), help="Rounds of each corpus.")
@click.option("--corpora", type=click.Path(path_type=Path), help="Folder to work in: a million pages fill 4 GB of it.")
@click.option("--write", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="docs")
def main(  # noqa: PLR0913, PLR0917 - an argument an option
    documents: tuple[int, ...],
    form: str,
    leaking: float,
    processes: int,
    rounds: int,
    corpora: Path | None,
    folder: Path | None,
) -> None:
    """Print the rows of a table, and keep none of the corpora."""
    rows: list[tuple[str, ...]] = []
    smaller: Rounds | None = None
    for number in sorted(documents):
        with tempfile.TemporaryDirectory(dir=corpora) as temporary:
            found = measured(Setting(form, number, leaking, processes), Path(temporary), rounds, SEED)
        rows.append(row(found, smaller))
        print(" | ".join(rows[-1]), flush=True)
        smaller = found
    if folder is not None:
        told = f"`{form}`, {leaking:.0%} of the pages leaking, processes: {processes}."
        page = folder / "benchmarks.md"
        table = markdown(rows, told)
        page.write_text(TABLE.sub(lambda _: f"{BEGIN}\n\n{table}\n{END}", page.read_text()))


if __name__ == "__main__":
    main()
