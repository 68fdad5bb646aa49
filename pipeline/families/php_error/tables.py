"""The table that Xdebug wraps an error in, where its tags are still there: whole, or as far as the page has it."""

from __future__ import annotations

from msgspec import Struct

from pipeline.families.php_dump.value import JSON
from pipeline.families.php_error.call_stacks import WORDS, read_call_stack
from pipeline.families.php_error.traces import LONGEST_ROW
from pipeline.model import Span
from pipeline.patterns import lazy_compile

_HEAD = b"<table class='xdebug-error"
_FOOT = b"</table></font>"
_FARTHEST = 800
"""How far before its error a table begins, in bytes."""
_LONGEST = LONGEST_ROW * 32
_BEFORE = lazy_compile(rb"(?r)(?:<br />[ \t\r\n]{0,4})?<font size='1'>")
_TAGS = lazy_compile(rb"<[^<>]{0,400}>")
_BLANK_LINE = lazy_compile(rb"\n[ \t\r]*\n|\r[ \t]*\r(?!\n)")
_TAG_BEGUN = lazy_compile(
    rb"<(?:/?[a-z]{1,8}(?: [a-z]{1,12}=(?:'[^'<>\r\n]{0,400}'|\"[^\"<>\r\n]{0,400}\")){0,4}"
    rb"(?: (?:[a-z]{1,12}(?:=(?:['\"][^\s'\"<>]{0,400})?)?)?)?|/)?\Z"
)
_COLUMNS = b" Call Stack # Time Memory Function Location"
_CELLS = lazy_compile(rb"(?: [0-9]{1,4}(?: [0-9]{1,5})?)?")


class Table(Struct, frozen=True):
    """The table of an error.

    Attributes:
        span: Its bytes, with the tags before it that are its own.
        rows: The call stack in it.
        is_as_printed: Whether these tags are there.
        breaks_off: Whether its end is not.
    """

    span: Span
    rows: list[JSON]
    is_as_printed: bool
    breaks_off: bool


def read_table(raw: bytes, severity: int, place: int, floor: int) -> Table | None:
    """Return the table around an error; None where there is none.

    Args:
        raw: The page.
        severity: Where the error begins.
        place: First byte behind the number of its line.
        floor: Where the error before it ends.
    """
    head = raw.rfind(_HEAD, max(floor, severity - _FARTHEST), severity)
    if head < 0:
        return None
    before = _BEFORE.match(raw, floor, head)
    start = before.start() if before else head
    foot = raw.find(_FOOT, place, place + _LONGEST)
    following = raw.find(_HEAD, place, foot if foot >= 0 else place + _LONGEST)
    if foot >= 0 and following < 0:
        trace = read_call_stack(_text(raw[place:foot]), 0)
        return Table(Span(start, foot + len(_FOOT)), trace.rows if trace else [], before is not None, breaks_off=False)
    return None if following >= 0 else _broken_off(raw, Span(start, place), severity, is_as_printed=before is not None)


def _broken_off(raw: bytes, begun: Span, severity: int, *, is_as_printed: bool) -> Table | None:
    """Return a table that the page ends in, or a blank line; it has none. All of it must be its own."""
    blank = _BLANK_LINE.search(raw, begun.stop, begun.stop + _LONGEST)
    if blank is None and len(raw) - begun.stop > _LONGEST:
        return None
    stop = begun.stop + len(raw[begun.stop : blank.start() if blank else len(raw)].rstrip())
    inner = raw[begun.stop : stop]
    tag = _TAG_BEGUN.search(inner, max(0, inner.rfind(b"<")))
    inner = inner[: tag.start()] if tag else inner
    if b"<" in inner[inner.rfind(b">") + 1 :]:
        return None
    last = inner[inner.rfind(b">") + 1 :] if blank else b""
    rows = _rows_begun(_text(inner), _text(raw[severity : begun.stop]).partition(b"Uncaught ")[2], last)
    if rows is None:
        return None
    return Table(Span(begun.start, stop), rows, is_as_printed, breaks_off=True)


def _rows_begun(text: bytes, exception: bytes, last: bytes) -> list[JSON] | None:
    """Return the rows of a table that breaks off; None where its words are not such a table's, in their order.

    Args:
        text: The words behind the error, with a blank before them.
        exception: The exception that the error tells of; the table may have it once more.
        last: What stands behind the last tag, where text of the page may go on.
    """
    once_more = b" ( ! ) " + exception
    if exception and once_more.startswith(text.rstrip()):
        return []
    text = text.removeprefix(once_more) if exception else text
    if _COLUMNS.startswith(text.rstrip()):
        return []
    if WORDS.search(last):
        return None
    if trace := read_call_stack(text, 0):
        return trace.rows if _CELLS.fullmatch(text.rstrip(), trace.stop) else None
    return [] if text.startswith(_COLUMNS) and _CELLS.fullmatch(text, len(_COLUMNS)) else None


def _text(marked_up: bytes) -> bytes:
    """Return the words of a table in one line, with a blank before them."""
    return b" " + b" ".join(_TAGS.sub(b" ", marked_up).split()).replace(b") )", b"))")
