"""PHP values as JSON: the mapping that the data dictionary promises for ``artifacts.value``."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass, field
from itertools import count
from operator import eq
from typing import TypeAlias

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"


def from_bytes(raw: bytes) -> JSON:
    r"""Return a PHP string: text when it is UTF-8, else its bytes in base64.

    >>> from_bytes(b"caf\xe9")
    {'$bytes': 'Y2Fm6Q=='}
    """
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return {"$bytes": base64.b64encode(raw).decode()}


def from_float(text: bytes) -> JSON:
    """Return a PHP float; JSON has no infinity and no NaN, so those keep their PHP names.

    >>> from_float(b"1.0E+22"), from_float(b"-INF")
    (1e+22, {'$float': '-INF'})
    """
    name = text.decode()
    number = float(name)
    return number if math.isfinite(number) else {"$float": name}


def key_text(raw: bytes) -> str:
    """Return a key; bytes that are not UTF-8 are written as escapes, since a JSON key must be text."""
    return raw.decode("utf-8", "backslashreplace")


@dataclass(slots=True)
class Container:
    """An array or object whose members are still being read.

    Attributes:
        declared: How many members its head promises (an object's uninitialised properties are not counted).
        class_name: None for an array.
        key: Key of the member whose value comes next.
        seen: Members complete so far, without uninitialised ones.
    """

    declared: int
    class_name: str | None
    members: dict[str | int, JSON] = field(default_factory=dict)
    key: str | int = ""
    seen: int = 0
    names: set[str] = field(default_factory=set)
    collided: bool = False

    def name(self, key: str | int, class_name: str | None = None) -> None:
        """Begin the member ``key``; of two private properties with one name, the second gets its class's name."""
        if class_name is not None and key in self.members:
            key = f"{class_name}::{key}"
        name = str(key)
        if name in self.names:
            self.collided = True
        self.names.add(name)
        self.key = key

    def add(self, value: JSON) -> None:
        """Complete the member that was begun."""
        self.members[self.key] = value
        self.seen += 1

    def value(self) -> JSON:
        """Return the JSON form: keys 0 to n-1 in order make an array, all others an object."""
        if self.class_name is not None:
            return {"$class": self.class_name} | {str(key): value for key, value in self.members.items()}
        if all(map(eq, self.members, count())):
            return list(self.members.values())
        return dict(zip(map(str, self.members), self.members.values(), strict=True))
