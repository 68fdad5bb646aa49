"""What the examples for clusters say is what happens, with stand-ins for what one machine lacks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.store.shares import SHARES
from tests.corpus import PAGES, ROOT, clean, rows, write

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")

EXAMPLES = ROOT / "examples"
SCRIPTS = ["slurm/shares.sh", "ssh/cluster.sh"]
GOOD = {name: PAGES[name] for name in ("town/plain.txt", "harbour/ferry.txt", "lamps.txt", "blank.txt")}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with pages, and the commands of the project on the path below it."""
    (tmp_path / "bin").mkdir()
    for name, line in {"descrape": "-m pipeline", "dask": "-m dask"}.items():
        _script(tmp_path, name, f'export PYTHONPATH="{ROOT}"\nexec "{sys.executable}" {line} "$@"')
    write(tmp_path / "pages", GOOD)
    clean(tmp_path / "pages", tmp_path / "expected")
    return tmp_path


def _script(place: Path, name: str, body: str) -> None:
    path = place / "bin" / name
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(0o755)


def _run(place: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    path = f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command, cwd=place, env=os.environ | {"PATH": path} | more, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_are_good_shell(name: str) -> None:
    assert subprocess.run(["sh", "-n", str(EXAMPLES / name)], check=False).returncode == 0
    checker = shutil.which("shellcheck")
    if checker is None:
        pytest.skip("shellcheck is not installed, so the script is only parsed")
    checked = subprocess.run([checker, str(EXAMPLES / name)], capture_output=True, text=True, check=False)
    assert checked.stdout == ""


def test_the_job_array_cleans_twice_and_commits_what_one_run_would(place: Path) -> None:
    # Stands in for Slurm: does each task at once, one after the other, and notes what it was asked for.
    _script(
        place,
        "sbatch",
        'echo "$*" >> asked\n'
        "for word; do command=$word; case $word in --array=1-*) tasks=${word#--array=1-};; esac; done\n"
        'for task in $(seq "${tasks:-1}"); do SLURM_ARRAY_TASK_ID=$task sh -c "$command" >&2 || exit 1; done\n'
        "wc -l < asked",
    )
    ended = _run(place, "sh", str(EXAMPLES / "slurm/shares.sh"), PAGES="pages", CLEAN="clean", SHARES="2", CPUS="1")
    assert ended.returncode == 0, ended.stderr
    assert rows(place / "clean") == rows(place / "expected")
    assert not (place / "clean" / SHARES).exists()
    asked = (place / "asked").read_text("utf-8").splitlines()
    assert ["--dependency=afterok:" in line for line in asked] == [False, True, True]
    assert ["--array=1-2" in line for line in asked] == [True, True, False]


def manifests(name: str) -> list[dict[str, Any]]:
    with (EXAMPLES / "kubernetes" / name).open(encoding="utf-8") as file:
        return list(yaml.safe_load_all(file))


def containers(found: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - as YAML has it
    """Yield every container of a manifest, wherever it stands."""
    if isinstance(found, dict):
        yield from found.get("containers", ())
        for value in found.values():
            yield from containers(value)


@pytest.mark.parametrize("name", ["shares.yaml", "commit.yaml", "dask.yaml"])
def test_every_container_mounts_the_shared_files_it_works_on(name: str) -> None:
    for manifest in manifests(name):
        assert {"apiVersion", "kind", "metadata", "spec"} <= manifest.keys()
        for container in containers(manifest["spec"]):
            if container["name"] != "scheduler":
                assert container["volumeMounts"] == [{"name": "shared", "mountPath": "/shared"}]


def test_the_indexed_job_and_the_commit_give_what_one_run_would(place: Path) -> None:
    (shares,), (commit,) = manifests("shares.yaml"), manifests("commit.yaml")
    assert shares["spec"]["completionMode"] == "Indexed"
    (container,) = containers(shares["spec"])
    told = {entry["name"]: entry["value"] for entry in container["env"]}
    assert int(told["SHARES"]) == shares["spec"]["completions"]
    few = {"PAGES": "pages", "CLEAN": "clean", "SHARES": "1"}
    ended = _run(place, *container["command"], *container["args"], **few, JOB_COMPLETION_INDEX="0")
    assert ended.returncode == 0, ended.stderr
    (last,) = containers(commit["spec"])
    ended = _run(place, *last["command"], *last["args"], **few)
    assert ended.returncode == 0, ended.stderr
    assert rows(place / "clean") == rows(place / "expected")


def test_the_cluster_of_the_operator_lets_workers_have_processes_and_is_found_by_the_job() -> None:
    cluster, job = manifests("dask.yaml")
    (worker,) = containers(cluster["spec"]["worker"])
    assert {"name": "DASK_DISTRIBUTED__WORKER__DAEMON", "value": "False"} in worker["env"]
    (command,) = next(iter(containers(job["spec"])))["args"]
    (port,) = cluster["spec"]["scheduler"]["service"]["ports"]
    assert f"--scheduler tcp://{cluster['metadata']['name']}-scheduler:{port['port']} " in command


def test_the_ssh_cluster_starts_everything_and_ends_it(place: Path) -> None:
    noted = 'echo "$(basename "$0") $*" >> asked'
    file = 'for word; do case $before in --scheduler-file) echo > "$word";; esac; before=$word; done'
    _script(place, "dask", f"{noted}\nbefore=\n{file}\nexec sleep 100")
    _script(place, "descrape", f"while [ $(grep -c 'dask worker' asked) -lt 2 ]; do sleep 0.1; done\n{noted}\nexit 3")
    _script(place, "ssh", 'shift\nexec sh -c "$*"')  # to this machine itself
    ended = _run(place, "sh", str(EXAMPLES / "ssh/cluster.sh"), HOSTS="one two", HEAD="head", PAGES="p", CLEAN="c")
    assert ended.returncode == 0, ended.stderr
    asked = sorted((place / "asked").read_text("utf-8").splitlines())
    assert [line.split(" --")[0] for line in asked] == [
        "dask scheduler",
        "dask worker tcp://head:8786",
        "dask worker tcp://head:8786",
        "descrape run p",
    ]
    assert asked[-1] == "descrape run p --out c --engine dask --scheduler tcp://head:8786 --quiet"
