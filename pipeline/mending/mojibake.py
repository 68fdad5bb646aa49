"""Text that was encoded in UTF-8 and decoded as something else: ``cafÃ©`` for ``café``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.mending.changes import Change
from pipeline.patterns import lazy_compile

_SECOND = rb"(?:\xc2[\x80-\xbf]|\xd0[\x80-\x8f]|\xd1[\x90-\x9f]|\xd2\x91|\xe2[\x80-\x84][\x80-\xbf])"

_SIGNS = tuple(
    re.compile(pattern)
    for pattern in (
        rb"\xc3[\x82-\xb4][\xc2\xc5\xc6\xcb\xe2]",
        rb"\xd0[\xa0\xa1]" + _SECOND + rb"\xd0[\xa0\xa1]" + _SECOND,
        rb"\xe2\x88\x9a[\x80-\xff]",
        rb"\xe2\x94[\x9c\xac\xb4\xbc][\x80-\xff]",
    )
)
"""What mojibake never lacks: the first byte of a character as Windows-1252 or Latin-1 shows it (Â to ô) before one that
such a page shows for the second; two such pairs in Windows-1251; √ of a Macintosh, a line of DOS.

Clean text has it seldom. Each begins with one literal, which `re` looks for in no time: together 3 µs for 2 KB.
"""


def may_be_mojibake(raw: bytes, without_ascii: bytes) -> bool:
    """Whether there is any sign of mojibake in a text.

    Args:
        raw: The text.
        without_ascii: What is not ASCII in it, as little of most texts is: it shows every sign that the text shows.
    """
    return any(sign.search(raw) for sign in _SIGNS if sign.search(without_ascii))


_RUN = lazy_compile(r"[^\x00-\x7f]+")


def mojibake(text: str) -> Sequence[Change]:
    """Return what ftfy makes of a text, as changes of its runs that are not ASCII.

    >>> mojibake("CafÃ© am Quai")
    [Change(start=3, stop=5, text='é')]
    """
    from ftfy import TextFixerConfig, fix_encoding

    fixed = fix_encoding(text, TextFixerConfig(replace_lossy_sequences=False))
    if fixed == text:
        return []
    runs, fixed_runs = list(_RUN.finditer(text)), _RUN.findall(fixed)
    if len(runs) == len(fixed_runs) and _RUN.split(text) == _RUN.split(fixed):
        pairs = zip(runs, fixed_runs, strict=True)
        return [Change(run.start(), run.end(), new) for run, new in pairs if run[0] != new]
    return [_middle(text, fixed)]


def _middle(text: str, fixed: str) -> Change:
    """Return the one change between what both begin with and what both end with."""
    shorter = min(len(text), len(fixed))
    start = next((place for place in range(shorter) if text[place] != fixed[place]), shorter)
    most = shorter - start
    tail = next((place for place in range(most) if text[-1 - place] != fixed[-1 - place]), most)
    return Change(start, len(text) - tail, fixed[start : len(fixed) - tail])
