"""An array of ``var_export`` within a string: a string that holds the head of one holds all of it."""

from __future__ import annotations

from pipeline.families.php_dump import var_export_tokens as tokens


class Inner:
    """The first head in a string, and the parentheses from there on.

    >>> [Inner(text, 0, len(text)).is_whole(len(text)) for text in (b"array ( 0 => 1, )", b"array ( 0 =>")]
    [True, False]
    """

    def __init__(self, raw: bytes, start: int, limit: int) -> None:
        self.raw = raw
        head = tokens.ANY_HEAD.search(raw, start, limit)
        self.at = self.start = head.start() if head else limit
        self.depth = 0

    def begins_behind(self, stop: int) -> bool:
        """Whether no head stands before a byte."""
        return self.start >= stop

    def is_whole(self, stop: int) -> bool:
        """Whether as many parentheses are closed as were opened, up to a byte; to be asked in order."""
        if stop > self.at:
            self.depth += self.raw.count(b"(", self.at, stop) - self.raw.count(b")", self.at, stop)
            self.at = stop
        return self.depth == 0
