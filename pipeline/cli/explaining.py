"""The commands that explain: one document, or the tables."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import complete_profiles, complete_tables
from pipeline.cli.printing import print_json, show, styled
from pipeline.errors import RejectedDocument
from pipeline.log import printable

if TYPE_CHECKING:
    from pipeline.schema import Table


REJECTED = 3


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--profile", "profiles", multiple=True, metavar="NAME|FILE", shell_complete=complete_profiles, help="As for run."
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def inspect(file: Path, profiles: tuple[str, ...], *, as_json: bool) -> None:
    """Explain one document: its tiles, its fields, and why each cut was made or refused. Writes nothing.

    Exit code 3 says that the document gives no article.

    \b
    Examples:
      descrape inspect page.txt
      descrape inspect page.txt --profile alalam-en --json | jq .artifacts
    """
    from pipeline import inspect as explain
    from pipeline.model import Record
    from pipeline.profiles import load
    from pipeline.stages import Cleaner
    from pipeline.store.inputs import Input, read_input, uri_of

    cleaner = Cleaner(load(profiles))
    uri = uri_of(str(file))  # as much of it as was given: a profile may match folders
    try:
        document = cleaner.clean(Record(uri, 0, read_input(Input(uri, str(file)))))
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
