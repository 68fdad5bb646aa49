"""Clean scraped pages into tables that can be trusted.

The way of a page: families claim the bytes of a leak and prove it, tiling settles the claims, each stage adds a column
(segments, text, article, dateline, related), the tables are cut from the columns, and a run's tables are committed
together as one snapshot. Nothing edits a text in place; the ledger leads back to every raw byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.version import __version__

if TYPE_CHECKING:
    from pipeline.store.snapshot import Snapshot, open_snapshot

__all__ = ["Snapshot", "__version__", "open_snapshot"]


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> object:
    # Arrow takes a while to load; `import pipeline` and `descrape --help` do not need it.
    if name in {"Snapshot", "open_snapshot"}:
        from pipeline.store import snapshot

        return getattr(snapshot, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
