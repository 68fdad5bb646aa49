"""The notebook was run from top to bottom, and what it says it printed is what its cells print."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import ROOT

NOTEBOOK = json.loads((ROOT / "examples/explore.ipynb").read_text("utf-8"))
CODE = [cell for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]


def outputs(cell: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    return (output for output in cell["outputs"] if output["output_type"] == kind)


def printed(cell: dict[str, Any]) -> str:
    return "".join("".join(output["text"]) for output in outputs(cell, "stream") if output["name"] == "stdout")


def test_it_was_run_in_order_without_an_error_and_has_its_plots() -> None:
    assert [cell["execution_count"] for cell in CODE] == list(range(1, len(CODE) + 1))
    assert [output for cell in CODE for output in outputs(cell, "error")] == []
    plots = [output for cell in CODE for output in outputs(cell, "display_data") if "image/png" in output["data"]]
    assert len(plots) == sum("plt.show()" in "".join(cell["source"]) for cell in CODE) == 4
    assert "/home/" not in json.dumps(NOTEBOOK)


def test_its_cells_print_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is not installed, so the notebook is not run")
    matplotlib.use("Agg")  # draws into memory
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/raw").symlink_to(ROOT / "data/raw")
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for cell in CODE:
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            # Showing is what a window would do; the plot is drawn all the same.
            source = "".join(cell["source"]).replace("plt.show()", "plt.gcf().canvas.draw(); plt.close()")
            exec(compile(source, "explore.ipynb", "exec"), namespace)  # noqa: S102 - the project's own notebook
        assert shown.getvalue() == printed(cell)
