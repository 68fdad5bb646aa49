"""Parts of large containers, so that several workers can clean one file. Where parts end follows from the file alone.

Which files have parts follows from their sizes: to find parts a file is read once more, which many files are not worth.

Only what has its records found cheaply is divided: JSON Lines between two lines, compressed or not, and Parquet between
two rows, on this machine. Any other container is read by one worker.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise, takewhile
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
MOST_FILES = 64
"""A file that has a smaller share than this of the bytes that might be divided is not: others leave workers no rest."""
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
    is_believed: Callable[[Input, InputEntry], bool] = lambda _, __: False,
) -> Sequence[Input]:
    """Return inputs, and in place of a large one that has parts these; each knows the digest of the whole file.

    Args:
        inputs: The inputs, in order.
        settings: What readers are told.
        before: Returns the parts of each file that the last snapshot holds, by ``source_uri``. One that holds what it
            held then keeps the parts that it had, and one that also looks as it did is not even read.
        threads: Files that are read at once.
        is_believed: Whether a file is taken to be what it was though it looks otherwise; it is not read then.
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
    least = sum(item.size for item in large) / MOST_FILES
    divided: dict[str, list[Input]] = {}
    unknown: list[tuple[Input, Sequence[Before]]] = []
    for item in large:
        parts = held.get(item.source_uri, ())
        if _looks_the_same(item, parts) or (parts and all(is_believed(item, each.entry) for each in parts)):
            divided[item.source_uri] = _as_before(item, parts)
        elif item.size >= least or len(parts) > 1:
            unknown.append((item, parts))
    for parts_now in _found(unknown, settings, threads, least):
        divided[parts_now[0].source_uri] = parts_now
    return tuple(part for item in inputs for part in divided.get(item.source_uri, (item,)))


def _may_have_parts(item: Input) -> bool:
    if item.size < LEAST_BYTES or item.refusal is not None or item.is_remote or item.form.name not in SPLITTERS:
        return False
    return not (item.form.compression and item.form.reader.seeks)


def _looks_the_same(item: Input, before: Sequence[Before]) -> bool:
    """Whether a file looks as it did when the last snapshot was made, all of its parts."""
    if not (before and item.stamp):
        return False
    return all(each.stamp == item.stamp and each.entry.form == item.form.label for each in before)


def _as_before(item: Input, before: Sequence[Before]) -> list[Input]:
    """Return the parts that a file had when it held the same."""
    if len(before) == 1:
        return [item]
    entries = [each.entry for each in before]
    firsts = [*(entry.first for entry in entries), TO_THE_END]
    unpacked = [entry.size or 0 for entry in entries]
    _, _, size, written, _ = STAMP.unpack(item.stamp)
    known = replace(item, sha256=entries[0].sha256, version=(size, written))
    return [
        replace(known, part=Part(first, stop, own), size=own)
        for (first, stop), own in zip(pairwise(firsts), unpacked, strict=True)
    ]


def _found(
    unknown: Sequence[tuple[Input, Sequence[Before]]], settings: ReadSettings, threads: int, least: float
) -> list[list[Input]]:
    """Return the parts of each of some files. Unpacking and digests leave other threads their turn."""
    given_up = Event()

    def parts(item: Input, before: Sequence[Before]) -> list[Input]:
        if _holds_the_same(item, before):
            return _as_before(item, before)
        return _parts(item, settings, given_up) if item.size >= least else [item]

    if min(len(unknown), threads) < 2:  # noqa: PLR2004 - no others
        return [parts(item, before) for item, before in unknown]
    with ThreadPoolExecutor(min(len(unknown), threads)) as pool:
        try:
            return list(pool.map(parts, *zip(*unknown, strict=True)))
        finally:
            given_up.set()  # whoever interrupts a run does not wait for the end of large files


def _holds_the_same(item: Input, before: Sequence[Before]) -> bool:
    """Whether a file that looks otherwise holds what it held, so that it keeps the parts that it had."""
    known = {(each.entry.sha256, each.entry.form) for each in before}
    if len(known) != 1 or not item.stamp:
        return False
    try:
        with opened_input(item) as source:
            return (source.finish(), item.form.label) in known
    except RejectedDocument:
        return False


def _parts(item: Input, settings: ReadSettings, given_up: Event) -> list[Input]:
    """Return the parts of a file; itself where there is one alone."""
    try:
        with opened_input(item) as source:
            file = io.BufferedReader(source, BUFFER)
            splitter = SPLITTERS[item.form.name]
            smallest = splitter.parts(opened(file, item.form.compression), settings)
            parts = _joined(takewhile(lambda _: not given_up.is_set(), smallest))
            if given_up.is_set():
                return [item]
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
