"""Where a text of a declared length ends, when its length may not be what it was.

Entities may be encoded or decoded since, white space may have collapsed, bytes may have become characters. So a length
is tried in several measures, and only at places where a closing quote stands that something structural follows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

import regex

from pipeline.families.php_dump.damage import QUOTE, SINGLE_QUOTE
from pipeline.families.php_dump.tokens import JSON_START
from pipeline.families.php_dump.view import View, decoded
from pipeline.families.php_dump.xdebug.tokens import LINE_ENDS, TEXT_STRING
from pipeline.patterns import lazy_compile

CANDIDATES = 64
"""Closing quotes of one text that are tried at most."""
ORPHANS = lazy_compile(rb"(?<![\xe0-\xef][\x80-\xbf]|[\xc2-\xef])(?=[\x90-\xbf][\x80-\xbf]{2})")
UTF8_CONTINUATION = lazy_compile(rb"[\x80-\xbf]+")
STRAIGHT = lazy_compile(rb'"')
TYPED = lazy_compile(QUOTE + rb"|" + SINGLE_QUOTE)
FOUR_BYTES = lazy_compile(rb"[\xf0-\xf7]")


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a text ends.

    Attributes:
        stop: Place behind its last byte.
        closer: Its closing quote with what belongs to it.
        fits: Whether the raw bytes or the decoded ones have exactly the declared length.
        text: The text itself.
        cut: Whether the tool that printed it left some of it out.
    """

    stop: int
    closer: regex.Match[bytes]
    fits: bool
    text: bytes
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Closer:
    """What a closing quote looks like; the group ``cut`` is the tool's mark of a text that it cut short.

    Attributes:
        any: Where a measure fits.
        exact: Where the text has just the bytes that are declared.
        guessed: Where no measure fits, and the quote is only near.
        sure: A quote with what only a dump prints behind it: where tags were dropped a text is shorter by any length.
        breaks_off: Whether a mark that ends the document is that of an excerpt, and a quote there may stand within.
        last: What ends a text that was left short, and the root with it, where no other end fits; None where members
            are due.
        alone: Whether the text is the whole value, so that dots behind its quote may be the page's own.
    """

    any: regex.Pattern[bytes]
    exact: regex.Pattern[bytes]
    guessed: regex.Pattern[bytes]
    sure: regex.Pattern[bytes]
    breaks_off: bool = False
    last: regex.Pattern[bytes] | None = None
    alone: bool = False


def fitting(view: View, start: int, stop: int, declared: int, escape: bytes = b"") -> tuple[bool, bytes] | None:
    """Return whether a text is exact and the text, when a measure of it is the declared length; None otherwise.

    Args:
        view: The document.
        start: Place of its first byte.
        stop: Place behind its last.
        declared: The length it ought to have, in bytes.
        escape: How the tool prints a NUL byte.
    """
    far = stop - start < declared // 4 or stop - start > 8 * declared + 8
    if far and view.start(stop) - view.end(start) != declared:
        return None
    raw = view.between(start, stop)
    nul = b"\0" if escape else b""
    for text in (raw, raw.replace(escape, nul) if escape and escape in raw else None):
        if text is not None and len(text) == declared:
            return True, text
    if far:
        return None
    fits_otherwise = _changed_length(view, start, raw) == declared
    plain = raw if fits_otherwise else decoded(raw)
    twice = plain if fits_otherwise else decoded(plain)
    for text in (plain, plain.replace(escape, nul) if escape and escape in plain else None, twice):
        if text is not None and len(text) == declared:
            return True, text
    points = code_points(plain)
    if fits_otherwise or declared in (points, points + len(FOUR_BYTES.findall(plain))):
        return False, plain
    return None


def _changed_length(view: View, start: int, raw: bytes) -> int:
    """Return how long a text was before what its opening quote speaks for: curly quotes, or bytes made characters."""
    if is_as_printed(view, start) or view.raw[view.start(start - 1)] in b"'&<":
        return code_points(raw)
    return len(TYPED.sub(b"'", raw))


def code_points(text: bytes) -> int:
    """Return how many characters a text has, as far as it is UTF-8."""
    return len(text) - sum(len(run) for run in UTF8_CONTINUATION.findall(text))


def with_first_bytes(text: bytes) -> bytes:
    r"""Return a text with the first byte of each emoji, which Xdebug's HTML drops as it drops all bytes from F0 on.

    Text that is not UTF-8 with them either comes back as it is. Characters of planes beyond the third have no F0.

    >>> with_first_bytes(b"\x9f\x9a\xa2 ahoy").decode()
    '🚢 ahoy'
    """
    if _is_utf8(text):
        return text
    whole = ORPHANS.sub(b"\xf0", text)
    return whole if _is_utf8(whole) else text


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _measured(view: View, start: int, declared: int, closer: Closer, escape: bytes) -> Ending | None:
    """Return where a text ends whose bytes, as they stand or as they were typed, are as many as declared."""
    is_printed = is_as_printed(view, start)
    typed = closer.any.match(view.text, start + declared)
    if typed and not typed["cut"] and not is_printed and view.raw[view.start(start - 1)] not in b"&<":
        text = view.between(start, start + declared)
        if len(TYPED.sub(b"'", text)) == declared:
            return Ending(start + declared, typed, fits=False, text=text)
    for place in (view.place(view.end(start) + declared), start + declared):
        exact = closer.exact if is_printed else closer.sure
        if exact.match(view.text, place) and (found := closer.exact.match(view.text, place)) and not found["cut"]:
            fit = fitting(view, start, place, declared, escape)
            if fit and fit[0]:
                return Ending(place, found, fits=True, text=fit[1])
    return None


def ending(view: View, start: int, declared: int, closer: Closer, escape: bytes = b"") -> Ending | None:
    """Return where a text ends whose length was printed before it; None where no closing quote fits.

    Args:
        view: The document.
        start: Place of the first byte of the text.
        declared: Its length in bytes, as printed.
        closer: What its closing quote looks like.
        escape: How the tool prints a NUL byte.
    """
    measured = _measured(view, start, declared, closer, escape)
    is_json = JSON_START.match(view.text, start) is not None
    if measured and (not is_json or view.text.endswith((b"]", b"}"), start, measured.stop)):
        is_sure = not closer.breaks_off or closer.sure.match(view.text, measured.stop)
        return measured if is_sure else _surer(view, start, declared, closer, escape, before=measured.stop) or measured
    # A list in JSON may have grown, and its length fall on a quote within.
    found = _sought(view, start, declared, closer, escape) or measured
    return found or (_before_dots(view, start, declared, escape) if closer.alone else None)


def _before_dots(view: View, start: int, declared: int, escape: bytes) -> Ending | None:
    """Return where a text ends that has just the bytes that are declared: dots behind its quote are not the tool's."""
    place = view.place(view.end(start) + declared)
    quote = STRAIGHT.match(view.text, place)
    fit = fitting(view, start, place, declared, escape) if quote else None
    return Ending(place, quote, fits=True, text=fit[1]) if quote and fit and fit[0] else None


def _sought(view: View, start: int, declared: int, closer: Closer, escape: bytes) -> Ending | None:
    """Return where a text ends that no measure leads to at once: at the first quote that fits, or at the nearest."""
    is_json = JSON_START.match(view.text, start) is not None
    window = max(16, declared // 3)
    is_printed = is_as_printed(view, start)
    nearest = fitted = left_short = None
    last = min(len(view.text), start + 3 * declared + 64)
    for found in _candidates(view, start, last, closer):
        place = found.start()
        if found["cut"]:
            if found.end() >= view.stop and closer.breaks_off:
                fit = fitting(view, start, place, declared, escape)
                return Ending(place, found, fit[0], fit[1]) if fit else nearest
            marked = closer.sure.match(view.text, place) or LINE_ENDS.match(view.text, found.end())
            if marked and place - start <= 4 * declared:
                return Ending(place, found, fits=True, text=_plain(view, start, place), cut=True)
            if not left_short and closer.last and place - start < declared and closer.last.match(view.text, place):
                left_short = Ending(place, found, fits=True, text=_plain(view, start, place), cut=True)
            continue
        fit = fitting(view, start, place, declared, escape) if abs(place - start - declared) <= 2 * declared else None
        if fit and (not is_json or view.text.endswith((b"]", b"}"), start, place)):
            if is_printed or closer.sure.match(view.text, place):
                return Ending(place, found, fit[0], fit[1])
            fitted = fitted or Ending(place, found, fit[0], fit[1])
        if place - start <= declared + window and closer.sure.match(view.text, place):
            return Ending(place, found, fits=False, text=_plain(view, start, place))
        off = abs(place - start - declared)
        ends = found.end() < view.stop or not closer.breaks_off
        guessed = ends and closer.guessed.match(view.text, place) is not None
        guessed &= not is_json or view.text.endswith((b"]", b"}"), start, place)
        if guessed and off <= window and (nearest is None or off < abs(nearest.stop - start - declared)):
            nearest = Ending(place, found, fits=False, text=_plain(view, start, place))
    return fitted or nearest or left_short


def _candidates(view: View, start: int, last: int, closer: Closer) -> Iterator[regex.Match[bytes]]:
    """Yield closing quotes; behind the first that may be the last of a text left short, those before another string."""
    is_sought = closer.last is not None
    for place in _between(view.starts(closer.any), start, last):
        if place > last:
            return
        found = closer.any.match(view.text, place)
        if found is None:
            continue
        yield found
        if is_sought and closer.last and found["cut"] and closer.last.match(view.text, place):
            is_sought = False
            last = next(_between(view.starts(TEXT_STRING), found.end(), last), last)


def _between(places: Sequence[int], start: int, last: int) -> Iterator[int]:
    """Yield the first of some ordered places between two others."""
    index = bisect_left(places, start)
    return takewhile(last.__gt__, islice(places, index, index + CANDIDATES))


def _surer(view: View, start: int, declared: int, closer: Closer, escape: bytes, *, before: int) -> Ending | None:  # noqa: PLR0913 - what a text is measured by
    """Return where a text that was left short before a place ends, or where another measure of it leads.

    Only a dump prints what stands there; None where there is no such end.
    """
    last = min(len(view.text), start + 3 * declared + 64)
    for place in _between(view.starts(closer.sure), start, last):
        found = closer.any.match(view.text, place)
        if found and found["cut"] and place < before:
            return Ending(place, found, fits=True, text=_plain(view, start, place), cut=True)
        fit = fitting(view, start, place, declared, escape) if found else None
        if found and fit and not found["cut"]:
            return Ending(place, found, fit[0], fit[1])
    return None


def _plain(view: View, start: int, stop: int) -> bytes:
    """Return a text without its entities, where the quote before it is one."""
    text = view.between(start, stop)
    return decoded(text) if view.raw.startswith((b"&", b"<"), view.start(start - 1)) else text


def is_as_printed(view: View, start: int) -> bool:
    """Whether the quote before a text is a straight one: else quotes were changed, and lengths fit by chance."""
    return view.raw.startswith(b'"', view.start(start - 1))
