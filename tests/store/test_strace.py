"""A few of the faults of `make faults`, injected into real system calls: a reader sees one whole run all the same."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bench.faults import FAULTS, injected

FAULTS_TRIED = 4
SEED = 20160327


@pytest.fixture
def tracing() -> None:
    """Skip the test where system calls cannot be traced."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed, so no fault is injected into system calls")
    traced = subprocess.run(["strace", "-f", "-qq", "-o", os.devnull, "true"], capture_output=True, check=False)
    if traced.returncode:
        pytest.skip("strace may trace nothing here: " + traced.stderr.decode("utf-8", "replace").strip())


@pytest.mark.usefixtures("tracing")
def test_whichever_system_call_breaks_the_tables_are_those_of_one_whole_run(tmp_path: Path) -> None:
    tried = list(injected(tmp_path, FAULTS_TRIED, SEED))
    assert [outcome for outcome in tried if outcome.problem] == []
    assert len(tried) == FAULTS_TRIED
    assert {outcome.fault for outcome in tried} == set(FAULTS)
