"""Times that a crawler kept beside a page: when it was fetched, or what the site's own data call its date."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from pipeline.patterns import lazy_compile

LONGEST = 60
"""Characters of such a time at most."""

_DIGITS = lazy_compile(r"[0-9]{9,19}(?:\.[0-9]{1,9})?")
_COMPACT = lazy_compile(r"(?:19|20)[0-9]{12}")
_UNITS = {10: 1, 13: 10**3, 16: 10**6, 19: 10**9}
"""What a second is counted in since 1970, by how many digits there are."""


class Moment(NamedTuple):
    """A time that a record gives: with an offset if it gives one; ``has_time`` unless it is a day alone."""

    when: datetime
    has_time: bool

    def by(self, clock: tzinfo | None) -> datetime | None:
        """Return the wall-clock time of a source whose clock is known; without an offset it is taken to be just that.

        >>> from datetime import timedelta, timezone
        >>> read("2016-03-27T08:25:00Z").by(timezone(timedelta(hours=4, minutes=30)))
        datetime.datetime(2016, 3, 27, 12, 55)
        """
        if self.when.tzinfo is None:
            return self.when
        return self.when.astimezone(clock).replace(tzinfo=None) if clock is not None else None


def read(text: str | None) -> Moment | None:
    """Return what a recorded time says: ISO 8601, the form of HTTP, seconds (or parts of them) since 1970; else None.

    >>> read("2016-03-27"), read("1459067138").when.isoformat()
    (Moment(when=datetime.datetime(2016, 3, 27, 0, 0), has_time=False), '2016-03-27T08:25:38+00:00')
    >>> read("Sun, 27 Mar 2016 08:25:38 GMT").when.isoformat(), read("last Tuesday")
    ('2016-03-27T08:25:38+00:00', None)
    """
    if text is None or len(text) > LONGEST:
        return None
    text = text.strip()
    if _COMPACT.fullmatch(text):  # as archives of the web write it, in UTC
        text = f"{text[:8]}T{text[8:]}Z"
    elif _DIGITS.fullmatch(text):
        return _since_1970(text)
    try:
        return Moment(datetime.fromisoformat(text), ":" in text or "T" in text)
    except ValueError:
        pass
    try:
        return Moment(parsedate_to_datetime(text), has_time=True)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _since_1970(text: str) -> Moment | None:
    whole, _, _ = text.partition(".")
    unit = _UNITS.get(max(len(whole), 10))
    if unit is None:
        return None
    try:
        return Moment(datetime.fromtimestamp(int(whole) / unit, UTC), has_time=True)
    except (ValueError, OverflowError, OSError):
        return None
