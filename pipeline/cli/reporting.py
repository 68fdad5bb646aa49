"""The command that makes a page of a snapshot: `report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.files import STANDARD_OUTPUT, NewFile
from pipeline.cli.options import COMMITTED, in_json
from pipeline.cli.printing import log, print_json, show

if TYPE_CHECKING:
    from pipeline.store.snapshot import Snapshot


@click.command(short_help="Show a snapshot on one web page that works offline.")
@click.argument("folder", metavar="DIR", type=COMMITTED)
@click.option(
    "--output",
    type=NewFile(allow_dash=True),
    default=Path("report.html"),
    show_default=True,
    help="File to write; - prints the page.",
)
@click.option(
    "--cuts",
    type=click.IntRange(0, 1_000_000),
    default=600,
    show_default=True,
    metavar="N",
    help="Leaks and look-alikes that are shown before and after, 200 a page.",
)
@in_json("what was written")
def report(folder: Path | str, output: Path, cuts: int, *, as_json: bool) -> None:
    """Make one HTML page of the current snapshot of DIR: what came in, what became of it, and every kind of cut.

    The page needs nothing else: no network, no script. It is told what changed since the snapshot before, while that
    is still there. The same snapshot gives the same page.

    \b
    Examples:
      descrape report data/clean
      descrape report data/clean --output build/report.html --cuts 2000
    """
    from pipeline.report import render, write
    from pipeline.report.page import size
    from pipeline.store.snapshot import open_snapshot

    snapshot = open_snapshot(folder)
    if output == STANDARD_OUTPUT:
        if as_json:
            raise click.UsageError("standard output takes the page; leave out --json")
        show(render(snapshot, _previous(folder, snapshot), cuts).encode())
        return
    written = write(snapshot, output, _previous(folder, snapshot), cuts)
    if as_json:
        print_json({"version": snapshot.version, "output": str(output), "bytes": written})
        return
    show(f"{output}: {snapshot.version} on one page, {size(written)}")


def _previous(folder: Path | str, snapshot: Snapshot) -> Snapshot | None:
    """Return the snapshot before, where it still is."""
    from pipeline.errors import SnapshotError
    from pipeline.store.snapshot import open_snapshot

    if (name := snapshot.manifest.previous) is None:
        return None
    try:
        return open_snapshot(snapshot.path.parent.parent if isinstance(folder, Path) else folder, name)
    except SnapshotError:
        log(f"{name}, the snapshot before, is gone: the page does not tell what changed")
        return None
