"""May an unfinished string at the root have ended at a quote in it, long before its length, and be prose from there on?

Its length speaks against it, but a page may have dropped the tags that it counts. What stands behind the quote decides:
prose has words there, opens what it closes, and goes on with what stood before the dump.
"""

from __future__ import annotations

from pipeline.families.php_dump.damage import QUOTE
from pipeline.families.php_dump.line_ends import kind_of
from pipeline.families.php_dump.prose_quotes import QUOTES_MOST, opened
from pipeline.families.sentences import ends_sentence
from pipeline.model import Page
from pipeline.patterns import lazy_compile

_WORDS_BEHIND = lazy_compile(
    rb"(?:[,;:.!?][ \t])?(?:<br ?/?>|[ \t|*/\\<>()\[\-]|\xe2\x80[\x93\x94\x9c\x9d\xa6]|&#?[a-z0-9]{2,6};"
    rb"|\.\.\.|(?<=[ \t])\"(?=\S)|(?<=[,;:.!?][ \t])){1,8}+"
    rb"(?:[A-Za-z]|[\xc3-\xf4][\x80-\xbf]|(?<=(?:[()\-]|\xe2\x80[\x93\x94])[ \t]?)[0-9])"
    rb"[^\s<>{}$\\=|;\"]{0,64}+[ \t\r\n][^<>{}$\\=|;\"]{2,4096}+(?:\"[^<>{}$\\=|;]{0,4096}+)?\Z"
)
"""Words behind a quote with a blank or a sign between that no program puts there, and nothing else to the end."""
_SMALL_LETTER = lazy_compile(r"[^\p{L}\p{Nd}\-–—(\[|*/<&]*+\p{Ll}")
"""A small letter and what stands before it, which is no sign that a remark begins with, no tag and no entity."""
_LETTER_WITHIN = 64
_ENDS_NO_TEXT = lazy_compile(rb"(?:\\|=|[ \t]%b|string\([0-9]{1,12}\)[ \t]?)\Z" % QUOTE)
"""What stands before a quote that is escaped, opens an attribute or a string, or follows one that opens nothing."""
_BEFORE_LONGEST = 24
_SENTENCE_LONGEST = 240


def may_follow(page: Page, at: int, start: int, stop: int) -> bool:
    r"""Whether a quote in an unfinished string closes what the string does not open, and prose may follow it.

    Args:
        page: The document.
        at: Where the head of the string begins, and its line.
        start: First byte of the payload.
        stop: Where the string breaks off at the latest.

    >>> texts = b'Rain on\n\nstring(38) "oars" and wind', b'Rain.\n\nstring(38) "oars" Fog and wind'
    >>> [may_follow(Page(text), text.index(b"string"), text.index(b"oars"), len(text)) for text in texts]
    [True, True]

    A small letter begins no sentence:

    >>> text = b'It rained all day.\n\nstring(38) "5" oars and wind'
    >>> may_follow(Page(text), 20, 32, len(text))
    False
    """
    raw, kind = page.raw, kind_of(page, start)
    for quote in reversed(kind.following(page, start, QUOTES_MOST)):
        words = _WORDS_BEHIND.match(raw, quote.stop, stop) if quote.stop < stop else None
        if words is None or _ENDS_NO_TEXT.search(raw, max(start, quote.start - _BEFORE_LONGEST), quote.start):
            continue
        if _is_in_tag(raw, start, quote.stop) or (_goes_on(raw, quote.stop) and _is_at_sentence_end(raw, at)):
            return False
        return opened(page, kind, start, quote.start) == "no"
    return False


def _is_in_tag(raw: bytes, start: int, stop: int) -> bool:
    """Whether a quote that ends at ``stop`` is that of an attribute, and its tag ends behind it."""
    return raw.startswith(b">", stop) and raw.rfind(b"<", start, stop) > raw.rfind(b">", start, stop)


def _goes_on(raw: bytes, at: int) -> bool:
    """Whether a small letter stands at a byte or soon behind."""
    return _SMALL_LETTER.match(raw[at : at + _LETTER_WITHIN].decode("utf-8", "replace")) is not None


def _is_at_sentence_end(raw: bytes, at: int) -> bool:
    """Whether what stands before a byte is whole: nothing, or text that ends as a sentence does."""
    first = max(0, at - _SENTENCE_LONGEST)
    before = first + len(raw[first:at].rstrip())
    return before == 0 or ends_sentence(raw, first, before)
