"""Measure what the model is made of, on this machine: whole runs of some sizes, and a commit of many files alone."""

from __future__ import annotations

import resource
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.incremental import cleaned, seconds_by_step, write_pages
from bench.scale.model import Costs
from pipeline import open_snapshot
from pipeline.schema import TABLES
from pipeline.store.commit import Part, locked
from pipeline.store.duplicates import first_with_same_body
from pipeline.store.entries import InputEntry
from pipeline.store.manifest import Manifest, ShardEntry


@dataclass(frozen=True, slots=True)
class Point:
    """One run: what it was, its seconds by step, the processor time of all its processes, and the bytes it handled."""

    pages: int
    workers: int
    seconds: dict[str, float]
    wall: float
    cpu: float
    shards: int
    read: int
    written: int
    manifest: int

    @property
    def busy(self) -> float:
        """The part of its time that a run with one worker was given a processor: the rest is other programs'."""
        return min(1.0, self.cpu / self.wall)


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit alone, of so many files and inputs: the seconds of processor time it took."""

    files: int
    inputs: int
    seconds: float


def points(folder: Path, sizes: Sequence[int], workers: Sequence[int], seed: str) -> Iterator[Point]:
    """Clean so many pages with so many workers, and measure it."""
    for size in sizes:
        write_pages(folder / "pages", range(size), seed)
        read = sum(path.stat().st_size for path in (folder / "pages").rglob("*.txt"))
        for number in workers:
            out = folder / "out"
            shutil.rmtree(out, ignore_errors=True)
            cost = cleaned(folder / "pages", out, number)
            snapshot = open_snapshot(out)
            manifest = snapshot.manifest
            yield Point(
                pages=size,
                workers=number,
                seconds=seconds_by_step(out),
                wall=cost.wall,
                cpu=cost.cpu,
                shards=len(manifest.shards),
                read=read,
                written=sum(entry.size for entry in manifest.files),
                manifest=(snapshot.path / "manifest.json").stat().st_size,
            )


def commits(folder: Path, numbers: Sequence[int], inputs: int) -> Iterator[Commit]:
    """Commit so many files, and a manifest with so many inputs for each hundred of them."""
    for number in numbers:
        with tempfile.TemporaryDirectory(dir=folder) as name, locked(Path(name)) as output:
            stage = output.stage("measured")
            parts = list(_parts(stage, number))
            entries = tuple(InputEntry(f"page-{place:09d}.txt", "0" * 64, 4000, 0) for place in range(inputs))
            began = time.process_time()
            output.commit(stage, parts, lambda files, known=entries: _manifest(files, known))  # type: ignore[misc]
            yield Commit(number, inputs, time.process_time() - began)


def _parts(stage: Path, number: int) -> Iterator[Part]:
    tables = list(TABLES)
    for place in range(number):
        path = stage / f"part-{place}"
        path.write_bytes(b"a file of a shard")
        yield Part(place // len(tables), tables[place % len(tables)], 0, 17, f"{place:064x}", str(path))


def _manifest(files: tuple[object, ...], inputs: tuple[InputEntry, ...]) -> Manifest:
    shards = tuple(ShardEntry(number, {}) for number in range(len(files) // len(TABLES) + 1))
    return Manifest("v000001", None, "measured", "", "", "", 0, (), inputs, files, shards, {}, {})  # type: ignore[arg-type]


def handing() -> float:
    """Return the processor time that scheduler and command, in one process here, take for a task that does nothing."""
    import distributed

    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, memory_limit=0, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        client.gather(client.map(_nothing, range(100), pure=False))
        began = time.process_time()
        client.gather(client.map(_nothing, range(2000), pure=False))
        return (time.process_time() - began) / 2000


def _nothing(_number: int) -> None:
    pass


def held(pages: int = 300_000) -> float:
    """Return the bytes that the command holds for each page while it compares their digests."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    first: dict[str, str] = {}
    for start in range(0, pages, 1000):
        names = [f"{place:032x}" for place in range(start, start + 1000)]
        first_with_same_body(names, [name * 2 for name in names], first)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / pages


def costs(fitted: Sequence[Point], made: Sequence[Commit], task: float, memory: float) -> Costs:
    """Return the model's figures, from the runs with one worker and the commits.

    Seconds of a step are counted as far as the run had a processor, so that what else a machine does changes little.
    """
    alone = [point for point in fitted if point.workers == 1]
    small, large = alone[0], alone[-1]
    pages = sum(point.pages for point in alone)

    def a_page(step: str) -> float:
        return sum(point.seconds[step] * point.busy for point in alone) / pages

    files = (made[-1].seconds - made[0].seconds) / (made[-1].files - made[0].files)
    recording = max(0.0, large.seconds["commit"] * large.busy - large.shards * 5 * files) / large.pages
    begun = [(point.wall - sum(point.seconds.values())) * point.busy for point in alone]
    return Costs(
        start=min(begun),
        listing=a_page("discover"),
        evidence=a_page("evidence"),
        cleaning=a_page("clean"),
        handing=task,
        marking=a_page("duplicates"),
        committing=files,
        recording=recording,
        read=large.read / large.pages,
        written=large.written / large.pages,
        held=memory,
        entry=(large.manifest - small.manifest) / (large.pages - small.pages),
    )
