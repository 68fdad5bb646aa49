"""Scripts of a page: from a head that only a script has to the last statement that was read whole."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from pipeline.families.embedded_json.grammars import read_script
from pipeline.families.embedded_json.proof import begins_line, ends_line, stands_by_itself
from pipeline.families.embedded_json.scan import json_end
from pipeline.families.found import begins_freely, is_of_var_dumper, lookalike
from pipeline.families.php_dump.claim import as_json
from pipeline.families.php_dump.value import JSON, from_bytes
from pipeline.families.script.heads import DECLARED, NAME, SURE, Head, heads
from pipeline.families.script.statements import Refusal, Statement, read_statement
from pipeline.families.script.tokens import BLOCK_HEADS, CONTROLLING, DECLARING
from pipeline.model import Claim, Page, Span, Status
from pipeline.patterns import lazy_compile

FAMILY = "script"
MOST_STATEMENTS = 4096
ALONE = "it may be prose"
NOT_CLOSED = "nothing closes the element, and its script breaks off"
FOLLOWED = "text stands where it would go on"
SEVERAL = 2
"""How many statements prove each other where none of them can be nothing but a script's."""

_ELEMENT_END = lazy_compile(rb"(?i)</script[ \t\r\n]{0,8}>")
_MARKS = lazy_compile(
    rb"(?:(?://|/\*)?[ \t]{0,4}<!\[CDATA\[(?:[ \t]{0,4}\*/)?|<!--(?=[ \t]{0,4}[\r\n])|//[^\r\n]{0,240}+(?=[\r\n])"
    rb"|/\*(?:[^*]|\*(?!/)){0,4000}+\*/|[ \t\r\n\f]|\xc2\xa0){1,400}+"
)
"""White space, comments and marks between statements."""
_MARKED = lazy_compile(rb"(?://|/\*)?[ \t]{0,4}<!\[CDATA\[")
_SIGN = lazy_compile(rb"[A-Za-z_$\])]\(|[\"'\[{]|[A-Za-z_$\])]\.[A-Za-z_$]|[=!]==?|&&|\|\||\+\+|--|\+=")
"""What code has and formulas have not; a call, a string, a bracket, a member."""
_COMMENT = lazy_compile(rb"(?<![:\"'])//")
_CLOSING_MARK = lazy_compile(
    rb"[ \t\r\n]{0,16}(?:(?://|/\*)?[ \t]{0,4}\]\]>(?:[ \t]{0,4}\*/)?|(?://)?[ \t]{0,4}-->"
    rb"|</script[ \t\r\n]{0,8}>){1,3}"
)
_DOTTED = lazy_compile(
    rb"(?:(?:var|let|const|function)[ \t]{1,8})?(" + NAME + rb"(?:\.[\w$]{1,120}){0,9}|(?:window"
    rb"|self)\[['\"][\w$]{1,120}['\"]\])"
    rb"[ \t]{0,8}(=(?!=)[ \t\r\n]{0,8}|\()?"
)  # fmt: skip


def scripts(raw: bytes) -> tuple[Claim, ...]:
    r"""Return the scripts of a page in order of position.

    >>> [claim.value for claim in scripts(b"Rain fell.\nwindow.page = {\"id\": 7};\n")]
    ['{"names":["window.page"],"data":{"window.page":{"id":7}}}']
    """
    claims: list[Claim] = []
    element_stop = floor = 0
    opened: Head | None = None
    for head in heads(raw):
        if head.start < floor:
            continue
        if head.kind == "element":
            closing = _ELEMENT_END.search(raw, head.stop) if element_stop >= 0 else None
            element_stop = closing.end() if closing else -1  # once one is not closed, none behind it is
            opened = head if closing is None else None
            if closing and not is_of_var_dumper(raw, head.stop, closing.end()):
                floor = closing.end()
                claims.append(Claim(Span(head.start, floor), FAMILY, "element", "exact", resume=floor))
            elif closing is None and _breaks_off(raw, head.stop):
                claims.append(lookalike(raw, head.start, FAMILY, "element", NOT_CLOSED))
            continue
        claim, floor = _run(raw, head.start, head.kind)
        if claim is not None:
            if opened and claim.is_cut and _is_behind(raw, opened, claim):
                claim = replace(claim, span=Span(opened.start, claim.span.stop))
            opened = None  # whatever it was, it stands before what comes next
            if claims and claims[-1].reason == NOT_CLOSED and claim.span.start < claims[-1].span.stop:
                claims.pop()
            claims.append(claim)
    return tuple(claims)


def _is_behind(raw: bytes, tag: Head, claim: Claim) -> bool:
    """Whether statements stand right behind a tag that nothing closes, which then goes with them."""
    marks = _MARKS.match(raw, tag.stop, claim.span.start)
    return (marks.end() if marks else tag.stop) == claim.span.start


def _breaks_off(raw: bytes, at: int) -> bool:
    """Whether a statement of a script begins behind a tag, and JSON that it assigns is not whole."""
    marks = _MARKS.match(raw, at)
    start = marks.end() if marks else at
    begins = SURE.match(raw, start) or DECLARED.match(raw, start)
    return begins is not None and not _is_json(raw, start)


def _run(raw: bytes, start: int, kind: str, *, is_last: bool = False) -> tuple[Claim | None, int]:
    """Read statements from a head on; return the claim, and where to look for the next head.

    ``is_last`` is for a text that is known to end in mid-statement.
    """
    statements: list[Statement] = []
    position = cut_short = start
    at = start
    while len(statements) < MOST_STATEMENTS:
        marks = _MARKS.match(raw, position)
        at = marks.end() if marks else position
        if at >= len(raw) or _is_json(raw, at):
            break
        read = read_statement(raw, at)
        if isinstance(read, Refusal) or not _is_code(raw, read, statements):
            if not is_last and isinstance(read, Refusal) and (SURE.match(raw, at) or DECLARED.match(raw, at)):
                cut_short = _line_before(raw, read.at, at)
            at = read.at if isinstance(read, Refusal) else read.stop
            break
        statements.append(read)
        position = read.stop
    floor = max(at, position, start + 1)
    if cut_short > position and (statements or kind == "sure"):
        return _cut_short(raw, Span(start, cut_short), kind), floor
    if not statements:
        sure = kind == "sure" and begins_line(raw, start)
        why = "it breaks off or is not a script to its end"
        return (lookalike(raw, start, FAMILY, "statements", why) if sure else None), floor
    closing = _CLOSING_MARK.match(raw, position)
    stop = closing.end() if closing else position
    if len(statements) == 1 and _is_json(raw[start:stop], 0):
        # By itself it is JSON, which text follows on its line; more statements would tell that it is a script.
        return lookalike(raw, start, FAMILY, "statements", "text follows it on its line"), max(floor, stop)
    why = "the page ends inside a bracket of it" if statements[-1].is_open else ""
    return _claim(raw, Span(start, stop), statements, kind, cut_short=why), max(floor, stop)


def _cut_short(raw: bytes, span: Span, kind: str) -> Claim | None:
    """Return the claim of a script that text follows in mid-statement: what it is as the last text of a page."""
    claim, _ = _run(span.of(raw), 0, kind, is_last=True)
    if claim is None or not claim.is_cut:
        return None
    stop = span.start + claim.span.stop
    why = FOLLOWED if claim.status == "truncated" else ""
    return replace(claim, span=Span(span.start, stop), reason=why, resume=stop)


def _line_before(raw: bytes, at: int, start: int) -> int:
    """Return where the last line ends that is the statement's alone; 0 where there is none."""
    line = max(raw.rfind(b"\n", start, at), raw.rfind(b"\r", start, at))
    if line <= start:
        return 0
    stop = start + len(raw[start:line].rstrip())
    last = max(raw.rfind(b"\n", start, stop), raw.rfind(b"\r", start, stop), start)
    comment = _COMMENT.search(raw, last, stop)
    # What stands in a comment on the last line may be prose.
    return start + len(raw[start : comment.start()].rstrip()) if comment else stop


def _is_code(raw: bytes, read: Statement, before: list[Statement]) -> bool:
    """Whether a statement that follows others, or begins a run, can be nothing but code."""
    acts = read.calls or read.assigns or read.first in DECLARING | {b"function", b"class"}
    if read.ending == ";":
        return (
            bool(acts)
            or read.first in {b"return", b"'use strict'", b'"use strict"'}
            or bool(before and read.first == b";" and read.start == before[-1].stop)
        )
    if read.ending == "}" or read.is_open:
        return bool(acts)
    is_sure = SURE.match(raw, read.start) is not None
    return bool(acts) and (is_sure or (read.ending != "gap" and (bool(before) or bool(read.assigns))))


def _is_json(raw: bytes, at: int) -> bool:
    """Whether a statement that assigns JSON stands by itself: that is for ``embedded_json`` to read."""
    assigned = _DOTTED.match(raw, at)
    if assigned is None or not (assigned[2] or b"").startswith(b"="):
        return False
    reading = read_script(Page(raw), assigned.start(2))
    return reading is not None and stands_by_itself(raw, reading)


def _claim(raw: bytes, span: Span, statements: list[Statement], kind: str, *, cut_short: str) -> Claim | None:
    why = "" if kind == "sure" or _MARKED.match(raw, span.start) else _unproven(raw, span, statements, kind)
    why = ALONE if kind == "likely" and not _SIGN.search(raw, *span) else why
    if why and (kind == "likely" or why == ALONE):
        return None
    if why:
        return Claim(span, FAMILY, "statements", "kept", why, resume=span.stop)
    status: Status = "truncated" if cut_short else "exact"
    value = as_json(_value(raw, statements))
    return Claim(span, FAMILY, "statements", status, cut_short, value=value, resume=span.stop)


def _unproven(raw: bytes, span: Span, statements: list[Statement], kind: str) -> str:
    """Return why statements that prose might have are not cut; empty when they prove each other."""
    ended = [statement for statement in statements if statement.ending in {";", "}"}]
    if len(ended) >= SEVERAL:
        return ""
    if ended and ended[0].calls and ended[0].first in CONTROLLING | BLOCK_HEADS:
        return ""
    if not begins_freely(raw, span.start):
        return "it stands inside a sentence"
    if any(SURE.search(raw, statement.start, statement.stop) for statement in statements) and ended:
        return ""
    if not ended or not ended[0].calls + ended[0].assigns:
        return ALONE
    has_line = begins_line(raw, span.start) and ends_line(raw, span.stop)
    return "" if kind == "declares" or has_line else ALONE


def _value(raw: bytes, statements: list[Statement]) -> dict[str, JSON]:
    """Return the names that statements assign or call, and the JSON that some of them assign."""
    names: dict[str, None] = {}
    data: dict[str, JSON] = {}
    for statement in statements:
        found = _DOTTED.match(raw, statement.start, statement.stop)
        if found is None or (found[2] is None and statement.first != b"function") or found[1] in CONTROLLING:
            continue
        name = str(from_bytes(found[1]))
        names.setdefault(name)
        if found[2] and raw[found.end() : found.end() + 1] in {b"[", b"{"}:
            end = json_end(raw, found.end())
            rest = raw[end.stop : statement.stop].strip(b"); \t\r\n")
            if end.complete and end.stop <= statement.stop and not rest and end.stop - found.end() > len("{}"):
                data[name] = msgspec.json.decode(raw[found.end() : end.stop])
    return {"names": list(names), **({"data": data} if data else {})}
