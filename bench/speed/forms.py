"""The forms a corpus is kept in: how each is written, and the plainest way to read it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Protocol

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

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


class JsonLines:
    """JSON Lines in zstd, ten thousand pages a file."""

    name = "jsonl.zst"

    def write(self, corpus: Corpus, folder: Path) -> None:
        """Write an object a page."""
        for number, pages in _parts(corpus):
            lines = b"".join(msgspec.json.encode({"id": uri, "text": page.decode()}) + b"\n" for uri, page in pages)
            with pa.CompressedOutputStream(str(folder / f"{number:04d}.jsonl.zst"), "zstd") as stream:
                stream.write(lines)

    def read(self, folder: Path, part: int, parts: int) -> Iterator[tuple[str, bytes]]:
        """Unpack each file, decode its lines."""
        decode = msgspec.json.Decoder(dict[str, str]).decode
        for path in _own(folder, part, parts):
            with pa.CompressedInputStream(str(path), "zstd") as stream:
                for line in stream.read().splitlines():
                    found = decode(line)
                    yield found["id"], found["text"].encode()


class ParquetRows:
    """Parquet in zstd, ten thousand pages a file, a thousand a row group."""

    name = "parquet"

    def write(self, corpus: Corpus, folder: Path) -> None:
        """Write a row a page."""
        for number, pages in _parts(corpus):
            uris, texts = zip(*pages, strict=True)
            rows = pa.table({"id": pa.array(uris, pa.string()), "text": pa.array(texts, pa.binary()).cast(pa.string())})
            pq.write_table(rows, folder / f"{number:04d}.parquet", compression="zstd", row_group_size=1000)

    def read(self, folder: Path, part: int, parts: int) -> Iterator[tuple[str, bytes]]:
        """Read a row group at a time."""
        for path in _own(folder, part, parts):
            with pq.ParquetFile(path) as file:
                for group in range(file.num_row_groups):
                    rows = file.read_row_group(group)
                    texts = rows["text"].cast(pa.binary()).to_pylist()
                    yield from zip(rows["id"].to_pylist(), texts, strict=True)


FILE = 10_000
"""Pages a file of many."""


def _parts(corpus: Corpus) -> Iterator[tuple[int, list[tuple[str, bytes]]]]:
    """Yield the pages of each file, and its number."""
    pages = corpus.pages()
    number = 0
    while part := list(islice(pages, FILE)):
        yield number, part
        number += 1


def _own(folder: Path, part: int, parts: int) -> list[Path]:
    """Return the files of one of so many parts of the corpus."""
    files = sorted(folder.iterdir())
    return files[len(files) * part // parts : len(files) * (part + 1) // parts]


FORMS: dict[str, Form] = {form.name: form for form in (Texts(), JsonLines(), ParquetRows())}
