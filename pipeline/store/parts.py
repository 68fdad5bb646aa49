"""Parts of large containers, so that several workers can read one file. Where parts end follows from the file alone.

Only forms that can be entered in their midst have parts: JSON Lines between two lines and Parquet between two row
groups, not compressed as a whole and on this machine. Any other container is read by one worker.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from msgspec.structs import replace

from pipeline.errors import RejectedDocument
from pipeline.store.documents import opened_input
from pipeline.store.files import Files
from pipeline.store.inputs import Input
from pipeline.store.readers import SPLITTERS
from pipeline.store.readers.reading import PART_BYTES, ReadSettings
from pipeline.store.readers.source import BUFFER


def split(inputs: Sequence[Input], settings: ReadSettings) -> Sequence[Input]:
    """Return inputs, and in place of a large one that has parts these; each knows the digest of the whole file."""
    if (
        isinstance(inputs, Files)
        and inputs.form.name not in SPLITTERS
        and not any(map(_has_parts, inputs.others.values()))
    ):
        return inputs
    return tuple(part for item in inputs for part in (_parts(item, settings) if _has_parts(item) else (item,)))


def _has_parts(item: Input) -> bool:
    if item.size < 2 * PART_BYTES or item.refusal is not None or item.is_remote:
        return False
    return item.form.name in SPLITTERS and not item.form.compression


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
