"""Lines of a file, with their number and byte, and never more held than a record may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from pipeline.errors import RejectedDocument

SKIPPED_AT_ONCE = 2**20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UTF_32_MARKS = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff", *UTF_32_MARKS)


class Line(NamedTuple):
    """One line: its number from 1, its first byte, and its bytes with the line end; None for one that is too long."""

    number: int
    start: int
    raw: bytes | None

    @property
    def where(self) -> str:
        """Where it stands, for people."""
        return f"line {self.number}, byte {self.start}"


def lines(file: BinaryIO, longest: int, first: int = 1, start: int = 0) -> Iterator[Line]:
    r"""Yield the lines of a file.

    Args:
        file: From the beginning of a line.
        longest: Bytes of a line at most, its end not counted; a longer one is skipped to its end.
        first: Number of the first line.
        start: Its first byte.

    >>> import io
    >>> [line.raw for line in lines(io.BytesIO(b"rain\nfog and rain\nmist"), 4)]
    [b'rain\n', None, b'mist']
    """
    number = first
    while raw := file.readline(longest + 2):
        size = len(raw)
        if size <= longest or len(raw.rstrip(b"\r\n")) <= longest:
            yield Line(number, start, raw)
        else:
            last = raw
            while not last.endswith(b"\n") and (last := file.readline(SKIPPED_AT_ONCE)):
                size += len(last)
            yield Line(number, start, None)
        number += 1
        start += size


def refuse_utf_16(head: bytes) -> None:
    """Refuse a file that begins with a mark of UTF-16: none of its lines could be read.

    Raises:
        RejectedDocument: ``mislabelled``.
    """
    if head.startswith(UTF_16_MARKS):
        wide = "UTF-32" if head.startswith(UTF_32_MARKS) else "UTF-16"
        raise RejectedDocument("read", "mislabelled", f"it is {wide}, and not UTF-8; convert it first")
