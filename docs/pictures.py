"""Draw what commands print on a terminal, as pictures for the pages: `make pictures` writes them again.

It takes the extra `progress`, whose library draws. A picture holds its text as text, so that tests can read it, and
loads nothing from anywhere.
"""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import regex

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs/pictures"
WIDTH = 92
"""Columns of the terminal that is drawn."""

COMMANDS: Mapping[str, str] = {"survey": "descrape survey data/raw/alalam-style --rows 3"}
"""Pictures by name, and what is typed in each."""

_FONT = regex.compile(r"@font-face \{.*?\}\s*", regex.DOTALL)


def output(command: str, **shell: str) -> str:
    """Return what a command prints on a terminal of the pictures' width."""
    _, *arguments = command.split()
    inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment = inherited | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": str(WIDTH)} | shell
    driver, terminal = pty.openpty()
    words = [sys.executable, "-m", "pipeline", *arguments]
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdout=terminal) as ran:  # noqa: S603 - this very program
        os.close(terminal)
        parts: list[bytes] = []
        while part := _part(driver):
            parts.append(part)
    os.close(driver)
    if ran.returncode:
        raise SystemExit(f"{command} failed with {ran.returncode}")
    return b"".join(parts).decode().replace("\r\n", "\n")


def _part(driver: int) -> bytes:
    try:
        return os.read(driver, 65536)
    except OSError:  # how Linux says that the other end is closed
        return b""


def draw(name: str, command: str) -> str:
    """Return the picture of a command."""
    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="standard")
    console.print(Text.from_ansi(f"$ {command}\n{output(command)}"))
    # Without the fonts that a reader's machine would be made to fetch.
    return _FONT.sub("", console.export_svg(title="descrape", unique_id=name))


def main() -> None:
    """Write every picture."""
    for name, command in COMMANDS.items():
        (PICTURES / f"{name}.svg").write_text(draw(name, command), "utf-8")
        print(f"docs/pictures/{name}.svg was written")


if __name__ == "__main__":
    main()
