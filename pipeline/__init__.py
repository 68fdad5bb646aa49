r"""Clean scraped pages into tables that can be trusted.

One page, in memory:

>>> import pipeline
>>> page = pipeline.clean('Ferry Back in Harbour\n\n27 March 2016\n\nIt came back.\n\nstring(9) "left over"')
>>> page.article.title, page.article.body, page.dateline.published_local.date().isoformat()
('Ferry Back in Harbour', 'It came back.', '2016-03-27')
>>> [(leak.rule, leak.status) for leak in page.claims]
[('var_dump', 'exact')]

A folder of them, into tables that pandas, DuckDB and Polars open:

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     raw, out = Path(folder, "raw.txt"), Path(folder, "clean")
...     _ = raw.write_text("It came back on Sunday.")
...     outcome = pipeline.run(raw, out)
...     print(outcome.counts["articles"], pipeline.open_snapshot(out).pandas("articles")["body"][0])
1 It came back on Sunday.

The way of a page: families claim the bytes of a leak and prove it, tiling settles the claims, each stage adds a column
(segments, text, article, dateline, related), the tables are cut from the columns, and a run's tables are committed
together as one snapshot. Nothing edits a text in place; the ledger leads back to every raw byte.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pipeline.version import __version__

if TYPE_CHECKING:
    from pipeline.api import clean, run
    from pipeline.errors import DescrapeError, RejectedDocument
    from pipeline.job import Options, Outcome, RejectLimit
    from pipeline.model import Document
    from pipeline.store.snapshot import Snapshot, open_snapshot

__all__ = [
    "DescrapeError",
    "Document",
    "Options",
    "Outcome",
    "RejectLimit",
    "RejectedDocument",
    "Snapshot",
    "__version__",
    "clean",
    "open_snapshot",
    "run",
]

# Arrow takes a while to load; `import pipeline` and `descrape --help` do not need it.
_HOMES = {
    "DescrapeError": "pipeline.errors",
    "Document": "pipeline.model",
    "Options": "pipeline.job",
    "Outcome": "pipeline.job",
    "RejectLimit": "pipeline.job",
    "RejectedDocument": "pipeline.errors",
    "Snapshot": "pipeline.store.snapshot",
    "clean": "pipeline.api",
    "open_snapshot": "pipeline.store.snapshot",
    "run": "pipeline.api",
}


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
