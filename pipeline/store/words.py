"""How many words a text has, counted in its bytes: that makes no object of each word."""

from __future__ import annotations

import numpy as np

from pipeline.patterns import lazy_compile

_WIDE_WHITE = {
    b"\xc2": lazy_compile(rb"\xc2[\x85\xa0]"),
    b"\xe1": lazy_compile(rb"\xe1\x9a\x80"),
    b"\xe2": lazy_compile(rb"\xe2(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f)"),
    b"\xe3": lazy_compile(rb"\xe3\x80\x80"),
}
"""White space outside ASCII in UTF-8, by its first byte, which most texts do not have."""
_BLANK, _LINE_BREAK = ord(" "), ord("\n")


def count(text: str, octets: bytes) -> int:
    r"""Return how many words a text has, divided by what `str.split` takes for white space.

    Args:
        text: The text.
        octets: The same in UTF-8, where a byte below 128 is a character and never a part of one.

    >>> [count(text, text.encode()) for text in ("Rain  fell.", "", " On\u00a0the quay\n", "It\tended")]
    [2, 0, 3, 2]
    """
    codes = np.frombuffer(octets, np.uint8)
    controls = np.count_nonzero(codes < _BLANK)
    if not codes.size or controls != np.count_nonzero(codes == _LINE_BREAK) or _has_wide_white(text, octets):
        return len(text.split())
    inked = (codes > _BLANK).view(np.uint8)
    # A word has two edges, and those at either end of the text are none between two bytes.
    edges = np.count_nonzero(inked[1:] != inked[:-1]) + int(inked[0]) + int(inked[-1])
    return int(edges) // 2


def _has_wide_white(text: str, octets: bytes) -> bool:
    if text.isascii():
        return False
    return any(first in octets and white.search(octets) is not None for first, white in _WIDE_WHITE.items())
