"""The command that shows what a raw corpus holds before anyone cleans it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.files import NewFile, refuse_input, write_file
from pipeline.cli.options import formats, in_json, of_profiles
from pipeline.cli.printing import log, print_json, show, styled, terminal_width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.profiles import Profiles
    from pipeline.store.readers import Form
    from pipeline.survey import Survey

PIPE_WIDTH = 120
"""Columns of a table that no terminal shows."""
PROFILES_MOST = 20


@click.command(short_help="Show what raw pages hold, and write the profile that they suggest.")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path())
@of_profiles("As for run. Without it every shipped profile is tried.")
@click.option(
    "--sample",
    type=click.IntRange(min=1),
    metavar="N",
    help="Read N documents of each source at most, the same ones each time.",
)
@click.option(
    "--source",
    "only",
    metavar="NAME",
    help="Read this source alone, by the name that the survey gives it: the one of many hosts in a crawl.",
)
@click.option(
    "--rows",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar="N",
    help="Rows of each table at most.",
)
@click.option(
    "--write-profile",
    "profile_file",
    type=NewFile(),
    metavar="FILE",
    help="Write the profile that the survey suggests, named after the file. With several sources, one for each: "
    "quay.toml stands for quay-SOURCE.toml.",
)
@click.option(
    "--html",
    "html_file",
    type=NewFile(),
    metavar="FILE",
    help="Write the survey as a web page that works offline.",
)
@formats
@in_json("the survey")
def survey(  # noqa: PLR0913 - one argument an option
    sources: tuple[str, ...],
    profiles: tuple[str, ...],
    *,
    sample: int | None,
    only: str | None,
    rows: int,
    profile_file: Path | None,
    html_file: Path | None,
    text_field: str,
    input_format: Form,
    as_json: bool,
) -> None:
    """Show what the documents under SOURCEs hold, by source: the host or first folder that they stand under.

    Leaks, page shapes, timestamp lines and what they tell of the order of day and month, keys of leaked data,
    sign-offs, flags, and lines that repeat. Nothing is cleaned for good, and nothing is written but what you ask for.

    \b
    Examples:
      descrape survey pages
      descrape survey pages --sample 500 --html survey.html
      descrape survey pages/quay --write-profile quay.toml
      descrape survey crawl.jsonl --source quay.example --write-profile q.toml
    """
    from pipeline.profiles import load, shipped_names
    from pipeline.store.readers.reading import ReadSettings
    from pipeline.survey import survey as look
    from pipeline.survey.data import as_data
    from pipeline.survey.render_html import as_html
    from pipeline.survey.render_text import as_lines

    # The one without a `match` serves whatever comes to it, so it comes last.
    known = load(profiles or sorted(shipped_names(), key=lambda name: (name == "default", name)))
    if profile_file is not None:
        _refuse_to_overwrite(profile_file)
    if html_file is not None:
        refuse_input(html_file, sources)
    settings = ReadSettings(text_field=text_field)
    found = look(sources, known, sample=sample, only=only, settings=settings, unknown=input_format)
    if not found.inputs:
        log("the sources hold no documents")
    if as_json:
        print_json(as_data(found))
    else:
        for line in as_lines(found, _width(), rows):
            show(styled(line))
    if html_file is not None:
        write_file(html_file, as_html(found))
    if profile_file is not None:
        written = list(_profiles(found, known, profile_file))
        for path, _ in written:
            _refuse_to_overwrite(path)
        for path, text in written:
            write_file(path, text)


def _width() -> int:
    """Return how many columns a terminal has, or COLUMNS says that it has; in a pipe there is room."""
    return terminal_width() or PIPE_WIDTH


def _profiles(found: Survey, profiles: Profiles, file: Path) -> Iterator[tuple[Path, str]]:
    """Return the files of the profiles that the survey suggests: one for each source that gave articles."""
    from pipeline.survey.profile_writer import write_profile
    from pipeline.survey.proposal import profile_name

    sources = [source for source in found.sources.values() if source.articles]
    if not sources:
        raise click.UsageError("no document gave an article, so there is no profile to write")
    if len(sources) > PROFILES_MOST:
        raise click.UsageError(f"{len(sources)} sources are too many to write a profile for each; --source takes one")
    if len(sources) == 1:
        yield file, write_profile(sources[0], profiles, file.stem)
        return
    for source in sources:
        path = file.with_name(f"{file.stem}-{profile_name(source.label)}.toml")
        yield path, write_profile(source, profiles)


def _refuse_to_overwrite(path: Path) -> None:
    if path.exists():
        raise click.UsageError(
            f"{path}: is there already, and may have been edited; move it away, or name another file"
        )
