"""A cluster whose workers read pages on S3, with tables on S3: a server that this test starts."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import open_snapshot
from pipeline.job import Options, run
from pipeline.store.bucket import Bucket
from pipeline.store.bucket_gc import collect_on_s3
from pipeline.store.snapshot import SNAPSHOTS
from pipeline.verify import verify
from tests.corpus import FEW, clean, environment, rows, small_shards, write
from tests.store.s3_server import TABLES_URL as URL

pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
s3fs = pytest.importorskip("s3fs", reason="the extra s3 is not installed")

pytestmark = [
    pytest.mark.usefixtures("bucket"),
    pytest.mark.filterwarnings("ignore"),  # of others, which come and go with their versions
]


def test_pages_and_tables_on_s3_give_the_rows_of_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_shards(monkeypatch, 4)
    clean(write(tmp_path / "pages"), tmp_path / "clean")
    s3fs.S3FileSystem().put(str(tmp_path / "pages"), "bucket/pages", recursive=True)
    there = Options(engine="dask", workers=1)
    assert run(["s3://bucket/pages"], URL, there).status == "committed"
    assert rows(open_snapshot(URL)) == rows(tmp_path / "clean")
    assert verify(open_snapshot(URL), full=True).breaches == ()


KILLED = """
import os, signal, sys
from pipeline.job import Options, run

def die():
    os.kill(os.getpid(), signal.SIGKILL)

pages, out, scheduler = sys.argv[1:]
run([pages], out, Options(engine="dask", scheduler=scheduler), before_switch=die)
"""


def test_a_command_that_is_killed_before_the_conditional_put_leaves_nothing_to_see(
    tmp_path: Path, scheduler: str
) -> None:
    pages = write(tmp_path / "pages", FEW)
    on_dask = Options(engine="dask", scheduler=scheduler)
    run([str(pages)], URL, on_dask)
    before = rows(open_snapshot(URL))
    write(pages, {"town/plain.txt": b"Changed. It is short.\n"})
    clean(pages, tmp_path / "local")
    killed = [sys.executable, "-c", KILLED, str(pages), URL, scheduler]
    ended = subprocess.run(killed, env=environment(TMPDIR=str(tmp_path)), check=False)
    assert ended.returncode == -signal.SIGKILL
    assert rows(open_snapshot(URL)) == before
    # Its number is taken; the next run takes the one behind it, and what was never committed goes.
    outcome = run([str(pages)], URL, on_dask)
    assert (outcome.status, outcome.version) == ("committed", "v000003")
    assert rows(open_snapshot(URL)) == rows(tmp_path / "local")
    collect_on_s3(URL, 1)
    assert {key.split("/")[1] for key in Bucket(URL).sizes(SNAPSHOTS)} == {"v000003"}
