"""Is a payload the beginning of JSON, as far as it goes?

JSON closes its own strings and prints no line break in them. So prose behind one that broke off is either the rest of
its last string, or it is no JSON from there on: what can be read to its last byte, and has no words in its last
string, holds no prose.
"""

from __future__ import annotations

import regex

from pipeline.families.php_dump.root_strings import HEAD, HEADS_MOST
from pipeline.families.php_dump.tokens import ANY_DOTS
from pipeline.model import Page
from pipeline.patterns import lazy_compile

_TEXT = rb"(?:[^\"\\\x00-\x1f]++|\\[^\x00-\x1f])*+"
_STRING = rb"\"" + _TEXT + rb"\""
_LITERAL = rb"(?:-?[0-9][-+0-9.eE]*+|true|false|null)"
_GAP = rb"[ \t]{0,8}+"
BEGUN = lazy_compile(
    rb"%b(?:[\[{]%b){1,8}+%b%b:%b(?:%b|%b)(?=%b[,}\]])" % (_GAP, _GAP, _STRING, _GAP, _GAP, _STRING, _LITERAL, _GAP)
    + rb"(?:[\[\]{},: \t]++|%b|%b)*+(?P<open>\"%b\\?+)?" % (_STRING, _LITERAL, _TEXT)
)
"""A first member that is whole, and other tokens, of which the last string may be open."""
WHITE = lazy_compile(rb"\s")


def breaks_off_in_json(page: Page, start: int, stop: int) -> bool:
    r"""Whether a text is a list or an object in JSON that breaks off somewhere behind its first member.

    With dots in the midst of its open string it may have been an excerpt, and prose stand behind them.

    >>> [breaks_off_in_json(Page(text), 0, len(text)) for text in (b'[{"id":7,"title":"Wet qu', b'[{"id":7,"ti"Rain')]
    [True, False]
    """
    found = _read(page, start, stop)
    return found is not None and ANY_DOTS.search(found["open"] or b"") is None


def ends_in_a_word_of_json(page: Page, start: int, stop: int) -> bool:
    r"""Whether such a text ends where no prose can be: its last string, if it is open, holds no blank.

    >>> [ends_in_a_word_of_json(Page(text), 0, len(text)) for text in (b'{"id":7,"at":"a.', b'{"id":7,"at":"It is.')]
    [True, False]
    """
    found = _read(page, start, stop)
    return found is not None and WHITE.search(found["open"] or b"") is None


def _read(page: Page, start: int, stop: int) -> regex.Match[bytes] | None:
    if HEAD.count(page, start, stop) > HEADS_MOST:
        return None  # so that no byte is read for many heads
    return BEGUN.fullmatch(page.raw, start, stop)
