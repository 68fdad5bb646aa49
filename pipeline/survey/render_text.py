"""A survey for a terminal of whatever width: columns give way to one another, and nothing in them is a command."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from pipeline.inspect import Fragment, Style
from pipeline.log import printable
from pipeline.survey import Survey
from pipeline.survey.view import Table, headline, summary, tables

ROWS_MOST = 10
CELL_LONGEST = 200
NARROWEST = 8
"""Characters that a column of words needs at least; where there is no room for all columns, the last ones go."""
GAP = 2
INDENT = 2


def as_lines(found: Survey, width: int, rows: int = ROWS_MOST) -> Iterator[list[Fragment]]:
    """Yield the survey line by line, each no wider than the terminal.

    Args:
        found: The survey.
        width: Columns of the terminal.
        rows: Rows of a table at most.
    """
    yield [Fragment(fit(headline(found), width), "heading")]
    for source in found.sources.values():
        yield []
        yield [Fragment(fit(printable(source.label), width), "heading")]
        yield [Fragment(fit(line, width)) for line in [" " * INDENT + printable(summary(source))]]
        for table in tables(source, rows):
            yield []
            yield from table_lines(table, width)


def table_lines(table: Table, width: int) -> Iterator[list[Fragment]]:
    """Yield a table: its title, its head, its rows, and what is not shown."""
    yield [Fragment(fit(" " * INDENT + table.title, width), "heading")]
    rows = [[printable(cell[:CELL_LONGEST]) for cell in row] for row in table.rows]
    widths = column_widths([list(table.columns), *rows], table.numbers, width - 2 * INDENT)
    yield [Fragment(fit(_row(table.columns, widths, table.numbers), width), "blank")]
    for row in rows:
        fragments = [Fragment(" " * 2 * INDENT)]
        for place, size in enumerate(widths):
            last = place == len(widths) - 1
            cell = _cell(row[place], size, right=place < table.numbers, pad=not last)
            fragments.append(Fragment(cell if last else cell + " " * GAP, _style(place, table.numbers)))
        yield fragments
    more = f"{table.more} more" if table.more else ""
    if told := "; ".join(filter(None, (more, table.note))):
        yield [Fragment(fit(" " * 2 * INDENT + told, width), "blank")]


def _style(place: int, numbers: int) -> Style:
    return "plain" if place < numbers else "field" if place == numbers else "plain"


def _row(cells: Sequence[str], widths: Sequence[int], numbers: int) -> str:
    shown = (
        _cell(cells[place], size, right=place < numbers, pad=place < len(widths) - 1)
        for place, size in enumerate(widths)
    )
    return " " * 2 * INDENT + (" " * GAP).join(shown)


def column_widths(rows: Sequence[Sequence[str]], numbers: int, room: int) -> list[int]:
    """Return how wide each column is; those that find no room are left out.

    >>> column_widths([["count", "shape", "example"], ["12", "W W 99", "x" * 90]], 1, 40)
    [5, 6, 25]
    """
    wanted = [max(width_of(cell) for cell in column) for column in zip(*rows, strict=True)]
    shown = len(wanted)
    while shown > numbers + 1 and _least(wanted[:shown], numbers) > room:
        shown -= 1
    widths = wanted[:shown]
    spare = sum(widths) + GAP * (shown - 1) - room
    while spare > 0:
        widest = max(range(numbers, shown), key=lambda place: widths[place])
        others = [widths[place] for place in range(numbers, shown) if place != widest]
        # Down to the next widest at once, and never below what a column needs.
        target = max(NARROWEST, widths[widest] - spare, max(others, default=0) - 1)
        if target >= widths[widest]:
            break
        spare -= widths[widest] - target
        widths[widest] = target
    if spare > 0:
        widths[-1] = max(1, widths[-1] - spare)
    return widths


def _least(wanted: Sequence[int], numbers: int) -> int:
    needed = [size if place < numbers else min(size, NARROWEST) for place, size in enumerate(wanted)]
    return sum(needed) + GAP * (len(wanted) - 1)


def _cell(text: str, size: int, *, right: bool, pad: bool) -> str:
    shown = fit(text, size)
    space = " " * (size - width_of(shown))
    if right:
        return space + shown
    return shown + space if pad else shown


def width_of(text: str) -> int:
    """Return how many columns a text takes: wide characters take two, marks none.

    >>> width_of("Ferry"), width_of("新闻"), width_of("e\u0301")
    (5, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def fit(text: str, width: int) -> str:
    """Return as much of a text as so many columns hold, with a mark where it was cut.

    >>> fit("Ferry back in harbour", 9), fit("新闻新闻", 5)
    ('Ferry ba…', '新闻…')
    """
    if width_of(text) <= width:
        return text
    taken = 0
    for place, letter in enumerate(text):
        taken += _columns(letter)
        if taken > width - 1:
            return text[:place] + "…" if width else ""
    return text
