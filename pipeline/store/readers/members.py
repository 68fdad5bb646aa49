"""Members of archives: which of them are documents, and what is read of them. Nothing of them is believed or unpacked.

A member's name is data: it goes into a column and nowhere else. What is no regular file, such as a link or a device,
is never followed or made; where its name says that it would be read, it is a bad record.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from msgspec import structs

from pipeline.errors import RejectedDocument
from pipeline.model import Origin
from pipeline.patterns import lazy_compile
from pipeline.store.readers.compression import opened
from pipeline.store.readers.reading import Bad, Found, ReadSettings
from pipeline.store.readers.source import SourceError

if TYPE_CHECKING:
    from pipeline.store.readers import Form

_UNDECODED = lazy_compile(r"[\udc80-\udcff]")
_HIDDEN = lazy_compile(r"(?:^|/)(?:\.(?!\.?(?:/|$))|__MACOSX/)")
PART = 2**16
LONGEST_NAME = 4096
"""Characters of a name that are kept."""


def named(name: str) -> str:
    r"""Return the name of a member as the column has it: bytes that are not UTF-8 as ``\xff``."""
    return _UNDECODED.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02x}", name)[:LONGEST_NAME]


def form(name: str) -> Form | None:
    """Return the form of a member; None for one that is left alone: hidden, an archive, or of no known kind."""
    from pipeline.store.readers import form_of  # which lists the readers that read members

    if _HIDDEN.search(name.replace("\\", "/")):
        return None
    found = form_of(name)
    return found if found is not None and not found.reader.is_archive else None


def not_regular(name: str, what: str) -> Bad:
    """Return why a member that is no regular file is not read."""
    message = f"member {named(name)}: is {what} and not a file, and was not read"
    return Bad("not_a_file", message, origin=Origin(member=named(name)))


def documents(name: str, kind: Form, start: Callable[[], io.RawIOBase], settings: ReadSettings) -> Iterator[Found]:
    """Yield the documents of a member; whatever is wrong with it costs it alone.

    Args:
        name: Its name.
        kind: Its form.
        start: Opens its bytes.
        settings: What readers are told.
    """
    member = named(name)
    try:
        file = opened(io.BufferedReader(start(), PART), kind.compression)
        if kind.reader.seeks:
            file = _held(file, settings)
        for found in kind.reader.read(file, settings):
            origin = structs.replace(found.origin, member=member)
            if isinstance(found, Bad):
                yield structs.replace(found, origin=origin, message=f"member {member}: {found.message}")
            else:
                yield structs.replace(found, origin=origin)
    except SourceError:
        raise
    except RejectedDocument as refused:
        yield Bad(refused.code, f"member {member}: {refused.message}", origin=Origin(member=member))


def _held(file: BinaryIO, settings: ReadSettings) -> BinaryIO:
    """Hold a member whose reader jumps about, which it must not be too large for."""
    raw = file.read(settings.max_record_bytes + 1)
    if len(raw) > settings.max_record_bytes:
        message = "inside an archive it can be read only up to --max-record-bytes; unpack the archive"
        raise RejectedDocument("read", "oversized", message)
    return io.BytesIO(raw)
