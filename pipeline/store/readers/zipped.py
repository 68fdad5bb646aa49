"""Zip archives, member by member in the order of their directory: nothing is unpacked to disk."""

from __future__ import annotations

import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from pipeline.errors import RejectedDocument
from pipeline.model import Origin
from pipeline.store.readers.compression import RATIO, UNSUSPICIOUS
from pipeline.store.readers.members import documents, form, named, not_regular
from pipeline.store.readers.reading import Bad, Found, ReadSettings

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAGIC = b"PK"
MEMBER = b"PK\3\4"
"""How a member begins."""
ENCRYPTED = 1
"""The bit of a member's flags that says so."""
UNIX_MODE = 16
"""Where the mode of a file stands in its attributes."""


class ZipReader:
    """Reads ``.zip``, in which members of every form but archives are read."""

    form = "zip"
    suffixes = (".zip",)
    seeks = True
    is_archive = True

    def read(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Found]:
        """Yield the documents of the members that are files of a known kind.

        Raises:
            RejectedDocument: ``mislabelled``, ``truncated``, ``corrupt``, or ``bomb`` where members share bytes.
        """
        archive, size, head = _opened(file)
        stored = 0
        for member in archive.infolist():
            kind = form(member.filename)
            if kind is None or member.is_dir():
                continue
            stored += member.compress_size
            if stored > size:
                raise RejectedDocument("read", "bomb", "its members overlap; nothing behind that was read")
            mode = member.external_attr >> UNIX_MODE
            if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
                yield not_regular(member.filename, "a link" if stat.S_ISLNK(mode) else "a device")
            elif member.flag_bits & ENCRYPTED:
                name = named(member.filename)
                yield Bad("encrypted", f"member {name}: is encrypted", origin=Origin(member=name))
            else:
                yield from documents(member.filename, kind, partial(_Member, archive, member), settings)
        _check_start(archive, head)


def _opened(file: BinaryIO) -> tuple[zipfile.ZipFile, int, bytes]:
    head = file.read(len(MEMBER))
    if not head.startswith(MAGIC):
        raise RejectedDocument("read", "mislabelled", "it does not begin like a zip archive, and its name says it is")
    size = file.seek(0, io.SEEK_END)
    try:
        return zipfile.ZipFile(file), size, head
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        # The directory stands at the end: what lacks it most likely breaks off.
        code = "truncated" if "not a zip file" in str(error) else "corrupt"
        message = f"its directory, before byte {size}, cannot be read: {error}; no member was read"
        raise RejectedDocument("read", code, message) from None


def _check_start(archive: zipfile.ZipFile, head: bytes) -> None:
    """Hold the beginning against the directory, which stands at the end and names what its own archive has.

    Raises:
        RejectedDocument: Members stand before the first that it names.
    """
    first = min((member.header_offset for member in archive.infolist()), default=archive.start_dir)
    if first > 0 and head == MEMBER:
        message = f"its directory says nothing of its first {first} bytes, as where archives were joined"
        raise RejectedDocument("read", "corrupt", f"{message}; what stands in those was not read")


class _Member(io.RawIOBase):
    """The bytes of one member, with what is wrong with them told as everywhere."""

    def __init__(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        self._most = max(UNSUSPICIOUS, RATIO * member.compress_size)
        self._given = 0
        try:
            self._file = archive.open(member)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OverflowError) as error:
            raise RejectedDocument("read", "corrupt", f"it cannot be opened: {error}") from None

    def readable(self) -> bool:
        return True

    def readinto(self, into: WriteableBuffer) -> int:
        view = memoryview(into).cast("B")
        try:
            part = self._file.read(len(view))
        except EOFError:
            raise RejectedDocument("read", "truncated", f"it breaks off behind byte {self._given}") from None
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, ValueError) as error:
            raise RejectedDocument("read", "corrupt", f"it is damaged behind byte {self._given}: {error}") from None
        view[: len(part)] = part
        self._given += len(part)
        if self._given > self._most:
            raise RejectedDocument("read", "bomb", f"more than {RATIO} bytes come out of each that is stored")
        return len(part)
