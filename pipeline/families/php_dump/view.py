"""A document as a reader sees it: inline tags gone, entities decoded, quotes straight, and each place led back.

Some dumps are printed as HTML and reach a corpus with their tags, without them, or encoded once more. A grammar that
reads the view has one form to know. The view is made once for a document and each place in it leads back to raw
bytes, so a span is exact whatever was dropped.
"""

from __future__ import annotations

import html
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import regex

from pipeline.families.php_dump.barren import Barren
from pipeline.families.php_dump.damage import ARROW, QUOTE, SINGLE_QUOTE
from pipeline.families.php_dump.reading import Reading, Refusal
from pipeline.model import Page
from pipeline.patterns import lazy_compile

TAG = (
    rb"</?(?:b|i|small)>|</(?:a|abbr|font|samp|span)>"
    rb"|<(?:a|abbr|font|samp|span)(?:\s(?:class|color|data-|href|id|style|title)"
    rb"(?:[^<>\n\"']|\"(?:[^<>\n\"]|\n(?!\s)){0,1024}+\"|'(?:[^<>\n']|\n(?!\s)){0,1024}+'){0,1024}+)?>"
)
"""The inline tags of Xdebug and of VarDumper. Others are text: a dumped string may hold them."""

CHANGE = lazy_compile(
    rb"(?P<tag>" + TAG + rb")|(?P<line></?p>|<br ?/?>)|(?P<blank>\xc2\xa0|&nbsp;|&\#160;)"
    rb"|(?P<double>(?!\")" + QUOTE + rb")|(?P<single>(?!')" + SINGLE_QUOTE + rb")|(?P<arrow>(?!=>)" + ARROW + rb")"
    rb"|(?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
)
"""Everything that a view shows otherwise than it stands."""

AS = {"tag": b"", "line": b"\n", "blank": b" ", "double": b'"', "single": b"'", "arrow": b"=>"}
LONE_RETURN = lazy_compile(rb"\r(?!\r?\n)")
"""A return that ends a line by itself; a reader sees a line break."""
ENTITY = lazy_compile(rb"&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
BEYOND_ASCII = 0x80
AMPERSAND = ord("&")


class View:
    """The view of one document.

    Attributes:
        text: What a reader sees.
    """

    def __init__(self, raw: bytes, change: regex.Pattern[bytes] = CHANGE) -> None:
        self.raw = raw
        self._raw_starts, self._starts, self._sizes = [0], [0], [0]
        self._changes: list[int] = []
        self._read: dict[str, int] = {}
        self._places: dict[bytes, Sequence[int]] = {}
        self._found: dict[regex.Pattern[bytes], Sequence[int]] = {}
        self._line_stops: Sequence[int] | None = None
        self.text = self._made(change)
        self.stop = len(self.text.rstrip(b" \t\r\n"))
        """First byte of the white space at the end."""
        self.raw_stop = len(raw.rstrip(b" \t\r\n"))
        """The same in raw bytes; tags that no text follows stand before it."""
        self.barren = Barren(raw)
        """Where strings have no end."""
        self.last_line_break = max(raw.rfind(b"\n", 0, self.raw_stop), raw.rfind(b"\r", 0, self.raw_stop))
        """The last line break in raw bytes before it; -1 where there is none."""

    def _made(self, change: regex.Pattern[bytes]) -> bytes:
        raw, position, size = self.raw, 0, 0
        if b"\r" in raw:
            raw = LONE_RETURN.sub(b"\n", raw)
        if raw.isascii() and b"<" not in raw and b"&" not in raw:
            self._sizes[-1] = len(raw)
            return raw  # every change is of a tag, an entity or a character beyond ASCII
        parts: list[bytes] = []
        for found in change.finditer(raw):
            self._sizes[-1] = found.start() - position
            new = AS.get(found.lastgroup or "")
            new = decoded(found[0]) if new is None else new
            parts += [raw[position : found.start()], new]
            size += self._sizes[-1] + len(new)
            position = found.end()
            self._changes.append(found.start())
            self._raw_starts.append(position)
            self._starts.append(size)
            self._sizes.append(0)
        self._sizes[-1] = len(raw) - position
        return b"".join([*parts, raw[position:]])

    def place(self, at: int) -> int:
        """Return the place of a raw byte; of one inside something changed, the place of that."""
        piece = bisect_right(self._raw_starts, at) - 1
        return self._starts[piece] + min(at - self._raw_starts[piece], self._sizes[piece])

    def start(self, place: int) -> int:
        """Return the first raw byte of what stands at a place; the end of the document behind its last."""
        piece = bisect_right(self._starts, place) - 1
        return self._raw_starts[piece] + min(place - self._starts[piece], self._sizes[piece])

    def end(self, place: int) -> int:
        """Return the raw byte after what ends at a place."""
        if place <= 0:
            return 0
        place = min(place, len(self.text))
        piece = bisect_right(self._starts, place - 1) - 1
        within = place - self._starts[piece]
        return self._raw_starts[piece] + within if within <= self._sizes[piece] else self._raw_starts[piece + 1]

    def close(self, place: int) -> int:
        """Return the raw byte after what ends at a place, with the tags behind it when the text ends there."""
        return self.raw_stop if place >= self.stop else self.end(place)

    def between(self, start: int, stop: int) -> bytes:
        """Return the raw bytes between two places, with whatever is dropped at either end."""
        return self.raw[self.end(start) : self.start(stop)]

    def last_change(self, place: int) -> bytes:
        """Return the raw bytes of the last change before a place; nothing where there is none."""
        at = self.end(place)
        index = bisect_left(self._changes, at) - 1
        return self.raw[self._changes[index] : at] if index >= 0 else b""

    def changes(self, start: int, stop: int) -> int:
        """Return how many changes there are between two raw bytes."""
        return bisect_left(self._changes, stop) - bisect_left(self._changes, start)

    def is_read(self, form: str, at: int) -> bool:
        """Whether a raw byte lies in what a form has read in vain, and left without a word."""
        return at < self._read.get(form, 0)

    def told(self, form: str, reading: Reading | Refusal | None, stop: int) -> Reading | None:
        """Return a reading; of a refusal only remember how far it went, for its anchor stands in much other text."""
        if isinstance(reading, Reading):
            return reading
        self._read[form] = max(self._read.get(form, 0), reading.stop if reading else stop)
        return None

    def places(self, literal: bytes) -> Sequence[int]:
        """Return every place of a literal, in order; looked for once."""
        if literal not in self._places:
            self._places[literal] = [hit.start() for hit in regex.finditer(regex.escape(literal), self.text)]
        return self._places[literal]

    def starts(self, pattern: regex.Pattern[bytes]) -> Sequence[int]:
        """Return where each match of a pattern begins, in order; looked for once."""
        if pattern not in self._found:
            self._found[pattern] = [found.start() for found in pattern.finditer(self.text)]
        return self._found[pattern]

    def next(self, literal: bytes, place: int) -> int:
        """Return the first place of a literal at or behind a place; the length of the text where there is none."""
        places = self.places(literal)
        index = bisect_left(places, place)
        return places[index] if index < len(places) else len(self.text)

    def next_start(self, pattern: regex.Pattern[bytes], place: int) -> int:
        """Return the first place of a match at or behind a place; the length of the text where there is none."""
        places = self.starts(pattern)
        index = bisect_left(places, place)
        return places[index] if index < len(places) else len(self.text)

    def line_stop(self, place: int) -> int:
        """Return where the line of a place ends; a line break that is written as an entity is one of a text."""
        if self._line_stops is None:
            breaks = self.places(b"\n")
            self._line_stops = (
                [at for at in breaks if self.raw[self.start(at)] != AMPERSAND] if self._changes else breaks
            )
        index = bisect_left(self._line_stops, place)
        return self._line_stops[index] if index < len(self._line_stops) else len(self.text)

    def previous(self, literal: bytes, place: int) -> int:
        """Return the last place of a literal before a place; -1 where there is none."""
        places = self.places(literal)
        index = bisect_left(places, place)
        return places[index - 1] if index else -1


def view_of(page: Page) -> View:
    """Return the view of a page; it is made once."""
    if page not in _VIEWS:
        _VIEWS[page] = View(page.raw)
    return _VIEWS[page]


_VIEWS: WeakKeyDictionary[Page, View] = WeakKeyDictionary()


def once_decoded(page: Page) -> tuple[View, View]:
    """Return a view in which entities are decoded and nothing else is changed, and the view of its text."""
    if page not in _DECODED:
        plain = View(page.raw, ENTITY)
        _DECODED[page] = plain, View(plain.text)
    return _DECODED[page]


_DECODED: WeakKeyDictionary[Page, tuple[View, View]] = WeakKeyDictionary()


def decoded(raw: bytes) -> bytes:
    r"""Return text with its entities decoded once; a control character keeps its code, unlike in a browser.

    >>> decoded(b"a &lt;&#10;&amp;lt;")
    b'a <\n&lt;'
    """
    return ENTITY.sub(_decoded, raw) if b"&" in raw else raw


def _decoded(found: regex.Match[bytes]) -> bytes:
    name = found[0][1:-1]
    if name.startswith(b"#"):
        code = int(name[1:].lower().replace(b"x", b"0"), 16) if name[1:2] in b"xX" else int(name[1:])
        if code < BEYOND_ASCII:
            return bytes([code])
    return html.unescape(found[0].decode()).encode("utf-8", "surrogatepass")
