"""How Arrow is set up in processes that are the command's own, itself and its workers; one that imports us is not."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder

import pyarrow as pa


def set_up_arrow() -> None:
    """Have Arrow leave pandas alone, and take its memory where all else does.

    Arrow imports pandas to ask whether a list is one of its columns, which takes a quarter of a second, and a run hands
    it nothing of pandas. Its own allocator gives pages back that the next row group asks for again at once: where each
    file is written anew that was a tenth of the time.

    >>> set_up_arrow()
    >>> pa.table({"tide": [1, 2]}).to_pandas().shape
    (2, 1)
    """
    pa.set_memory_pool(pa.system_memory_pool())
    if "pandas" in sys.modules:
        return
    hidden = _Hidden()
    sys.meta_path.insert(0, hidden)
    try:
        pa.array([])  # it asks once, and again only where a data frame is wanted outright
    finally:
        sys.meta_path.remove(hidden)


class _Hidden(MetaPathFinder):
    def find_spec(self, fullname: str, *_: object) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(f"{fullname} is not asked for here", name=fullname)
