"""Shares of a job that many processes do without knowing of each other: what each staged, beside the output.

    DIR/.shares/JOB/job.json              what all shares have in common
                    00003.told            what the timestamps of the third share tell
                    00003.done            what came of its shards, and in which files
                    00003-4f1c…/          these files; each attempt has a folder of its own

A share writes ``told`` and ``done`` in one step each, so that whoever reads them reads all of it. Two attempts at one
share may run at once; the later ``done`` is the one that counts. Nothing here is visible to a reader of the tables.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import msgspec
from msgspec import Struct

from pipeline.errors import DescrapeError
from pipeline.store.manifest import ProfileText

SHARES = ".shares"
JOB = "job.json"
ABANDONED = 24 * 60 * 60
"""Seconds without a sign of life after which a job is given up: `gc` collects what it staged."""

T = TypeVar("T")


class Asked(Struct, frozen=True):
    """What the shares of a job were told that decides what is committed, as its commit needs to know it."""

    max_record_bytes: int
    text_field: str
    source_fields: tuple[str, ...] | None
    near_duplicates: float | None
    max_rejects: float | None
    max_rejects_percent: bool
    prune: bool
    rebuild: bool
    since: str | None


class Job(Struct, frozen=True):
    """What all shares of a job have in common, or they are of different jobs.

    Attributes:
        run_id: Name of the run, which the first share gave.
        sources: As the first share was given them.
        shares: How many there are.
        shards: How many shards they have together.
        base: The snapshot that was current; null when there was none.
        configuration: Hash of code, profiles and limits.
        inputs: Hash of the inputs: their places, sizes and times.
        ignored: Files of no known kind.
        profiles: As text.
        asked: What else was asked for.
    """

    run_id: str
    sources: tuple[str, ...]
    shares: int
    shards: int
    base: str | None
    configuration: str
    inputs: str
    ignored: int
    profiles: tuple[ProfileText, ...]
    asked: Asked


class StagedJob:
    """The folder of one job.

    Attributes:
        folder: Where it is.
        job: What its shares have in common.
    """

    def __init__(self, folder: Path, job: Job) -> None:
        self.folder = folder
        self.job = job

    def attempt(self, share: int) -> Path:
        """Make a folder for the files of one attempt at a share."""
        folder = self.folder / f"{share:05d}-{uuid4().hex}"
        folder.mkdir()
        return folder

    def write(self, share: int, kind: str, value: object) -> None:
        """Write what a share has to say, all of it in one step."""
        _replace(self.folder / f"{share:05d}.{kind}", msgspec.msgpack.encode(value))

    def read(self, share: int, kind: str, form: type[T]) -> T | None:
        """Return what a share had to say; None when it did not come to that.

        Raises:
            DescrapeError: It is damaged.
        """
        path = self.folder / f"{share:05d}.{kind}"
        try:
            return msgspec.msgpack.decode(path.read_bytes(), type=form)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            raise DescrapeError(f"{path}: cannot be read: {error}; remove it and run that share again") from None

    def missing(self) -> list[int]:
        """Return the numbers of the shares that are not done."""
        return [share for share in range(1, self.job.shares + 1) if not (self.folder / f"{share:05d}.done").is_file()]

    def remove(self) -> None:
        """Remove all of it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        with suppress(OSError):
            self.folder.parent.rmdir()  # other jobs may stand beside it


def join(root: Path, job: Job) -> StagedJob:
    """Return the staged job of an output that a share belongs to; the first of its shares makes it.

    Raises:
        DescrapeError: The folder cannot be made.
    """
    same = msgspec.structs.replace(job, run_id="", sources=())
    folder = root / SHARES / _digest(same)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside = folder / f"{uuid4().hex}.new"
        aside.write_bytes(msgspec.json.format(msgspec.json.encode(job), indent=1))
        try:
            with suppress(FileExistsError):
                os.link(aside, folder / JOB)  # a rename would take the place of what another share wrote
        finally:
            aside.unlink()
        return StagedJob(folder, msgspec.json.decode((folder / JOB).read_bytes(), type=Job))
    except OSError as error:
        raise DescrapeError(f"{folder}: cannot be written to: {error.strerror or error}") from None


def staged_jobs(root: Path) -> Iterator[StagedJob]:
    """Yield the jobs that are staged beside an output; a folder that no share finished making is none."""
    for folder in sorted((root / SHARES).glob("*/")):
        with suppress(FileNotFoundError, msgspec.DecodeError):
            yield StagedJob(folder, msgspec.json.decode((folder / JOB).read_bytes(), type=Job))


def abandoned(root: Path, current: str | None) -> Iterator[Path]:
    """Yield folders of jobs that can never be committed, for another snapshot is current now, or that nobody does."""
    alive = {staged.folder: staged.job.base for staged in staged_jobs(root)}
    for folder in sorted((root / SHARES).glob("*/")):
        quiet = time.time() - max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
        if alive.get(folder, current) != current or quiet > ABANDONED:
            yield folder


def _digest(value: Struct) -> str:
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:16]


def _replace(path: Path, raw: bytes) -> None:
    aside = path.with_name(f"{path.name}.{uuid4().hex}")
    with aside.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
