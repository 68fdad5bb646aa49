"""What Xdebug makes of ``var_dump``: text, HTML with its tags, HTML whose tags are gone.

A value is proven by its own form, or by what Xdebug prints around it: the line ``/path/file.php:9:`` before it, or the
``<pre class='xdebug-var-dump'>`` it stands in. Without these only what has members
counts, and a string with its length.
"""

from __future__ import annotations

from msgspec.structs import replace

from pipeline.families.php_dump.cursor import BrokenOff, outcome
from pipeline.families.php_dump.damage import ELLIPSIS
from pipeline.families.php_dump.encoded import read_pre
from pipeline.families.php_dump.reading import Reading, Refusal
from pipeline.families.php_dump.view import View, view_of
from pipeline.families.php_dump.xdebug import tokens
from pipeline.families.php_dump.xdebug.html import HtmlCursor
from pipeline.families.php_dump.xdebug.text import TextCursor
from pipeline.model import Page
from pipeline.patterns import lazy_compile

PRE = b"xdebug-var-dump"
ANCHORS = (PRE, b".php:", b"eval()'d code:", b"array(", b"class ", b"(size=", b"object(", b"(length=")

TAGS_GONE = "the tags that Xdebug prints are gone"
TEXT_HEAD = lazy_compile(rb"(?:array\([0-9]{1,9}\)|class [^\s]{1,512}#[0-9]{1,10} \([0-9]{1,9}\)) \{")
HTML_HEAD = lazy_compile(rb"(?:array \(size=[0-9]|object\([^()\s]{1,512}\)\[[0-9])")
OF_PHP = lazy_compile(rb"array\([0-9]{1,9}\) \{\n {0,512}\[(?:\"|-?[0-9]{1,19}\]=>)")
"""An array whose first key stands as PHP itself prints it."""
ENDS_CHANGED = (b":", b">", b";", b"\xa0")
"""How what stands before a value may end where a path does in the view: with its colon, a tag, an entity or a blank."""
HEADER_HERE = lazy_compile(rb"(?:\.php[^\n]{0,64}?|eval\(\)'d code):[0-9]{1,7}:(?P<white>[ \t\r\n]*)")
HEADER_NEAR = 64
"""How far before a value the number of a line ends, at most."""
HEADER_IN_PRE = lazy_compile(rb"[ \t\r\n]*(?:[^\n<>]{1,1024}:[0-9]{1,7}:[ \t\r\n]*)?")
PATH_PARTIAL = lazy_compile(rb"(?:[A-Za-z]:[\\/]|/)[^\s<>]{0,1024}(?:</?[a-z]{0,8})?(?:[ ]?%b)?" % ELLIPSIS)
"""A path with which the document ends, or an excerpt."""
NO_MEMBER = "it has no member, and nothing around it shows that Xdebug printed it"


def read_xdebug(page: Page, at: int) -> Reading | Refusal | None:  # noqa: PLR0911 - one return an anchor
    r"""Read the value whose anchor stands at ``at``; None when Xdebug printed nothing there.

    >>> read_xdebug(Page(b"array (size=1)\n  'k' => string 'abc' (length=3)"), 6).value
    {'k': 'abc'}
    """
    raw = page.raw
    if raw.startswith(b"class ", at) and not TEXT_HEAD.match(raw, at):
        return None
    if OF_PHP.match(raw, at) and not raw[max(0, at - HEADER_NEAR) : at].rstrip(b" \t\r\n").endswith(ENDS_CHANGED):
        return None  # no view is made for what is none of Xdebug's
    view = view_of(page)
    place = view.place(at)
    if raw.startswith(PRE, at):
        return _in_pre(page, view, place)
    if raw.startswith((b".php:", b"eval()'d"), at):
        return _behind_header(view, place)
    if raw.startswith(b"(size=", at):
        place -= len(b"array ")
    if raw.startswith(b"(length=", at):
        return _lone_string(view, place)
    if place < 0 or (place and view.text[place - 1 : place].isalnum()):
        return None
    if TEXT_HEAD.match(view.text, place):
        return _text(view, place)
    return _html(view, place) if HTML_HEAD.match(view.text, place) else None


_WORD_BEHIND = lazy_compile(rb"[ \t]{1,8}[a-z]")
"""What makes a word of the language that a value may be a word of a sentence."""


def _text(view: View, place: int) -> Reading | Refusal | None:
    """Read the text form at the root. ``array(2) {`` is PHP's own head as well, so its first member decides."""
    start = _header_start(view, place)
    if start is None and view.text.startswith(b"array", place):
        head = tokens.TEXT_ARRAY.match(view.text, place)
        if head is None or not tokens.TEXT_FIRST_MEMBER.match(view.text, head.end()):
            return None
    cursor = TextCursor(view, place)
    cursor.proven = start is not None
    return _read(cursor, place if start is None else start)


def _html(view: View, place: int) -> Reading | Refusal | None:
    """Read the HTML form without its tags at the root."""
    start = _header_start(view, place)
    cursor = HtmlCursor(view, place)
    cursor.proven = start is not None
    reading = _read(cursor, place if start is None else start)
    alone = start is None and isinstance(reading, Reading) and not reading.truncated
    if alone and isinstance(reading, Reading) and _is_bare_object(reading):
        return replace(reading, unfit=NO_MEMBER)
    return reading


def _is_bare_object(reading: Reading) -> bool:
    return isinstance(reading.value, dict) and reading.value.keys() == {"$class"}


def _read(cursor: TextCursor | HtmlCursor, start: int) -> Reading | Refusal:
    """Read a value and say where it stands; ``start`` is the place where what belongs to it begins."""
    view = cursor.view
    first = view.start(start)

    def value() -> Reading:
        cursor.read()
        cursor.excerpt_ends(cursor.at)
        note = TAGS_GONE if cursor.as_html else ""
        return cursor.whole(first, view.end(cursor.at), changes_wanted=cursor.as_html, note=note)

    return outcome(cursor, first, value)


def _header_start(view: View, place: int) -> int | None:
    """Return where the path of ``/path/file.php:9:`` begins that ends at a place; None when there is none."""
    header = tokens.HEADER.search(view.text, max(0, place - HEADER_NEAR), place)
    return None if header is None else _path_start(view, header.start())


def _path_start(view: View, colon: int) -> int | None:
    """Return where the path before a colon begins: behind white space, or at the start of its line when it has some."""
    floor = max(0, colon - tokens.HEADER_LONGEST)
    window = view.text[floor:colon]
    for marks in (tokens.BEFORE_PATH, tokens.BEFORE_LINE):
        start = max(window.rfind(mark) for mark in marks) + 1
        start += len(window[start:]) - len(window[start:].lstrip())
        if (start or not floor) and tokens.PATH_BEGINS.match(window, start) and not window.startswith(b"//", start):
            return floor + start
    return None


def _behind_header(view: View, place: int) -> Reading | Refusal | None:
    """Read whatever value stands behind ``/path/file.php:9:``."""
    header = HEADER_HERE.match(view.text, place)
    if header is None:
        return None
    colon = view.text.rfind(b":", place, header.start("white") - 1)
    start, place = _path_start(view, colon), header.end()
    if start is None or view.is_read("header", view.start(place)):
        return None
    broken_off: Reading | None = None
    for form in (TextCursor, HtmlCursor):
        cursor = form(view, place)
        cursor.proven = place < view.stop
        reading = view.told("header", _read(cursor, start), 0)
        if reading is not None and reading.value is None and _WORD_BEHIND.match(view.raw, reading.stop):
            continue
        if reading is not None and not reading.truncated:
            return reading
        broken_off = broken_off or reading
    return broken_off


def _lone_string(view: View, place: int) -> Reading | None:
    """Read ``string 'abc' (length=3)`` backwards from its length."""
    head = b"string '"
    length = tokens.HTML_STRING_END.search(view.text, max(0, place - 24), place + 24)
    if length is None or length.end() <= place:
        return None
    stop, declared = length.start(), int(length["length"])
    floor = view.previous(tokens.HTML_LENGTH, place)
    starts = [view.place(view.end(stop) - declared), stop - declared, view.previous(head, stop) + len(head)]
    for start in starts:
        before = start - len(head)
        if start > stop or not view.text.startswith(head, max(before, 0)) or before < 0:
            continue
        if start < floor and stop - start not in (declared, view.end(stop) - view.start(start)):
            continue
        cursor = HtmlCursor(view, before)
        header = _header_start(view, before)
        reading = _read(cursor, before if header is None else header)
        proven = header is not None or cursor.as_printed
        if proven and isinstance(reading, Reading) and reading.stop == view.end(length.end()):
            return reading
    return None


def _in_pre(page: Page, view: View, place: int) -> Reading | Refusal | None:
    """Read the value inside ``<pre class='xdebug-var-dump'>``, whose tags may have been encoded as a whole."""
    opened = view.text.rfind(b"<pre", max(0, place - tokens.PRE_OPEN_LONGEST), place)
    tag = tokens.PRE_OPEN.match(view.text, opened) if opened >= 0 else None
    if tag is None or tag.end() <= place:
        return None
    return read_pre(page, view, opened, _pre)


def _pre(view: View, opened: int) -> Reading | Refusal | None:
    tag = tokens.PRE_OPEN.match(view.text, opened)
    before = HEADER_IN_PRE.match(view.text, tag.end()) if tag else None
    if before is None:
        return None
    cursor = HtmlCursor(view, before.end())
    cursor.proven = cursor.in_pre = True
    first = view.start(opened)
    return outcome(cursor, first, lambda: _value_in_pre(cursor, first))


def _value_in_pre(cursor: HtmlCursor, first: int) -> Reading:
    """Read a value and the end of the ``<pre>`` it stands in, whose first raw byte is ``first``."""
    view = cursor.view
    if PATH_PARTIAL.fullmatch(view.text, cursor.at, view.stop):
        raise BrokenOff(view.stop)
    cursor.read()
    cursor.ends_here()
    cursor.white()
    if cursor.at >= view.stop:
        reading = cursor.whole(first, view.close(view.stop), changes_wanted=True)
        # Nothing says how many properties an object has, and dots at the root are those of an excerpt.
        value = None if reading.value == {"$recursion": True} else reading.value
        return replace(reading, value=value, truncated="the text ends before </pre>")
    if not view.text.startswith(tokens.PRE_STOP, cursor.at):
        cursor.expected("something stands between the value and </pre>", tokens.PRE_STOP_PARTIAL)
    return cursor.whole(first, view.end(cursor.at + len(tokens.PRE_STOP)), changes_wanted=True)
