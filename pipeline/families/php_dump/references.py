"""What ``R:k;`` and ``r:k;`` of serialized text stand for: the k-th value, counted as PHP counts them."""

from __future__ import annotations

from msgspec import Struct, field

from pipeline.families.php_dump.value import JSON

RECURSION: JSON = {"$recursion": True}
GROWTH = 16
"""References may repeat this many times the bytes read so far: each may repeat others, and lengths would explode."""
GROWTH_LEAST = 4096


class _Slot(Struct):
    start: int
    size: int = 0
    value: JSON = None
    is_open: bool = True


class TooMuchRepeated(Exception):  # noqa: N818 - a limit, told apart from any other refusal
    """References repeat more than a value of this size is expected to hold."""


class Slots(Struct):
    """The values of one dump in the order in which they began.

    >>> slots = Slots(0)
    >>> slots.close(slots.open(0), "ferry", 10)
    >>> slots.resolve(1, 10), slots.resolve(9, 10)
    ('ferry', None)
    """

    start: int
    slots: list[_Slot] = field(default_factory=list)
    repeated: int = 0
    unknown: bool = False

    def open(self, at: int) -> int:
        """Give the value that begins at ``at`` its number."""
        self.slots.append(_Slot(at))
        return len(self.slots)

    def close(self, number: int, value: JSON, at: int, repeated_before: int = 0) -> None:
        """Keep a value that ends at ``at``."""
        slot = self.slots[number - 1]
        slot.size = at - slot.start + self.repeated - repeated_before
        slot.value, slot.is_open = value, False

    def resolve(self, number: int, at: int) -> JSON:
        """Return the value of a number, or that it stands in itself.

        Raises:
            TooMuchRepeated: When the value would become far larger than its text.
        """
        if not 0 < number <= len(self.slots):
            self.unknown = True
            return None
        slot = self.slots[number - 1]
        if slot.is_open:
            return RECURSION
        self.repeated += slot.size
        if self.repeated > GROWTH * (at - self.start) + GROWTH_LEAST:
            raise TooMuchRepeated
        return slot.value
