"""How many words texts have, counted in their bytes, several texts at a time: that makes no object of each word."""

from __future__ import annotations

from collections.abc import Sequence

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


def counts(texts: Sequence[str], octets: Sequence[bytes]) -> list[int]:
    r"""Return how many words each text has, divided by what `str.split` takes for white space.

    Args:
        texts: The texts.
        octets: The same in UTF-8, where a byte below 128 is a character and never a part of one.

    >>> texts = ["Rain  fell.", "", " On\u00a0the quay\n", "It\tended"]
    >>> counts(texts, [text.encode() for text in texts])
    [2, 0, 3, 2]
    """
    codes = np.frombuffer(b"\n".join([b"", *octets]), np.uint8)
    if np.count_nonzero(codes < _BLANK) != np.count_nonzero(codes == _LINE_BREAK):  # other white space, or none at all
        if len(texts) == 1:
            return [len(texts[0].split())]
        return [counts([text], [its_octets])[0] for text, its_octets in zip(texts, octets, strict=True)]
    inked = codes > _BLANK
    begins = inked[1:] > inked[:-1]
    found: list[int] = []
    start = 0
    for text, its_octets in zip(texts, octets, strict=True):
        stop = start + len(its_octets)
        of_text = begins[start:stop]
        found.append(len(text.split()) if _has_wide_white(text, its_octets) else int(np.count_nonzero(of_text)))
        start = stop + 1
    return found


def _has_wide_white(text: str, octets: bytes) -> bool:
    if text.isascii():
        return False
    return any(first in octets and white.search(octets) is not None for first, white in _WIDE_WHITE.items())
