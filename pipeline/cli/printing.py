"""What goes to standard output, and what to standard error."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click
import msgspec

from pipeline.log import printable

if TYPE_CHECKING:
    from pipeline.inspect import Fragment, Style


STYLES: dict[Style, dict[str, Any]] = {
    "plain": {},
    "heading": {"bold": True},
    "field": {"fg": "green"},
    "title": {"fg": "cyan", "bold": True},
    "stamp": {"fg": "blue"},
    "body": {"fg": "green"},
    "sign_off": {"fg": "magenta"},
    "artifact": {"fg": "red"},
    "kept": {"fg": "yellow"},
    "blank": {"fg": "bright_black"},
    "warning": {"fg": "yellow"},
    "mark": {"fg": "bright_black"},
}


def terminal_width() -> int | None:
    """Return the columns of the terminal that standard output is; None where it is a pipe or a file."""
    return shutil.get_terminal_size().columns if sys.stdout is not None and sys.stdout.isatty() else None


def show(text: str | bytes = "") -> None:
    """Print a line of a result, bytes as they are; when the reader left, as `| head` does, the rest is for nobody."""
    try:
        click.echo(text)
    except BrokenPipeError:
        sys.stdout = None


def print_json(data: Any) -> None:
    """Print a result as indented JSON, which is UTF-8 wherever it goes."""
    show(msgspec.json.format(msgspec.json.encode(data), indent=2))


def log(message: str) -> None:
    """Print a line for people to standard error."""
    click.echo(f"descrape: {printable(message)}", err=True)


def styled(line: Iterable[Fragment]) -> str:
    """Return a line in the colours of its fragments."""
    return "".join(click.style(fragment.text, **STYLES[fragment.style]) for fragment in line)
