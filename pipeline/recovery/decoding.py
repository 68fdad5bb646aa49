"""The third rung: what was done to a whole document on its way and can be undone as a whole."""

from __future__ import annotations

import html

import regex

from pipeline.patterns import lazy_compile

ENTITY = lazy_compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
ESCAPED = lazy_compile(r"\\(.)", regex.DOTALL)
ENTITY_HEAD = lazy_compile(r"[\[{\s]*+&(?:amp;)*(?:quot|#0?34|#x22|#0?39|apos);", regex.IGNORECASE)
SLASHED_HEAD = lazy_compile(r"""[\[{\s]*+\\["']""")
ENTITIES_DEEPEST = 3


def decodings(text: str) -> list[tuple[str, str]]:
    r"""Return what a document was before it was encoded as a whole, nearest first, each with a note.

    >>> decodings('{&quot;a&quot;:1}')
    [('{"a":1}', 'entities are decoded')]
    >>> decodings(r'{\"a\":1}')
    [('{"a":1}', 'slashes before quotes are taken off')]
    """
    found: list[tuple[str, str]] = []
    for _ in range(ENTITIES_DEEPEST):
        if not ENTITY_HEAD.match(text):
            break
        text = ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
        found.append((text, "entities are decoded"))
    if SLASHED_HEAD.match(text):
        text = ESCAPED.sub(r"\1", text)
        found.append((text, "slashes before quotes are taken off"))
    return found
