"""Tracebacks of Python: a file and a line of source for each frame, and the exception below."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.php_dump.view import LONE_RETURN
from pipeline.families.sentences import ends_sentence, holds_words
from pipeline.families.stack_trace.frames import BLANK_LINE, FAMILY
from pipeline.model import Claim, Span, Status
from pipeline.patterns import lazy_compile

MOST_FRAMES = 4096
SOURCE_LONGEST = 800
"""Bytes of source between two frames, and before the exception, at most."""
MESSAGE_LONGEST = 1000
UNBROKEN = "line breaks or indents are gone"

_HEAD = lazy_compile(rb"Traceback \((?:most recent call last|innermost last)\):")
_FILE = lazy_compile(
    rb"File (?:\"|&quot;|\xe2\x80[\x9c\x9d])(?P<file>[^\"\r\n]{1,400}?)(?:\"|&quot;"
    rb"|\xe2\x80[\x9c\x9d]), line (?P<line>[0-9]{1,7})"
    rb"(?:, in (?P<call>[\w.<>&;]{1,200}(?:\(\))?))?"
)
_CLASS = (
    rb"(?P<class>(?:[A-Za-z_]\w{0,80}\.){0,10}(?:[A-Z]\w{0,80}?(?:Error|Exception|Warning|Interrupt|Exit"
    rb"|Timeout|DoesNotExist|NotFound|Iteration|Refused|Denied|Expired|Failed|Invalid|Missing|Group)|Exception)"
    rb"|(?:[a-z_]\w{0,80}\.){1,10}[A-Z]\w{0,80}(?![\w(\[.]))"
)
_EXCEPTION = lazy_compile(rb"(?<![\w.\"'(])" + _CLASS + rb"(?:: |:?(?=[ \t]*(?:[\r\n]|\Z|<)))")
_EXCEPTION_LINE = lazy_compile(
    rb"(?:" + _CLASS + rb"|(?P<class>[A-Z][a-z0-9]{1,40}[A-Z]\w{0,80}))"
    rb"(?:: (?P<message>(?:[^\r\n<]|<(?!(?:/?(?:pre|p|div)|br ?/?)>)){0,1000})|:?(?=[ \t]*(?:[\r\n]|\Z|<)))"
)
_ENDED = lazy_compile(_HEAD.pattern + rb"|" + _EXCEPTION.pattern)
"""What no two frames of one traceback have between them."""
_LINE = lazy_compile(rb"[ \t]*\r?\n")
_REPEATED = lazy_compile(rb"\[Previous line repeated [0-9]{1,7} more times?\]")
_INDENTED = lazy_compile(rb"[ \t]{1,200}[^\r\n]{0,800}")
_CHAIN = lazy_compile(
    rb"(?:[ \t\r\n]|<br ?/?>){1,12}(?:During handling of the above exception, another exception occurred:"
    rb"|The above exception was the direct cause of the following exception:)(?:[ \t\r\n]"
    rb"|<br ?/?>){1,12}(?=Traceback \()"
)
_CLOSED = lazy_compile(
    rb"'[^'\r\n]{0,200}'(?![\w'])|name '[^'\r\n]{1,80}' is not defined|No module named '?[\w.]{1,120}'?"
    rb"|cannot import name '[^'\r\n]{1,80}'"
    rb"|'[^'\r\n]{1,80}' object (?:has no attribute '[^'\r\n]{1,80}'|is not [a-z]{4,20}|does not support [a-z ]{4,40})"
    rb"|[a-z]{2,12} index out of range|[a-z ]{0,20}division(?: or modulo)? by zero|invalid syntax"
    rb"|unsupported operand type\(s\) for [^\r\n]{1,80}?'"
    rb" and '[^'\r\n]{1,80}'|[^\r\n]{1,80}: '[^'\r\n]{1,300}'(?=[\s<]|\Z)"
)
"""Messages whose end their own words tell."""
_KEY = lazy_compile(rb"'(?:[^'\\\r\n]|\\.){0,300}'|\"(?:[^\"\\\r\n]|\\.){0,300}\"")
"""All that a missing key says."""
_NEXT = lazy_compile(rb"[ \t]*(?:During handling of the above exception,|The above exception was the direct cause)")
_SOURCE = lazy_compile(rb"[^\r\n.!?]{0,80}[=()\[\]][^\r\n]{0,120}[^.!?\r\n]")
_SOURCE_LINE = lazy_compile(
    rb"[ \t]*\r?\n[ \t]{2,40}[^\s.!?][^\r\n.!?]{0,80}[=()\[\]](?:[^\r\n]{0,120}[^.!?\s])?(?=[ \t]*(?:[\r\n]|\Z))"
)
"""The line of source that belongs to a frame, told by its indent and its signs."""
_LINE_STOP = lazy_compile(rb"[\r\n]|<(?:br ?/?|/?(?:p|div|pre))>")
_PLAIN = lazy_compile(
    rb"(?:(?![.!?] [A-Z]| [A-Z][a-z]{1,20} [a-z]{2,20} |&nbsp;)[\w .,:;/\\'\"()\[\]{}=+*%$@<>&!?#\-]){0,200}[^.!?\s]|"
)
"""A message that a line goes on with, as programs word them: no second sentence, and no sign of prose."""
_GLUED_SENTENCE = lazy_compile(
    rb"[^\r\n]{0,400}?[a-z0-9\"')\]] [A-Z][a-z]{0,20}(?: [a-z]{2,20}){3}(?:[ ,][^\r\n]{0,400})?[.!?]"
)
"""A message without an end that a whole sentence of a text may follow on its line."""


class _Traceback(NamedTuple):
    """One traceback: its frames and exception as data, where it ends, and what is not sure about that end."""

    value: dict[str, JSON]
    stop: int
    status: Status
    reason: str


def python_traces(raw: bytes) -> tuple[Claim, ...]:
    r"""Return the tracebacks of a page in order of position.

    >>> raw = b'Traceback (most recent call last):\n  File "a", line 1, in f\n    g\nKeyError: 1\n'
    >>> [claim.span for claim in python_traces(raw)]
    [Span(start=0, stop=77)]
    """
    raw = LONE_RETURN.sub(b"\n", raw) if b"\r" in raw else raw
    claims: list[Claim] = []
    floor = 0
    for head in _HEAD.finditer(raw):
        if head.start() < floor:
            continue
        read = _read(raw, head.end())
        if read is None:
            continue
        exceptions: list[JSON] = [read.value]
        while (chain := _CHAIN.match(raw, read.stop)) and (following := _read(raw, chain.end() + len(head[0]))):
            read = following
            exceptions.append(read.value)
        floor = read.stop
        span = Span(head.start(), floor)
        value = as_json({"exceptions": exceptions})
        claims.append(Claim(span, FAMILY, "python", read.status, read.reason, value=value, resume=floor))
    return tuple(claims)


def _read(raw: bytes, at: int) -> _Traceback | None:
    """Read frames and the exception behind the head of a traceback."""
    frames: list[JSON] = []
    stop = at
    while len(frames) < MOST_FRAMES:
        found = _FILE.search(raw, stop, stop + SOURCE_LONGEST)
        between = raw[stop : found.start()] if found else b""
        if found is None or BLANK_LINE.search(between) or (frames and _ENDED.search(between)):
            break
        if not frames and between.strip(b" \t\r\n"):
            break
        call: dict[str, JSON] = {"call": from_bytes(found["call"])} if found["call"] else {}
        frames.append({**call, "file": from_bytes(found["file"]), "line": int(found["line"])})
        stop = found.end()
    if not frames:
        return None
    return _by_lines(raw, stop, frames) or _in_line(raw, stop, frames)


def _by_lines(raw: bytes, stop: int, frames: list[JSON]) -> _Traceback | None:
    """Read the exception below the last frame, where each has its line; the source between them is indented."""
    at = stop
    for _ in range(8):
        line = _LINE.match(raw, at)
        if line is None:
            return None
        if source := _INDENTED.match(raw, line.end()) or _REPEATED.match(raw, line.end()):
            at = source.end()
            continue
        found = _EXCEPTION_LINE.match(raw, line.end())
        if found is None:
            return None
        value: dict[str, JSON] = {"class": from_bytes(found["class"])}
        value |= {"message": from_bytes(found["message"].rstrip())} if found["message"] else {}
        stop = line.end() + len(found[0].rstrip())
        if found["class"].endswith(b"KeyError") and (key := _KEY.match(raw, found.start("message"), stop)):
            value["message"], stop = from_bytes(key[0]), key.end()
        elif found["message"] and _GLUED_SENTENCE.fullmatch(found["message"].rstrip()):
            stop = line.end() + len(raw[line.end() : found.start("message")].rstrip())
            del value["message"]  # nothing tells where it ends and the text begins
        return _Traceback({**value, "frames": frames}, stop, "exact", "")
    return None


def _in_line(raw: bytes, stop: int, frames: list[JSON]) -> _Traceback:
    """Read the exception where line breaks or indents are gone: the first word behind the source that names one."""
    found = _EXCEPTION.search(raw, stop, stop + SOURCE_LONGEST)
    if found is None or BLANK_LINE.search(raw, stop, found.start()):
        line = raw.find(b"\n", stop, stop + SOURCE_LONGEST)
        is_last = line < 0 and len(raw) - stop < SOURCE_LONGEST and _SOURCE.fullmatch(raw, stop)
        source = _SOURCE_LINE.match(raw, stop)
        end = len(raw.rstrip()) if is_last else source.end() if source else stop
        if ends_sentence(raw, stop, end) or holds_words(raw, stop, end):
            end = stop  # prose may stand behind the source
        return _Traceback({"frames": frames}, end, "truncated", "its exception is not there")
    broken = _LINE_STOP.search(raw, found.end(), found.end() + MESSAGE_LONGEST)
    message = raw[found.end() : broken.start() if broken else found.end() + MESSAGE_LONGEST]
    line_stop = found.end() + len(message.rstrip())
    if not found[0].endswith(b" "):  # nothing was said
        line_stop = found.end()
    if ending := _CLOSED.match(raw, found.end(), line_stop):
        line_stop = ending.end()
    elif ending := _NEXT.search(raw, found.end(), line_stop):
        line_stop = ending.start()
    value: dict[str, JSON] = {"class": from_bytes(found["class"])}
    if ending is None and not _PLAIN.fullmatch(raw, found.end(), line_stop):
        end = found.start() + len(found[0].rstrip())
        return _Traceback({**value, "frames": frames}, end, "repaired", UNBROKEN)
    value |= {"message": from_bytes(raw[found.end() : line_stop])} if line_stop > found.end() else {}
    return _Traceback({**value, "frames": frames}, line_stop, "repaired", UNBROKEN)
