"""Patterns that cannot take long. A match that must end in time looks at the clock, which costs more than it does."""

from __future__ import annotations

from functools import cache

from pipeline.patterns import lazy_compile

MOST_WAYS = 100_000
"""Ways to read a short line that are tried in a few hundredths of a second."""
UNBOUNDED = 40
"""Characters that a repetition without a bound takes of a short line at most."""

_ONE = lazy_compile(r"\\[dDwWsS\W]|\[\^?(?:\\[dDwWsS\W]|[^\\\[\]])++\]")
"""What stands for one character: an escape, a set."""
_REPETITION = lazy_compile(r"[*+?]|\{(?P<least>[0-9]{0,3})(?P<comma>,?)(?P<most>[0-9]{0,3})\}")
_NOT_PLAIN = lazy_compile(r"\)[*+{]|\(\?(?!:)|[\\\[\]]")
"""What repeats a group, looks around, refers back or is not understood."""


@cache
def is_quick(pattern: str) -> bool:
    r"""Whether a pattern has few ways to read a short line, as it repeats single characters and does so a few times.

    >>> is_quick("[A-Z]{1,6}/[A-Z]{1,6} [0-9-]{1,8}"), is_quick("(?:[A-Z]+)+"), is_quick(r"\w*\w*\w*\w*/")
    (True, False, False)
    """
    plain = _ONE.sub("x", pattern)
    if _NOT_PLAIN.search(plain):
        return False
    ways = 2 ** plain.count("|")
    for found in _REPETITION.finditer(plain.replace("(?:", "(")):
        least, most = found["least"] or 0, found["most"]
        if not found["comma"] and found[0].startswith("{"):
            most = least
        elif found[0] == "?":
            most = 1
        ways *= int(most or UNBOUNDED) - int(least) + 1
    return "{" not in _REPETITION.sub("", plain) and 0 < ways <= MOST_WAYS
