"""A survey as one web page that needs nothing else: no script, no address, every text escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from pipeline.log import printable
from pipeline.survey import SourceSurvey, Survey
from pipeline.survey.profile_writer import write_profile
from pipeline.survey.view import Table, headline, summary, tables
from pipeline.version import __version__

ROWS_MOST = 50
CELL_LONGEST = 400

STYLE = """
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; }
section { border-top: 1px solid #8886; margin-top: 2rem; overflow-x: auto; }
table { border-collapse: collapse; margin: .3rem 0 .3rem; width: 100%; }
caption { font-weight: 600; padding: .8rem 0 .2rem; text-align: start; }
th, td { border-bottom: 1px solid #8883; padding: .15rem .6rem .15rem 0; text-align: start; }
td { overflow-wrap: break-word; }
td:last-child { overflow-wrap: anywhere; }
th { font-weight: 500; opacity: .7; }
th, td { vertical-align: top; }
.n { font-variant-numeric: tabular-nums; text-align: end; white-space: nowrap; width: 4rem; }
.note { font-size: .9em; opacity: .75; }
td, pre { font-family: ui-monospace, monospace; font-size: .87em; }
pre { background: #8881; overflow-x: auto; padding: .8rem; }
@media print { section { break-before: page; } pre { white-space: pre-wrap; } }
"""


def as_html(found: Survey) -> str:
    """Return the page."""
    return "".join(_page(found))


def _page(found: Survey) -> Iterator[str]:
    yield "<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
    yield "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    yield "<meta name='viewport' content='width=device-width'>\n<title>Survey</title>\n"
    yield f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>Survey</h1>\n<p>{text(headline(found))}</p>\n"
    yield "<nav><ul>\n"
    for number, source in enumerate(found.sources.values()):
        yield f"<li><a href='#s{number}'>{text(source.label)}</a>: {text(summary(source))}</li>\n"
    yield "</ul></nav>\n"
    for number, source in enumerate(found.sources.values()):
        yield f"<section id='s{number}'>\n<h2>{text(source.label)}</h2>\n<p>{text(summary(source))}</p>\n"
        yield from _source(source, found)
        yield "</section>\n"
    yield f"<footer class='note'><p>descrape {text(__version__)}</p></footer>\n</body>\n</html>\n"


def _source(source: SourceSurvey, found: Survey) -> Iterator[str]:
    for table in tables(source, ROWS_MOST):
        yield from _table(table)
    if source.articles:
        profile = escape(write_profile(source, found.profiles))
        yield f"<details><summary>The profile that this suggests</summary>\n<pre>{profile}</pre>\n</details>\n"


def _table(table: Table) -> Iterator[str]:
    yield f"<table>\n<caption>{text(table.title)}</caption>\n<tr>"
    for place, name in enumerate(table.columns):
        yield f"<th scope='col'{_number(place, table)}>{text(name)}</th>"
    yield "</tr>\n"
    for row in table.rows:
        cells = "".join(f"<td dir='auto'{_number(place, table)}>{text(cell)}</td>" for place, cell in enumerate(row))
        yield f"<tr>{cells}</tr>\n"
    yield "</table>\n"
    more = f"{table.more} more" if table.more else ""
    if told := "; ".join(filter(None, (more, table.note))):
        yield f"<p class='note'>{text(told)}</p>\n"


def _number(place: int, table: Table) -> str:
    return " class='n'" if place < table.numbers else ""


def text(shown: str) -> str:
    r"""Return a text as it may stand anywhere in the page: controls made visible, marks of the language escaped.

    >>> text("<b>\x07")
    '&lt;b&gt;\\x07'
    """
    cut = shown if len(shown) <= CELL_LONGEST else f"{shown[:CELL_LONGEST]}…"
    return escape(printable(cut))
