"""The third rung: what was done to a whole document on its way and can be undone as a whole."""

from __future__ import annotations

import html
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus

import msgspec
import regex

from pipeline.patterns import lazy_compile

ENTITY = lazy_compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
SLASHED = lazy_compile(r"""\\(["'\\])""")
SLASHED_QUOTE = lazy_compile(r"""\\(["'])""")
SLASHED_ESCAPE = lazy_compile(r"(?<!\\)\\\\(?:/|u[0-9a-fA-F]{4})")
"""An escape of JSON whose backslash was doubled: then every backslash was."""
QUOTE_ENTITY = r"&(?:amp;)*+(?:quot|\#0?34|\#x22|\#0?39|apos|\#822[01]|[lr]dquo);"
ENTITY_HEAD = lazy_compile(rf"(?:[\[{{\s]|&(?:amp;)*+nbsp;|<br\s?/?>)*+{QUOTE_ENTITY}", regex.IGNORECASE)
SLASHED_HEAD = lazy_compile(r"""[\[{\s]*+(?:\\\\)*+\\["']""")
STRING_HEAD = lazy_compile(r"""\"(?=[\[{][\[{\s]*+(?:\\\\)*+\\")""")
"""The quote of a JSON string whose content is JSON: where it is cut short it cannot be decoded as one."""
DOUBLED_HEAD = lazy_compile(r"""\"?(?=[\[{][\[{\s]*+""[^"]{1,80}""\s*+:)""")
"""A whole key in doubled quotes, as CSV writes it."""
PERCENT_HEAD = lazy_compile(r"(?:[\[{\s]|%(?:5B|7B|20|0A|0D|09))*+%22", regex.IGNORECASE)
PERCENT_MARKS = ("%2C", "%3A", "%2c", "%3a")
"""What addresses leave as it is where they write a blank as ``%20``, and forms do not, which write it as a plus."""
SCRIPT_STRING = lazy_compile(r"'(?=[\[{])((?:[^'\\]|\\.)*+)'", regex.DOTALL)
IN_SCRIPT_STRING = lazy_compile(r"""\\(?:x([0-9a-fA-F]{2})|(['`]))|\\.|\"""", regex.DOTALL)
DEEPEST = 3


class Decoding(NamedTuple):
    """What a document was before it was encoded, what was undone, and another reading of it where there is one."""

    text: str
    note: str
    otherwise: str = ""


def decodings(text: str) -> list[Decoding]:
    r"""Return what a document was before it was encoded as a whole, nearest first, each with a note.

    >>> decodings('{&quot;a&quot;:1}')
    [Decoding(text='{"a":1}', note='entities are decoded', otherwise='')]
    >>> decodings(r'{\"a\":1}')
    [Decoding(text='{"a":1}', note='slashes before quotes are taken off', otherwise='')]
    """
    found: list[Decoding] = []
    if (quoted := SCRIPT_STRING.fullmatch(text)) and (inside := _of_script(quoted[1])):
        text = inside
        found.append(Decoding(text, "a string of a script is read"))
    if PERCENT_HEAD.match(text):
        text = unquote_plus(text) if "%20" not in text and _has_any(text, PERCENT_MARKS) else unquote(text)
        found.append(Decoding(text, "percent signs are decoded"))
    for _ in range(DEEPEST):
        if not ENTITY_HEAD.match(text):
            break
        text = ENTITY.sub(_character, text.replace("&quot;", '"'))  # of most entities that is all of them
        found.append(Decoding(text, "entities are decoded"))
    if doubled := DOUBLED_HEAD.match(text):
        text = text[doubled.end() :].removesuffix(doubled[0]).replace('""', '"')
        found.append(Decoding(text, "doubled quotes are single again"))
    if quote := STRING_HEAD.match(text):
        text = text[quote.end() :]
    for _ in range(DEEPEST):
        if not SLASHED_HEAD.match(text):
            break
        found.append(_without_slashes(text))
        text = found[-1].text
    return found


def _of_script(content: str) -> str:
    """Return the text of a string in single quotes; empty where its escapes are none of a script."""
    try:
        return str(msgspec.json.decode(f'"{IN_SCRIPT_STRING.sub(_as_in_json, content)}"'.encode(), type=str))
    except ValueError:
        return ""


def _as_in_json(found: regex.Match[str]) -> str:
    byte, quote = found.groups()
    if byte or quote:
        return f"\\u00{byte}" if byte else str(quote)
    return '\\"' if found[0] == '"' else str(found[0])


def _has_any(text: str, marks: tuple[str, ...]) -> bool:
    return any(mark in text for mark in marks)


def _character(entity: regex.Match[str]) -> str:
    return html.unescape(entity[0])


def _without_slashes(text: str) -> Decoding:
    """Undo PHP's ``addslashes``, or what puts backslashes before quotes alone: the other escapes are JSON's own."""
    note = "slashes before quotes are taken off"
    if "\\\\" not in text and "\\'" not in text:
        return Decoding(text.replace('\\"', '"'), note)
    all_doubled = SLASHED.sub(r"\1", text)
    quotes_alone = SLASHED_QUOTE.sub(r"\1", text)
    otherwise = "" if all_doubled == quotes_alone or SLASHED_ESCAPE.search(text) else quotes_alone
    return Decoding(all_doubled, note, otherwise)
