"""How a reader deep inside a value tells that the value ends there or is none."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - a turn of the reading, never seen outside it
    """What stands at ``at`` is not what the head promised; nothing before ``at`` needs to be looked at again."""

    def __init__(self, at: int, reason: str) -> None:
        super().__init__(reason)
        self.at = at
        self.reason = reason


class CutShort(Exception):  # noqa: N818 - a turn of the reading, never seen outside it
    """The value was cut short: what is left of it ends at ``stop``, and ``sure`` is behind its last whole token."""

    def __init__(self, stop: int, sure: int) -> None:
        super().__init__(stop)
        self.stop = stop
        self.sure = sure
