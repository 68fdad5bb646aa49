"""Tar archives, member by member from the first byte to the last: nothing is unpacked, and nothing is sought."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from pipeline.errors import RejectedDocument
from pipeline.patterns import lazy_compile
from pipeline.store.readers.members import documents, form, not_regular
from pipeline.store.readers.reading import Found, ReadSettings

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK = 512
KIND = 156
"""Where a header says what kind of member follows."""
EXTENDED = b"xgX"
"""Kinds that hold extended headers."""
LONGEST_HEADER = 64 * 2**10
"""Bytes of a long name or of extended headers at most."""
SKIPPED_AT_ONCE = 2**20

_LONG_NUMBER = lazy_compile(rb"[0-9]{256}")
"""More digits than the name of a file may have; the standard library may take quadratic time for a run of them."""


class TarReader:
    """Reads ``.tar``, in which members of every form but archives are read."""

    form = "tar"
    suffixes = (".tar",)
    seeks = False
    is_archive = True

    def read(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Found]:
        """Yield the documents of the members that are files of a known kind.

        Raises:
            RejectedDocument: ``truncated``, ``corrupt`` or ``mislabelled``, with the byte.
        """
        blocks = _Blocks(file)
        for member in _members(blocks):
            kind = form(member.name)
            if kind is None or member.isdir():
                continue
            if member.isreg() and not member.issparse():
                yield from documents(member.name, kind, partial(_Member, blocks, member), settings)
                if blocks.ended:
                    return  # the reject of the member has told it
            else:
                yield not_regular(member.name, _kind(member))


def _members(blocks: _Blocks) -> Iterator[tarfile.TarInfo]:
    archive: tarfile.TarFile | None = None
    while True:
        try:
            if archive is None:
                archive = tarfile.TarFile(fileobj=blocks, encoding="utf-8", errors="surrogateescape")
            member = archive.next()
        except (tarfile.TarError, ValueError, ArithmeticError, LookupError) as error:
            raise blocks.broken(str(error)) from None
        if member is None:
            break
        archive.members.clear()  # type: ignore[attr-defined] # not in the stubs; they would pile up
        yield member
    blocks.check_end()


def _kind(member: tarfile.TarInfo) -> str:
    if member.islnk() or member.issym():
        return "a link"
    return "a sparse file" if member.issparse() else "a device" if member.isdev() else "of an unknown type"


class _Blocks(io.RawIOBase):
    """What the standard library reads headers from: forwards only, and never more than a header may have.

    Attributes:
        ended: Whether the archive ended inside a member.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._position = 0
        self._header = b""
        self.ended = False

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or offset < self._position:
            raise self.broken("a member has an impossible size")
        while self._position < offset:
            part = self._file.read(min(SKIPPED_AT_ONCE, offset - self._position))
            if not part:
                break
            self._position += len(part)
        return self._position

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= LONGEST_HEADER:
            raise self.broken(f"a header has more than {LONGEST_HEADER} bytes")
        part = self._file.read(size)
        self._position += len(part)
        if size == BLOCK:
            self._header = part
        if len(self._header) == BLOCK and self._header[KIND] in EXTENDED and _LONG_NUMBER.search(part):
            raise self.broken("a header holds an impossible number")
        return part

    def data(self, into: memoryview) -> int:
        """Read bytes of a member."""
        part = self._file.read(len(into))
        self.ended = not part and bool(into)
        into[: len(part)] = part
        self._position += len(part)
        return len(part)

    def check_end(self) -> None:
        """Hold the end against what an archive ends with: the standard library takes damage for it.

        Raises:
            RejectedDocument: It is not the end.
        """
        if len(self._header) < BLOCK:
            raise self.broken("it ends without the mark of its end", "truncated")
        if self._header.strip(b"\0"):
            raise self.broken("the header of a member is damaged")
        while part := self._file.read(SKIPPED_AT_ONCE):
            if part.strip(b"\0"):
                raise self.broken("something stands behind the mark of its end, as where archives were joined")

    def broken(self, why: str, code: str = "corrupt") -> RejectedDocument:
        """Return what says that nothing behind here can be read."""
        if "unexpected end" in why or "truncated" in why:
            code = "truncated"
        if self._position <= BLOCK and code == "corrupt":
            return RejectedDocument("read", "mislabelled", f"it is no tar archive, and its name says it is: {why}")
        message = f"{why} (before byte {self._position} of the archive); nothing behind that was read"
        return RejectedDocument("read", code, message)


class _Member(io.RawIOBase):
    """The bytes of one member."""

    def __init__(self, blocks: _Blocks, member: tarfile.TarInfo) -> None:
        self._blocks = blocks
        self._left = member.size
        blocks.seek(member.offset_data)

    def readable(self) -> bool:
        return True

    def readinto(self, into: WriteableBuffer) -> int:
        view = memoryview(into).cast("B")[: self._left]
        count = self._blocks.data(view)
        if not count and self._left:
            raise RejectedDocument("read", "truncated", f"the archive ends {self._left} bytes before the member does")
        self._left -= count
        return count
