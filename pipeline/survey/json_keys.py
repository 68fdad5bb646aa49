"""The keys of leaked data: where they stand, of which type, how often they are there, and what they hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.items.fields import ADDRESS, ADDRESS_LONGEST
from pipeline.media import kind_of
from pipeline.patterns import lazy_compile
from pipeline.survey.counts import Seen, Top

PATHS_MOST = 200
"""Paths of a source that are told of; data whose keys are names or dates has no end of them."""
VALUES_MOST = 20_000
"""Values of the objects of one document that are looked at."""
DEPTH_MOST = 12
EXAMPLES = 3
EXAMPLE_LONGEST = 80
KEY_LONGEST = 60

_DATE = lazy_compile(
    r"(?:19|20)[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}.{0,30}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:19|20)[0-9]{2}.{0,30}"
)
_INTEGER = lazy_compile(r"-?[0-9]{1,20}")
SENTENCE_SHORTEST = 12
"""Characters of a string with blanks in it that may be a title."""


@dataclass(slots=True)
class Key:
    """One key, by its path.

    Attributes:
        count: Objects that have it.
        within: Path of these objects.
        types: JSON types of its values.
        looks: What its strings look like: ``media`` ``address`` ``date`` ``integer`` ``sentence`` ``word`` ``empty``.
        examples: Some of its values.
    """

    count: int = 0
    within: str = ""
    types: Counter[str] = field(default_factory=Counter)
    looks: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, within: str, value: object) -> None:
        """Take note of one value."""
        self.within = within
        self.types[type_of(value)] += 1
        text = value if isinstance(value, str) else "" if isinstance(value, (dict, list)) else repr_of(value)
        if isinstance(value, str):
            self.looks[look_of(value)] += 1
        if text and len(self.examples) < EXAMPLES and (short := text[:EXAMPLE_LONGEST]) not in self.examples:
            self.examples.append(short)

    @property
    def look(self) -> str | None:
        """What most of its strings look like; None when it holds no strings."""
        return self.looks.most_common(1)[0][0] if self.looks else None


@dataclass(slots=True)
class Keys:
    """The keys of a source's leaked data.

    Attributes:
        paths: By path, such as ``$.items[].title``.
        objects: How many objects stand at a path.
        documents: Pages with data.
        cut_short: Pages whose data was too much to be looked at as a whole.
    """

    paths: Top[Key] = field(default_factory=lambda: Top(Key, PATHS_MOST))
    objects: Top[Seen] = field(default_factory=lambda: Top(Seen, PATHS_MOST))
    documents: int = 0
    cut_short: int = 0

    def add(self, data: object) -> None:
        """Take note of all keys in one page's data."""
        self.documents += 1
        values = 0
        for path, found in _objects(data):
            values += len(found)
            if values > VALUES_MOST:
                self.cut_short += 1
                return
            self.objects.saw(path)
            for name, value in found.items():
                self.paths.saw(f"{path}.{name[:KEY_LONGEST]}").add(path, value)

    def fill(self, key: Key) -> float:
        """Return the share of objects at a path that have the key."""
        there = self.objects.entries.get(key.within)
        return min(1.0, key.count / there.count) if there else 0.0

    def at(self, path: str) -> dict[str, Key]:
        """Return the keys of the objects at a path, the most frequent first."""
        ranked = ((name, key) for name, key in self.paths.ranked() if key.within == path)
        return {name[len(path) + 1 :]: key for name, key in ranked}


def _objects(data: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object in data with its path, outermost first."""
    stack: list[tuple[str, int, object]] = [("$", 0, data)]
    while stack:
        path, depth, value = stack.pop()
        if isinstance(value, dict):
            yield path, value
        if depth == DEPTH_MOST:
            continue
        if isinstance(value, dict):
            inner = [(f"{path}.{str(name)[:KEY_LONGEST]}", depth + 1, below) for name, below in value.items()]
        elif isinstance(value, list):
            inner = [(f"{path}[]", depth + 1, below) for below in value]
        else:
            continue
        stack.extend(step for step in reversed(inner) if isinstance(step[2], (dict, list)))


def type_of(value: object) -> str:
    """Return the JSON type of a value.

    >>> [type_of(value) for value in (None, True, 7, 7.5, "7", [], {})]
    ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']
    """
    return _TYPES[type(value)]


_TYPES = {
    type(None): "null", bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object",
}  # fmt: skip


def repr_of(value: object) -> str:
    """Return a value as JSON prints it."""
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def look_of(text: str) -> str:
    """Return what a string looks like.

    >>> [look_of(text) for text in ("/2016/a.jpg", "https://a.example/b", "2016-03-27", "51", "The dock in winter")]
    ['media', 'address', 'date', 'integer', 'sentence']
    """
    text = text.strip()
    if not text:
        return "empty"
    if len(text) <= ADDRESS_LONGEST and " " not in text:
        if ADDRESS.fullmatch(text):
            return "media" if kind_of(text) is not None else "address"
        if _INTEGER.fullmatch(text):
            return "integer"
    if len(text) <= EXAMPLE_LONGEST and _DATE.fullmatch(text):
        return "date"
    return "sentence" if len(text) >= SENTENCE_SHORTEST and " " in text else "word"
