"""The command line: parse, call, print, exit. Nothing is decided here."""

from __future__ import annotations

import codecs
import gc as collector
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from typing import NoReturn

import click

from pipeline.cli.cleaning import commit, replay_rejects, run
from pipeline.cli.ending import INTERRUPTED_MESSAGE
from pipeline.cli.explaining import inspect, schema
from pipeline.cli.history import list_snapshots, rollback
from pipeline.cli.printing import log
from pipeline.cli.reporting import report
from pipeline.cli.sections import SectionedGroup
from pipeline.cli.snapshots import compare, gc, list_rejects, restore, verify
from pipeline.cli.surveying import survey
from pipeline.errors import INTERRUPTED_EXIT_CODE, DescrapeError
from pipeline.version import __version__

STANDARD_ERROR = 2
UTF_8 = "utf-8"
COLLECTED_AT = 200_000
"""Objects that are made before Python looks for garbage. There is hardly any, and looking every few hundred objects, as
it does by itself, took an eighth of a start."""
ALGEBRA_THREADS = "OPENBLAS_NUM_THREADS"
"""What the library of linear algebra in numpy reads as that is imported. It begins a thread for each processor, which
costs a start a tenth of its time, and nothing here multiplies matrices."""


@click.group(cls=SectionedGroup, sections={"Commands": (list_rejects, replay_rejects)})
def quarantine() -> None:
    """See what was rejected, and try it again.

    \b
    Examples:
      descrape quarantine list data/clean
      descrape quarantine replay data/clean --max-worker-memory 4096
    """


SECTIONS = {
    "Clean pages": (run, commit, quarantine),
    "Understand them": (survey, inspect, report, schema),
    "Keep the tables": (verify, restore, list_snapshots, compare, rollback, gc),
}
"""The commands, by what they are for."""


@click.group(
    cls=SectionedGroup,
    sections=SECTIONS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="descrape")
def descrape() -> None:
    """Clean scraped pages into tables that can be trusted.

    Finds what a server leaked into a page, proves it, cuts it, keeps it, and gives back every raw byte on demand.
    DIR is always the folder that was given to `run` as --out.

    \b
    Examples:
      descrape run data/raw --out data/clean
      descrape survey data/raw
      descrape inspect page.txt
      descrape report data/clean
      descrape verify data/clean --full
      descrape restore data/clean --to raw-again

    Shell completion: eval "$(_DESCRAPE_COMPLETE=bash_source descrape)", also zsh_source and fish_source.
    """


def main() -> NoReturn:
    """Run the command; every way to fail ends in one clear line and a stable exit code."""
    # A scheduler ends a job with SIGTERM; it is to leave as little behind as Ctrl-C.
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:  # `nohup` has it ignored
        signal.signal(signal.SIGHUP, _interrupt)
    _open_streams()
    collector.set_threshold(COLLECTED_AT)
    os.environ.setdefault(ALGEBRA_THREADS, "1")
    color = False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None
    try:
        sys.exit(_guarded(lambda: descrape.main(prog_name="descrape", standalone_mode=False, color=color)))
    finally:
        collector.freeze()  # or the interpreter would go through all there is once more before it ends


def _guarded(command: Callable[[], object]) -> int:
    try:
        command()
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        log(INTERRUPTED_MESSAGE)
        return INTERRUPTED_EXIT_CODE
    except DescrapeError as error:
        log(f"error: {error}")
        return error.exit_code
    except OSError as error:
        # A job answers for its own errors of the system, so this is of a command that only reads, or of its output.
        log(f"error: {error.filename or 'the system'}: {error.strerror or error}")
        _drop_output()
        return 1
    return 0


def _drop_output() -> None:
    """Let go of what cannot be printed: the interpreter would try again at its end, and exit with a code of its own."""
    if sys.stdout is None:
        return
    with suppress(OSError):  # nobody's file, as in a test
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_streams() -> None:
    """Have standard error and standard output take whatever is written to them.

    Standard error that the shell closed gets a place: a log that nobody reads is no reason not to run. Where standard
    output is not in UTF-8, a letter that it does not have is written as an escape.
    """
    if isinstance(sys.stdout, TextIOWrapper) and codecs.lookup(sys.stdout.encoding).name != UTF_8:
        sys.stdout.reconfigure(errors="backslashreplace")
    if sys.stderr is None:
        # The next file that is opened would become standard error of every process of the run.
        descriptor = os.open(os.devnull, os.O_WRONLY)
        os.dup2(descriptor, STANDARD_ERROR)
        sys.stderr = os.fdopen(STANDARD_ERROR, "w", encoding="utf-8")


def _interrupt(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt
