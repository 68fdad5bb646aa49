"""What a run reads: an input, by the name it is known by, read with care.

Nothing is opened that is not a regular file, and whatever is wrong with one input is said of that input alone.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from struct import Struct as Layout
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from msgspec import Struct

from pipeline.errors import RejectedDocument
from pipeline.patterns import lazy_compile
from pipeline.store import remote
from pipeline.store.readers import PLAIN_FORM, Form
from pipeline.store.readers.reading import MAX_RECORD_BYTES, Part
from pipeline.store.readers.source import Source, SourceError, local

if TYPE_CHECKING:
    import numpy.typing as npt

STAMP = Layout("<QQqqq")
"""Device, inode, size, and the times of the last change of the bytes and of the inode, in nanoseconds since 1970."""
SIZE, WRITTEN, MOVED = 2, 3, 4
"""Where they stand in it."""
_stamp = STAMP.pack

_UNDECODED = lazy_compile(r"[\udc80-\udcff]|\\(?=x[0-9a-f]{2})")
_ESCAPED = lazy_compile(r"\\x([0-9a-f]{2})")


def stamp_of(status: os.stat_result) -> bytes:
    """Return how a file looks, by what the system says of it."""
    return joined_stamps((status,))


def joined_stamps(statuses: Iterable[os.stat_result]) -> bytes:
    """Return how files look, one behind the other."""
    # By place: the device, the inode and the size.
    return b"".join(
        [_stamp(status[2], status[1], status[6], status.st_mtime_ns, status.st_ctime_ns) for status in statuses]
    )


def modified(looks: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return when files last changed, in seconds since 1970, by the rows that their looks are.

    A file moved here, or copied with its old time, has its old time of change but a new one of its own.
    """
    last: npt.NDArray[np.int64] = np.maximum(looks[:, WRITTEN], looks[:, MOVED])
    return last / 1e9


class Input(Struct, frozen=True, gc=False):
    """One file to read. There may be millions, so they are made fast, and are no work for the garbage collector.

    Attributes:
        source_uri: Where it stands, relative to the source given.
        path: How to open it.
        refusal: A code and a message when it is known already that it cannot be read.
        modified: When its bytes or its place last changed, in seconds since 1970; None when that is not known.
        form: What it holds.
        size: Its bytes when it was found; 0 when that is not known.
        part: Which part of the file it is; None for all of it.
        sha256: Digest of the whole file, known where it has parts.
        version: What the file was when it was divided.
        stamp: What changes when somebody writes to the file, or puts another in its place; empty when that is not
            known. See ``store.seen``.
    """

    source_uri: str
    path: str
    refusal: tuple[str, str] | None = None
    modified: float | None = None
    form: Form = PLAIN_FORM
    size: int = 0
    part: Part | None = None
    sha256: str | None = None
    version: tuple[Any, ...] = ()
    stamp: bytes = b""

    @classmethod
    def looking(cls, source_uri: str, path: str, form: Form, stamp: bytes) -> Self:
        """Return the input that a regular file of this machine is, by how it looks."""
        _, _, size, written, moved = STAMP.unpack(stamp)
        # A file moved here, or copied with its old time, has its old time of change but a new one of its own.
        return cls(source_uri, path, None, max(written, moved) / 1e9, form, size, None, None, (), stamp)

    @property
    def is_remote(self) -> bool:
        """Whether it stands elsewhere."""
        return remote.is_remote(self.path)

    @property
    def is_at_hand(self) -> bool:
        """Whether it can be read without reading what stands before it in its file."""
        return self.part is None or not self.part.first or self.part.start is not None

    @property
    def place(self) -> tuple[str, int]:
        """What it is known by: where it stands, and the first of its records."""
        return self.source_uri, self.part.first if self.part is not None else 0


@contextmanager
def opened_input(item: Input) -> Iterator[Source]:
    """Open an input where it stands.

    Raises:
        SourceError: It cannot be opened.
    """
    if item.refusal is not None:
        raise SourceError("read", *item.refusal)
    with remote.opened(item.path) if item.is_remote else local(item.path) as source:
        yield source


def read_input(item: Input, max_bytes: int = MAX_RECORD_BYTES) -> bytes:
    """Return the bytes of an input.

    Raises:
        RejectedDocument: ``unreadable``, ``vanished``, ``not_a_file``, ``oversized`` or ``changed_while_read``.
    """
    if item.refusal is not None:
        raise RejectedDocument("read", *item.refusal)
    try:
        # Without O_NONBLOCK a pipe put in the file's place would hold the run for ever.
        descriptor = os.open(item.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise RejectedDocument("read", "vanished", "the file was there when the run began and is gone") from None
    except OSError as error:
        raise RejectedDocument("read", "unreadable", f"the file cannot be opened: {error.strerror}") from None
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise RejectedDocument("read", "not_a_file", "it is not a regular file and was not read")
        if before.st_size > max_bytes:
            message = f"the file has {before.st_size} bytes, more than --max-record-bytes {max_bytes} allows"
            raise RejectedDocument("read", "oversized", message)
        raw = _read(descriptor, before.st_size)
        after = os.fstat(descriptor)
    except OSError as error:
        raise RejectedDocument("read", "unreadable", f"reading failed: {error.strerror}") from None
    finally:
        os.close(descriptor)
    if len(raw) != before.st_size or (after.st_size, after.st_mtime_ns) != (
        before.st_size,
        before.st_mtime_ns,
    ):
        raise RejectedDocument("read", "changed_while_read", "the file was written to while it was read; run again")
    return raw


def holds(item: Input, size: int, sha256: str) -> bool:
    """Whether a file of this machine surely holds so many bytes with this digest.

    It is for files that did not change, nearly all of a later run, and costs a part of what :func:`read_input` does.
    False says only that it is not sure: what is no regular file, or was written to meanwhile, is looked into there.
    """
    if item.size != size or item.refusal is not None:
        return False
    try:
        descriptor = os.open(item.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        raw = os.read(descriptor, size + 1)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return len(raw) == size and hashlib.sha256(raw).hexdigest() == sha256


def _read(descriptor: int, size: int) -> bytes:
    """Read ``size`` bytes, with room for one more, so that growth shows."""
    parts: list[bytes] = []
    left = size + 1
    while left and (part := os.read(descriptor, left)):
        parts.append(part)
        left -= len(part)
        if left == 1:  # the file ended there, or that room would have been filled
            break
    return b"".join(parts) if len(parts) != 1 else parts[0]


def uri_of(relative: str) -> str:
    r"""Return a path as ``source_uri``: slashes, and bytes of a name that are not UTF-8 as ``\xff``."""
    slashed = relative.replace(os.sep, "/") if os.sep != "/" else relative
    if slashed.isascii() and "\\" not in slashed:
        return slashed
    return _UNDECODED.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02x}", slashed)


def path_of(source_uri: str) -> str:
    r"""Return the path that a ``source_uri`` stands for, relative to its root.

    >>> os.fsencode(path_of(r"old/caf\xe9.txt"))
    b'old/caf\xe9.txt'
    """
    if "\\" not in source_uri:
        return source_uri
    return _ESCAPED.sub(lambda found: _undecoded(int(found[1], 16)), source_uri)


def _undecoded(byte: int) -> str:
    return chr(byte) if byte < 0x80 else chr(0xDC00 + byte)  # noqa: PLR2004 - ASCII ends there
