"""The commands that explain: one document, or the tables."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import complete_profiles, complete_tables, formats
from pipeline.cli.printing import print_json, show, styled
from pipeline.errors import RejectedDocument
from pipeline.log import printable

if TYPE_CHECKING:
    from pipeline.schema import Table
    from pipeline.store.readers import Form


REJECTED = 3


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--profile", "profiles", multiple=True, metavar="NAME|FILE", shell_complete=complete_profiles, help="As for run."
)
@click.option(
    "--record",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="N",
    help="Which document of a container.",
)
@formats
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def inspect(  # noqa: PLR0913 - one argument an option
    file: Path,
    profiles: tuple[str, ...],
    *,
    record: int,
    text_field: str,
    input_format: Form,
    as_json: bool,
) -> None:
    """Explain one document: its tiles, its fields, and why each cut was made or refused. Writes nothing.

    Exit code 3 says that the document gives no article.

    \b
    Examples:
      descrape inspect page.txt
      descrape inspect crawl.jsonl.gz --record 17
      descrape inspect page.txt --profile alalam-en --json | jq .artifacts
    """
    from pipeline import inspect as explain
    from pipeline.model import Reject
    from pipeline.profiles import load
    from pipeline.stages import Cleaner
    from pipeline.store.documents import nth
    from pipeline.store.inputs import Input, uri_of
    from pipeline.store.readers import form_of
    from pipeline.store.readers.reading import ReadSettings

    cleaner = Cleaner(load(profiles))
    uri = uri_of(str(file))  # as much of it as was given: a profile may match folders
    item = Input(uri, str(file), form=form_of(str(file)) or input_format)
    found = nth(item, ReadSettings(text_field=text_field), record)
    if found is None:
        raise click.BadParameter(f"{uri} has no record {record}", param_hint="--record")
    try:
        if isinstance(found, Reject):
            raise RejectedDocument(found.stage, found.code, found.message)  # noqa: TRY301 - told like one of a stage
        document = cleaner.clean(found)
    except RejectedDocument as refused:
        if as_json:
            print_json(explain.as_rejected(uri, refused))
        else:
            show(printable(f"{uri}: gives no article ({refused.code}): {refused.message}"))
        sys.exit(REJECTED)
    if as_json:
        print_json(explain.as_data(document))
        return
    for line in explain.as_lines(document):
        show(styled(line))


@click.command()
@click.argument("table", required=False, shell_complete=complete_tables)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
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
