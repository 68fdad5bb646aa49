"""Files that are no text: told by their first bytes, and only where they are no UTF-8."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable

import pytest

import pipeline
from pipeline.binary import SIGNATURES
from pipeline.errors import RejectedDocument
from pipeline.model import Document, Record
from pipeline.profiles import load
from pipeline.stages import Cleaner

PAGE = "Der Fährmann fährt.\n\nJuly 8, 2019\n\nNiemand störte sich daran.\n".encode()


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", PAGE * 20)
    return file.getvalue()


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (gzip.compress(PAGE), "compressed with gz"),
        (bz2.compress(PAGE), "compressed with bz2"),
        (lzma.compress(PAGE), "compressed with xz"),
        (zipped(), "a zip archive"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "a PDF file"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01" + bytes(range(256)), "a JPEG image"),
    ],
)
def test_another_kind_of_file_is_named_in_the_reject(raw: bytes, what: str) -> None:
    with pytest.raises(RejectedDocument) as refused:
        pipeline.clean(raw)
    assert (refused.value.stage, refused.value.code) == ("text", "mislabelled")
    assert what in refused.value.message


@pytest.mark.parametrize("beginning", [beginning for beginning, _ in SIGNATURES if beginning.isascii()])
def test_text_may_begin_as_such_a_file_does(beginning: bytes) -> None:
    page = beginning + b" is how it begins.\n\nNobody minds.\n"
    assert "Nobody minds." in pipeline.clean(page).article.body


@pytest.mark.parametrize("raw", [b"\0", b"\0" * 4096, b"\0\0\n\0 \t\r\n"])
def test_a_file_that_was_never_written_is_empty(raw: bytes) -> None:
    with pytest.raises(RejectedDocument) as refused:
        pipeline.clean(raw)
    assert (refused.value.code, refused.value.message.split(",")[0]) == ("empty", "the document holds NUL bytes alone")


def test_nul_bytes_that_a_cut_leaves_stay_a_body(check_laws: Callable[[Cleaner, Record], Document | None]) -> None:
    document = check_laws(Cleaner(load()), Record("page.txt", 0, b'\0\0\n\nstring(9) "left over"\n'))
    assert document is not None
    assert document.article.body == "\0\0"


def test_nul_bytes_beside_text_stay_text() -> None:
    assert pipeline.clean(b"\0\0Rain fell on the pier.\0").article.body == "\0\0Rain fell on the pier.\0"
