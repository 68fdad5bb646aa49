"""What the pages show happens, what they list is all there is, and what is generated is fresh."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import click
import duckdb
import msgspec
import pytest

import pipeline
from pipeline import errors, job
from pipeline.cli import descrape
from pipeline.errors import REJECT_CODES
from pipeline.model import DatelineStatus
from pipeline.profiles import Definition, load, shipped_names
from pipeline.schema import ORIGIN, TABLES

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "pipeline"
PAGES = ["README.md", *(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md"))), "data/clean/README.md"]
PROFILES = ("alalam-en", "default")  # those of `make run`
FRESH = "<!-- this page begins before the first run -->"

_BLOCK = re.compile(
    r"(?:^<!-- (?:file: (?P<file>[\w.-]+)|needs: (?P<needs>\w+)) -->\n\n?)?"
    r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$(?P<then>\n\n?(?=```text))?",
    re.MULTILINE | re.DOTALL,
)
_SPAN = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Block:
    """One fenced block of a page, the file it is to be saved as, what it must print, and a package it needs."""

    kind: str
    text: str
    file: str | None = None
    prints: str | None = None
    needs: str | None = None


def read(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def blocks(page: str) -> list[Block]:
    """Return the fenced blocks of a page in order; a `text` block right behind another is what that one prints."""
    found = list(_BLOCK.finditer(read(page)))
    read_so_far: list[Block] = []
    for place, block in enumerate(found):
        prints = found[place + 1]["text"] if block["then"] else None
        read_so_far.append(Block(block["kind"], block["text"], block["file"], prints, block["needs"]))
    return read_so_far


def prose(page: str) -> str:
    return _BLOCK.sub("", read(page))


def rows(page: str, heading: str) -> list[list[str]]:
    """Return the rows of the table under a heading, cell by cell, without the table's own head."""
    section = re.split(r"^#+ ", read(page).split(f"\n## {heading}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def first_spans(page: str, heading: str) -> list[str]:
    """Return what the first column of a table sets as code."""
    return [span for row in rows(page, heading) for span in _SPAN.findall(row[0])]


# ----------------------------------------------------------------------------------------- a reader's machine


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the programs that the pages call, and two places to begin: with tables and without."""
    root = tmp_path_factory.mktemp("reader")
    (root / "bin").mkdir()
    programs = {
        "python": f'exec "{sys.executable}" "$@"',
        "descrape": f'exec "{sys.executable}" -m pipeline "$@"',
        "make": f'exec "{shutil.which("make")}" -o .venv/.installed BIN="{root}/bin" "$@"',  # set up already
    }
    for name, line in programs.items():
        # The Makefile keeps PYTHONPATH from what it calls, so each program finds the package by itself.
        (root / "bin" / name).write_text(f'#!/bin/sh\nexport PYTHONPATH="{ROOT}"\n{line}\n', "utf-8")
        (root / "bin" / name).chmod(0o755)
    before = root / "before"
    shutil.copytree(ROOT / "data/raw", before / "data/raw")
    (before / "data/clean").mkdir()
    shutil.copy(ROOT / "data/clean/README.md", before / "data/clean")
    shutil.copy(ROOT / "Makefile", before)
    after = root / "after"
    shutil.copytree(before, after)
    job.run([str(after / "data/raw")], after / "data/clean", job.Options(profiles=PROFILES))
    return root


@pytest.fixture
def folder(machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder, with the machine's programs first on the path and a plain terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{machine / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in [name for name in os.environ if name.startswith(("MAKE", "MFLAGS", "COLUMNS", "FORCE_COLOR"))]:
        monkeypatch.delenv(name)
    return tmp_path


def matches(expected: str, printed: str) -> bool:
    """Whether a text is what a page shows: `…` stands for anything in a line, alone on a line for any lines."""
    lines = [line.rstrip() for line in expected.rstrip("\n").splitlines()]
    parts = [r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + r"\n" for line in lines]
    shown = "".join(line.rstrip() + "\n" for line in printed.rstrip("\n").splitlines())
    return re.fullmatch("".join(parts), shown) is not None


def commands_of(text: str) -> list[tuple[str, str]]:
    """Return each command of a console block, and what the page says that it prints."""
    _, *parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
    return [(command, printed) for command, _, printed in (part.partition("\n") for part in parts)]


def run_console(block: Block) -> None:
    commands = commands_of(block.text)
    assert commands, f"a console block without a command:\n{block.text}"
    for command, expected in commands:
        ran = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        printed = ran.stdout.decode()
        assert matches(expected, printed), f"$ {command}\nshown:\n{expected}\nprinted:\n{printed}"


def run_python(block: Block, namespace: dict[str, Any], page: str) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block.text, page, "exec"), namespace)  # noqa: S102 - the project's own page
    if block.prints is not None:
        assert matches(block.prints, printed.getvalue()), f"{block.text}\nprinted:\n{printed.getvalue()}"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("folder")
def test_what_a_page_shows_happens(page: str, machine: Path) -> None:
    begin = "before" if FRESH in read(page) else "after"
    shutil.copytree(machine / begin, Path.cwd(), symlinks=True, dirs_exist_ok=True)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(page):
        assert block.kind in {"console", "python", "sql", "toml", "text", "sh", ""}
        if block.file is not None:
            Path(block.file).write_text(block.text, "utf-8")
        if block.kind == "toml" and block.file is not None:
            assert load([block.file]).given
        elif block.kind == "console":
            if "$ make " in block.text and shutil.which("make") is None:
                pytest.skip("make is not installed")
            run_console(block)
        elif block.kind == "python" and block.needs is None:
            run_python(block, namespace, page)
        elif block.kind == "sql":
            duckdb.connect().execute(block.text)


@pytest.mark.usefixtures("folder")
def test_what_a_page_shows_of_a_package_that_tests_do_without_happens(machine: Path) -> None:
    needing = [(page, block) for page in PAGES for block in blocks(page) if block.needs is not None]
    assert needing
    shutil.copytree(machine / "after", Path.cwd(), symlinks=True, dirs_exist_ok=True)
    for page, block in needing:
        assert block.needs is not None
        if importlib.util.find_spec(block.needs) is None:
            pytest.skip(f"{block.needs} is not installed, so what {page} shows of it is not run")
        snapshot = pipeline.open_snapshot("data/clean")
        run_python(block, {"snapshot": snapshot, "folder": snapshot.path}, page)


def test_the_pages_have_something_to_run() -> None:
    kinds = {
        kind: [block for page in PAGES for block in blocks(page) if block.kind == kind]
        for kind in ("console", "python")
    }
    assert {kind: len(found) >= 10 for kind, found in kinds.items()} == {"console": True, "python": True}
    assert [block for block in blocks("docs/profiles.md") if block.kind == "toml" and block.file]


def test_a_page_that_shows_what_does_not_happen_is_found_out() -> None:
    assert matches("a…c\n…\nd", "abc\n1\n2\nd\n")
    assert not matches("a…c", "abd")
    assert not matches("a", "a\nb")
    with pytest.raises(AssertionError, match="printed"):
        run_console(Block("console", "$ echo 1\n2\n"))
    with pytest.raises(AssertionError, match="printed"):
        run_python(Block("python", "print(1)\n", prints="2\n"), {}, "page")


# -------------------------------------------------------------------------------------------- generated pages


def generate(script: Path, *arguments: str, **shell: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | shell
    return subprocess.run(
        [sys.executable, str(script), *arguments], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("shell", [{"COLUMNS": "40"}, {"COLUMNS": "200", "FORCE_COLOR": "1"}])
def test_generated_pages_are_fresh_whatever_the_terminal(shell: dict[str, str]) -> None:
    ran = generate(ROOT / "docs/generate.py", "--check", **shell)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_a_stale_page_is_named_and_written_again(tmp_path: Path) -> None:
    for name in ("generate.py", "commands.md", "tables.md"):
        shutil.copy(ROOT / "docs" / name, tmp_path)
    stale = tmp_path / "commands.md"
    stale.write_text(stale.read_text("utf-8").replace("--prune", "--plum"), "utf-8")
    ran = generate(tmp_path / "generate.py", "--check")
    assert (ran.returncode, ran.stdout) == (1, "docs/commands.md is stale; `make docs` writes it again\n")
    assert generate(tmp_path / "generate.py").returncode == 0
    assert stale.read_text("utf-8") == read("docs/commands.md")


# ------------------------------------------------------------------------------- what must be there is there


def test_every_command_and_every_option_is_described() -> None:
    page = read("docs/commands.md")
    readme = read("README.md")
    for name, command in descrape.commands.items():
        assert f"\n## descrape {name}\n" in page
        assert f"`descrape {name} " in readme
        section = page.split(f"\n## descrape {name}\n")[1].split("\n## ")[0]
        options = [option for option in command.params if isinstance(option, click.Option)]
        missing = {word for option in options for word in option.opts if not re.search(rf"{word}(?![\w-])", section)}
        assert not missing, name


def exit_codes() -> set[str]:
    classes = [value for value in vars(errors).values() if isinstance(value, type) and hasattr(value, "exit_code")]
    codes = {each.exit_code for each in classes} | {0, errors.REJECTS_EXIT_CODE, errors.INTERRUPTED_EXIT_CODE}
    return {str(code) for code in codes}


@pytest.mark.parametrize(("page", "heading"), [("README.md", "Commands"), ("docs/store.md", "Exit codes")])
def test_every_exit_code_is_listed(page: str, heading: str) -> None:
    listed = [span for span in first_spans(page, heading) if span.isdigit()]
    assert sorted(listed, key=int) == sorted(exit_codes(), key=int)


def syntax(*folders: str) -> Iterator[ast.AST]:
    """Yield every node of the package's modules below the folders, or of the modules named."""
    for name in folders:
        path = PACKAGE / name
        for module in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            yield from ast.walk(ast.parse(module.read_text("utf-8")))


def text_of(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def called(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def reject_codes() -> set[str]:
    """Return every code that the package gives an input it rejects."""
    codes: set[str] = set()
    for node in syntax("store", "stages", "engines", "extraction.py", "own_page.py"):
        places = {"RejectedDocument": 1, "SourceError": 1, "Reject": 3, "Bad": 0, "_broken": 0, "_refused": 2}
        if called(node) in places and isinstance(node, ast.Call):
            place = places[called(node)]
            codes |= {text for argument in node.args[place : place + 1] if (text := text_of(argument))}
    for node in syntax("store/discovery.py", "store/listing.py"):  # a refusal known beforehand: a code and a message
        if isinstance(node, ast.Tuple) and len(node.elts) == 2 and (code := text_of(node.elts[0])):
            codes |= {code} if isinstance(node.elts[1], ast.JoinedStr) or text_of(node.elts[1]) else set()
    return codes


def warning_codes() -> set[str]:
    """Return every code that a document's `warnings` may hold: words with underscores that are nothing else."""
    columns = {column.name for table in TABLES.values() for column in table.columns} | set(TABLES)
    others = columns | {
        "month_name",
        "weekday_name",
        "short_year",
        "day_periods",
        "day_period_rules",
        "time_zones",
        "zone_formats",
        "meta_zones",
        "zone_territories",
        "date_formats",
        "territory_languages",
        "de_facto_official",
        "official_regional",
        "official_status",
    }  # groups of patterns, keys of CLDR
    others |= {"meta_zones", "official_status", "territory_languages", "time_zones", "zone_formats", "zone_territories"}
    others |= {"de_facto_official", "official_regional"}  # what CLDR says there
    others |= {"compile_format", "not_later"}  # names of functions, what is counted
    found = {text for node in syntax("stages", "dates", "media.py") if (text := text_of(node))}
    return {text.rstrip(": ") for text in found if re.fullmatch(r"[a-z]+(?:_[a-z]+)+(?:: ?)?", text)} - others


def test_every_reject_code_is_explained() -> None:
    codes = reject_codes()
    assert {"empty", "undecodable", "vanished", "not_followed", "internal_error"} <= codes
    assert sorted(first_spans("docs/errors.md", "Rejects")) == sorted(codes) == sorted(REJECT_CODES)


def test_every_warning_is_explained() -> None:
    codes = warning_codes()
    assert {"dateline_order_unknown", "related_json_invalid", "media_clock_contradicts_path"} <= codes
    assert sorted(first_spans("docs/errors.md", "Warnings")) == sorted(codes)


def test_every_dateline_status_is_explained() -> None:
    assert sorted(first_spans("docs/errors.md", "Dateline statuses")) == sorted(get_args(DatelineStatus))


def test_every_event_of_the_log_is_listed() -> None:
    events = {text_of(node.args[0]) for node in syntax(".") if isinstance(node, ast.Call) and called(node) == "event"}
    assert "run_committed" in events
    assert sorted(first_spans("docs/store.md", "Events of the log")) == sorted(event for event in events if event)


def keys_of(definition: type[msgspec.Struct], prefix: str = "") -> Iterator[str]:
    for key in msgspec.structs.fields(definition):
        kind = key.type
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            yield from keys_of(kind, f"{prefix}{key.name}.")
        else:
            yield f"{prefix}{key.name}"


def test_every_key_of_a_profile_is_explained() -> None:
    assert sorted(first_spans("docs/profiles.md", "Keys")) == sorted(keys_of(Definition))
    assert set(first_spans("docs/profiles.md", "Shipped profiles")) == set(shipped_names())


def test_columns_that_are_said_to_stay_null_do_and_no_others(machine: Path) -> None:
    snapshot = pipeline.open_snapshot(machine / "after/data/clean")
    tables = {name: snapshot.arrow(name) for name in TABLES}
    null = {
        f"{name}.{column}"
        for name, rows in tables.items()
        for column in rows.column_names
        if not rows[column].is_valid().to_pylist().count(True)
    }
    said = set(first_spans("docs/tables.md", "Columns that stay null"))
    absent = {"region", "agency"}  # which no page of the sample has
    containers = {f"{table}.{column.name}" for table in ("articles", "rejects") for column in ORIGIN}
    assert said == null - {f"articles.{column}" for column in absent} - containers


def test_paths_and_names_in_the_pages_lead_somewhere() -> None:
    broken = []
    for page in [*PAGES, "CONTRIBUTING.md"]:
        for span in _SPAN.findall(prose(page)):
            if re.fullmatch(r"(?:pipeline|tests|docs)/[\w./-]*", span):
                broken += [] if (ROOT / span).exists() else [f"{page}: {span}"]
            elif found := re.fullmatch(r"(pipeline\.[\w.]+)(?:\(.*\))?", span):
                try:
                    pkgutil.resolve_name(found[1])
                except (ImportError, AttributeError):
                    broken.append(f"{page}: {span}")
    assert broken == []


def test_every_room_of_the_package_is_on_the_map() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if path.name[:2] != "__" and path.suffix in {"", ".py"}}
    missing = {room for room in rooms if f"`pipeline/{room}`" not in read("docs/architecture.md")}
    assert not missing
