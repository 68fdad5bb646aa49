"""A few invented pages, and how the tests of store, job and command run the program over them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NoReturn, TypedDict, Unpack

import pytest

from pipeline import open_snapshot
from pipeline.engines.poison import STARVED
from pipeline.engines.shard import clean_shard
from pipeline.engines.task import UNREAD, ShardResult, ShardTask, Work
from pipeline.job import Options, Outcome, RejectLimit, run
from pipeline.schema import TABLES
from pipeline.store.snapshot import Snapshot
from tests import in_process

ROOT = Path(__file__).resolve().parents[1]


def dump(payload: str) -> bytes:
    """Return a string as ``var_dump`` prints it."""
    raw = payload.encode()
    return b'string(%d) "%s"\n' % (len(raw), raw)


def page(title: str, prose: str, *, number: int = 0, foot: bytes = b"") -> bytes:
    """Return an article with a timestamp line, some prose, and what stands below it."""
    stamp = f"Sun Mar 27, 2016 11:{number % 60:02d}:38"
    return f"{title}\n\n{stamp}\n\n{prose}\n\n".encode() + foot


ITEMS = json.dumps(
    [
        {
            "id": "7101",
            "sort": "31",
            "contenttypeid": "21",
            "pic": "/2016/03/26/a_635946.jpg",
            "title": "VIDEO: Low Tide",
        },
        {
            "id": "7102",
            "sort": "32",
            "contenttypeid": "21",
            "pic": "/2016/03/25/b_635945.mp4",
            "title": "New Café Opens",
        },
    ],
    ensure_ascii=False,
)

PAGES: Mapping[str, bytes] = {
    "blank.txt": b" \n\t\n",
    "harbour/ferry.txt": page(
        "Ferry Back in Harbour",
        "The ferry came back on Sunday, a day late.\n\n“It was the fog,” the captain said.",
        foot=b"S/SH 11\n\n" + dump(ITEMS),
    ),
    "harbour/pier.txt": page("Pier to Close for the Winter", "The pier closes on Monday. Anglers may stay."),
    "noise.txt": b"\xff\xd9\xff\xe0\x00\x10NOISE\x00\x01\xfe\x9c\x81\x90",
    "lamps.txt": page("Lamps", "Nine lamps were lit.", number=7, foot=b"array(1) {\n  [0]=>\n  int(9)\n}\n"),
    "town/clock.txt": page("Clock Runs Again", "The clock runs.", number=3, foot=dump(ITEMS)).replace(b"\n", b"\r\n"),
    "town/guide.txt": page(
        "A Guide", 'Call var_dump($x) and it prints:\n\nstring(3) "abc"\n\nThat is all of it.', number=5
    ),
    "town/Mühle.txt": page("Die Mühle", "Die Mühle dreht sich wieder. Alle kamen.", number=9),
    "town/plain.txt": b"Rain fell on the town all day. Nobody minded.\n",
    "town/quay.txt": page("Quay", "The quay is dry.", number=11, foot=dump("left over")),
}
"""Some with related items, one with a leak that holds none, a look-alike, and two that give no article."""

FEW = {uri: PAGES[uri] for uri in ("blank.txt", "harbour/ferry.txt", "town/plain.txt", "town/quay.txt")}
"""Of them, where each costs a request."""

REJECTED = {"blank.txt": "empty", "noise.txt": "undecodable"}


def write(folder: Path, pages: Mapping[str, bytes] = PAGES) -> Path:
    """Write pages below a folder, and return it."""
    for uri, raw in pages.items():
        path = folder / uri
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return folder


def many(count: int) -> dict[str, bytes]:
    """Return so many different pages, a third of them with a leak."""
    return {
        f"{number % 7}/{number:04d}.txt": page(
            f"Tide Table Number {number}",
            f"The tide of day {number} was high. " * (1 + number % 5),
            number=number,
            foot=dump(ITEMS) if number % 3 == 0 else b"",
        )
        for number in range(count)
    }


def write_odd(folder: Path, name: bytes, raw: bytes) -> Path:
    """Write a file whose name is just these bytes; skip the test where a file system takes no such names."""
    path = folder / os.fsdecode(name)
    try:
        path.write_bytes(raw)
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no such names")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Return every regular file below a folder by its path relative to it."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


class Told(TypedDict, total=False):
    """What a run can be told."""

    profiles: Sequence[str]
    workers: int
    rebuild: bool
    prune: bool
    dry_run: bool
    max_rejects: RejectLimit | float | str | None
    max_record_bytes: int
    text_field: str
    source_fields: tuple[str, ...] | None
    max_document_seconds: float
    max_worker_memory: int | None
    checksum: bool
    since: datetime | Literal["last"] | None
    engine: str
    scheduler: str | None


def clean(pages: Path, out: Path, **options: Unpack[Told]) -> Outcome:
    """Run the main job in this process."""
    return run([str(pages)], out, Options(**options))


def rows(where: Path | Snapshot) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of all tables of a snapshot, without what names the run that wrote them."""
    snapshot = where if isinstance(where, Snapshot) else open_snapshot(where)
    tables: dict[str, list[dict[str, Any]]] = {table: snapshot.arrow(table).to_pylist() for table in TABLES}
    for row in tables["rejects"]:
        del row["run_id"]
    return tables


def staged(out: Path) -> list[str]:
    """Return what stands in the staging folder; nothing should when no run is under way."""
    return sorted(path.name for path in (out / ".staging").glob("**/*"))


def small_shards(monkeypatch: pytest.MonkeyPatch, mean: int = 2) -> None:
    """Have so many inputs in a shard on average, so that few pages make several shards."""
    monkeypatch.setattr("pipeline.store.shards.MEAN", mean)
    monkeypatch.setattr("pipeline.store.shards.MOST", 4 * mean)


def small_parts(monkeypatch: pytest.MonkeyPatch, size: int = 700) -> None:
    """Have parts of so many bytes in a container, each a shard, so that one of few pages is divided."""
    for place in ("parts", "readers.jsonl", "readers.parquet"):
        monkeypatch.setattr(f"pipeline.store.{place}.PART_BYTES", size)
    monkeypatch.setattr("pipeline.store.parts.LEAST_BYTES", 1)
    monkeypatch.setattr("pipeline.store.shards.PAGE_BYTES", 1)


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a subprocess that finds the package, and prints as it would in most places."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **more}


def command(*arguments: str | Path | int) -> list[str]:
    """Return the command line of the program."""
    return [sys.executable, "-m", "pipeline", *map(str, arguments)]


descrape = in_process.descrape
"""Run the command to its end in the process of the test, as `as_process` does in one of its own."""


def as_process(
    *arguments: str | Path | int, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end, in a process of its own; for most `descrape` proves the same."""
    return subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=environment(**(env or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="backslashreplace",
        check=False,
        timeout=PATIENCE,
    )


def dying_shard(_task: object, _work: object) -> NoReturn:
    """Stand in for the work of a shard in a worker process that is killed."""
    os._exit(9)


def killed_once(task: ShardTask, work: Work) -> ShardResult:
    """Stand in for the work of a shard in a worker process that somebody kills, the first of a run alone."""
    try:
        Path(work.stage or "", "killed").touch(exist_ok=False)
    except FileExistsError:
        return clean_shard(task, work)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("the process goes on")


DEADLY = frozenset({"harbour/ferry.txt", "town/quay.txt"})
"""Documents whose cleaning kills the process, where ``deadly_shard`` stands in for the work of a shard."""


def deadly_shard(task: ShardTask, work: Work) -> ShardResult:
    """Clean a shard as ever, but die of some documents."""
    cleaned = (item.source_uri for item in task.items if not task.leaves(0) and (item.source_uri, 0) not in task.poison)
    if not DEADLY.isdisjoint(cleaned):
        os.kill(os.getpid(), signal.SIGKILL)
    return clean_shard(task, work)


def deadly_writing(task: ShardTask, work: Work) -> ShardResult:
    """Clean a shard as ever, but die of some documents where their rows are written."""
    return (clean_shard if work.stage is None else deadly_shard)(task, work)


def deadly_keeping(task: ShardTask, work: Work) -> ShardResult:
    """Clean a shard as ever, but die where the bytes of some documents are written, be it as those of a reject."""
    written = {
        item.source_uri for item in task.items if not task.leaves(0) and (item.source_uri, UNREAD) not in task.poison
    }
    if work.stage is not None and not DEADLY.isdisjoint(written):
        os.kill(os.getpid(), signal.SIGKILL)
    return clean_shard(task, work)


def hungry_shard(task: ShardTask, work: Work) -> ShardResult:
    """Clean a shard as ever, but some documents take all memory: alone they are rejected, beside others they kill."""
    hungry = {item.source_uri for item in task.items if not task.leaves(0)} & DEADLY
    if work.sample is not None or all((uri, 0) in task.poison for uri in hungry):
        return clean_shard(task, work)
    if len(task.items) > 1:
        os.kill(os.getpid(), signal.SIGKILL)
    cleaned = clean_shard(task, work)
    return replace(cleaned, counts={**cleaned.counts, STARVED: len(hungry)})


PATIENCE = 240.0
"""Seconds until a test gives up what it waits for: a busy machine may be slow, and what takes so long hangs."""


@contextmanager
def in_time(seconds: float = PATIENCE) -> Iterator[None]:
    """Fail when what is done here takes longer, instead of waiting for ever."""
    with _limited(signal.ITIMER_REAL, signal.SIGALRM, seconds):
        yield


@contextmanager
def in_processor_time(seconds: float) -> Iterator[None]:
    """Fail when what is done here works longer, however busy the machine is with other things."""
    with _limited(signal.ITIMER_VIRTUAL, signal.SIGVTALRM, seconds):
        yield


@contextmanager
def _limited(timer: int, number: signal.Signals, seconds: float) -> Iterator[None]:
    def late(_signal: int, _frame: object) -> NoReturn:
        pytest.fail(f"this still hangs after {seconds} s")

    before = signal.signal(number, late)
    left, _ = signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        signal.setitimer(timer, left)
        signal.signal(number, before)


def wait_until(condition: Callable[[], object]) -> None:
    """Return when the condition holds."""
    with in_time():
        while not condition():
            time.sleep(0.01)


DEADLY_RECORD = ("a.jsonl", 2)
"""A record whose cleaning kills the process, where ``deadly_records`` stands in for the work of a shard."""


def deadly_records(task: ShardTask, work: Work) -> ShardResult:
    """Clean a shard as ever, but die of one record of a container."""
    uri, record = DEADLY_RECORD
    cleaned = any(item.source_uri == uri for item in task.items) and not task.leaves(record)
    if cleaned and DEADLY_RECORD not in task.poison:
        os.kill(os.getpid(), signal.SIGKILL)
    return clean_shard(task, work)


def deadly_reading(task: ShardTask, work: Work) -> ShardResult:
    """Clean a shard as ever, but die of reading one input."""
    uri = "deadly.jsonl"
    if any(item.source_uri == uri for item in task.items) and (uri, UNREAD) not in task.poison:
        os.kill(os.getpid(), signal.SIGKILL)
    return clean_shard(task, work)
