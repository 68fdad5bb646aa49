"""Parts of large containers, so that several workers can read one file. Where parts end follows from the file alone.

Only forms that can be entered in their midst have parts: JSON Lines between two lines and Parquet between two row
groups, not compressed as a whole and on this machine. Any other container is read by one worker.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from pipeline.errors import RejectedDocument
from pipeline.store.documents import opened_input
from pipeline.store.inputs import Input
from pipeline.store.readers import SPLITTERS
from pipeline.store.readers.reading import PART_BYTES, ReadSettings
from pipeline.store.readers.source import BUFFER


def split(inputs: Iterable[Input], settings: ReadSettings) -> Iterator[Input]:
    """Yield inputs, and for a large one that has parts these; each knows the digest of the whole file."""
    for item in inputs:
        if item.size >= 2 * PART_BYTES and _has_parts(item):
            yield from _parts(item, settings)
        else:
            yield item


def _has_parts(item: Input) -> bool:
    form = item.form
    return item.refusal is None and form.name in SPLITTERS and not form.compression and not item.is_remote


def _parts(item: Input, settings: ReadSettings) -> list[Input]:
    try:
        with opened_input(item) as source:
            file = io.BufferedReader(source, BUFFER)
            parts = list(SPLITTERS[item.form.name].parts(file, settings))
            file.detach()
            sha256 = source.finish()
            version = source.version
    except RejectedDocument:
        return [item]  # whoever reads it finds the same fault, and tells it
    return [replace(item, part=part, size=part.size, sha256=sha256, version=version) for part in parts]
