"""Web archives: WARC with the pages as they were fetched, and WET with their text.

Documents are the pages: responses that a server gave with success, and resources, in HTML or plain text; and the
conversions of a WET. Other records, such as requests, redirects and pictures, are none, and are passed over.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO, Literal

from pipeline.decoding import is_utf_8
from pipeline.errors import MissingExtraError, RejectedDocument
from pipeline.model import HTML, Origin
from pipeline.patterns import lazy_compile
from pipeline.store.readers.fields import as_json
from pipeline.store.readers.reading import Bad, Entry, Found, ReadSettings

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from fastwarc.warc import WarcRecord

PAGES = frozenset({"response", "resource", "conversion"})
"""Types of records that may hold a page."""
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
TEXT_TYPE = "text/plain"
HTTP_TYPE = "application/http"
SUCCESS = range(200, 300)
LONGEST_HEADER = 2**16
LENGTH_DIGITS = 18
GZIP_MAGIC = b"\x1f\x8b"

_CHUNK = lazy_compile(rb"([0-9A-Fa-f]{1,16})[ \t]{0,9}(?:;[^\r\n]{0,4096}+)?\r?\n")
"""How a chunk begins: its bytes, and an extension that nobody uses."""
_CUT_CHUNK = lazy_compile(rb"[0-9A-Fa-f]{0,16}\r?")
_LINE_END = lazy_compile(rb"\r?\n")
_PAGE_END = lazy_compile(rb"(?i)</html\s{0,9}>")
LONGEST_END = 1024
"""Bytes at its end in which a page says that it ends there."""


class WarcReader:
    """Reads web archives record by record."""

    form = "warc"
    suffixes = (".warc", ".wet")
    seeks = False
    is_archive = False

    def read(self, file: BinaryIO, settings: ReadSettings) -> Iterator[Found]:
        """Yield the pages; a record that cannot be read is a bad one, and behind a broken header there is nothing.

        Raises:
            MissingExtraError: The extra ``warc`` is not installed.
            RejectedDocument: ``mislabelled``, or ``corrupt`` behind the last record.
        """
        try:
            from fastwarc.warc import ArchiveIterator
        except ImportError:
            raise MissingExtraError("web archives", "warc") from None
        records = ArchiveIterator(_Pieces(file), parse_http=False, max_header_len=LONGEST_HEADER, stream_detect=False)
        is_archive = False
        try:
            for record in records:
                is_archive = True
                if (found := _found(record, settings)) is not None:
                    yield found
        except RejectedDocument:
            raise
        except OSError as error:
            if not is_archive:
                message = f"it does not begin like a web archive, and its name says it is: {error}"
                raise RejectedDocument("read", "mislabelled", message) from None
            raise RejectedDocument("read", "corrupt", f"the archive cannot be read on: {error}") from None


class _Pieces(io.RawIOBase):
    """A file that gives what it has at once: what was read before a fault must not be lost with it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._given = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._given

    def readinto(self, into: WriteableBuffer) -> int:
        view = memoryview(into).cast("B")
        file = self._file
        part = file.read1(len(view)) if isinstance(file, io.BufferedIOBase) else file.read(len(view))
        view[: len(part)] = part
        self._given += len(part)
        return len(part)


def _found(record: WarcRecord, settings: ReadSettings) -> Found | None:
    """Return what a record holds; None when it is no page."""
    headers = {name.lower(): value for name, value in record.headers.items()}
    where = f"record at byte {record.stream_pos}"
    origin = _origin(headers, settings)
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        return Bad("truncated", f"{where}: its header breaks off, or has no length", None, origin)
    if headers.get("warc-type", "").lower() not in PAGES:
        return None
    if int(length) > settings.max_record_bytes:
        message = f"{where}: it has {length} bytes, more than --max-record-bytes {settings.max_record_bytes}"
        return Bad("oversized", message, None, origin)
    block: bytes = record.reader.read(int(length))
    if len(block) < int(length):
        return Bad("truncated", f"{where}: it breaks off after {len(block)} of {length} bytes", block, origin)
    kind, _, parameters = headers.get("content-type", "").partition(";")
    is_response = headers["warc-type"].lower() == "response"
    # A response that does not say what it is, as old crawlers wrote them, begins with a status all the same.
    if not (is_response and (kind.strip().lower() == HTTP_TYPE or (not kind.strip() and block.startswith(b"HTTP/")))):
        return _document(block, kind, _charset(parameters), origin)
    return _response(block, origin, where, settings, cut="warc-truncated" in headers)


def _response(block: bytes, origin: Origin, where: str, settings: ReadSettings, *, cut: bool) -> Found | None:
    """Return the page that a server gave, without what it was packed in on the way.

    One that breaks off is a bad record, unless the archive tells that it was ``cut`` when it was fetched.
    """
    try:
        record = _parsed(block)
    except (OSError, ValueError) as error:
        return Bad("corrupt", f"{where}: the headers of its page cannot be read: {error}", block, origin)
    status = record.http_headers.status_code
    if status not in SUCCESS:
        return None if status is not None else Bad("corrupt", f"{where}: its page has no HTTP status", block, origin)
    packed: bytes = record.reader.read()
    try:
        body, missing = _unpacked(record, packed, block, settings.max_record_bytes)
    except (OSError, ValueError, zlib.error) as error:
        if not _is_unpacked(packed):
            return Bad("corrupt", f"{where}: {error}", block, origin)
        body, missing = packed, ""
    if len(body) > settings.max_record_bytes:
        message = f"{where}: unpacked it has more than --max-record-bytes {settings.max_record_bytes}"
        return Bad("oversized", message, None, origin)
    document = _document(body, record.http_content_type or "", record.http_charset, origin)
    if document is not None and missing and not cut and _PAGE_END.search(body[-LONGEST_END:]) is None:
        return Bad("truncated", f"{where}: its page breaks off behind {len(body)} bytes: {missing}", block, origin)
    return document


def _unpacked(record: WarcRecord, packed: bytes, block: bytes, most: int) -> tuple[bytes, str]:
    """Return a page without what it was packed in, and what is missing of it.

    Of the page there is at most one byte more than ``most``.

    Raises:
        OSError, ValueError, zlib.error: It cannot be unpacked, or not to its end.
    """
    body, missing = packed, ""
    encodings = _named(record.http_headers.get("Content-Encoding"))
    if "chunked" in _named(record.http_headers.get("Transfer-Encoding")):
        body, missing = _dechunked(packed)
    elif not encodings:
        length = (record.http_headers.get("Content-Length") or "").strip()
        # A length that is too small is that of what a browser unpacked before it was archived.
        if body and length.isascii() and length.isdigit() and len(length) < LENGTH_DIGITS and len(body) < int(length):
            missing = f"its server told {length}"
    if encodings in (["gzip"], ["x-gzip"], ["deflate"]):
        return _inflated(body, encodings[0], most + 1), ""  # which tells its own end
    if encodings:
        body = _parsed(block, "all").reader.read(most + 1)
    return body, missing


def _named(header: str | None) -> list[str]:
    """Return the encodings that a header names."""
    names = (part.strip().lower() for part in (header or "").split(","))
    return [name for name in names if name not in {"", "identity"}]


def _dechunked(body: bytes) -> tuple[bytes, str]:
    """Return what was sent in chunks, and what is missing of it; fastwarc takes what breaks off for a whole.

    Raises:
        ValueError: These are no chunks.
    """
    parts: list[bytes] = []
    place = 0
    while (head := _CHUNK.match(body, place)) is not None:
        size = int(head[1], 16)
        if not size:
            return b"".join(parts), ""
        part = body[head.end() : head.end() + size]
        parts.append(part)
        place = head.end() + len(part)
        if len(part) < size:
            return b"".join(parts), f"its chunk of {size} bytes has {len(part)}"
        if (end := _LINE_END.match(body, place)) is not None:
            place = end.end()
        elif place < len(body) - 1:
            raise ValueError(f"behind its chunk of {size} bytes stands no line end")
    if _CUT_CHUNK.fullmatch(body, place) is None:
        raise ValueError(f"no chunk begins behind its {len(parts)} chunks")
    return b"".join(parts), "its last chunk is not there" if parts else ""


def _inflated(packed: bytes, encoding: str, most: int) -> bytes:
    """Return what was packed with zlib; fastwarc takes a stream that breaks off for a whole one.

    Raises:
        ValueError, zlib.error: It cannot be unpacked, or breaks off.
    """
    if encoding != "deflate":
        window = zlib.MAX_WBITS | 16
    elif len(packed) > 1 and packed[0] & 15 == zlib.DEFLATED and int.from_bytes(packed[:2], "big") % 31 == 0:
        window = zlib.MAX_WBITS
    else:
        window = -zlib.MAX_WBITS  # some servers leave out the head that the standard asks for
    parts: list[bytes] = []
    size = 0
    while True:
        stream = zlib.decompressobj(window)
        parts.append(stream.decompress(packed, most - size))
        size += len(parts[-1])
        if size >= most:
            break
        if not stream.eof:
            raise ValueError(f"its {encoding} stream breaks off behind {size} bytes of what it holds")
        packed = stream.unused_data
        if window < zlib.MAX_WBITS + 1 or not packed.startswith(GZIP_MAGIC):
            break
    return b"".join(parts)


def _parsed(block: bytes, unpack: Literal["all", "none"] = "none") -> WarcRecord:
    """Return what a server gave, with its headers taken off and what it was packed in, or not that."""
    from fastwarc.warc import WarcRecord, WarcRecordType

    record = WarcRecord()
    record.init_headers(WarcRecordType.response)
    record.set_bytes_content(block)
    record.is_http = True
    record.parse_http(auto_decode=unpack, quirks_mode=True)
    return record


def _is_unpacked(body: bytes) -> bool:
    """Whether a page was unpacked before it was archived, as a browser does, and only its headers say otherwise."""
    return is_utf_8(body) and _CHUNK.match(body) is None


def _document(body: bytes, kind: str, charset: str | None, origin: Origin) -> Found | None:
    kind = kind.strip().lower()
    if kind not in HTML_TYPES and kind != TEXT_TYPE:
        return None
    form = HTML if kind in HTML_TYPES else None
    return Entry(body, Origin(origin.member, origin.url, origin.fetched_at, origin.date, origin.fields, charset, form))


def _charset(parameters: str) -> str | None:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def _origin(headers: Mapping[str, str], settings: ReadSettings) -> Origin:
    url, date = headers.get("warc-target-uri"), headers.get("warc-date")
    kept = settings.source_fields
    others = {
        name: value
        for name, value in headers.items()
        if name not in ("warc-target-uri", "warc-date") and (kept is None or name in kept)
    }
    return Origin(
        url=url.strip().strip("<>") or None if url is not None else None,
        fetched_at=date,
        fields=as_json(others) if others else None,
    )
