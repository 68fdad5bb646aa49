"""From the frame of an error to a claim: what belongs to it on either side, what it says, and how far it is proven."""

from __future__ import annotations

from msgspec import Struct

from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.php_error import messages, tokens, traces
from pipeline.families.php_error.call_stacks import PAGE_ENDS, read_call_stack
from pipeline.families.php_error.frames import Frame, frames
from pipeline.families.php_error.tables import Table, read_table
from pipeline.model import Claim, Page, Span, Status
from pipeline.patterns import lazy_compile

FAMILY = "php_error"
NOT_AS_PRINTED = "tags or white space between its parts are not what PHP prints"
LONGEST_CUT_SHORT = 700
DEEP = 3
"""How many signs of a folder a path has that proves a message of no known form; a sentence may name ``/a/b``."""

_FOLDER = lazy_compile(rb"(?<!<)[/\\]")
_EXCEPTION = lazy_compile(rb"[A-Za-z0-9_]{0,80}(?:Exception|Error)(?:: | in )|[a-z]\\[A-Z]\w{0,80}: ")
"""The head of an exception: it has a place of its own, which is none of the words before it."""
_SHORTENED = lazy_compile(rb"\.\.\.|\xe2\x80\xa6|\A\[")
_REPEATED = lazy_compile(rb"\s{1,4}[A-Za-z_\\][\w\\]{0,300}: [^\r\n]{0,4096} on line [0-9]{1,9}(?=\s{1,4}Call Stack)")
"""The exception once more, as Xdebug prints it above the call stack."""
_WORD = lazy_compile(rb"[A-Z]?[a-z]*")
_LINE_BEHIND = lazy_compile(
    rb"\s{1,4}(?P<text>[A-Za-z_\\][^\r\n]{3,4096}?)[ \t]{0,8}(?:(?:\r?\n[ \t]{0,8}){2}|\s{0,64}\Z)"
)
"""A line that a blank line or the end of the page follows."""


def errors(page: Page) -> dict[int, Claim]:
    r"""Return the errors of a page by the position of their severity.

    >>> [claim.value for claim in errors(Page(b"Notice: Undefined index: x in /a.php on line 12\n")).values()]
    ['{"severity":"Notice","message":"Undefined index: x","file":"/a.php","line":12}']
    """
    claims: dict[int, Claim] = {}
    floor = 0
    for frame in frames(page):
        claim = _whole(page.raw, frame, floor) if frame.place else _cut_short(page, frame, floor)
        if claim is not None:
            claims[frame.severity.start] = claim
            floor = claim.span.stop
    return claims


class _Printed(Struct):
    """An error while what belongs to it is gathered."""

    rule: str
    start: int
    stop: int
    value: dict[str, JSON]
    as_printed: bool
    breaks_off: bool = False


def _whole(raw: bytes, frame: Frame, floor: int) -> Claim | None:
    place = frame.place
    if place is None:
        return None
    start, before = _before(raw, frame.severity.start, floor)
    path = place.path.of(raw)
    value: dict[str, JSON] = {
        "severity": from_bytes(frame.severity.of(raw)),
        "message": from_bytes(frame.message.of(raw)),
        "file": from_bytes(path),
        "line": place.line,
    }
    printed = _Printed(_rule(before), start, frame.stop, value, as_printed=True)
    if b"<" in before or raw.startswith((b"</", b"**", b"&lt;/"), frame.stop):
        after = tokens.AFTER_LINE.match(raw, frame.stop)
        printed.stop = after.end() if after else frame.stop
    as_php_prints = _as_php_prints(raw, frame, before, path)
    printed.as_printed = printed.rule != "xdebug" and raw[start : printed.stop] == as_php_prints
    _read_uncaught(raw, frame, printed)
    if table := read_table(raw, frame.severity.start, frame.stop, floor):
        _take_in(printed, table)
    _read_behind(raw, frame, printed)
    if why := _why_kept(raw, frame, printed, path):
        return _claim(printed, "kept", why)
    if printed.breaks_off:
        ends = "the document ends" if PAGE_ENDS.match(raw, printed.stop) else "a blank line stands"
        return _claim(printed, "truncated", f"{ends} before the end of the call stack")
    return _claim(printed, "exact") if printed.as_printed else _claim(printed, "repaired", NOT_AS_PRINTED)


def _why_kept(raw: bytes, frame: Frame, printed: _Printed, path: bytes) -> str:
    """Return why an error with a place may be a sentence; an empty string where it can be none."""
    if frame.place and not frame.place.is_whole and b"/" not in path and b"\\" not in path:
        return "PHP names the whole path of a file, and this is a name alone"
    if _SHORTENED.search(path):
        return "a writer has shortened the path"
    if printed.start != frame.severity.start or printed.rule != "plain":
        return ""
    if messages.PROSE.match(raw, frame.message.start) and messages.GOES_ON.match(raw, printed.stop):
        return "it reads like a part of the sentence that goes on behind it"
    if messages.SENTENCE_LINE.search(frame.message.of(raw)) and not messages.is_known(raw, frame.message.start):
        return "a line of its message ends like a sentence, so its head may be a word of the text"
    return ""


def _before(raw: bytes, at: int, floor: int) -> tuple[int, bytes]:
    """Return where the error begins, and what stands between there and its severity."""
    found = tokens.BEFORE.search(raw, max(floor, at - tokens.BEFORE_LONGEST), at)
    return (at, b"") if found is None else (found.start(), found[0])


def _rule(before: bytes) -> str:
    if before.rstrip().endswith(b"PHP"):
        return "log"
    if b"!" in before:
        return "xdebug"
    return "html" if before else "plain"


def _as_php_prints(raw: bytes, frame: Frame, before: bytes, path: bytes) -> bytes:
    """Return the bytes that PHP would have printed for this error."""
    severity, message = frame.severity.of(raw), frame.message.of(raw)
    line = raw[frame.stop - len(str(frame.place.line if frame.place else 0)) : frame.stop]
    if b"<" in before:
        start = b"<br />\n<b>%s</b>:  %s" % (severity, message)
        return start + b" in <b>%s</b> on line <b>%s</b><br />" % (path, line)
    colon = b":  " if before.endswith(b"PHP ") else b": "
    return before + severity + colon + message + b" in %s on line %s" % (path, line)


def _read_uncaught(raw: bytes, frame: Frame, printed: _Printed) -> None:
    """Read the exceptions that an error tells of, when it says that nobody caught them."""
    if not raw.startswith(b"Uncaught", frame.message.start):
        return
    printed.rule = "uncaught"
    found = traces.read_exceptions(raw, frame.message.start + len(b"Uncaught "), frame.message.stop)
    if found is None:
        return
    printed.value["exceptions"] = found.exceptions
    message = frame.message.of(raw)
    printed.value["message"] = from_bytes(message.split(traces.STACK_TRACE)[0].rstrip())
    printed.as_printed &= raw.startswith(b"\n  thrown in ", found.stop) and b"\nStack trace:\n#0 " in message


def _take_in(printed: _Printed, table: Table) -> None:
    """Take in the table that Xdebug wraps an error in."""
    printed.rule = "xdebug"
    printed.start, printed.stop = table.span
    printed.as_printed = table.is_as_printed
    printed.breaks_off = table.breaks_off
    if table.rows:
        printed.value["frames"] = table.rows


def _read_behind(raw: bytes, frame: Frame, printed: _Printed) -> None:
    """Take in what is printed behind an error: a call stack, a trace, or the word that stands for an array."""
    repeated = _REPEATED.match(raw, printed.stop) if printed.rule == "uncaught" else None
    if printed.rule == "uncaught" and not repeated and (stop := _repeated_in_part(raw, frame, printed.stop)):
        printed.stop, printed.breaks_off = stop, True
        return
    if stack := read_call_stack(raw, repeated.end() if repeated else printed.stop):
        printed.rule = "xdebug" if printed.rule not in {"uncaught", "log"} else printed.rule
        printed.as_printed &= b"\n" in raw[printed.stop : printed.stop + 2]
        printed.value |= {"frames": stack.rows} if stack.rows else {}
        printed.stop, printed.breaks_off = stack.stop, not stack.whole
    elif printed.value["severity"] == "Fatal error" and (head := traces.STACK_TRACE_AT.match(raw, printed.stop)):
        if (trace := traces.read_rows(raw, head.end(), len(raw))) and trace.whole:
            printed.value["frames"] = trace.rows
            printed.stop = trace.stop
    elif printed.value["message"] == "Array to string conversion" and (
        word := tokens.ARRAY_LINE.match(raw, printed.stop)
    ):
        printed.stop = word.end()


def _repeated_in_part(raw: bytes, frame: Frame, at: int) -> int | None:
    """Return where the exception ends that is printed once more and breaks off; it begins as it did above.

    A single word may be a heading of the text, such as ``Error``.
    """
    above = raw[frame.message.start + len(b"Uncaught ") : frame.stop]
    line = _LINE_BEHIND.match(raw, at)
    if line is None or not above.startswith(line["text"]) or above == line["text"] or _WORD.fullmatch(line["text"]):
        return None
    return line.end("text")


def _claim(printed: _Printed, status: Status, reason: str = "") -> Claim:
    return Claim(
        span=Span(printed.start, printed.stop),
        family=FAMILY,
        rule=printed.rule,
        status=status,
        reason=reason,
        value=as_json(printed.value),
        resume=printed.stop,
    )


def _cut_short(page: Page, frame: Frame, floor: int) -> Claim | None:
    """Return the claim of an error that breaks off before its place is told; None when it may well be a sentence."""
    raw = page.raw
    start, before = _before(raw, frame.severity.start, floor)
    ends = frame.stop >= page.text_stop
    value: dict[str, JSON] = {"severity": from_bytes(frame.severity.of(raw))}
    printed = _Printed(_rule(before), start, frame.stop, value, as_printed=False)
    text = frame.message.of(raw)
    if text.startswith(b"Uncaught "):
        printed.rule = "uncaught"
        if found := traces.read_exceptions(text, len(b"Uncaught "), len(text)):
            return _cut_short_in_trace(text, printed, found, ends=ends)
    if b"\n" in text or b"\r" in text or len(text) > LONGEST_CUT_SHORT or messages.SENTENCES.search(text):
        return None
    value["message"] = from_bytes(text)
    return _cut_short_in_message(text, printed, ends=ends)


def _cut_short_in_message(text: bytes, printed: _Printed, *, ends: bool) -> Claim | None:
    """Return the claim of a message, with or without the beginning of a place, behind which the error breaks off."""
    is_known = messages.is_known(text, 0)
    place = messages.PLACE_BEGUN.search(text)
    if ends and (is_known or place):
        return _claim(printed, "truncated", "the document ends before the place of the error is told")
    is_deep = place is not None and len(_FOLDER.findall(place[0])) >= DEEP and not _EXCEPTION.search(text)
    if place and (is_known or (is_deep and not messages.PROSE.match(text, 0, place.start() + 1))):
        return _claim(printed, "truncated", "a blank line ends it before the place of the error is told")
    if is_known or place:
        return _claim(printed, "kept", "a blank line ends it before a place proves that it is an error")
    if ends and messages.HINT.search(text):
        return _claim(printed, "kept", "no place follows the message, and it is none that PHP is known for")
    return None


def _cut_short_in_trace(text: bytes, printed: _Printed, chain: traces.Chain, *, ends: bool) -> Claim | None:
    """Return the claim of an exception whose trace, or the line behind it, breaks off at the end of this text."""
    if chain.is_whole:
        thrown = traces.THROWN.match(text, chain.stop)
        rest = text[thrown.end() :] if thrown else b""
        if thrown is None or b"\n" in rest or b"\r" in rest or messages.SENTENCES.search(rest):
            return None
        if not ends and not messages.PATH_BEGUN.fullmatch(rest):
            return None
    printed.value["exceptions"] = chain.exceptions
    place = "behind the trace" if chain.is_whole else "inside the trace"
    if ends:
        return _claim(printed, "truncated", f"the document ends {place}")
    if chain.is_whole or traces.ROW_BEGUN.fullmatch(text, text.rfind(b"#")):
        return _claim(printed, "truncated", f"a blank line ends it {place}")
    return _claim(printed, "kept", "its last row breaks off into what may be text")
