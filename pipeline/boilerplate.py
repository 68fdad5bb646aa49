"""Lines that the pages of a source have in common at head or foot: a menu, buttons to share a page, an imprint.

A line counts as a whole and as it is printed, white space apart. What is known of a source is confirmed by its profile,
or shown by the pages themselves: facts are gathered page by page, added up in any order, and judged once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct, field

HEAD_LINES = FOOT_LINES = 16
"""Lines of a page, from its beginning and its end, among which boilerplate is looked for."""
LONGEST = 200
"""Characters of a line that can show itself to be boilerplate; longer ones are prose."""
PAGES_ENOUGH = 5
"""Pages on which a line must have been seen for it to count, however few pages there are."""
LEAST_PERCENT = 10
"""What a profile may ask for at least. A line on fewer pages than this is a section's, or chance."""

HELD_MOST = 2**16
"""Lines of a source that are held while the pages of one shard are counted; a page has 32 at most."""

_THINNED_PERCENT = 5
_THINNED_MOST = 64


class Repeated(Struct, frozen=True, omit_defaults=True):
    """On how many pages of a source which lines stand at head or foot.

    Attributes:
        percent: From which share of the pages on a line is boilerplate; 0 where nobody asked.
        pages: How many pages were looked at.
        lines: On how many of them each line stands.
    """

    percent: int = 0
    pages: int = 0
    lines: dict[str, int] = {}

    def __reduce__(self) -> str | tuple[type[Repeated], tuple[int, int, dict[str, int]]]:
        """Have a worker send what is nothing as the nothing of its reader, which is left out of what is written."""
        return "NOTHING_REPEATS" if self is NOTHING_REPEATS else (Repeated, (self.percent, self.pages, self.lines))

    def thinned(self) -> Repeated:
        """Return what is worth keeping of the pages of one shard: lines on two pages and on one page of twenty.

        It keeps manifests small: each page has lines that stand nowhere else.
        """
        if not self.percent:
            return self
        often = {
            line: count
            for line, count in self.lines.items()
            if count > 1 and count * 100 >= self.pages * _THINNED_PERCENT
        }
        most = sorted(often.items(), key=lambda entry: (-entry[1], entry[0]))[:_THINNED_MOST]
        return Repeated(self.percent, self.pages, dict(sorted(most)))

    def decided(self) -> tuple[str, ...]:
        """Return the lines that are boilerplate.

        >>> Repeated(50, 8, {"Home | News": 8, "Ferries": 3}).decided()
        ('Home | News',)
        """
        if not self.percent:
            return ()
        enough = max(PAGES_ENOUGH * 100, self.pages * self.percent)
        return tuple(sorted(line for line, count in self.lines.items() if count * 100 >= enough))


NOTHING_REPEATS = Repeated()
"""Of a source that nobody asked."""


def total(parts: Iterable[Repeated]) -> Repeated:
    """Return what several parts of a source show together.

    >>> total([Repeated(50, 1, {"Home": 1}), Repeated(50, 1, {"Home": 1, "News": 1})]).lines
    {'Home': 2, 'News': 1}
    """
    counting = Counting()
    for part in parts:
        counting.add(part)
    return counting.total()


class Counting(Struct):
    """Adds up parts one by one.

    Attributes:
        most: Lines that are held at a time; where there are more, the rarer half is forgotten. None to hold all:
            then the order of the parts is nothing.
    """

    most: int | None = None
    percent: int = 0
    pages: int = 0
    lines: Counter[str] = field(default_factory=Counter)

    def add(self, part: Repeated) -> None:
        """Add one part."""
        self.percent = max(self.percent, part.percent)
        self.pages += part.pages
        self.lines.update(part.lines)
        if self.most is not None and len(self.lines) > self.most:
            ranked = sorted(self.lines.items(), key=lambda entry: (-entry[1], entry[0]))
            self.lines = Counter(dict(ranked[: self.most // 2]))

    def total(self) -> Repeated:
        """Return what all parts show together."""
        return Repeated(self.percent, self.pages, dict(sorted(self.lines.items())))


def key(line: str) -> str:
    r"""Return a line as it is compared: one blank for each run of white space.

    >>> key("Home \u00a0|  News")
    'Home | News'
    """
    return " ".join(line.split())


def candidates(lines: Sequence[str]) -> list[str]:
    """Return the lines at head and foot of a page that could be boilerplate, each once, as they are compared.

    >>> candidates(["Home | News", "Home | News", "x" * 500])
    ['Home | News']
    """
    near = lines if len(lines) <= HEAD_LINES + FOOT_LINES else [*lines[:HEAD_LINES], *lines[-FOOT_LINES:]]
    return list(dict.fromkeys(key(line) for line in near if len(line) <= LONGEST))


def places(lines: Sequence[str], is_known: Callable[[str], bool]) -> set[int]:
    """Return which lines of a text are boilerplate at its head or foot.

    What is left has none of it among its own first and last lines, so that looking again finds nothing.

    >>> sorted(places(["Home", "Rain fell.", "Home"], {"Home"}.__contains__))
    [0, 2]
    """
    found: set[int] = set()
    for most, order in ((HEAD_LINES, range(len(lines))), (FOOT_LINES, range(len(lines) - 1, -1, -1))):
        others = 0
        for place in order:
            if is_known(key(lines[place])):
                found.add(place)
            elif (others := others + 1) == most:
                break
    return found
