"""Read one value as ``var_dump`` prints it, with every string ended by its declared length.

A payload may hold unescaped quotes and whatever looks like a closer, so nothing is ever searched for: the reader
jumps the declared number of bytes and demands a quote there. Members are counted against their heads. The stack is
explicit, the depth bounded, and each byte is looked at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from pipeline.families.php_dump import tokens
from pipeline.families.php_dump.reading import Reading, Refusal
from pipeline.families.php_dump.value import JSON, Container, from_bytes, from_float, key_text
from pipeline.model import Page, Span
from pipeline.nesting import too_deep

if TYPE_CHECKING:
    import regex

DEEPEST = 256
"""Nested values beyond this are refused; PHP pages nest a handful of levels."""

COLLIDED = "two members have the same name; the last one's value stands"


class _Refused(Exception):  # noqa: N818 - control flow inside this module
    def __init__(self, at: int, reason: str) -> None:
        self.at = at
        self.reason = reason


def read_var_dump(page: Page, at: int) -> Reading | Refusal | None:
    """Read a string, an array or an object at the root; None when no head of one stands at ``at``."""
    return read_string(page, at) or read_structure(page, at)


def read_string(page: Page, at: int) -> Reading | Refusal | None:
    """Read ``string(N) "…"`` at the root; None when no such head stands at ``at``.

    >>> read_string(Page(b'string(9) "say "yes""'), 0).value
    'say "yes"'
    """
    raw = page.raw
    head = tokens.STRING_HEAD.match(raw, at)
    if head is None:
        return None
    length = int(head[1])
    start, stop = head.end(), head.end() + length
    if stop < len(raw):
        if raw[stop] == ord('"'):
            payload = Span(start, stop)
            return Reading(
                stop + 1,
                from_bytes(payload.of(raw)),
                unfit=_unfit_after(raw, stop + 1, payload),
                declared_length=length,
                payload=payload,
            )
        return Refusal(start, f"no quote stands {length} bytes after the opening one", length)
    if page.last_line_break >= start:
        return Refusal(start, f"{length} bytes are declared, more than the document has left", length)
    stop = max(page.text_stop, start)
    truncated = f"{length} bytes are declared, the document ends after {stop - start}"
    unfit = "" if _can_be_cut_short(page, at, start) else f"{truncated}, and prose may follow it"
    return Reading(stop, None, truncated=truncated, unfit=unfit, declared_length=length, payload=Span(start, stop))


def _unfit_after(raw: bytes, stop: int, payload: Span) -> str:
    """Return what speaks against a string by what follows its closing quote; JSON speaks for itself."""
    if tokens.AFTER_STRING.match(raw, stop) or _is_json(payload.of(raw)):
        return ""
    return "the closing quote is followed by what no dump is followed by"


def _can_be_cut_short(page: Page, at: int, start: int) -> bool:
    """Whether all that is left of the document can be taken for the beginning of a payload.

    A list or object in JSON speaks for itself. Other text counts only where the dump has the last line alone.
    """
    if page.raw.startswith((b'[{"', b'{"', b"[[", b'["'), start):
        return True
    return page.last_line_break < start and tokens.LINE_START.search(page.raw, max(0, at - 32), at) is not None


def _is_json(text: bytes) -> bool:
    if not text.startswith((b"[", b"{")) or too_deep(text):
        return False
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def read_structure(page: Page, at: int) -> Reading | Refusal | None:
    r"""Read ``array(N) {…}`` or ``object(Class)#id (N) {…}``; None when no such head stands at ``at``.

    >>> read_structure(Page(b'array(1) {\n  [0]=>\n  int(7)\n}'), 0).value
    [7]
    """
    stack: list[Container] = []
    root = _open(page.raw, at, stack)
    if root is None:
        return None
    reader = _StructureReader(page, root, stack)
    try:
        return reader.read()
    except _Refused as refused:
        return Refusal(max(refused.at, root), refused.reason)


def _open(raw: bytes, at: int, stack: list[Container]) -> int | None:
    """Push the container whose head stands at ``at``; return the byte after the head, None when there is no head."""
    if head := tokens.ARRAY_HEAD.match(raw, at):
        stack.append(Container(int(head[1]), None))
    elif head := tokens.OBJECT_HEAD.match(raw, at):
        stack.append(Container(int(head[2]), key_text(head[1])))
    else:
        return None
    return int(head.end())


class _StructureReader:
    """Reads members until the stack of open containers is empty."""

    def __init__(self, page: Page, at: int, stack: list[Container]) -> None:
        self.page = page
        self.raw = page.raw
        self.at = at
        self.stack = stack
        self.as_printed = True
        self.collided = False

    def read(self) -> Reading:
        while True:
            container = self.stack[-1]
            closer = b"\n" + b" " * (2 * len(self.stack) - 2) + b"}"
            if self.raw.startswith(closer, self.at):
                self.at += len(closer)
                if self._close(container):
                    return self._whole()
                continue
            self._white(b"\n" + b"  " * len(self.stack))
            if self.raw.startswith(b"}", self.at):
                self.as_printed = False
                self.at += 1
                if self._close(container):
                    return self._whole()
            elif self._ended() or not self._member(container):
                return self._cut_short()

    def _whole(self) -> Reading:
        return Reading(self.at, self.root_value, repaired=self._repaired(), ambiguous=COLLIDED if self.collided else "")

    def _repaired(self) -> str:
        return "" if self.as_printed else "white space between the tokens is not what PHP prints"

    def _close(self, container: Container) -> bool:
        """End the innermost container; return whether it was the root."""
        if container.seen != container.declared:
            reason = f"{container.declared} members are declared, {container.seen} stand there"
            raise _Refused(self.at, reason)
        self.stack.pop()
        self.collided |= container.collided
        if not self.stack:
            self.root_value = container.value()
            return True
        self.stack[-1].add(container.value())
        return False

    def _member(self, container: Container) -> bool:
        """Read ``[key]=>`` and its value; return False where the document ends before the value does."""
        start = self.at
        if not self._key(container):
            if self._partial(start):
                return False
            raise _Refused(start, "neither a key nor a closing brace follows a member")
        self._white(b"\n" + b"  " * len(self.stack))
        if self._ended():
            return False
        if container.class_name is not None and (match := tokens.UNINITIALIZED.match(self.raw, self.at)):
            self.at = match.end()
            container.add_uninitialized(key_text(match[1]))
            return True
        if self.raw.startswith(b"&", self.at):
            self.at += 1
        return self._value(container)

    def _key(self, container: Container) -> bool:
        if match := tokens.INTEGER_KEY.match(self.raw, self.at):
            container.name(int(match[1]))
            self.at = match.end()
            return True
        if not self.raw.startswith(b'["', self.at):
            return False
        start = self.at + 2
        limit = start + tokens.NAMED_KEY_LONGEST
        stop = self.raw.find(tokens.NAMED_KEY_STOP, start, limit)
        while stop >= 0:
            if self.raw[stop - 1] == ord('"') and stop > start:
                container.name(key_text(self.raw[start : stop - 1]))
                break
            if container.class_name is not None and (
                ending := tokens.VISIBILITY.search(self.raw, max(start, stop - tokens.VISIBILITY_LONGEST), stop)
            ):
                container.name(key_text(self.raw[start : ending.start()]), key_text(ending[1]) if ending[1] else None)
                break
            stop = self.raw.find(tokens.NAMED_KEY_STOP, stop + 1, limit)
        else:
            return False
        self.at = stop + len(tokens.NAMED_KEY_STOP)
        return True

    def _value(self, container: Container) -> bool:
        start = self.at
        if head := tokens.STRING_HEAD.match(self.raw, start):
            return self._string(container, head.end(), int(head[1]))
        opened = _open(self.raw, start, self.stack)
        if opened is not None:
            if len(self.stack) > DEEPEST:
                raise _Refused(opened, f"values are nested deeper than {DEEPEST} levels")
            self.at = opened
            return True
        scalar = _scalar(self.raw, start)
        if scalar is None:
            if self._partial(start):
                return False
            raise _Refused(start, "no value follows a key")
        value, self.at = scalar
        container.add(value)
        return True

    def _string(self, container: Container, start: int, length: int) -> bool:
        stop = start + length
        if stop >= len(self.raw):
            if self.page.last_line_break >= start:
                raise _Refused(start, f"a string of {length} bytes is declared, more than the document has left")
            self.at = len(self.raw)
            return False
        if self.raw[stop] != ord('"'):
            raise _Refused(start, f"no quote stands {length} bytes after the opening one")
        container.add(from_bytes(self.raw[start:stop]))
        self.at = stop + 1
        return True

    def _white(self, printed: bytes) -> None:
        """Step over white space; remember when it is not what PHP prints there."""
        if self.raw.startswith(printed, self.at):
            after = self.at + len(printed)
            if after < len(self.raw) and self.raw[after] not in b" \t\r\n":
                self.at = after
                return
        self.as_printed = False
        white = tokens.WHITE.match(self.raw, self.at)
        self.at = white.end() if white else self.at

    def _ended(self) -> bool:
        return self.at >= len(self.raw)

    def _partial(self, at: int) -> bool:
        found = tokens.PARTIAL.match(self.raw, at, self.page.text_stop, partial=True)
        return found is not None and found.partial

    def _cut_short(self) -> Reading:
        """Close what is open: the document ended, so every complete member counts and the open one is dropped."""
        complete = sum(container.seen for container in self.stack)
        if not complete:
            raise _Refused(self.at, "the document ends before the first member is complete")
        counts = ", ".join(f"{container.seen} of {container.declared}" for container in self.stack)
        while len(self.stack) > 1:
            inner = self.stack.pop()
            self.stack[-1].members[self.stack[-1].key] = inner.value()
        reason = f"the document ends inside the value; members complete, outermost first: {counts}"
        return Reading(self.page.text_stop, self.stack[0].value(), truncated=reason)


def _scalar(raw: bytes, at: int) -> tuple[JSON, int] | None:
    """Read a value without members or length at ``at``; return it and the byte after it."""
    for pattern, make in _SCALARS:
        if match := pattern.match(raw, at):
            return make(match), match.end()
    return None


_SCALARS: tuple[tuple[regex.Pattern[bytes], Callable[[regex.Match[bytes]], JSON]], ...] = (
    (tokens.INT, lambda match: int(match[1])),
    (tokens.NULL, lambda _: None),
    (tokens.BOOL, lambda match: match[1] == b"true"),
    (tokens.FLOAT, lambda match: from_float(match[1])),
    (tokens.ENUM, lambda match: {"$enum": key_text(match[1])}),
    (tokens.RESOURCE, lambda match: {"$resource": key_text(match[2]), "$id": int(match[1])}),
    (tokens.RECURSION, lambda _: {"$recursion": True}),
)
