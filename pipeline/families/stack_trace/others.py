"""Traces of Ruby and of Go."""

from __future__ import annotations

import regex

from pipeline.families.glued import behind_word_before_known
from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.stack_trace.frames import BLANK_LINE, FAMILY, FEWEST, GAP, LINE_BEFORE
from pipeline.model import Claim, Span
from pipeline.patterns import lazy_compile

MOST_FRAMES = 4096

_RUBY_QUOTE = rb"(?:[`'\"]|\xe2\x80[\x98\x99])"
_RUBY_FRAME = lazy_compile(
    rb"(?:from )?(?P<file>(?:(?<!<)/|[A-Za-z]:[\\/]|(?<!\w)\./|(?<!<)[\w\-]{1,60}/(?!/)|\(?[\w\-]{1,60}\.rb"
    rb"|<internal:)[^\s:()<>]{0,300}(?: \([^()\r\n]{1,80}\) [\w/.\-]{1,200})?\)?)"
    rb":(?P<line>[0-9]{1,7}):in " + _RUBY_QUOTE + rb"(?P<call>[^`'\"\r\n\xe2]{1,160})" + _RUBY_QUOTE
)
_RUBY_SAID = lazy_compile(
    rb": (?P<message>[^\0]{0,1000}?) ?\((?P<class>(?:[A-Z]\w{0,60}::){0,6}[A-Z]\w{0,80})\)(?=[ \t]*(?:[\r\n]|\Z"
    rb"| ?from |<))"
)
_RUBY_HEAD = lazy_compile(
    rb"(?r)(?P<class>(?:[A-Z]\w{0,60}::){0,6}[A-Z]\w{0,80}(?:Error|Exception|NotFound"
    rb"|Invalid))(?: \((?P<message>[^\r\n]{0,400})\):?|: (?P<message>[^\r\n]{0,400}))[ \t\r\n]{1,12}"
)
_GO_HEAD = lazy_compile(
    rb"(?r)(?:(?:panic|fatal error"
    rb"|http: panic serving [^\r\n]{1,60}): (?P<message>[^\r\n]{0,600}?)"
    rb"(?:[ \t\r\n]{1,4}(?:\[signal [^\]\r\n]{1,200}\]|\[recovered\]))?)[ \t\r\n]{1,8}"
)
_GOROUTINE = lazy_compile(rb"goroutine [0-9]{1,9} \[[a-z][^\[\]\r\n]{1,80}\]:")
_GO_FRAME = lazy_compile(
    rb"(?:created by )?(?P<call>(?:[\w.\-]{1,80}/){0,8}[\w\-]{1,80}(?:\.(?:\(\*?[\w\[\].]{1,80}\)"
    rb"|[\w\[\]\-.{}]{1,120})){1,6}(?:\([^()\r\n]{0,400}\)| in goroutine [0-9]{1,9})?)"
    rb"[ \t\r\n]{1,8}(?P<file>(?:/|[A-Za-z]:[\\/]|[\w.\-]{1,60}/)[^\s:()]{1,300}\.(?:go"
    rb"|s)):(?P<line>[0-9]{1,7})(?: \+0x[0-9a-f]{1,16})?"
)
_GO_EXIT = lazy_compile(rb"[ \t\r\n]{1,8}exit status [0-9]{1,3}")


def _row(frame: regex.Match[bytes]) -> dict[str, JSON]:
    return {"call": from_bytes(frame["call"]), "file": from_bytes(frame["file"]), "line": int(frame["line"])}


def _claim(span: Span, rule: str, exception: dict[str, JSON], frames: list[JSON]) -> Claim:
    value = as_json({"exceptions": [{**exception, "frames": frames}]})
    return Claim(span, FAMILY, rule, "exact", value=value, resume=span.stop)


def ruby_traces(raw: bytes) -> tuple[Claim, ...]:
    r"""Return the traces of Ruby on a page in order of position.

    >>> [claim.span for claim in ruby_traces(b"/srv/a.rb:3:in `seat': no row (ArgumentError)")]
    [Span(start=0, stop=45)]
    """
    claims: list[Claim] = []
    floor = 0
    for first in _RUBY_FRAME.finditer(raw):
        if first.start() < floor:
            continue
        row, begin = _row(first), first.start()
        path = behind_word_before_known(raw, *first.span("file"))
        if path > first.start("file"):
            row, begin = row | {"file": from_bytes(raw[path : first.end("file")])}, path
        frames: list[JSON] = [row]
        stop = first.end()
        said = _RUBY_SAID.match(raw, stop)
        stop = said.end() if said else stop
        stop = _ruby_frames(raw, stop, frames)
        head = None if said else _RUBY_HEAD.match(raw, max(floor, first.start() - 600), first.start())
        start = head.start() if head else begin
        floor = stop
        found = said or head
        if found or len(frames) >= FEWEST:
            exception: dict[str, JSON] = (
                {"class": from_bytes(found["class"]), "message": from_bytes(found["message"] or b"")} if found else {}
            )
            claims.append(_claim(Span(start, stop), "ruby", exception, frames))
    return tuple(claims)


def _ruby_frames(raw: bytes, stop: int, frames: list[JSON]) -> int:
    """Read further frames; return the byte behind the last."""
    while len(frames) < MOST_FRAMES:
        gap = GAP.match(raw, stop)
        frame = _RUBY_FRAME.match(raw, gap.end()) if gap and not BLANK_LINE.search(gap[0]) else None
        if frame is None:
            break
        frames.append(_row(frame))
        stop = frame.end()
    return stop


def go_traces(raw: bytes) -> tuple[Claim, ...]:
    r"""Return the traces of Go on a page in order of position.

    >>> [claim.span for claim in go_traces(b"panic: no row\n\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:8 +0x1d")]
    [Span(start=0, stop=64)]
    """
    claims: list[Claim] = []
    floor = 0
    for routine in _GOROUTINE.finditer(raw):
        if routine.start() < floor:
            continue
        head = _GO_HEAD.match(raw, max(floor, routine.start() - 1000), routine.start())
        start = head.start() if head else routine.start()
        frames: list[JSON] = []
        stop = floor = routine.end()
        while len(frames) < MOST_FRAMES and (gap := GAP.match(raw, stop)):
            frame = _GO_FRAME.match(raw, gap.end())
            following = _GOROUTINE.match(raw, gap.end()) if frame is None else None
            if frame is None and following is None:
                break
            frames += [_row(frame)] if frame else []
            stop = floor = (frame or following).end()  # type: ignore[union-attr]
        if not frames or not (head or LINE_BEFORE.search(raw, max(0, start - 80), start)):
            continue
        leaves = _GO_EXIT.match(raw, stop)
        stop = floor = leaves.end() if leaves else stop
        exception: dict[str, JSON] = {"message": from_bytes(head["message"])} if head and head["message"] else {}
        claims.append(_claim(Span(start, stop), "go", exception, frames))
    return tuple(claims)
