"""The Dask engine: other machines, the same rows; what is lost on the way costs time and nothing else."""

from __future__ import annotations

import importlib
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline import open_snapshot
from pipeline.engines import dask as engines_dask
from pipeline.errors import DescrapeError, UsageError
from pipeline.job import Options, run
from pipeline.schema import TABLES
from pipeline.store.snapshot import read_file
from pipeline.verify import verify
from tests import corpus
from tests.containers import COMPRESSIONS, jsonl
from tests.corpus import clean, many, rows, small_parts, small_shards, staged, write

distributed = pytest.importorskip("distributed", reason="the extra 'dask' is not installed")

pytestmark = pytest.mark.filterwarnings("default")  # of Dask's own, which come and go with its versions


def files(out: Path) -> dict[str, list[Any]]:
    """Return the rows of every file of every table."""
    snapshot = open_snapshot(out)
    return {table: [read_file(path).to_pylist() for path in snapshot.files(table)] for table in TABLES}


def without_run(tables: dict[str, list[Any]]) -> dict[str, list[Any]]:
    for rejects in tables["rejects"]:
        for row in rejects:
            del row["run_id"]
    return tables


def test_tables_are_equal_file_by_file(
    pages: Path, out: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_shards(monkeypatch, 2)
    clean(pages, tmp_path / "local")
    told: list[bytes | str] = []
    read = engines_dask._read

    def noted(answer: bytes | str, task: Any) -> Any:  # noqa: ANN401 - as it is
        told.append(answer)
        return read(answer, task)

    monkeypatch.setattr(engines_dask, "_read", noted)
    outcome = clean(pages, out, engine="dask", scheduler=scheduler)
    assert outcome.status == "committed"
    assert len(told) == 2 * len(open_snapshot(out).manifest.shards)
    assert max(map(len, told)) < 1000  # the name of a file, whatever the shard
    assert without_run(files(out)) == without_run(files(tmp_path / "local"))
    assert verify(open_snapshot(out)).breaches == ()
    assert staged(out) == []
    assert clean(pages, out, engine="dask", scheduler=scheduler).status == "unchanged"


def test_workers_of_a_cluster_clean_parts_of_one_container(
    out: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_parts(monkeypatch)
    pages = write(tmp_path / "pages", {"a.jsonl.zst": COMPRESSIONS["zst"](jsonl(many(40).values()))})
    clean(pages, tmp_path / "local")
    clean(pages, out, engine="dask", scheduler=scheduler)
    assert len(open_snapshot(out).manifest.shards) > 3
    assert without_run(files(out)) == without_run(files(tmp_path / "local"))
    assert list(open_snapshot(out).manifest.inputs) == list(open_snapshot(tmp_path / "local").manifest.inputs)


@pytest.fixture
def alike() -> dict[str, bytes]:
    """Return pages of which some have the same prose, and some nearly the same."""
    pages = many(40)
    pages |= {f"same/{number}.txt": raw for number, raw in enumerate(list(pages.values())[::6])}
    for number, raw in enumerate(list(pages.values())[::7]):
        pages[f"near/{number}.txt"] = raw.replace(b"was high", b"was low", 1)
    return pages


def test_duplicates_meet_on_the_cluster_and_are_those_of_one_machine(
    out: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch, alike: dict[str, bytes]
) -> None:
    small_shards(monkeypatch, 4)
    pages = write(tmp_path / "pages", alike)
    for place, options in {"local": Options(), "clean": Options(engine="dask", scheduler=scheduler)}.items():
        run([str(pages)], tmp_path / place, replace(options, near_duplicates=0.5))
    assert without_run(files(out)) == without_run(files(tmp_path / "local"))
    assert len([row for row in rows(out)["articles"] if row["duplicate_of"]]) >= 7
    near = [open_snapshot(tmp_path / place).arrow("near_duplicates") for place in ("local", "clean")]
    assert near[0].num_rows >= 5
    assert near[0].equals(near[1])
    # What a later run carries over has marks already: those that are no longer so are changed, and only those.
    first = min(alike)
    (pages / first).write_bytes(b"Something else. It is short.\n")
    for place, options in {"local": Options(), "clean": Options(engine="dask", scheduler=scheduler)}.items():
        run([str(pages)], tmp_path / place, options)
    assert without_run(files(out)) == without_run(files(tmp_path / "local"))


def test_a_worker_that_is_killed_costs_time_and_nothing_else(
    pages: Path, out: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_shards(monkeypatch, 2)
    clean(pages, tmp_path / "local")
    read = engines_dask._read
    killed: list[int] = []
    with distributed.Client(scheduler, set_as_default=False) as client:

        def killing(*answer: Any) -> Any:  # noqa: ANN401 - as it is
            """Have a worker killed as soon as one of them has answered."""
            if not killed:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)
            return read(*answer)

        monkeypatch.setattr(engines_dask, "_read", killing)
        clean(pages, out, engine="dask", scheduler=scheduler)
    assert killed
    assert without_run(files(out)) == without_run(files(tmp_path / "local"))
    assert staged(out) == []


def test_a_worker_that_is_killed_while_duplicates_meet_costs_time_and_nothing_else(
    out: Path, tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch, alike: dict[str, bytes]
) -> None:
    small_shards(monkeypatch, 16)
    pages = write(tmp_path / "pages", alike)
    clean(pages, tmp_path / "local")
    flag = tmp_path / "died"
    with distributed.Client(scheduler, set_as_default=False) as client, corpus.in_time():
        client.run(_die_once, str(flag))
        try:
            clean(pages, out, engine="dask", scheduler=scheduler)
        finally:
            client.run(_live)
    assert flag.exists()
    assert without_run(files(out)) == without_run(files(tmp_path / "local"))
    assert staged(out) == []


def _die_once(flag: str) -> None:
    """Have the worker that is the first to have compared digests be killed."""
    there: Any = importlib.import_module("pipeline.engines.dask_shuffle")
    framed = there._frame

    def dying(values: Any, columns: Any) -> Any:  # noqa: ANN401 - pandas' own
        if columns == there.CHANGES and values["file"] and not os.path.exists(flag):  # noqa: PTH110 - on a worker
            os.close(os.open(flag, os.O_CREAT))
            os.kill(os.getpid(), signal.SIGKILL)
        return framed(values, columns)

    there._frame = dying


def _live() -> None:
    importlib.reload(importlib.import_module("pipeline.engines.dask_shuffle"))


def test_a_worker_with_other_code_is_refused(pages: Path, out: Path, scheduler: str) -> None:
    with distributed.Client(scheduler, set_as_default=False) as client:
        client.run(_make_other, "0" * 64)
        try:
            with pytest.raises(DescrapeError, match=r"^the worker tcp://\S+ has another version"):
                clean(pages, out, engine="dask", scheduler=scheduler)
        finally:
            client.run(_make_other, None)
    assert not (out / "current").exists()


def _make_other(digest: str | None) -> None:
    from pipeline import version

    there: Any = importlib.import_module("pipeline.engines.dask_worker")
    there.code_digest = version.code_digest if digest is None else lambda: digest


def test_a_scheduler_belongs_to_the_dask_engine(pages: Path, out: Path) -> None:
    with pytest.raises(UsageError, match="--engine dask"):
        clean(pages, out, scheduler="tcp://head:8786")
    with pytest.raises(UsageError, match="no engine 'spark'"):
        clean(pages, out, engine="spark")
