r"""Frames as ``debug_print_backtrace`` prints them: one a line from ``#0`` on, without ``{main}`` below them.

PHP 8.1 and later print ``#0 FILE(LINE): call()``, versions before it ``#0  call() called at [FILE:LINE]``.
"""

from __future__ import annotations

from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.php_error import tokens
from pipeline.families.php_error.traces import MOST_ROWS, Trace
from pipeline.patterns import lazy_compile

LEAST_FRAMES = 2
"""Frames with a file that prove a backtrace; a sentence may quote one."""
_FILE = rb"(?:/|[A-Za-z]:[\\/])[^\r\n()<>\[\]:]{1,500}+"
_ARGUMENT = rb"[^()\r\n<']++|'[^'\r\n<]{0,1000}+'"
_CALL = (
    rb"(?P<call>[A-Za-z_\\{][^\s()<]{0,300}+\((?:"
    + _ARGUMENT
    + rb"|\((?:"
    + _ARGUMENT
    + rb"|\(\)){0,200}+\)){0,200}+\))"
)
"""Text behind the parenthesis that ends the arguments is no part of a call, though it may hold another."""
_FRAME = lazy_compile(
    rb"#(?P<number>[0-9]{1,4}) (?:"
    rb"(?:\[internal function\]|(?P<file>" + _FILE + rb"(?:" + tokens.EVALUATED + rb"){0,6})\((?P<line>[0-9]{1,9})\)):"
    rb" " + _CALL + rb"| " + _CALL + rb"(?: called at \[(?P<file>" + _FILE + rb"):(?P<line>[0-9]{1,9})\])?"
    rb")(?=[ \t]{0,8}+(?:[\r\n<]|\Z))"
)
_NEXT_LINE = lazy_compile(rb"[ \t]{0,8}+(?:" + tokens.BREAK + rb")?(?:\r\n|\n|\r|(?<=>))(?=#)")


def read_backtrace(raw: bytes, at: int) -> Trace | None:
    r"""Read the frames that begin a line at ``at``; None when they are fewer than prove a backtrace.

    >>> read_backtrace(b"#0 /a.php(3): f()\n#1 /a.php(9): g()\nRain.", 0).stop
    35
    """
    if raw[at - 1 : at] not in (b"", b"\n", b"\r", b">"):
        return None
    rows: list[JSON] = []
    position = stop = at
    files = 0
    while len(rows) < MOST_ROWS and (frame := _FRAME.match(raw, position)) and int(frame["number"]) == len(rows):
        row: dict[str, JSON] = {"call": from_bytes(frame["call"])}
        if frame["file"] is not None:
            row = {"file": from_bytes(frame["file"]), "line": int(frame["line"])} | row
            files += 1
        rows.append(row)
        stop = frame.end()
        following = _NEXT_LINE.match(raw, stop)
        if following is None:
            break
        position = following.end()
    return Trace(rows, stop, whole=True) if files >= LEAST_FRAMES else None
