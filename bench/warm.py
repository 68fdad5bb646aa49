"""A process that has imported the program, and forks a run of it whenever it is told: a run begins at once.

What a run does to the disk is what it does when it is begun the long way; only its imports are over already. The fork
stops itself before it begins, so that a tracer can be put on it and counts its calls from the first one on.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pipeline
from pipeline.version import code_digest

ROOT = Path(__file__).resolve().parents[1]

IMPORTED = ("pipeline.cli", "pandas", "babel.dates")
"""What a run imports when it comes to it; Arrow looks whether its values are those of pandas."""

PAGE = 'Fog\n\n27 March 2016\n\nThe harbour was full of boats.\n\nstring(1) "a"\n'
"""Cleaned once, so that what is compiled or read when it is first needed is there."""

SECONDS_TO_ATTACH = 60.0


class Ended(NamedTuple):
    """How a run ended. ``exit_code`` is that of ``subprocess``: below zero when a signal ended it."""

    exit_code: int
    stderr: str


@dataclass(frozen=True, slots=True)
class Warm:
    """The process. One run at a time."""

    process: subprocess.Popen[str]
    stderr: Path

    @classmethod
    def start(cls, folder: Path) -> Warm:
        """Start the process; what its runs say goes to a file in a folder."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "OPENBLAS_NUM_THREADS": "1",  # a process that forks must have no threads
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.warm", str(folder / "stderr")],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return cls(process, folder / "stderr")

    def run(self, arguments: Sequence[str], tracer: Sequence[str] = ()) -> Ended:
        """Do one run, and wait for its end.

        Args:
            arguments: What follows ``descrape`` on the command line.
            tracer: A command that is given ``-p PID`` and traces it; none when there is nothing in it.
        """
        pid = int(self._ask(json.dumps(list(arguments))))
        tracing = subprocess.Popen([*tracer, "-p", str(pid)], stderr=subprocess.DEVNULL) if tracer else None
        if tracing is not None:
            _wait_for_tracer(pid)
        os.kill(pid, signal.SIGCONT)
        exit_code = int(self._answer())
        if tracing is not None:
            tracing.wait()
        return Ended(exit_code, self.stderr.read_text("utf-8", "replace"))

    def close(self) -> None:
        """Let the process go."""
        self.process.communicate()

    def _ask(self, line: str) -> str:
        if self.process.stdin is None:
            raise BrokenPipeError
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> str:
        if self.process.stdout is None:
            raise BrokenPipeError
        return self.process.stdout.readline()


def _wait_for_tracer(pid: int) -> None:
    status = Path(f"/proc/{pid}/status")
    deadline = time.monotonic() + SECONDS_TO_ATTACH
    while "TracerPid:\t0\n" in status.read_text("utf-8"):
        if time.monotonic() > deadline:
            raise TimeoutError("the tracer does not attach")
        time.sleep(0.002)


def _serve(stderr: str) -> None:
    """Fork a run for each line of standard input; answer with its process number, and with its exit code."""
    for name in IMPORTED:
        importlib.import_module(name)
    pipeline.clean(PAGE)
    code_digest()
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _become(json.loads(line), stderr)
        os.waitpid(pid, os.WUNTRACED)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(arguments: Sequence[str], stderr: str) -> None:
    """Be the program from here on, to the end of the process."""
    for number, target in enumerate((os.devnull, os.devnull, stderr)):
        opened = os.open(target, os.O_RDONLY if not number else os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["descrape", *arguments]
    os.kill(os.getpid(), signal.SIGSTOP)
    runpy.run_module("pipeline", run_name="__main__")
    sys.exit()


if __name__ == "__main__":
    _serve(sys.argv[1])
