"""What every test of the store may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import corpus


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a folder with the invented pages."""
    return corpus.write(tmp_path / "pages")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return where the tables go; nothing is there yet."""
    return tmp_path / "clean"


@pytest.fixture
def several_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a handful of shards of the invented pages."""
    corpus.small_shards(monkeypatch)
