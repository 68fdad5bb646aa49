"""Character references of HTML that were left in the text, such as ``&amp;`` and ``&#8217;``."""

from __future__ import annotations

import html
from collections.abc import Iterator

from pipeline.mending.changes import Change
from pipeline.patterns import lazy_compile

_REFERENCE = r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
REFERENCE = lazy_compile(_REFERENCE)
REFERENCE_BYTES = lazy_compile(_REFERENCE.encode())
_REST = lazy_compile(_REFERENCE.removeprefix("&"))
_NO_CHARACTER = lazy_compile(r"[\p{Cc}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\ufffd]")


def entities(text: str) -> Iterator[Change]:
    """Yield the characters that references stand for.

    A reference stays when what it stands for would make another one, or a line break, or is no character; and when it
    is a letter or digit, which is written so on purpose.

    >>> [change.text for change in entities("Fish &amp; Chips, &amp;lt; and &#65;&nosuch;")]
    ['&']
    """
    for found in REFERENCE.finditer(text):
        meant = html.unescape(found[0])
        if meant == found[0] or _NO_CHARACTER.search(meant) or (meant.isascii() and meant.isalnum()):
            continue
        if meant in "&;#" and (meant != "&" or _REST.match(text, found.end())):
            continue
        yield Change(found.start(), found.end(), meant)
