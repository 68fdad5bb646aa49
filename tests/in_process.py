"""The command in the process of a test: what it prints and exits with, without the start of an interpreter.

It is `pipeline.cli.main` with arguments, streams, folder and environment of its own; the streams are those of the
operating system, so that what a worker process or a library prints is seen as well. What a start, an interpreter's end,
a signal or a pipe makes of it takes a process: `tests.corpus.as_process`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

import pytest

from pipeline.cli import main
from pipeline.engines.lanes import INTERRUPTS

INPUT, OUTPUT, ERROR = range(3)


def descrape(
    *arguments: str | Path | int, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    told = ["descrape", *map(str, arguments)]
    with TemporaryFile() as printed, TemporaryFile() as said:
        with ExitStack() as held:
            patched = held.enter_context(pytest.MonkeyPatch.context())
            for name, value in (env or {}).items():
                patched.setenv(name, value)
            if cwd is not None:
                patched.chdir(cwd)
            patched.setattr(sys, "argv", told)
            held.enter_context(_answers())
            held.enter_context(_streams(printed, said))
            code = _exit_code()
        return subprocess.CompletedProcess(told, code, _text(printed), _text(said))


def _exit_code() -> int:
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else ended.code is not None
    except Exception:  # noqa: BLE001 - as an interpreter ends with whatever nobody caught
        traceback.print_exc()
        return 1


@contextmanager
def _answers() -> Iterator[None]:
    """Put the answers to signals back that the command gives itself."""
    before = {number: signal.getsignal(number) for number in INTERRUPTS}
    try:
        yield
    finally:
        for number, answer in before.items():
            signal.signal(number, answer)


@contextmanager
def _streams(printed: BinaryIO, said: BinaryIO) -> Iterator[None]:
    """Have nothing to read, and both outputs lead to files, for this process and for those that it starts."""
    former = (sys.stdin, sys.stdout, sys.stderr)
    kept = [os.dup(stream) for stream in (INPUT, OUTPUT, ERROR)]
    try:
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - the name is that of the system
            os.dup2(nothing.fileno(), INPUT)
        os.dup2(printed.fileno(), OUTPUT)
        os.dup2(said.fileno(), ERROR)
        with (
            open(INPUT, encoding="utf-8", closefd=False) as sys.stdin,
            open(OUTPUT, "w", encoding="utf-8", closefd=False) as sys.stdout,
            open(ERROR, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False) as sys.stderr,
        ):
            yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = former
        for stream, copy in zip((INPUT, OUTPUT, ERROR), kept, strict=True):
            os.dup2(copy, stream)
            os.close(copy)


def _text(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "backslashreplace")
