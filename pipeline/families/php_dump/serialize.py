"""Read a value as ``serialize`` prints it: strings end where their lengths say, containers where their counts do.

A text that was changed has other lengths. Then each string ends where its length fits best (`lengths`), and the counts
are what proves the whole. A string at the root has no count, so its length must be exact; other scalars prove nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pipeline.families.php_dump import serialize_tokens as tokens
from pipeline.families.php_dump.breaks import REST_OF_LINE, begins_line
from pipeline.families.php_dump.edges import is_part_of_a_word, is_quoted
from pipeline.families.php_dump.reading import Reading, Refusal
from pipeline.families.php_dump.serialize_members import QUOTED, StructureReader
from pipeline.families.php_dump.strings import End
from pipeline.families.php_dump.value import from_bytes
from pipeline.model import Page, Span

if TYPE_CHECKING:
    import regex

ANCHORS = tuple(b"%c:%d" % (kind, digit) for kind in b"aOCs" for digit in range(10))
IN_A_LINE = "a string without members proves nothing in a line of text"
ATTEMPTS = 16
"""So many combinations of ends are tried at most."""


def read_serialize(page: Page, at: int) -> Reading | Refusal | None:
    """Read the array, object or string whose head stands at ``at``; None when no head does.

    >>> read_serialize(Page(b'a:1:{s:3:"nid";i:88;}'), 0).value
    {'nid': 88}
    """
    if is_part_of_a_word(page.raw, at) or tokens.MEMBER_BEFORE.search(page.raw, max(0, at - 1), at):
        return None
    if head := tokens.STRING_HEAD.match(page.raw, at):
        return _root_string(page, at, head)
    return _read_structure(page, at)


def _read_structure(page: Page, at: int) -> Reading | Refusal | None:
    """Read an array or object; where a string of it may end in several places, until one of them fits the counts."""
    first: Reading | Refusal | None = None
    whole: Reading | None = None
    examined = at
    for in_doubt in (False, True):
        ends: dict[int, list[End]] = {}
        for _ in range(ATTEMPTS):
            reading = StructureReader(page, at, ends, in_doubt=in_doubt).attempt()
            if reading is None:
                return None
            if isinstance(reading, Reading) and not reading.truncated:
                if tokens.LEFT_OVER.match(page.raw, reading.stop) is None:
                    return reading
                whole = whole or reading
            first = first or reading
            examined = max(examined, reading.stop)
            if not _next_choice(ends):
                break
    return whole or (replace(first, stop=examined) if isinstance(first, Refusal) else first)


def _next_choice(ends: dict[int, list[End]]) -> bool:
    """Give the last string that may end elsewhere its next end; return False when there is none."""
    while ends:
        start, choices = ends.popitem()
        if len(choices) > 1:
            ends[start] = choices[1:]
            return True
    return False


def _root_string(page: Page, at: int, head: regex.Match[bytes]) -> Reading | Refusal:
    raw, length = page.raw, int(head[1])
    payload = Span(head.end(), head.end() + length)
    if head[2] != b'"' or raw[payload.stop : payload.stop + 2] != b'";':
        return Refusal(head.end(), f"no closing quote stands {length} bytes after the opening one", length)
    stop = payload.stop + 2
    unfit = "" if begins_line(page, at) and REST_OF_LINE.match(raw, stop) else IN_A_LINE
    return Reading(
        stop,
        from_bytes(payload.of(raw)),
        unfit=QUOTED if is_quoted(raw, at, stop) else unfit,
        declared_length=length,
        payload=payload,
    )
