"""What the inputs of the current snapshot looked like when they were last hashed, so that most need not be read again.

A file whose device, inode, size, time of writing and time of change are all what they were holds the bytes it held:
so git and rsync tell it. It is not so where a program writes through mmap to a page that it wrote to before, until the
kernel has written that back: whoever has such files, or does not want to rely on times, asks for ``--checksum``. Two
things make it safe otherwise:

- What is noted was looked at before the bytes were read. A file that is written to in between looks otherwise
  afterwards, and is read by the next run.
- A file that changed just before it was looked at is not noted: it could be changed again within the same tick of the
  clock, and look the same. Neither is one from the future, as the clock of a file server may have it.

Beside it stands what each shard of the snapshot is recognised by, so that its manifest is not taken apart for that.

The note is kept beside the snapshots and not in one, because a run that finds nothing new has things to note as well.
It belongs to one snapshot by its run, is worth nothing to any other, and whatever is wrong with it costs a run the time
of reading its inputs and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from struct import Struct as Layout
from struct import error as LayoutError  # noqa: N812 - the name of its module is taken here
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from pipeline.store.entries import Outline
from pipeline.store.inputs import STAMP, Input, modified

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

NAME = ".seen"
UNSEEN = bytes(STAMP.size)
"""Stands for an input that has to be read: no file looks like that."""
CLOCK_SLACK = 2.0
"""Seconds by which the clock of a file system may lag behind that of the machine, or round its times."""
_LAYOUT = b"descrape.seen 2\n"
NO_STAMPS = memoryview(b"")
_SIZE = Layout("<Q")
"""Bytes of the head, which stand before it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is noted of the inputs of a snapshot.

    Attributes:
        run_id: The run that committed the snapshot.
        manifest: SHA-256 of its manifest; empty when that is not known.
        outlines: What each shard of it is recognised by, where the manifest is just that one.
        stamps: How its inputs looked when they were last hashed, one behind the other; empty when all are to be read.
    """

    run_id: str = ""
    manifest: str = ""
    outlines: tuple[Outline, ...] = ()
    stamps: memoryview = NO_STAMPS


NOTHING_SEEN = Seen()


class _Head(Struct, frozen=True, array_like=True):
    """What stands in the note before the stamps."""

    run_id: str
    manifest: str
    outlines: tuple[Outline, ...]


def read_seen(root: Path, run_id: str, manifest: str) -> Seen:
    """Return what is noted of the inputs of a snapshot; nothing at all when the note is of another one, or damaged.

    Args:
        root: The output folder.
        run_id: The run that committed the snapshot.
        manifest: SHA-256 of its manifest as it was written; empty when that is not known.
    """
    note = root / NAME
    try:
        raw = memoryview(note.read_bytes() if note.is_file() else b"")
    except OSError:
        return NOTHING_SEEN
    digest, body = raw[:_DIGEST_SIZE], raw[_DIGEST_SIZE:]
    if body[: len(_LAYOUT)] != _LAYOUT or digest != hashlib.sha256(body).digest():
        return NOTHING_SEEN
    start = len(_LAYOUT) + _SIZE.size
    try:
        stop = start + _SIZE.unpack(body[len(_LAYOUT) : start])[0]
        head = msgspec.msgpack.decode(body[start:stop], type=_Head)
    except (LayoutError, msgspec.DecodeError):
        return NOTHING_SEEN
    if head.run_id != run_id:
        return NOTHING_SEEN
    fits = manifest and head.manifest == manifest
    return Seen(run_id, manifest if fits else "", head.outlines if fits else (), body[stop:])


def write_seen(  # noqa: PLR0913, PLR0917 - what is noted, and where
    root: Path, stage: Path, run_id: str, manifest: str, outlines: tuple[Outline, ...], stamps: Iterable[bytes]
) -> None:
    """Keep what is noted of the inputs of a snapshot; when it cannot be written the next run reads its inputs.

    It is not synced: after a power cut the digest tells whether all of it is there.
    """
    head = msgspec.msgpack.encode(_Head(run_id, manifest, outlines))
    body = [_LAYOUT, _SIZE.pack(len(head)), head, *stamps]
    digest = hashlib.sha256()
    for piece in body:
        digest.update(piece)
    aside = stage / NAME
    with suppress(OSError):
        with aside.open("wb") as file:
            file.writelines((digest.digest(), *body))
        aside.replace(root / NAME)


def settled(item: Input, before: float) -> bytes:
    """Return how an input looks, for a note; ``UNSEEN`` when it changed so late that it may change unseen.

    Args:
        item: The input, looked at before it was read.
        before: When the run began, in seconds since 1970.

    >>> settled(Input("a.txt", "a.txt", modified=99.0, stamp=b"looks"), 100.0) == UNSEEN
    True
    """
    if item.modified is None or not item.stamp or item.modified >= before - CLOCK_SLACK:
        return UNSEEN
    return item.stamp


def are_unsettled(looks: npt.NDArray[np.int64], before: float) -> npt.NDArray[np.bool_]:
    """Return which files changed so late that they may change unseen, by the rows that their looks are."""
    return modified(looks) >= before - CLOCK_SLACK


_DIGEST_SIZE = hashlib.sha256().digest_size
