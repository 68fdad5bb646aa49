"""What the inputs of the current snapshot looked like when they were last hashed, so that most need not be read again.

A file whose device, inode, size, time of writing and time of change are all what they were holds the bytes it held:
so git and rsync tell it. It is not so where a program writes through mmap to a page that it wrote to before, until the
kernel has written that back: whoever has such files, or does not want to rely on times, asks for ``--checksum``. Two
things make it safe otherwise:

- What is noted was looked at before the bytes were read. A file that is written to in between looks otherwise
  afterwards, and is read by the next run.
- A file that changed just before it was looked at is not noted: it could be changed again within the same tick of the
  clock, and look the same. Neither is one from the future, as the clock of a file server may have it.

The note is kept beside the snapshots and not in one, because a run that finds nothing new has things to note as well.
It belongs to one snapshot by its run, is worth nothing to any other, and whatever is wrong with it costs a run the time
of reading its inputs and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pipeline.store.inputs import STAMP, Input

NAME = ".seen"
UNSEEN = bytes(STAMP.size)
"""Stands for an input that has to be read: no file looks like that."""
CLOCK_SLACK = 2.0
"""Seconds by which the clock of a file system may lag behind that of the machine, or round its times."""
_LAYOUT = b"descrape.seen 1\n"


def read_seen(root: Path, run_id: str, inputs: int) -> bytes:
    """Return the stamps of the inputs of a snapshot, one behind the other; none at all when they are not known.

    Args:
        root: The output folder.
        run_id: The run that committed the snapshot.
        inputs: How many inputs it has.
    """
    try:
        raw = (root / NAME).read_bytes()
    except OSError:
        return b""
    head = _head(run_id)
    begins = _DIGEST_SIZE + len(head)
    if raw[_DIGEST_SIZE:begins] != head or len(raw) != begins + inputs * STAMP.size:
        return b""
    return raw[begins:] if raw[:_DIGEST_SIZE] == _digest([memoryview(raw)[_DIGEST_SIZE:]]) else b""


def write_seen(root: Path, stage: Path, run_id: str, stamps: Iterable[bytes]) -> None:
    """Keep the stamps of the inputs of a snapshot; when they cannot be written the next run reads its inputs.

    They are not synced: after a power cut the digest tells whether all of them are there.
    """
    body = [_head(run_id), *stamps]
    aside = stage / NAME
    with suppress(OSError):
        with aside.open("wb") as file:
            file.writelines((_digest(body), *body))
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


_DIGEST_SIZE = hashlib.sha256().digest_size


def _digest(body: Iterable[bytes | memoryview]) -> bytes:
    digest = hashlib.sha256()
    for piece in body:
        digest.update(piece)
    return digest.digest()


def _head(run_id: str) -> bytes:
    return _LAYOUT + run_id.encode() + b"\n"
