"""A word of the text that a name was printed right behind: ``the harbourstdClass Object``, ``Read morewindow.x = 1``.

Where line breaks are dropped, the last word of a heading and the first name of a leak become one. Where that name is
one that only programs have, or its first capital letter stands inside it in mid-sentence, the word is kept.
"""

from __future__ import annotations

from pipeline.patterns import lazy_compile

_WORD = rb"[A-Za-z0-9\x80-\xff]{1,60}?"
_KNOWN = lazy_compile(
    _WORD + rb"(?=(?:stdClass\Z|jQuery[0-9_.]|(?:window|document)\.[A-Za-z_$]))"
    rb"|" + _WORD + rb"\.?(?=/(?:srv|var|home|usr|opt|tmp|Users)/)|"
    rb"(?!(?:com|org|net|io|sun|ch|de|fr)\.)"
    + _WORD
    + rb"\.?(?=(?:java|javax|jakarta)\.[a-z]{2}|(?:System|Microsoft)\.[A-Z])"
)
"""A word before a name that is known for its beginning."""
_CAPITAL = lazy_compile(
    rb"(?!stdClass\Z)[a-z][a-z0-9\x80-\xff]{2,40}(?=[A-Z][a-z]|[A-Z]{3})|[a-z][a-z0-9]{0,40}(?=\\[A-Z])"
)
"""A word in small letters before a name that begins with a capital letter or with the sign of its namespace.

Of the classes that PHP itself has, one has a capital letter inside and none before it.
"""
_INSIDE_WORD = lazy_compile(rb"(?r)(?:\xc3[\x80-\xbf]|[\xc4-\xd4][\x80-\xbf])")
_INSIDE_ELISION = lazy_compile(rb"(?r)[A-Za-z\x80-\xff](?:'|\xe2\x80\x99)")
"""What stands before a name that was read from the midst of a word: a letter that no name of a program has, or the
apostrophe of ``O'Neill``."""
_REST_OF_WORD = lazy_compile(rb"[a-z0-9]{1,40}(?=[A-Z\\])")
_REST_OF_ELISION = lazy_compile(rb"[A-Z]?[a-z0-9]{1,40}(?=[A-Z\\])")
_IN_SENTENCE = lazy_compile(rb"(?r)[^\s.!?>)\]}][\"']?[ \t]{1,8}")
_BEFORE_LONGEST = 12


def behind_word(raw: bytes, start: int, stop: int) -> int:
    """Return where a name begins that was read backward from ``stop`` to ``start``: behind a word of the text, if any.

    >>> text = b"at the harbourstdClass, the quayFerry, myFerry"
    >>> behind_word(text, 7, 22), behind_word(text, 28, 37), behind_word(b"quayFerry", 0, 9)
    (14, 32, 0)
    >>> behind_word("größteFerry".encode(), 6, 13)
    8
    """
    if (known := behind_word_before_known(raw, start, stop)) > start:
        return known
    inside = _REST_OF_WORD if _INSIDE_WORD.match(raw, max(0, start - 2), start) else None
    inside = _REST_OF_ELISION if _INSIDE_ELISION.match(raw, max(0, start - 4), start) else inside
    if inside and (rest := inside.match(raw, start, stop)):
        return rest.end()
    capital = _CAPITAL.match(raw, start, stop)
    if capital and _IN_SENTENCE.match(raw, max(0, start - _BEFORE_LONGEST), start):
        return capital.end()
    return start


def behind_word_before_known(raw: bytes, start: int, stop: int) -> int:
    """Return the same where a capital letter says nothing, as in names of functions.

    >>> behind_word_before_known(b"Read morewindow.x", 5, 17), behind_word_before_known(b"loadMore", 0, 8)
    (9, 0)
    """
    found = _KNOWN.match(raw, start, stop)
    return found.end() if found else start
