"""What is wrong with a profile that does not fit its definition: the key, and the problem in words of TOML."""

from __future__ import annotations

from typing import Any, get_args

import msgspec

from pipeline.dates import Order
from pipeline.model import Clock
from pipeline.patterns import lazy_compile
from pipeline.profiles.definition import Definition

_ANY = "[...]"
"""Stands in what the decoder says for any key of a table."""
_INVALID = lazy_compile(r"(?s)(.*?)(?: - at `(?:key in )?\$\.?(.*?)`)?")
_UNKNOWN_FIELD = lazy_compile(r"Object contains unknown field `(.*)`")
_MISSING_FIELD = lazy_compile(r"Object missing required field `(.*)`")

TYPE_NAMES = {"array": "a list", "object": "a table", "str": "a string", "int": "a number", "bool": "true or false"}
_TEXTS = lazy_compile(r"`(?:str \| array|array \| str)`")
_TYPE_NAME = lazy_compile(r"`(array|object|str|int|bool)(?: \| (?:array|null))*`")
CHOICES = {
    "dateline.order": get_args(Order),
    "artifacts.strip": ("leaks", "all", "none"),
    "related_items.clock": get_args(Clock),
}


def complaint(error: msgspec.ValidationError, written: dict[str, Any]) -> tuple[str, str]:
    """Return which key of a profile is wrong, and what is wrong with it.

    Args:
        error: What the decoder said.
        written: The profile, as TOML has it.

    >>> written = {"name": "quay", "timzone": "Asia/Tehran"}
    >>> try:
    ...     msgspec.convert(written, Definition)
    ... except msgspec.ValidationError as error:
    ...     complaint(error, written)
    ('timzone', 'is not a key that a profile has; did you mean timezone?')
    """
    key, problem = _key_and_problem(str(error))
    return _named(key, written), problem


def _named(key: str, written: dict[str, Any]) -> str:
    """Return a key with the name of the wrong entry of a table of free names, which the decoder does not tell."""
    path, wild, rest = key.partition(_ANY)
    if not wild:
        return key
    table: Any = written
    for step in path.split("."):
        table = table[step]
    for name, value in table.items():
        alone: Any = {name: value}
        for step in reversed(path.split(".")):
            alone = {step: alone}
        try:
            msgspec.convert({"name": "alone", **alone}, Definition)
        except msgspec.ValidationError:
            return f"{path}.{name}{rest}"
    return path


def _key_and_problem(message: str) -> tuple[str, str]:
    """Return key and problem from what the decoder said."""
    found = _INVALID.fullmatch(message)
    problem, key = (found[1], found[2] or "") if found else (message, "")
    if unknown := _UNKNOWN_FIELD.fullmatch(problem):
        return ".".join(filter(None, [key, unknown[1]])), f"is not a key that a profile has{_meant(key, unknown[1])}"
    if missing := _MISSING_FIELD.fullmatch(problem):
        return ".".join(filter(None, [key, missing[1]])), "is missing"
    if choices := CHOICES.get(key):
        problem = f"{problem}; it must be one of {', '.join(choices)}"
    problem = _TEXTS.sub("a string or a list of strings", problem)
    problem = _TYPE_NAME.sub(lambda found: TYPE_NAMES[found[1]], problem)
    return key, problem[0].lower() + problem[1:]


def _meant(table: str, key: str) -> str:
    """Return a hint at the key that was meant: one of the same table that is much like it, or one of its name."""
    from difflib import get_close_matches  # only where something is wrong

    close = get_close_matches(key, _KEYS.get(table, ()), 1)
    meant = [f"{table}.{close[0]}".lstrip(".")] if close else []
    meant += [f"{other}.{key}".lstrip(".") for other, keys in _KEYS.items() if key in keys]
    return f"; did you mean {meant[0]}?" if meant else ""


_KEYS = {"": Definition.__struct_fields__} | {
    field.name: field.type.__struct_fields__
    for field in msgspec.structs.fields(Definition)
    if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct)
}
"""The keys of a profile, and those of each of its tables."""
