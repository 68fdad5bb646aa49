"""The floor: read a corpus, and write its text as Parquet with the codec, level, pages and row groups of the main job.

``python -m bench.speed.floor FORM CORPUS OUT PROCESSES`` does it in a process of its own, which is what is measured.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bench.speed.forms import FORMS
from pipeline.engines.shard import BATCH_DOCUMENTS
from pipeline.store.parquet import COMPRESSION_LEVEL, PAGE_ROWS

SCHEMA = pa.schema([pa.field("source_uri", pa.string(), nullable=False), pa.field("raw", pa.binary(), nullable=False)])


def copy(form: str, corpus: Path, out: Path, part: int, parts: int) -> None:
    """Copy one of so many parts of a corpus into a file of its own."""
    writer = pq.ParquetWriter(
        out / f"{part:02d}.parquet",
        SCHEMA,
        compression="zstd",
        compression_level=COMPRESSION_LEVEL,
        use_dictionary=False,
        write_page_checksum=True,
        write_batch_size=PAGE_ROWS,
    )
    with writer:
        for batch in _batches(FORMS[form].read(corpus, part, parts)):
            uris, texts = zip(*batch, strict=True)
            rows = pa.Table.from_arrays([pa.array(uris, pa.string()), pa.array(texts, pa.binary())], schema=SCHEMA)
            writer.write_table(rows, row_group_size=len(batch))


def _batches(pages: Iterator[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    while batch := list(islice(pages, BATCH_DOCUMENTS)):
        yield batch


def main(form: str, corpus: str, out: str, processes: str) -> None:
    """Copy a corpus with so many processes."""
    parts = int(processes)
    work = [(form, Path(corpus), Path(out), part, parts) for part in range(parts)]
    if parts == 1:
        copy(*work[0])
        return
    with multiprocessing.get_context("spawn").Pool(parts) as pool:
        pool.starmap(copy, work)
        pool.close()
        pool.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
