"""Read an array or object as ``print_r`` prints it.

The output quotes, counts and types nothing, so scalars are read as strings, and a text that looks like structure is
read as structure. It is read by its indents; where they are lost, by its lines; where those are lost too, by keys and
parentheses. The first way that comes to the end of the value is believed.
"""

from __future__ import annotations

from pipeline.families.php_dump import print_r_tokens as tokens
from pipeline.families.php_dump.breaks import has_its_line
from pipeline.families.php_dump.edges import is_member, is_part_of_a_word, what_is_at
from pipeline.families.php_dump.print_r_indented import read_by_indent
from pipeline.families.php_dump.print_r_inline import PROSE, read_inline
from pipeline.families.php_dump.print_r_tree import Outcome
from pipeline.families.php_dump.print_r_trimmed import read_by_line, read_by_spaced_line
from pipeline.families.php_dump.reading import Reading, Refusal
from pipeline.model import Page
from pipeline.patterns import lazy_compile

ANCHORS = (b"Array", b" Object", b" Enum")
LINE_BREAK = lazy_compile(rb"[\r\n]|<br")
WAYS = (read_by_indent, read_by_spaced_line, read_by_line, read_inline)
COLLIDED = "two members have the same name; the last one's value stands"
EMPTY = "an empty array on one line proves nothing"
ASSIGNED = "it is shown as the value of a variable"
KEY_BEGUN = lazy_compile(rb"\n[ \t]{0,640}\([ \t]{0,8}\r?\n[ \t]{1,640}\[[^\]\n]{0,256}\Z")
KEY_LONGEST = 1600
WITHIN_KEY = "it stands in what begins as the key of another value"
MEMBER = "it is a member of a value whose own head is not there"


def read_print_r(page: Page, at: int) -> Reading | Refusal | None:
    r"""Read the array or object whose anchor stands at ``at``; None when it is the head of nothing.

    >>> read_print_r(Page(b"Array\n(\n    [nid] => 88\n)\n"), 0).value
    {'nid': '88'}
    """
    start = _start(page.raw, at)
    head = None if start is None else tokens.head_at(page.raw, start)
    if start is None or head is None or tokens.opening_at(page.raw, head.stop) is None:
        return None
    if is_member(page.raw, start):
        return Refusal(head.stop, MEMBER)
    if KEY_BEGUN.search(page.raw, max(0, start - KEY_LONGEST), start):
        return Refusal(head.stop, WITHIN_KEY)
    for way in WAYS:
        outcome = way(page, start, head)
        if outcome is not None and outcome.complete:
            return _whole(page, outcome, start)
        if outcome is not None and outcome.tree.keys:
            # Keys were found in this way, so what ends by a weaker sign would end too soon.
            return _part(page, outcome, start)
    return None  # a head alone is a common thing in prose and code about arrays


def _start(raw: bytes, at: int) -> int | None:
    """Return where the head begins whose anchor stands at ``at``: an object's with the name of its class."""
    if raw.startswith(b" ", at):
        return tokens.class_before(raw, at)
    return None if is_part_of_a_word(raw, at) else at


def _part(page: Page, outcome: Outcome, start: int) -> Reading | Refusal:
    if outcome.unfinished:
        return Refusal(outcome.examined, outcome.unfinished)
    if outcome.sure is not None and _may_have_ended(page.raw, outcome.sure, outcome.stop, indented=outcome.indented):
        return Refusal(outcome.examined, PROSE)
    truncated = f"{what_is_at(page, outcome.stop)} inside the value"
    return Reading(
        outcome.stop,
        outcome.tree.value,
        start=start,
        sure=outcome.sure,
        truncated=truncated,
        repaired=outcome.damage,
    )


def _may_have_ended(raw: bytes, sure: int, stop: int, *, indented: bool) -> bool:
    """Whether an unfinished text holds a parenthesis that it does not open: the value may end there."""
    before = tokens.MARGIN if indented else tokens.CLOSER_BEFORE
    opened = 0
    for found in tokens.PARENTHESIS.finditer(raw, sure, stop):
        if found[0] == b"(":
            opened += 1
        elif opened:
            opened -= 1
        elif before.match(raw, sure, found.start()):
            return True
    return False


def _whole(page: Page, outcome: Outcome, start: int) -> Reading:
    raw = page.raw
    ambiguous = "; ".join(filter(None, [outcome.doubt, COLLIDED if outcome.tree.collided else ""]))
    unfit = ""
    if tokens.VARIABLE_BEFORE.search(raw, max(0, start - tokens.VARIABLE_LONGEST), start):
        unfit = ASSIGNED
    elif not outcome.tree.keys and not _is_proven_empty(page, start, outcome.stop):
        unfit = EMPTY
    return Reading(
        outcome.stop, outcome.tree.value, start=start, repaired=outcome.damage, ambiguous=ambiguous, unfit=unfit
    )


def _is_proven_empty(page: Page, start: int, stop: int) -> bool:
    """Whether a value without members is more than words: it has lines of its own, or one that it has to itself."""
    if LINE_BREAK.search(page.raw, start, stop):
        return True
    return tokens.EMPTY_IN_LINE.search(page.raw, start, stop) is not None and has_its_line(page, start, stop)
