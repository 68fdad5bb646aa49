"""The value that ``print_r`` output is read into, and what became of the reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.families.php_dump import print_r_tokens as tokens
from pipeline.families.php_dump.damage import decoded
from pipeline.families.php_dump.print_r_tokens import Head
from pipeline.families.php_dump.value import JSON, Container, from_bytes, key_text

DEEPEST = 256
"""Nested values beyond this are refused."""


@dataclass(slots=True)
class _Open:
    container: Container
    is_enum: bool

    def value(self) -> JSON:
        if self.is_enum and "name" in self.container.members:
            return {"$enum": f"{self.container.class_name}::{self.container.members['name']}"}
        return self.container.value()


@dataclass(slots=True)
class Tree:
    """A value whose members are still being read.

    >>> tree = Tree()
    >>> tree.open(Head(None, False, 5)); tree.name(b"0"); tree.scalar(b"wet"); tree.close(); tree.value
    ['wet']
    """

    stack: list[_Open] = field(default_factory=list)
    value: JSON = None
    keys: int = 0
    collided: bool = False
    decode: bool = False

    @property
    def depth(self) -> int:
        """How many containers are open."""
        return len(self.stack)

    def open(self, head: Head) -> None:
        """Begin a container, as the root or as the member that was begun."""
        self.stack.append(_Open(Container(0, head.class_name), head.is_enum))

    def name(self, key: bytes) -> None:
        """Begin a member."""
        container = self.stack[-1].container
        self.keys += 1
        if self.decode:
            key = decoded(key)
        if container.class_name is None:
            container.name(_key(key))
        elif visible := tokens.VISIBILITY.match(key):
            container.name(key_text(visible[1]), key_text(visible[2]) if visible[2] else None)
        else:
            container.name(key_text(key))

    def scalar(self, text: bytes) -> None:
        """Complete the member with a text."""
        self.stack[-1].container.add(from_bytes(decoded(text) if self.decode else text))

    def array(self, key: bytes, keys: Sequence[bytes], texts: Sequence[bytes]) -> None:
        """Begin a member and complete it with an array of texts, no two of which have the same key.

        >>> tree = Tree()
        >>> tree.open(Head(None, False, 5)); tree.array(b"tide", [b"0"], [b"out"]); tree.close(); tree.value
        {'tide': ['out']}
        """
        self.name(key)
        members = {_key(name): from_bytes(text) for name, text in zip(keys, texts, strict=True)}
        self.keys += len(members)
        self.stack[-1].container.add(Container(0, None, members).value())

    def recursion(self) -> None:
        """Complete the member with a value that it is itself part of."""
        self.stack[-1].container.add({"$recursion": True})

    def close(self) -> None:
        """End the innermost container."""
        opened = self.stack.pop()
        self.collided |= opened.container.collided
        if self.stack:
            self.stack[-1].container.add(opened.value())
        else:
            self.value = opened.value()

    def cut(self) -> None:
        """End all containers; a member that was begun and not completed is dropped."""
        while self.stack:
            inner = self.stack.pop()
            if self.stack and inner.is_enum and "name" not in inner.container.members:
                continue  # which case it is was not reached
            if self.stack:
                outer = self.stack[-1].container
                outer.members[outer.key] = inner.value()
            else:
                self.value = inner.value()


def _key(key: bytes) -> int | str:
    return int(key) if key[-1:].isdigit() and tokens.INTEGER.match(key) else key_text(key)


class Endless:
    """How far a page was read in vain, past what may be the end of a value: none before is read past its end again."""

    def __init__(self, _raw: bytes) -> None:
        self.stop = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one way of reading made of a text.

    Attributes:
        tree: The value.
        stop: First byte behind it, or behind what is left of it.
        examined: First byte that was not looked at.
        complete: Whether it was read to its end.
        sure: First byte behind the last token that is whole, where it was not.
        damage: What is not as PHP prints it.
        doubt: Why it may end elsewhere.
        unfinished: Why what is left of it may not be cut.
        indented: Whether its lines have their indents, so that it ends at the margin and nowhere else.
    """

    tree: Tree
    stop: int
    examined: int
    complete: bool
    sure: int | None = None
    damage: str = ""
    doubt: str = ""
    unfinished: str = ""
    indented: bool = False
