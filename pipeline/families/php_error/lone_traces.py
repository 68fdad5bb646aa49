"""Traces and call stacks of PHP that have lost their error: it was written to a log, or scraped away."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_error import tokens
from pipeline.families.php_error.call_stacks import read_call_stack
from pipeline.families.php_error.errors import FAMILY
from pipeline.families.php_error.traces import STACK_TRACE, Trace, read_rows
from pipeline.model import Claim, Span
from pipeline.patterns import lazy_compile

_BEGINS = lazy_compile(
    rb"(?P<head>(?<![\w.\-])Stack trace:)|(?P<row>(?<![\w&])#0 (?=/|[A-Za-z]:[\\/]|\[internal function\]))"
    rb"|(?P<stack>(?<!\w)Call Stack)"
)
_THROWN = lazy_compile(
    tokens.WHITE + rb"{1,8}thrown(?: in [^\r\n]{1,1000}? on line [0-9]{1,9}(?![0-9])|(?=[ \t]*(?:[\r\n<]|\Z)))"
)
"""What PHP prints behind a trace; the word alone where the rest of its line is gone."""


def lone_traces(raw: bytes, taken: Iterable[Claim]) -> dict[int, Claim]:
    r"""Return the traces of a page that belong to no error, by the position where each begins.

    Args:
        raw: The page.
        taken: The errors that were found on it, with the traces that are theirs.

    >>> [claim.rule for claim in lone_traces(b"Stack trace:\n#0 /srv/a.php(3): f()\n#1 {main}", []).values()]
    ['trace']
    """
    claims: dict[int, Claim] = {}
    spans = sorted(claim.span for claim in taken)
    floor = place = 0
    for begins in _BEGINS.finditer(raw):
        at = begins.start()
        while place < len(spans) and spans[place].stop <= at:
            place += 1
        if at < floor or (place < len(spans) and spans[place].start <= at):
            continue
        trace = _read(raw, begins)
        if trace is None or not any(isinstance(row, dict) and "file" in row for row in trace.rows):
            continue
        thrown = _THROWN.match(raw, trace.stop)
        floor = thrown.end() if thrown else trace.stop
        value = as_json({"frames": trace.rows})
        span = Span(at, floor)
        if trace.whole:
            claims[at] = Claim(span, FAMILY, "trace", "exact", value=value, resume=floor)
        else:
            claims[at] = Claim(span, FAMILY, "trace", "truncated", "the page ends in it", value=value, resume=floor)
    return claims


def _read(raw: bytes, begins: regex.Match[bytes]) -> Trace | None:
    """Read what begins there; the readers of rows and stacks want the white space that stands before them."""
    at = begins.start()
    if begins["head"]:
        return read_rows(raw, at + len(STACK_TRACE), len(raw))
    read = read_call_stack if begins["stack"] else _rows
    if at:
        return read(raw, at - 1)
    trace = read(b" " + raw, 0)
    return Trace(trace.rows, trace.stop - 1, trace.whole) if trace else None


def _rows(raw: bytes, at: int) -> Trace | None:
    return read_rows(raw, at, len(raw))
