"""Traces whose frames begin with ``at``: those of Java, of .NET and of JavaScript, read by one reader.

Frames are found first, for nothing else looks like them. Then the exception is looked for in the lines before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex
from msgspec import Struct

from pipeline.families.glued import behind_word
from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.sentences import BETWEEN_SENTENCES
from pipeline.model import Claim, Span
from pipeline.patterns import lazy_compile

FAMILY = "stack_trace"
FEWEST = 2
"""How many frames prove a trace that has lost its exception."""
HEAD_LONGEST = 2000
"""Bytes before the first frame, or between two traces of a chain, that an exception and its message may take."""
MOST_FRAMES = 4096
MOST_CAUSES = 64

_GAP = rb"(?:[ \t\r\n]|\xc2\xa0|&nbsp;|<br ?/?>|</?(?:p|li|pre)>){1,40}"
GAP = lazy_compile(_GAP)
BLANK_LINE = lazy_compile(rb"\n[ \t\r]*\n|\r[ \t]*\r")
_NOTHING_SAID = lazy_compile(rb"\]?[ \t]*+(?:[\r\n]|<(?:br|/?p)\b|\Z)")
LINE_BEFORE = lazy_compile(rb"(?:\A|[\r\n>])[ \t]{0,64}\Z")


class Language(Struct, frozen=True):
    """How a language prints its traces.

    Attributes:
        rule: Name in the ``rule`` column.
        frame: A frame, from its first word on; groups ``call``, ``file`` and ``line``.
        head: An exception: words before it, groups ``class`` and ``message``, the latter up to the first frame.
        cause: What leads to the next exception of a chain.
        more: What stands among frames and is none.
    """

    rule: str
    frame: regex.Pattern[bytes]
    head: regex.Pattern[bytes]
    cause: regex.Pattern[bytes]
    more: regex.Pattern[bytes]


def traces(raw: bytes, language: Language) -> tuple[Claim, ...]:
    """Return the traces of a language on a page, in order of position."""
    claims: list[Claim] = []
    floor = 0
    for found in language.frame.finditer(raw):
        if found.start() < floor:
            continue
        claim, floor = _trace(raw, found.start(), floor, language)
        if claim is not None:
            claims.append(claim)
    return tuple(claims)


def _trace(raw: bytes, at: int, floor: int, language: Language) -> tuple[Claim | None, int]:
    """Read the trace whose first frame stands at ``at``; return it, and where to look for the next."""
    frames, stop = _frames(raw, at, language)
    count = len(frames)
    start, head = _head(raw, at, floor, language)
    exceptions: list[JSON] = [{**head, "frames": frames}]
    for _ in range(MOST_CAUSES):
        cause = language.cause.match(raw, stop)
        if cause is None or language.head.match(raw, cause.end()) is None:
            break
        following = language.frame.search(raw, cause.end(), cause.end() + HEAD_LONGEST)
        first = following.start() if following and not BLANK_LINE.search(raw, cause.end(), following.start()) else None
        line = _line_stop(raw, cause.end())
        if first is None and BETWEEN_SENTENCES.search(raw, cause.end(), line):
            break  # prose may stand behind its message
        _, caused = _head(raw, line if first is None else first, cause.end(), language)
        frames, stop = _frames(raw, first, language) if first is not None else ([], line)
        exceptions.append({**caused, "frames": frames})
        count += len(frames)
    if not head and count < FEWEST:
        return None, stop
    span = Span(start, stop)
    value = as_json({"exceptions": exceptions})
    if head:
        return Claim(span, FAMILY, language.rule, "exact", value=value, resume=stop), stop
    reason = "the exception that its frames belong to is not there"
    return Claim(span, FAMILY, language.rule, "truncated", reason, value=value, resume=stop), stop


def _frames(raw: bytes, at: int, language: Language) -> tuple[list[JSON], int]:
    """Read frames that only white space parts; return them, and the byte behind the last."""
    rows: list[JSON] = []
    stop = at
    while len(rows) < MOST_FRAMES:
        if frame := language.frame.match(raw, at):
            named = {name: from_bytes(text) for name, text in frame.groupdict().items() if text and name != "line"}
            rows.append(named | ({"line": int(frame["line"])} if frame["line"] else {}))
            stop = frame.end()
        elif more := language.more.match(raw, at):
            stop = more.end()
        else:
            break
        gap = GAP.match(raw, stop)
        if gap is None or BLANK_LINE.search(gap[0]):
            break
        at = gap.end()
    return rows, stop


def _head(raw: bytes, at: int, floor: int, language: Language) -> tuple[int, dict[str, JSON]]:
    """Return where the exception before a frame begins, and what it says; ``at`` when there is none.

    A message may have several lines. So of several exceptions before the frame the first counts that begins a line.
    """
    lowest = max(floor, at - HEAD_LONGEST)
    gap = len(raw[lowest:at].rstrip())
    text_stop = lowest + gap
    for blank in BLANK_LINE.finditer(raw, lowest, text_stop):
        lowest = blank.end()
    heads = [head for head in language.head.finditer(raw, lowest, text_stop) if _says(raw, head, text_stop)]
    if not heads:
        return at, {}
    own = [head for head in heads if LINE_BEFORE.search(raw, max(0, head.start() - 80), head.start())]
    head = own[0] if own else heads[-1]
    message = raw[head.end() : text_stop].strip().removesuffix(b"]" if head[0].startswith(b"[") else b"")
    # The name may have been printed right behind a word; before it may stand other words of the head.
    start = behind_word(raw, *head.span("class"))
    value: dict[str, JSON] = {"class": from_bytes(raw[start : head.end("class")])}
    value |= {"message": from_bytes(message)} if message else {}
    return head.start() if start == head.start("class") else start, value


def _says(raw: bytes, head: regex.Match[bytes], stop: int) -> bool:
    """Whether a colon leads to a message, or nothing is said: else the name is a word of a sentence."""
    return head[0].endswith(b":") or _NOTHING_SAID.match(raw, head.end(), stop) is not None


def _line_stop(raw: bytes, at: int) -> int:
    line = raw.find(b"\n", at, at + HEAD_LONGEST)
    return at + len(raw[at : line if line >= 0 else at + HEAD_LONGEST].rstrip())


def first_of(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Give the claims in order of position that do not overlap one before."""
    floor = 0
    for claim in sorted(claims, key=lambda claim: (claim.span.start, -claim.span.stop)):
        if claim.span.start >= floor:
            floor = claim.span.stop
            yield claim
