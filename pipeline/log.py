"""Events of a run: one line each, for people or as JSON, on standard error and in the run's own folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TextIO

import msgspec

REPORT = "report.json"
"""The file of a run's folder that says how it ended."""

LogFormat = Literal["text", "json"]
Level = Literal["info", "warning", "error"]
Value = str | int | float | bool | None


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "input"), counted(2, "input")
    ('1 input', '2 inputs')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def printable(text: str) -> str:
    r"""Return text with controls made visible: a name or a page must not command the terminal.

    >>> printable("a\x1b[31mb\n")
    'a\\x1b[31mb\\n'
    """
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape", "surrogatepass").decode() for letter in text
    )


class RunLog:
    """Writes events; names of events and fields are stable.

    Args:
        layout: ``text`` for people, ``json`` for programs: one object a line.
        quiet: Show warnings and errors alone. The run's folder gets every event all the same.
        stream: Where to show them; standard error when None.
    """

    def __init__(self, layout: LogFormat = "text", *, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._layout = layout
        self._quiet = quiet
        self._stream = stream
        self._lines: list[bytes] = []

    def event(self, name: str, message: str, level: Level = "info", **fields: Value) -> None:
        """Record one event.

        >>> import sys
        >>> RunLog("text", stream=sys.stdout).event("run_started", "reading 3 inputs", inputs=3)
        descrape: reading 3 inputs
        """
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = msgspec.json.encode({"time": now, "level": level, "event": name, "message": message} | fields)
        self._lines.append(line)
        if not (self._quiet and level == "info"):
            self.show(name, message, level, line, fields)

    def show(self, _name: str, message: str, level: Level, line: bytes, _fields: Mapping[str, Value]) -> None:
        """Print one event, whose JSON is ``line``."""
        stream = self._stream or sys.stderr
        prefix = "" if level == "info" else f"{level}: "
        text = line.decode() if self._layout == "json" else f"descrape: {prefix}{printable(message)}"
        # Whoever reads the log may go away; the run does not depend on it, and its folder keeps every line.
        try:
            print(text, file=stream, flush=True)
        except OSError:
            if stream is sys.stderr:
                # Or the interpreter tries once more on its way out, and says so in the exit code.
                sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - it stays to the end

    def save(self, folder: Path, report: Mapping[str, object]) -> None:
        """Write ``log.jsonl`` and ``report.json`` into the folder of the run.

        Raises:
            OSError: The folder cannot be written to.
        """
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "log.jsonl").write_bytes(b"".join(line + b"\n" for line in self._lines))
        (folder / REPORT).write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
