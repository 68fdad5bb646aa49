"""What can go wrong for a whole run, and the exit code each carries.

Trouble with one document is never an exception that leaves the run: it becomes a row of ``rejects``
(see :class:`RejectedDocument`). What is here ends the run, and each class says how the process exits.
"""

from __future__ import annotations

from pathlib import Path

REJECTS_EXIT_CODE = 3
"""How a command exits that committed, or showed, inputs which give no article."""
INTERRUPTED_EXIT_CODE = 130
"""How one exits that was interrupted; nothing of a run is visible then."""

REJECT_CODES = (
    "bad_csv",
    "bad_json",
    "bomb",
    "changed_while_read",
    "corrupt",
    "empty",
    "encrypted",
    "internal_error",
    "mislabelled",
    "no_text",
    "not_a_file",
    "not_followed",
    "out_of_memory",
    "oversized",
    "own_page",
    "too_deep",
    "too_slow",
    "too_wide",
    "truncated",
    "undecodable",
    "unreadable",
    "vanished",
    "worker_died",
)
"""Why an input may give no article: every code that the table ``rejects`` may hold."""


class DescrapeError(Exception):
    """The run failed and nothing of it is visible (exit code 1)."""

    exit_code = 1


class UsageError(DescrapeError):
    """What was asked for makes no sense, and the message says what to change (exit code 2)."""

    exit_code = 2


class ConfigurationError(UsageError):
    """A profile is wrong; the message names the file and the key.

    >>> print(ConfigurationError("site.toml", "dateline.order", "must be one of MDY, DMY, YMD"))
    site.toml: dateline.order: must be one of MDY, DMY, YMD
    """

    def __init__(self, file: Path | str, key: str, problem: str) -> None:
        self.file = str(file)
        self.key = key
        self.problem = problem
        super().__init__(": ".join(part for part in (self.file, key, problem) if part))


class MissingExtraError(UsageError):
    """What was met takes an extra that is not installed; the message names what it was met in.

    >>> print(MissingExtraError("pages in HTML", "html").met_in("crawl/quay.html"))
    crawl/quay.html: pages in HTML need the extra 'html', which is not installed: pip install 'descrape[html]'
    """

    def __init__(self, what: str, extra: str, document: str = "") -> None:
        self.what = what
        self.extra = extra
        self.document = document
        super().__init__(what, extra, document)

    def met_in(self, document: str) -> MissingExtraError:
        """Return the same of a document, by what it is known by."""
        return MissingExtraError(self.what, self.extra, document)

    def __str__(self) -> str:
        install = f"pip install 'descrape[{self.extra}]'"
        told = f"{self.what} need the extra {self.extra!r}, which is not installed: {install}"
        return f"{self.document}: {told}" if self.document else told


class TooManyRejectsError(DescrapeError):
    """More inputs were rejected than ``--max-rejects`` allows; nothing was committed (exit code 65)."""

    exit_code = 65


class OutputLockedError(DescrapeError):
    """Another run holds the output folder (exit code 75, the code schedulers retry on)."""

    exit_code = 75


class SnapshotError(DescrapeError):
    """There is no snapshot to read, or what is there is not what its manifest promises."""


class UnknownSnapshotError(SnapshotError, UsageError):
    """The output holds no snapshot of the name that was asked for (exit code 2)."""

    exit_code = 2


class RejectedDocument(Exception):  # noqa: N818 - a verdict on one input, not an error of the run
    """One input gives no article; the engine turns this into a row of ``rejects``.

    Args:
        stage: The step that refused it, such as ``read`` or ``text``.
        code: A stable word for programs, such as ``empty`` or ``undecodable``.
        message: One sentence for people: what, where, and what to do.
    """

    def __init__(self, stage: str, code: str, message: str) -> None:
        self.stage = stage
        self.code = code
        self.message = message
        super().__init__(message)

    def __reduce__(self) -> tuple[type[RejectedDocument], tuple[str, str, str]]:
        return type(self), (self.stage, self.code, self.message)
