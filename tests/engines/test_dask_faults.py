"""What goes wrong on a cluster costs time, or the run, and is said in one sentence; nothing is lost or seen half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from pipeline import open_snapshot
from pipeline.engines import dask as engines_dask
from pipeline.errors import DescrapeError, UsageError
from pipeline.store.gc import collect
from pipeline.store.snapshot import versions
from pipeline.verify import verify
from tests.corpus import (
    PAGES,
    PATIENCE,
    ROOT,
    as_process,
    clean,
    command,
    deadly_shard,
    descrape,
    environment,
    in_time,
    many,
    rows,
    small_shards,
    staged,
    wait_until,
    write,
)
from tests.engines import at_worker
from tests.engines.at_worker import SLOW, instead

distributed = pytest.importorskip("distributed", reason="the extra 'dask' is not installed")

pytestmark = pytest.mark.filterwarnings("default")  # of Dask's own, which come and go with its versions


def codes(out: Path) -> dict[str, str]:
    """Return the codes of rejects by ``source_uri``."""
    return {row["source_uri"]: row["code"] for row in rows(out)["rejects"]}


# ---------------------------------------------------------------------------------- documents and shards


def test_a_slow_shard_holds_up_no_other(
    out: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_shards(monkeypatch, 4)
    pages = write(tmp_path / "pages", {**many(40), SLOW: PAGES[SLOW]})
    clean(pages, tmp_path / "local")
    shards = len(open_snapshot(tmp_path / "local").manifest.shards)
    assert shards > 2 * engines_dask.AHEAD
    (tmp_path / "others").write_text(str(shards - 1), "utf-8")
    with instead(scheduler, at_worker.patient), in_time():
        clean(pages, out, engine="dask", scheduler=scheduler)
    assert rows(out) == rows(tmp_path / "local")


def test_a_document_that_takes_too_long_on_a_worker_is_rejected_alone(
    pages: Path, out: Path, tmp_path: Path, scheduler: str
) -> None:
    clean(pages, tmp_path / "local")
    with instead(scheduler, at_worker.endless), in_time():
        clean(pages, out, engine="dask", scheduler=scheduler, max_document_seconds=0.6)
    assert codes(out) == codes(tmp_path / "local") | {SLOW: "too_slow"}
    assert rows(out)["articles"] == [row for row in rows(tmp_path / "local")["articles"] if row["source_uri"] != SLOW]


def test_a_document_that_kills_its_process_is_found_by_halving_and_rejected_alone(
    out: Path, tmp_path: Path, scheduler: str
) -> None:
    pages = write(tmp_path / "pages", {SLOW: PAGES[SLOW], "healthy.txt": PAGES[SLOW]})
    with instead(scheduler, at_worker.deadly, deadly_shard), in_time():
        clean(pages, out, engine="dask", scheduler=scheduler)
    assert codes(out) == {SLOW: "worker_died"}
    assert [row["source_uri"] for row in rows(out)["articles"]] == ["healthy.txt"]
    assert verify(open_snapshot(out), full=True).breaches == ()
    assert staged(out) == []


# --------------------------------------------------------------------------------- workers and scheduler


def test_a_shard_that_takes_worker_after_worker_along_ends_the_run(pages: Path, out: Path, scheduler: str) -> None:
    with (
        instead(scheduler, at_worker.murderous),
        in_time(),
        pytest.raises(DescrapeError, match=f"^{engines_dask.WORKERS_LOST} workers were lost, one after the other"),
    ):
        clean(pages, out, engine="dask", scheduler=scheduler)
    assert not (out / "current").exists()
    assert staged(out) == []
    assert clean(pages, out, engine="dask", scheduler=scheduler).status == "committed"


def test_a_worker_that_does_not_reach_the_sources_is_named_with_the_folder(
    pages: Path, out: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = engines_dask._sent

    def unmounted(*shard: Any) -> Any:  # noqa: ANN401 - a shard and the work
        told = sent(*shard)
        if not pages.with_name("elsewhere").exists():
            pages.rename(pages.with_name("elsewhere"))
            pages.mkdir()  # as where something is mounted, and nothing is
        return told

    monkeypatch.setattr(engines_dask, "_sent", unmounted)
    with pytest.raises(DescrapeError, match=rf"^the worker tcp://\S+ does not reach {pages}/\S+: No such file"):
        clean(pages, out, engine="dask", scheduler=scheduler)
    assert not (out / "current").exists()


def test_a_file_that_is_gone_is_a_reject_on_a_cluster_as_well(
    pages: Path, out: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean(pages, tmp_path / "local")
    sent = engines_dask._sent

    def removed(*shard: Any) -> Any:  # noqa: ANN401 - as above
        pages.joinpath(SLOW).unlink(missing_ok=True)
        return sent(*shard)

    monkeypatch.setattr(engines_dask, "_sent", removed)
    clean(pages, out, engine="dask", scheduler=scheduler)
    assert codes(out) == codes(tmp_path / "local") | {SLOW: "vanished"}


def test_paths_are_those_of_the_command_wherever_workers_were_started(
    pages: Path, out: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean(pages, tmp_path / "local")
    monkeypatch.chdir(tmp_path)
    outcome = clean(Path("pages"), Path("clean"), engine="dask", scheduler=scheduler)
    assert outcome.status == "committed"
    assert rows(out) == rows(tmp_path / "local")
    assert clean(Path("pages"), Path("clean"), engine="dask", scheduler=scheduler).status == "unchanged"


def test_a_scheduler_that_is_killed_ends_the_run(
    pages: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    more = environment(DASK_DISTRIBUTED__WORKER__DAEMON="False")
    quiet: dict[str, Any] = {"env": more, "stderr": subprocess.DEVNULL, "cwd": ROOT}
    started = [
        subprocess.Popen([*dask, "scheduler", "--scheduler-file", file, "--port", "0", "--no-dashboard"], **quiet),
        subprocess.Popen([*dask, "worker", "--scheduler-file", file, "--no-nanny"], **quiet),
    ]
    read = engines_dask._read

    def killing(*answer: Any) -> Any:  # noqa: ANN401 - as it is
        """Have the scheduler killed as soon as it has brought something."""
        started[0].kill()
        return read(*answer)

    monkeypatch.setattr(engines_dask, "_read", killing)
    small_shards(monkeypatch)
    try:
        with distributed.Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(1, PATIENCE)
            address = client.scheduler.address
        with in_time(), pytest.raises(DescrapeError, match=r"^the Dask cluster is lost: "):
            clean(pages, out, engine="dask", scheduler=address)
    finally:
        for process in started:
            process.kill()
            process.wait()
    assert not (out / "current").exists()
    assert staged(out) == []


def test_a_scheduler_that_does_not_answer_ends_the_run_in_one_sentence(pages: Path, out: Path) -> None:
    began = time.monotonic()
    ended = as_process("run", pages, "--out", out, "--engine", "dask", "--scheduler", "tcp://127.0.0.1:1")
    assert time.monotonic() - began < 5 * engines_dask.SECONDS_TO_CONNECT
    (line,) = ended.stderr.splitlines()[1:]
    assert "the scheduler tcp://127.0.0.1:1 does not answer" in line
    assert ended.returncode == 1
    assert not (out / "current").exists()


@pytest.mark.parametrize("address", ["head", "http://head:8786", "tcp://"])
def test_what_is_no_address_of_a_scheduler_is_refused(pages: Path, out: Path, address: str) -> None:
    with pytest.raises(UsageError, match=f"^--scheduler {address}: .* such as tcp://head:8786"):
        clean(pages, out, engine="dask", scheduler=address)


# ------------------------------------------------------------------------------------------- the command


KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline.job import Options, run
from pipeline.store.commit import Output

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

pages, out, scheduler, instant = sys.argv[1:]
switch = Output.switch
if instant == "behind":
    Output.switch = lambda *arguments: (switch(*arguments), die())
run([pages], Path(out), Options(engine="dask", scheduler=scheduler), before_switch=die if instant == "before" else str)
"""


@pytest.mark.parametrize("instant", ["before", "behind"])
def test_a_command_that_is_killed_at_the_switch_leaves_all_or_nothing(
    pages: Path, out: Path, tmp_path: Path, scheduler: str, instant: str
) -> None:
    clean(pages, out)
    before = rows(out)
    write(pages, {"town/plain.txt": b"Changed. It is short.\n"})
    clean(pages, tmp_path / "local")
    killed = [sys.executable, "-c", KILLED, str(pages), str(out), scheduler, instant]
    assert subprocess.run(killed, env=environment(), check=False).returncode == -signal.SIGKILL
    assert rows(out) == (rows(tmp_path / "local") if instant == "behind" else before)
    assert verify(open_snapshot(out), full=True).breaches == ()
    # What is left of it goes with `gc`; the next run commits what is new, and says so where nothing is.
    collect(out, 2)
    assert staged(out) == []
    outcome = clean(pages, out, engine="dask", scheduler=scheduler)
    # Its number is taken, whether it was committed or not.
    expected = ("unchanged", "v000002") if instant == "behind" else ("committed", "v000003")
    assert (outcome.status, outcome.version) == expected
    assert rows(out) == rows(tmp_path / "local")
    assert collect(out, 1).kept == (outcome.version,)
    assert versions(out) == [outcome.version]
    assert staged(out) == []


def test_an_interrupt_ends_the_command_and_all_it_started_in_one_sentence(out: Path, tmp_path: Path) -> None:
    pages = write(tmp_path / "pages", many(1000))
    run = subprocess.Popen(
        command("run", pages, "--out", out, "--engine", "dask", "--workers", "1", "--quiet"),
        env=environment(),
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    wait_until(lambda: any((out / ".staging").glob("*/*")) or run.poll() is not None)
    children = psutil.Process(run.pid).children(recursive=True)
    os.killpg(run.pid, signal.SIGINT)  # as a terminal sends it, to workers as well
    _, told = run.communicate(timeout=PATIENCE)
    assert told.decode().splitlines() == ["descrape: error: interrupted; nothing of this run is visible"]
    assert run.returncode == 130
    assert psutil.wait_procs(children, timeout=PATIENCE)[1] == []
    assert not (out / "current").exists()
    assert staged(out) == []


def test_a_cluster_without_its_extra_names_the_extra(pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'descrape\[dask\]'"):
        clean(pages, out, engine="dask")
    assert not (out / "current").exists()


def test_a_scheduler_without_its_engine_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    ended = descrape("run", tmp_path / "none", "--out", tmp_path / "clean", "--scheduler", "tcp://head:8786")
    assert ended.returncode == 2
    assert "give --engine dask as well" in ended.stderr
