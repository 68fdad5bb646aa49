"""From the bytes of a document to its text, whatever it is encoded in, and back from places in the text to the bytes.

What is known goes before what is guessed: a byte order mark, UTF-8 that is valid and more than ASCII, what the
container or the profile declares. Only then is charset-normalizer asked, and what it says of its guess is kept.
"""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pipeline.patterns import lazy_compile

UTF_8 = "utf-8"

MARKS = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
"""Byte order marks but that of UTF-8, which is white space to everything that reads UTF-8."""

ENCODINGS = {
    "cp1252": "windows-1252",
    "cp1251": "windows-1251",
    "cp1250": "windows-1250",
    "cp1256": "windows-1256",
    "cp1254": "windows-1254",
    "cp1253": "windows-1253",
    "cp1255": "windows-1255",
    "cp1257": "windows-1257",
    "cp874": "windows-874",
    "gb18030": "gb18030",
    "big5hkscs": "big5",
    "cp932": "shift_jis",
    "euc_jp": "euc-jp",
    "cp949": "euc-kr",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "iso8859-2": "iso-8859-2",
    "iso8859-5": "iso-8859-5",
    "iso8859-7": "iso-8859-7",
    "iso8859-15": "iso-8859-15",
    "cp866": "ibm866",
    "mac-roman": "macintosh",
}
"""Encodings that pages of the web are guessed to be in, by Python's name, the commonest first, with the web's name."""

DECLARED_ONLY = {
    "cp1258": "windows-1258",
    "utf-8": "utf-8",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32-le": "utf-32-le",
    "utf-32-be": "utf-32-be",
    "iso2022_jp": "iso-2022-jp",
    **{f"iso8859-{part}": f"iso-8859-{part}" for part in (3, 4, 6, 8, 10, 13, 14, 16)},
}
"""Encodings that are believed when they are declared, and never guessed."""

WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""What pages declare, and the encoding that browsers read for it: the same with more characters."""

MULTIBYTE = frozenset({"gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"})

LEAST_CONFIDENCE = 0.8
"""A guess below this is none."""
LEAST_MULTIBYTE = 16
"""Bytes outside ASCII that a guess of an encoding of several bytes needs: fewer fit by chance."""
SAME_COHERENCE = 0.02
"""Guesses whose letters fit a language this much alike are told apart by how common the encoding is."""
MOST_GUESSED = 65536
"""Bytes that a guess is made from."""
VALID_FOR_ONE_INVALID = 2
"""So many characters of several bytes must be UTF-8 for one that is not, for a document to be damaged UTF-8."""
LEAST_NULS = 0.3
"""Share of NUL bytes in UTF-16 without a mark: every second byte, where the script is Latin."""
LEAST_SCRIPTS = 0.9
"""Share of every second byte in UTF-16 without a mark that tells of a script up to the Georgian one, or of none."""

LEAST_UNMARKED = 16
"""Bytes of a document whose NUL bytes say anything: in fewer they are what they are."""

_SCRIPT = lazy_compile(rb"[\0-\x10]")
_NOT_ASCII = lazy_compile(rb"[\x80-\xff]")


class Decoded(Struct, frozen=True, gc=False):
    """The text of a document.

    Attributes:
        raw: The document as it was read.
        text: It in UTF-8: the same object where it is UTF-8 already.
        encoding: What it was decoded as, by the web's name.
        codec: The same by Python's name; ``""`` where nothing was decoded.
        replaced: Where bytes stand in the document that are no UTF-8, and U+FFFD in the text.
        is_taken: Whether the text was taken out of the document, as from HTML: places in it are none of the document.
        confidence: What charset-normalizer says of its guess, from 0 to 1; None where nothing was guessed.
        described: JSON-LD of the page that the text was taken out of, in UTF-8.
        prose: Bytes of the prose of that page which is not in the text, and of all of it.
    """

    raw: bytes
    text: bytes
    encoding: str = UTF_8
    codec: str = ""
    replaced: tuple[int, ...] = ()
    is_taken: bool = False
    confidence: float | None = None
    described: tuple[bytes, ...] = ()
    prose: tuple[int, int] = (0, 0)

    def places(self, offsets: Iterable[int]) -> dict[int, int]:
        r"""Return for each byte offset into the text, at the edge of a character, the one into the raw document.

        >>> known("Öl".encode("utf-16")).places([0, 3, 5, 6])
        {0: 0, 3: 2, 5: 4, 6: 6}
        """
        wanted = sorted(set(offsets))
        if not self.codec:
            behind = [place + 2 * number + 3 for number, place in enumerate(self.replaced)]
            return {place: place - 2 * bisect_right(behind, place) for place in wanted}
        found: dict[int, int] = {}
        at = place = number = 0
        for size, raw_size in self._sizes():
            if number < len(wanted) and wanted[number] <= at:
                found[wanted[number]] = place
                number += 1
            at += size
            place += raw_size
        found.update(dict.fromkeys(wanted[number:], len(self.raw)))
        return found

    def _sizes(self) -> Iterator[tuple[int, int]]:
        """Yield for each character its bytes in the text and in the raw document."""
        characters = self.text.decode()
        if self.codec.startswith("utf-16"):
            return ((_size(one), 4 if one > "\uffff" else 2) for one in characters)
        if self.codec.startswith("utf-32"):
            return ((_size(one), 4) for one in characters)
        if self.codec in MULTIBYTE or self.codec == "iso2022_jp":
            return self._consumed()
        return ((_size(one), 1) for one in characters)

    def _consumed(self) -> Iterator[tuple[int, int]]:
        """Feed a decoder byte by byte: what it has taken when a character comes out is that character's."""
        decoder = codecs.getincrementaldecoder(self.codec)()
        taken = 0
        for place in range(len(self.raw)):
            taken += 1
            if text := decoder.decode(self.raw[place : place + 1]):
                for one in text[:-1]:
                    yield _size(one), 0
                yield _size(text[-1]), taken
                taken = 0


def _size(character: str) -> int:
    return 1 if character < "\x80" else 2 if character < "\u0800" else 3 if character < "\U00010000" else 4


_MARKS = tuple(mark for mark, _ in MARKS)


def known(raw: bytes, declared: Sequence[str | None] = ()) -> Decoded | None:
    r"""Return the text of a document whose encoding need not be guessed; None when it must be.

    Args:
        raw: The document.
        declared: Names of encodings that its container or its profile gives, the one to be believed first.

    >>> known(b"Caf\xe9", ["latin1"]).encoding
    'windows-1252'
    """
    if raw.startswith(_MARKS):
        for mark, codec in MARKS:
            if raw.startswith(mark) and (read := _read(raw, codec)):
                return read
    named = [found for name in declared if name is not None and (found := codec_of(name)) is not None]
    if named and raw.isascii() and b"\0" not in raw:
        named = [codec for codec in named if not is_wide(codec)]
    valid = is_utf_8(raw)
    if valid and (not raw.isascii() or not (named or b"\0" in raw or b"\x1b" in raw)):
        return Decoded(raw, raw)
    for codec in named:
        if codec != UTF_8 and (read := _read(raw, codec)):
            return read
        if codec == UTF_8 and valid:
            return Decoded(raw, raw)
    if b"\0" in raw and (read := _unmarked(raw)):
        return read
    return Decoded(raw, raw) if valid else None


def codec_of(name: str) -> str | None:
    """Return Python's name of the encoding that browsers read for a declared one; None when it is none of a page.

    >>> codec_of("ISO-8859-1"), codec_of("x-sjis"), codec_of("rot13")
    ('cp1252', 'cp932', None)
    """
    label = name.strip().lower()
    try:
        codec = codecs.lookup(ALIASES.get(label, label)).name
    except (LookupError, ValueError):
        return None
    codec = WIDER.get(codec, codec)
    return codec if codec in ENCODINGS or codec in DECLARED_ONLY else None


def is_wide(codec: str) -> bool:
    """Whether a character has two bytes at least, so that ASCII in it holds NUL bytes."""
    return codec.startswith(("utf-16", "utf-32"))


ALIASES = {
    "x-sjis": "cp932",
    "windows-949": "cp949",
    "ks_c_5601-1987": "cp949",
    "x-gbk": "gb18030",
    "windows-874": "cp874",
}
"""Names of the web that Python does not know."""


def is_utf_8(raw: bytes) -> bool:
    """Whether bytes are UTF-8."""
    if raw.isascii():
        return True
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _read(raw: bytes, codec: str, confidence: float | None = None) -> Decoded | None:
    """Return the document read strictly; None when that fails."""
    if codec == "utf-16":
        codec = "utf-16-le"
    name = ENCODINGS.get(codec) or DECLARED_ONLY[codec]
    try:
        text = raw.decode(codec).encode()
    except UnicodeDecodeError:
        return None
    if text == raw:
        return Decoded(raw, raw, UTF_8 if raw.isascii() else name)
    return Decoded(raw, text, name, codec, confidence=confidence)


def _unmarked(raw: bytes) -> Decoded | None:
    """Return UTF-16 without a mark: where nearly every other byte is NUL, or the number of a script, and no other."""
    head = raw[:MOST_GUESSED]
    if len(head) < LEAST_UNMARKED:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) * 20 > max(even, odd):
        return None
    if max(even, odd) < LEAST_NULS * len(head):
        high, low = (head[::2], head[1::2]) if even > odd else (head[1::2], head[::2])
        scripts = len(_SCRIPT.findall(high))
        if scripts < LEAST_SCRIPTS * len(high) or len(_SCRIPT.findall(low)) * 2 > scripts:
            return None
    return _read(raw, "utf-16-be" if even > odd else "utf-16-le")


def damaged(raw: bytes, kept: Sequence[tuple[int, int]]) -> Decoded | None:
    r"""Return the text of a document that is UTF-8 but for a few bytes, U+FFFD in place of each; None for any other.

    Args:
        raw: The document.
        kept: Where its text stands. What leaked is left as it is.

    >>> damaged("Köln, Düren, Jülich, Zülpich: d".encode() + b"\xc3", [(0, 36)]).text[-6:].decode()
    ': d\ufffd'
    """
    valid = 0
    invalid: list[int] = []
    for start, stop in kept:
        place = start
        for character in raw[start:stop].decode(UTF_8, "surrogateescape"):
            if "\udc80" <= character <= "\udcff":
                invalid.append(place)
                place += 1
            else:
                valid += character > "\x7f"
                place += _size(character)
    if valid < VALID_FOR_ONE_INVALID * len(invalid) and not raw.startswith(codecs.BOM_UTF8):
        return None
    parts = [
        raw[first:last] for first, last in zip([0, *(place + 1 for place in invalid)], [*invalid, None], strict=True)
    ]
    text = "\ufffd".encode().join(parts)
    return Decoded(raw, text, replaced=tuple(invalid))


def guessed(raw: bytes, kept: bytes) -> Decoded | None:
    """Return a document in the encoding that charset-normalizer guesses, None when it is unsure.

    Args:
        raw: The document.
        kept: What of it is text; what leaked may be in another encoding, and is no evidence.
    """
    from charset_normalizer import from_bytes

    excerpt = _excerpt(kept)
    order = list(ENCODINGS)
    enough = len(_NOT_ASCII.findall(excerpt)) >= LEAST_MULTIBYTE
    found = [
        (codecs.lookup(name).name, match)
        for match in from_bytes(excerpt, cp_isolation=order, preemptive_behaviour=False)
        for name in match.could_be_from_charset
        # A byte is a character in any encoding of single bytes: there, the letters of a language must speak for one.
        if match.coherence > 0 or (enough and name in MULTIBYTE)
    ]
    least = min((match.chaos for _, match in found), default=1.0)
    best = [(codec, match) for codec, match in found if match.chaos == least]
    most = max((match.coherence for _, match in best), default=0.0)
    likely = [codec for codec, match in best if match.coherence >= most - SAME_COHERENCE]
    if 1 - least < LEAST_CONFIDENCE or not likely:
        return None
    return _read(raw, min(likely, key=order.index), round(1 - least, 3))


def _excerpt(kept: bytes) -> bytes:
    """Return what a guess is made from: the part that begins shortly before the first byte that is not ASCII."""
    if len(kept) <= MOST_GUESSED:
        return kept
    first = _NOT_ASCII.search(kept)
    start = kept.rfind(b"\n", 0, first.start()) + 1 if first else 0
    return kept[start : start + MOST_GUESSED]
