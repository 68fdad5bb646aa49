r"""The key of a member: ``[5]=>``, ``["name"]=>``, ``["name":protected]=>``, ``["name":"Class":private]=>``.

PHP escapes nothing in a key and states no length, so a key may hold the very characters that end one. A key ends at the
first ``"]=>`` with a value behind it. Where that makes more members than the head declares, some of them are no
members but parts of a key: :func:`joined` puts them back together, in the one way that fits or in the first of several.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from pipeline.families.php_dump import tokens
from pipeline.families.php_dump.breaks import leads_on
from pipeline.families.php_dump.landmarks import Landmark
from pipeline.families.php_dump.scales import decoded
from pipeline.families.php_dump.value import JSON, key_text
from pipeline.model import Page, Span

ARROWS = Landmark(tokens.NAMED_KEY_STOP)
ENDS_MOST = 32
"""How many ends of one key are tried."""


class Key(Struct, frozen=True, gc=False):
    """The key of a member.

    Attributes:
        stop: First byte after the arrow.
        name: The key.
        class_name: Class that a private property belongs to.
        span: Where the text of a quoted key stands; None for a number.
        as_printed: Whether every byte around the text is as PHP prints it.
    """

    stop: int
    name: str | int
    class_name: str | None = None
    span: Span | None = None
    as_printed: bool = True


def read_key(page: Page, at: int, beyond: int = 0) -> Key | None:
    r"""Return the key whose bracket stands at ``at``; None when no key stands there.

    Args:
        page: The document.
        at: Where the key begins.
        beyond: A byte behind which the key must end, when a shorter one was tried in vain.

    >>> read_key(Page(b'["a"]=>b"]=>\n int(1)'), 0).name
    'a"]=>b'
    """
    raw = page.raw
    if number := tokens.INTEGER_KEY.match(raw, at):
        return Key(number.end(), int(number[1]), as_printed=number[0] == b"[%b]=>" % number[1])
    opening = tokens.NAMED_KEY.match(raw, at)
    if opening is None:
        return None
    start = opening.end()
    without_value: Key | None = None
    for stop, arrow_stop in ARROWS.following(page, max(start, beyond), ENDS_MOST):
        if stop > start + tokens.NAMED_KEY_LONGEST:
            break
        closing = tokens.NAMED_KEY_QUOTE.match(raw, stop)
        if closing is None or closing.start("quote") < start:
            continue
        span = Span(start, closing.start("quote"))
        in_line = raw.startswith(b"\n", arrow_stop) and raw.find(b"\n", *span) < 0
        if not in_line and leads_on(page, *span):
            break
        encoded = opening["quote"].startswith(b"&")
        owner = closing["class"]
        key = Key(
            arrow_stop,
            key_text(decoded(span.of(raw)) if encoded else span.of(raw)),
            key_text(owner) if owner else None,
            span,
            raw[at:start] == b'["' and raw[span.stop : arrow_stop] == _printed(closing["visibility"], owner),
        )
        if tokens.VALUE_AHEAD.match(raw, arrow_stop):
            return key
        without_value = without_value or key
    return None if beyond else without_value


def _printed(visibility: bytes | None, owner: bytes | None) -> bytes:
    if owner is not None:
        return b'":"%b":private]=>' % owner
    return b'":protected]=>' if visibility else b'"]=>'


class Member(Struct, frozen=True):
    """A member that is complete; an uninitialised property is not ``counted`` by PHP."""

    key: Key
    value: JSON
    counted: bool = True


def joined(raw: bytes, members: list[Member], declared: int, before: bytes) -> tuple[list[Member], bool] | None:
    """Return the members with keys put together until there are as many as declared; None when that cannot be.

    Two members that follow one another may be one, whose key holds the whole first one. The flag says whether there
    was a choice: there is none where just so many of them lack what PHP prints ``before`` a key, a line break and the
    indent.
    """
    surplus = sum(member.counted for member in members) - declared
    joints = [
        index
        for index in range(len(members) - 1)
        if members[index].key.span and members[index + 1].key.span and members[index].counted
    ]
    loose = [index for index in joints if not _stands_behind(raw, members[index + 1].key, before)]
    joints = loose if len(loose) == surplus else joints
    if surplus <= 0 or len(joints) < surplus:
        return None
    kept: list[Member] = []
    chosen = set(joints[:surplus])
    begun: int | None = None
    for index, member in enumerate(members):
        key = member.key
        if key.span is None:
            kept.append(member)
            continue
        begun = key.span.start if begun is None else begun
        if index in chosen:
            continue
        if begun < key.span.start:
            span = Span(begun, key.span.stop)
            key = replace(key, name=key_text(span.of(raw)), span=span)
        kept.append(Member(key, member.value, member.counted))
        begun = None
    return kept, surplus < len(joints)


def _stands_behind(raw: bytes, key: Key, before: bytes) -> bool:
    return key.span is not None and raw.endswith(before + b'["', 0, key.span.start)
