"""Many timestamp lines at once: what ``StampReader.read`` says of each, by slices where a declared format fits.

Which characters are the day and which the clock is the same for all strings of one shape. Within a shape a day is
worked out once and a clock once; then a string costs two look-ups. The shapes of many strings are made in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import regex
from msgspec import Struct

from pipeline.dates import declared
from pipeline.dates.formats import Format
from pipeline.dates.normal import SHAPES_KEPT, TO_ZERO, masked
from pipeline.dates.reading import LONGEST, Stamp
from pipeline.model import Precision
from pipeline.patterns import lazy_compile

AT_ONCE = 4096
"""Lines whose shapes are made in one go."""
CACHED = 100_000
"""Days, or clocks, that are remembered for a shape; more of them than a corpus has."""

_DATE = ("year", "month", "month_name", "day", "weekday_name")
_CLOCK = ("hour", "hour12", "minute", "second", "half")
_DIGIT = lazy_compile("[0-9]")


class Column(Struct, frozen=True):
    """What many lines say, one entry a line.

    Attributes:
        local: The time of each line that a declared format reads without any doubt, else None.
        precision: How exact these are.
        others: What every other line says, by its place; None when it is no timestamp line.
    """

    local: list[datetime | None]
    precision: list[Precision | None]
    others: dict[int, Stamp | None]

    def stamp(self, place: int) -> Stamp | None:
        """Return what the line at a place says, as reading it alone would."""
        if place in self.others:
            return self.others[place]
        return Stamp("exact", self.precision[place], self.local[place])


class _Slots(Struct):
    """Where the day and the clock of a shape stand, with each of their parts, and those that were met.

    ``days`` and ``clocks`` belong to all shapes in which the parts stand alike. A day is kept as ISO prints it, for
    the clock of many formats is what ISO prints too, and both together are read at once.
    """

    form: Format
    parts: Sequence[tuple[str, slice]]
    precision: Precision
    day: slice
    clock: slice
    iso: bool
    days: dict[str, str]
    clocks: dict[str, str]


def column(texts: Sequence[str], slices: Slices, read: Callable[[str], Stamp | None]) -> Column:
    """Return what every text says, as ``read`` would say it.

    Args:
        texts: The lines.
        slices: Reads those that are plain.
        read: Reads one line; whatever is not plain goes to it.
    """
    local: list[datetime | None] = []
    precision: list[Precision | None] = []
    others: dict[int, Stamp | None] = {}
    for start in range(0, len(texts), AT_ONCE):
        some = texts[start : start + AT_ONCE]
        for text, slots in zip(some, slices.met(some), strict=True):
            day = slots.days.get(text[slots.day]) if slots is not None else None
            if slots is not None and day is not None:
                clock = text[slots.clock]
                clock = clock if slots.iso else slots.clocks.get(clock, _NO_CLOCK)
                try:
                    local.append(datetime.fromisoformat(day + clock))
                except ValueError:  # 24:00, or a clock that was not met: it is read by itself
                    pass
                else:
                    precision.append(slots.precision)
                    continue
            plainly = slices.read(text)
            if plainly is None:
                others[len(local)] = read(text)
            when, exactness = plainly or _NEITHER
            local.append(when)
            precision.append(exactness)
    return Column(local, precision, others)


_NEITHER = (None, None)


class Slices:
    """Reads texts that are plain in a declared format by slices, and remembers the shapes it met.

    Args:
        formats: The declared formats, in order.
    """

    def __init__(self, formats: Sequence[Format]) -> None:
        self._formats = formats
        self._shapes: dict[bytes, _Slots | None] = {}
        self._caches: dict[object, dict[str, str]] = {}
        # A literal digit is lost in the shape.
        self._slicing = bool(formats) and not any(_DIGIT.search(form.source) for form in formats)

    def read(self, text: str) -> tuple[datetime, Precision] | None:
        """Return the time that a text tells without any doubt, and how exact it is; None when it is not so plain."""
        if not self._slicing:
            return None
        shape = _shape(text)
        slots = self._shapes.get(shape, _UNSEEN)
        if slots is _UNSEEN:
            slots = self._learn(shape, text)
        if slots is None:
            return None
        day = slots.days.get(text[slots.day])
        clock = text[slots.clock]
        if day is None or not slots.iso:
            day = day or _learnt(slots, text)
            clock = clock if slots.iso else slots.clocks.get(clock) or _clock_learnt(slots, text)
        try:
            return datetime.fromisoformat(day + clock), slots.precision
        except ValueError:
            return None

    def met(self, texts: Sequence[str]) -> Sequence[_Slots | None]:
        """Return where things stand in each text; None for one whose shape was not met, or is not plain."""
        if not self._slicing:
            return [None] * len(texts)
        shapes = _shape("\n".join(texts)).split(b"\n")
        if len(shapes) != len(texts):  # one has a line break of its own
            shapes = [_shape(text) for text in texts]
        return [self._shapes.get(shape) for shape in shapes]

    def _learn(self, shape: bytes, text: str) -> _Slots | None:
        if len(self._shapes) >= SHAPES_KEPT:
            self._shapes.clear()
            self._caches.clear()
        slots = _slots(text, self._formats, self._caches) if len(text) <= LONGEST else None
        self._shapes[shape] = slots
        return slots


def _shape(text: str) -> bytes:
    """Return what all strings of one shape have in common."""
    return text.encode("utf-8", "surrogatepass").translate(TO_ZERO)


_UNSEEN = _Slots(Format("", lazy_compile(""), {}, {}), (), "day", slice(0), slice(0), iso=False, days={}, clocks={})
_NO_CLOCK = "?"
"""What no clock can be: what it is put into is no time."""


def _clock_learnt(slots: _Slots, text: str) -> str:
    _learnt(slots, text)
    return slots.clocks.get(text[slots.clock], _NO_CLOCK)


def _slots(text: str, formats: Sequence[Format], caches: dict[object, dict[str, str]]) -> _Slots | None:
    """Return where things stand in texts of this one's shape; None when it takes more than two slices to read them."""
    if not text.isascii():
        return None
    for form in formats:
        match = form.pattern.fullmatch(text)
        if match is None or declared.stamp(form, match.groupdict()) is None:
            continue
        given = [name for name, value in match.groupdict().items() if value is not None]
        if not set(given) <= {*_DATE, *_CLOCK}:
            return None
        day, days = _around(match, [name for name in given if name in _DATE])
        clock, clocks = _around(match, [name for name in given if name in _CLOCK])
        if clock.stop > day.start and clock.start < day.stop:
            return None
        iso = masked(text[clock]) in ("", "00:00", "00:00:00") and "hour12" not in given
        precision = declared.precision(match.groupdict())
        known = [caches.setdefault((form.source, parts), {}) for parts in (days, clocks)]
        parts = [(name, slice(*match.span(name))) for name in given]
        return _Slots(form, parts, precision, day, clock, iso, *known)
    return None


def _around(match: regex.Match[str], names: Sequence[str]) -> tuple[slice, tuple[tuple[str, int, int], ...]]:
    """Return the characters that the parts take up together, and where each stands among them."""
    spans = [match.span(name) for name in names]
    start = min((span[0] for span in spans), default=0)
    parts = tuple((name, span[0] - start, span[1] - start) for name, span in zip(names, spans, strict=True))
    return slice(start, max((span[1] for span in spans), default=0)), parts


def _learnt(slots: _Slots, text: str) -> str:
    """Remember the day and the clock of a text that is read without any doubt, and return its day.

    A text that is in doubt gives no day; what it is put into is no time then.
    """
    # The format fits: its pattern takes all texts of one shape apart alike.
    fields = {name: text[part] for name, part in slots.parts}
    stamp = declared.stamp(slots.form, fields)
    # 24:00 moves the day, and stands for itself.
    if stamp is None or stamp.status != "exact" or stamp.warnings or stamp.local is None or fields.get("hour") == "24":
        return ""
    if len(slots.days) >= CACHED or len(slots.clocks) >= CACHED:
        slots.days.clear()
        slots.clocks.clear()
    has_clock = slots.clock.stop > 0
    day = slots.days[text[slots.day]] = stamp.local.date().isoformat() + ("T" if has_clock else "")
    slots.clocks[text[slots.clock]] = stamp.local.time().isoformat() if has_clock else ""
    return day
