"""Where the string of a member ends: how many members are still to come tells what must stand behind it."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.families.php_dump import tokens
from pipeline.families.php_dump.breaks import leads_on
from pipeline.families.php_dump.damage import QUOTE
from pipeline.families.php_dump.landmarks import Landmark
from pipeline.families.php_dump.root_strings import is_json
from pipeline.families.php_dump.scales import spoken_for
from pipeline.families.php_dump.strings import (
    FIRST,
    NEAREST,
    End,
    alike,
    guessed_end,
    measured_end,
    nearest_end,
    window,
)
from pipeline.model import Page
from pipeline.patterns import lazy_compile

BEFORE_BRACE = Landmark(tokens.BEFORE_BRACE)
BEFORE_KEY = Landmark(tokens.BEFORE_KEY)
JSON_BEFORE_BRACE = Landmark(lazy_compile(tokens.AFTER_JSON + tokens.BEFORE_BRACE.pattern))
JSON_BEFORE_KEY = Landmark(lazy_compile(tokens.AFTER_JSON + tokens.BEFORE_KEY.pattern))

BY_INDENT = "the closing quote that its indent fits"
"""How a string ends whose line is followed by one with the indent of the next member, or of the closing brace."""
GUESSES = {NEAREST, FIRST, BY_INDENT}
AT_INDENT = lazy_compile(
    rb"%b(?:%b%b)?\r?\n(?P<indent> {0,600}+)(?P<next>[\[}])" % (QUOTE, tokens.GAP, tokens.REFCOUNTED)
)
LINE_CLOSERS = Landmark(AT_INDENT)
CLOSERS_MOST = 12
"""So many quotes at the end of a line are looked at."""


class Place(NamedTuple):
    """Where a member stands.

    Attributes:
        depth: How many containers are open.
        last: Whether no other member is to follow, so that a closing brace must.
    """

    depth: int
    last: bool


def member_end(page: Page, start: int, length: int, place: Place, *, nearest: bool) -> End | None:
    """Return where the string of a member ends: by its bytes, by another scale, or by a guess; None when by neither.

    Args:
        page: The document.
        start: First byte of the payload.
        length: How many bytes it declares.
        place: Where the member stands.
        nearest: Whether the closing quote nearest to the length is guessed; else the first.
    """
    raw, stop = page.raw, start + length
    holds_json = tokens.JSON_START.match(raw, start) is not None
    if (quote := tokens.BEFORE_ANY.match(raw, stop)) and alike(page, start, quote[0]):
        return (_whole_json(page, start, length, place) if holds_json else None) or End(stop, quote.end())
    indented = _indented_end(page, start, length, place)
    closings = [(BEFORE_BRACE, JSON_BEFORE_BRACE), (BEFORE_KEY, JSON_BEFORE_KEY)]
    if not place.last:
        closings.reverse()
    for closing, json_closing in closings:
        end = measured_end(page, start, length, json_closing) if holds_json else None
        end = end or measured_end(page, start, length, closing)
        quote = tokens.BEFORE_SPACE.match(raw, stop) if raw.startswith(b'"', start - 1) else None
        if end is None and quote and alike(page, start, quote[0]):
            end = End(stop, quote.end())
        if indented and (end is None or end.payload_stop > indented.payload_stop):
            return indented
        end = end or guessed_end(page, start, length, json_closing if holds_json else closing, nearest=nearest)
        if end and not (end.measure in GUESSES and leads_on(page, start, end.payload_stop)):
            return end
    return None


def _whole_json(page: Page, start: int, length: int, place: Place) -> End | None:
    """Return where a list or object in JSON ends that has grown: its length may fall on a quote within, by chance."""
    if page.raw.startswith((b"]", b"}"), start + length - 1):
        return None
    end = nearest_end(page, start, length, JSON_BEFORE_BRACE if place.last else JSON_BEFORE_KEY)
    return end if end and is_json(page.raw[start : end.payload_stop]) else None


def _indented_end(page: Page, start: int, length: int, place: Place) -> End | None:
    """Return the first closing quote behind which a line is indented as it must be; None when none is near.

    Most damage makes texts shorter, and chance lets a length end at a later quote. Indents are no chance.
    """
    indent, following = 2 * (place.depth - place.last), b"}" if place.last else b"["
    for closer in LINE_CLOSERS.following(page, start, CLOSERS_MOST):
        found = AT_INDENT.match(page.raw, closer.start)
        if found is None or len(found["indent"]) != indent or found["next"] != following:
            continue
        quote = tokens.ANY_QUOTE.match(page.raw, closer.start)
        if quote is None or not alike(page, start, quote[0]):
            continue
        near = spoken_for(page, start).size(page, start, closer.start) <= length + window(length)
        return End(closer.start, quote.end(), BY_INDENT) if near else None
    return None
