"""A container of VarDumper that is being read."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.families.php_dump.value import Container


@dataclass(slots=True)
class Level(Container):
    """A container of VarDumper.

    Attributes:
        closer: The bracket that ends it.
        named: Whether its members are properties.
        left_out: How many members were not shown; -1 when that is not said.
    """

    closer: bytes = b"]"
    named: bool = False
    left_out: int = 0
