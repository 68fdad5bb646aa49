"""The command as users and schedulers meet it: a process with arguments, two streams and an exit code."""

from __future__ import annotations

import json
import os
import pty
import re
import resource
import select
import shlex
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeGuard

import click
import psutil
import pytest

from pipeline import __version__, open_snapshot
from pipeline.cli import descrape as command_group
from pipeline.engines.lanes import INTERRUPTS
from pipeline.model import doc_id
from pipeline.report import CUTS
from pipeline.schema import EVERY_TABLE, TABLES
from pipeline.store.commit import locked
from tests.corpus import (
    PAGES,
    PATIENCE,
    REJECTED,
    ROOT,
    as_process,
    clean,
    command,
    contents,
    descrape,
    dump,
    environment,
    in_time,
    page,
    rows,
    staged,
    wait_until,
    write,
    write_odd,
)
from tests.tampering import rewrite, where, write_manifest

COMMANDS = sorted(command_group.commands)
FERRY = "harbour/ferry.txt"
ESCAPE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")

PLAIN = {"a.txt": b"Rain fell on the town. Nobody minded.\n", "b.txt": b"Snow fell on the hill. Everybody came.\n"}


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Return a folder with two pages that both give an article."""
    return write(tmp_path / "plain", PLAIN)


def is_clear(message: str) -> bool:
    """Whether an error is said in a line or two, and not as a stack trace."""
    return bool(message.strip()) and "Traceback" not in message and 'File "' not in message


def nothing_visible(out: Path) -> bool:
    """Whether no snapshot can be seen and nothing is staged."""
    return not (out / "current").exists() and not (out / "CURRENT").exists() and staged(out) == []


# ------------------------------------------------------------------------------------------------ exit codes


def test_a_command_in_the_process_of_a_test_leaves_the_answers_to_signals(plain: Path, out: Path) -> None:
    before = {number: signal.getsignal(number) for number in INTERRUPTS}
    assert descrape("run", plain, "--out", out).returncode == 0
    assert {number: signal.getsignal(number) for number in INTERRUPTS} == before


def test_a_process_ends_and_prints_as_the_command_does_in_the_process_of_a_test(pages: Path, out: Path) -> None:
    """Most of what follows is told of the command without the start of a process."""
    commands: dict[int, list[str | Path]] = {
        0: ["schema", "ledger"],
        1: ["verify", pages],
        2: ["run", pages, "--out", out, "--workers", "0"],
        3: ["inspect", pages / "blank.txt"],
        65: ["run", pages, "--out", out, "--max-rejects", "0"],
        75: ["run", pages, "--out", out],
    }
    for code, arguments in commands.items():
        with locked(out) if code == 75 else nullcontext():
            ended = [run(*arguments) for run in (as_process, descrape)]
        assert [each.returncode for each in ended] == [code, code]
        assert len({(each.stdout, each.stderr) for each in ended}) == 1


def test_zero_when_everything_was_accepted_and_when_there_is_nothing_to_do(plain: Path, out: Path) -> None:
    done = descrape("run", plain, "--out", out)
    assert (done.returncode, open_snapshot(out).version) == (0, "v000001")
    again = descrape("run", plain, "--out", out)
    assert (again.returncode, open_snapshot(out).version) == (0, "v000001")
    assert "nothing to do" in again.stdout
    assert descrape("run", plain, "--out", out, "--empty-exit-code", 99).returncode == 99
    assert descrape("run", plain, "--out", out, "--rebuild", "--empty-exit-code", 99).returncode == 0


def test_three_when_some_inputs_were_rejected(pages: Path, out: Path) -> None:
    done = descrape("run", pages, "--out", out)
    assert done.returncode == 3
    assert f"{len(PAGES)} inputs = {len(PAGES) - len(REJECTED)} articles + {len(REJECTED)} rejects" in done.stdout
    for code in REJECTED.values():
        assert code in done.stdout
    assert descrape("run", pages, "--out", out).returncode == 0
    assert descrape("run", pages, "--out", out.parent / "none", "--dry-run").returncode == 3
    assert not (out.parent / "none").exists()


@pytest.mark.parametrize("limit", ["1", "0", "19%", "0%"])
def test_sixty_five_when_there_are_more_rejects_than_allowed(pages: Path, out: Path, limit: str) -> None:
    done = descrape("run", pages, "--out", out, "--max-rejects", limit)
    assert done.returncode == 65
    assert done.stdout == ""
    assert is_clear(done.stderr)
    assert f"--max-rejects {limit}" in done.stderr
    assert nothing_visible(out)


def test_seventy_five_when_another_run_holds_the_output(plain: Path, out: Path) -> None:
    with locked(out):
        done = descrape("run", plain, "--out", out)
        assert done.returncode == 75
        assert is_clear(done.stderr)
        assert nothing_visible(out)
    assert descrape("run", plain, "--out", out).returncode == 0


@pytest.mark.parametrize("name", ["verify", "restore"])
def test_one_when_there_is_no_snapshot(tmp_path: Path, name: str) -> None:
    more: list[str | Path] = ["--to", tmp_path / "raw"] if name == "restore" else []
    done = descrape(name, tmp_path, *more)
    assert done.returncode == 1
    assert done.stdout == ""
    assert is_clear(done.stderr)
    assert "holds no snapshot yet" in done.stderr


def test_one_when_a_law_is_broken(pages: Path, out: Path) -> None:
    clean(pages, out)
    good = descrape("verify", out, "--full")
    assert (good.returncode, good.stderr) == (0, "")
    assert "every law holds" in good.stdout
    snapshot = open_snapshot(out)
    rewrite(snapshot, "ledger", where({"doc_id": doc_id(FERRY), "ordinal": 1}, stop=10**6))
    done = descrape("verify", out)
    assert done.returncode == 1
    assert re.search(rf"^tiling: {FERRY}: ", done.stdout, re.MULTILINE)
    assert "every law holds" not in done.stdout
    data = json.loads(descrape("verify", out, "--json").stdout)
    assert [(breach["law"], breach["where"]) for breach in data["breaches"]] == [("tiling", FERRY)]


def test_one_when_the_manifest_is_damaged(plain: Path, out: Path) -> None:
    clean(plain, out)
    (out / "current/manifest.json").write_bytes(b"{")
    attempts: list[list[str | Path]] = [
        ["verify", out],
        ["restore", out, "--to", out.parent / "raw"],
        ["run", plain, "--out", out],
    ]
    for arguments in attempts:
        done = descrape(*arguments)
        assert done.returncode == 1
        assert is_clear(done.stderr)
        assert "manifest.json" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["Usage"]),
        (["nothing-like-it"], ["nothing-like-it"]),
        (["run"], ["SOURCE"]),
        (["run", "plain"], ["--out"]),
        (["run", "plain", "--out", "clean", "--colour"], ["--colour"]),
        (["run", "plain", "--out", "clean", "--max-rejects", "many"], ["--max-rejects", "many"]),
        (["run", "plain", "--out", "clean", "--max-rejects", "-1"], ["--max-rejects", "-1"]),
        (["run", "plain", "--out", "clean", "--max-rejects", "5%%"], ["--max-rejects", "5%%"]),
        (["run", "plain", "--out", "clean", "--max-rejects", "nan%"], ["--max-rejects", "nan%"]),
        (["run", "plain", "--out", "clean", "--max-rejects", "1.5"], ["--max-rejects", "1.5"]),
        (["run", "plain", "--out", "clean", "--workers", "0"], ["--workers", "0"]),
        (["run", "plain", "--out", "clean", "--engine", "steam"], ["--engine", "steam"]),
        (["run", "plain", "--out", "clean", "--log-format", "xml"], ["--log-format", "xml"]),
        (["run", "plain", "--out", "clean", "--empty-exit-code", "256"], ["--empty-exit-code", "256"]),
        (["run", "nowhere", "--out", "clean"], ["nowhere"]),
        (["run", "plain/*.html", "--out", "clean"], ["plain/*.html"]),
        (["run", "s3://bucket/pages", "--out", "clean"], ["s3://bucket/pages"]),
        (["run", "plain", "--out", "plain/a.txt"], ["--out", "plain/a.txt"]),
        (["run", "plain", "--out", "clean", "--profile", "nobody"], ["nobody", "alalam-en"]),
        (["inspect", "nowhere.txt"], ["nowhere.txt"]),
        (["inspect", "plain"], ["plain is a folder", "descrape survey plain"]),
        (["inspect", "plain/a.txt", "--doc", "b.txt"], ["--doc", "plain/a.txt"]),
        (["verify", "nowhere"], ["nowhere"]),
        (["verify", "plain/a.txt"], ["plain/a.txt"]),
        (["restore", "plain"], ["--to"]),
        (["schema", "colours"], ["colours", "articles"]),
    ],
)
def test_two_when_it_is_used_wrongly(plain: Path, arguments: list[str], words: list[str]) -> None:
    done = descrape(*arguments, cwd=plain.parent)
    assert done.returncode == 2
    assert done.stdout == ""
    assert is_clear(done.stderr)
    for word in words:
        assert word in done.stderr
    assert not (plain.parent / "clean").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('name = "site', ["not valid TOML"]),
        ("language = 'en'", ["name", "missing"]),
        ('name = "site"\ncolour = 1', ["colour"]),
        ('name = "site"\n[dateline]\norder = "MYD"', ["dateline.order"]),
        ('name = "site"\n[dateline]\nformats = ["%Q"]', ["dateline.formats[0]", "%Q"]),
        ('name = "site"\ntimezone = "Mars/Olympus"', ["timezone", "Mars/Olympus"]),
        ('name = "site"\n[article]\nsign_off = "("', ["article.sign_off"]),
        ('name = "site"\n[artifacts]\nfamilies = ["leak"]', ["artifacts.families", "leak"]),
        ('name = "site"\n[related_items.fields]\ncolour = "c"', ["related_items.fields.colour"]),
        ('name = "site"\nlanguage = 7', ["language"]),
    ],
)
def test_two_when_a_profile_is_wrong_and_the_message_names_file_and_key(
    plain: Path, text: str, words: list[str]
) -> None:
    (plain.parent / "site.toml").write_text(text, "utf-8")
    done = descrape("run", "plain", "--out", "clean", "--profile", "site.toml", cwd=plain.parent)
    assert done.returncode == 2
    assert is_clear(done.stderr)
    for word in ["site.toml", *words]:
        assert word in done.stderr
    assert not (plain.parent / "clean").exists()


def test_two_when_the_folder_to_restore_to_is_not_empty(plain: Path, out: Path) -> None:
    clean(plain, out)
    done = descrape("restore", out, "--to", plain)
    assert done.returncode == 2
    assert is_clear(done.stderr)
    assert contents(plain) == PLAIN


def test_one_when_the_output_cannot_be_made(plain: Path) -> None:
    done = descrape("run", plain, "--out", plain / "a.txt/below")
    assert done.returncode == 1
    assert is_clear(done.stderr)
    assert "a.txt/below" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="permission bits do not bind root")
def test_one_when_the_output_is_read_only(plain: Path, out: Path) -> None:
    out.mkdir()
    out.chmod(0o500)
    done = descrape("run", plain, "--out", out)
    out.chmod(0o700)
    assert done.returncode == 1
    assert is_clear(done.stderr)
    assert str(out) in done.stderr


# ------------------------------------------------------------------------------------------------- interrupts


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of pages that takes a minute to clean: one page under many names."""
    folder = write(
        tmp_path_factory.mktemp("slow") / "pages", {"0.txt": page("Title", "Prose.", foot=dump("[]") * 1500)}
    )
    for number in range(1, 3000):
        os.link(folder / "0.txt", folder / f"{number}.txt")
    return folder


def begun(slow: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    """Start a run and return when it has begun."""
    arguments = command("run", slow, "--out", out, *more)
    run = subprocess.Popen(
        arguments, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert run.stderr is not None
    assert "3000 files" in run.stderr.readline()
    return run


def ended(run: subprocess.Popen[str], interrupt: Callable[[], None]) -> tuple[str, str]:
    """Interrupt a run and return what it says; it must not go on working for long."""
    before = spent_by(run)
    interrupt()
    try:
        said, error = run.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        pytest.fail("long after the interrupt it still runs")
    assert spent_by_children() - before < 5, "what it did after the interrupt took so many seconds of processor time"
    return said, error


def wait_for_work(run: subprocess.Popen[str], out: Path) -> None:
    """Return when a run has its output, and has cleaned for half a second."""
    wait_until(lambda: any((out / ".staging").glob("*")))
    begun_at = spent_by(run)
    wait_until(lambda: spent_by(run) > begun_at + 0.5)


def spent_by(run: subprocess.Popen[str]) -> float:
    """Return the processor time of a run, its workers and all that this process has waited for, in seconds."""
    process = psutil.Process(run.pid)
    return spent_by_children() + sum(sum(each.cpu_times()) for each in (process, *process.children(recursive=True)))


def spent_by_children() -> float:
    """Return the processor time of all that this process has waited for, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    ("number", "working"),
    [(signal.SIGINT, True), (signal.SIGTERM, True), (signal.SIGTERM, False), (signal.SIGHUP, True)],
)
def test_one_hundred_and_thirty_when_it_is_interrupted(
    slow: Path, out: Path, number: signal.Signals, workers: str, *, working: bool
) -> None:
    with begun(slow, out, "--workers", workers) as run:
        if working:
            wait_for_work(run, out)
        said, error = ended(run, lambda: run.send_signal(number))
    assert run.returncode == 130
    assert said == ""
    assert is_clear(error)
    assert "nothing of this run is visible" in error
    assert nothing_visible(out)
    reports = list((out / "runs").glob("*/report.json"))
    assert reports or not working  # it may have been told before it had a folder to write to
    assert all(json.loads(report.read_bytes())["exit_code"] == 130 for report in reports)


def test_a_time_to_come_is_no_time_since(plain: Path, out: Path) -> None:
    done = descrape("run", plain, "--out", out, "--since", "2999-01-01")
    assert done.returncode == 2
    assert "'2999-01-01' is yet to come" in done.stderr
    assert not out.exists()


def test_a_run_that_is_told_to_outlive_its_terminal_does(out: Path) -> None:
    run_of_a_pipe = command("run", "-", "--input-format", "jsonl", "--out", out, "--quiet")
    ignoring = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *run_of_a_pipe]
    with subprocess.Popen(ignoring, env=environment(), stdin=subprocess.PIPE) as run:
        assert run.stdin is not None
        run.stdin.write(b'{"text": "%s"}\n' % (b"Rain fell on the town. " * 20_000))  # more than waits in a pipe
        run.send_signal(signal.SIGHUP)  # so it reads by now, and will until the pipe is closed
    assert run.returncode == 0
    assert open_snapshot(out).version == "v000001"


@pytest.mark.parametrize("delay", [0.0, 0.12, 0.25])
def test_an_interrupt_from_the_keyboard_reaches_all_processes_and_is_said_once(
    slow: Path, out: Path, delay: float
) -> None:
    with begun(slow, out, "--workers", "2") as run:
        time.sleep(delay)
        _, error = ended(run, lambda: os.killpg(run.pid, signal.SIGINT))
    assert run.returncode == 130
    assert is_clear(error)
    assert nothing_visible(out)


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_at_the_switch_leaves_exit_code_and_output_in_agreement(
    plain: Path, out: Path, number: signal.Signals, place: str
) -> None:
    signalling = f"""
import os
from pathlib import Path
from pipeline.cli import main
replace = Path.replace
def signalled(self, target):
    if {place == "before"}: os.kill(os.getpid(), {int(number)})
    replace(self, target)
    if {place == "after"}: os.kill(os.getpid(), {int(number)})
Path.replace = signalled
main()
"""
    arguments = [sys.executable, "-c", signalling, "run", str(plain), "--out", str(out), "--workers", "1"]
    done = subprocess.run(arguments, env=environment(), capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert is_clear(done.stderr)
    assert staged(out) == []
    (report,) = (out / "runs").glob("*/report.json")
    if done.returncode == 130:
        assert nothing_visible(out)
    else:
        assert done.returncode == 0
        assert open_snapshot(out).version == "v000001"
    assert json.loads(report.read_bytes())["exit_code"] == done.returncode


# ------------------------------------------------------------------------------------------------------ help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_examples(name: str) -> None:
    done = descrape(name, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: descrape {name} ")
    assert re.search(rf"^  Examples:\n    descrape {name} ?.*$", done.stdout, re.MULTILINE)
    assert "\b" not in done.stdout
    assert r"\b" not in done.stdout
    assert descrape(name, "-h").stdout == done.stdout


def test_the_program_explains_itself_and_lists_its_commands() -> None:
    done = descrape("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^  Examples:\n    descrape run ", done.stdout, re.MULTILINE)
    for name in COMMANDS:
        assert re.search(rf"^  {name} +\S", done.stdout, re.MULTILINE)
    assert descrape("-h").stdout == done.stdout


def test_every_option_has_a_line_of_help() -> None:
    for name, each in command_group.commands.items():
        for parameter in each.params:
            if parameter.param_type_name == "option":
                assert getattr(parameter, "help", None), f"{name} {parameter.name}"


def test_the_version_is_that_of_the_package() -> None:
    done = descrape("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"descrape, version {__version__}\n", "")


def test_the_installed_command_is_the_same_program() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    module, function = project["scripts"]["descrape"].split(":")
    start = f"from {module} import {function}; {function}()"
    for arguments in (["--help"], ["schema", "ledger"], ["run"]):
        installed = subprocess.run(
            [sys.executable, "-c", start, *arguments], env=environment(), capture_output=True, text=True, check=False
        )
        same = descrape(*arguments)
        assert (installed.returncode, installed.stdout, installed.stderr) == (same.returncode, same.stdout, same.stderr)


def test_help_waits_for_none_of_the_slow_libraries() -> None:
    script = "import sys\nfrom pipeline.cli import descrape\nprint({'pyarrow', 'pandas', 'babel'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# --------------------------------------------------------------------------------------------------- the streams


def test_results_go_to_standard_output_and_the_log_to_standard_error(pages: Path, out: Path) -> None:
    done = descrape("run", pages, "--out", out)
    assert "committed v000001" in done.stdout
    assert all(line.startswith("descrape: ") for line in done.stderr.splitlines())
    assert "descrape:" not in done.stdout


def test_quiet_says_nothing_unless_something_is_wrong(pages: Path, out: Path) -> None:
    done = descrape("run", pages, "--out", out, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")
    failed = descrape("run", pages, "--out", out, "--quiet", "--rebuild", "--max-rejects", 0)
    assert failed.stdout == ""
    assert "--max-rejects 0" in failed.stderr


def test_json_is_one_document_on_standard_output(pages: Path, out: Path) -> None:
    done = descrape("run", pages, "--out", out, "--json")
    data = json.loads(done.stdout)
    assert data["status"] == "committed"
    assert data["version"] == "v000001"
    assert data["counts"]["inputs"] == len(PAGES)
    assert data["run_id"] == open_snapshot(out).manifest.run_id
    again = json.loads(descrape("run", pages, "--out", out, "--json").stdout)
    assert (again["status"], again["version"]) == ("unchanged", "v000001")
    dry = json.loads(descrape("run", pages, "--out", out, "--json", "--dry-run", "--quiet").stdout)
    assert (dry["status"], dry["counts"]["rejects"]) == ("dry_run", len(REJECTED))
    checked = json.loads(descrape("verify", out, "--full", "--json").stdout)
    assert checked["breaches"] == []
    assert checked["documents"] == len(PAGES)


EVENTS = {
    "run_started",
    "configuration_changed",
    "previous_unreadable",
    "shard_done",
    "cleaned_again",
    "run_committed",
    "run_unchanged",
    "run_finished",
    "no_inputs",
    "previous_damaged",
    "log_not_saved",
}
"""Names that programs rely on: this list may grow, and nothing on it may change."""


def test_the_log_as_json_is_one_object_a_line(pages: Path, out: Path) -> None:
    runs: list[tuple[list[str], list[str]]] = [
        ([], ["run_started", "run_committed"]),
        ([], ["run_started", "run_unchanged"]),
        (["--profile", "alalam-en"], ["run_started", "configuration_changed", "run_committed"]),
        (["--dry-run"], ["run_started", "run_finished"]),
    ]
    for more, names in runs:
        done = descrape("run", pages, "--out", out, "--log-format", "json", *more)
        events = [json.loads(line) for line in done.stderr.splitlines()]
        assert [event["event"] for event in events if event["event"] != "shard_done"] == names
        assert {event["event"] for event in events} <= EVENTS
        assert len({event["run_id"] for event in events if "run_id" in event}) == 1
        for event in events:
            assert event["level"] in {"info", "warning", "error"}
            assert event["message"]
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", event["time"])


@pytest.mark.parametrize("more", [["--max-rejects", "0"], ["--max-rejects", "0", "--quiet"], ["--profile", "nobody"]])
def test_a_failure_is_an_event_of_the_json_log_too(pages: Path, out: Path, more: list[str]) -> None:
    done = descrape("run", pages, "--out", out, "--log-format", "json", *more)
    assert done.returncode in {2, 65}
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert events[-1]["level"] == "error"


def test_an_interrupt_is_an_event_of_the_json_log_too(slow: Path, out: Path) -> None:
    with begun(slow, out, "--workers", "1", "--log-format", "json") as run:
        _, error = ended(run, lambda: run.send_signal(signal.SIGTERM))
    assert run.returncode == 130
    assert all(json.loads(line) for line in error.splitlines())


@pytest.mark.parametrize("stream", ["closed", "full"])
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_summary_that_nobody_reads_changes_nothing(pages: Path, out: Path, stream: str, more: list[str]) -> None:
    done = unread(stream, "run", pages, "--out", out, *more)
    assert open_snapshot(out).version == "v000001"
    assert done.returncode == 3
    assert "nothing of this run is visible" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("more", [[], ["--log-format", "json"]])
def test_a_log_that_nobody_reads_leaves_exit_code_and_output_in_agreement(
    plain: Path, out: Path, more: list[str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    arguments = command("run", plain, "--out", out, *more)
    done = subprocess.run(arguments, env=environment(), stdout=subprocess.PIPE, stderr=writing, check=False)
    os.close(writing)
    assert (done.returncode == 0) == (out / "current").exists()
    assert staged(out) == []


def unread(stream: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command with a standard output that takes nothing: nobody reads it, or its disk is full."""
    if stream == "full":
        with Path("/dev/full").open("w", encoding="utf-8") as full:
            return subprocess.run(
                command(*arguments), env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return subprocess.run(
            command(*arguments), env=environment(), stdout=writing, stderr=subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(writing)


HELP = pytest.param(["--help"], marks=pytest.mark.xfail(reason="click ends its own help with 1 when nobody reads it"))


@pytest.mark.parametrize("arguments", [["schema"], ["schema", "--json"], ["inspect", FERRY], HELP])
def test_a_reader_that_goes_away_is_no_error(pages: Path, arguments: list[str]) -> None:
    found = [pages / FERRY if argument == FERRY else argument for argument in arguments]
    done = unread("closed", *found)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_pipe_to_head_is_quiet(tmp_path: Path) -> None:
    write(tmp_path, {"long.txt": b"".join(dump(f"number {number}") for number in range(4000))})
    line = f"'{sys.executable}' -m pipeline inspect '{tmp_path}/long.txt' | head -n 1"
    done = subprocess.run(line, shell=True, env=environment(), capture_output=True, text=True, check=True)  # noqa: S602
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1


def test_breaches_that_nobody_reads_are_still_an_error(plain: Path, out: Path) -> None:
    clean(plain, out)
    open_snapshot(out).files("articles")[0].unlink()
    assert unread("closed", "verify", out).returncode == 1


# --------------------------------------------------------------------------------------------------- the terminal


def terminal(*arguments: str | Path | bytes, **env: str) -> str:
    """Run the command on a terminal, and return every character that reached it."""
    ours, theirs = pty.openpty()
    fixed = {"TERM": "xterm-256color", "COLUMNS": "200", **env}
    given = [argument if isinstance(argument, bytes) else os.fsencode(str(argument)) for argument in arguments]
    without = {name: value for name, value in environment(**fixed).items() if name != "NO_COLOR" or "NO_COLOR" in env}
    with subprocess.Popen(
        [*map(os.fsencode, command()), *given], env=without, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        parts = []
        while select.select([ours], [], [], PATIENCE)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            parts.append(part)
        process.wait(timeout=PATIENCE)
    os.close(ours)
    return b"".join(parts).decode("utf-8", "surrogateescape").replace("\r\n", "\n")


def test_a_terminal_gets_colours(pages: Path) -> None:
    shown = terminal("inspect", pages / FERRY)
    assert COLOUR.search(shown)
    assert ESCAPE.search(COLOUR.sub("", shown)) is None


def test_no_color_is_heeded(pages: Path) -> None:
    assert "\x1b" not in terminal("inspect", pages / FERRY, NO_COLOR="1")
    assert "\x1b" not in terminal("schema", NO_COLOR="1")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1251"])
def test_what_a_terminal_has_no_letters_for_is_escaped_and_json_is_utf8(tmp_path: Path, encoding: str) -> None:
    page = write(tmp_path, {"page.txt": "Die Fähre — 渡し船 — fährt wieder.\n".encode()}) / "page.txt"
    shown = as_process("inspect", page, env={"PYTHONIOENCODING": encoding})
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "渡し船" in shown.stdout or r"\u6e21\u3057\u8239" in shown.stdout
    told = as_process("inspect", page, "--json", env={"PYTHONIOENCODING": encoding})
    assert json.loads(told.stdout)["fields"]["body"]["value"] == "Die Fähre — 渡し船 — fährt wieder."


@pytest.mark.parametrize("arguments", [["inspect", FERRY], ["schema"], ["run", ".", "--out", "../clean"]])
def test_a_pipe_gets_no_colours(pages: Path, arguments: list[str]) -> None:
    done = descrape(*arguments, cwd=pages, env={"TERM": "xterm-256color"})
    assert "\x1b" not in done.stdout + done.stderr


HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnol\x00\x08"


def hostile_pages() -> dict[str, bytes]:
    item = json.dumps([{"id": f"7{HOSTILE}", "title": f"Title {HOSTILE}", "pic": f"/{HOSTILE}.jpg", HOSTILE: HOSTILE}])
    raw = page(f"Title {HOSTILE} here", f"Prose {HOSTILE} here.", foot=f"S/{HOSTILE} 1\n\n".encode())
    return {
        "text.txt": raw,
        "items.txt": page("Title", "Prose. More prose.", foot=dump(item)),
        "value.txt": page(
            "Title", "Prose. More prose.", foot=f'array(1) {{\n  ["{HOSTILE}"]=>\n  int(1)\n}}\n'.encode()
        ),
        "kept.txt": f'Prose string(99) "{HOSTILE}" here. More prose.\n'.encode(),
        "bad.txt": b"Bytes \x1b]0;owned\x07 \xff\xfe \x9b here.\n",
        "empty.txt": b" \n",
    }


@pytest.mark.parametrize("name", sorted(hostile_pages()))
def test_what_stands_in_a_page_never_commands_the_terminal(tmp_path: Path, name: str) -> None:
    write(tmp_path, hostile_pages())
    shown = COLOUR.sub("", terminal("inspect", tmp_path / name))
    assert ESCAPE.search(shown) is None, repr(shown)
    piped = descrape("inspect", tmp_path / name).stdout
    assert ESCAPE.search(piped) is None, repr(piped)
    data = descrape("inspect", tmp_path / name, "--json").stdout
    assert json.loads(data)
    assert ESCAPE.search(re.sub(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", data)) is None


@pytest.mark.parametrize("raw", [PLAIN["a.txt"], b" \n"])
def test_the_name_of_a_file_never_commands_the_terminal(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / f"a{HOSTILE}.txt".replace("\x00", "")
    path.write_bytes(raw)
    shown = COLOUR.sub("", terminal("inspect", path))
    assert ESCAPE.search(shown) is None, repr(shown)
    data = json.loads(descrape("inspect", path, "--json").stdout)
    assert data["source_uri"].endswith(path.name)


def test_no_name_in_the_tables_commands_the_terminal(tmp_path: Path, out: Path) -> None:
    name = f"a{HOSTILE}.txt".replace("\x00", "")
    pages = write(tmp_path / "pages", {name: PLAIN["a.txt"]})
    os.mkfifo(pages / f"pipe {name}")
    clean(pages, out)
    shown = terminal("restore", out, "--to", tmp_path / "raw")
    rewrite(open_snapshot(out), "articles", where({}, raw_size=1))
    shown += terminal("verify", out)
    assert "tiling" in shown
    assert ESCAPE.search(COLOUR.sub("", shown)) is None, repr(shown)


# ------------------------------------------------------------------------------------------------------ inspect


def test_inspect_tells_everything_of_a_document_as_json(pages: Path) -> None:
    done = descrape("inspect", pages / FERRY, "--json", "--profile", "alalam-en")
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    raw = PAGES[FERRY]
    assert data["size"] == len(raw)
    assert data["source"] == "alalam-en"
    assert data["fields"]["title"]["value"] == "Ferry Back in Harbour"
    ((start, stop),) = data["fields"]["title"]["spans"]
    assert raw[start:stop] == b"Ferry Back in Harbour"
    assert [tile["start"] for tile in data["tiles"][1:]] == [tile["stop"] for tile in data["tiles"][:-1]]
    assert (data["tiles"][0]["start"], data["tiles"][-1]["stop"]) == (0, len(raw))
    (artifact,) = data["artifacts"]
    assert (artifact["family"], artifact["rule"], artifact["status"]) == ("php_dump", "var_dump", "exact")
    assert artifact["declared_length"] == artifact["actual_length"]
    assert artifact["json"][0]["id"] == "7101"
    assert [item["headline"] for item in data["related_items"]] == ["Low Tide", "New Café Opens"]
    assert data["dateline"]["status"] == "exact"


def test_inspect_tells_the_parts_of_a_lead_in(tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    page.write_text("Ferry Back\n\nMar 28, 2016\n\nOSTRAVEL, Maine, March 27 (AP) — Rain fell.\n", "utf-8")
    lead = {"place": "OSTRAVEL", "region": "Maine", "agency": "AP", "day": "2016-03-27"}
    assert json.loads(descrape("inspect", page, "--json").stdout)["lead"] == lead
    shown = descrape("inspect", page).stdout
    assert all(value in shown for value in lead.values())


def test_inspect_tells_instants_apart_from_the_wall_clock(tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    stamp = "Published: 27 March 2016 11:55 +0200 Updated: 28 March 2016 09:30 +0200"
    page.write_text(f"Ferry Back\n\n{stamp}\n\nRain fell on the pier all day.\n", "utf-8")
    told = json.loads(descrape("inspect", page, "--json").stdout)["dateline"]
    assert told["published_local"] == "2016-03-27T11:55:00"
    assert (told["published_at"], told["updated_at"]) == ("2016-03-27T09:55:00Z", "2016-03-28T07:30:00Z")
    assert "updated      2016-03-28 07:30:00 UTC" in descrape("inspect", page).stdout


def test_inspect_says_why_a_look_alike_was_left(pages: Path) -> None:
    (artifact,) = json.loads(descrape("inspect", pages / "town/guide.txt", "--json").stdout)["artifacts"]
    assert artifact["status"] == "kept"
    assert artifact["reason"]
    shown = descrape("inspect", pages / "town/guide.txt").stdout
    assert "kept in the text" in shown
    assert artifact["reason"] in shown


@pytest.mark.parametrize(("uri", "code"), sorted(REJECTED.items()))
def test_inspect_says_why_a_document_gives_no_article(pages: Path, uri: str, code: str) -> None:
    told = descrape("inspect", pages / uri, "--json")
    assert told.returncode == 3
    data = json.loads(told.stdout)
    assert data["source_uri"].endswith(uri)
    assert data["reject"]["code"] == code
    assert data["reject"]["message"]
    done = descrape("inspect", pages / uri)
    assert code in done.stdout
    assert data["reject"]["message"] in done.stdout


@pytest.mark.parametrize("name", [doc_id(FERRY), FERRY])
def test_inspect_explains_a_document_of_a_snapshot_as_its_run_read_it(pages: Path, out: Path, name: str) -> None:
    clean(pages, out, profiles=["alalam-en"])
    shutil.rmtree(pages)  # the tables alone are enough
    done = descrape("inspect", out, "--doc", name, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    assert (data["doc_id"], data["source_uri"]) == (doc_id(FERRY), FERRY)
    assert data["dateline"]["timezone"] == "Asia/Tehran"
    (row,) = [row for row in rows(out)["articles"] if row["source_uri"] == FERRY]
    assert data["fields"]["body"]["value"] == row["body"]
    edits = [row for row in rows(out)["ledger"] if row["doc_id"] == doc_id(FERRY)]
    kept = ("start", "stop", "role", "artifact", "text_start", "text_stop")
    assert [[tile[key] for key in kept] for tile in data["tiles"]] == [[edit[key] for key in kept] for edit in edits]
    assert list(data["timings"])[:2] == ["restore", "decoding"]
    assert descrape("inspect", out, "--doc", name).stdout.startswith(f"{FERRY}  {len(PAGES[FERRY])} bytes")


def test_inspect_tells_of_a_reject_of_a_snapshot_what_its_row_says(pages: Path, out: Path) -> None:
    clean(pages, out)
    for name in ("noise.txt", doc_id("noise.txt")):
        done = descrape("inspect", out, "--doc", name)
        assert done.returncode == 3
        assert "gives no article (undecodable)" in done.stdout
    nobody = descrape("inspect", out, "--doc", "nobody.txt")
    assert (nobody.returncode, "'nobody.txt'" in nobody.stderr) == (2, True)
    profiled = descrape("inspect", out, "--doc", FERRY, "--profile", "alalam-en")
    assert (profiled.returncode, "--profile" in profiled.stderr) == (2, True)


def test_inspect_says_when_the_tables_were_made_by_other_code(plain: Path, out: Path) -> None:
    clean(plain, out)
    write_manifest(open_snapshot(out), configuration="0" * 64)
    done = descrape("inspect", out, "--doc", "a.txt")
    assert done.returncode == 0
    assert "other code" in done.stderr


def test_inspect_is_as_wide_as_the_terminal_and_plain_without_colours(pages: Path) -> None:
    shown = terminal("inspect", pages / FERRY, COLUMNS="40", NO_COLOR="1")
    assert max(map(len, shown.splitlines())) <= 40
    assert "\x1b" not in shown


def test_inspect_shows_everything_on_demand(pages: Path) -> None:
    assert "…" in descrape("inspect", pages / FERRY).stdout
    assert "…" not in descrape("inspect", pages / FERRY, "--full").stdout


def test_inspect_writes_nothing(pages: Path) -> None:
    before = contents(pages.parent)
    descrape("inspect", pages / FERRY, cwd=pages)
    assert contents(pages.parent) == before


@pytest.mark.parametrize("more", [[], ["--json"]])
@pytest.mark.parametrize("raw", [PLAIN["a.txt"], b"\n"])
def test_inspect_takes_a_file_name_that_is_not_utf8(tmp_path: Path, more: list[str], raw: bytes) -> None:
    path = write_odd(tmp_path, b"caf\xe9.txt", raw)
    done = descrape("inspect", path, *more)
    assert (done.returncode, done.stderr) == (3 if raw == b"\n" else 0, "")
    assert r"caf\xe9.txt" in (json.loads(done.stdout)["source_uri"] if more else done.stdout)


def test_inspect_does_not_wait_for_a_device(tmp_path: Path) -> None:
    primary, terminal = pty.openpty()
    (tmp_path / "page.txt").symlink_to(os.ttyname(terminal))
    with in_time():
        done = descrape("inspect", tmp_path / "page.txt")
    os.close(primary)
    os.close(terminal)
    assert "not_a_file" in done.stdout
    assert is_clear(done.stdout)


# -------------------------------------------------------------------------------------------- restore and schema


def test_restore_gives_everything_back(pages: Path, out: Path, tmp_path: Path) -> None:
    os.mkfifo(pages / "pipe.txt")
    clean(pages, out)
    done = descrape("restore", out, "--to", tmp_path / "raw")
    assert done.returncode == 0
    assert done.stdout == f"{len(PAGES)} documents restored to {tmp_path / 'raw'}\n"
    assert "pipe.txt: was never read" in done.stderr
    assert contents(tmp_path / "raw") == PAGES


def test_restore_and_report_tell_as_json_what_they_wrote(pages: Path, out: Path, tmp_path: Path) -> None:
    os.mkfifo(pages / "pipe.txt")
    clean(pages, out)
    done = descrape("restore", out, "--to", tmp_path / "raw", "--json")
    told = {"version": "v000001", "to": str(tmp_path / "raw"), "restored": len(PAGES), "unread": ["pipe.txt"]}
    assert (done.returncode, json.loads(done.stdout), done.stderr) == (0, {**told, "failed": []}, "")
    page = tmp_path / "report.html"
    done = descrape("report", out, "--output", page, "--json")
    size = page.stat().st_size
    assert json.loads(done.stdout) == {"version": "v000001", "output": str(page), "bytes": size}
    assert descrape("restore", out, "--to", "-", "--doc", FERRY, "--json").returncode == 2


def test_a_page_goes_to_standard_output_where_nothing_else_does(plain: Path, out: Path, tmp_path: Path) -> None:
    clean(plain, out)
    assert descrape("report", out, "--output", tmp_path / "report.html").returncode == 0
    printed = descrape("report", out, "--output", "-", cwd=tmp_path)
    assert (printed.returncode, printed.stdout) == (0, (tmp_path / "report.html").read_text("utf-8") + "\n")
    assert descrape("report", out, "--output", "-", "--json").returncode == 2
    for option in ("--html", "--write-profile"):
        refused = descrape("survey", plain, option, "-", cwd=tmp_path)
        assert (refused.returncode, "name a file" in refused.stderr) == (2, True)
    assert not (tmp_path / "-").exists()


def test_every_command_with_a_result_gives_it_as_json_too() -> None:
    def leaves(command: click.Command) -> list[click.Command]:
        return [leaf for own in command.commands.values() for leaf in leaves(own)] if is_group(command) else [command]

    def is_group(command: click.Command) -> TypeGuard[click.Group]:
        return isinstance(command, click.Group)

    found = leaves(command_group)
    assert len(found) > 10
    assert [leaf.name for leaf in found if "as_json" not in {param.name for param in leaf.params}] == []


def test_restore_gives_one_document_back(pages: Path, out: Path, tmp_path: Path) -> None:
    clean(pages, out)
    done = descrape("restore", out, "--to", tmp_path / "raw", "--doc", doc_id(FERRY))
    assert (done.returncode, done.stdout) == (0, f"1 document restored to {tmp_path / 'raw'}\n")
    assert contents(tmp_path / "raw") == {FERRY: PAGES[FERRY]}
    wrong = descrape("restore", out, "--to", tmp_path / "none", "--doc", "0" * 32)
    assert wrong.returncode == 2
    assert "0" * 32 in wrong.stderr


def test_the_schema_lists_exactly_the_columns_in_code() -> None:
    done = descrape("schema", "--json")
    expected = [
        {
            "table": table.name,
            "grain": table.grain,
            "columns": [
                {
                    "name": column.name,
                    "type": str(column.type),
                    "nullable": column.nullable,
                    "meaning": column.meaning,
                }
                for column in table.columns
            ],
        }
        for table in EVERY_TABLE.values()
    ]
    assert json.loads(done.stdout) == expected
    shown = descrape("schema").stdout
    found: dict[str, list[str]] = {}
    for line in shown.splitlines():
        if head := re.fullmatch(r"(\w+): .+", line):
            found[head[1]] = []
        elif line:
            found[list(found)[-1]].append(line.split()[0])
    assert found == {table.name: [column.name for column in table.columns] for table in EVERY_TABLE.values()}


@pytest.mark.parametrize("table", list(TABLES))
def test_the_schema_of_one_table_is_part_of_the_whole(table: str) -> None:
    (data,) = json.loads(descrape("schema", table, "--json").stdout)
    assert [column["name"] for column in data["columns"]] == [column.name for column in TABLES[table].columns]


# ---------------------------------------------------------------------------------------------------- odd names


def test_an_output_whose_name_is_not_utf8_is_written_or_refused(plain: Path, tmp_path: Path) -> None:
    out = tmp_path / os.fsdecode(b"caf\xe9")
    try:
        out.mkdir()
    except OSError:
        pytest.skip("this file system takes no such names")
    done = descrape("run", plain, "--out", out)
    assert is_clear(done.stderr)
    assert (done.returncode == 0) == (out / "current").exists()


@pytest.mark.parametrize("more", [[], ["--log-format", "json"], ["--json"]])
def test_pages_whose_names_are_not_utf8_are_cleaned(tmp_path: Path, out: Path, more: list[Any]) -> None:
    write_odd(write(tmp_path / "pages", PLAIN), b"caf\xe9.txt", b"Rain fell on the cafe. It was dry inside.\n")
    done = descrape("run", tmp_path / "pages", "--out", out, "--workers", "1", *more)
    assert done.returncode == 0
    assert [row["source_uri"] for row in open_snapshot(out).arrow("articles").to_pylist()][-1] == r"caf\xe9.txt"
    assert descrape("verify", out, "--full").returncode == 0


# ------------------------------------------------------------------------------------------------------- report


def test_report_writes_one_page_and_says_where(pages: Path, out: Path, tmp_path: Path) -> None:
    clean(pages, out)
    done = descrape("report", out, "--output", tmp_path / "page.html", "--cuts", 3)
    size = (tmp_path / "page.html").stat().st_size / 1000
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{tmp_path}/page.html: v000001 on one page, {size:.1f} kB\n"
    assert (tmp_path / "page.html").read_text("utf-8").count('<article class="cut">') == 3
    lost = descrape("report", out, "--output", tmp_path / "nowhere/page.html")
    assert lost.returncode == 2
    assert f"there is no folder {tmp_path}/nowhere" in lost.stderr
    assert descrape("report", tmp_path).returncode == 1


def test_report_shows_as_many_cuts_as_the_page_would_by_itself() -> None:
    (option,) = [option for option in command_group.commands["report"].params if option.name == "cuts"]
    assert option.default == CUTS


def test_report_says_so_when_the_snapshot_before_is_gone(plain: Path, out: Path) -> None:
    clean(plain, out)
    (plain / "b.txt").write_bytes(b"Another text.\n")
    clean(plain, out)
    assert "What changed since v000001" in report_of(out)
    shutil.rmtree(out / "snapshots/v000001")
    done = descrape("report", out, "--output", out.parent / "page.html")
    assert "v000001, the snapshot before, is gone" in done.stderr
    assert done.returncode == 0


def report_of(out: Path) -> str:
    descrape("report", out, "--output", out.parent / "page.html")
    return (out.parent / "page.html").read_text("utf-8")


def test_a_command_that_is_no_run_does_not_speak_of_one(pages: Path) -> None:
    for arguments in (["schema"], ["survey", "."], ["inspect", FERRY]):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                command(*arguments),
                cwd=pages,
                env=environment(),
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 1
        assert "No space left" in done.stderr
        assert "this run" not in done.stderr


def test_a_run_whose_standard_error_is_closed_runs_all_the_same(plain: Path, tmp_path: Path) -> None:
    line = f"{shlex.join(command('run', plain, '--out', tmp_path / 'clean'))} 2>&-"
    done = subprocess.run(["sh", "-c", line], env=environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "committed v000001" in done.stdout
    assert subprocess.run(["sh", "-c", line], env=environment(), capture_output=True, check=False).returncode == 0


def test_a_dumb_terminal_gets_no_colour(pages: Path) -> None:
    assert "\x1b" not in terminal("inspect", pages / FERRY, TERM="dumb")


def test_rejects_are_listed_with_the_record_of_their_container(tmp_path: Path) -> None:
    crawl = write(tmp_path / "pages", {"crawl.jsonl": b'{"text": "Rain fell on the town."}\n{"text": 5}\n'})
    clean(crawl, tmp_path / "clean")
    assert "crawl.jsonl, record 1:" in descrape("quarantine", "list", tmp_path / "clean").stdout


def test_a_run_over_a_snapshot_that_somebody_removed_says_how_to_go_back(plain: Path, tmp_path: Path) -> None:
    out = tmp_path / "clean"
    clean(plain, out)
    clean(write(plain, {"c.txt": b"Hail fell on the mill.\n"}), out)
    shutil.rmtree(out / "snapshots/v000002")
    done = descrape("run", plain, "--out", out)
    assert (done.returncode, f"`descrape rollback {out} v000001`" in done.stderr) == (1, True), done.stderr
    assert descrape("verify", out).returncode == 1
    assert descrape("rollback", out, "v000001").stdout == f"{out}: v000001 is current again\n"
    assert descrape("run", plain, "--out", out).returncode == 0


def test_a_snapshot_that_is_not_there_is_wrong_usage_and_one_that_was_removed_is_called_so(
    plain: Path, tmp_path: Path
) -> None:
    out = tmp_path / "clean"
    clean(plain, out)
    done = descrape("diff", out, "v000007")
    assert (done.returncode, "holds no snapshot 'v000007'" in done.stderr) == (2, True)
    clean(write(plain, {"c.txt": b"Hail fell on the mill.\n"}), out)
    assert descrape("gc", out, "--keep", "1").returncode == 0
    done = descrape("diff", out)
    assert (done.returncode, "v000001, the snapshot before, was removed" in done.stderr) == (2, True), done.stderr


def test_a_profile_that_served_nothing_is_told_of(plain: Path, tmp_path: Path) -> None:
    profile = tmp_path / "quay.toml"
    profile.write_text('name = "quay"\nmatch.uri = ["quay/*"]\n', "utf-8")
    told = "warning: the profile quay served no article"
    several: list[str | Path] = ["--profile", profile, "--profile", "default"]
    assert told in descrape("run", plain, "--out", tmp_path / "clean", *several).stderr
    assert told in descrape("run", plain, "--out", tmp_path / "dry", *several, "--dry-run").stderr
    assert told not in descrape("run", plain, "--out", tmp_path / "alone", "--profile", profile).stderr


def test_no_page_is_written_over_a_snapshot_or_an_input(pages: Path, tmp_path: Path) -> None:
    clean(pages, tmp_path / "clean")
    before, raw = contents(tmp_path / "clean/snapshots"), (pages / FERRY).read_bytes()
    for target in ("clean/current/manifest.json", "clean/snapshots/v000001/articles/new.html"):
        for arguments in (["report", "clean", "--output", target], ["survey", pages, "--html", target]):
            done = descrape(*arguments, cwd=tmp_path)
            assert (done.returncode, "lies in a snapshot" in done.stderr) == (2, True), done.stderr
    done = descrape("survey", pages, "--html", pages / FERRY)
    assert (done.returncode, "is one of the documents" in done.stderr) == (2, True), done.stderr
    assert (contents(tmp_path / "clean/snapshots"), (pages / FERRY).read_bytes()) == (before, raw)


@pytest.mark.parametrize(
    "arguments",
    [
        ["inspect", "clean", "--doc", b"caf\xe9.txt"],
        ["run", "pages", "--out", "other", "--text-field", b"caf\xe9"],
        ["inspect", "pages/lamps.txt", "--record", "9" * 30],
        ["inspect", "clean", "--doc", "lamps.txt", "--record", "9" * 30],
        ["report", "clean", "--cuts", "9" * 30],
        ["run", "pages", "--out", "other", "--max-record-bytes", "9" * 30],
        ["run", "pages", "--out", "other", "--max-document-seconds", "1e300"],
    ],
)
def test_an_argument_that_nothing_can_hold_is_wrong_usage(pages: Path, tmp_path: Path, arguments: list[Any]) -> None:
    clean(pages, tmp_path / "clean")
    line = [*map(os.fsencode, command()), *map(os.fsencode, arguments)]
    done = subprocess.run(line, cwd=tmp_path, env=environment(), capture_output=True, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False), done.stderr.decode("utf-8", "replace")
