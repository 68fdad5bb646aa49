"""Can a quote be one of prose? Prose opens the quotes that it closes, and in a way that shows.

An opening quote has a blank, a bracket or a dash before it and a word behind it; a closing one has a word or a full
stop before it. What a dumped string holds follows no such rule. So a quote at the end of a line is no quote of prose
where the last one before it closes in its turn, or opens nothing.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from pipeline.families.php_dump.landmarks import Landmark
from pipeline.model import Page, Span
from pipeline.patterns import lazy_compile

Opened: TypeAlias = Literal["yes", "perhaps", "no"]
QUOTES_MOST = 64
"""A text with so many quotes is not looked at further."""
_CAN_OPEN = lazy_compile(rb"(?<=[\s(\[{>\-/']|\xe2\x80[\x93\x94\x98]|\xc2\xa0|\A)")
_OPENS_A_WORD = lazy_compile(rb"(?!\s|[,.;:!?)\]}\\/\"]|&(?:quot|#0?34|#x0?22);|\xc2\xa0|\Z)")
_BEHIND_BLANK = lazy_compile(rb"(?<=\s|\xc2\xa0)")
_BEHIND_DIGIT = lazy_compile(rb"(?<=[0-9])")


def opened(page: Page, kind: Landmark, start: int, stop: int) -> Opened:
    r"""Return whether prose that begins anywhere behind ``start`` opens what the quote at ``stop`` closes.

    Args:
        page: The document.
        kind: The quotes of its kind.
        start: First byte of the payload. A quote right there stands behind the one of a head, and opens no prose.
        stop: First byte of the quote.

    >>> import regex
    >>> straight = Landmark(regex.compile(b'"'))
    >>> texts = b'"She said "no"', b'"cut";} off"', b'"a 5" pipe"', b'"he "said\n\nno"', b'"to " say "'
    >>> [opened(Page(text), straight, 1, len(text) - 1) for text in texts]
    ['yes', 'no', 'no', 'yes', 'perhaps']
    """
    quotes = [quote for quote in kind.following(page, start, QUOTES_MOST) if quote.start < stop]
    if len(quotes) == QUOTES_MOST:
        return "perhaps"
    stands_alone = _BEHIND_BLANK.match(page.raw, stop) is not None
    for quote in reversed(quotes):
        if quote.start == start:
            continue
        if _opens(page.raw, quote):
            return "yes"
        if _BEHIND_BLANK.match(page.raw, quote.start):
            if stands_alone:
                return "perhaps"  # as some set quotes, with blanks at both sides
        elif not _BEHIND_DIGIT.match(page.raw, quote.start):
            return "no"  # it closes, and nothing is opened behind it; one behind a digit may say inches
    return "no"


def _opens(raw: bytes, quote: Span) -> bool:
    return _CAN_OPEN.match(raw, quote.start) is not None and _OPENS_A_WORD.match(raw, quote.stop) is not None
