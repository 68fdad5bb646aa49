"""What the pages of a source tell of it: the order of day and month, the offset of its clock, lines they all have.

Facts are gathered document by document, added up in any order, and judged once for the whole corpus. Where the facts
contradict each other, or are few, nothing is decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timezone

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from pipeline.boilerplate import NOTHING_REPEATS, Counting, Repeated, total
from pipeline.dates.reading import LONGEST, Order, Stamp
from pipeline.dates.stamp import StampReader, has_digit
from pipeline.dates.zones import offset_name, parse_offset
from pipeline.patterns import lazy_compile

DAYS_ENOUGH = 3
"""Different days on which a source must have shown an order, or an offset, for it to count."""
HEAD_LINES, FOOT_LINES = 12, 4
"""Lines of a page, from its beginning and its end, in which a timestamp line is looked for."""
NEAR_LONGEST = 2 * LONGEST
"""Characters of a line at most that is counted among those, white space at its ends with it."""
FEW = 2
"""Lines that may tell something, so few that their places are found one by one."""
_THREE_NUMBERS = lazy_compile(rb"[0-9][^0-9\n]++[0-9]++[^0-9\n]++[0-9]")
"""Of digits, which are the only numbers where no script has others of its own."""
_OTHER_DIGITS = tuple(bytes([first]) for first in b"\xd9\xdb\xdf\xe0\xe1\xea\xef\xf0")
"""First bytes of the characters that hold all digits of other scripts."""
_DIGITS_WITHIN = {
    b"\xc2": re.compile(rb"\xc2[\xb2\xb3\xb9\xbc-\xbe]"),
    b"\xe2": re.compile(rb"\xe2[\x81\x82\x85\x86\x91-\x93\x9d]"),
    b"\xe3": re.compile(rb"\xe3[\x88-\x8f]"),
}
"""What holds all other characters that are read as digits, as small and circled ones are, by its first byte.

Dashes and quotation marks begin with such a byte as well: `re` passes over them in half the time that `regex` takes.
"""
_WINTER, _SUMMER = frozenset({12, 1, 2}), frozenset({6, 7, 8})


class Tally(Struct, frozen=True, omit_defaults=True):
    """How often something was seen.

    Attributes:
        count: On how many stamps.
        days: The first three different days, in order: more are not needed, and fewer prove nothing.
        winter, summer: How many of the stamps fall between December and February, between June and August.
    """

    count: int = 0
    days: tuple[str, ...] = ()
    winter: int = 0
    summer: int = 0

    def plus(self, other: Tally) -> Tally:
        """Return both together."""
        days = tuple(sorted({*self.days, *other.days}))[:DAYS_ENOUGH]
        return Tally(self.count + other.count, days, self.winter + other.winter, self.summer + other.summer)

    def times(self, number: int) -> Tally:
        """Return what so many that are just alike make together."""
        return Tally(self.count * number, self.days, self.winter * number, self.summer * number)


class Facts(Struct, frozen=True, omit_defaults=True):
    """What was seen of a source: its clear dates by order, its printed offsets, and how many documents it has.

    ``repeated`` is empty unless the source's profile asks for lines that repeat.
    """

    documents: int = 0
    orders: dict[str, Tally] = {}
    offsets: dict[str, Tally] = {}
    repeated: Repeated = NOTHING_REPEATS

    def plus(self, other: Facts) -> Facts:
        """Return both together."""
        if not (other.orders or other.offsets or other.repeated.percent):  # as most pages
            return Facts(self.documents + other.documents, self.orders, self.offsets, self.repeated)
        return Facts(
            self.documents + other.documents,
            _sum(self.orders, other.orders),
            _sum(self.offsets, other.offsets),
            total([self.repeated, other.repeated]) if other.repeated.percent else self.repeated,
        )

    def times(self, number: int) -> Facts:
        """Return what so many that are just alike, and have no lines that repeat, make together.

        >>> Facts(1).times(3).documents
        3
        """
        orders = {name: tally.times(number) for name, tally in self.orders.items()}
        offsets = {name: tally.times(number) for name, tally in self.offsets.items()}
        return Facts(self.documents * number, orders, offsets)


class Verdict(Struct, frozen=True, omit_defaults=True):
    """What the facts of a source decide: nothing, its order of day and month, the offset of its clock, boilerplate."""

    order: Order | None = None
    offset: str | None = None
    boilerplate: tuple[str, ...] = ()

    @property
    def zone(self) -> timezone | None:
        """The offset as a zone."""
        return parse_offset(self.offset) if self.offset is not None else None


UNDECIDED = Verdict()


class SourceEvidence(Struct, frozen=True, omit_defaults=True):
    """What the manifest keeps of a source: what was seen, and what was decided by it.

    Attributes:
        seen: The facts.
        decided: The verdict that its rows were made with.
        media_clocks: How many pages have a newest picture that is ``not_later`` than the page, and ``later``. It
            bears out the zone and the order that were used, and decides nothing.
    """

    seen: Facts
    decided: Verdict = UNDECIDED
    media_clocks: dict[str, int] = {}


def facts(page: bytes, reader: StampReader) -> Facts:
    r"""Return what the timestamp lines at head and foot of one page show; bytes that are not UTF-8 show nothing.

    >>> facts(b"Rain\n27/03/2016\nIt rained.", StampReader()).orders["DMY"].days
    ('2016-03-27',)
    """
    found = _ONE_PAGE
    for stamp in _stamps(page, reader):
        if (told := _of(stamp)) is not _NOTHING:
            found = found.plus(told)
    return found


_ONE_PAGE, _NOTHING = Facts(1), Facts()


def verdict(seen: Facts) -> Verdict:
    """Return what the facts decide.

    An order: clear dates on three different days, and none of another order. An offset: the same on three different
    days, winter and summer among them, and no other; a clock that is changed twice a year never gets one.

    >>> verdict(Facts(3, {"DMY": Tally(3, ("2016-03-27", "2016-03-28", "2016-03-29"))})).order
    'DMY'
    """
    order = _only(seen.orders)
    offset = _only(seen.offsets)
    constant = offset is not None and seen.offsets[offset].winter > 0 and seen.offsets[offset].summer > 0
    lines = seen.repeated.decided()
    return Verdict(msgspec.convert(order, Order | None), offset if constant else None, lines)


def verdicts(seen: Mapping[str, Facts]) -> dict[str, Verdict]:
    """Return the verdict of every source that has one."""
    found = {source: verdict(told) for source, told in seen.items()}
    return {source: decided for source, decided in sorted(found.items()) if decided != UNDECIDED}


class Gathering:
    """Adds up the facts of the parts of a corpus, by source.

    Args:
        lines_most: Lines of a source that are held at a time; for parts that always come in the same order. None to
            hold all: then the order of the parts is nothing.
    """

    def __init__(self, lines_most: int | None = None) -> None:
        self._lines_most = lines_most
        self._together: dict[str, Facts] = {}
        self._counting: dict[str, Counting] = {}

    def add(self, source: str, told: Facts) -> None:
        """Add what a part tells of a source."""
        if told.repeated.percent:
            # Counted apart: there are many pages, each with lines of its own.
            self._counting.setdefault(source, Counting(self._lines_most)).add(told.repeated)
            told = replace(told, repeated=NOTHING_REPEATS)
        known = self._together.get(source)
        self._together[source] = told if known is None else known.plus(told)

    def total(self) -> dict[str, Facts]:
        """Return what all parts tell."""
        lines = {source: counted.total() for source, counted in self._counting.items()}
        return {
            source: replace(told, repeated=lines[source]) if source in lines else told
            for source, told in sorted(self._together.items())
        }

    def of_shard(self) -> dict[str, Facts]:
        """Return what the pages of one shard tell, as far as it is worth keeping."""
        return {source: replace(told, repeated=told.repeated.thinned()) for source, told in self.total().items()}


def added(parts: Iterable[Mapping[str, Facts]]) -> dict[str, Facts]:
    """Return the facts of several parts of a corpus together, by source; their order is nothing."""
    together = Gathering()
    for part in parts:
        for source, told in part.items():
            together.add(source, told)
    return together.total()


def source_key(profile: str, source_uri: str, url: str | None = None, member: str | None = None) -> str:
    """Return what counts as one source: a profile, and the host or first folder under which a document stands.

    Args:
        profile: Name of the document's profile.
        source_uri: Where it stands.
        url: Its address, if that is known: its host counts then.
        member: Its name inside an archive, whose first folder counts otherwise.

    >>> source_key("default", "en.example.org/2016/03/a.txt"), source_key("default", "a.txt")
    ('default en.example.org', 'default .')
    >>> source_key("default", "crawl.jsonl", "https://en.example.org/2016/a")
    'default en.example.org'
    """
    if url is not None:
        _, scheme, rest = url.partition("://")
        host = (rest if scheme else url).partition("/")[0]
        return f"{profile} {host}"
    folder, inside, _ = (member if member is not None else source_uri).partition("/")
    return f"{profile} {folder if inside else '.'}"


def _stamps(page: bytes, reader: StampReader) -> Iterator[Stamp]:
    """Yield the timestamps at head and foot of a page that may show an order or an offset."""
    lines = _few_lines(page)
    if lines is None:
        near = _near(page)
        near = near if len(near) <= HEAD_LINES + FOOT_LINES else near[:HEAD_LINES] + near[-FOOT_LINES:]
        lines = list(filter(_may_tell, near))
    for line in dict.fromkeys(map(str.strip, lines)):
        if len(line) <= LONGEST:
            yield from reader.read_all(line) or reader.credits(line)


def _few_lines(page: bytes) -> list[str] | None:
    """Return the lines at head and foot that may tell something, found by their digits; None where that is no help.

    Most pages have one or two such lines, and so the others need not be looked at.
    """
    if has_other_digits(page):
        return None
    found: list[str] = []
    few = FEW
    stop = 0
    while (digit := _THREE_NUMBERS.search(page, stop)) is not None:
        start = page.rfind(b"\n", 0, digit.start()) + 1
        stop = page.find(b"\n", digit.start())
        if stop < 0:
            stop = len(page)
        lines = page[start:stop].decode(errors="replace").splitlines()
        if len(lines) > 1:
            return None
        if len(lines[0]) <= NEAR_LONGEST:
            if not few:
                return None
            few -= 1
            if _is_near(page, start, stop):
                found += lines
    return found


def _is_near(page: bytes, start: int, stop: int) -> bool:
    """Whether a line is among the first or the last ones that may be timestamp lines by their length."""
    if start < len(page) - stop:
        return len(_near(page[:start])) < HEAD_LINES or len(_near(page[stop:])) < FOOT_LINES
    return len(_near(page[stop:])) < FOOT_LINES or len(_near(page[:start])) < HEAD_LINES


def _near(part: bytes) -> list[str]:
    """Return the lines that may be timestamp lines by their length."""
    lines = part.decode(errors="replace").splitlines()
    return [line for line in lines if 0 < len(line) <= NEAR_LONGEST and not line.isspace()]


def _may_tell(line: str) -> bool:
    """Whether a line has the numbers that an order or an offset takes: three of a date, or a year, a clock and it."""
    octets = line.encode("utf-8", "surrogatepass")
    return has_digit(line) if has_other_digits(octets) else _THREE_NUMBERS.search(octets) is not None


def has_other_digits(text: bytes) -> bool:
    """Whether a text may have digits that are not ASCII.

    >>> has_other_digits("۲۷ — ۳".encode()), has_other_digits("27 — 3".encode())
    (True, False)
    """
    if text.isascii():
        return False
    return any(map(text.__contains__, _OTHER_DIGITS)) or any(
        first in text and digits.search(text) is not None for first, digits in _DIGITS_WITHIN.items()
    )


def _of(stamp: Stamp) -> Facts:
    name = _offset(stamp)
    if stamp.local is None or stamp.status != "exact" or (stamp.order is None and name is None):
        return _NOTHING
    day = (f"{stamp.local:%Y-%m-%d}",)
    seen = Tally(1, day, int(stamp.local.month in _WINTER), int(stamp.local.month in _SUMMER))
    orders: dict[str, Tally] = {stamp.order: seen} if stamp.order in ("DMY", "MDY") else {}
    return Facts(0, orders, {name: seen} if name else {})


def _offset(stamp: Stamp) -> str | None:
    """Return the offset as it is named; Z and an offset of nothing are what machines print, and tell of no clock."""
    if stamp.offset is None or stamp.precision not in ("minute", "second"):
        return None
    try:
        name = offset_name(parse_offset(stamp.offset))
    except ValueError:
        return None
    return None if name == "+00:00" else name


def _only(tallies: Mapping[str, Tally]) -> str | None:
    """Return what was seen on days enough, when nothing else was."""
    if len(tallies) != 1:
        return None
    name, tally = next(iter(tallies.items()))
    return name if len(tally.days) >= DAYS_ENOUGH else None


def _sum(one: Mapping[str, Tally], other: Mapping[str, Tally]) -> dict[str, Tally]:
    total = dict(one)
    for name, tally in other.items():
        total[name] = total[name].plus(tally) if name in total else tally
    return dict(sorted(total.items()))
