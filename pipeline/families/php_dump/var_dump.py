"""Read one value as ``var_dump`` or ``debug_zval_dump`` prints it, as printed or damaged.

The two differ in what stands behind a value: ``debug_zval_dump`` tells how often it is referred to.
"""

from __future__ import annotations

from msgspec.structs import replace

from pipeline.families.php_dump import tokens
from pipeline.families.php_dump.breaks import BEFORE_LONGEST, DOTS_LAST, DOTS_LONGEST, PARAGRAPH_STOP, begins_line
from pipeline.families.php_dump.damage import WHITE
from pipeline.families.php_dump.edges import EXCERPT_ENDS, PROSE_FOLLOWS, has_last_paragraph, without_ellipsis
from pipeline.families.php_dump.json_begun import breaks_off_in_json, ends_in_a_word_of_json
from pipeline.families.php_dump.prose_behind import may_follow
from pipeline.families.php_dump.reading import Reading, Refusal
from pipeline.families.php_dump.root_strings import AFTER_STRING, end_of_root, is_json
from pipeline.families.php_dump.scales import decoded
from pipeline.families.php_dump.structure import CHANGED, read_structure
from pipeline.families.php_dump.value import from_bytes, key_text
from pipeline.families.sentences import ends_sentence
from pipeline.model import Page, Span
from pipeline.patterns import lazy_compile

STRING = b"string("
ANCHORS = (STRING, b"array(", b"object(", b"vec(", b"dict(", b"keyset(")
LAZY = lazy_compile(rb"lazy (?:ghost|proxy) \Z")
LAZY_LONGEST = 12
XDEBUG_HEAD = lazy_compile(rb"array\([0-9]{1,9}\) \{%b(?:\[-?[0-9]{1,19}\] =|')" % WHITE)
"""An array whose first key Xdebug printed: what its own reader has refused is no value of PHP itself."""


def read_var_dump(page: Page, at: int) -> Reading | Refusal | None:
    """Read a string, an array or an object at the root; None when no head of one stands at ``at``."""
    return read_string(page, at) or _read_structure(page, at, refcounts=False)


def read_debug_zval_dump(page: Page, at: int) -> Reading | Refusal | None:
    """Read a value whose references are told, at the root; None when no head of one stands at ``at``.

    >>> read_debug_zval_dump(Page(b'string(2) "ok" refcount(1)'), 0).value
    'ok'
    """
    if page.raw.startswith(STRING, at):
        reading = read_string(page, at)
        if isinstance(reading, Reading) and (refcount := tokens.REFCOUNT.match(page.raw, reading.stop)):
            return replace(reading, stop=refcount.end())
        return None
    return _read_structure(page, at, refcounts=True)


def _read_structure(page: Page, at: int, *, refcounts: bool) -> Reading | Refusal | None:
    if XDEBUG_HEAD.match(page.raw, at):
        return None
    lazy = LAZY.search(page.raw, max(0, at - LAZY_LONGEST), at)
    start = lazy.start() if lazy else at
    reading = read_structure(page, start, refcounts=refcounts)
    if reading is None and not refcounts:
        reading = _read_head_begun(page, start)
    return _with_paragraph(page, start, reading) if isinstance(reading, Reading) else reading


def _read_head_begun(page: Page, start: int) -> Reading | None:
    """Read the head of an object that the document ends in."""
    head = tokens.OBJECT_BEGUN.match(page.raw, start)
    if head is None or not begins_line(page, start):
        return None
    dots = tokens.DOTS.match(page.raw, head.end())
    stop = dots.end() if dots else head.end()
    if stop < page.text_stop:
        return None
    what = "an excerpt ends" if dots else "the document ends"
    return Reading(stop, {"$class": key_text(head[1])}, truncated=f"{what} inside the head of an object")


def _with_paragraph(page: Page, start: int, reading: Reading) -> Reading:
    """Return a reading with the tags of its paragraph, where it has one to itself."""
    begin, stop = start - len(b"<p>"), reading.stop + len(b"</p>")
    if begin < 0 or page.raw[begin:start] != b"<p>" or page.raw[reading.stop : stop] != b"</p>":
        return reading if reading.start == start else replace(reading, start=start)
    repaired = "; ".join(filter(None, [reading.repaired, "the tags of its paragraph belong to it"]))
    return replace(reading, start=begin, stop=stop, repaired=repaired)


def read_string(page: Page, at: int) -> Reading | Refusal | None:
    """Read ``string(N) "…"`` at the root; None when no such head stands at ``at``.

    >>> read_string(Page(b'string(9) "say "yes""'), 0).value
    'say "yes"'
    """
    last = page.once(_LastString)
    if last.at != at:
        last.at, last.reading = at, _read_string(page, at)
    return last.reading


class _LastString:
    """The string that was read last: each of the two grammars asks for it."""

    def __init__(self, _raw: bytes) -> None:
        self.at = -1
        self.reading: Reading | Refusal | None = None


def _read_string(page: Page, at: int) -> Reading | Refusal | None:
    raw = page.raw
    head = tokens.STRING_HEAD.match(raw, at)
    if head is None:
        return None
    start, length = head.end(), int(head[1])
    if end := end_of_root(page, at, start, length):
        payload = Span(start, end.payload_stop)
        text = payload.of(raw)
        as_printed = raw[head.end(1) : start] == b') "' and raw[end.payload_stop : end.stop] == b'"'
        changes = [f"the string ends by {end.measure}"] if end.measure else []
        changes += [] if as_printed else [CHANGED]
        reading = Reading(
            end.stop,
            from_bytes(decoded(text) if head["quote"].startswith(b"&") else text),
            start=at,
            unfit=_unfit_after(raw, end.stop, payload),
            repaired="; ".join(changes),
            declared_length=length,
            payload=payload,
        )
        return _with_paragraph(page, at, reading)
    if begun := _json_before_prose(page, at, start, length):
        return begun
    dots = DOTS_LAST.search(raw, max(start, page.text_stop - DOTS_LONGEST), page.text_stop)
    if start + length < (without_ellipsis(raw, dots.end()) if dots else len(raw)):
        return Refusal(start, f"no quote stands {length} bytes after the opening one", length)
    if page.last_line_break >= start and not _has_last_paragraph(page, at, start):
        return Refusal(start, f"{length} bytes are declared, more than the document has left", length)
    stop = max(page.text_stop, start)
    truncated = f"{length} bytes are declared, the document ends after {stop - start}"
    sure = _can_be_cut_short(page, at, start) and (
        not ends_sentence(raw, start, stop) or ends_in_a_word_of_json(page, start, stop)
    )
    sure = sure and (tokens.JSON_START.match(raw, start) is not None or not may_follow(page, at, start, stop))
    unfit = "" if sure else f"{truncated}, and prose may follow it"
    return Reading(stop, None, truncated=truncated, unfit=unfit, declared_length=length, payload=Span(start, stop))


def _json_before_prose(page: Page, at: int, start: int, length: int) -> Reading | None:
    """Read a string whose payload is JSON and breaks off before a blank line: the paragraph holds the dump alone."""
    stop = next((found.start for found in PARAGRAPH_STOP.following(page, start)), page.text_stop)
    if stop >= page.text_stop or stop - start >= length or not begins_line(page, at):
        return None
    text_stop = without_ellipsis(page.raw, stop)
    if not breaks_off_in_json(page, start, text_stop) or ends_sentence(page.raw, start, text_stop):
        return None
    what = EXCERPT_ENDS if text_stop < stop else PROSE_FOLLOWS
    truncated = f"{length} bytes are declared, {what} after {text_stop - start}"
    return Reading(stop, None, truncated=truncated, declared_length=length, payload=Span(start, stop))


def _unfit_after(raw: bytes, stop: int, payload: Span) -> str:
    """Return what speaks against a string by what follows its closing quote; JSON speaks for itself."""
    if AFTER_STRING.match(raw, stop) or tokens.REFCOUNT.match(raw, stop) or is_json(payload.of(raw)):
        return ""
    return "the closing quote is followed by what no dump is followed by"


def _can_be_cut_short(page: Page, at: int, start: int) -> bool:
    """Whether all that is left of the document can be taken for the beginning of a payload.

    A list or object in JSON speaks for itself. Other text counts only where the dump has the last line alone.
    """
    if page.raw.startswith((b'[{"', b'{"', b"[[", b'["'), start) or _has_last_paragraph(page, at, start):
        return True
    return page.last_line_break < start and tokens.LINE_START.search(page.raw, max(0, at - 32), at) is not None


def _has_last_paragraph(page: Page, at: int, start: int) -> bool:
    """Whether a string has the last paragraph of the document, and not only its beginning, to itself."""
    last = page.last_paragraph_break
    if not 0 <= last < at <= last + BEFORE_LONGEST or tokens.JSON_START.match(page.raw, start):
        return False  # what prints JSON breaks no lines
    return has_last_paragraph(page, start) and not page.raw[last:at].strip()
