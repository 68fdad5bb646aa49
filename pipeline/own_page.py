"""The mark of web pages that this program writes, by which a run knows them where they lie among raw pages."""

from __future__ import annotations

from pipeline.errors import RejectedDocument
from pipeline.version import __version__

MARK = f'<meta name="generator" content="descrape {__version__}">'
"""What a page says of the program that made it, in the words of HTML."""
HEAD = 1024
"""Bytes of a page in which the mark stands."""
_ANY_VERSION = MARK.removesuffix(f'{__version__}">').encode()


def refuse(raw: bytes) -> None:
    """Let a page in HTML pass that somebody else made.

    Raises:
        RejectedDocument: ``own_page``.

    >>> refuse(b"<title>Ferries</title>")
    >>> refuse(MARK.encode())
    Traceback (most recent call last):
    pipeline.errors.RejectedDocument: descrape wrote this page, as a report or a survey; keep it outside the sources
    """
    if _ANY_VERSION in raw[:HEAD]:
        message = "descrape wrote this page, as a report or a survey; keep it outside the sources"
        raise RejectedDocument("text", "own_page", message)
