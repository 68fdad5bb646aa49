"""What every test of the clusters may ask for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.clusters.commands import script
from tests.corpus import PAGES, ROOT, clean, write

GOOD = {name: PAGES[name] for name in ("town/plain.txt", "harbour/ferry.txt", "lamps.txt", "blank.txt")}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with pages, what a run makes of them, and the commands of the project."""
    (tmp_path / "bin").mkdir()
    for name, module in {"descrape": "pipeline", "dask": "dask"}.items():
        script(tmp_path, name, f'export PYTHONPATH="{ROOT}"\nexec "{sys.executable}" -m {module} "$@"')
    write(tmp_path / "pages", GOOD)
    clean(tmp_path / "pages", tmp_path / "expected")
    return tmp_path
