"""The digest of the code covers whatever can change a row: an incremental run and a cluster rely on it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pipeline.version import DECIDES, code_digest

ROOT = Path(__file__).resolve().parents[1]
TELLS_NOTHING_OF_A_ROW = {"errors", "log", "version"}


def test_all_that_stages_can_reach_is_in_the_digest() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    floors: list[str] = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    reached = {module for floor in floors[floors.index("stages") :] for module in floor.split(" | ")}
    assert reached - TELLS_NOTHING_OF_A_ROW == {name.removesuffix(".py") for name in DECIDES if "/" not in name}


def test_what_is_in_the_digest_is_there() -> None:
    assert all((ROOT / "pipeline" / name).exists() for name in DECIDES)
    assert len(code_digest()) == 64
