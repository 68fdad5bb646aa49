"""Traces and call stacks of PHP that have lost their error: it was written to a log, or scraped away."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import regex
from msgspec.structs import replace

from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_error import tokens
from pipeline.families.php_error.backtraces import read_backtrace
from pipeline.families.php_error.call_stacks import read_call_stack
from pipeline.families.php_error.errors import FAMILY
from pipeline.families.php_error.traces import Trace, read_rows
from pipeline.model import Claim, Span
from pipeline.patterns import lazy_compile

_BEGINS = lazy_compile(
    rb"(?P<head>(?<![\w.\-])Stack trace:)"
    rb"|(?P<row>(?<![\w&])#0 (?=/|[A-Za-z]:[\\/]|\[internal function\]| [A-Za-z_\\{]))"
    rb"|(?P<stack>(?<!\w)Call Stack)"
)
_THROWN = lazy_compile(
    tokens.WHITE + rb"{1,8}thrown(?: in [^\r\n]{1,1000}? on line [0-9]{1,9}(?![0-9])|(?=[ \t]*(?:[\r\n<]|\Z)))"
)
"""What PHP prints behind a trace; the word alone where the rest of its line is gone."""
_BLANK_LINE = lazy_compile(rb"[ \t]{0,8}+(?:\r?\n[ \t]{0,8}+){2,64}+(?=\S)|\s{0,64}+\Z")
_SAID = lazy_compile(rb"\S")
_ROW_BELOW = lazy_compile(rb"[ \t]{0,8}+(?:" + tokens.BREAK + rb")?(?:\r\n|\n|\r|(?<=>))(?=#0 )")


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
            why = "its last frames are missing" if _SAID.search(raw, floor) else "the page ends in it"
            claims[at] = Claim(span, FAMILY, "trace", "truncated", why, value=value, resume=floor)
    return claims


def _read(raw: bytes, begins: regex.Match[bytes]) -> Trace | None:
    """Read what begins there; the readers of rows and stacks want the white space that stands before them."""
    at = begins.start()
    if begins["stack"]:
        return _behind_white(raw, at, read_call_stack)
    if begins["head"]:
        first = _ROW_BELOW.match(raw, begins.end())
        trace, printed = _rows(raw, begins.end()), read_backtrace(raw, first.end()) if first else None
        printed = replace(printed, whole=False) if printed else None
    else:
        trace, printed = _behind_white(raw, at, _rows), read_backtrace(raw, at)
    return printed if printed and (trace is None or _is_parted(raw, printed)) else trace


def _is_parted(raw: bytes, printed: Trace) -> bool:
    """Whether the page ends behind frames, or a blank line parts them from what follows, and that is no frame."""
    blank = _BLANK_LINE.match(raw, printed.stop)
    return blank is not None and not raw.startswith(b"#%d " % len(printed.rows), blank.end())


def _behind_white(raw: bytes, at: int, read: Callable[[bytes, int], Trace | None]) -> Trace | None:
    """Read from the byte before a place on; at the beginning of a page one is put there."""
    if at:
        return read(raw, at - 1)
    trace = read(b" " + raw, 0)
    return Trace(trace.rows, trace.stop - 1, trace.whole) if trace else None


def _rows(raw: bytes, at: int) -> Trace | None:
    return read_rows(raw, at, len(raw))
