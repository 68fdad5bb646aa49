"""A proposed profile as a TOML file with comments, which `run --profile` takes as it is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from pipeline.log import counted, printable
from pipeline.patterns import lazy_compile
from pipeline.profiles import Profiles
from pipeline.survey.gather import SourceSurvey
from pipeline.survey.proposal import Section, Setting, Value, base_of, profile_name, propose

WIDTH = 116
_BARE_KEY = lazy_compile(r"[A-Za-z0-9_-]+")


def write_profile(source: SourceSurvey, profiles: Profiles, name: str | None = None) -> str:
    """Return the file of a profile that a survey suggests for a source, under a name, or else the source's own."""
    base = base_of(source, profiles)
    pages = counted(source.documents, "page")
    head = [
        f"Profile of {printable(source.label)}, suggested by `descrape survey` from {pages}.",
        f"It begins with what the profile {printable(base.name)} says, which served most of them." if base else "",
        "Every line can be changed; `descrape inspect PAGE --profile THIS_FILE` shows what comes of it.",
    ]
    sections = propose(source, profiles, profile_name(source.label if name is None else name))
    return "\n".join([*_comments(head), *(line for part in sections for line in _section(part)), ""])


def _section(section: Section) -> Iterator[str]:
    yield ""
    if section.name:
        yield f"[{section.name}]"
    for setting in section.settings:
        yield from _setting(setting)


def _setting(setting: Setting) -> Iterator[str]:
    yield from _comments(setting.why)
    lines = f"{toml_key(setting.key)} = {toml_value(setting.value)}".split("\n")
    yield from lines if setting.sure else (f"# {line}" for line in lines)


def _comments(texts: Sequence[str]) -> Iterator[str]:
    for text in filter(None, texts):
        for line in textwrap.wrap(printable(text), WIDTH - 2, break_long_words=False, break_on_hyphens=False):
            yield f"# {line}"


def toml_key(key: str) -> str:
    """Return a key, quoted where it must be."""
    return key if _BARE_KEY.fullmatch(key) else toml_string(key)


def toml_value(value: Value) -> str:
    r"""Return a value; a list that is too long for a line takes one line an entry.

    >>> toml_value(["a", "b"]), toml_value({"uri": ["a/*"]}), toml_value(r"\([a-z]\)")
    ('["a", "b"]', '{ uri = ["a/*"] }', "'\\([a-z]\\)'")
    """
    if isinstance(value, str):
        return toml_string(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{toml_key(key)} = {_inline(inner)}" for key, inner in value.items())
        return f"{{ {inside} }}"
    inline = _inline(value)
    if len(inline) <= WIDTH - 20:
        return inline
    return "\n".join(["[", *(f"  {toml_string(one)}," for one in value), "]"])


def _inline(value: str | Sequence[str]) -> str:
    return toml_string(value) if isinstance(value, str) else f"[{', '.join(map(toml_string, value))}]"


def toml_string(text: str) -> str:
    r"""Return a string: a literal one where that spares escapes, else a basic one.

    >>> toml_string('say "so"'), toml_string("it's \x1b")
    ('\'say "so"\'', '"it\'s \\u001B"')
    """
    if ("\\" in text or '"' in text) and "'" not in text and text.isprintable():
        return f"'{text}'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if letter.isprintable():
        return letter
    code = ord(letter)
    if code in range(0xD800, 0xE000):
        return "\\uFFFD"  # half a surrogate pair is no character, and TOML has no way to write it
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004 - what four digits hold
