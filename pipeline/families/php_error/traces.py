"""Stack traces of exceptions: ``#0 file(line): call()`` and so on, down to ``{main}``.

Lines may have been joined, so a row ends where the next number stands and not where a line does.
"""

from __future__ import annotations

from typing import NamedTuple

import regex
from msgspec import Struct

from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.php_error import tokens
from pipeline.families.php_error.messages import SENTENCES
from pipeline.patterns import lazy_compile

LONGEST_ROW = 2048
LONGEST_PATH = 1200
TRIES = 12
"""How often ``in`` is looked for before a place; it ends words, and paths may hold some."""
MOST_ROWS = 4096
_WHITE = tokens.WHITE
STACK_TRACE = b"Stack trace:"
STACK_TRACE_AT = lazy_compile(_WHITE + rb"{1,8}Stack trace:")
_ROW_START = lazy_compile(
    rb"(?:" + _WHITE + rb"|" + tokens.BREAK + rb"){1,8}#([0-9]{1,4})(?:[ \t]|\xc2\xa0|&nbsp;){1,2}"
)
_MAIN = lazy_compile(rb"\{main\}")
_ROW = lazy_compile(
    rb"(?:\[internal function\]|(?P<file>[^\r\n]{1,1000}?)\((?P<line>[0-9]{1,9})\)):"
    + _WHITE
    + rb"(?P<call>.{1,2000})",
    regex.DOTALL,
)
_PARENTHESIS = lazy_compile(rb"[()]")
ROW_BEGUN = lazy_compile(
    rb"#[0-9]{1,4}[ \t]{1,2}(?:\{m?a?i?n?|\[[a-z]{1,8}(?: function\]?(?::[^\r\n]{0,2048})?)?"
    rb"|(?:/|[A-Za-z]:[\\/])[^\s(]{0,1000}(?:\([^\r\n]{0,2048})?)"
)
"""A row that breaks off where it can be nothing else."""
_WORDS_BEHIND_MARK = lazy_compile(rb"(?:\[\.\.\.\]|\xe2\x80\xa6\]?)[ \t]{1,8}[^\s#]")
"""Words behind the mark of an excerpt, which breaks off what stands before it."""
NEXT = lazy_compile(_WHITE + rb"{1,8}Next (?=[A-Za-z_\\])")
THROWN = lazy_compile(_WHITE + rb"{1,8}thrown in ")
_LINE = lazy_compile(rb"(?r):([0-9]{1,9})")


class Trace(Struct, frozen=True):
    """The rows of a trace and where it ends; ``whole`` is false where the page ends before ``{main}``."""

    rows: list[JSON]
    stop: int
    whole: bool


def read_rows(raw: bytes, at: int, limit: int) -> Trace | None:
    """Read ``#0 … #n {main}``; None when the rows are not those of a trace.

    >>> read_rows(b" #0 /a.php(3): f() #1 {main}", 0, 28).rows
    [{'file': '/a.php', 'line': 3, 'call': 'f()'}]
    """
    rows: list[JSON] = []
    for number in range(MOST_ROWS):
        start = _ROW_START.match(raw, at, limit)
        if start is None:
            return Trace(rows, at, whole=False) if rows and at >= limit else None
        if int(start[1]) != number:
            return None
        if main := _MAIN.match(raw, start.end(), limit):
            return Trace(rows, main.end(), whole=True)
        stop = _next_row(raw, start.end(), number + 1, limit)
        if stop is None:
            return None
        rows.append(_row(raw[start.end() : stop].rstrip()))
        at = stop
    return None


def _next_row(raw: bytes, start: int, number: int, limit: int) -> int | None:
    """Return where the white space before the next row begins; the limit where the page ends inside this one."""
    mark, at = b"#%d " % number, start
    longest = min(limit, start + LONGEST_ROW)
    another = raw.find(STACK_TRACE, start, longest)  # what stands between two traces may be prose
    while (at := raw.find(mark, at, another if another >= 0 else longest)) >= 0:
        stop = len(raw[start:at].rstrip()) + start
        if stop < at:
            return stop
        if raw[at - 1 : at] == b">":
            return raw.rfind(b"<", start, at)
        at += 1
    if limit == len(raw) and longest == limit:
        is_row = b"\n" not in raw[start:limit].rstrip() and not SENTENCES.search(raw, start, limit)
        is_row = is_row and not _WORDS_BEHIND_MARK.search(raw, start, limit)
        return limit if is_row and not _goes_on(raw[start:limit].rstrip()) else None
    return None


def _goes_on(row: bytes) -> bool:
    """Whether text stands behind the call of a row: it may be prose, for PHP ends the line there."""
    found = _ROW.match(row)
    depth = 0
    for sign in _PARENTHESIS.finditer(row, found.start("call") if found else len(row)):
        depth += 1 if sign[0] == b"(" else -1
        if depth <= 0:
            return sign.end() < len(row)
    return False


def _row(text: bytes) -> JSON:
    found = _ROW.match(text)
    if found is None:
        return {"call": from_bytes(text)}
    call = from_bytes(found["call"].removesuffix(b"<br />").strip())
    if found["file"] is None:
        return {"call": call}
    return {"file": from_bytes(found["file"]), "line": int(found["line"]), "call": call}


class Chain(NamedTuple):
    """Exceptions in the order they are printed, the byte after the last trace, and whether that one is whole."""

    exceptions: list[JSON]
    stop: int
    is_whole: bool


def read_exceptions(raw: bytes, start: int, limit: int) -> Chain | None:
    """Read ``Class: message in FILE:LINE``, its trace, and every ``Next`` one; None when it is not of that form."""
    exceptions: list[JSON] = []
    at = stop = start
    while True:
        trace_at = raw.find(STACK_TRACE, at, min(limit, at + 4 * LONGEST_ROW))
        exception = read_exception(raw[at:trace_at].rstrip()) if trace_at > at else None
        if exception is None:
            return Chain(exceptions, stop, is_whole=True) if exceptions else None
        trace = read_rows(raw, trace_at + len(STACK_TRACE), limit)
        if trace is None:
            return None
        exceptions.append(exception | {"frames": trace.rows})
        stop = trace.stop
        following = NEXT.match(raw, trace.stop, limit)
        if not trace.whole or following is None or len(exceptions) == MOST_ROWS:
            return Chain(exceptions, trace.stop, trace.whole)
        at = following.end()


_OLD_FORM = lazy_compile(
    rb"exception (?:'|&#0?39;)([\w\\]{1,300})(?:'|&#0?39;)(?: with message (?:'|&#0?39;)(.*)(?:'|&#0?39;))?",
    regex.DOTALL,
)
_NEW_FORM = lazy_compile(rb"([A-Za-z_\\][\w\\@]{0,300})(?:: (.*))?", regex.DOTALL)


def read_exception(text: bytes) -> dict[str, JSON] | None:
    """Read an exception's own line, in the form of PHP 7 or that of PHP 5.

    >>> read_exception(b"TypeError: f(): nothing in /a.php:3")
    {'class': 'TypeError', 'message': 'f(): nothing', 'file': '/a.php', 'line': 3}
    """
    line = _LINE.match(text)
    at = _place(text, line.start()) if line else None
    if line is None or at is None:
        return None
    said = _OLD_FORM.fullmatch(text, 0, at - 1) or _NEW_FORM.fullmatch(text, 0, at - 1)
    if said is None:
        return None
    return {
        "class": from_bytes(said[1]),
        "message": from_bytes(said[2] or b""),
        "file": from_bytes(text[at + 3 : line.start()]),
        "line": int(line[1]),
    }


def _place(text: bytes, stop: int) -> int | None:
    """Return where the ``in`` before the path stands that ends at ``stop``; a whole path goes before a part of one."""
    nearest: int | None = None
    at = stop
    for _ in range(TRIES):
        at = text.rfind(b"in ", max(1, stop - LONGEST_PATH), at)
        if at < 0:
            break
        if not text[at - 1 : at].isspace():
            continue
        path = tokens.PATH.fullmatch(text, at + 3, stop)
        if path and path["part"] is None:
            return at
        nearest = at if nearest is None and path else nearest
    return nearest
