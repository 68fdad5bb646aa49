"""The forms a corpus is kept in: how each is written, and the plainest way to read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from bench.speed.pages import Corpus


class Form(Protocol):
    """One form of a corpus on disk."""

    @property
    def name(self) -> str:
        """What the option ``--form`` calls it."""

    def write(self, corpus: Corpus, folder: Path) -> None:
        """Write a corpus into an empty folder."""

    def read(self, folder: Path, part: int, parts: int) -> Iterator[tuple[str, bytes]]:
        """Yield the name and the text of each page in one of so many parts of the corpus, in order."""


class Texts:
    """One ``.txt`` file a page, a thousand in a folder."""

    name = "txt"

    def write(self, corpus: Corpus, folder: Path) -> None:
        """Write a file a page."""
        for uri, page in corpus.pages():
            path = folder / uri
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(page)

    def read(self, folder: Path, part: int, parts: int) -> Iterator[tuple[str, bytes]]:
        """Open each file, read it whole."""
        folders = sorted(path for path in folder.iterdir() if path.is_dir())
        files = sorted(str(path) for one in folders for path in one.iterdir())
        for path in files[len(files) * part // parts : len(files) * (part + 1) // parts]:
            with open(path, "rb") as stream:  # noqa: PTH123 - the plainest way, and the fastest
                yield path, stream.read()


FORMS: dict[str, Form] = {form.name: form for form in (Texts(),)}
