"""What a run is told, and what it says it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pipeline.engines import ENGINES
from pipeline.engines.lanes import LEAST_WORKER_MEMORY
from pipeline.engines.task import MAX_DOCUMENT_SECONDS
from pipeline.errors import REJECTS_EXIT_CODE, UsageError
from pipeline.job.checks import form, limit, names, of_type, text, whole
from pipeline.job.compared import InputFiles
from pipeline.store.readers import PLAIN_FORM, Form
from pipeline.store.readers.reading import MAX_RECORD_BYTES, ReadSettings

MOST_DOCUMENT_SECONDS = 10**9
"""Thirty years: more than any timer of the system holds."""

Status = Literal["committed", "unchanged", "dry_run", "staged"]


@dataclass(frozen=True, slots=True)
class RejectLimit:
    """How many rejects a run may have: a number, or a share of its inputs."""

    number: float
    percent: bool = False

    def __post_init__(self) -> None:
        """Refuse a limit that is none.

        Raises:
            UsageError: The number is negative, endless or no number.
        """
        limit("RejectLimit.number", self.number, least=0)

    @classmethod
    def of(cls, value: RejectLimit | float | str) -> RejectLimit:
        """Return the limit that is meant by a number, or by text such as ``5`` or ``2.5%``.

        >>> RejectLimit.of("2.5%"), RejectLimit.of(5)
        (RejectLimit(number=2.5, percent=True), RejectLimit(number=5, percent=False))

        Raises:
            UsageError: It is neither.
        """
        if isinstance(value, RejectLimit):
            return value
        if not isinstance(value, str):
            return cls(value)
        try:
            return cls(float(value[:-1]), percent=True) if value.endswith("%") else cls(int(value))
        except (ValueError, UsageError):
            problem = f"{value!r} is neither a number of rejects, such as 5, nor a share, such as 2%"
            raise UsageError(problem) from None

    def exceeded(self, rejects: int, inputs: int) -> bool:
        """Whether there are too many.

        >>> RejectLimit(5, percent=True).exceeded(6, 100)
        True
        """
        return rejects > (inputs * self.number / 100 if self.percent else self.number)

    def __str__(self) -> str:
        return f"{self.number:g}%" if self.percent else f"{self.number:g}"


@dataclass(frozen=True, slots=True)
class Options:
    """What a run can be told.

    Attributes:
        profiles: Names of shipped profiles, or paths.
        engine: Where the work is done; one of ``pipeline.engines.ENGINES``.
        scheduler: Address of the Dask cluster; None for one on this machine.
        workers: Processes at most.
        rebuild: Clean everything again, whatever the last snapshot holds.
        prune: Drop the rows of inputs that are gone.
        dry_run: Clean and count, write nothing.
        max_rejects: Commit nothing when there are more rejects than this: a limit, or what ``RejectLimit.of`` takes,
            such as ``5`` or ``"2%"``; None for any number.
        max_record_bytes: Documents larger than this are rejected, and records that are.
        text_field: The field of records that holds the text.
        source_fields: Names of the other fields that are kept; None for all.
        input_format: Form of inputs whose names do not tell, standard input among them.
        max_document_seconds: A document whose cleaning takes more processor time than this is rejected.
        max_worker_memory: Bytes of data a worker process may hold; None for no limit.
        fork: Clean in forks of this process, which begin at once, and what is not worth a second worker in one as well,
            so that a document which kills its process costs itself alone. For programs of one thread, as the command is
            one; others go on without it.
        near_duplicates: Find articles that are at least so much like an earlier one, from 0 to 1; None not to.
        mirror: The folder in which an output on S3 is worked on and which stays; None for one that does not.
        checksum: Read every input to compare it, also one that looks as it did when it was last read.
        since: Do not read inputs again that the last snapshot holds and that were not modified since;
            ``last`` means since that snapshot's run began.

    Raises:
        UsageError: An option holds what it cannot; the message names it. Nothing was read yet.
    """

    profiles: Sequence[str] = ()
    engine: str = "local"
    scheduler: str | None = None
    workers: int = 1
    rebuild: bool = False
    prune: bool = False
    dry_run: bool = False
    max_rejects: RejectLimit | float | str | None = None
    max_record_bytes: int = MAX_RECORD_BYTES
    text_field: str = ReadSettings().text_field
    source_fields: tuple[str, ...] | None = None
    input_format: Form = PLAIN_FORM
    max_document_seconds: float = MAX_DOCUMENT_SECONDS
    max_worker_memory: int | None = None
    fork: bool = False
    near_duplicates: float | None = None
    mirror: Path | None = None
    checksum: bool = False
    since: datetime | Literal["last"] | None = None

    def __post_init__(self) -> None:
        """Refuse what no run can be told, before anything is read."""
        self._settle()
        names("profiles", self.profiles)
        if self.engine not in ENGINES:
            raise UsageError(f"there is no engine {self.engine!r}; engines are {', '.join(ENGINES)}")
        of_type("scheduler", self.scheduler, str | None, "an address, or None")
        if self.scheduler is not None and self.engine != "dask":
            raise UsageError("a scheduler is an address of a Dask cluster; give --engine dask as well")
        whole("workers", self.workers, least=1)
        for name in ("rebuild", "prune", "dry_run", "checksum", "fork"):
            of_type(name, getattr(self, name), bool, "True or False")
        whole("max_record_bytes", self.max_record_bytes, least=1)
        text("text_field", self.text_field)
        if self.source_fields is not None:
            names("source_fields", self.source_fields)
            object.__setattr__(self, "source_fields", tuple(self.source_fields))
        form("input_format", self.input_format)
        limit("max_document_seconds", self.max_document_seconds, above=0, most=MOST_DOCUMENT_SECONDS)
        if self.max_worker_memory is not None:
            whole("max_worker_memory", self.max_worker_memory, least=LEAST_WORKER_MEMORY)
        if self.near_duplicates is not None:
            limit("near_duplicates", self.near_duplicates, above=0, most=1)
        of_type("mirror", self.mirror, Path | None, "a Path, or None")
        if self.checksum and self.since is not None:
            raise UsageError("checksum has every input read, and since has those left that were not modified: give one")
        if self.since != "last":
            of_type("since", self.since, datetime | None, "a datetime, 'last' or None")

    def _settle(self) -> None:
        """Put the one form that is worked with in place of a short one that it may be told in."""
        if isinstance(self.profiles, str):
            object.__setattr__(self, "profiles", (self.profiles,))
        if self.max_rejects is not None:
            try:
                object.__setattr__(self, "max_rejects", RejectLimit.of(self.max_rejects))
            except UsageError as error:
                raise UsageError(f"max_rejects: {error}") from None

    @property
    def reject_limit(self) -> RejectLimit | None:
        """How many rejects there may be."""
        return RejectLimit.of(self.max_rejects) if self.max_rejects is not None else None

    @property
    def settings(self) -> ReadSettings:
        """What readers are told."""
        return ReadSettings(self.max_record_bytes, self.text_field, self.source_fields)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did.

    Attributes:
        status: ``committed``, ``unchanged`` when there was nothing to do, ``dry_run``, or ``staged`` by a share whose
            job is still to be committed.
        run_id: Name of the run.
        version: The snapshot that is current now; None after a dry run, and after a share.
        counts: As in the manifest; those of a share are of its own inputs.
        input_files: How the files compare with those of the last snapshot, of a share those that it read, whole or in
            part; None after a replay and the commit of shares, which do not look at files, and after a dry run when
            what the output holds cannot be read, or is not on this machine.
        tried_again: How many rejects a replay tried again; None after anything else.
    """

    status: Status
    run_id: str
    version: str | None
    counts: Mapping[str, Any]
    input_files: InputFiles | None = None
    tried_again: int | None = None

    @property
    def exit_code(self) -> int:
        """0, or 3 when the commit holds rejects (or a dry run's would). A share stages its rejects and is done."""
        return REJECTS_EXIT_CODE if self.status in {"committed", "dry_run"} and self.counts["rejects"] else 0
