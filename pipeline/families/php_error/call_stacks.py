"""Call stacks that Xdebug prints behind an error: on a console, in a table whose tags are gone, and in a log."""

from __future__ import annotations

from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.php_error import tokens
from pipeline.families.php_error.messages import SENTENCES
from pipeline.families.php_error.traces import LONGEST_ROW, MOST_ROWS, Trace
from pipeline.patterns import lazy_compile

_W = tokens.WHITE
_LOG = _W + rb"{1,8}(?:" + tokens.CLOCK + _W + rb"{1,4})?PHP" + _W + rb"{1,4}"
_HEAD = lazy_compile(_W + rb"{1,8}Call Stack:?(?=" + _W + rb")|" + _LOG + rb"Stack trace:")
_COLUMNS = lazy_compile((_W + rb"{1,8}").join([b"", b"#", b"Time", b"Memory", b"Function", b"Location"]))
_TIME = rb"(?P<time>[0-9]{1,5}\.[0-9]{1,6})" + _W + rb"{1,16}(?P<memory>[0-9]{1,12})" + _W + rb"{1,8}"
_ROW = lazy_compile(
    rb"(?:" + _W + rb"{1,16}(?:" + _TIME + rb"[0-9]{1,4}\. |[0-9]{1,4}" + _W + rb"{1,8}" + _TIME + rb")"
    rb"|" + _LOG + rb"[0-9]{1,4}\. )(?=[^\s0-9])"
)  # fmt: skip
_LOCATION = lazy_compile(
    rb"\)" + _W + rb"{1,8}((?:(?:/|[A-Za-z]:[\\/]|\.{2,3}[/\\])[^\r\n:<>]{0,500}|Command line code|Standard input code)"
    rb"(?:" + tokens.EVALUATED + rb"){0,6})" + _W + rb"{0,2}:(?:(?:[ \t]|\xc2\xa0|&nbsp;){0,2}|"
    + _W + rb"{0,2}(?=[0-9]{1,9}[ \t]*+(?:[\r\n]|\Z)))([0-9]{1,9})"
)  # fmt: skip
_TIME_BEGUN = (
    rb"[0-9]{1,5}\.(?:[0-9]{1,6}(?:" + _W + rb"{1,16}(?:[0-9]{1,12}(?:" + _W + rb"{1,8}(?:%b)?)?)?)?)?"
)  # fmt: skip
_CALL_BEGUN = rb"(?P<%b>[A-Za-z_\\{][^\r\n]{0,2048}?)"
_ROW_BEGUN = lazy_compile(
    rb"(?![ \t]{0,8}(?:\r?\n[ \t]{0,8}){2})" + _W + rb"{1,16}(?P<row>"
    + _TIME_BEGUN % (rb"[0-9]{1,4}(?:\.(?: (?:" + _CALL_BEGUN % b"call" + rb")?)?)?")
    + rb"|[0-9]{1,4}" + _W + rb"{1,8}" + _TIME_BEGUN % (_CALL_BEGUN % b"cell") + rb")"
    rb"(?:(?P<page>\s{0,64}\Z)|[ \t]{0,64}(?:\r?\n[ \t]{0,8}){2})"
)  # fmt: skip
"""A row that breaks off at the end of the page or before a blank line; its time proves it."""
WORDS = lazy_compile(rb"[^\W0-9_]{2,}[,;:]?[ \t\r\n]{1,8}\w")
"""Two words side by side, as in a sentence and in no call but for its arguments."""
_HEAD_BEGUN = lazy_compile(_W + rb"{1,8}Call St?a?c?k?:?")
PAGE_ENDS = lazy_compile(rb"\s{0,64}\Z")


def read_call_stack(raw: bytes, at: int) -> Trace | None:
    """Read the call stack that Xdebug prints behind an error, as text; None when none stands at ``at``.

    One that the page ends in, or a blank line, is not ``whole``; it may have no row.

    >>> read_call_stack(b" Call Stack: 0.0002 397624 1. {main}() /a.php:0", 0).rows
    [{'call': '{main}()', 'file': '/a.php', 'line': 0, 'time': 0.0002, 'memory': 397624}]
    """
    head = _HEAD.match(raw, at)
    if head is None:
        begun = _HEAD_BEGUN.match(raw, at)
        return Trace([], begun.end(), whole=False) if begun and PAGE_ENDS.match(raw, begun.end()) else None
    columns = _COLUMNS.match(raw, head.end())
    position = columns.end() if columns else head.end()
    rows: list[JSON] = []
    while len(rows) < MOST_ROWS and (start := _ROW.match(raw, position)):
        location = _LOCATION.search(raw, start.end(), start.end() + LONGEST_ROW)
        if location is None:
            break
        call = from_bytes(raw[start.end() : location.start() + 1])
        row: dict[str, JSON] = {"call": call, "file": from_bytes(location[1].rstrip()), "line": int(location[2])}
        if start["time"] is not None:
            row |= {"time": float(start["time"]), "memory": int(start["memory"])}
        rows.append(row)
        position = location.end()
    stop = _broken_off(raw, position)
    return Trace(rows, stop or position, whole=stop is None) if rows or stop is not None else None


def _broken_off(raw: bytes, at: int) -> int | None:
    """Return where the row ends that begins at ``at`` and breaks off; None where there is none."""
    begun = _ROW_BEGUN.match(raw, at)
    if begun is None:
        return None
    is_prose = SENTENCES if begun["page"] is not None else WORDS
    return None if is_prose.search(begun["call"] or begun["cell"] or b"") else begun.end("row")
