"""Does a quotation mark right before a piece of code open a quotation, or does it close one?

``“`` opens one in English and closes one in German, where ``„`` has opened it; ``«`` does in French and in Danish.
"""

from __future__ import annotations

from html import unescape

from pipeline.patterns import lazy_compile

WINDOW = 2000
"""How many bytes before a mark are searched for the one that opened the quotation."""

_OPENED = {
    "“": lazy_compile(r"(?r)„[^“]*"),
    "‘": lazy_compile(r"(?r)‚(?=\w)[^‘]*"),
    "«": lazy_compile(r"(?r)»(?=\w)[^«]*"),
    "»": lazy_compile(r"(?r)«[^»]*"),
}
"""What stands before a mark that closes a quotation; in French ``»`` closes one, and no word begins right behind it."""


def closes(raw: bytes, start: int, stop: int) -> bool:
    """Whether the mark from ``start`` to ``stop`` closes a quotation that another mark of its line opened.

    >>> closes("„Ja“".encode(), 5, 8), closes("Er sagte “ja".encode(), 9, 12)
    (True, False)
    """
    opened = _OPENED.get(unescape(raw[start:stop].decode("utf-8", "ignore")).rstrip())
    if opened is None:
        return False
    floor = max(0, start - WINDOW)
    floor = max(raw.rfind(b"\n", floor, start), raw.rfind(b"\r", floor, start), floor)
    return opened.match(unescape(raw[floor:start].decode("utf-8", "ignore"))) is not None
