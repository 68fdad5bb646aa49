"""How Arrow is set up in processes that are the command's own, itself and its workers; one that imports us is not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.abc import MetaPathFinder
from types import ModuleType

FUNCTIONS = "pyarrow.compute"
DOCUMENTATION = ("numpy._core._add_newdocs", "numpy._core._add_newdocs_scalars", "pyarrow.vendored.docscrape")
"""What does nothing but document: it gives functions of numpy their texts, or reads those of Arrow to make others."""


def set_up_arrow() -> None:
    """Have Arrow leave pandas alone, document nothing, and take its memory where all else does.

    Arrow imports pandas to ask whether a list is one of its columns, which takes a quarter of a second, and a run hands
    it nothing of pandas. Documentation takes most of the time in which its functions are imported, and a seventh of
    that of numpy; nobody reads it here. Its own allocator gives pages back that the next row group asks for again at
    once: where each file is written anew that was a tenth of the time.

    It spares what was not imported before.

    >>> set_up_arrow()
    >>> import pyarrow as pa
    >>> pa.table({"tide": [1, 2]}).to_pandas().shape
    (2, 1)
    """
    with suppress(Exception), _undocumented():
        import_module(FUNCTIONS)
    import pyarrow as pa  # what could not be imported without its documentation is imported with it

    pa.set_memory_pool(pa.system_memory_pool())
    if "pandas" in sys.modules:
        return
    hidden = _Hidden()
    sys.meta_path.insert(0, hidden)
    try:
        pa.array([])  # it asks once, and again only where a data frame is wanted outright
    finally:
        sys.meta_path.remove(hidden)


@contextmanager
def _undocumented() -> Iterator[None]:
    """Have what is imported meanwhile find nothing to document itself with."""
    absent = [name for name in DOCUMENTATION if name not in sys.modules]
    sys.modules.update((name, _Undocumented(name)) for name in absent)
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


class _Undocumented(ModuleType):
    """Stands for a module that documents others: whatever is asked of it says nothing."""

    def __getattr__(self, name: str) -> type[_Silent]:
        if name.startswith("__"):  # what the import system asks for
            raise AttributeError(name)
        return _Silent


class _Silent:
    def __init__(self, *_: object, **__: object) -> None: ...

    def __getitem__(self, _: object) -> tuple[()]:
        return ()


class _Hidden(MetaPathFinder):
    def find_spec(self, fullname: str, *_: object) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(f"{fullname} is not asked for here", name=fullname)
