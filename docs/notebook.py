"""Run the notebook again in a kernel of its own, and write what it prints and draws into it.

``make notebook`` calls it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "examples/explore.ipynb"


def main() -> int:
    """Run every cell in order; return the exit code."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(ROOT)}}, record_timing=False).execute()
    # Which Python it was run by is no part of what it says.
    notebook.metadata["language_info"] = {"name": "python"}
    nbformat.write(notebook, NOTEBOOK)
    print(f"{NOTEBOOK.relative_to(ROOT)}: {len(notebook.cells)} cells")
    return 0


if __name__ == "__main__":
    sys.exit(main())
