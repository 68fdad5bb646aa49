"""From a head to a claim: is the value proven, and does what surrounds it fit a leak?"""

from __future__ import annotations

import msgspec
import regex

from pipeline.families.php_dump.value import JSON
from pipeline.families.php_dump.var_dump import Refusal, Value, read_string, read_structure
from pipeline.model import Claim, Page, Span, Status
from pipeline.nesting import too_deep

WORD = regex.compile(rb"[A-Za-z0-9_$\\>:]")
MEMBER_BEFORE_LONGEST = 1024
"""How far back the arrow of a member is looked for: the indent of some hundred levels."""
MEMBER_BEFORE = regex.compile(rb"=(?:>|&gt;)[ \t\r\n]*&?\Z")
LINE_START = regex.compile(rb"(?:\A|[\r\n])[ \t]*\Z")
AFTER_STRING = regex.compile(
    rb"\Z|[\s}<\[]|\xc2[\x85\xa0]|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe3\x80\x80|\xef\xbb\xbf|(?:string|array|object|int|float|bool|enum)\(|NULL"
)
LOOKALIKE_LONGEST = 240
"""How many bytes of a look-alike ``artifacts.raw`` shows at most: enough for a person to judge it."""


def read(page: Page, at: int) -> Claim | None:
    """Return the claim of the dump whose head begins at ``at``; None when no head stands there.

    >>> read(Page(b'Text. string(2) "ok"'), 6).status
    'exact'
    """
    raw = page.raw
    if at and WORD.match(raw, at - 1):
        return None
    reading = read_string(page, at) or read_structure(page, at)
    if reading is None:
        return None
    if isinstance(reading, Refusal):
        return _lookalike(raw, at, reading.stop, reading.reason, reading.declared_length)
    if MEMBER_BEFORE.search(raw, max(0, at - MEMBER_BEFORE_LONGEST), at):
        return _kept(raw, at, reading, "it is a member of a value whose own head is not there")
    if reading.payload is not None:
        return _string_claim(page, at, reading, reading.payload)
    return _structure_claim(at, reading)


def _string_claim(page: Page, at: int, reading: Value, payload: Span) -> Claim:
    if reading.truncated:
        if not _can_be_cut_short(page, at, payload.start):
            return _kept(page.raw, at, reading, f"{reading.truncated}, and prose may follow it")
        return _claim(at, reading, "truncated", reading.truncated)
    if not AFTER_STRING.match(page.raw, reading.stop) and not _is_json(payload.of(page.raw)):
        return _kept(page.raw, at, reading, "the closing quote is followed by what no dump is followed by")
    return _claim(at, reading, "exact", "")


def _structure_claim(at: int, reading: Value) -> Claim:
    if reading.truncated:
        return _claim(at, reading, "truncated", reading.truncated)
    if reading.collided:
        return _claim(at, reading, "ambiguous", "two members have the same name; the last one's value stands")
    if not reading.as_printed:
        return _claim(at, reading, "repaired", "white space between the tokens is not what PHP prints")
    return _claim(at, reading, "exact", "")


def _can_be_cut_short(page: Page, at: int, start: int) -> bool:
    """Whether all that is left of the document can be taken for the beginning of a payload.

    A list or object in JSON speaks for itself. Other text counts only where the dump has the last line alone.
    """
    if page.raw.startswith((b'[{"', b'{"', b"[[", b'["'), start):
        return True
    return page.last_line_break < start and LINE_START.search(page.raw, max(0, at - 32), at) is not None


def _is_json(text: bytes) -> bool:
    if not text.startswith((b"[", b"{")) or too_deep(text):
        return False
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def _kept(raw: bytes, at: int, reading: Value, reason: str) -> Claim:
    if reading.truncated:
        return _lookalike(raw, at, at + 8, reason, reading.declared_length)
    return _claim(at, reading, "kept", reason)


def _claim(at: int, reading: Value, status: Status, reason: str) -> Claim:
    return Claim(
        span=Span(at, reading.stop),
        family="php_dump",
        rule="var_dump",
        status=status,
        reason=reason,
        declared_length=reading.declared_length,
        payload=reading.payload,
        value=None if reading.truncated and reading.payload else as_json(reading.value),
        resume=reading.stop,
    )


def _lookalike(raw: bytes, at: int, resume: int, reason: str, declared_length: int | None) -> Claim:
    limit = min(at + LOOKALIKE_LONGEST, len(raw))
    line_stop = raw.find(b"\n", at, limit)
    stop = at + len(raw[at : line_stop if line_stop >= 0 else limit].rstrip()) if at < limit else limit
    return Claim(
        span=Span(at, stop),
        family="php_dump",
        rule="var_dump",
        status="kept",
        reason=reason,
        declared_length=declared_length,
        resume=max(resume, at + 1),
    )


def as_json(value: JSON) -> str:
    """Return a value as compact JSON text."""
    return msgspec.json.encode(value).decode()
