"""Files that a command is asked to write beside its result."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from pipeline.cli.printing import log
from pipeline.errors import DescrapeError


class NewFile(click.Path):
    """A file to write: its folder must be there already, so that no work is done in vain."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, if there is a folder for it."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not path.parent.is_dir():
            self.fail(f"{path}: there is no folder {path.parent}", param, ctx)
        return path


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
