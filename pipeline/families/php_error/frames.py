"""Find every error of a page by its frame: the severity before it, and ``in PATH on line N`` behind it.

One pass reads heads and tails; each tail belongs to the nearest head that is still open. A message may hold anything,
also ``in``, so the path is looked for from the tail backward, and its length is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import regex
from msgspec import Struct

from pipeline.anchors import Hit, Literals
from pipeline.families.php_error import tokens
from pipeline.families.php_error.messages import is_known
from pipeline.model import Page, Span
from pipeline.patterns import lazy_compile

LONGEST_MESSAGE = 4096
LONGEST_TRACE = 65536
"""How far behind its head the tail of an uncaught exception may stand: its trace lies between."""
LONGEST_PATH = 1200
LONGEST_ROW = 2048
TRIES = 4
"""How many ``in`` are tried before a tail; a path may hold some of its own."""
NEAR_MISSES = 24
"""How many times ``in`` may turn up inside words before one that stands alone."""

_UNCAUGHT = lazy_compile(rb"Uncaught\s")
_THROWN = lazy_compile(rb"(?r)thrown")
_MAIN_BEFORE = lazy_compile(rb"(?r)\{main\}" + tokens.WHITE + rb"{1,8}")
"""The end of a trace, whose exception no error told of that is not uncaught."""
_NEXT = lazy_compile(tokens.WHITE + rb"{1,8}Next ")
_GLUED = lazy_compile(rb"(?<=[a-z])")
"""A word stands directly before."""
_BLANK_LINE = lazy_compile(rb"\n[ \t\r]*\n|\r[ \t]*\r(?!\n)")
_GOES_ON = lazy_compile(rb"[ \t]{0,8}[^\s<*]")
"""What goes on behind a number on its line."""
_ITEM = lazy_compile(rb"(?<=[\r\n])[0-9]{1,3}[.)][ \t]")
"""The number of an item in a list, on the line below."""
_CALL = lazy_compile(rb"[A-Za-z_\\][A-Za-z0-9_\\:]{0,200}\([^()\r\n]{0,200}\)(?: \[[^\[\]\r\n]{0,80}\])?:[ \t]{1,2}")
"""A function that reports an error of its own: what it says may begin like an error."""


class Place(Struct, frozen=True):
    """Where an error says that it happened.

    Attributes:
        start: First byte of the white space before ``in``.
        path: The bytes of the path.
        line: The number of the line.
        is_whole: Whether it is a full path, or code that has none; else it is a part of a path.
    """

    start: int
    path: Span
    line: int
    is_whole: bool


class Frame(Struct, frozen=True):
    """One error from severity to line number.

    Attributes:
        severity: The name of the severity; its start is where the anchor stands.
        message: What stands between head and place; the whole rest of it when there is no place.
        place: None for an error that a blank line or the end of the page cuts short.
        stop: First byte after the line number, or of what cuts it short.
    """

    severity: Span
    message: Span
    place: Place | None
    stop: int


def frames(page: Page) -> tuple[Frame, ...]:
    r"""Return the errors of a page in order of position, some perhaps cut short by a blank line or the page's end.

    >>> [frame.place.line for frame in frames(Page(b"Rain.\nNotice: Undefined index: x in /a.php on line 12\n"))]
    [12]
    """
    return tuple(_frames(page))


class _Open(Struct):
    """The head that waits for its tail, and how far the trace behind it has come."""

    head: regex.Match[bytes]
    is_uncaught: bool
    in_trace: bool = False
    trace_stop: int = -1

    @property
    def severity(self) -> Span:
        return Span(*self.head.span("severity"))

    @property
    def start(self) -> int:
        """First byte of the message."""
        return self.head.end()

    def reaches(self, at: int) -> bool:
        """Whether a tail at ``at`` is near enough to be that of this head."""
        return at - self.start <= (LONGEST_TRACE if self.is_uncaught else LONGEST_MESSAGE)

    def step(self, found: regex.Match[bytes]) -> None:
        """Note where a trace begins or ends."""
        if found["trace"] is not None:
            self.in_trace = self.is_uncaught
        elif self.in_trace and found["main"] is not None:
            self.in_trace, self.trace_stop = False, found.end()

    def holds(self, raw: bytes, inner: int) -> bool:
        """Whether a head at ``inner`` is part of this error: an argument in a trace, or what a call reports."""
        if self.in_trace and self.reaches(inner):
            line = raw.rfind(b"\n", max(self.start, inner - LONGEST_ROW), inner) + 1
            return not line or raw.startswith(b"#", line)
        call = _CALL.match(raw, self.start, inner)
        return call is not None and call.end() == inner

    def ends(self, raw: bytes, place: Place) -> bool:
        """Whether a place is that of this error, and not one that its trace or an exception in it names."""
        thrown = _THROWN.match(raw, self.start, place.start)
        if not self.is_uncaught:
            return thrown is None or _MAIN_BEFORE.match(raw, self.start, thrown.start()) is None
        if thrown:
            return True
        return not self.in_trace and (self.trace_stop < 0 or _NEXT.match(raw, self.trace_stop) is not None)


@cache
def _signs() -> Literals:
    return Literals(tokens.SIGNS)


def signs(raw: bytes) -> list[Hit]:
    """Return where :data:`tokens.SIGNS` stand, each by its number."""
    return _signs().hits(raw)


def _heads_and_tails(page: Page) -> Iterator[regex.Match[bytes]]:
    """Yield what :data:`tokens.HEAD_OR_TAIL` finds; it is asked only where one of its words stands, for it is slow."""
    raw, floor = page.raw, 0
    for at, number in page.once(signs):
        start = at
        if not number:
            on = tokens.ON_BEFORE.match(raw, floor, at)
            start = on.start() if on else at
        if start >= floor and (found := tokens.HEAD_OR_TAIL.match(raw, start)):
            yield found
            floor = found.end()


def _frames(page: Page) -> Iterator[Frame]:
    raw = page.raw
    head: _Open | None = None
    for found in _heads_and_tails(page):
        if found["severity"] is not None:
            begun = _begun(raw, found, head)
            if head is not None and begun is not head:
                yield from _broken_off(raw, head, found.start())
            head = begun
        elif head is None:
            continue
        elif found["line"] is None:
            head.step(found)
        elif not head.reaches(found.start()):
            yield from _broken_off(raw, head, found.start())
            head = None
        else:
            place = place_before(raw, head.start, found.start(), int(found["line"]))
            if place is None or not head.ends(raw, place) or _ITEM.match(raw, found.start("line")):
                continue
            message = Span(head.start, max(place.start, head.start))
            is_whole = head.is_uncaught or not _BLANK_LINE.search(raw, *message)
            if is_whole and not _is_of_text(raw, Span(*found.span("line")), found.start()):
                yield Frame(head.severity, message, place, found.end())
            else:
                yield from _broken_off(raw, head, found.end(), found.start() if is_whole else head.start)
            head = None
    if head is not None:
        yield from _last(page, head)


def _last(page: Page, head: _Open) -> Iterator[Frame]:
    """Give the error that is still open at the end of a page."""
    broken_off = tuple(_broken_off(page.raw, head, page.text_stop))
    yield from broken_off
    if not broken_off and page.text_stop - head.start <= LONGEST_TRACE:
        yield Frame(head.severity, Span(head.start, max(head.start, page.text_stop)), None, page.text_stop)


def _broken_off(raw: bytes, head: _Open, limit: int, lowest: int = 0) -> Iterator[Frame]:
    """Give the error that the first blank line ends before its place was told; ``lowest`` is known to be inside it."""
    limit = min(limit, head.start + (LONGEST_TRACE if head.is_uncaught else LONGEST_MESSAGE))
    trace = raw.find(tokens.TRACE, head.start, limit) if head.is_uncaught else -1
    blank = _BLANK_LINE.search(raw, max(lowest, head.start, trace), limit)
    if blank is not None:
        stop = head.start + len(raw[head.start : blank.start()].rstrip())
        yield Frame(head.severity, Span(head.start, stop), None, stop)


def _is_of_text(raw: bytes, number: Span, tail: int) -> bool:
    """Whether a blank line parts a number from ``on line``, and the text that begins with it goes on behind it."""
    return _BLANK_LINE.search(raw, tail, number.start) is not None and _GOES_ON.match(raw, number.stop) is not None


def _begun(raw: bytes, found: regex.Match[bytes], head: _Open | None) -> _Open | None:
    """Return the head that waits for its tail from the severity on that was found.

    What stands directly behind a word begins no error, but a message of PHP there belongs to no earlier head.
    """
    if _GLUED.match(raw, found.start()):
        return None if b" " in found["severity"] or is_known(raw, found.end()) else head
    if head is not None and head.holds(raw, found.start()):
        return head
    return _Open(found, _UNCAUGHT.match(raw, found.end()) is not None)


def place_before(raw: bytes, start: int, stop: int, line: int) -> Place | None:
    """Return the place that ends before the ``on line`` at ``stop``; None when no path stands there.

    The nearest whole path counts; where there is none, the nearest part of one.
    """
    lowest = max(start, stop - LONGEST_PATH)
    gap = tokens.GAP_BEFORE.match(raw, lowest, stop)
    if gap is None:
        return None
    path_stop = gap.start()
    part: Place | None = None
    tries = 0
    at = path_stop
    for _ in range(NEAR_MISSES):
        at = raw.rfind(b"in", lowest, at)
        if at < 0 or tries == TRIES:
            break
        behind = tokens.GAP_AT.match(raw, at + 2, path_stop)
        before = tokens.WHITE_BEFORE.match(raw, start, at)
        if behind is None or not (before or at == start):
            continue
        tries += 1
        path = tokens.PATH.fullmatch(raw, behind.end(), path_stop)
        if path is None:
            continue
        whole = path["part"] is None
        place = Place(before.start() if before else at, Span(behind.end(), path_stop), line, whole)
        if whole:
            return place
        part = part or place
    return part
