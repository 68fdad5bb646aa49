"""Where the string of a member ends: how many members are still to come tells what must stand behind it."""

from __future__ import annotations

from pipeline.families.php_dump import tokens
from pipeline.families.php_dump.breaks import leads_on
from pipeline.families.php_dump.landmarks import Landmark
from pipeline.families.php_dump.strings import FIRST, NEAREST, End, alike, guessed_end, measured_end
from pipeline.model import Page
from pipeline.patterns import lazy_compile

BEFORE_BRACE = Landmark(tokens.BEFORE_BRACE)
BEFORE_KEY = Landmark(tokens.BEFORE_KEY)
JSON_BEFORE_BRACE = Landmark(lazy_compile(tokens.AFTER_JSON + tokens.BEFORE_BRACE.pattern))
JSON_BEFORE_KEY = Landmark(lazy_compile(tokens.AFTER_JSON + tokens.BEFORE_KEY.pattern))

GUESSES = {NEAREST, FIRST}


def member_end(page: Page, start: int, length: int, *, last: bool, nearest: bool) -> End | None:
    """Return where the string of a member ends: by its bytes, by another scale, or by a guess; None when by neither.

    Args:
        page: The document.
        start: First byte of the payload.
        length: How many bytes it declares.
        last: Whether no other member is to follow, so that a closing brace must.
        nearest: Whether the closing quote nearest to the length is guessed; else the first.
    """
    raw, stop = page.raw, start + length
    if (quote := tokens.BEFORE_ANY.match(raw, stop)) and alike(page, start, quote[0]):
        return End(stop, quote.end())
    closings = [(BEFORE_BRACE, JSON_BEFORE_BRACE), (BEFORE_KEY, JSON_BEFORE_KEY)]
    if not last:
        closings.reverse()
    is_json = tokens.JSON_START.match(raw, start) is not None
    for closing, json_closing in closings:
        end = measured_end(page, start, length, closing)
        if end is None and (quote := tokens.BEFORE_SPACE.match(raw, stop)) and alike(page, start, quote[0]):
            end = End(stop, quote.end())
        end = end or guessed_end(page, start, length, json_closing if is_json else closing, nearest=nearest)
        if end and not (end.measure in GUESSES and leads_on(page, start, end.payload_stop)):
            return end
    return None
