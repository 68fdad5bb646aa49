"""Whatever goes wrong, and whenever the program is killed, a reader sees the former snapshot or the new one."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from pipeline import open_snapshot
from pipeline.errors import DescrapeError
from pipeline.job import Outcome
from pipeline.store.snapshot import current_version
from pipeline.verify import verify
from tests.corpus import PAGES, clean, command, environment, many, rows, small_shards, staged, write

KILLS = int(os.environ.get("DESCRAPE_KILLS", "12"))
"""`DESCRAPE_KILLS=50` for a longer look."""
SEED = 20160327

SMALL = {uri: PAGES[uri] for uri in ("harbour/ferry.txt", "lamps.txt", "noise.txt", "town/plain.txt", "town/guide.txt")}
CHANGES = {
    "town/plain.txt": b"Snow fell on the town all day. Nobody minded.\n",
    "town/new.txt": b"A new page. It is short.\n",
}

CALLS: dict[str, tuple[Any, str]] = {
    "fsync": (os, "fsync"),
    "rename": (os, "rename"),
    "replace": (os, "replace"),
    "symlink": (os, "symlink"),
    "link": (os, "link"),
    "mkdir": (os, "mkdir"),
    "write": (Path, "write_bytes"),
    "copy": (shutil, "copyfile"),
    "parquet write": (pq.ParquetWriter, "write_table"),
    "parquet close": (pq.ParquetWriter, "close"),
}
"""Everything that a run changes the disk with."""


@contextmanager
def intercepted(before: Callable[[str], None]) -> Iterator[None]:
    """Call a function with the name of every call that changes the disk, just before it is made."""
    with pytest.MonkeyPatch.context() as patched:
        for name, (owner, attribute) in CALLS.items():
            patched.setattr(owner, attribute, _wrapped(name, getattr(owner, attribute), before))
        yield


def _wrapped(name: str, real: Callable[..., object], before: Callable[[str], None]) -> Callable[..., object]:
    def call(*arguments: object, **named: object) -> object:
        before(name)
        return real(*arguments, **named)

    return call


@dataclass(frozen=True)
class Scene:
    """A run that is about to begin: what it reads, and what the output folder holds so far."""

    pages: Path
    base: Path | None

    def output(self, folder: Path) -> Path:
        """Return an output folder of its own, as the run finds it."""
        out = folder / "clean"
        if self.base is not None:
            shutil.copytree(self.base, out, symlinks=True)
        return out


@pytest.fixture(params=["first", "second"])
def scene(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Return a first run of an output, or a later one that has new, changed and unchanged shards."""
    small_shards(monkeypatch)
    pages = write(tmp_path / "pages", SMALL)
    if request.param == "first":
        return Scene(pages, None)
    clean(pages, tmp_path / "base")
    write(pages, CHANGES)
    return Scene(pages, tmp_path / "base")


def calls_of(scene: Scene, folder: Path) -> list[str]:
    """Return the names of the calls of a run that goes well."""
    names: list[str] = []
    out = scene.output(folder)
    with intercepted(names.append):
        clean(scene.pages, out)
    return names


def holds(out: Path) -> None:
    """Demand that what is visible is whole."""
    if current_version(out) is not None:
        snapshot = open_snapshot(out)
        assert snapshot.manifest.version == snapshot.version
        assert verify(snapshot).breaches == ()


# ------------------------------------------------------------------------------------------ calls that fail


def test_whichever_call_fails_the_former_snapshot_or_the_new_one_is_there(scene: Scene, tmp_path: Path) -> None:
    names = calls_of(scene, tmp_path / "well")
    assert {"fsync", "rename", "replace", "symlink", "mkdir", "parquet write"} <= set(names)
    lies: list[str] = []
    for number in range(len(names)):
        out = scene.output(tmp_path / str(number))
        former = current_version(out)
        failed, error, outcome = failing(scene, out, number, (errno.ENOSPC, errno.EIO)[number % 2])
        where = f"{failed}, call {number + 1} of {len(names)}: {error!r}, {outcome and outcome.status}"
        assert failed, where
        assert error is None or isinstance(error, OSError | DescrapeError), where
        assert staged(out) == [], where
        holds(out)
        if current_version(out) != (outcome.version if outcome is not None else former):
            lies.append(where)
        shutil.rmtree(out, ignore_errors=True)
    assert lies == []


def failing(scene: Scene, out: Path, number: int, code: int) -> tuple[str, BaseException | None, Outcome | None]:
    """Run with one call failing; return which it was, and the error or the outcome."""
    left = iter(range(number))
    failed: list[str] = []

    def fail(name: str) -> None:
        if next(left, None) is None and not failed:
            failed.append(name)
            raise OSError(code, os.strerror(code))

    try:
        with intercepted(fail):
            outcome = clean(scene.pages, out)
    except Exception as error:  # noqa: BLE001 - which it may be is for the caller to say
        return "".join(failed), error, None
    return "".join(failed), None, outcome


def test_a_disk_that_stays_full_leaves_the_former_snapshot(scene: Scene, tmp_path: Path) -> None:
    names = calls_of(scene, tmp_path / "well")
    for number in range(0, len(names), 5):
        out = scene.output(tmp_path / str(number))
        former = current_version(out)
        left = iter(range(number))

        def fail(name: str, left: Iterator[int] = left) -> None:
            if next(left, None) is None and name not in {"fsync", "rename", "replace"}:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        try:
            with intercepted(fail):
                outcome = clean(scene.pages, out)
        except (OSError, DescrapeError):
            assert current_version(out) == former
        else:
            assert current_version(out) == outcome.version
        holds(out)
        assert staged(out) == []


# -------------------------------------------------------------------------------------------------- kills


def test_at_whichever_call_it_is_killed_a_reader_sees_one_whole_run(scene: Scene, tmp_path: Path) -> None:
    """A photograph of the folder before each call is what a reader finds when the process dies there."""
    out = scene.output(tmp_path / "real")
    out.mkdir(parents=True, exist_ok=True)
    photographs = tmp_path / "photographs"
    taken: list[Path] = []
    before = rows(out) if scene.base is not None else None

    def take(name: str) -> None:
        if not taking:
            taking.append(True)
            taken.append(photographs / f"{len(taken):03d} {name}")
            shutil.copytree(out, taken[-1], symlinks=True)
            taking.clear()

    taking: list[bool] = []
    with intercepted(take):
        clean(scene.pages, out)
    after = rows(out)
    seen: list[str] = []
    committed: list[Path] = []
    for number, photograph in enumerate(taken):
        holds(photograph)
        found = rows(photograph) if current_version(photograph) is not None else None
        assert found in (before, after), photograph.name
        seen.append("after" if found == after else "before")
        there = sorted(path.relative_to(photograph) for path in photograph.glob("snapshots/*"))
        if there == committed and number % 8:
            continue  # only what is staged differs, and a run that begins throws it away
        committed = there
        clean(scene.pages, photograph)
        holds(photograph)
        assert rows(photograph) == after, photograph.name
        assert staged(photograph) == [], photograph.name
        assert current_version(photograph) == max(path.name for path in (photograph / "snapshots").iterdir())
    assert seen == sorted(seen, reverse=True)
    assert set(seen) == {"before", "after"}


def test_killed_at_random_instants_it_leaves_whole_runs_only(tmp_path: Path) -> None:
    pages = write(tmp_path / "pages", many(300))
    out = tmp_path / "clean"
    arguments = command("run", pages, "--out", out, "--workers", 2, "--rebuild", "--quiet")
    start = time.perf_counter()
    subprocess.run(arguments, env=environment(), check=True, capture_output=True)
    whole = time.perf_counter() - start
    with reading(out) as seen:
        expected = killed(arguments, pages, out, whole)
    assert seen.problems == []
    assert seen.sessions > 0
    outcome = clean(pages, out)
    assert outcome.status in {"committed", "unchanged"}
    assert staged(out) == []
    (body,) = [row["body"] for row in rows(out)["articles"] if row["source_uri"] in expected]
    assert body.encode() + b"\n" in expected.values()
    assert verify(open_snapshot(out), full=True).breaches == ()


def killed(arguments: list[str], pages: Path, out: Path, whole: float) -> dict[str, bytes]:
    """Kill a run again and again, each over a page that changed; return that page as it was last."""
    chance = random.Random(SEED)  # noqa: S311 - the same instants every time, not a secret
    expected: dict[str, bytes] = {}
    for number in range(KILLS):
        instant = chance.uniform(0.3, 1.0) * whole
        sys.stdout.write(f"kill {number}: after {instant:.3f} s of {whole:.3f} s, seed {SEED}\n")
        expected = {"0/0000.txt": b"Page number %d of this test. It changes each time.\n" % number}
        write(pages, expected)
        former = current_version(out)
        with subprocess.Popen(arguments, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as run:
            time.sleep(instant)
            run.send_signal(signal.SIGKILL)
            run.wait()
        found = open_snapshot(out)
        assert verify(found).breaches == ()
        if run.returncode == -signal.SIGKILL:
            assert found.version >= str(former)
        else:
            assert (run.returncode, found.version > str(former)) == (0, True)
    return expected


@dataclass
class Seen:
    """What readers saw: how often they looked, and where the tables did not agree."""

    sessions: int = 0
    problems: list[str] = field(default_factory=list)


@contextmanager
def reading(out: Path) -> Iterator[Seen]:
    """Have pandas, DuckDB and polars read the current tables all the while, each session from one snapshot."""
    seen = Seen()
    done = threading.Event()

    def read() -> None:
        while not done.wait(0.05):
            snapshot = open_snapshot(out)
            for table in ("articles", "related_items", "ledger"):
                promised = snapshot.manifest.counts[table]
                where = str(snapshot.path / table)
                counted = {
                    "pandas": len(pd.read_parquet(where)),
                    "DuckDB": len(duckdb.read_parquet(f"{where}/*.parquet")),
                    "polars": pl.scan_parquet(where).select(pl.len()).collect().item(),
                }
                wrong = {name: number for name, number in counted.items() if number != promised}
                if wrong:
                    seen.problems.append(f"{snapshot.version} {table}: {promised} rows promised, {wrong}")
            seen.sessions += 1

    def guarded() -> None:
        try:
            read()
        except Exception as error:  # noqa: BLE001 - whatever a reader cannot read is what is looked for
            seen.problems.append(repr(error))

    reader = threading.Thread(target=guarded)
    reader.start()
    try:
        yield seen
    finally:
        done.set()
        reader.join()
