"""The second rung: what servers and scripts put around a JSON document, taken off."""

from __future__ import annotations

from typing import NamedTuple

import regex

from pipeline.patterns import lazy_compile

MARKS = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00a0 \t\r\n\v\f\0"
"""Byte-order marks and blanks of every kind, which may stand at either end."""
WRONG_BOM = "ï»¿"

_PHP_STRING = lazy_compile(r'\s*+string\(([0-9]{1,12})\) "')
_PHP_ARRAY = lazy_compile(r'\s*+array\(1\) \{\s*+\[(?:[0-9]{1,19}|"[^"\]]{1,200}")\]=>\s*+(?=string\()')
_SERIALIZED = lazy_compile(r'\s*+s:([0-9]{1,12}):"')
HEADS = lazy_compile(
    r"""\s*+(?:
        <(?:script|p|pre|code|div|span|textarea)(?:\s[^<>]{0,400})?>
      | <!--
      | (?://\s?|/\*\s?)?<!\[CDATA\[(?:\s?\*/)?
      | /\*(?:[^*]|\*(?!/)){0,400}+\*/ | //[^\r\n]{0,200}+\r?\n | ;
      | (?:while\s?\(1\)|for\s?\(;;\))\s?;
      | \)\]\}',?
      | throw\s(?:1|'[^'\r\n]{0,80}');(?:\s<[^<>]{0,80}>)?
      | (?:(?:var|let|const)\s+)?[A-Za-z_$][\w$.]{0,120}(?:\[["'][\w\-]{1,80}["']\])?\s?=(?!>)
      | (?:export\sdefault|return)\b
      | (?:/\*\*/\s?)?(?:(?:typeof\s)?[\w$.]{1,80}\s(?:===\s'function'\s)?&&\s)?[A-Za-z_$][\w$.]{0,120}\s?\(
        (?:\s?[\w$.]{1,80}\s?,){0,3}
      | \(
    )\s*+""",
    regex.VERBOSE | regex.IGNORECASE,
)
TAILS = (
    *(";", ")", "</script>", "-->", "]]>", "//", "/*", "*/"),
    *("</p>", "</pre>", "</code>", "</div>", "</span>", "</textarea>"),
)
TAILS_MOST = 8
DEEPEST = 4


class Unwrapped(NamedTuple):
    """A document without what stood around it.

    Attributes:
        text: The document.
        start: Where it begins in the text that was given.
        notes: What was taken off.
        missing: Bytes that its envelope declares and that are not there.
    """

    text: str
    start: int
    notes: tuple[str, ...]
    missing: int = 0


def unwrap(text: str) -> Unwrapped:
    """Return a document without its envelope; as it is when there is none.

    >>> unwrap('window.data = [{"id": 7}];').text, unwrap('string(2) "{}"').text
    ('[{"id": 7}]', '{}')
    """
    start, notes, missing = 0, list[str](), 0
    for _ in range(DEEPEST):
        bare, skipped = _trim(text)
        start += skipped
        if found := _PHP_ARRAY.match(bare):
            text = bare[found.end() :].rstrip(MARKS).removesuffix("}").rstrip(MARKS)
            start += found.end()
            continue
        if found := _PHP_STRING.match(bare) or _SERIALIZED.match(bare):
            inner = _declared(bare[found.end() :], int(found[1]))
            if inner is None:
                break
            text, missing = inner
            start += found.end()
            notes.append("the length of a PHP string is taken at its word")
            continue
        text = bare
        if text.startswith(("[", "{", '"')):
            break
        head = HEADS.match(text)
        if head is None:
            break
        text = text[head.end() :]
        start += head.end()
        notes.append("what stands around it is taken off")
    stripped = _without_tails(text)
    if stripped != text:
        notes.append("what stands around it is taken off")
    text, skipped = _trim(stripped)
    return Unwrapped(text, start + skipped, tuple(dict.fromkeys(notes)), missing)


def may_be_wrapped(text: str) -> bool:
    """Whether a text begins as an envelope does; most texts do not, and taking one off takes far longer.

    >>> may_be_wrapped("cb([7]);"), may_be_wrapped('s:3:"[7]";'), may_be_wrapped("The ferry [sic]")
    (True, True, False)
    """
    return HEADS.match(text) is not None or _SERIALIZED.match(text) is not None


def _trim(text: str) -> tuple[str, int]:
    bare = text.lstrip(MARKS).removeprefix(WRONG_BOM).lstrip(MARKS)
    return bare.rstrip(MARKS), len(text) - len(bare)


def _declared(text: str, length: int) -> tuple[str, int] | None:
    """Return the string of a declared length in bytes, and how many bytes are missing; None when neither fits."""
    raw = text.encode("utf-8", "surrogatepass")
    if length >= len(raw):
        return text, length - len(raw)
    if raw[length : length + 1] != b'"':
        return None
    return raw[:length].decode("utf-8", "replace"), 0


def _without_tails(text: str) -> str:
    for _ in range(TAILS_MOST):
        bare = text.rstrip(MARKS)
        last = bare[-12:].lower()
        if not last.endswith(TAILS):
            return bare
        text = bare[: -len(next(filter(last.endswith, TAILS)))]
    return text
