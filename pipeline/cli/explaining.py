"""The commands that explain: one document, or the tables."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource

from pipeline.cli.options import OutputType, complete_tables, formats, in_json, of_profiles
from pipeline.cli.printing import log, print_json, show, styled, terminal_width
from pipeline.errors import REJECTS_EXIT_CODE, RejectedDocument, SnapshotError
from pipeline.log import printable
from pipeline.model import where

if TYPE_CHECKING:
    from pipeline.inspect import Stopwatch
    from pipeline.model import Document
    from pipeline.schema import Table
    from pipeline.store.readers import Form


OF_THE_RUN = {"profiles": "--profile", "text_field": "--text-field", "input_format": "--input-format"}
"""What a document of a snapshot brings with it."""


@click.command(short_help="Explain one document: its fields, and why each cut was made or refused.")
@click.argument("place", metavar="FILE|-|DIR", type=OutputType(exists=True, allow_dash=True, path_type=Path))
@click.option("--doc", metavar="ID", help="The document of the output folder DIR with this doc_id or source_uri.")
@of_profiles("As for run; a document of DIR has those of its run.")
@click.option(
    "--record",
    type=click.IntRange(0, 2**31 - 1),
    metavar="N",
    help="Which document of a container; without it the first.",
)
@formats
@click.option("--full", is_flag=True, help="Show everything, however long; else the beginnings of texts and data.")
@in_json("everything")
def inspect(  # noqa: PLR0913 - one argument an option
    place: Path | str,
    doc: str | None,
    profiles: tuple[str, ...],
    *,
    record: int | None,
    text_field: str,
    input_format: Form,
    full: bool,
    as_json: bool,
) -> None:
    """Explain one document: its tiles, its fields, and why each cut was made or refused. Writes nothing.

    It is a file, a pipe, standard input (-), or a document of a committed snapshot: that one is restored from the
    tables, and cleaned with the profiles and the evidence of its run. On a terminal lines are broken to its width; in a
    pipe each is one line.

    Exit code 3 says that the document gives no article.

    \b
    Examples:
      descrape inspect page.txt
      curl -s https://news.example/story | descrape inspect - --input-format html
      descrape inspect <(zcat page.gz)
      descrape inspect crawl.jsonl.gz --record 17
      descrape inspect page.txt --profile alalam-en --json | jq .artifacts
      descrape inspect data/clean --doc 8a4c6c2055c63d1546e075614c5ae3d2
      descrape inspect data/clean --doc crawl.jsonl.gz --record 17
      descrape inspect s3://bucket/clean --doc harbour/ferry.txt
    """
    from pipeline import inspect as explain

    watch = explain.Stopwatch()
    committed = isinstance(place, str) or place.is_dir()
    try:
        if isinstance(place, str) or place.is_dir():
            document = _committed(place, doc, record, watch)
        else:
            document = _read(place, doc, record, _Reading(profiles, text_field, input_format), watch)
    except RejectedDocument as refused:
        uri = doc if doc is not None else _uri(Path(place))
        if as_json:
            print_json(explain.as_rejected(uri, record or 0, refused))
        else:
            show(printable(f"{where(uri, record or 0)}: gives no article ({refused.code}): {refused.message}"))
        sys.exit(REJECTS_EXIT_CODE)
    if as_json:
        print_json(explain.as_data(document, watch.seconds))
        return
    view = explain.View(terminal_width(), full, committed=committed)
    for line in explain.as_lines(document, watch.seconds, view):
        show(styled(line))


class _Reading(NamedTuple):
    """How a file is read."""

    profiles: tuple[str, ...]
    text_field: str
    form: Form


def _read(file: Path, doc: str | None, record: int | None, reading: _Reading, watch: Stopwatch) -> Document:
    """Return what becomes of a document of a file."""
    from msgspec import structs

    from pipeline.model import Reject
    from pipeline.profiles import load
    from pipeline.stages import Cleaner
    from pipeline.store.discovery import discover, is_stream
    from pipeline.store.documents import Documents, nth
    from pipeline.store.inputs import Input
    from pipeline.store.readers import form_of
    from pipeline.store.readers.reading import ReadSettings

    if doc is not None:
        raise click.UsageError(f"--doc names a document of an output folder, and {file} is a file")
    cleaner, uri = Cleaner(load(reading.profiles)), _uri(file)
    watch("profiles")
    if is_stream(str(file)):
        (held,) = discover([str(file)], unknown=reading.form).inputs
        item = structs.replace(held, source_uri=uri)
    else:
        item = Input(uri, str(file), form=form_of(str(file)) or reading.form)
    settings = ReadSettings(text_field=reading.text_field)
    found = nth(item, settings, record or 0)
    if record is None and not item.form.is_plain and nth(item, settings, 1) is not None:
        _tell_of_others(uri)
    watch("read")
    if found is None:
        number = sum(1 for _ in Documents(item, settings))
        many = f"they are 0 to {number - 1}" if number > 1 else "there is only record 0" if number else "it holds none"
        raise click.BadParameter(f"{uri} has no record {record}; {many}", param_hint="--record")
    if isinstance(found, Reject):
        raise RejectedDocument(found.stage, found.code, found.message)
    return cleaner.clean(found, watch)


def _tell_of_others(uri: str) -> None:
    log(printable(f"{uri} holds more than one document: this is record 0, and --record N shows another"))


def _uri(file: Path) -> str:
    """Return how a file is called: as much of it as was given, for a profile may match folders."""
    from pipeline.store.discovery import STANDARD_INPUT, STANDARD_INPUT_URI
    from pipeline.store.inputs import uri_of

    return STANDARD_INPUT_URI if str(file) == STANDARD_INPUT else uri_of(str(file))


def _committed(folder: Path | str, doc: str | None, record: int | None, watch: Stopwatch) -> Document:
    """Return what becomes of a document of a snapshot."""
    from pipeline.inspect import find
    from pipeline.store.snapshot import open_snapshot

    if doc is None and isinstance(folder, Path):
        try:
            open_snapshot(folder)
        except SnapshotError:
            told = f"`descrape survey {folder}` shows all that it holds"
            raise click.UsageError(f"{folder} is a folder; name one page of it; {told}") from None
    if doc is None:
        raise click.UsageError(f"{folder} is a folder; --doc says which of its documents")
    context = click.get_current_context()
    for name, option in OF_THE_RUN.items():
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise click.UsageError(f"a document of an output folder is read as its run read it; leave out {option}")
    snapshot = open_snapshot(folder)
    found = find(snapshot, doc, record)
    if record is None and sum(entry.records for entry in snapshot.manifest.inputs if entry.uri == doc) > 1:
        _tell_of_others(doc)
    if not found.same:
        log("the tables were made by other code than this; shown is what this code makes of the document")
    if found.refused is not None:
        raise found.refused
    watch("restore")
    return found.cleaner.clean(found.record, watch)


@click.command(short_help="Print what every table and column means.")
@click.argument("table", required=False, shell_complete=complete_tables)
@in_json("it")
def schema(table: str | None, *, as_json: bool) -> None:
    """Print the data dictionary: of TABLE, or of every table.

    \b
    Examples:
      descrape schema
      descrape schema related_items --json
    """
    from pipeline.schema import EVERY_TABLE

    if table is not None and table not in EVERY_TABLE:
        raise click.BadParameter(f"{table!r} is not a table; there are: {', '.join(EVERY_TABLE)}", param_hint="TABLE")
    wanted = [EVERY_TABLE[table]] if table is not None else list(EVERY_TABLE.values())
    if as_json:
        print_json([_table_data(each) for each in wanted])
        return
    for number, each in enumerate(wanted):
        if number:
            show()
        show(f"{click.style(each.name, bold=True)}: {each.grain}")
        for column in each.columns:
            null = "" if column.nullable else " not null"
            show(f"  {click.style(f'{column.name:<20}', fg='green')} {column.type}{null}: {column.meaning}")


def _table_data(table: Table) -> dict[str, Any]:
    columns = [
        {
            "name": column.name,
            "type": str(column.type),
            "nullable": column.nullable,
            "meaning": column.meaning,
        }
        for column in table.columns
    ]
    return {"table": table.name, "grain": table.grain, "columns": columns}
