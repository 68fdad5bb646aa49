"""What the settings of a profile compile to; whatever is wrong with one is said with file and key."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

import regex

from pipeline.dates import StampReader, compile_format
from pipeline.dates.names import UnknownLanguageError
from pipeline.errors import ConfigurationError
from pipeline.families import FAMILY_NAMES
from pipeline.mending import Mender, Rules
from pipeline.model import MAPPED_COLUMNS
from pipeline.patterns import lazy_compile
from pipeline.profiles.definition import Definition, RelatedSettings, TextSettings

ISO_639_2 = 3
"""Letters of the longer codes of languages."""
_STEP = lazy_compile(r"\.([^.\[\]]+)|\[([0-9]{1,6})\]")
_WHITE = lazy_compile(r"[\s\x00-\x1f]")

Checked = TypeVar("Checked")
P = ParamSpec("P")

_ESCAPED = lazy_compile(r"(?s)\\(?:([pP]\{)(?![^{}\\]*\})|.)")
"""An escape; the group is there where a property is not closed, which the library takes for plain letters."""


def pattern(source: str) -> regex.Pattern[str]:
    """Compile a pattern.

    Raises:
        ValueError: It is none.
    """
    for found in _ESCAPED.finditer(source):
        if found[1] is not None:
            raise ValueError(f"is not a pattern: the property at position {found.start()} is not closed by a brace")
    try:
        return regex.compile(source)
    except (regex.error, RecursionError) as error:
        raise ValueError(f"is not a pattern: {error}") from None


def checked(file: str, key: str, compiled: Callable[P, Checked], *settings: P.args, **more: P.kwargs) -> Checked:
    """Return what a setting compiles to; whatever is wrong with it is said with file and key."""
    try:
        return compiled(*settings, **more)
    except (ValueError, UnknownLanguageError) as error:
        raise ConfigurationError(file, key, str(error)) from None


def check_language(file: str, language: str) -> None:
    """Refuse a code of three letters where there is one of two: the columns and other settings have that one."""
    from babel.core import get_global  # a run that reads no dates does without it

    short = get_global("language_aliases").get(language) if len(language) == ISO_639_2 else None
    if short is not None and len(short) < ISO_639_2:
        raise ConfigurationError(file, "language", f"{language!r} has a code of two letters: write {short!r}")


def check_families(file: str, definition: Definition) -> None:
    """Refuse a family of leaks that there is not."""
    for name in definition.artifacts.families or ():
        if name not in FAMILY_NAMES:
            known = ", ".join(FAMILY_NAMES)
            raise ConfigurationError(file, "artifacts.families", f"{name!r} is not a family; there are: {known}")


def check_address(file: str, key: str, address: str | None) -> None:
    """Refuse an address that paths cannot be made whole with."""
    if address is None:
        return
    try:
        parts = urlsplit(address)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and not _WHITE.search(address)
    except ValueError:
        whole = False
    if not whole:
        problem = f"{address!r} is not an address; one begins with https:// or http:// and has a host"
        raise ConfigurationError(file, key, problem)


def mender_of(settings: TextSettings) -> Mender:
    """Return what mends text by the switches of a profile."""
    switches = {name: getattr(settings, name) for name in Rules.__struct_fields__}
    return Mender(Rules(**switches))


def stamps_of(file: str, definition: Definition) -> StampReader:
    """Return the reader of timestamp lines, by the declared formats first."""
    settings, language = definition.dateline, definition.language
    century = settings.century_from is not None
    formats = [
        checked(file, f"dateline.formats[{number}]", compile_format, source, language, century=century)
        for number, source in enumerate(settings.formats)
    ]
    return StampReader(formats, settings.order, language, settings.century_from)


def path_of(file: str, text: str) -> tuple[str | int, ...]:
    """Return the steps of a path.

    >>> path_of("quay.toml", "$.data.items[0]")
    ('data', 'items', 0)
    """
    steps: list[str | int] = []
    position = 1
    while text.startswith("$") and position < len(text):
        found = _STEP.match(text, position)
        if found is None:
            break
        steps.append(found[1] if found[1] is not None else int(found[2]))
        position = found.end()
    if position != len(text) or not text.startswith("$"):
        problem = f"{text!r} is not a path: begin with $, then .key or [number]"
        raise ConfigurationError(file, "related_items.items", problem)
    return tuple(steps)


def fields_of(file: str, related: RelatedSettings) -> dict[str, tuple[str, ...]]:
    """Return the keys that fill each column, the first of them that an item has counting."""
    for column in related.fields:
        if column not in MAPPED_COLUMNS:
            known = ", ".join(MAPPED_COLUMNS)
            problem = f"is not a column that a key can fill; there are: {known}"
            raise ConfigurationError(file, f"related_items.fields.{column}", problem)
    return {column: (keys,) if isinstance(keys, str) else keys for column, keys in related.fields.items()}
