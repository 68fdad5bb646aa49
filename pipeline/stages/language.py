"""Sixth stage: the language of the body. CLD2 tells it from the beginning; what it is not sure of stays unknown."""

from __future__ import annotations

import pycld2

from pipeline.patterns import lazy_compile

ENOUGH = 500
"""Characters of a body that are looked at: fewer leave more bodies unknown, and more cost more."""
LEAST_LETTERS = 15
"""Letters below which a text is a name or a mark, and of no language."""
LEAST_SHARE = 80
"""Per cent of the text that must be of one language."""

_CODES = {"iw": "he", "jw": "jv", "in": "id", "mo": "ro", "nb": "no", "nn": "no", "zh-Hant": "zh"}
"""What CLD2 says, where ISO 639-1 says otherwise."""
_LETTERS = lazy_compile(rf"(?:\P{{L}}*+\p{{L}}){{{LEAST_LETTERS}}}")
_UNSEEN = lazy_compile(r"[\p{Cc}\p{Cn}\p{Co}]+")


def read(body: str) -> str | None:
    """Return the ISO 639-1 code of the language that a text is written in; None when that is not sure.

    >>> read("Le vieux bac a repris la mer dimanche après onze années à quai."), read("R/TO 11"), read("")
    ('fr', None, None)
    """
    text = body[:ENOUGH]
    if not _LETTERS.match(text):
        return None
    try:
        reliable, _, found = pycld2.detect(text)
    except pycld2.error:
        # It refuses control characters.
        reliable, _, found = pycld2.detect(_UNSEEN.sub(" ", text))
    _, code, share, _ = found[0]
    code = _CODES.get(code, code)
    return code if reliable and share >= LEAST_SHARE and len(code) == len("en") and code != "un" else None
