"""How the tokens of a dump look after what happens to text between a server and a corpus.

Editors make quotes curly, scrapers encode entities or leave them encoded, `wpautop` puts tags where line breaks stood,
typographers make arrows. Each fragment matches every variant of one token; grammars build their patterns of them and
call a reading repaired when a token is not as PHP prints it.
"""

from __future__ import annotations

import html

from pipeline.patterns import lazy_compile

QUOTE = (
    rb'(?:"|\xe2\x80[\x9c-\x9f]|\xe2\x80[\xb3\xb6]|\xc2[\xab\xbb]'
    rb"|&(?:quot|[lrb]dquo|laquo|raquo|Prime|#0?34|#x0?22|#822[0-2]|#8243|#171|#187);)"
)
"""A double quote: straight, curly, low, prime, guillemet, or the entity of one."""

SINGLE_QUOTE = rb"(?:'|\xe2\x80[\x98-\x9b\xb2]|&(?:apos|[lrs]s?quo|prime|#0?39|#x0?27|#821[6-8]|#8242);)"
"""A single quote, likewise."""

ARROW = rb"(?:=(?:>|&gt;|&#0?62;|&#x3e;)|\xe2\x87\x92|&rArr;|&#8658;)"
"""The arrow between key and value."""

BLANK = rb"(?:[ \t\r\n]|\xc2\xa0|&nbsp;|&#160;|<br ?/?>|</?p>)"
"""White space between tokens, and what stands in its place; a run of it is matched with a bounded repetition."""
BLANK_LINE = rb"\n[ \t\r]*+\n|\r[ \t]*+\r"
"""A line break, and a blank line behind it."""

ELLIPSIS = rb"(?:\xe2\x80\xa6|\.\.\.|&hellip;|&#8230;|\[\.\.\.\]|\[\xe2\x80\xa6\]|\[&hellip;\]|\[&#8230;\])"
"""What an excerpt puts where it was cut off."""

WHITE = rb"(?:%b){0,4096}+" % BLANK
"""A run of white space between tokens; possessive, so it never gives a byte back."""

_WHITE_RUN = lazy_compile(WHITE)
_WHITE_LEAD = b" \t\r\n\xc2&<"


def after_white(raw: bytes, at: int) -> int:
    """Return the first byte at or behind ``at`` that is neither white space nor what stands in its place.

    A pattern of white space and a literal behind it would look for the literal far ahead first, each time.

    >>> after_white(b"(&nbsp;<br> [", 1)
    12
    """
    if raw[at : at + 1] in _WHITE_LEAD and (found := _WHITE_RUN.match(raw, at)):
        return int(found.end())
    return at


def decoded(raw: bytes) -> bytes:
    """Return text whose entities were left encoded, decoded once.

    >>> decoded(b"Q&amp;A")
    b'Q&A'
    """
    return html.unescape(raw.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
