"""Measure how fast the documents of each form are read, and how much memory that takes.

Pages of 1 to 4 kB are made from a seed and written in every form. Each file is read to its end in a process of its own,
which does nothing else: the text is taken out of pages in HTML, and no page is cleaned. ``--run`` cleans one form as
well, as the main job does, and watches the memory of that process all the while.

``python -m bench.forms`` does it with 20,000 pages; ``--megabytes 2000`` with so much text.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import html
import io
import json
import lzma
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any, NamedTuple

import click
import pyarrow as pa
import pyarrow.parquet as pq

from bench.incremental import page
from pipeline.extraction import decoded
from pipeline.model import HTML, Record
from pipeline.store.documents import Documents
from pipeline.store.inputs import Input
from pipeline.store.readers import form_of
from pipeline.store.readers.reading import ReadSettings

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ROOT = Path(__file__).resolve().parents[1]
PAGES_MADE = 5000
"""So many different pages are made; a larger corpus holds them more than once."""
ROWS = 1000
"""Rows of a row group of Parquet."""
WATCHED_EVERY = 0.2
"""Seconds."""

Texts = Callable[[], Iterator[bytes]]


class Read(NamedTuple):
    """What reading a file took."""

    documents: int
    text: int
    seconds: float
    memory: int


def _jsonl(texts: Texts, file: IO[bytes]) -> None:
    for text in texts():
        file.write(json.dumps({"text": text.decode(), "url": "https://pier.example/1"}).encode() + b"\n")


def _csv(texts: Texts, file: IO[bytes]) -> None:
    out = io.TextIOWrapper(file, "utf-8", newline="")
    writer = csv.writer(out)
    writer.writerow(["text", "url"])
    writer.writerows([text.decode(), "https://pier.example/1"] for text in texts())
    out.flush()
    out.detach()  # whoever opened the file closes it


def _parquet(texts: Texts, file: IO[bytes]) -> None:
    schema = pa.schema([("text", pa.string()), ("url", pa.string())])
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        group: list[str] = []
        for text in texts():
            group.append(text.decode())
            if len(group) == ROWS:
                writer.write_table(pa.table([group, ["https://pier.example/1"] * ROWS], schema=schema))
                group = []
        writer.write_table(pa.table([group, ["https://pier.example/1"] * len(group)], schema=schema))


def _tar(texts: Texts, file: IO[bytes]) -> None:
    with tarfile.open(fileobj=file, mode="w|") as archive:
        for number, text in enumerate(texts()):
            member = tarfile.TarInfo(f"{number:08d}.txt")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))


def _zip(texts: Texts, file: IO[bytes]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, text in enumerate(texts()):
            archive.writestr(f"{number:08d}.txt", text)


def _warc(texts: Texts, file: IO[bytes]) -> None:
    for number, text in enumerate(texts()):
        head = f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://pier.example/{number}\r\n"
        head += f"WARC-Date: 2016-03-27T07:25:38Z\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\n\r\n"
        file.write(head.encode() + text + b"\r\n\r\n")


WRITERS: dict[str, Callable[[Texts, IO[bytes]], None]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
    "tar": _tar,
    "zip": _zip,
    "warc": _warc,
}
COMPRESSORS: dict[str, Callable[[Path], AbstractContextManager[Any]]] = {
    "gz": lambda path: gzip.open(path, "wb", 6),  # noqa: SIM115 - the caller closes it
    "zst": lambda path: zstd.open(path, "wb"),
    "bz2": lambda path: bz2.open(path, "wb"),  # noqa: SIM115 - likewise
    "xz": lambda path: lzma.open(path, "wb", preset=1),  # noqa: SIM115 - likewise
}
FORMS = ("txt", "html", *WRITERS, *(f"jsonl.{name}" for name in COMPRESSORS), "tar.gz", "tar.zst", "csv.gz", "warc.gz")


def _page(text: bytes) -> bytes:
    """Return a page in HTML with a text as its article, a menu, a script and a foot."""
    title, *paragraphs = html.escape(text.decode(), quote=False).strip().split("\n\n")
    menu = "".join(f'<li><a href="/section/{number}">Section {number} of the paper</a></li>' for number in range(20))
    prose = "".join(f'<p class="story-text">{each}</p>\n' for each in paragraphs)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><link rel="stylesheet" href="/main.css">
<script>window.settings = {{{", ".join(f'"key{number}": {number}' for number in range(40))}}};</script></head>
<body><header><a href="/">The Paper</a><nav><ul>{menu}</ul></nav></header>
<main><article><h1>{title}</h1>
{prose}</article></main>
<aside><h3>Read on</h3><ul>{menu}</ul></aside><footer>Copyright The Paper. All rights reserved.</footer></body></html>
""".encode()


def _write(form: str, texts: Texts, folder: Path) -> list[Path]:
    """Write texts in a form, and return the files."""
    if form in {"txt", "html"}:
        paths = []
        for number, text in enumerate(texts()):
            path = folder / "pages" / f"{number // 1000:05d}" / f"{number:08d}.{form}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if form == "txt" else _page(text))
            paths.append(path)
        return paths
    path = folder / f"pages.{form}"
    inner, _, compression = form.partition(".")
    with COMPRESSORS[compression](path) if compression else path.open("wb") as file:
        WRITERS[inner](texts, file)
    return [path]


def _read(paths: list[Path]) -> Read:
    """Read files to their end, in a process that does nothing else."""
    settings = ReadSettings()
    documents = text = 0
    began = time.process_time()
    for path in paths:
        form = form_of(path.name)
        if form is None:
            raise ValueError(path)
        for found in Documents(Input(path.name, str(path), form=form), settings):
            documents += isinstance(found, Record)
            text += len(decoded(found.raw).text if form.name == HTML and found.raw else found.raw or b"")
    seconds = time.process_time() - began
    return Read(documents, text, seconds, _most_memory())


def _most_memory() -> int:
    """Return what this process held at most, in KiB; ``getrusage`` counts what the one that started it held as well."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1])


def _run(path: Path, folder: Path) -> None:
    """Clean a file as the main job does with one worker, and print the memory of that process as it goes."""
    command = [sys.executable, "-m", "pipeline", "run", str(path), "--out", str(folder / "clean"), "--workers", "1"]
    began = time.perf_counter()
    with subprocess.Popen([*command, "--quiet"], env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT) as job:
        status = Path(f"/proc/{job.pid}/statm")
        seen: list[int] = []
        done = threading.Event()

        def watch() -> None:
            while not done.wait(WATCHED_EVERY):
                try:
                    seen.append(int(status.read_text().split()[1]) * resource.getpagesize())
                except (OSError, IndexError):
                    return

        watcher = threading.Thread(target=watch)
        watcher.start()
        job.wait()
        done.set()
        watcher.join()
    wall = time.perf_counter() - began
    tenths = [max(seen[len(seen) * part // 10 : len(seen) * (part + 1) // 10 or 1], default=0) for part in range(10)]
    print(f"\ncleaning {path.name}: exit code {job.returncode}, {wall:.0f} s; memory at most, tenth by tenth of that:")
    print("  " + " ".join(f"{most / 2**20:.0f}" for most in tenths) + " MiB", flush=True)


@click.command()
@click.option("--documents", type=click.IntRange(min=10), default=20_000, show_default=True, help="How many pages.")
@click.option("--megabytes", type=click.IntRange(min=1), help="So much text instead.")
@click.option("--only", "forms", multiple=True, type=click.Choice(FORMS), help="Only this form. Repeatable.")
@click.option("--run", "clean", is_flag=True, help="Clean the forms as well, and watch the memory.")
@click.option("--seed", default="tides", show_default=True, help="What the pages are made from.")
def main(documents: int, megabytes: int | None, forms: tuple[str, ...], *, clean: bool, seed: str) -> None:
    """Measure how fast each form is read."""
    made = [page(random.Random(f"{seed}/{number}")) for number in range(min(PAGES_MADE, documents))]
    if megabytes is not None:
        documents = megabytes * 10**6 * len(made) // sum(map(len, made))

    def texts() -> Iterator[bytes]:
        return (made[number % len(made)] for number in range(documents))

    size = sum(map(len, texts()))
    print(f"{documents} pages, {size / 1e6:.0f} MB of text, one process, seed {seed!r}\n")
    print("| form | file | text | pages | memory |\n|---|---:|---:|---:|---:|")
    context = multiprocessing.get_context("spawn")
    for form in forms or FORMS:
        with tempfile.TemporaryDirectory() as name:
            paths = _write(form, texts, Path(name))
            with context.Pool(1) as pool:
                read = pool.apply(_read, (paths,))
            # Of a page in HTML the text is what is between its tags, with blank lines of its own.
            if read.documents != documents or abs(read.text - size) > (size // 50 if form == "html" else 0):
                sys.exit(f"{form}: {read.documents} pages of {read.text} bytes came back")
            stored = sum(path.stat().st_size for path in paths)
            cells = (
                f"`.{form}`",
                f"{stored / 1e6:.0f} MB",
                f"{size / 1e6 / read.seconds:.0f} MB/s",
                f"{documents / read.seconds:,.0f}/s",
                f"{read.memory / 1024:.0f} MiB",
            )
            print("| " + " | ".join(cells) + " |", flush=True)
            if clean:
                _run(paths[0] if len(paths) == 1 else Path(name) / "pages", Path(name))


if __name__ == "__main__":
    main()
