"""What makes a line with a date doubtful by the way it is printed: a span, a footnote, how long a film is.

A line that is bound to something else (`from 3 May 2016`, `† 3 May 2016`, `3 May 2016?`) tells no time of the page. A
clock that may be another one (`12:05a`, `| 2:35`, `2:35 min`, Swahili and Ethiopian hours, which are counted from
sunrise) proves the day alone.
"""

from __future__ import annotations

from datetime import time
from functools import lru_cache

from msgspec.structs import replace

from pipeline.dates.normal import SHAPES_KEPT, fold, masked, plain
from pipeline.dates.reading import TIME_NOT_PROVEN, Stamp
from pipeline.patterns import lazy_compile

SUNRISE_LANGUAGES = frozenset({"sw", "am", "ti", "om"})
"""Languages whose speakers count hours from sunrise: at two in the day it is eight by other clocks."""
LAST_OF_HALF = 12

_BOUND = lazy_compile(
    r"\s*(?:[†‡✝*#€$£¥§¶~≈✆☎☏]+\s*|v\s+)[0-9]"
    r"|(?:.{0,40}[\s:])?(?:do|dal|dall'|من)\s{1,3}[0-9]"
    r"|.*(?:[0-9]'[dt][ae]n(?![\p{L}])|[0-9]\s?\?\s*\Z|[0-9]\s+do\s*\Z)"
)
"""Signs of a footnote, a death, a price or a telephone; words that say from or until; a question."""
_LONE_HALF = lazy_compile(r"[0-9]{1,2}[:.][0-9]{2}\s?[AaPp](?![\p{L}\p{M}0-9.'’]|\s{1,2}[0-9\p{Ll}])")
_LENGTH = lazy_compile(
    r"\|\s*[1-9]:[0-9]{2}(?::[0-9]{2})?\s*(?:\Z|\|)"
    r"|[0-9]{1,3}:[0-9]{2}\s?(?:mins?|minutes?|minuten|minuti|minutos|secs?|seconds?|мин|минут)(?![\p{L}\p{M}])"
)
_SUNRISE = lazy_compile(r"\bsaa\b")
_CLOCK_TIMES = ("minute", "second")


def is_bound(text: str) -> bool:
    """Whether the date of a line is bound to something else than the page.

    >>> is_bound("† 3 May 2016"), is_bound("do 3 maja 2016"), is_bound("3 May 2016?"), is_bound("3 May 2016")
    (True, True, True, False)
    """
    return _is_bound(masked(plain(text)))


@lru_cache(maxsize=SHAPES_KEPT)
def _is_bound(shape: str) -> bool:
    """Whether the date of a line of a shape is bound: whatever its digits are, for the words and signs decide."""
    return _BOUND.match(fold(shape)) is not None


def weighed(stamps: tuple[Stamp, ...], text: str, language: str) -> tuple[Stamp, ...]:
    """Return the stamps of a line, each as its day alone where its clock may be another one.

    >>> from datetime import datetime
    >>> weighed((Stamp("exact", "minute", datetime(2016, 5, 3, 12, 5)),), "3 May 2016 12:05a", "en")[0].precision
    'day'
    """
    if not any(stamp.precision in _CLOCK_TIMES for stamp in stamps):
        return stamps
    line = plain(text)
    from_sunrise = language.replace("_", "-").partition("-")[0] in SUNRISE_LANGUAGES
    is_another, may_be_length = _clock_of(masked(line))
    if not (from_sunrise or is_another or (may_be_length and _LENGTH.search(line))):
        return stamps
    return tuple(_as_day(stamp) for stamp in stamps)


@lru_cache(maxsize=SHAPES_KEPT)
def _clock_of(shape: str) -> tuple[bool, bool]:
    """Whether the clock in a line of a shape may be another one, and whether it is a length with the right digits."""
    is_another = _SUNRISE.search(fold(shape)) is not None or _LONE_HALF.search(shape) is not None
    return is_another, _LENGTH.search(shape.replace("0", "1")) is not None


def _as_day(stamp: Stamp) -> Stamp:
    """Return a stamp without its clock, where that has an hour up to twelve and no offset."""
    local = stamp.local
    may_be_another = local is not None and local.hour <= LAST_OF_HALF and stamp.utc is None and stamp.offset is None
    if local is None or not may_be_another or stamp.precision not in _CLOCK_TIMES:
        return stamp
    day = local.combine(local.date(), time())
    return replace(stamp, precision="day", local=day, zone=None, warnings=(*stamp.warnings, TIME_NOT_PROVEN))
