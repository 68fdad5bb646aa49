"""Where a pattern stands in a page: found once, then looked up, however many readings ask."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.model import Page, Span

if TYPE_CHECKING:
    import regex


@dataclass(frozen=True, eq=False, slots=True)
class Landmark:
    """A pattern whose places in a page many readings ask for.

    Attributes:
        pattern: What is looked for; linear when searched through a whole page.
    """

    pattern: regex.Pattern[bytes]

    def spans(self, raw: bytes) -> list[Span]:
        """Return every place, in order."""
        return [Span(*found.span()) for found in self.pattern.finditer(raw)]

    def following(self, page: Page, at: int, most: int = 1) -> list[Span]:
        """Return the first places at or behind a byte.

        >>> from pipeline.families.php_dump.breaks import DOTS
        >>> DOTS.following(Page(b"one... two..."), 4)
        [Span(start=10, stop=13)]
        """
        spans = page.once(self.spans)
        first = bisect_left(spans, (at, at))
        return spans[first : first + most]

    def nearest(self, page: Page, wanted: int, least: int) -> Span | None:
        """Return the place nearest to a byte, none before ``least``; None when there is none."""
        spans = page.once(self.spans)
        index = bisect_left(spans, (wanted, wanted))
        near = [span for span in spans[max(0, index - 1) : index + 1] if span.start >= least]
        return min(near, key=lambda span: abs(span.start - wanted), default=None)

    def preceding(self, page: Page, wanted: int, least: int) -> list[Span]:
        """Return the last place before a byte, none before ``least``."""
        spans = page.once(self.spans)
        index = bisect_left(spans, (wanted, wanted))
        return [span for span in spans[max(0, index - 1) : index] if span.start >= least]

    def count(self, page: Page, start: int, stop: int) -> int:
        """Return how many places begin in ``[start, stop)``."""
        spans = page.once(self.spans)
        return bisect_left(spans, (stop, stop)) - bisect_left(spans, (start, start))
