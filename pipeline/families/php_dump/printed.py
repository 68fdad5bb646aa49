r"""Members that stand as PHP prints them, as nearly all do: a named key, and a string of as many bytes as it says.

What the reader of structures proves step by step for damaged text, one pattern proves here: every byte around key and
text is that of ``var_dump``, and behind the closing quote begins the next such member or the closing brace.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.families.php_dump.keys import Key, Member
from pipeline.families.php_dump.value import from_bytes
from pipeline.model import Span
from pipeline.patterns import lazy_compile

HEAD = lazy_compile(rb"\n( {2,512})\[\"([A-Za-z0-9_\-. ]{1,64})\"\]=>\n\1string\(([0-9]{1,9})\) \"")
"""What stands before the text of a member. A key has no sign here that could end one, or lead into another dump."""


def printed_members(raw: bytes, at: int, depth: int) -> Iterator[tuple[Member, int, int]]:
    r"""Yield the members at a byte, each with its first byte and the byte after it, as long as all is as PHP prints it.

    Args:
        raw: The page.
        at: The line break before the first member.
        depth: How many containers are open.

    >>> raw = b'array(2) {\n  ["id"]=>\n  string(1) "7"\n  ["on"]=>\n  bool(true)\n}'
    >>> [member.value for member, _, _ in printed_members(raw, 10, 1)]
    []
    >>> [member.value for member, _, _ in printed_members(raw.replace(b"bool(true)", b'string(1) "1"'), 10, 1)]
    ['7', '1']
    """
    closer = b'"\n' + b"  " * (depth - 1) + b"}"
    head = HEAD.match(raw, at)
    while head is not None and len(head[1]) == 2 * depth:
        start = head.end()
        stop = start + int(head[3])
        following = HEAD.match(raw, stop + 1)
        if not (raw.startswith(closer, stop) or (following and raw.startswith(b'"', stop))):
            return
        first = head.end(1)
        span = Span(*head.span(2))
        key = Key(span.stop + len(b'"]=>'), head[2].decode(), None, span)
        yield Member(key, from_bytes(raw[start:stop])), first, stop + 1
        head = following
