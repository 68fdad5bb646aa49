"""What the examples for schedulers say is what happens."""

from __future__ import annotations

import configparser
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import pytest

from pipeline import open_snapshot
from tests.corpus import PAGES, ROOT, write

EXAMPLES = ROOT / "examples"
GOOD = {"town/plain.txt": PAGES["town/plain.txt"]}
REJECTED = {"blank.txt": PAGES["blank.txt"]}

Shell = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Return a shell with the command on its path, and pages to clean below where it stands."""
    (tmp_path / "bin").mkdir()
    for name, line in {"descrape": "-m pipeline ", "python": ""}.items():
        script = tmp_path / "bin" / name
        script.write_text(f'#!/bin/sh\nexport PYTHONPATH="{ROOT}"\nexec "{sys.executable}" {line}"$@"\n', "utf-8")
        script.chmod(0o755)
    write(tmp_path / "pages", GOOD)

    def run(*command: str, **more: str) -> subprocess.CompletedProcess[str]:
        path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
        return subprocess.run(
            command, cwd=tmp_path, env=environment | {"PATH": path} | more, capture_output=True, text=True, check=False
        )

    return run


def text(name: str) -> str:
    return (EXAMPLES / name).read_text("utf-8")


@pytest.mark.parametrize("name", ["crontab", "descrape.service", "descrape.timer", "tables.mk"])
def test_the_page_shows_the_example_itself(name: str) -> None:
    assert f"```text\n{text(name)}```" in (ROOT / "docs/schedule.md").read_text("utf-8")


# --------------------------------------------------------------------------------------------------- cron


def jobs() -> list[tuple[list[str], str]]:
    """Return the five fields of each job of the crontab, and its command."""
    lines = [line for line in text("crontab").splitlines() if line and not re.match(r"#|[A-Z]+=", line)]
    return [(line.split(maxsplit=5)[:5], line.split(maxsplit=5)[5]) for line in lines]


def test_each_job_has_a_time_that_cron_knows_and_no_percent_sign() -> None:
    assert len(jobs()) == 3
    for fields, command in jobs():
        for field, most in zip(fields, (59, 23, 31, 12, 7), strict=True):
            assert field == "*" or int(field) <= most
        assert "%" not in command  # which cron takes for a line break


def test_cron_takes_rejects_for_success_and_an_error_for_one(shell: Shell, tmp_path: Path) -> None:
    places = {"PAGES": "pages", "CLEAN": "clean"}
    write(tmp_path / "pages", REJECTED)
    for _, command in jobs():
        ended = shell("sh", "-c", command, **places)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert open_snapshot(tmp_path / "clean").manifest.counts["rejects"] == 1
    failed = shell("sh", "-c", jobs()[0][1], **places | {"PAGES": "nowhere"})
    assert failed.returncode != 0
    assert "nowhere" in failed.stderr


# ------------------------------------------------------------------------------------------------ systemd


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed, so the units are not checked by it")
    for name in ("descrape.service", "descrape.timer"):
        # It wants the program to be there.
        (tmp_path / name).write_text(text(name).replace("/usr/local/bin/descrape", sys.executable), "utf-8")
    units = [str(tmp_path / name) for name in ("descrape.service", "descrape.timer")]
    checked = subprocess.run([analyze, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    if "Failed to initialize" in checked.stderr or "Failed to create" in checked.stderr:
        pytest.skip("systemd-analyze does not run here: " + checked.stderr.strip())
    assert [line for line in checked.stderr.splitlines() if "descrape" in line] == []
    assert checked.returncode == 0


def test_the_service_runs_a_command_that_works_and_knows_its_exit_codes(shell: Shell, tmp_path: Path) -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign] # the names are told apart by capitals
    unit.read_string(text("descrape.service"))
    service = unit["Service"]
    assert service["SuccessExitStatus"] == "3"
    assert service["RestartPreventExitStatus"] == "2 65 75"
    command = service["ExecStart"].replace("/usr/local/bin/", "").replace("/srv/", "").replace("%%", "%").split()
    assert shell(*command).returncode == 0
    write(tmp_path / "pages", REJECTED)
    too_many = shell(*command)
    assert too_many.returncode == 65
    assert '"event":"run_failed"' in too_many.stderr


# --------------------------------------------------------------------------------------------------- make


def test_other_targets_can_lean_on_the_tables(shell: Shell, tmp_path: Path) -> None:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    write(tmp_path / "pages", REJECTED)
    made = shell("make", "-f", str(EXAMPLES / "tables.mk"), "headlines.csv")
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "headlines.csv").read_text("utf-8").splitlines()[0] == "doc_id,headline"
    failed = shell("make", "-f", str(EXAMPLES / "tables.mk"), "tables", "PAGES=nowhere")
    assert failed.returncode != 0


# ------------------------------------------------------------------------------------------------ Airflow


class StandIn:
    """Notes how a DAG or a task was declared, and what follows it: Airflow itself is too much to install for a test."""

    def __init__(self, *_: object, **declared: Any) -> None:  # noqa: ANN401 - whatever a DAG or a task is told
        self.declared = declared
        self.followers: list[StandIn] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __rshift__(self, other: StandIn) -> StandIn:
        self.followers.append(other)
        return other


@pytest.fixture
def dag(monkeypatch: pytest.MonkeyPatch) -> tuple[StandIn, Mapping[str, StandIn]]:
    """Return the DAG of the example, and its tasks by their names."""
    modules = {
        "airflow.sdk": {"DAG": StandIn},
        "airflow.providers.standard.operators.bash": {"BashOperator": StandIn},
    }
    for name, holds in modules.items():
        for place in range(1, name.count(".") + 2):
            parent = ".".join(name.split(".")[:place])
            monkeypatch.setitem(sys.modules, parent, sys.modules.get(parent) or ModuleType(parent))
        vars(sys.modules[name]).update(holds)
    spec = importlib.util.spec_from_file_location("airflow_dag", EXAMPLES / "airflow_dag.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tasks = [value for value in vars(module).values() if isinstance(value, StandIn) and "task_id" in value.declared]
    return module.dag, {task.declared["task_id"]: task for task in tasks}


def test_the_dag_runs_then_verifies_and_never_twice_at_once(dag: tuple[StandIn, Mapping[str, StandIn]]) -> None:
    flow, tasks = dag
    assert flow.declared["max_active_runs"] == 1
    assert flow.declared["catchup"] is False
    assert tasks["run"].followers == [tasks["verify"]]
    assert tasks["verify"].followers == []


def test_the_dag_skips_when_there_is_nothing_new_and_takes_rejects_for_success(
    dag: tuple[StandIn, Mapping[str, StandIn]], shell: Shell, tmp_path: Path
) -> None:
    _, tasks = dag
    run, verify = (tasks[name].declared["bash_command"].replace("/srv/", "") for name in ("run", "verify"))
    assert shell("sh", "-c", run).returncode == 0
    assert shell("sh", "-c", run).returncode == tasks["run"].declared["skip_on_exit_code"]
    write(tmp_path / "pages", REJECTED)
    assert shell("sh", "-c", run).returncode == 0
    assert shell("sh", "-c", verify).returncode == 0
    assert shell("sh", "-c", run.replace("pages", "nowhere")).returncode == 2
