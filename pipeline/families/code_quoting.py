"""Is code that stands in a text a leak, or is it what the page is about?

Source code, shortcodes, template tags and HTML are judged by one measure: whether the text around them speaks of code.
A news page never does, whatever its footer says of the program that made it. What stands in a claim of any family is no
evidence, for a leak comes with more of its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from pipeline.families import code_signs, mentions
from pipeline.families import quoting_signs as signs
from pipeline.families.closing_marks import closes
from pipeline.families.vocabulary import text_of
from pipeline.model import Claim, Page, Span

BEFORE_LONGEST = 300
"""How many bytes before a run are read for what announces it."""
INSIDE_ONLY = frozenset({"html"})
"""Families whose claims also stand within quotations of news: words in bold. They are shown when nothing else is."""

TERMS_FEWEST = 2
"""How many different terms and marks a text about code has at least."""
NAMES_FEWEST = 2
"""How many different names of functions make a mark of a text about code."""
HEADING_LONGEST = 120


class _Run(Struct, frozen=True):
    """Claims with only white space between them, the line and the paragraph before them.

    ``holds_kept`` tells that one of them is a dump, an error or data that is left in the text.
    """

    span: Span
    line: bytes
    paragraph: bytes
    holds_kept: bool


def code_quoted(page: Page, claims: Sequence[Claim], family: str) -> list[str]:
    r"""Return for each claim of a family why the page shows it on purpose; an empty string for a leak.

    >>> page = Page(b"Write [gallery] where you want it. The shortcode needs no PHP.")
    >>> code_quoted(page, [Claim(Span(6, 15), "shortcode", "wordpress", "exact")], "shortcode")
    ['the page is about code: it has php, shortcode']
    """
    runs = list(_runs(page.raw, claims))
    if _prints_dumps(page.raw, claims):
        return ["the page shows code together with what it prints"] * len(claims)
    evidence = _evidence(page.raw, runs)
    if evidence.verdict:
        return [evidence.verdict] * len(claims)
    verdicts: list[str] = []
    line_stop = -1
    shown = ""
    for run in runs:
        why = _shown(page.raw, run, family)
        if not why and run.span.start < line_stop:
            why = shown
        elif why and run.span.start >= line_stop:
            line_stop, shown = _shown_to(page.raw, run.span), "the page shows another one beside it on purpose"
        verdicts.append(why)
    if evidence.is_some and any(verdicts):
        verdicts = [why or "the page speaks of code and shows another one on purpose" for why in verdicts]
    return _by_claim(claims, runs, verdicts)


def _prints_dumps(raw: bytes, claims: Sequence[Claim]) -> bool:
    """Whether source code that prints values stands before a value that was printed."""
    sources = (claim.span for claim in claims if claim.family == "php_source")
    first = min((span.start for span in sources if code_signs.PRINTS.search(raw, *span)), default=len(raw))
    return any(claim.family == "php_dump" and claim.span.start > first for claim in claims)


def _runs(raw: bytes, claims: Sequence[Claim]) -> Iterator[_Run]:
    """Join claims that overlap or that only white space parts. What lies inside code goes or stays with it."""
    start = stop = code_stop = -1
    floor = 0
    kept = False
    for claim in sorted(claims, key=lambda claim: (claim.span.start, -claim.span.stop)):
        is_code = claim.family in signs.FAMILIES_OF_CODE
        is_left = not claim.is_cut and not is_code and claim.span.stop > code_stop
        code_stop = max(code_stop, claim.span.stop) if is_code and claim.is_cut else code_stop
        if stop >= 0 and (claim.span.start <= stop or not raw[stop : claim.span.start].strip()):
            stop = max(stop, claim.span.stop)
            kept |= is_left
            continue
        if stop >= 0:
            yield _run(raw, floor, Span(start, stop), kept=kept)
            floor = stop
        start, stop = claim.span
        kept = is_left
    if stop >= 0:
        yield _run(raw, floor, Span(start, stop), kept=kept)


def _run(raw: bytes, floor: int, span: Span, *, kept: bool) -> _Run:
    before = raw[max(floor, span.start - BEFORE_LONGEST) : span.start].rstrip()
    line = before[max(before.rfind(b"\n"), before.rfind(b"\r")) + 1 :].strip()
    return _Run(span, line, before[before.rfind(b"\n\n") + 1 :].strip(), kept)


class _Evidence(NamedTuple):
    """What tells that a page is about code: a verdict, or at least something."""

    verdict: str
    is_some: bool


def _evidence(raw: bytes, runs: Sequence[_Run]) -> _Evidence:
    """Weigh the text outside all claims, by its terms and by the marks of texts about code."""
    position, parts = 0, []
    for start, stop in [*(run.span for run in runs), Span(len(raw), len(raw))]:
        parts.append(raw[position:start])
        position = stop
    outside = code_signs.FORM.sub(b"", b"\n".join(parts))
    text = text_of(outside)
    found = [term[0].decode().lower().removesuffix("s") for term in code_signs.TERMS.finditer(text)]
    found += ["code spans"] if code_signs.CODE_SPAN.stands_in(text) else []
    found += [name for name in signs.kinds_in(text) if signs.KINDS[name].is_telling]
    found += (
        ["names of functions"] if len({name[0] for name in code_signs.NAMES.finditer(text)}) >= NAMES_FEWEST else []
    )
    evidence = sorted(set(found) - {"the name of PHP"})
    if len(evidence) >= TERMS_FEWEST:
        return _Evidence(f"the page is about code: it has {', '.join(evidence[:3])}", is_some=True)
    asked_of = [sign for sign in (signs.SOFTWARE, signs.COMMON) if sign.may_stand_in(text)]
    if asked_of and signs.QUESTION.search(outside):
        words = {word[0].lower() for sign in asked_of for word in sign.finditer(text)}
        if len(words) + len(evidence) >= TERMS_FEWEST:
            return _Evidence("the page is a question about code", is_some=True)
    return _Evidence("", is_some=bool(evidence))


def _shown(raw: bytes, run: _Run, family: str) -> str:
    """Return that what stands around a run shows it on purpose."""
    if run.holds_kept:
        return "it stands around what is left in the text"
    if _enclosed(raw, run.span, family):
        return "it stands in inverted commas or in an element that shows code"
    said = '"' + run.line[-60:].decode("utf-8", "ignore") + '"'
    behind = raw[run.span.stop : run.span.stop + BEFORE_LONGEST].strip().splitlines()[:1]
    if signs.OUTPUT_HEADING.fullmatch(run.line) or any(map(signs.OUTPUT_HEADING.fullmatch, behind)):
        return "a heading beside it says that output of a program follows"
    announced = run.line.endswith((b":", "：".encode())) and code_signs.ANNOUNCES.search(run.line)
    is_heading = len(run.paragraph) <= HEADING_LONGEST and not signs.SENTENCE_END.search(run.paragraph)
    if announced or (is_heading and code_signs.EXAMPLE.search(run.paragraph)):
        return f"the words before it announce it: {said}"
    if _is_called(raw, run.span, family):
        return "the words beside it call it a piece of code"
    return mentions.WHY if mentions.mentioned(raw, run.span, family) else ""


def _enclosed(raw: bytes, span: Span, family: str) -> bool:
    """Whether a run stands in inverted commas, in a code span, or in an element that shows code."""
    opening = signs.OPENS.search(raw, max(0, span.start - 10), span.start)
    if opening is not None and closes(raw, *opening.span()):
        opening = None
    certain = opening is not None and opening["certain"] and family not in INSIDE_ONLY
    if certain or (opening and signs.CLOSES.match(raw, span.stop)):
        return True
    return family not in INSIDE_ONLY and code_signs.SHOWN_IN.search(raw, *span) is not None


def _is_called(raw: bytes, span: Span, family: str) -> bool:
    """Whether the words beside a run say that it is code."""
    first = max(0, span.start - 40)
    if code_signs.NAMED_BEFORE.search(raw, first, span.start):
        return True
    if family != "html" and code_signs.TAG_BEFORE.search(raw, first, span.start):
        return True
    behind = code_signs.CALLED_BEHIND.match(raw, span.stop)
    return behind is not None and code_signs.CALLED_BEFORE.search(raw, first, span.start) is not None


def _shown_to(raw: bytes, span: Span) -> int:
    """Return where what is shown with a run ends: with its line, or with the quotation of several lines it begins."""
    quotation = code_signs.QUOTATION.match(
        raw, span.start - len(code_signs.QUOTATION_OPENS), span.stop + BEFORE_LONGEST
    )
    line = code_signs.LINE.match(raw, span.stop)
    return max(line.end() if line else span.stop, quotation.end() if quotation else 0)


def _by_claim(claims: Sequence[Claim], runs: Sequence[_Run], verdicts: Sequence[str]) -> list[str]:
    reasons = [""] * len(claims)
    position = 0
    for place in sorted(range(len(claims)), key=lambda place: claims[place].span):
        while claims[place].span.start >= runs[position].span.stop:
            position += 1
        reasons[place] = verdicts[position]
    return reasons
