"""Where does a tag close, in an unfinished text, what that text does not open?

The text of a value may hold any tags, but those that it closes it opens as well. One more closes what the page has put
around the dump, and prose follows it.
"""

from __future__ import annotations

from pipeline.patterns import lazy_compile

_BLOCK = rb"(?:pre|div|p|td|li|section|article|aside|main|blockquote|figure|body)"
_TAG = lazy_compile(rb"<(?P<closes>/)?(?P<name>%b)(?:\s[^<>]{0,512})?>" % _BLOCK)
_WORDS = lazy_compile(rb"(?:\s|<[^<>]{0,512}>){0,64}+(?!\[?(?:\.\.\.|\xe2\x80\xa6))[^\s<>]")
TAGS_MOST = 64
"""So many tags of a text are looked at."""


def closed_before(raw: bytes, start: int, stop: int) -> int:
    """Return where an unfinished text ends: before the tag that closes what it does not open, if words follow.

    >>> texts = b"wet</pre> Rain fell.", b"<div>wet</div> and cold", b"wet</p>"
    >>> [text[: closed_before(text, 0, len(text))] for text in texts]
    [b'wet', b'<div>wet</div> and cold', b'wet</p>']
    """
    opened: dict[bytes, int] = {}
    for number, tag in enumerate(_TAG.finditer(raw, start, stop)):
        if number == TAGS_MOST:
            break
        name = tag["name"]
        if not tag["closes"]:
            opened[name] = opened.get(name, 0) + 1
        elif opened.get(name, 0):
            opened[name] -= 1
        elif _WORDS.match(raw, tag.end(), stop):
            return tag.start()
    return stop
