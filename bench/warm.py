"""A process that has imported the program, and forks a run of it whenever it is told: a run begins at once.

What a run does to the disk is what it does when it is begun the long way; only its imports are over already, and its
patterns compiled. The fork stops itself before it begins, so that a tracer can be put on it and counts its calls from
the first one on.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pipeline.cli import descrape

ROOT = Path(__file__).resolve().parents[1]

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
    def start(cls, folder: Path, pages: Path) -> Warm:
        """Start the process; what its runs say goes to a file in a folder.

        Args:
            folder: Where it has its file.
            pages: Cleaned once, so that what is compiled or read when it is first needed is there.
        """
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "OPENBLAS_NUM_THREADS": "1",  # a process that forks must have no threads
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.warm", str(folder / "stderr"), str(pages)],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return cls(process, folder / "stderr")

    def run(self, arguments: Sequence[str], tracer: Sequence[str] = (), *, worker: bool = False) -> Ended:
        """Do one run, and wait for its end.

        Args:
            arguments: What follows ``descrape`` on the command line.
            tracer: A command that is given ``-p PID`` and traces it; none when there is nothing in it.
            worker: Trace the first process that the run forks, in place of the run itself.
        """
        pid = int(self._ask(json.dumps([list(arguments), worker])))
        traced = pid
        if worker:
            os.kill(pid, signal.SIGCONT)
            traced = _worker_of(pid)
        tracing = subprocess.Popen([*tracer, "-p", str(traced)], stderr=subprocess.DEVNULL) if tracer else None
        if tracing is not None:
            _wait(lambda: "TracerPid:\t0\n" not in _status(traced))
        os.kill(traced, signal.SIGCONT)
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


def _worker_of(pid: int) -> int:
    """Return the process that a run forked first, once it has stopped itself."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    _wait(lambda: any("State:\tT" in _status(int(child)) for child in children.read_text("utf-8").split()))
    return int(children.read_text("utf-8").split()[0])


def _status(pid: int) -> str:
    return Path(f"/proc/{pid}/status").read_text("utf-8")


def _wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS_TO_ATTACH
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError("a process to trace does not stop, or the tracer does not attach")
        time.sleep(0.002)


def _serve(stderr: str, pages: str) -> None:
    """Fork a run for each line of standard input; answer with its process number, and with its exit code."""
    with suppress(SystemExit):
        descrape.main(["run", pages, "--out", pages + ".none", "--dry-run", "--quiet"])
    gc.freeze()  # or the end of each run would go through all of this, and copy it
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            arguments, stop = json.loads(line)
            _become(arguments, stderr, stop=stop)
        os.waitpid(pid, os.WUNTRACED)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(arguments: Sequence[str], stderr: str, *, stop: bool) -> None:
    """Be the program from here on, to the end of the process; have the first process it forks stop if it is told to."""
    if stop:
        forks: list[None] = []
        os.register_at_fork(
            before=lambda: forks.append(None),
            after_in_child=lambda: os.kill(os.getpid(), signal.SIGSTOP) if len(forks) == 1 else None,
        )
    for number, target in enumerate((os.devnull, os.devnull, stderr)):
        opened = os.open(target, os.O_RDONLY if not number else os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["descrape", *arguments]
    os.kill(os.getpid(), signal.SIGSTOP)
    runpy.run_module("pipeline", run_name="__main__")
    sys.exit()


if __name__ == "__main__":
    _serve(*sys.argv[1:])
