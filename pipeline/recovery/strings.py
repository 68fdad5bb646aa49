r"""Where a string ends whose quotes prove nothing, and what its escapes mean.

A quote ends a string when what follows it is what follows a value: a comma and a key, a bracket that fits. Any other
quote is one of the string's own. Each quote is looked at once, with a bounded view ahead.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Literal, NamedTuple

import msgspec
import regex

from pipeline.patterns import lazy_compile
from pipeline.recovery import patterns

Place = Literal["member", "element"]

CANDIDATES = {
    quote: lazy_compile(rf"\\.|[{regex.escape(closers)}]" + ("" if '"' in closers else '|"'), regex.DOTALL)
    for quote, closers in patterns.PAIRS.items()
}
BEHIND_LONGEST = 24
TAIL_LONGEST = 64
NEXT_KEY_LONGEST = 120
"""Characters that are looked at for the next key. Without a bound the matcher seeks a colon in all of the text."""
LOST_BRACE = lazy_compile(r"\}\s*+,?\s*+\{\s*+\Z")


class StringEnd(NamedTuple):
    """Where a string's content ends and reading goes on, the inner quotes that were passed, and what is in doubt."""

    content_stop: int
    stop: int
    inner: int
    doubt: str = ""


def string_end(text: str, start: int, place: Place, keys: Container[str]) -> StringEnd | None:
    """Return the end of the string that opens at ``start``; None when nothing that follows can be one.

    >>> string_end('"say "no" again","id":1', 0, "member", {"id"})
    StringEnd(content_stop=15, stop=16, inner=2, doubt='')
    """
    quote = text[start]
    closers = patterns.PAIRS[quote]
    after = patterns.AFTER_MEMBER if place == "member" else patterns.AFTER_ELEMENT
    inner = 0
    for found in CANDIDATES[quote].finditer(text, start + 1):
        at = found.start()
        if text[at] == "\\":
            if text[at + 1] in closers and _next_key(text, found.end()) in keys:
                return StringEnd(at + 1, found.end(), inner, "a backslash before a closing quote")
            continue
        if text[at] in closers and after.match(text, at + 1):
            return StringEnd(at, at + 1, inner)
        if place == "member" and (stop := _lost_quote(text, start + 1, at, keys)) is not None:
            return StringEnd(stop, stop, inner, "a closing quote is lost")
        inner += text[at] in closers
    tail = max(start + 1, len(text) - TAIL_LONGEST)
    lost = patterns.LOST_END.search(text, tail) if place == "member" else None
    if lost is not None:
        return StringEnd(lost.start(), lost.start(), inner, "a closing quote is lost")
    return None


def _next_key(text: str, at: int) -> str:
    """Return the key that follows behind a comma; empty when none does."""
    found = patterns.STRAY_ESCAPE_END.match(text, at, at + NEXT_KEY_LONGEST)
    return unescape(found[1])[0] if found else ""


def _lost_quote(text: str, start: int, at: int, keys: Container[str]) -> int | None:
    """Return where a string without a closing quote ends, when the quote at ``at`` opens the next known key."""
    key = patterns.WHOLE_KEY.match(text, at)
    if key is None or unescape(next(filter(None, key.groups())))[0] not in keys:
        return None
    first = max(start, at - BEHIND_LONGEST)
    behind = text[first:at]
    lost = LOST_BRACE.search(behind)
    if lost is not None:
        return first + int(lost.start())
    bare = behind.rstrip()
    return first + len(bare) - 1 if bare.endswith(",") else None


def unescape(content: str) -> tuple[str, str]:
    r"""Return the text of a string's content, and what about its escapes is in doubt.

    An escape that JSON does not know keeps its backslash before a letter, and loses it before a mark.

    >>> unescape(r"caf\u00e9 \'n\' C:\Users")
    ("café 'n' C:\\Users", '')
    """
    if "\\" not in content:
        return content, ""
    text = patterns.ESCAPE.sub(_meaning, content)
    return text, "half a character" if patterns.HALF_CHARACTER.search(text) else ""


def _meaning(found: regex.Match[str]) -> str:
    high, low, unit, byte, other = found.groups()
    if high:
        return (chr(int(high, 16)) + chr(int(low, 16))).encode("utf-16", "surrogatepass").decode("utf-16")
    if unit or byte:
        letter = chr(int(unit or byte, 16))
        return letter if letter.encode("utf-8", "ignore") else str(found[0])
    if other is None:
        return "\\"
    if other in patterns.NAMED_ESCAPES:
        return patterns.NAMED_ESCAPES[other]
    return str(found[0]) if other.isalnum() else str(other)


def as_json(text: str) -> str:
    """Return a text as a JSON string."""
    return msgspec.json.encode(text).decode()
