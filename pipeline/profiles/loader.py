"""Load profiles: read their text, hold it against the definition, fill what is left out, compile what is there."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TypeVar

import msgspec

from pipeline import boilerplate
from pipeline.dates.names import months
from pipeline.dates.zones import zone
from pipeline.decoding import codec_of
from pipeline.errors import ConfigurationError
from pipeline.profiles.complaints import complaint
from pipeline.profiles.definition import Definition
from pipeline.profiles.profile import Profile, Profiles, ProfileSource
from pipeline.profiles.settings import (
    check_address,
    check_families,
    check_language,
    checked,
    fields_of,
    mender_of,
    path_of,
    pattern,
    stamps_of,
)

DEFAULT = "default"

Given = TypeVar("Given")


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
        raise ConfigurationError(file, *complaint(error, written)) from None


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

    checked(file, "language", months, definition.language)
    check_language(file, definition.language)
    check_families(file, definition)
    check_address(file, "base_url", definition.base_url)
    check_address(file, "related_items.media_base", related.media_base)
    if (encoding := definition.text.encoding) is not None and codec_of(encoding) is None:
        raise ConfigurationError(file, "text.encoding", f"{encoding!r} is not an encoding that pages are read in")
    for name, zone_name in definition.dateline.zones.items():
        checked(file, f"dateline.zones.{name}", zone, zone_name)
    sign_off = definition.article.sign_off
    return Profile(
        definition=definition,
        stamps=stamps_of(file, definition),
        zone=checked(file, "timezone", zone, definition.timezone) if definition.timezone else None,
        sign_off=checked(file, "article.sign_off", pattern, sign_off) if sign_off else None,
        items=path_of(file, related.items),
        fields=fields_of(file, related),
        boilerplate=frozenset(map(boilerplate.key, definition.article.boilerplate)),
        fields_by_shape=not written.related_items.fields or written == default,
        mender=mender_of(definition.text),
    )


def _first_given(written: Given | None, default: Given) -> Given:
    return default if written is None else written
