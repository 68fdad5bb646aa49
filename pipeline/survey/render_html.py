"""A survey as one web page that needs nothing else: no script, no address, every text escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from pipeline.log import printable
from pipeline.own_page import MARK
from pipeline.survey import SourceSurvey, Survey
from pipeline.survey.profile_writer import write_profile
from pipeline.survey.view import Table, headline, summary, tables
from pipeline.version import __version__

ROWS_MOST = 50
CELL_LONGEST = 400

STYLE = """
:root {
  color-scheme: light dark; font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  --paper: #fbfaf7; --card: #fff; --ink: #1d2327; --soft: #5c666d; --line: #e2e0d9; --wash: #f2f0ea; --link: #1f6f8f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181b; --card: #1c2226; --ink: #e6e9eb; --soft: #9aa5ad; --line: #30383e; --wash: #232a2f;
    --link: #6fb8dc;
  }
}
* { box-sizing: border-box; }
body { background: var(--paper); color: var(--ink); margin: 0 auto; max-width: 72rem; padding: 1.5rem 1.25rem 3rem; }
h1 { font-size: 2rem; letter-spacing: -.02em; line-height: 1.15; margin: .6rem 0 .4rem; }
h2 { font-size: 1.3rem; letter-spacing: -.01em; margin: 0; overflow-wrap: anywhere; }
p { color: var(--soft); margin: .2rem 0 .6rem; }
a { color: var(--link); font-weight: 600; text-decoration: none; }
nav ul { list-style: none; margin: 1rem 0; padding: 0; }
nav li { border-top: 1px solid var(--line); color: var(--soft); overflow-wrap: anywhere; padding: .25rem 0; }
section {
  background: var(--card); border: 1px solid var(--line); border-radius: 12px; margin-top: 1.2rem; overflow-x: auto;
  padding: 1.2rem 1.4rem;
}
table { border-collapse: collapse; margin: .3rem 0; width: 100%; }
caption { font-weight: 600; padding: .9rem 0 .2rem; text-align: start; }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .9rem .2rem 0; text-align: start; vertical-align: top; }
th { color: var(--soft); font-size: .85em; font-weight: 600; }
td { overflow-wrap: break-word; }
td:last-child { min-width: 12rem; overflow-wrap: anywhere; }
.n { font-variant-numeric: tabular-nums; text-align: end; white-space: nowrap; width: 4rem; }
.note, footer p { color: var(--soft); font-size: .9em; }
td, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .87em; }
summary { cursor: pointer; font-weight: 600; padding: .8rem 0 .2rem; }
pre { background: var(--wash); border-radius: 8px; overflow-x: auto; padding: .8rem; }
@media (max-width: 40rem) { body { padding: .8rem; } section { padding: .9rem; } }
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --wash: #f3f3f3; --link: #000; }
  section { border: 0; padding: 0; } section + section { break-before: page; } pre { white-space: pre-wrap; }
}
"""


def as_html(found: Survey) -> str:
    """Return the page."""
    return "".join(_page(found))


def _page(found: Survey) -> Iterator[str]:
    yield "<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
    yield f"{MARK}\n"
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
