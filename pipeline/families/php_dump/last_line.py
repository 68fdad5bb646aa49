"""Where does a value that breaks off end in its last line, when the mark of an excerpt stands in the midst of that?"""

from __future__ import annotations

from bisect import bisect_left

from pipeline.families.php_dump.view import View
from pipeline.patterns import lazy_compile

MARK_SIZE = 3
"""Bytes of the mark of an excerpt, be it three dots or one character."""
DOTS_BEFORE_TEXT = lazy_compile(
    rb"(?:\.\.\.|\xe2\x80\xa6)(?=\]?[ \t]{1,64}+(?!\((?:l|[^\w]|\Z)|\[?(?:\.\.\.|\xe2\x80\xa6))[^\s<])"
)
"""The mark of an excerpt with text behind it in its line; a tag or a length may follow the dots of Xdebug's limits."""


def before_text(view: View, sure: int, stop: int) -> int:
    """Return where a value ends that breaks off at a place: behind the first mark in its last line with text behind it.

    That text may be the rest of what breaks off, or prose.

    Args:
        view: The document.
        sure: Place behind what is whole.
        stop: Where the value breaks off at the latest.

    >>> view = View(b'array:2 [ 0 => "rain... The ferry sank')
    >>> view.text[: before_text(view, 9, view.stop)].endswith(b'"rain...')
    True
    """
    marks = view.starts(DOTS_BEFORE_TEXT)
    index = bisect_left(marks, max(sure, view.previous(b"\n", stop)))
    if index == len(marks) or marks[index] + MARK_SIZE >= stop:
        return stop
    behind = marks[index] + MARK_SIZE
    return behind + view.text.startswith(b"]", behind)
