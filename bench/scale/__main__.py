"""Measure the cost model, let it forecast runs that were measured as well, and draw how it goes on from there.

``python -m bench.scale`` cleans up to 16,000 pages with one and two workers, fits the model to the smaller runs with
one, and holds its forecast against all others. ``--output FOLDER`` writes ``scale.svg`` and ``scale.json`` there.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from bench.scale.measure import Commit, Point, commits, costs, handing, held, points
from bench.scale.model import Costs, Forecast, Plant, forecast, processor_time

if TYPE_CHECKING:
    from collections.abc import Sequence

LADDER = (
    (10**5, Plant(2)),
    (10**6, Plant(8)),
    (10**7, Plant(32, pages_a_file=10_000)),
    (10**8, Plant(256, 5e9, 100_000, shuffles=True)),
    (10**9, Plant(256, 5e9, 100_000, shuffles=True)),
    (10**9, Plant(2048, 2e10, 100_000, shuffles=True)),
)
"""From one machine to a thousand million pages: what there is, and what it is cleaned on."""
DRAWN = (1, 8, 64, 512, 4096)
"""Workers whose curves are drawn."""
COLOURS = ("#4477aa", "#aa3377", "#228833", "#cc7711", "#555555")
MANY = 8
"""Workers from which on a cluster does the work, and its shuffle compares the pages."""
HOUR = 3600


@click.command()
@click.option("--documents", type=click.IntRange(min=1000), default=16_000, show_default=True, help="Pages at most.")
@click.option("--seed", default="tides", show_default=True, help="What the pages are made from.")
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="Folder for the plot and the figures.")
def main(documents: int, seed: str, output: Path | None) -> None:
    """Measure the cost model and draw it."""
    sizes = [documents // 8, documents // 4, documents // 2, documents]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured = list(points(folder, sizes, (1, 2), seed))
        made = list(commits(folder, (100, 1000, 4000), 1000))
    known = [point for point in measured if point.pages <= sizes[1] and point.workers == 1]
    model = costs(known, made, handing(), held())
    _tell(measured, made, model)
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        (output / "scale.json").write_bytes(
            msgspec.json.format(msgspec.json.encode({"costs": model, "points": measured, "commits": made})) + b"\n"
        )
        _draw(measured, model, output / "scale.svg")


def _tell(measured: Sequence[Point], made: Sequence[Commit], model: Costs) -> None:
    for name in Costs.__slots__:
        print(f"  {name:<11}{getattr(model, name):14.9f}")
    print("pages  workers  processor s  forecast  ratio    clock s  forecast  ratio")
    for point in measured:
        busy = processor_time(point.pages, point.workers, model)
        told = forecast(point.pages, Plant(point.workers), model).total
        print(
            f"{point.pages:>6}{point.workers:>6}"
            f"{point.cpu:>13.1f}{busy:>10.1f}{point.cpu / busy:>8.2f}"
            f"{point.wall:>11.1f}{told:>10.1f}{point.wall / told:>8.2f}"
        )
    print("files of a commit  seconds")
    for one in made:
        print(f"{one.files:>12}{one.seconds:>14.2f}")
    print("pages          workers  storage  listed  evidence  cleaned  compared  committed  all    bound by")
    for pages, plant in LADDER:
        print(_row(pages, plant, forecast(pages, plant, model)))


def _row(pages: int, plant: Plant, told: Forecast) -> str:
    steps = (told.plan, told.evidence, told.clean, told.duplicates, told.commit, told.total)
    return (
        f"{pages:<14,}{plant.workers:>8}{plant.storage / 1e9:>6.0f} GB/s"
        + "".join(f"{step:>9.0f}" for step in steps)
        + f"  {told.bound}"
    )


def _draw(measured: Sequence[Point], model: Costs, path: Path) -> None:
    """Draw the job time that the model forecasts, and beside it the processor time of the runs that were measured."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"svg.hashsalt": "descrape", "svg.fonttype": "none", "font.size": 10})
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.2))
    for workers, colour in zip((1, 2), COLOURS[:2], strict=True):
        own = [point for point in measured if point.workers == workers]
        pages = [round(own[0].pages * (own[-1].pages / own[0].pages) ** (step / 30)) for step in range(31)]
        name = f"{workers} worker{'s' * (workers > 1)}"
        left.plot(pages, [processor_time(each, workers, model) for each in pages], color=colour, label=f"{name}, model")
        taken = [point.cpu for point in own]
        left.plot([point.pages for point in own], taken, "o", color=colour, label=f"{name}, measured")
    left.set(xlabel="pages", ylabel="seconds of processor time", title="measured", ylim=(0, None))
    numbers = [round(10 ** (4 + step / 4)) for step in range(21)]
    for workers, colour in zip(DRAWN, COLOURS, strict=True):
        plant = Plant(workers, 5e9, 100_000, shuffles=workers > MANY)
        totals = [forecast(pages, plant, model).total / HOUR for pages in numbers]
        right.plot(numbers, totals, color=colour, label=f"{workers} worker{'s' * (workers > 1)}")
    right.set(xscale="log", yscale="log", xlabel="pages", ylabel="hours of the whole job", title="simulated")
    for axes in (left, right):
        axes.grid(visible=True, which="major", alpha=0.3)
        axes.legend(frameon=False, fontsize=9)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    path.write_text("\n".join(line.rstrip() for line in path.read_text("utf-8").splitlines()) + "\n", "utf-8")


if __name__ == "__main__":
    main()
