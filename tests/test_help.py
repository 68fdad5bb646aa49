"""What `--help` shows a newcomer: sections as a day goes on, whole sentences, lines that fit a terminal."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from pipeline.cli import SECTIONS, descrape
from pipeline.cli.cleaning import OPTIONS, run
from pipeline.job import Options

NARROW = 80


def help_of(*arguments: str, width: int = NARROW) -> str:
    return CliRunner().invoke(descrape, [*arguments, "--help"], terminal_width=width).output


def every_command() -> list[list[str]]:
    names = [[name] for name in descrape.commands]
    return [*names, *(["quarantine", name] for name in ("list", "replay"))]


def test_commands_stand_in_sections_and_run_is_the_first() -> None:
    text = help_of()
    heads = re.findall(r"^([A-Z][a-z ]+):$", text, re.MULTILINE)
    assert heads == ["Options", *SECTIONS]
    named = re.findall(r"^  ([a-z]+)  ", text.partition(f"{next(iter(SECTIONS))}:")[2], re.MULTILINE)
    assert named == descrape.list_commands(click.Context(descrape))
    assert named[0] == "run"
    assert sorted(named) == sorted(descrape.commands)


@pytest.mark.parametrize("arguments", [[], ["quarantine"]])
def test_what_a_command_does_is_said_to_the_end(arguments: list[str]) -> None:
    text = help_of(*arguments)
    assert "..." not in text.replace("[ARGS]...", "")
    commands = descrape.commands if not arguments else descrape.commands["quarantine"].commands  # type: ignore[attr-defined]
    for name, command in commands.items():
        assert command.get_short_help_str().endswith("."), name


@pytest.mark.parametrize("arguments", every_command(), ids=" ".join)
def test_no_line_of_help_is_wider_than_a_terminal(arguments: list[str]) -> None:
    assert [line for line in help_of(*arguments).splitlines() if len(line) > NARROW] == []


def test_every_option_of_run_stands_in_one_section() -> None:
    named = [name for own in OPTIONS.values() for name in own]
    assert sorted(named) == sorted({each.name for each in run.params if isinstance(each, click.Option)})
    heads = re.findall(r"^([A-Z][a-z ]+):$", help_of("run"), re.MULTILINE)
    assert heads == [*OPTIONS, "Other options"]


def test_what_run_is_not_told_is_what_options_say() -> None:
    told = run.make_context("run", ["pages", "--out", "clean"]).params
    shared = told.keys() & {field.name for field in fields(Options)}
    meant = {name: getattr(Options(), name) for name in shared}
    assert shared == {field.name for field in fields(Options)} - {"fork"}
    assert {name: told[name] for name in shared} == meant | {"workers": told["workers"]}


def test_short_options_are_those_of_the_long_ones() -> None:
    assert CliRunner().invoke(descrape, ["-V"]).output == CliRunner().invoke(descrape, ["--version"]).output
    assert next(each for each in run.params if each.name == "out").opts == ["--out", "-o"]


@pytest.mark.parametrize("command", ["rollback", "diff"])
def test_the_shell_completes_the_snapshots_of_the_output_that_was_named(tmp_path: Path, command: str) -> None:
    for name in ("v000001", "v000012", "notes"):
        (tmp_path / "snapshots" / name).mkdir(parents=True)
    shell = ShellComplete(descrape, {}, "descrape", "_DESCRAPE_COMPLETE")
    offered = [item.value for item in shell.get_completions([command, str(tmp_path)], "v0000")]
    assert offered == ["v000001", "v000012"]
    assert [item.value for item in shell.get_completions([command, str(tmp_path)], "v00001")] == ["v000012"]


@pytest.mark.parametrize(
    ("begun", "first"), [("", "txt"), ("js", "jsonl"), ("jsonl.", "jsonl.gz"), ("csv.z", "csv.zst"), ("doc", None)]
)
def test_the_shell_completes_forms_and_how_they_are_compressed(begun: str, first: str | None) -> None:
    shell = ShellComplete(descrape, {}, "descrape", "_DESCRAPE_COMPLETE")
    offered = [item.value for item in shell.get_completions(["inspect", "-", "--input-format"], begun)]
    assert next(iter(offered), None) == first
