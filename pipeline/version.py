"""Version of the package, and a digest of the code that decides what a row says."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

__version__ = "0.1.0"

DECIDES = (
    "anchors.py",
    "binary.py",
    "boilerplate.py",
    "dates",
    "decoding.py",
    "engines/tally.py",
    "extraction.py",
    "families",
    "frame.py",
    "headline.py",
    "items",
    "lines.py",
    "media.py",
    "mending",
    "model",
    "nesting.py",
    "own_page.py",
    "patterns.py",
    "profiles",
    "recovery",
    "schema.py",
    "stages",
    "store/documents.py",
    "store/given.py",
    "store/headlines.py",
    "store/media_paths.py",
    "store/parquet.py",
    "store/part_reading.py",
    "store/parts.py",
    "store/prose.py",
    "store/readers",
    "store/related.py",
    "store/tables.py",
    "store/text_bytes.py",
    "store/words.py",
    "tags.py",
    "tiling.py",
    "white.py",
)
"""Modules and packages whose change can change a row, or what is counted of rows. The others only move rows about."""


@cache
def code_digest() -> str:
    """Return a digest over the source of everything that decides what a row says."""
    root = Path(__file__).parent
    files = sorted(
        file for name in DECIDES for file in ([root / name] if name.endswith(".py") else (root / name).rglob("*.py"))
    )
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
