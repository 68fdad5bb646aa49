"""One file while it is read: where reading is, what was read so far, and whether it stayed the file that it was."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.errors import RejectedDocument

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BUFFER = 2**20


class SourceError(RejectedDocument):
    """The file itself could not be read to its end. It is tried again in the next run; bad content is not."""


class RawFile(Protocol):
    """What reads the bytes of a file: an open one of this machine, or of a store elsewhere."""

    def readinto(self, into: memoryview, /) -> int | None:
        """Read into a buffer, and return how many bytes there were; 0 at the end."""

    def seek(self, position: int, /) -> int:
        """Go to a position."""

    def close(self) -> None:
        """Let the file go."""


class Source(io.RawIOBase):
    """A file that is read, mostly in order, and digested on the way.

    Args:
        file: Its bytes.
        state: Returns what changes when the file is written to, such as its size and time; the size comes first.

    Attributes:
        state: The same.
    """

    def __init__(self, file: RawFile, state: Callable[[], tuple[Any, ...]]) -> None:
        self._file = file
        self.state = state
        self._before = state()
        self._position = 0
        self._digest = hashlib.sha256()
        self._digested = 0

    @property
    def size(self) -> int:
        """Bytes of the file when it was opened."""
        return int(self._before[0])

    @property
    def version(self) -> tuple[Any, ...]:
        """What tells the file from one that was written to since: the size and what else its place tells."""
        return self._before

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def readinto(self, into: WriteableBuffer) -> int:
        """Read, and digest what was not seen before.

        Raises:
            SourceError: ``unreadable``; the message says at which byte.
        """
        view = memoryview(into).cast("B")
        try:
            count = self._file.readinto(view) or 0
        except OSError as error:
            why = error.strerror or str(error)
            raise SourceError("read", "unreadable", f"reading failed at byte {self._position}: {why}") from None
        if self._position <= self._digested < self._position + count:
            self._digest.update(view[self._digested - self._position : count])
            self._digested = self._position + count
        self._position += count
        return count

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a position."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        self._position = self._file.seek(base + offset)
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def finish(self) -> str:
        """Read what is left, and return SHA-256 of the whole file.

        Raises:
            SourceError: ``unreadable``, or ``changed_while_read``.
        """
        self.seek(self._digested)
        buffer = bytearray(BUFFER)
        while self.readinto(buffer):
            pass
        if self._digested != self.size or self.state() != self._before:
            message = "the file was written to while it was read; run again"
            raise SourceError("read", "changed_while_read", message)
        return self._digest.hexdigest()

    def close(self) -> None:
        """Let the file go."""
        if not self.closed:
            self._file.close()
        super().close()


@contextmanager
def local(path: str) -> Iterator[Source]:
    """Open a file of this machine.

    Raises:
        SourceError: ``vanished``, ``unreadable`` or ``not_a_file``.
    """
    descriptor = open_regular(path)
    file = os.fdopen(descriptor, "rb", buffering=0)

    def state() -> tuple[int, int]:
        now = os.fstat(descriptor)
        return now.st_size, now.st_mtime_ns

    with Source(file, state) as source:
        yield source


def open_regular(path: str) -> int:
    """Return the descriptor of a regular file.

    Raises:
        SourceError: ``vanished``, ``unreadable`` or ``not_a_file``.
    """
    try:
        # Without O_NONBLOCK a pipe put in the file's place would hold the run for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise SourceError("read", "vanished", "the file was there when the run began and is gone") from None
    except OSError as error:
        raise SourceError("read", "unreadable", f"the file cannot be opened: {error.strerror}") from None
    try:
        regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
    except OSError as error:
        os.close(descriptor)
        raise SourceError("read", "unreadable", f"reading failed: {error.strerror}") from None
    if not regular:
        os.close(descriptor)
        raise SourceError("read", "not_a_file", "it is not a regular file and was not read")
    return descriptor
