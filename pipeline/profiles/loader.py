"""Load profiles, and say exactly what is wrong with one: the file, the key, the problem."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, get_args
from urllib.parse import urlsplit

import msgspec
import regex

from pipeline import boilerplate
from pipeline.dates import Order, StampReader, compile_format
from pipeline.dates.names import UnknownLanguageError, months
from pipeline.dates.zones import zone
from pipeline.decoding import codec_of
from pipeline.errors import ConfigurationError
from pipeline.families import FAMILY_NAMES
from pipeline.mending import Mender, Rules
from pipeline.model import MAPPED_COLUMNS, Clock
from pipeline.patterns import lazy_compile
from pipeline.profiles.definition import Definition, RelatedSettings, TextSettings
from pipeline.profiles.profile import Profile, Profiles, ProfileSource

DEFAULT = "default"

ISO_639_2 = 3
"""Letters of the longer codes of languages."""
_ANY = "[...]"
"""Stands in what the decoder says for any key of a table."""
_INVALID = lazy_compile(r"(?s)(.*?)(?: - at `(?:key in )?\$\.?(.*?)`)?")
_UNKNOWN_FIELD = lazy_compile(r"Object contains unknown field `(.*)`")
_MISSING_FIELD = lazy_compile(r"Object missing required field `(.*)`")
_STEP = lazy_compile(r"\.([^.\[\]]+)|\[([0-9]{1,6})\]")

_WHITE = lazy_compile(r"[\s\x00-\x1f]")

TYPE_NAMES = {"array": "a list", "object": "a table", "str": "a string", "int": "a number", "bool": "true or false"}
_TEXTS = lazy_compile(r"`(?:str \| array|array \| str)`")
_TYPE_NAME = lazy_compile(r"`(array|object|str|int|bool)(?: \| (?:array|null))*`")
CHOICES = {
    "dateline.order": get_args(Order),
    "artifacts.strip": ("leaks", "all", "none"),
    "related_items.clock": get_args(Clock),
}

Checked = TypeVar("Checked")
P = ParamSpec("P")


def load(names: Sequence[str] = ()) -> Profiles:
    """Load profiles by the names of shipped ones or by path.

    Raises:
        ConfigurationError: No such profile, or something in it is wrong; the message names file and key.

    >>> load(["alalam-en"]).given[0].zone.key
    'Asia/Tehran'
    """
    return load_sources([read_source(name) for name in names])


def load_sources(sources: Sequence[ProfileSource]) -> Profiles:
    """Compile profiles whose text was read already: what a worker process does with the text its driver read.

    Raises:
        ConfigurationError: Something in a profile is wrong; the message names file and key.
    """
    given = tuple(_resolve(source.file, _parse(source.file, source.text)) for source in sources)
    names = [profile.name for profile in given]
    for source, name in zip(sources, names, strict=True):
        if names.count(name) > 1:
            raise ConfigurationError(source.file, "name", f"two profiles of this run are called {name!r}")
    return Profiles(given, _resolve(DEFAULT, _default()), tuple(sources))


def shipped_names() -> tuple[str, ...]:
    """Return the names of the profiles that come with the package."""
    files = resources.files("pipeline.profiles").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def read_source(name: str) -> ProfileSource:
    """Read the text of a shipped profile or of a file.

    Raises:
        ConfigurationError: There is none of that name, or it cannot be read.
    """
    if name in shipped_names():
        return ProfileSource(name, resources.files("pipeline.profiles").joinpath(f"{name}.toml").read_text("utf-8"))
    if not name:
        raise ConfigurationError("--profile", "", "names neither a shipped profile nor a file")
    try:
        if Path(name).exists() and not Path(name).is_file():
            raise ConfigurationError(name, "", "is not a file")
        return ProfileSource(name, Path(name).read_text("utf-8-sig"))
    except FileNotFoundError:
        known = ", ".join(shipped_names())
        problem = f"there is no such file, and no such shipped profile ({known})"
        raise ConfigurationError(name, "", problem) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(name, "", f"cannot be read: {error}") from None


def _parse(file: str, text: str) -> Definition:
    try:
        written = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(file, "", f"is not valid TOML: {error}") from None
    try:
        return msgspec.convert(written, Definition)
    except msgspec.ValidationError as error:
        key, problem = _key_and_problem(str(error))
        raise ConfigurationError(file, _named(key, written), problem) from None


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


@cache
def _default() -> Definition:
    text = resources.files("pipeline.profiles").joinpath(f"{DEFAULT}.toml").read_text("utf-8")
    return _parse(DEFAULT, text)


def _resolve(file: str, written: Definition) -> Profile:
    """Fill what is left out from ``default``, and compile everything that can be wrong."""
    default = _default()
    replace = msgspec.structs.replace
    article = replace(
        written.article,
        flags=_first_given(written.article.flags, default.article.flags),
        sign_off=_first_given(written.article.sign_off, default.article.sign_off),
    )
    related = written.related_items
    related = replace(related, fields=related.fields or default.related_items.fields)
    dateline = replace(written.dateline, zones=default.dateline.zones | written.dateline.zones)
    definition = replace(written, article=article, dateline=dateline, related_items=related)

    _check(file, "language", months, definition.language)
    _check_language(file, definition.language)
    _check_families(file, definition)
    _check_address(file, "base_url", definition.base_url)
    _check_address(file, "related_items.media_base", related.media_base)
    if (encoding := definition.text.encoding) is not None and codec_of(encoding) is None:
        raise ConfigurationError(file, "text.encoding", f"{encoding!r} is not an encoding that pages are read in")
    for name, zone_name in definition.dateline.zones.items():
        _check(file, f"dateline.zones.{name}", zone, zone_name)
    sign_off = definition.article.sign_off
    return Profile(
        definition=definition,
        stamps=_stamps(file, definition),
        zone=_check(file, "timezone", zone, definition.timezone) if definition.timezone else None,
        sign_off=_check(file, "article.sign_off", _pattern, sign_off) if sign_off else None,
        items=_path(file, related.items),
        fields=_fields(file, related),
        boilerplate=frozenset(map(boilerplate.key, definition.article.boilerplate)),
        fields_by_shape=not written.related_items.fields or written == default,
        mender=_mender(definition.text),
    )


def _first_given(written: Checked | None, default: Checked) -> Checked:
    return default if written is None else written


_ESCAPED = lazy_compile(r"(?s)\\(?:([pP]\{)(?![^{}\\]*\})|.)")
"""An escape; the group is there where a property is not closed, which the library takes for plain letters."""


def _pattern(source: str) -> regex.Pattern[str]:
    for found in _ESCAPED.finditer(source):
        if found[1] is not None:
            raise ValueError(f"is not a pattern: the property at position {found.start()} is not closed by a brace")
    try:
        return regex.compile(source)
    except (regex.error, RecursionError) as error:
        raise ValueError(f"is not a pattern: {error}") from None


def _check(file: str, key: str, compiled: Callable[P, Checked], *settings: P.args, **more: P.kwargs) -> Checked:
    """Return what a setting compiles to; whatever is wrong with it is said with file and key."""
    try:
        return compiled(*settings, **more)
    except (ValueError, UnknownLanguageError) as error:
        raise ConfigurationError(file, key, str(error)) from None


def _check_language(file: str, language: str) -> None:
    """Refuse a code of three letters where there is one of two: the columns and other settings have that one."""
    from babel.core import get_global  # a run that reads no dates does without it

    short = get_global("language_aliases").get(language) if len(language) == ISO_639_2 else None
    if short is not None and len(short) < ISO_639_2:
        raise ConfigurationError(file, "language", f"{language!r} has a code of two letters: write {short!r}")


def _check_families(file: str, definition: Definition) -> None:
    for name in definition.artifacts.families or ():
        if name not in FAMILY_NAMES:
            known = ", ".join(FAMILY_NAMES)
            raise ConfigurationError(file, "artifacts.families", f"{name!r} is not a family; there are: {known}")


def _check_address(file: str, key: str, address: str | None) -> None:
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


def _mender(settings: TextSettings) -> Mender:
    switches = {name: getattr(settings, name) for name in Rules.__dataclass_fields__}
    return Mender(Rules(**switches))


def _stamps(file: str, definition: Definition) -> StampReader:
    """Return the reader of timestamp lines, by the declared formats first."""
    settings, language = definition.dateline, definition.language
    century = settings.century_from is not None
    formats = [
        _check(file, f"dateline.formats[{number}]", compile_format, source, language, century=century)
        for number, source in enumerate(settings.formats)
    ]
    return StampReader(formats, settings.order, language, settings.century_from)


def _path(file: str, text: str) -> tuple[str | int, ...]:
    """Return the steps of a path such as ``$.data.items[0]``."""
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


def _fields(file: str, related: RelatedSettings) -> dict[str, tuple[str, ...]]:
    for column in related.fields:
        if column not in MAPPED_COLUMNS:
            known = ", ".join(MAPPED_COLUMNS)
            problem = f"is not a column that a key can fill; there are: {known}"
            raise ConfigurationError(file, f"related_items.fields.{column}", problem)
    return {column: (keys,) if isinstance(keys, str) else keys for column, keys in related.fields.items()}
