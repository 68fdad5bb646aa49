"""Files that a command is asked to write beside its result."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from pipeline.cli.printing import log
from pipeline.errors import DescrapeError, UsageError

STANDARD_OUTPUT = Path("-")
SNAPSHOTS = "snapshots"
MANIFEST = "manifest.json"


class NewFile(click.Path):
    """A file to write: its folder must be there already, so that no work is done in vain, and be no snapshot.

    Args:
        allow_dash: Whether it may be standard output, which otherwise holds the result of the command.
    """

    def __init__(self, *, allow_dash: bool = False) -> None:
        super().__init__(dir_okay=False, allow_dash=allow_dash, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, if there is a folder for it."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if path == STANDARD_OUTPUT:
            if not self.allow_dash:
                self.fail("-: standard output holds the result of the command; name a file", param, ctx)
            return path
        if not path.parent.is_dir():
            self.fail(f"{path}: there is no folder {path.parent}", param, ctx)
        if any(folder.parent.name == SNAPSHOTS and (folder / MANIFEST).is_file() for folder in path.resolve().parents):
            self.fail(f"{path}: lies in a snapshot, which is never written to; name another place", param, ctx)
        return path


def refuse_input(path: Path, sources: Sequence[str]) -> None:
    """Refuse to write over a file that is read.

    Raises:
        UsageError: The file is an input of the sources.
    """
    from pipeline.store.discovery import discover, is_stream
    from pipeline.store.remote import is_remote

    here = [source for source in sources if not is_stream(source) and not is_remote(source)]
    if (
        path.is_file()
        and here
        and any(path.samefile(item.path) for item in discover(here).inputs if Path(item.path).exists())
    ):
        raise UsageError(f"{path}: is one of the documents that are read; name another file")


def write_file(path: Path, text: str) -> None:
    """Write a file, and say so.

    Raises:
        DescrapeError: It cannot be written.
    """
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise DescrapeError(f"{path}: cannot be written: {error.strerror}") from None
    log(f"wrote {path}")
