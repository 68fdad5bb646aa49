"""Files that are no text at all, whatever their name says: told by how they begin, before an encoding is guessed."""

from __future__ import annotations

from pipeline.decoding import is_utf_8
from pipeline.errors import RejectedDocument

ZEROS = b"\0 \t\r\n"
"""What a file holds whose blocks were never written, as after a power failure or a broken copy."""

SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"PK\x03\x04", "a zip archive, as documents of office programs are"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of an office program"),
    (b"\x1f\x8b\x08", "compressed with gz"),
    (b"\x28\xb5\x2f\xfd", "compressed with zst"),
    (b"BZh91AY&SY", "compressed with bz2"),
    (b"\xfd7zXZ\0", "compressed with xz"),
    (b"PAR1\x15", "a Parquet file"),
    (b"SQLite format 3\0", "a database of SQLite"),
    (b"\x7fELF", "a program"),
)
"""How files begin that scrapers store under the name of a page, and what they are."""

_BEGINNINGS = tuple(beginning for beginning, _ in SIGNATURES)


def refuse(raw: bytes, *, is_text: bool = False) -> None:
    r"""Let a document pass that may be text.

    What is UTF-8 passes, however it begins: a page may be about PDF files.

    Args:
        raw: The document.
        is_text: Whether its encoding is declared: NUL bytes are characters then, as in a body that is cleaned again.

    Raises:
        RejectedDocument: ``mislabelled`` where its first bytes are those of another kind of file; ``empty`` where it
            holds NUL bytes and white space alone.

    >>> refuse(b"%PDF-1.7 is how such files begin.")
    >>> refuse(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    Traceback (most recent call last):
    pipeline.errors.RejectedDocument: the document is no text but a PNG image; name it for what it is, or leave it out
    """
    if raw.startswith(_BEGINNINGS) and not is_utf_8(raw):
        what = next(what for beginning, what in SIGNATURES if raw.startswith(beginning))
        but = what if what.startswith("compressed") else f"no text but {what}"
        raise RejectedDocument("text", "mislabelled", f"the document is {but}; name it for what it is, or leave it out")
    if not is_text and raw.startswith(b"\0") and not raw.strip(ZEROS):
        raise RejectedDocument("text", "empty", "the document holds NUL bytes alone, as one that was never written")
