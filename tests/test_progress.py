from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from pipeline.cli.progress import ProgressLog, log_for
from pipeline.job import Options, run
from pipeline.log import LogFormat, RunLog
from tests.corpus import contents, small_shards, write

rich_console = pytest.importorskip("rich.console", reason="the extra 'progress' is not installed")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def at_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Have a terminal stand at standard error, and return it."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    return screen


def test_a_bar_stands_for_the_shards_and_the_rest_is_told_in_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_shards(monkeypatch)
    terminal = at_terminal(monkeypatch)
    log = log_for("text", quiet=False)
    assert isinstance(log, ProgressLog)
    run([str(write(tmp_path / "pages"))], tmp_path / "clean", Options(), log)
    shown = terminal.getvalue()
    assert "descrape: found 10 files" in shown
    assert "descrape: committed snapshot v000001" in shown
    assert "shards" in shown
    assert "is done" not in shown
    (kept,) = [raw for name, raw in contents(tmp_path / "clean").items() if name.endswith("log.jsonl")]
    assert b"is done" in kept


@pytest.mark.parametrize(("log_format", "quiet"), [("json", False), ("text", True)])
def test_there_is_none_for_programs_nor_where_silence_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, log_format: LogFormat, *, quiet: bool
) -> None:
    at_terminal(monkeypatch)
    assert type(log_for(log_format, quiet=quiet)) is RunLog


def test_without_the_extra_there_are_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    at_terminal(monkeypatch)
    monkeypatch.setitem(sys.modules, "rich.console", None)
    assert type(log_for("text", quiet=False)) is RunLog


def test_without_a_terminal_there_are_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert type(log_for("text", quiet=False)) is RunLog
