"""A disk that is full or read-only, and a clock that is set back: the tables are those of a whole run, and readable."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import open_snapshot
from pipeline.errors import DescrapeError
from pipeline.store.gc import collect
from pipeline.verify import verify
from tests.corpus import PAGES, REJECTED, as_process, clean, rows, staged, write

MEGABYTES = 2


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a file system of a few megabytes."""
    where = tmp_path / "disk"
    where.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system, so a full one is not tried")
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "descrape-test", str(where)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"no small file system can be mounted here: {error}")
    if mounted.returncode:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.strip()}")
    yield where
    subprocess.run(["umount", str(where)], check=True)


def noise(size: int) -> bytes:
    """Return a page that takes more than half as much room on the disk as it has bytes."""
    chance = random.Random(size)  # noqa: S311 - the same page every time, not a secret
    return "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(size // 3)).encode()


def test_a_disk_that_is_full_leaves_the_former_tables_and_room_for_the_next_run(disk: Path, tmp_path: Path) -> None:
    pages, out = write(tmp_path / "pages"), disk / "clean"
    clean(pages, out)
    before = rows(out)
    write(pages, {"large.txt": noise(2 * MEGABYTES * 2**20)})
    ended = as_process("run", pages, "--out", out)
    assert ended.returncode == 1
    assert "No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert rows(out) == before
    assert verify(open_snapshot(out), full=True).breaches == ()
    assert staged(out) == []
    write(pages, {"large.txt": b"A short page after all.\n"})
    assert clean(pages, out).status == "committed"
    assert verify(open_snapshot(out), full=True).breaches == ()


def test_a_disk_that_is_read_only_is_said_so_and_can_be_read(disk: Path, tmp_path: Path) -> None:
    pages, out = write(tmp_path / "pages"), disk / "clean"
    clean(pages, out)
    before = rows(out)
    write(pages, {"new.txt": b"A new page. It is short.\n"})
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    ended = as_process("run", pages, "--out", out)
    assert ended.returncode == 1
    assert "Read-only file system" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert rows(out) == before
    assert verify(open_snapshot(out), full=True).breaches == ()


def test_a_clock_that_is_set_back_changes_the_names_of_runs_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, out = write(tmp_path / "pages"), tmp_path / "clean"

    class Clock(datetime):
        year_now = 2040

        @classmethod
        def now(cls, tz: object = None) -> Clock:
            assert tz is UTC
            return cls(cls.year_now, 1, 1, tzinfo=UTC)

    for module in ("running", "recording", "finish"):
        monkeypatch.setattr(f"pipeline.job.{module}.datetime", Clock)
    clean(pages, out)
    Clock.year_now = 2020
    write(pages, {"town/plain.txt": b"Snow fell on the town all day. Nobody minded.\n"})
    assert clean(pages, out).version == "v000002"
    manifest = open_snapshot(out).manifest
    assert (manifest.previous, manifest.run_id[:4]) == ("v000001", "2020")
    assert manifest.counts["articles"] == len(PAGES) - len(REJECTED)
    assert verify(open_snapshot(out), full=True).breaches == ()
    assert collect(out, keep=1).removed == ("v000001",)
    assert open_snapshot(out).version == "v000002"


def test_no_run_begins_where_the_output_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"no folder")
    with pytest.raises(DescrapeError, match="cannot be written to"):
        clean(write(tmp_path / "pages"), tmp_path / "file" / "clean")
