"""What the examples for clusters say is what happens, with stand-ins for what one machine lacks."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.store.shares import SHARES
from tests.clusters.commands import run, script
from tests.corpus import ROOT, rows

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")

EXAMPLES = ROOT / "examples"
SCRIPTS = ["slurm/shares.sh", "ssh/cluster.sh"]


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
    script(
        place,
        "sbatch",
        'echo "$*" >> asked\n'
        "for word; do command=$word; case $word in --array=1-*) tasks=${word#--array=1-};; esac; done\n"
        'for task in $(seq "${tasks:-1}"); do SLURM_ARRAY_TASK_ID=$task sh -c "$command" >&2 || exit 1; done\n'
        "wc -l < asked",
    )
    ended = run(place, "sh", EXAMPLES / "slurm/shares.sh", PAGES="pages", CLEAN="clean", SHARES="2", CPUS="1")
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
    ended = run(place, *container["command"], *container["args"], **few, JOB_COMPLETION_INDEX="0")
    assert ended.returncode == 0, ended.stderr
    (last,) = containers(commit["spec"])
    ended = run(place, *last["command"], *last["args"], **few)
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
    script(place, "dask", f"{noted}\nbefore=\n{file}\nexec sleep 100")
    script(place, "descrape", f"while [ $(grep -c 'dask worker' asked) -lt 2 ]; do sleep 0.1; done\n{noted}\nexit 3")
    script(place, "ssh", 'shift\nexec sh -c "$*"')  # to this machine itself
    ended = run(place, "sh", EXAMPLES / "ssh/cluster.sh", HOSTS="one two", HEAD="head", PAGES="p", CLEAN="c")
    assert ended.returncode == 0, ended.stderr
    asked = sorted((place / "asked").read_text("utf-8").splitlines())
    assert [line.split(" --")[0] for line in asked] == [
        "dask scheduler",
        "dask worker tcp://head:8786",
        "dask worker tcp://head:8786",
        "descrape run p",
    ]
    assert asked[-1] == "descrape run p --out c --engine dask --scheduler tcp://head:8786 --quiet"
