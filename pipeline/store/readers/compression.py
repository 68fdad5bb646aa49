"""Compressed files, opened piece by piece: never more is held than a buffer, however much comes out of it."""

from __future__ import annotations

import bz2
import io
import lzma
import sys
import zlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from msgspec import Struct

from pipeline.errors import RejectedDocument

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAGIC_BYTES = 6
INPUT = 64 * 2**10
OUTPUT = 2**20
MEMORY = 128 * 2**20
"""What unpacking may hold; a file that demands more was not packed to be read by everybody."""
RATIO = 400
"""How many bytes may come out of one. Text gives 3 to 10, repetitive logs up to 100."""
PADDED = frozenset({"gz", "xz"})
"""Whose files may hold zeros behind a stream."""
UNSUSPICIOUS = 256 * 2**20
"""So many bytes may come out of any file."""
ZSTD_SKIPPED = tuple(bytes((0x50 + number, 0x2A, 0x4D, 0x18)) for number in range(16))
"""How frames begin that hold what is not the file's; pzstd puts one before each of its own."""


class Decompressor(Protocol):
    """What the standard library's decompressors have in common."""

    @property
    def eof(self) -> bool:
        """Whether the end of the stream was seen."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes out without more going in."""

    @property
    def unused_data(self) -> bytes:
        """What stands behind the end of the stream."""

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """Return what comes out, at most so many bytes."""


class _Gzip:
    """zlib's decompressor, with the face of the others."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)  # 31: gzip's head and checksum

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail and not self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max(max_length, 0))


def _zstd() -> Decompressor:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    largest = MEMORY.bit_length() - 1
    decompressor: Decompressor = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: largest})
    return decompressor


class Compression(Struct, frozen=True):
    """One way to compress: how its files may begin, and what opens a stream of it."""

    name: str
    magic: tuple[bytes, ...]
    start: Callable[[], Decompressor]


COMPRESSIONS: Mapping[str, Compression] = {
    each.name: each
    for each in (
        Compression("gz", (b"\x1f\x8b",), _Gzip),
        Compression("zst", (b"\x28\xb5\x2f\xfd", *ZSTD_SKIPPED), _zstd),
        Compression("bz2", (b"BZh",), bz2.BZ2Decompressor),
        Compression("xz", (b"\xfd7zXZ\x00",), lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY)),
    )
}
"""By suffix without the dot."""


class Decompressed(io.RawIOBase):
    """What a compressed file holds, from the first byte to the last, once; several streams in a row are one.

    Args:
        file: The compressed file, from its beginning.
        compression: How it is compressed.
    """

    def __init__(self, file: BinaryIO, compression: Compression) -> None:
        self._file = file
        self._compression = compression
        self._stream = compression.start()
        self._pending = b""
        self._consumed = 0
        self._given = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Return how many bytes came out so far."""
        return self._given

    def readinto(self, into: WriteableBuffer) -> int:
        """Return what comes next.

        Raises:
            RejectedDocument: ``truncated``, ``corrupt`` or ``bomb``, with the byte where it is.
        """
        view = memoryview(into).cast("B")
        while True:
            part = self._next(min(len(view), OUTPUT))
            if part is None:
                return 0
            if part:
                view[: len(part)] = part
                self._given += len(part)
                self._check()
                return len(part)

    def _next(self, most: int) -> bytes | None:
        """Return some of what comes out, which may be nothing yet; None at the end."""
        if self._stream.eof and not self._another():
            return None
        if self._stream.needs_input and not self._pending and not self._fill():
            raise self._broken("truncated", f"the file ends in the midst of its {self._compression.name} stream")
        data, self._pending = (self._pending, b"") if self._stream.needs_input else (b"", self._pending)
        try:
            return self._stream.decompress(data, most)
        except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error) as error:
            raise self._broken("corrupt", f"it cannot be unpacked: {error}") from None
        except Exception as error:
            if type(error).__name__ != "ZstdError":  # a class of the module that is imported when it is needed
                raise
            raise self._broken("corrupt", f"it cannot be unpacked: {error}") from None

    def _another(self) -> bool:
        """Begin with the next stream of the file, behind padding; say whether there is one."""
        self._pending = self._stream.unused_data + self._pending
        if self._compression.name in PADDED:
            self._pending = self._pending.lstrip(b"\0")
            while not self._pending and self._fill():
                self._pending = self._pending.lstrip(b"\0")
        if not self._pending and not self._fill():
            return False
        self._stream = self._compression.start()
        return True

    def _fill(self) -> bool:
        self._pending = self._file.read(INPUT)
        self._consumed += len(self._pending)
        return bool(self._pending)

    def _check(self) -> None:
        if self._given > max(UNSUSPICIOUS, RATIO * self._consumed):
            message = f"more than {RATIO} bytes come out of each that is stored"
            raise self._broken("bomb", message)

    def _broken(self, code: str, message: str) -> RejectedDocument:
        where = f"before byte {self._consumed} of the file, behind byte {self._given} of what it holds"
        return RejectedDocument("read", code, f"{message} ({where}); nothing behind that was read")


def opened(file: io.BufferedReader[Any], name: str) -> BinaryIO:
    """Return what a compressed file holds.

    Args:
        file: The file, from its beginning.
        name: How its suffix says that it is compressed; empty for not at all.

    Raises:
        RejectedDocument: ``mislabelled``: the file does not begin as its suffix says.

    >>> import gzip
    >>> opened(io.BufferedReader(io.BytesIO(gzip.compress(b"rain"))), "gz").read()
    b'rain'
    """
    head = file.peek(MAGIC_BYTES)[:MAGIC_BYTES]
    seen = next((each.name for each in COMPRESSIONS.values() if head.startswith(each.magic)), "")
    if seen != name and not (name and not head):
        begins = f"begins like a file compressed with {seen}" if seen else "does not begin like a compressed file"
        says = f"says .{name}" if name else "does not say so"
        raise RejectedDocument("read", "mislabelled", f"it {begins}, and its name {says}; rename it")
    if not name:
        return file
    return io.BufferedReader(Decompressed(file, COMPRESSIONS[name]), OUTPUT)
