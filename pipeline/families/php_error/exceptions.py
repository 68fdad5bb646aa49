"""Exceptions that a page printed itself: their own line and a trace, with no severity before them."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from pipeline.families.glued import behind_word
from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_error import messages, traces
from pipeline.families.php_error.errors import FAMILY, NOT_AS_PRINTED
from pipeline.model import Claim, Page, Span, Status
from pipeline.patterns import lazy_compile

LONGEST_MESSAGE = 4096
_UNCAUGHT = rb"(?:(?:(?:<br />[ \t\r\n]{0,4})?<b>|PHP )?Fatal error(?:</b>)?:[ \t]{1,2})?Uncaught "
_PATH_BEGINS = rb" in (?:/|[A-Za-z]:[\\/]|\\\\|[a-z]{2,8}://)"
_CLASS = lazy_compile(
    rb"(?<![A-Za-z0-9_\\])(?<!exception (?:'|&#39;|&#039;))(?P<uncaught>" + _UNCAUGHT + rb")?"
    rb"(?:exception (?:'|&#0?39;)[A-Za-z_\\]"
    rb"|(?P<name>[A-Za-z_\\][A-Za-z0-9_\\@]{0,300})(?:(?P<mute>(?=" + _PATH_BEGINS + rb"))|(?=: )))"
)  # fmt: skip
"""The name of an exception's class, with what PHP prints before one that nobody caught."""
_TELLING = lazy_compile(rb"Exception|Error|[A-Za-z0-9_]\\[A-Z]")
_STACK_TRACE = lazy_compile(regex.escape(traces.STACK_TRACE))
_BLANK_LINE = lazy_compile(rb"\n[ \t\r]*\n|\r[ \t]*\r(?!\n)")


def exceptions(page: Page, errors: Iterable[Claim]) -> dict[int, Claim]:
    r"""Return the exceptions of a page by the position of ``Stack trace:``, without those that an error tells of.

    >>> page = Page(b"Rain.\nLogicException: no in /a.php:3\nStack trace:\n#0 {main}")
    >>> [claim.span.of(page.raw)[:14] for claim in exceptions(page, []).values()]
    [b'LogicException']
    """
    taken = sorted(claim.span for claim in errors if claim.is_cut)
    claims: dict[int, Claim] = {}
    floor = position = 0
    for found in _STACK_TRACE.finditer(page.raw):
        at = found.start()
        while position < len(taken) and taken[position].stop <= at:
            floor = max(floor, taken[position].stop)
            position += 1
        if at < floor or (position < len(taken) and taken[position].start <= at):
            continue
        if claim := _exception(page, floor, at):
            claims[at] = claim
            floor = claim.span.stop
        floor = max(floor, found.end())
    return claims


def _exception(page: Page, floor: int, at: int) -> Claim | None:
    raw = page.raw
    start = _start(raw, max(floor, at - LONGEST_MESSAGE), at)
    if start is None:
        return None
    head = _CLASS.match(raw, start)
    skip = len(head["uncaught"] or b"") if head else 0
    found = traces.read_exceptions(raw, start + skip, page.text_stop)
    if found is None:
        return None
    read, stop, whole = found
    rule = "uncaught" if skip else "exception"
    status: Status = "exact"
    reason = ""
    if not whole:
        if stop < page.text_stop:
            return None
        status, reason = "truncated", "the document ends inside the trace"
    elif skip:
        status, reason = "repaired", "the line that tells where it was thrown is missing"
    elif b"\nStack trace:\n#0 " not in raw[start:stop]:
        status, reason = "repaired", NOT_AS_PRINTED
    return Claim(Span(start, stop), FAMILY, rule, status, reason, value=as_json({"exceptions": read}), resume=stop)


def _start(raw: bytes, lowest: int, at: int) -> int | None:
    """Return where the line of an exception begins whose trace stands at ``at``.

    The last class that begins a line counts, one whose name tells before any other; inside a line, only such a one.
    """
    stop = len(raw[lowest:at].rstrip()) + lowest
    for blank in _BLANK_LINE.finditer(raw, lowest, stop):
        lowest = blank.end()
    lowest += len(raw[lowest:stop]) - len(raw[lowest:stop].lstrip())
    best = (-1, 0)
    for found in _CLASS.finditer(raw, lowest, stop):
        begins = found.start() == lowest or raw[found.start() - 1 : found.start()] in {b"\n", b"\r", b">"}
        if found["name"] is None or _TELLING.search(found["name"]):
            best = max(best, (2 + begins, found.start()))
        elif begins and not found["name"][:1].islower() and not messages.SENTENCES.search(raw, found.end(), stop):
            best = max(best, (int(found["mute"] is None), found.start()))
    if best[0] < 0:
        return None
    head = _CLASS.match(raw, best[1])
    return behind_word(raw, best[1], head.end("name")) if head and head["name"] else best[1]
