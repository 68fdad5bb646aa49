"""The ready files start clusters: by a real sshd of this machine, and by dask-jobqueue with a stand-in for Slurm."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.clusters.commands import run, script
from tests.corpus import ROOT, rows

pytest.importorskip("distributed", reason="the extra 'dask' is not installed")

pytestmark = pytest.mark.skipif(
    not os.environ.get("CLUSTERS"), reason="starts whole clusters, too long for the gate: `make clusters` does it"
)

EXAMPLES = ROOT / "examples"
HOSTS = {"one": "127.0.0.1", "two": "127.0.0.2"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ended(word: str) -> bool:
    """Whether no process with this in its command line is left, soon."""
    for _ in range(300):
        if not any(word in " ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])):
            return True
        time.sleep(0.1)
    return False


# ---------------------------------------------------------------------------------------------------- ssh


@pytest.fixture
def machines(place: Path) -> Iterator[None]:
    """Have ``ssh one`` and ``ssh two`` lead to a server of this machine, by two of its addresses."""
    server = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin")
    if server is None or shutil.which("ssh-keygen") is None:
        pytest.skip("no sshd here, so the cluster by ssh is tried with a stand-in alone: apt install openssh-server")
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", place / name], check=True)
    port = free_port()
    (place / "sshd").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nListenAddress 127.0.0.2\nHostKey {place}/host\nPidFile none\n"
        f"AuthorizedKeysFile {place}/user.pub\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
        f"SetEnv PATH={place}/bin:{os.environ['PATH']}\n",
        "utf-8",
    )
    (place / "ssh").write_text(
        f"IdentityFile {place}/user\nIdentitiesOnly yes\nPort {port}\nStrictHostKeyChecking no\n"
        f"UserKnownHostsFile {place}/known\nLogLevel ERROR\n"
        + "".join(f"Host {name}\n  HostName {address}\n" for name, address in HOSTS.items()),
        "utf-8",
    )
    script(place, "ssh", f'exec {shutil.which("ssh")} -F "{place}/ssh" "$@"')
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # demanded of a server that root starts
    with subprocess.Popen([server, "-D", "-e", "-f", place / "sshd"], stderr=subprocess.PIPE, text=True) as serving:
        try:
            answered = run(
                place, "sh", "-c", "until ssh one true; do sleep 0.2; i=_$i; [ ${#i} -lt 25 ] || exit 1; done"
            )
            if answered.returncode:
                serving.terminate()
                pytest.skip(f"no sshd can be started here: {answered.stderr} {serving.communicate()[1]}")
            yield
        finally:
            serving.terminate()


@pytest.mark.usefixtures("machines")
def test_a_cluster_by_ssh_cleans_and_leaves_nothing_running(place: Path) -> None:
    port = str(free_port())
    told = {"HOSTS": " ".join(HOSTS), "HEAD": "127.0.0.1", "PORT": port, "WORKERS": "1"}
    came = run(place, "sh", EXAMPLES / "ssh/cluster.sh", PAGES="pages", CLEAN="clean", **told)
    assert came.returncode == 0, came.stderr
    assert rows(place / "clean") == rows(place / "expected")
    assert ended(f"tcp://127.0.0.1:{port}")


# -------------------------------------------------------------------------------------------------- Slurm


def test_a_cluster_by_dask_jobqueue_cleans_and_gives_its_jobs_back(place: Path) -> None:
    pytest.importorskip("dask_jobqueue", reason="dask-jobqueue is not installed")
    # Stand in for Slurm: a job is begun at once, its number is that of its process group.
    script(
        place,
        "sbatch",
        'job=$(mktemp ./job.XXXXXX)\ncp "$1" "$job"\nsetsid sh "$job" >"$job.log" 2>&1 &\n'
        'echo "$!" >> given\necho "Submitted batch job $!"',
    )
    script(place, "scancel", 'echo "$1" >> back\nkill -- "-$1"')
    few = {"JOBS": "2", "CPUS": "1", "MEMORY": "1GB"}
    came = run(place, sys.executable, EXAMPLES / "slurm/dask_cluster.py", "pages", "clean", **few)
    assert came.returncode == 3, came.stderr  # one of the pages is blank
    assert rows(place / "clean") == rows(place / "expected")
    given, back = ((place / name).read_text("utf-8").split() for name in ("given", "back"))
    assert len(given) == 2
    assert sorted(back) == sorted(given)
    (asked, *_) = [file.read_text("utf-8") for file in place.glob("job.??????")]
    assert "#SBATCH --cpus-per-task=1" in asked
    assert "export DASK_DISTRIBUTED__WORKER__DAEMON=False" in asked
