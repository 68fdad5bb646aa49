"""Read ``print_r`` output whose line breaks were lost: ``Array ( [a] => 1 [b] => Array ( [0] => 2 ) )``.

A text may hold parentheses. Those of the structure stand behind white space, and so many of them stand in a row as
values end there; a text ends at the next key or where enough of them stand to close the root.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from operator import itemgetter

from pipeline.families.php_dump import print_r_tokens as tokens
from pipeline.families.php_dump.damage import after_white
from pipeline.families.php_dump.edges import cut_short_stop
from pipeline.families.php_dump.landmarks import Landmark
from pipeline.families.php_dump.print_r_tokens import Head, head_at
from pipeline.families.php_dump.print_r_tree import DEEPEST, Endless, Outcome, Tree
from pipeline.model import Page
from pipeline.patterns import lazy_compile

SPACED_BREAK = lazy_compile(rb"[ \t\r]{0,64}\n[ \t\r]{0,64}\n")
LINE_BREAK = Landmark(lazy_compile(rb"\n"))
DAMAGED = "the line breaks are lost"
DOUBT = "without line breaks, a parenthesis behind a blank may be text or the end of a value"
NEXT_KEY_WITHIN = 200
"""How many bytes behind parentheses a key may follow that makes them text."""
PROSE = "the value is cut short, and prose may follow it"


def read_inline(page: Page, start: int, head: Head) -> Outcome | None:
    """Read a value on one line; None when no opening parenthesis follows its head, or no key does before it breaks off.

    >>> page = Page(b"Array ( [a] => wet (and cold) [b] => 2 ) said the log.")
    >>> read_inline(page, 0, head_at(page.raw, 0)).tree.value
    {'a': 'wet (and cold)', 'b': '2'}
    """
    opening = tokens.opening_at(page.raw, head.stop)
    if opening is None:
        return None
    inner = after_white(page.raw, opening)
    if not tokens.INLINE_KEY_AT.match(page.raw, inner) and not page.raw.startswith(b")", inner):
        return None
    first = None
    outcomes: list[tuple[int, Outcome]] = []
    # Texts with parentheses of their own: first those inside a text are paired, then those at its end, then none.
    for inside, behind in product((True, False), (False, True)):
        way = partial(_Inline, page, start, inside=inside, behind=behind)
        endless = page.once(Endless)
        reader = way(goes_past=start >= endless.stop)
        outcome = reader.read(head, opening)
        if reader.passed and outcome is None:  # the first parenthesis that a key follows was the root's
            endless.stop = max(endless.stop, reader.scanned)
            reader = way(goes_past=False)
            outcome = reader.read(head, opening)
        if outcome is not None and _ends_alike(page.raw, outcome.stop, outcomes):
            left_one = tokens.CLOSER_BEHIND.match(page.raw, outcome.stop) is not None
            outcomes.append((reader.unpaired + left_one, outcome))
            if not outcomes[-1][0]:
                break
        first = first or reader
    if outcomes:
        _, best = min(outcomes, key=itemgetter(0))
        return replace(best, doubt=DOUBT) if len(outcomes) > 1 else best
    # Where it breaks off is looked for up to the end of the line, so only once no way has come to the end of the value.
    return first.cut_short() if first and first.tree.keys else None


def _ends_alike(raw: bytes, stop: int, outcomes: Sequence[tuple[int, Outcome]]) -> bool:
    """Whether a value ends where the first way had it end, or behind more parentheses there."""
    first = outcomes[0][1].stop if outcomes else stop
    return stop >= first and not raw[first:stop].strip(b" \t\r\n)")


@dataclass(slots=True)
class _Text:
    """A text on its way to its end: how many parentheses it has opened and not closed."""

    start: int
    position: int
    unpaired: int = 0
    excerpt: int = 0
    """Where an excerpt may have ended in it, and prose have begun; 0 where none did."""


class _Inline:
    """Reads keys and values until the root is closed."""

    def __init__(self, page: Page, start: int, *, inside: bool, behind: bool, goes_past: bool) -> None:
        self.page = page
        self.raw = page.raw
        self.start = start
        self.limit = page.text_stop
        self.inside = inside
        self.behind = behind
        self.goes_past = goes_past
        """Whether texts may hold values, and a parenthesis that a key follows does not end the root."""
        self.passed = False
        """Whether one did."""
        self.doubtful = 0
        """Where the first such parenthesis stands that may have ended the root; 0 without one."""
        self.tree = Tree()
        self.at = start
        self.doubt = ""
        self.unpaired = 0
        """How many texts open other than they close, and parentheses belong to nothing."""
        self.scanned = 0
        """How far texts were looked through."""
        self.excerpt = 0
        """Where the excerpt ends in which the value breaks off; 0 where it is not told."""
        self.filled = False
        """Whether tags or the like stand for white space around the first parenthesis, as around others then."""

    def read(self, head: Head, at: int) -> Outcome | None:
        """Read the value behind its opening parenthesis; None when its end is not there."""
        self.tree.open(head)
        self.at = at
        self.filled = bool(self.raw[head.stop : after_white(self.raw, at)].strip(b" \t\r\n("))
        while self.tree.depth:
            at = after_white(self.raw, self.at)
            if self.raw.startswith(b")", at, self.limit):
                if self.tree.depth == 1 and not tokens.AFTER_ROOT.match(self.raw, at):
                    return None
                self.at = at + 1
                if self.tree.depth > 1 or not self._passes():
                    self.tree.close()
            elif self.tree.depth > DEEPEST or not self._member():
                return None
        if self.doubtful and tokens.SENTENCE.search(self.raw, self.doubtful, self.at):
            return None  # it was the end of the root, and what follows may be prose
        return Outcome(self.tree, self.at, self.at, complete=True, damage=DAMAGED, doubt=self.doubt)

    def _passes(self) -> bool:
        """Whether a key follows at once: nothing prints members without a head, so an earlier parenthesis was text."""
        if not self.goes_past or not tokens.INLINE_KEY_AT.match(self.raw, after_white(self.raw, self.at), self.limit):
            return False
        self.passed, self.doubt, self.doubtful = True, DOUBT, self.doubtful or self.at
        self.unpaired += 1
        return True

    def _member(self) -> bool:
        """Read a key and its value, or the value's head; return False where the text ends first."""
        key = tokens.INLINE_KEY_AT.match(self.raw, after_white(self.raw, self.at), self.limit)
        if key is None:
            return False
        self.tree.decode |= b"&" in key["arrow"]
        self.tree.name(key["key"])
        self.at = key.end()
        head = head_at(self.raw, self.at)
        if head is not None:
            if recursion := tokens.recursion_at(self.raw, head.stop):
                self.tree.recursion()
                self.at = recursion
                return True
            if opening := tokens.opening_at(self.raw, head.stop):
                inner = after_white(self.raw, opening)
                if tokens.INLINE_KEY_AT.match(self.raw, inner, self.limit) or self.raw.startswith(b")", inner):
                    self.tree.open(head)
                    self.at = opening
                    return True
        return self._text()

    def _text(self) -> bool:
        """Read a text up to the key or the closing parentheses behind it; return False where neither comes."""
        text = _Text(self.at, max(self.at - 1, 0))
        at = text.position
        while event := tokens.INLINE_EVENT.search(self.raw, at, self.limit):
            at = self.scanned = event.end()
            if event["root"] and self._holds(text, event.start()):
                at = text.position
                continue
            if event["excerpt"] or (event["begun"] and self._goes_on(event.end())):
                self.excerpt = text.excerpt = event.end()
                continue
            if event["begun"]:
                self._end(text, event.start(), event.start())
                self.excerpt = event.end()
            if event["root"] or event["break"] or event["begun"] or self._is_apart(event.start()):
                return False
            if event["key"] is not None:
                return self._end(text, event.start(), event.start())
            self._pair(text, event.start())
            closers = event["closers"].count(b")")
            stop = event.end()
            before_key = tokens.INLINE_KEY_AT.match(self.raw, after_white(self.raw, stop), self.limit)
            paired = text.excerpt or (self.behind if before_key else self.inside)
            own = min(text.unpaired, closers) if paired else 0
            if before_key and closers - own < self.tree.depth:
                return self._end(text, *self._own(event.start(), own))
            if closers - own >= self.tree.depth and not (self.inside and self._goes_on(stop)):
                return self._end(text, *self._own(event.start(), own))
            self.doubt = DOUBT
            text.unpaired = max(0, text.unpaired - closers)
            text.position = stop
        self.scanned = self.limit
        return False

    def _is_apart(self, at: int) -> bool:
        """Whether the first line break of a value is a blank line, behind which no parenthesis is its own."""
        if not SPACED_BREAK.match(self.raw, at, self.limit):
            return False
        return LINE_BREAK.following(self.page, self.start)[0].start >= at

    def _holds(self, text: _Text, at: int) -> bool:
        """Step over a value that stands whole within a text."""
        found = tokens.INNER_INLINE.match(self.raw, at, self.limit) if self.goes_past else None
        if found is None or not (self._goes_on(found.end()) or self._ends_root(found.end())):
            return False
        self._pair(text, at)
        text.position = found.end()
        self.passed, self.doubt = True, DOUBT
        return True

    def _goes_on(self, stop: int) -> bool:
        """Whether another key follows soon and in the same sentence, so that the parentheses before it are text."""
        limit = min(stop + NEXT_KEY_WITHIN, self.limit)
        event = tokens.INLINE_NEXT.search(self.raw, stop, limit)
        return bool(event and event["key"] is not None and not tokens.SENTENCE.search(self.raw, stop, event.start()))

    def _ends_root(self, stop: int) -> bool:
        """Whether so many parentheses stand behind a value as it takes to end the root, and then the line ends."""
        for _ in range(self.tree.depth):
            closer = after_white(self.raw, stop)
            if closer == stop or not self.raw.startswith(b")", closer, self.limit):
                return False
            stop = closer + 1
        return tokens.LINE_ENDS.match(self.raw, stop) is not None

    def _own(self, at: int, own: int) -> tuple[int, int]:
        """Step over the parentheses that are the text's own."""
        for _ in range(own):
            self.doubt = DOUBT
            closer = after_white(self.raw, at)
            at = closer + 1 if self.raw.startswith(b")", closer) else at
        return at, at

    def _pair(self, text: _Text, stop: int) -> None:
        piece = self.raw[text.position : stop]
        if b"(" in piece or b")" in piece:
            for byte in piece:
                if byte == ord("("):
                    text.unpaired += 1
                elif byte == ord(")") and text.unpaired:
                    text.unpaired -= 1

    def _end(self, text: _Text, stop: int, at: int) -> bool:
        if not self.filled and (own := tokens.FILLERS.match(self.raw, stop)):
            stop = own.end()
        self.excerpt = 0
        read = self.raw[text.start : max(stop, text.start)].strip()
        self.unpaired += read.count(b"(") != read.count(b")")
        self.tree.scalar(read)
        self.at = at
        return True

    def cut_short(self) -> Outcome:
        """Return what was read of a value without an end."""
        stop = self.excerpt or cut_short_stop(self.page, self.at)
        unfinished = PROSE if tokens.PROSE.search(self.raw, self.at, stop) else ""
        self.tree.cut()
        examined = max(stop, self.at)
        return Outcome(self.tree, stop, examined, complete=False, sure=self.at, damage=DAMAGED, unfinished=unfinished)
