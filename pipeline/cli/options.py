"""Options and arguments that several commands take: their types, checks and completions."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from pipeline.errors import REJECT_CODES, UsageError

if TYPE_CHECKING:
    from pipeline.job import RejectLimit
    from pipeline.job.share import Share
    from pipeline.store.readers import Form


LEAST_WORKER_MIB = 512
"""As ``pipeline.engines.lanes`` has it, which is not imported for a page of help."""

Command = TypeVar("Command", bound="Callable[..., Any]")


class RejectLimitType(click.ParamType[Any]):
    """A number of rejects, or a percentage of the inputs."""

    name = "N|P%"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> RejectLimit:
        """Turn ``5`` or ``2.5%`` into a limit."""
        from pipeline.job import RejectLimit

        try:
            return RejectLimit.of(value)
        except UsageError as error:
            self.fail(str(error), param, ctx)


class SinceType(click.ParamType[Any]):
    """A time, or the word ``last``."""

    name = "TIME|last"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime | str:
        """Turn ``2026-03-01``, ``2026-03-01T06:30`` or ``2026-03-01T06:30+02:00`` into a time; keep ``last``."""
        if isinstance(value, datetime) or value == "last":
            return value  # type: ignore[no-any-return] # narrowed by the comparison
        try:
            since = datetime.fromisoformat(str(value)).astimezone()
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is neither a time, such as 2026-03-01T06:30, nor the word last", param, ctx)
        if since > datetime.now(UTC):
            self.fail(f"{value!r} is yet to come, and no change would ever be found", param, ctx)
        return since


class OutputType(click.Path):
    """An output: a folder, or an address on S3."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Leave an address as it is, and check a folder."""
        return value if isinstance(value, str) and "://" in value else super().convert(value, param, ctx)


OUTPUT = OutputType(file_okay=False, path_type=Path)
COMMITTED = OutputType(exists=True, file_okay=False, path_type=Path)


class ShareType(click.ParamType[Any]):
    """One share of a job, of how many."""

    name = "I/N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Share:
        """Turn ``3/8`` into the third of eight shares."""
        from pipeline.job.share import Share

        if isinstance(value, Share):
            return value
        number, _, of = str(value).partition("/")
        if not (
            number.isascii() and number.isdigit() and of.isascii() and of.isdigit() and 1 <= int(number) <= int(of)
        ):
            self.fail(f"{value!r} is no share; the third of eight is 3/8", param, ctx)
        return Share(int(number), int(of))


class FormType(click.ParamType[Any]):
    """A form of input, by the suffix of its files."""

    name = "FORM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Form:
        """Turn ``jsonl`` or ``jsonl.gz`` into a form."""
        from pipeline.store.readers import READERS, Form, form_of
        from pipeline.store.readers.compression import COMPRESSIONS

        if isinstance(value, Form):
            return value
        form = form_of(f".{value}")
        if form is None:
            known = f"{', '.join(READERS)}, each also with {', '.join(COMPRESSIONS)} behind it, as in jsonl.gz"
            self.fail(f"{value!r} is no form; there are: {known}", param, ctx)
        return form

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - as click has it
        """Offer the forms, and once there is a dot, what each may be compressed with."""
        from pipeline.store.readers import READERS
        from pipeline.store.readers.compression import COMPRESSIONS

        packed = [f"{form}.{compression}" for form in READERS for compression in COMPRESSIONS]
        offered = packed if "." in incomplete else READERS
        return [CompletionItem(form) for form in offered if form.startswith(incomplete)]


def not_empty(_ctx: click.Context, _param: click.Parameter, value: Path) -> Path:
    """Refuse an empty path."""
    # click makes "." of an empty path, which is what a shell variable without a value would write to.
    if value == Path() and "" in sys.argv:
        raise click.BadParameter("is empty; is a shell variable not set?")
    return value


def field_names(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[str, ...] | None:
    """Turn a list of names into names; ``all`` into None, and ``none`` into no name."""
    if value == "all":
        return None
    return () if value == "none" else tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))


def worker_memory(_ctx: click.Context, _param: click.Parameter, value: int | None) -> int | None:
    """Turn MiB into bytes, and refuse what no worker surely begins with."""
    if value is not None and value < LEAST_WORKER_MIB:
        raise click.BadParameter(f"{value} MiB is too little: a worker process needs {LEAST_WORKER_MIB} MiB to begin")
    return value * 2**20 if value is not None else None


def complete_profiles(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the shipped profiles, and files."""
    from pipeline.profiles import shipped_names

    shipped = [CompletionItem(name) for name in shipped_names() if name.startswith(incomplete)]
    return [*shipped, CompletionItem(incomplete, type="file")]


def complete_tables(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the names of the tables."""
    from pipeline.schema import EVERY_TABLE

    return [CompletionItem(name) for name in EVERY_TABLE if name.startswith(incomplete)]


def complete_versions(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the snapshots of the output folder that was named before."""
    from pipeline.store.snapshot import versions

    folder = ctx.params.get("folder")
    return [CompletionItem(name) for name in versions(Path(folder)) if name.startswith(incomplete)] if folder else []


def of_codes(command: Command) -> Command:
    """Add the option that chooses among rejects."""
    told = "Only rejects of this code. Repeatable."
    return click.option("--code", "codes", multiple=True, metavar="CODE", type=click.Choice(REJECT_CODES), help=told)(
        command
    )


def of_profiles(told: str) -> Callable[[Command], Command]:
    """Return what adds the option that names profiles, with what its help says."""
    return click.option(
        "--profile",
        "profiles",
        multiple=True,
        metavar="NAME|FILE",
        shell_complete=complete_profiles,
        help=told,
    )


def in_json(what: str) -> Callable[[Command], Command]:
    """Return what adds the option that has something printed as JSON."""
    return click.option("--json", "as_json", is_flag=True, help=f"Print {what} as JSON.")


def quietly(command: Command) -> Command:
    """Add the option of every command that makes a snapshot to print no more than it must."""
    told = "Log warnings and errors only, print no summary."
    return click.option("--quiet", "-q", is_flag=True, help=told)(command)


def _with(command: Command, *options: Callable[[Command], Command]) -> Command:
    """Add options, the one first that help is to list first."""
    for option in reversed(options):
        command = option(command)
    return command


def formats(command: Command) -> Command:
    """Add the options that say how containers are read."""
    options = [
        click.option(
            "--text-field",
            default="text",
            show_default=True,
            metavar="NAME",
            help="The field of JSON, CSV and Parquet records that holds the text; dots lead into objects.",
        ),
        click.option(
            "--input-format",
            type=FormType(),
            default="txt",
            show_default=True,
            help="What standard input holds, and files named outright that do not tell: such as jsonl or csv.gz.",
        ),
    ]
    return _with(command, *options)


def limits(command: Command) -> Command:
    """Add the options of every command that cleans: how many processes, and what each document may take."""
    options = [
        click.option(
            "--workers",
            type=click.IntRange(min=1),
            default=lambda: os.cpu_count() or 1,
            show_default="number of processors",
            metavar="N",
            help="Processes at most.",
        ),
        click.option(
            "--max-document-seconds",
            type=click.FloatRange(0, 10**9, min_open=True),
            default=300,
            show_default=True,
            metavar="SECONDS",
            help="Reject an input whose cleaning takes more processor time.",
        ),
        click.option(
            "--max-worker-memory",
            type=click.IntRange(max=2**40),
            callback=worker_memory,
            metavar="MIB",
            help=f"Memory of a worker process at most, {LEAST_WORKER_MIB} or more; what needs more is rejected.",
        ),
    ]
    return _with(command, *options)


def watched(command: Command) -> Command:
    """Add the options of the commands that make a snapshot from sources: who is told of it, and the exit code."""
    options = [
        click.option(
            "--metrics",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Write metrics of the run for Prometheus here, also when it fails. Needs the extra 'metrics'.",
        ),
        click.option(
            "--lineage",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Append OpenLineage events of the run here. Needs the extra 'lineage'.",
        ),
        click.option(
            "--empty-exit-code",
            type=click.IntRange(0, 255),
            default=0,
            show_default=True,
            metavar="N",
            help="Exit with this when there is nothing to do.",
        ),
    ]
    return _with(command, *options)
