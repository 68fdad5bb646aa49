"""Parts of large containers, so that several workers can clean one file. Where parts end follows from the file alone.

Only what has its records found cheaply is divided: JSON Lines between two lines, compressed or not, and Parquet between
two rows, on this machine. Any other container is read by one worker.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise, repeat, takewhile
from threading import Event
from typing import NamedTuple

from msgspec.structs import replace

from pipeline.errors import RejectedDocument
from pipeline.store.entries import InputEntry
from pipeline.store.files import Files
from pipeline.store.inputs import STAMP, Input, opened_input
from pipeline.store.readers import SPLITTERS
from pipeline.store.readers.compression import opened
from pipeline.store.readers.reading import PART_BYTES, TO_THE_END, Part, ReadSettings
from pipeline.store.readers.source import BUFFER

LEAST_BYTES = 2 * 2**20
"""A file with fewer bytes is not divided: it is not worth the start of another worker."""
MOST_PARTS = 64
"""Parts of a file at most, until they are of ``LARGEST_PART`` bytes."""
LARGEST_PART = 32 * 2**20


class Before(NamedTuple):
    """A part of a file as the last snapshot holds it, and how the file looked then."""

    entry: InputEntry
    stamp: bytes


def split(
    inputs: Sequence[Input],
    settings: ReadSettings,
    before: Callable[[], Mapping[str, Sequence[Before]]] = dict,
    threads: int = 1,
) -> Sequence[Input]:
    """Return inputs, and in place of a large one that has parts these; each knows the digest of the whole file.

    Args:
        inputs: The inputs, in order.
        settings: What readers are told.
        before: Returns the parts of each file that the last snapshot holds, by ``source_uri``. One that looks as it did
            then has the parts that it had, and is not read.
        threads: Files that are read at once.
    """
    if (
        isinstance(inputs, Files)
        and inputs.form.name not in SPLITTERS
        and not any(map(_may_have_parts, inputs.others.values()))
    ):
        return inputs
    large = [item for item in inputs if _may_have_parts(item)]
    if not large:
        return inputs
    held = before()
    divided = {item.source_uri: _as_before(item, held.get(item.source_uri, ())) for item in large}
    new = [item for item in large if not divided[item.source_uri]]
    divided.update(zip([item.source_uri for item in new], _found(new, settings, threads), strict=True))
    return tuple(part for item in inputs for part in divided.get(item.source_uri, (item,)))


def _may_have_parts(item: Input) -> bool:
    if item.size < LEAST_BYTES or item.refusal is not None or item.is_remote or item.form.name not in SPLITTERS:
        return False
    return not (item.form.compression and item.form.reader.seeks)


def _as_before(item: Input, held: Sequence[Before]) -> list[Input]:
    """Return the parts that a file had when it looked the same; nothing when it did not."""
    entries = [each.entry for each in held]
    if not item.stamp or any(each.stamp != item.stamp or each.entry.form != item.form.label for each in held):
        return []
    if len(entries) < 2:  # noqa: PLR2004 - it was too small to be divided
        return [item] if entries else []
    firsts = [*(entry.first for entry in entries), TO_THE_END]
    _, _, size, written, _ = STAMP.unpack(item.stamp)
    return [
        replace(
            item,
            part=Part(first, stop, entry.size or 0),
            size=entry.size or 0,
            sha256=entry.sha256,
            version=(size, written),
        )
        for entry, (first, stop) in zip(entries, pairwise(firsts), strict=True)
    ]


def _found(new: Sequence[Input], settings: ReadSettings, threads: int) -> list[list[Input]]:
    """Return the parts of each of some files. Unpacking and digests leave other threads their turn."""
    if min(len(new), threads) < 2:  # noqa: PLR2004 - no others
        return [_parts(item, settings, Event()) for item in new]
    given_up = Event()
    with ThreadPoolExecutor(min(len(new), threads)) as pool:
        try:
            return list(pool.map(_parts, new, repeat(settings), repeat(given_up)))
        finally:
            given_up.set()  # whoever interrupts a run does not wait for the end of large files


def _parts(item: Input, settings: ReadSettings, given_up: Event) -> list[Input]:
    """Return the parts of a file; itself where there is one alone."""
    try:
        with opened_input(item) as source:
            file = io.BufferedReader(source, BUFFER)
            splitter = SPLITTERS[item.form.name]
            smallest = splitter.parts(opened(file, item.form.compression), settings)
            parts = _joined(takewhile(lambda _: not given_up.is_set(), smallest))
            file.detach()
            sha256 = source.finish()
            version = source.version
    except RejectedDocument:
        return [item]  # whoever reads it finds the same fault, and tells it
    if len(parts) < 2:  # noqa: PLR2004
        return [item]
    parts[-1] = parts[-1]._replace(stop=TO_THE_END)
    return [replace(item, part=part, size=part.size, sha256=sha256, version=version) for part in parts]


def _joined(smallest: Iterable[Part]) -> list[Part]:
    """Return parts that are not too many, each made of as many of the smallest; the last one of what is left."""
    parts: list[Part] = []
    each, last = 1, 1
    for part in smallest:
        if parts and last < each:
            parts[-1] = parts[-1].and_next(part)
            last += 1
            continue
        if len(parts) == MOST_PARTS and each * PART_BYTES < LARGEST_PART:
            parts = [one.and_next(other) for one, other in zip(parts[::2], parts[1::2], strict=True)]
            each *= 2
        parts.append(part)
        last = 1
    return parts
