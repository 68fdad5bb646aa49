"""What a grammar makes of the bytes at an anchor: a value it read, or why it refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from pipeline.families.php_dump.value import JSON
from pipeline.model import Page, Span


class Reading(Struct, frozen=True):
    """A value read from head to end, or to the end of a document that was cut short.

    Attributes:
        stop: First byte after it.
        value: The value in JSON form; of one cut short, the members that are complete.
        start: Its first byte, where that is not the anchor's.
        sure: First byte behind the last token that is whole, of a value cut short in the midst of one.
        repaired: What is not as PHP prints it and was read all the same; empty when every byte is.
        truncated: Why the value is known to be cut short; empty for a whole one.
        ambiguous: Why the same bytes may have been printed for another value; empty when they were not.
        unfit: Why a whole value is no leak, by what stands around it; empty when nothing speaks against it.
        declared_length: Of a string at the root: the length it declares.
        payload: Of a string at the root: where its bytes stand.
        declared_stop: Of a value cut short in a string: first byte behind what that declares; else 0.
    """

    stop: int
    value: JSON
    start: int | None = None
    sure: int | None = None
    repaired: str = ""
    truncated: str = ""
    ambiguous: str = ""
    unfit: str = ""
    declared_length: int | None = None
    payload: Span | None = None
    declared_stop: int = 0


class Refusal(Struct, frozen=True, gc=False):
    """A head stands here, but what follows is not what it promises. ``stop`` is the first byte not examined."""

    stop: int
    reason: str
    declared_length: int | None = None


Reader: TypeAlias = Callable[[Page, int], Reading | Refusal | None]
"""Reads the value whose anchor begins at a byte; None when no head stands there."""
