r"""Members that stand as PHP prints them, as nearly all do: a key, and a string as long as it says, or an array.

What the reader of structures proves step by step for damaged text, one pattern proves here: every byte around key and
text is that of ``var_dump``, and behind the closing quote begins the next such member or the closing brace.
"""

from __future__ import annotations

from typing import NamedTuple

import regex

from pipeline.families.php_dump.keys import Key, Member
from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.model import Span
from pipeline.patterns import lazy_compile

_NAME = rb"\[\"([A-Za-z0-9_\-. ]{1,64})\"\]"
"""A key has no sign here that could end one, or lead into another dump."""
TEXT_HEAD = lazy_compile(rb"\n( {2,512})" + _NAME + rb"=>\n\1string\(([0-9]{1,9})\) \"")
FOLLOWING_TEXT_HEAD = lazy_compile(rb'"' + TEXT_HEAD.pattern)
"""What stands before the text of a member; the quote of the one before it with it."""
ARRAY = lazy_compile(
    rb"\n( {2,512})(?:%b|\[(-?[0-9]{1,19})\])=>\n\1array\(([0-9]{1,9})\) \{"
    rb"(?:(?:\n\1  %b=>\n\1  string\(([0-9]{1,9})\) \"([^\"]*+)\"){1,512}+(\n\1\}))?+" % (_NAME, _NAME)
)
"""What stands before the members of a member that is an array; all of it where they are texts without a quote."""


class Texts(NamedTuple):
    """Members whose values are strings.

    Attributes:
        members: The members.
        last: The first byte of the last one.
        stop: The byte after it.
    """

    members: list[Member]
    last: int
    stop: int


class Nested(NamedTuple):
    """The head of a member that is an array.

    Attributes:
        key: Its key.
        start: The first byte of the key.
        declared: How many members it promises.
        stop: The byte after the head.
        whole: The array and the byte after it, where its members are nothing but texts.
    """

    key: Key
    start: int
    declared: int
    stop: int
    whole: tuple[JSON, int] | None


def printed_texts(raw: bytes, at: int, depth: int) -> Texts:
    r"""Return the members at a byte whose values are strings, as long as all is as PHP prints it.

    Args:
        raw: The page.
        at: The line break before the first member.
        depth: How many containers are open.

    >>> raw = b'array(2) {\n  ["id"]=>\n  string(1) "7"\n  ["on"]=>\n  bool(true)\n}'
    >>> [member.value for member in printed_texts(raw, 10, 1).members]
    []
    >>> [member.value for member in printed_texts(raw.replace(b"bool(true)", b'string(1) "1"'), 10, 1).members]
    ['7', '1']
    """
    closer = b'"\n' + b"  " * (depth - 1) + b"}"
    members: list[Member] = []
    last = behind = at
    head = TEXT_HEAD.match(raw, at)
    while head is not None:
        indent, name, length = head.groups()
        start = head.end()
        stop = start + int(length)
        following = FOLLOWING_TEXT_HEAD.match(raw, stop)
        if len(indent) != 2 * depth or not (following or raw.startswith(closer, stop)):
            break
        span = Span(*head.span(2))
        members.append(Member(Key(span.stop + len(b'"]=>'), name.decode(), None, span), from_bytes(raw[start:stop])))
        last, behind = head.end(1), stop + 1
        head = following
    return Texts(members, last, behind)


def printed_array(raw: bytes, at: int, depth: int) -> Nested | None:
    r"""Return the head of the member at a byte; None when it is no array, or not as PHP prints it.

    Args:
        raw: The page.
        at: The line break before the member.
        depth: How many containers are open.

    >>> printed_array(b"array(1) {\n  [0]=>\n  array(2) {\n", 10, 1).declared
    2
    >>> printed_array(b'array(1) {\n  [0]=>\n  array(1) {\n    ["id"]=>\n    string(1) "7"\n  }\n}', 10, 1).whole
    ({'id': '7'}, 66)
    """
    head = ARRAY.match(raw, at)
    if head is None or head.end(1) - head.start(1) != 2 * depth:
        return None
    _, name, number, declared = head.group(1, 2, 3, 4)
    if name is None:
        key = Key(head.end(3) + len(b"]=>"), int(number))
    else:
        span = Span(*head.span(2))
        key = Key(span.stop + len(b'"]=>'), name.decode(), None, span)
    return Nested(key, head.end(1), int(declared), head.end(4) + len(b") {"), _whole(head, int(declared)))


def _whole(found: regex.Match[bytes], declared: int) -> tuple[JSON, int] | None:
    """Return an array of texts and the byte after it; None where it is no such array, or not what it declares."""
    if found[8] is None:
        return None
    names, lengths, texts = found.captures(5, 6, 7)
    members = {name.decode(): from_bytes(text) for name, text in zip(names, texts, strict=True)}
    fits = len(members) == len(names) == declared and list(map(int, lengths)) == list(map(len, texts))
    return (members, found.end()) if fits else None
