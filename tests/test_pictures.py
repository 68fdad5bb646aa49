"""The pictures of the pages show what the commands print, and load nothing."""

from __future__ import annotations

import html
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
DRAWN = sorted((ROOT / "docs/pictures").glob("*.svg"))


@pytest.fixture(scope="module")
def pictures() -> ModuleType:
    """Return the script that draws them."""
    spec = importlib.util.spec_from_file_location("pictures", ROOT / "docs/pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lines(picture: str) -> list[str]:
    """Return the lines of text in a picture, by their height, without white space around them."""
    found: dict[float, str] = {}
    for height, text in re.findall(r'<text class="[\w-]+-r\d+"[^>]* y="([\d.]+)"[^>]*>([^<]*)</text>', picture):
        found[float(height)] = found.get(float(height), "") + html.unescape(text).replace("\xa0", " ")
    return [text.strip() for _, text in sorted(found.items()) if text.strip()]


def timeless(shown: list[str]) -> list[str]:
    """Return what is shown without the last section of `inspect`, which tells of the machine."""
    return shown[: shown.index("Milliseconds by stage")] if "Milliseconds by stage" in shown else shown


def test_every_picture_is_fresh(pictures: ModuleType) -> None:
    assert {path.stem for path in DRAWN} == set(pictures.TERMINALS)
    for name, terminal in pictures.TERMINALS.items():
        shown = f"{pictures.prompt(terminal)}\n{pictures.output(terminal, NO_COLOR='1')}"
        printed = [line.strip() for line in shown.splitlines() if line.strip()]
        drawn = lines((ROOT / f"docs/pictures/{name}.svg").read_text("utf-8"))
        assert timeless(drawn) == timeless(printed), "`make pictures` draws it again"


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.name)
def test_a_picture_loads_nothing_and_stands_on_a_page(path: Path) -> None:
    picture = path.read_text("utf-8")
    assert not re.search(r"url\((?!#)|<script|<image|href=", picture)
    pages = (page.read_text("utf-8") for page in (ROOT / "docs").glob("*.md"))
    assert any(f"](pictures/{path.name})" in page for page in pages)
