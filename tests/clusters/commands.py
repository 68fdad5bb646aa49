"""Run what the examples for clusters hold, with commands of a folder of its own before all others on the path."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.corpus import environment


def script(place: Path, name: str, body: str) -> None:
    """Write a command of the shell."""
    path = place / "bin" / name
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(0o755)


def run(place: Path, *command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with more in its environment."""
    path = f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"
    told = environment(PATH=path, **more)
    return subprocess.run(command, cwd=place, env=told, capture_output=True, text=True, check=False, timeout=300)
