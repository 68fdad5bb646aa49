"""From a reading to a claim: is the value proven, and does what surrounds it fit a leak?"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from pipeline import white
from pipeline.families.php_dump.closing_tags import closed_before
from pipeline.families.php_dump.edges import without_ellipsis
from pipeline.families.php_dump.json_begun import ends_in_a_word_of_json
from pipeline.families.php_dump.reading import Reader, Reading, Refusal
from pipeline.families.php_dump.tokens import JSON_START, OBJECTS_START
from pipeline.families.php_dump.value import JSON
from pipeline.families.sentences import ends_sentence, holds_words
from pipeline.model import Claim, Page, Span, Status
from pipeline.patterns import lazy_compile

IN_WORD = frozenset((string.ascii_letters + string.digits + "_$\\:").encode())
MEMBER_BEFORE_LONGEST = 1024
"""How far back the arrow of a member is looked for: the indent of some hundred levels."""
MEMBER_BEFORE = lazy_compile(
    rb"(?r)(?:=(?:>|&gt;)|reference refcount\([0-9]{1,12}\) ?\{)(?:[ \t\r\n]|<br ?/?>|</?p>)*+&?"
)
"""The arrow of a member right before its value, or the head of a reference to it; it is matched backward."""
BESIDE = "proven by the value beside it"
WHITE_LONGEST = 256
"""How much white space at most stands between values that belong together."""
QUOTE_BELOW_ARROW = lazy_compile(rb"(?<==(?:>|&gt;)) ?\r?\n[ \t]{0,64}'\Z")
"""A quote that begins a line: the text that PHP puts behind an arrow stands on its line, so this one is of prose."""
LOOKALIKE_LONGEST = 240
"""How many bytes of a look-alike ``artifacts.raw`` shows at most: enough for a person to judge it."""
PROSE = "what follows may be prose"
WITHIN = "it may be part of the string before it, whose end was not found"
"""Said of a whole value in the bytes that a string declares which breaks off."""
BEHIND_TAG = "what follows a closing tag is not its own"
TAG_BEHIND = "a tag stands for the line break behind it"
LINE_BREAK = lazy_compile(rb"[ \t]{0,8}<br ?/?>")


def goes_on_word(raw: bytes, at: int) -> bool:
    """Whether a head is part of a longer word, such as a method of that name.

    >>> goes_on_word(b"$page->array(", 7), goes_on_word(b"an array(", 3)
    (True, False)
    """
    return at > 0 and (raw[at - 1] in IN_WORD or raw.endswith(b"->", 0, at))


def is_member(raw: bytes, at: int) -> bool:
    r"""Whether the arrow of a member stands right before a value.

    >>> is_member(b"[sea] =>\n  int(7)", 11), is_member(b"int(7)", 0)
    (True, False)
    """
    first = max(0, at - MEMBER_BEFORE_LONGEST)
    return raw.rfind(b"=", first, at) >= 0 and MEMBER_BEFORE.match(raw, first, at) is not None


def with_line_break(raw: bytes, stop: int) -> int:
    """Return the byte behind the tag that stands for the line break PHP prints behind a value; else ``stop``.

    >>> with_line_break(b"int(5)<br />", 6), with_line_break(b"int(5) or", 6)
    (12, 6)
    """
    found = LINE_BREAK.match(raw, stop)
    return found.end() if found else stop


class Proven:
    """What is proven of a page so far, as grammars read it from its beginning to its end.

    Attributes:
        stop: First byte behind the last value that was proven; -1 before there is one.
        looked_to: How far a reading looked ahead for a value that proves those before it.
        looked_well: Why that proves them; empty when it does not.
        reason: Why the value that ends at ``stop`` proves one that follows.
        refused: For each grammar, the first byte behind what it read in vain: nothing before it is read again.
        doubtful: First byte behind what may belong to a string whose end was not found.
    """

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.stop = -1
        self.looked_to = 0
        self.looked_well = ""
        self.reason = BESIDE
        self.refused: dict[str, int] = {}
        self.doubtful = 0

    def doubted(self, claim: Claim) -> Claim:
        """Return the claim of a whole value; an ambiguous one where it may be part of a string before it."""
        if claim.span.start >= self.doubtful or claim.status not in {"exact", "repaired"}:
            return claim
        reason = "; ".join(filter(None, [WITHIN, claim.reason]))
        return replace(claim, status="ambiguous", reason=reason)

    def ends_before(self, at: int) -> bool:
        """Whether only white space stands between the last proven value and ``at``."""
        return 0 <= self.stop <= at <= self.stop + WHITE_LONGEST and not self.raw[self.stop : at].strip(b" \t\r\n")


@dataclass(frozen=True, slots=True)
class DumpGrammar:
    """One form of dump: its anchors, and the reader that proves what stands there.

    Attributes:
        rule: Name in the ``rule`` column.
        anchors: Literals that the form begins with.
        reader: Reads the value at an anchor.
        ends_line: Whether PHP prints a line break behind a value of this form.
        unescaped: Undoes the escapes of a string; None where the form has none.
        bounded: Whether an anchor inside a longer word is none; False where the reader sees to that itself, since
            its values begin before their anchors.
    """

    rule: str
    anchors: tuple[bytes, ...]
    reader: Reader
    bounded: bool = True
    ends_line: bool = False
    unescaped: Callable[[bytes], bytes] | None = None

    def read(self, page: Page, at: int) -> Claim | None:
        """Return the claim of the dump whose anchor begins at ``at``; None when no head stands there."""
        claim = self._read(page, at)
        if claim is None:
            return None
        proven = page.once(Proven)
        if claim.is_cut:
            return proven.doubted(claim)
        proven.refused[self.rule] = max(proven.refused.get(self.rule, 0), claim.resume)
        if claim.declared_length and not claim.payload:
            proven.doubtful = max(proven.doubtful, claim.resume + claim.declared_length)
        return claim

    def _read(self, page: Page, at: int) -> Claim | None:
        raw = page.raw
        if self.bounded and goes_on_word(raw, at):
            return None
        reading = self.reader(page, at)
        if reading is None:
            return None
        if isinstance(reading, Refusal):
            return self._lookalike(raw, at, reading)
        start = at if reading.start is None else reading.start
        examined, reading = reading.stop, without_prose(page, reading)
        unfit = reading.unfit
        if is_member(raw, start):
            unfit = "it is a member of a value whose own head is not there"
        if not unfit:
            reading = before_closing_tag(page, reading)
            if not reading.truncated:
                if self.ends_line and (stop := with_line_break(raw, reading.stop)) > reading.stop:
                    repaired = "; ".join(filter(None, [reading.repaired, TAG_BEHIND]))
                    reading = replace(reading, stop=stop, repaired=repaired)
                proven = page.once(Proven)
                proven.stop, proven.reason = reading.stop, BESIDE
            elif reading.declared_stop > reading.stop:
                proven = page.once(Proven)
                proven.doubtful = max(proven.doubtful, reading.declared_stop)
            return self._claim(raw, start, reading, *_verdict(reading), resume=examined)
        if reading.truncated:
            # What stands in a container that is a member is a member as well; a string may hold anything.
            resume = at + 8 if reading.payload else reading.stop
            return self._lookalike(raw, at, Refusal(resume, unfit, reading.declared_length))
        return self._claim(raw, start, reading, "kept", unfit, resume=reading.stop)

    def _claim(  # noqa: PLR0913 - what a claim says
        self, raw: bytes, start: int, reading: Reading, status: Status, reason: str, *, resume: int
    ) -> Claim:
        unfinished = unfinished_json(raw, reading)
        text = unfinished.of(raw) if unfinished else None
        return Claim(
            span=Span(start, reading.stop),
            family="php_dump",
            rule=self.rule,
            status=status,
            reason=reason,
            declared_length=reading.declared_length,
            payload=reading.payload or unfinished,
            unfinished=self.unescaped(text) if text and self.unescaped else text,
            value=None if reading.truncated and (reading.payload or reading.value is None) else as_json(reading.value),
            resume=resume,
        )

    def _lookalike(self, raw: bytes, at: int, refusal: Refusal) -> Claim:
        limit = min(at + LOOKALIKE_LONGEST, len(raw))
        line_stop = raw.find(b"\n", at, limit)
        stop = at + len(raw[at : line_stop if line_stop >= 0 else limit].rstrip()) if at < limit else limit
        return Claim(
            span=Span(at, stop),
            family="php_dump",
            rule=self.rule,
            status="kept",
            reason=refusal.reason,
            declared_length=refusal.declared_length,
            resume=max(refusal.stop, at + 1),
        )


def unfinished_json(raw: bytes, reading: Reading) -> Span | None:
    r"""Return where the JSON stands that a value broke off in: its member is dropped, but items in it may be complete.

    >>> raw = b'Array ( [n] => 1 [list] => [{"id":7},{"id'
    >>> unfinished_json(raw, Reading(41, {"n": "1"}, sure=27, truncated="the document ends inside the value"))
    Span(start=27, stop=41)
    """
    sure = reading.sure
    if not reading.truncated or reading.payload or sure is None or not OBJECTS_START.match(raw, sure, reading.stop):
        return None
    return Span(sure, reading.stop)


def before_closing_tag(page: Page, reading: Reading) -> Reading:
    r"""Return a reading without what stands behind a tag that its unfinished text does not open: the page's own.

    >>> page = Page(b"Array ( [0] => 1 [b] => wet</pre> Rain fell")
    >>> before_closing_tag(page, Reading(43, ["1"], sure=23, truncated="the document ends inside the value")).stop
    27
    """
    begin = reading.sure if reading.payload is None else reading.payload.start
    if not reading.truncated or begin is None:
        return reading
    stop = closed_before(page.raw, begin, reading.stop)
    if stop == reading.stop:
        return reading
    payload = reading.payload and Span(begin, stop)
    return replace(reading, stop=stop, payload=payload, truncated=f"{reading.truncated}; {BEHIND_TAG}")


def without_prose(page: Page, reading: Reading) -> Reading:
    r"""Return a reading without the rest of an unfinished token that may as well be the prose behind the value.

    Where the document ends, it must end as a sentence does; where other text follows, a few words are enough.

    >>> page = Page(b"Array ( [0] => 1 [b The crew was safe.")
    >>> without_prose(page, Reading(38, ["1"], sure=17, truncated="the document ends inside the value")).stop
    16
    """
    raw, sure, stop = page.raw, reading.sure, reading.stop
    if sure is None or sure >= stop or without_ellipsis(raw, stop) < stop:
        return reading
    ends = stop >= page.text_stop or JSON_START.match(raw, sure)
    if not ends_sentence(raw, sure, stop) and (ends or not holds_words(raw, sure, stop)):
        return reading
    if ends_in_a_word_of_json(page, sure, stop):
        return reading
    opening = QUOTE_BELOW_ARROW.search(raw, max(0, sure - WHITE_LONGEST), sure)
    _, shorter = white.trim(raw, 0, opening.start() if opening else sure, white.ANY)
    # A head that nothing closes is a whole object by itself, as Xdebug shows one.
    unfit = reading.unfit or (PROSE if raw.startswith(b"]", shorter - 1) else "")
    return replace(reading, stop=shorter, truncated=f"{reading.truncated}; {PROSE}", unfit=unfit)


def _verdict(reading: Reading) -> tuple[Status, str]:
    """Return the status of a proven value and the reason for it; the weakest word counts."""
    if reading.truncated:
        return "truncated", "; ".join(filter(None, [reading.truncated, reading.repaired]))
    if reading.ambiguous:
        return "ambiguous", "; ".join(filter(None, [reading.ambiguous, reading.repaired]))
    return ("repaired", reading.repaired) if reading.repaired else ("exact", "")


def as_json(value: JSON) -> str:
    """Return a value as compact JSON text."""
    return _ENCODER.encode(value).decode()


_ENCODER = msgspec.json.Encoder()
