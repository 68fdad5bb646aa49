"""Where the name of a class begins that stands directly behind other text.

PHP takes every byte from 80 on for a letter, so a name that is read backward would take in the text before it.
"""

from __future__ import annotations

from pipeline.patterns import lazy_compile

_BEFORE_NAME = lazy_compile(
    r"[^\p{Latin}\p{M}\p{Nd}\p{Cs}_\\@](?=\\?[\p{Latin}\p{Cs}_][^\p{L}]*+(?:[\p{Latin}\p{M}][^\p{L}]*+)*+\Z)"
    r"|[^\p{L}\p{M}\p{Nd}\p{Cs}_\\@]"
)
"""What a name begins behind: a letter of another script where the rest is Latin, and a sign that is no letter."""


def without_text_before(name: bytes) -> bytes:
    r"""Return a name that was read backward without the text that it was printed behind; maybe nothing.

    >>> [without_text_before(text.encode()).decode() for text in ("“Rain,”Ferry", "下雨\\Ferry", "Большая")]
    ['Ferry', '\\Ferry', 'Большая']
    """
    text = name.decode("utf-8", "surrogateescape")
    start = max((found.end() for found in _BEFORE_NAME.finditer(text)), default=0)
    return text[start:].encode("utf-8", "surrogateescape")
