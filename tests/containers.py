"""The same pages in every form that is read, written by the programs that people write them with."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Writer = Callable[[Iterable[bytes]], bytes]


def jsonl(texts: Iterable[bytes], **more: Any) -> bytes:  # noqa: ANN401 - whatever JSON has
    """Return a JSON line for each text."""
    return b"".join(json.dumps({"text": text.decode(), **more}).encode() + b"\n" for text in texts)


def table(texts: Iterable[bytes], dialect: str = "excel", **more: str) -> bytes:
    """Return a row of CSV for each text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, dialect)
    writer.writerow(["text", *more])
    writer.writerows([text.decode(), *more.values()] for text in texts)
    return out.getvalue().encode()


def parquet(texts: Iterable[bytes], rows: int = 3, **columns: list[Any]) -> bytes:
    """Return a Parquet file with so many rows in a row group."""
    out = io.BytesIO()
    made = pa.table({"text": [text.decode() for text in texts], **columns})
    pq.write_table(made, out, row_group_size=rows, write_page_checksum=True)
    return out.getvalue()


def foot(raw: bytes) -> bytes:
    """Return what tells where everything stands in a Parquet file."""
    return raw[-8 - int.from_bytes(raw[-8:-4], "little") : -8]


def saying(raw: bytes, rows: int, others: int) -> bytes:
    """Return a Parquet file whose foot says everywhere that there are as many rows of another number."""
    told = foot(raw)
    other = told.replace(_in_foot(rows), _in_foot(others))
    assert other != told
    return raw[: -8 - len(told)] + other + len(other).to_bytes(4, "little") + raw[-4:]


def _in_foot(number: int) -> bytes:
    """Return a whole number as Thrift writes it: twice as large, seven bits a byte, the lowest first."""
    number *= 2
    octets = bytearray()
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*octets, number])


def tar(members: Mapping[str, bytes]) -> bytes:
    """Return a tar archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, raw in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            archive.addfile(member, io.BytesIO(raw))
    return out.getvalue()


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return out.getvalue()


def warc(texts: Iterable[bytes]) -> bytes:
    """Return a web archive that says nothing of its texts but how long they are."""
    head = "WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n"
    return b"".join(head.format(len(text)).encode() + text + b"\r\n\r\n" for text in texts)


def numbered(texts: Iterable[bytes]) -> dict[str, bytes]:
    """Return texts as members of an archive."""
    return {f"pages/{number:03d}.txt": text for number, text in enumerate(texts)}


FORMS: Mapping[str, Writer] = {
    "jsonl": jsonl,
    "ndjson": jsonl,
    "csv": table,
    "tsv": lambda texts: table(texts, "excel-tab"),
    "parquet": parquet,
    "tar": lambda texts: tar(numbered(texts)),
    "zip": lambda texts: zipped(numbered(texts)),
    "warc": warc,
}
"""By suffix: what writes texts, which are UTF-8, in that form."""

COMPRESSIONS: Mapping[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "zst": zstd.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}
"""By suffix: what compresses a file."""
