"""What Symfony's VarDumper prints, and Laravel's ``dump`` with it: as text, and as HTML with or without tags.

An array with its count, an object or a resource with its number is proven by its own form. Any value is, inside
``<pre class=sf-dump>``, or behind ``^`` with the source in a comment. A bare ``[`` must hold what JSON could not.
"""

from __future__ import annotations

from msgspec.structs import replace

from pipeline.families.php_dump.cursor import ELLIPSIS, EXCERPT, WHITE, outcome
from pipeline.families.php_dump.encoded import read_pre
from pipeline.families.php_dump.last_line import MARK_SIZE
from pipeline.families.php_dump.reading import Reading, Refusal
from pipeline.families.php_dump.symfony import tokens
from pipeline.families.php_dump.symfony.prologue import prologue
from pipeline.families.php_dump.symfony.reader import SymfonyCursor
from pipeline.families.php_dump.view import View, view_of
from pipeline.model import Page
from pipeline.patterns import lazy_compile

SCRIPT = b"Sfdump = window.Sfdump"
PRE = (
    b"pre class=sf-dump",
    b'pre class="sf-dump',
    b"pre class='sf-dump",
    b"pre class=&quot;sf-dump",
    b"pre class=&#039;sf",
)
CALL = b"Sfdump("
ELEMENTS = tuple(b"<script>" + blank + SCRIPT for blank in (b"", b" ", b"\n"))
"""The script with its tag: what begins here comes before what any other family sees in a script."""
ANCHORS = (*ELEMENTS, SCRIPT, *PRE, b"array:", b"{#", b"resource {@", b"^ ", b"[\n", b"[\r\n", CALL)

HEAD = lazy_compile(rb"array:[0-9]{1,9} \[")
OBJECT_BEFORE = lazy_compile(
    rb"(?:Closure\((?:[^(){}\[\]\n]|\(\)|\[\]){0,512}\)(?:: [^\s{}]{1,256})?|"
    + tokens.NAME
    + rb"(?: @-?[0-9.]{1,24})?) "
)
BEFORE_NAME = (b" ", b"\t", b"\n", b">", b"(")
IN_NO_CLASS = lazy_compile(
    rb"(?r)[^A-Za-z0-9_\\\x80-\xff]|\xc2[\xa0-\xbf]|\xe2\x80[\x80-\xbf]|\xd8[\x8c\x9b\x9f]|\xe3\x80[\x80-\x9f]"
)
"""A mark that no name of a class has, so prose stands right before the name; it is matched backward."""
ANONYMOUS = b"@anonymous"
"""What the name of a class without one has; a path may follow it, which may have such marks."""
BEFORE_LONGEST = 700
MEMBER_BEFORE = lazy_compile(rb"(?:=>|[\w\"]:)[ \t]\Z")
LIGHT_BEFORE = lazy_compile(rb"(?:\A|[\r\n>])[ \t]*\Z")
TWO_MEMBERS = 2
IN_PROLOGUE = "the text breaks off in the script or style sheet before the value"
TAIL_LONGEST = 512
VALUE_ON_LINE_LONGEST = 4096


def read_symfony(page: Page, at: int) -> Reading | Refusal | None:  # noqa: PLR0911 - one return an anchor
    r"""Read the value whose anchor stands at ``at``; None when VarDumper printed nothing there.

    >>> read_symfony(Page(b'array:1 [\n  "k" => 7\n]'), 0).value
    {'k': 7}
    """
    raw = page.raw
    if raw.startswith(b"array:", at) and not HEAD.match(raw, at):
        return None
    view = view_of(page)
    place = view.place(at)
    if element := next((form for form in ELEMENTS if raw.startswith(form, at)), None):
        return _prologue(page, view, view.place(at + len(element) - len(SCRIPT)))
    if raw.startswith(SCRIPT, at):
        return _prologue(page, view, place)
    if raw.startswith(CALL, at):
        return _called(view, place)
    if raw.startswith(PRE, at):
        return read_pre(page, view, place - 1, _pre) if place else None
    if raw.startswith(b"array:", at):
        return _root(view, place, place)
    if raw.startswith((b"{#", b"resource {@"), at):
        return _object(view, place)
    return _marked(view, place) if raw.startswith(b"^ ", at) else _light(view, place)


def _object(view: View, brace: int) -> Reading | None:
    """Read an object or resource at the root, whose name stands before the anchor."""
    place = _name_start(view, brace)
    if view.is_read("object", view.start(place)) or MEMBER_BEFORE.search(view.text, max(0, place - 16), place):
        return None
    reading = _root(view, place, place)
    lone = isinstance(reading, Reading) and isinstance(reading.value, dict) and reading.value.keys() == {"$class"}
    return None if lone else view.told("object", reading, 0)


def _name_start(view: View, brace: int) -> int:
    """Return the place where the name before an object's or a resource's anchor begins."""
    floor = max(0, brace - BEFORE_LONGEST)
    window = view.text[floor:brace]
    if not window.endswith(b" "):
        return brace
    begin = _behind_last(window, len(window) - 1)
    if window.startswith(b"@", begin):
        begin = _behind_last(window, begin - 1)
    if view.text.startswith(b"{#", brace):
        begin = _class_start(window, begin)
    for start in (window.rfind(b"Closure("), window.rfind(b"__PHP_Incomplete_Class("), begin):
        if start >= 0 and OBJECT_BEFORE.fullmatch(window, start):
            return floor + start
    return brace


def _class_start(window: bytes, begin: int) -> int:
    """Return where the name of a class begins in the word at ``begin``, to whose front prose may be glued."""
    word = window[begin:].split(b" ", 1)[0]
    mark = IN_NO_CLASS.search(word)
    return begin if mark is None or ANONYMOUS in word else begin + mark.end()


def _behind_last(window: bytes, stop: int) -> int:
    return max(window.rfind(mark, 0, max(stop, 0)) for mark in BEFORE_NAME) + 1


def _marked(view: View, place: int) -> Reading | None:
    """Read any value behind ``^``; what proves nothing by itself needs the comment that names its source."""
    cursor = SymfonyCursor(view, place + 2)
    if not _may_begin(cursor) or view.is_read("marked", view.start(place)):
        return None
    reading = _read(cursor, place)
    unmarked = isinstance(reading, Reading) and not cursor.signs
    return view.told("marked", None if unmarked else reading, view.end(cursor.at))


def _may_begin(cursor: SymfonyCursor) -> bool:
    """Whether a value may begin at the cursor, by its first byte."""
    return cursor.text[cursor.at : cursor.at + 1] not in (b"", b" ", b"^")


def _called(view: View, place: int) -> Reading | None:
    """Read the call that folds a dump, and the value on the line before it when that is one."""
    opened = tokens.SCRIPT_OPEN.search(view.text, max(0, place - 192), place)
    start = opened.start() if opened else place
    tail = tokens.TAIL.match(view.text, start)
    if tail is None:
        return None
    before = len(view.text[max(0, start - 64) : start].rstrip()) + max(0, start - 64)
    line = view.previous(b"\n", before) + 1
    cursor = SymfonyCursor(view, line)
    if line < before <= line + VALUE_ON_LINE_LONGEST:
        reading = _read(cursor, line)
        if isinstance(reading, Reading) and not reading.truncated and reading.stop == view.end(tail.end()):
            return reading
    return Reading(view.end(tail.end()), None, start=view.start(start))


def _light(view: View, place: int) -> Reading | None:
    """Read ``[`` at the root, which is VarDumper's only when no other notation has what stands in it."""
    first = view.start(place)
    if view.is_read("light", first) or not LIGHT_BEFORE.search(view.text, max(0, place - 64), place):
        return None
    cursor = SymfonyCursor(view, place)
    reading = _read(cursor, place)
    value = reading.value if isinstance(reading, Reading) else None
    several = isinstance(value, list | dict) and len(value) >= TWO_MEMBERS
    unparted = (several or (cursor.keys and cursor.unparted)) and not cursor.commas
    is_proven = cursor.signs or unparted or (cursor.keys and cursor.unescaped)
    return view.told("light", reading if is_proven else None, max(view.end(cursor.at), first + 1))


def _root(view: View, place: int, start: int) -> Reading | Refusal | None:
    prefix = tokens.PREFIX.search(view.text, max(0, start - 2), start)
    return _read(SymfonyCursor(view, place), prefix.start() if prefix else start)


def _read(cursor: SymfonyCursor, start: int) -> Reading | Refusal:
    """Read a value and what VarDumper puts behind it; ``start`` is the place where what belongs to it begins."""
    view = cursor.view
    first = view.start(start)

    def value() -> Reading:
        cursor.read()
        if source := tokens.SOURCE.match(view.text, cursor.at):
            cursor.signs += 1
            cursor.at = source.end()
        stop = _tail_stop(view, cursor.at)
        cursor.signs += stop > cursor.at
        cursor.excerpt_ends(stop)
        return cursor.whole(first, view.end(stop))

    return outcome(cursor, first, value)


def _pre(view: View, opened: int) -> Reading | Refusal | None:
    """Read the value inside ``<pre class=sf-dump>``; None when no such tag stands there."""
    tag = tokens.PRE_OPEN.match(view.text, opened) if opened >= 0 else None
    if tag is None:
        return None
    cursor = SymfonyCursor(view, tag.end())
    cursor.encoded = cursor.in_pre = cursor.proven = True
    first = view.start(opened)
    return outcome(cursor, first, lambda: _value_in_pre(cursor, first))


def _value_in_pre(cursor: SymfonyCursor, first: int) -> Reading:
    """Read a value and the end of the ``<pre>`` it stands in, whose first raw byte is ``first``."""
    view = cursor.view
    cursor.read()
    if source := tokens.SOURCE.match(view.text, cursor.at):
        cursor.at = source.end()
    cursor.ends_here()
    cursor.white()
    if cursor.at >= view.stop:
        return cursor.whole(first, view.close(view.stop), changes_wanted=True, note="the text ends before </pre>")
    if not view.text.startswith(tokens.PRE_STOP, cursor.at):
        cursor.expected("something stands between the value and </pre>", tokens.PRE_STOP_PARTIAL)
    stop = _tail_stop(view, cursor.at + len(tokens.PRE_STOP))
    cursor.excerpt_ends(stop)
    return cursor.whole(first, view.end(stop), changes_wanted=True)


def _tail_stop(view: View, place: int) -> int:
    """Return the place behind the script that folds a dump; its line or the text may break off inside it."""
    white = WHITE.match(view.text, place)
    start = white.end() if white else place
    line_stop = min(view.line_stop(start), view.stop)
    mark = ELLIPSIS.search(view.text, max(start, line_stop - 16), line_stop)
    if line_stop >= view.stop or (mark and EXCERPT.match(view.text, mark.end() - MARK_SIZE)):
        stop = mark.start() if mark else line_stop
        if start < stop < place + TAIL_LONGEST and tokens.TAIL.fullmatch(view.text, place, stop, partial=True):
            return line_stop
    tail = tokens.TAIL.match(view.text, place)
    return tail.end() if tail else place


def _prologue(page: Page, view: View, place: int) -> Reading | Refusal | None:
    """Read the script and the style sheet that VarDumper prints once before its first HTML dump, and that dump."""
    found = prologue(view, place)
    if found is None:
        return Refusal(view.start(place) + len(SCRIPT), "the script of VarDumper has no end")
    first, stop = view.start(found.start), found.stop
    if found.breaks_off:
        return Reading(view.close(stop), None, start=first, truncated=IN_PROLOGUE)
    reading: Reading | Refusal | None = None
    if view.text.startswith(b"<pre", stop):
        reading = read_pre(page, view, stop, _pre)
    elif stop < len(view.text) and not found.closed:
        cursor = SymfonyCursor(view, stop + 2 * view.text.startswith(b"^ ", stop))
        reading = _read(cursor, stop)
        if not cursor.signs and not cursor.stack and view.text[cursor.at : view.line_stop(cursor.at)].strip():
            reading = None  # what begins so may be a number of the prose
    if isinstance(reading, Reading):
        return replace(reading, start=first)
    while stop > place and view.text[stop - 1] in b" \t\r\n":
        stop -= 1
    return Reading(view.end(stop), None, start=first)
