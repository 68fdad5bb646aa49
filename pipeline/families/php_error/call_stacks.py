"""Call stacks that Xdebug prints behind an error: on a console, in a table whose tags are gone, and in a log."""

from __future__ import annotations

from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.php_error import tokens
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


def read_call_stack(raw: bytes, at: int) -> Trace | None:
    """Read the call stack that Xdebug prints behind an error, as text; None when none stands at ``at``.

    >>> read_call_stack(b" Call Stack: 0.0002 397624 1. {main}() /a.php:0", 0).rows
    [{'call': '{main}()', 'file': '/a.php', 'line': 0, 'time': 0.0002, 'memory': 397624}]
    """
    head = _HEAD.match(raw, at)
    if head is None:
        return None
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
    return Trace(rows, position, whole=True) if rows else None
