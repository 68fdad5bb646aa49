"""Where a script may begin: words and signs that only a script begins a statement with, and others that may.

Every bracket, brace and equals sign is looked at once: what stands before it is matched against the forms that
scripts of pages begin with. Prose has few of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from pipeline.families.found import begins_freely
from pipeline.families.glued import behind_word_before_known
from pipeline.patterns import lazy_compile

Kind = Literal["element", "sure", "declares", "likely"]

NAME_LONGEST = 300
NAME = rb"[A-Za-z_$][\w$]{0,120}"
_SERVICES = (
    rb"(?:window\.)?dataLayer(?:\.push\(|[ ]?=)|googletag\.|gtag\(|fbq\(|ga\(['\"]|_gaq\b|_paq\b|_satellite\."
    rb"|_sf_async_config\b"
    rb"|\(adsbygoogle[ ]?=|OA_show\(|twttr\.|FB\.init\(|Taboola\b|_taboola\b|_comscore\b|COMSCORE\.|apstag\.|pbjs\b"
    rb"|OneSignal\b"
    rb"|disqus_\w{1,40}[ ]?=|addthis\w{0,40}[ ]?[.=]|__gads\b|criteo\w{0,40}[.(]|_linkedin\w{0,40}[ ]?=|twq\(|hj\("
    rb"|ym\([0-9]"
)
_PAGE = (
    rb"(?:window|self|top|parent)(?:\.[\w$]{1,120}){1,9}[ ]?(?:=(?!=)|\()|(?:window|self)\[['\"]"
    rb"|\(?self\.__next_f\b"
    rb"|document\.(?:write(?:ln)?\(|getElement|createElement|querySelector|addEventListener|cookie\b|domain\b|body\.)"
    rb"|(?:jQuery|\$)\((?:document|window|function|['\"]|\()|\$\.(?:ajax|get|post|each|fn)\b|jQuery\.|jQuery\("
    rb"|!function[ ]?\(|;?\([ ]?(?:async )?function[ ]?\w{0,40}\(|;?\(\(\w{0,20}\)[ ]?=>|setTimeout\([ ]?(?:function"
    rb"|['\"(])"
    rb"|(?:new )?Image\(\)\.src"
)
SURE = lazy_compile(rb"(?<![\w$.@/\-])(?:" + _SERVICES + rb"|" + _PAGE + rb")")
"""What can be nothing but the beginning of a statement that a page's script has."""
_DECLARES = (
    rb"(?:var|let|const)[ \t]{1,8}(?:" + NAME + rb"|[\[{][\w$, \t]{1,200}[\]}])[ \t\r\n]{0,8}(?:=(?!=)|,[ \t]{0,8}"
    + NAME
    + rb"[ \t]{0,8}[,;=]|;)|(?:async )?function[ \t]{1,8}" + NAME + rb"[ \t]{0,8}\("
)  # fmt: skip
_LIKELY = (
    rb"try[ \t\r\n]{0,8}\{|(?:if|for|while|switch)[ \t]{0,8}\((?![ \t]{0,8}[A-Z][a-z]+ )|" + NAME
    + rb"(?:(?:\.|\?\.)" + NAME + rb"|\[[^\[\]\r\n]{1,120}\]){0,9}(?:\(|[ \t]{0,8}(?:=(?![=>])|\+=))"
    rb"|['\"]use strict['\"];|//[ \t]{0,4}<!\[CDATA\[|/\*[ \t]{0,4}<!\[CDATA\[|<!\[CDATA\["
)  # fmt: skip
DECLARED = lazy_compile(_DECLARES)
_ACTS = lazy_compile(
    NAME + rb"(?:\." + NAME + rb"){1,9}(?:\(|[ ]?=(?![=>]))|" + NAME + rb"\((?=['\"\[{])|try[ ]?\{"
    rb"|(?:if|for|while|switch)[ ]?\((?:(?:var|let|const|typeof) |!|[\w$.]{1,80}(?:[ ]?[=!<>&|]|\)[ ]?\{))"
)
"""What acts on something and may stand in a sentence's midst, where line breaks are gone."""
_LINE_BEGINS = lazy_compile(_LIKELY)
_SIGN = lazy_compile(rb"[=({]|<(?:script|SCRIPT)|<!\[CDATA\[|use strict")
_BEFORE = lazy_compile(
    rb"(?r)(?:(?:var|let|const|function|async|async function|new)[ \t]{1,8})?[\w$.?]{0,120}"
    rb"(?:\[[^\[\]\r\n]{1,60}\][\w$.?]{0,120}){0,3}[ \t]{0,8}"
)
"""A name and the word before it; matched backward from a sign."""
_MARK_BEFORE = lazy_compile(rb"(?r)(?:[!;][ ]?|['\"]|/[/*][ \t]{0,4})")
_INSIDE = (
    frozenset(b"$.@/-_")
    | frozenset(bytes(range(0x30, 0x3A)))
    | frozenset(range(0x41, 0x5B))
    | frozenset(range(0x61, 0x7B))
)
"""What stands before a name that is part of a longer one."""
_ELEMENT = lazy_compile(rb"<(?:script|SCRIPT)(?:[ \t\r\n][^<>]{0,2000})?>")


class Head(NamedTuple):
    """Where a script may begin, and how sure that is; ``stop`` is behind the tag of an element."""

    start: int
    kind: Kind
    stop: int


def heads(raw: bytes) -> Iterator[Head]:
    """Give the heads of a page in order of position.

    >>> list(heads(b"So it (he said) was. var a = 1;"))
    [Head(start=21, kind='declares', stop=21)]
    """
    floor = 0
    for sign in _SIGN.finditer(raw):
        if sign[0].startswith(b"<s") or sign[0].startswith(b"<S"):
            if tag := _ELEMENT.match(raw, sign.start()):
                yield Head(sign.start(), "element", tag.end())
            continue
        for at in dict.fromkeys((*_starts(raw, sign.start(), floor), sign.start())):
            kind = _kind(raw, at)
            if kind is not None:
                yield Head(at, kind, at)
                break
        floor = sign.end()


def _starts(raw: bytes, at: int, floor: int) -> Iterator[int]:
    """Yield where what a sign belongs to may begin: with the mark before its name, which may end a sentence, or not."""
    lowest = max(floor, at - NAME_LONGEST)
    name = _BEFORE.match(raw, lowest, at)
    start = name.start() if name else at
    mark = _MARK_BEFORE.match(raw, lowest, start)
    if mark:
        yield _trimmed(raw, mark.start(), at)
    yield _trimmed(raw, start if mark else behind_word_before_known(raw, start, at), at)


def _trimmed(raw: bytes, start: int, stop: int) -> int:
    return start + len(raw[start:stop]) - len(raw[start:stop].lstrip())


def _kind(raw: bytes, at: int) -> Kind | None:
    if at and raw[at - 1] in _INSIDE and raw[at] in _INSIDE:
        behind_word = raw.startswith((b"window.", b"document."), at) and SURE.match(raw[at : at + NAME_LONGEST])
        return "sure" if behind_word else None
    if raw[max(0, at - 2) : at] in {b"->", b"::"}:
        return None
    if SURE.match(raw, at):
        return "sure"
    if DECLARED.match(raw, at):
        return "declares"
    is_likely = _ACTS.match(raw, at) or (_LINE_BEGINS.match(raw, at) and begins_freely(raw, at))
    return "likely" if is_likely else None
