"""The tags that the tools print in a dump as HTML, with their attributes: how far one goes that breaks off.

Prose may stand right behind a tag that breaks off, so no other word counts as part of it.
"""

from __future__ import annotations

from pipeline.families.php_dump.view import View
from pipeline.patterns import lazy_compile

_NAME = rb"(?:pre|samp|span|small|script|style|abbr|font|img|a|b|i)"
_CLASSES = rb"(?:sf-dump|xdebug)[a-z0-9-]{0,64}"
_BARE_VALUE = rb"(?:%b|[0-9]{1,9}|\#[A-Za-z0-9-]{1,64}|_blank|ltr)" % _CLASSES
_CLASS_VALUE = rb"%b(?: %b){0,8}" % (_CLASSES, _CLASSES)
_TITLE = (
    rb"(?:(?:Public|Protected|Private|Virtual) property(?: defined in class:\s{1,8}`?[^\s\"'<>`]{1,256}`?)?"
    rb"|Runtime added dynamic property|Uninitialized property"
    rb"|[0-9]{1,12} (?:binary or non-UTF-8 )?characters|[0-9]{1,12} occurrences"
    rb"|[^\s\"'<>]{1,512}(?:\s[0-9]{1,12} occurrences)?)"
)
_STYLE = rb"[a-z-]{1,32}:[ ]?[^\s\"'<>;]{1,64};?"
_QUOTED_VALUE = rb"(?:%b|%b|%b|noopener noreferrer|[ ]{1,16})" % (_CLASS_VALUE, _TITLE, _STYLE)
_ATTRIBUTE = (
    rb"\s(?:class|title|data-depth|data-indent-pad|data-file|data-line|id|href|style|target|rel|color|dir)"
    rb"=(?:\"%b\"|'%b'|%b)" % (_QUOTED_VALUE, _QUOTED_VALUE, _BARE_VALUE)
)
TAG = lazy_compile(rb"<(?:/%b|%b(?:%b){0,8})>" % (_NAME, _NAME, _ATTRIBUTE))
"""A tag, whose beginning a partial match finds."""
ENTITY_BEGUN = lazy_compile(rb"&[#A-Za-z0-9]{0,8}\Z")
"""An entity that breaks off."""
LONGEST = 512
"""Bytes at most of a tag that breaks off."""


def begins(view: View, at: int, stop: int) -> int | None:
    """Return where a tag or an entity begins that breaks off at a place; None for neither.

    Args:
        view: The document, in which whole tags are dropped and whole entities decoded.
        at: Place it begins at the earliest.
        stop: Where it breaks off.

    >>> begins(View(b"1 &lt; <b>2</b> <fo"), 0, 8)
    6
    """
    floor = max(at, stop - LONGEST)
    tag = view.text.rfind(b"<", floor, stop)
    if tag >= 0 and view.raw.startswith(b"<", view.start(tag)):
        return tag
    entity = ENTITY_BEGUN.search(view.text, floor, stop)
    return entity.start() if entity else None


def is_printed(text: bytes, begun: int, stop: int) -> bool:
    """Whether what begins at a place is a tag as the tools print it, as far as it goes, or an entity.

    >>> [is_printed(text, 0, len(text)) for text in (b"<span class=sf-du", b"<span clas string of pearls")]
    [True, False]
    """
    return not text.startswith(b"<", begun) or TAG.fullmatch(text, begun, stop, partial=True) is not None
