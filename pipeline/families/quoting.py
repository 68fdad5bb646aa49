"""Is what a server printed a leak, or is it what the page is about?

A manual, a question or a change log shows dumps and errors on purpose, and cutting them would cut its content. What
tells is the text around them: a leak comes without the code that printed it, without a word that announces it, and
without inverted commas; and a page that leaks does not speak of variables and calls. Evidence is weighed for the whole
page first, then for each run of claims that only white space parts. Every reason is a sentence for ``reason``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from pipeline.families import mentions
from pipeline.families import quoting_signs as signs
from pipeline.families.closing_marks import closes
from pipeline.families.traits import Sign, Text
from pipeline.families.vocabulary import text_of
from pipeline.model import Claim, Page, Span
from pipeline.patterns import lazy_compile

BEFORE_LONGEST = 300
"""How many bytes before a run are read for what announces it."""
SENTENCE_SHORTEST = 4
"""How many words before a colon make an announcement and not a label such as ``Share this:``."""
ENTRIES_FEWEST = 2
"""How many entries make a log file; one alone may be all that is left of a page."""
TERMS_FEWEST = 3
"""How many terms of the trade count as one kind of mark, and make a call for help a question about code."""
_TAG = rb"(?:</?[A-Za-z][A-Za-z0-9]{0,10}(?:\s[^<>]{0,256})?/?>|<!--[^<>]{0,256}-->)"
_TAGS_BEHIND = lazy_compile(rb"(?r)(?:\s|%b){0,300}+\Z" % _TAG)
"""What stands between the text before a run and the run; matched backward, and empty at least."""
_TAGS_BEFORE = lazy_compile(rb"\A(?:\s|%b){1,300}+" % _TAG)
_PARTS = lazy_compile(rb"\n|<(?:br|/?(?:p|pre|div|h[1-6]|li|td))\b")
"""What begins a line, or a block, between the two."""
RUNS_FEWEST = 2
"""How many runs that each follow a colon make a page of examples."""


def quoted(page: Page, claims: Sequence[Claim]) -> list[str]:
    r"""Return for each claim of a page why it is the page's content; an empty string for a leak.

    Args:
        page: The page.
        claims: Every claim of every family on it, cut or kept; what stands inside one is no evidence, except in those
            of code, which may itself be what the page shows.

    >>> page = Page(b'With var_dump($x) you get string(2) "ok"')
    >>> quoted(page, [Claim(Span(26, 40), "php_dump", "var_dump", "exact")])
    ['the page shows code that prints such output: "var_dump("']
    """
    if not any(claim.is_cut for claim in claims):
        return [""] * len(claims)
    covered = _covered([claim for claim in claims if claim.family not in signs.FAMILIES_OF_CODE])
    outside = text_of(b"\n".join([page.raw[start:stop] for start, stop in _gaps(covered, len(page.raw))]))
    technical = _technical(outside)
    if why := _shows_code(outside) or _is_log(page.raw, covered) or technical.verdict:
        return [why] * len(claims)
    runs = _runs(page.raw, covered)
    verdicts = [
        _enclosed(page.raw, run) or _announced(page.raw, run, technical=technical.speaks_of_software) for run in runs
    ]
    if len(runs) >= RUNS_FEWEST and all(run.follows_colon for run in runs):
        verdicts = ["every one of the page's several examples follows a colon"] * len(runs)
    elif technical.speaks_of_software and any(verdicts):
        verdicts = [why or "the page speaks of software and shows another one on purpose" for why in verdicts]
    return _by_claim(claims, runs, verdicts) if any(verdicts) else [""] * len(claims)


class Run(Struct, frozen=True, gc=False):
    """Claims with only white space between them, and the text that stands before the first.

    Attributes:
        span: From the first byte of the first to the last of the last.
        line: The last line of text before it, from its last sentence on.
        is_inline: Whether that text stands on the line where the run begins.
    """

    span: Span
    line: bytes
    is_inline: bool

    @property
    def follows_colon(self) -> bool:
        """Whether the text before it ends with a colon."""
        return self.line.endswith((b":", "：".encode()))

    @property
    def said(self) -> str:
        """The end of that line, quoted for a reason."""
        return '"' + self.line[-60:].decode("utf-8", "ignore") + '"'


def _covered(claims: Sequence[Claim]) -> list[Span]:
    """Return the bytes of the claims as spans that do not overlap, in order."""
    merged: list[Span] = []
    for span in sorted([claim.span for claim in claims]):
        if merged and span.start < merged[-1].stop:
            merged[-1] = Span(merged[-1].start, max(merged[-1].stop, span.stop))
        else:
            merged.append(span)
    return merged


def _gaps(spans: Sequence[Span], size: int) -> Iterator[tuple[int, int]]:
    position = 0
    for start, stop in [*spans, (size, size)]:
        if start > position:
            yield position, start
        position = stop


def _shows_code(outside: Text) -> str:
    found = next(signs.CODE.finditer(outside), None)
    if found is None:
        return ""
    return f'the page shows code that prints such output: "{found[0].decode().strip()}"'


def _is_log(raw: bytes, covered: Sequence[Span]) -> str:
    """Return that the page is a log file, when it is several entries and no line that is none.

    A claim may be a part of an entry; what stands around it on its lines is a part of that entry as well.
    """
    head = covered[0].start if covered else len(raw)
    if head and not raw[:1].isspace() and not signs.LOG_LINE.match(raw, 0, head):
        return ""  # as on nearly every page: its first line is no entry
    entries = position = 0
    begun = False
    for start, stop in [*covered, (len(raw), len(raw))]:
        lines = raw[position:start].splitlines() or [b""]
        rest = lines.pop(0).strip() if position else b""
        entry_lines = [line for line in lines if line.strip()]
        if (rest and not begun) or not all(signs.LOG_LINE.match(line) for line in entry_lines):
            return ""
        entries += len(entry_lines)
        if start < len(raw):
            begun = bool(entry_lines) and raw[start - 1 : start] not in {b"\n", b"\r"}
            if not begun and not signs.LOG_LINE.match(raw, start):
                return ""
            entries += not begun
        position = stop
    return "the page is a log file: its entries and nothing else" if entries >= ENTRIES_FEWEST else ""


class _Technical(Struct, frozen=True, gc=False):
    """How much of a page's own text is about code."""

    verdict: str
    speaks_of_software: bool


def _technical(outside: Text) -> _Technical:
    """Weigh the marks of a text about code: each kind counts once, however often it stands there."""
    if not outside.traits:  # as of nearly all news
        return _Technical("", speaks_of_software=False)
    found = signs.kinds_in(outside)
    words = _terms(signs.SOFTWARE, outside)
    terms = sorted({*_terms(signs.COMMON, outside), *words})
    verdict = ""
    if len(terms) >= TERMS_FEWEST and signs.QUESTION.search(outside.raw):
        verdict = f"the page is a question about code: it speaks of {', '.join(terms[:TERMS_FEWEST])}"
    if any(signs.KINDS[name].is_telling for name in found) and len(found) + (len(words) >= TERMS_FEWEST) > 1:
        verdict = f"the page is about code: it has {', '.join([*found, *words][:3])}"
    return _Technical(verdict, speaks_of_software=bool(words or found))


def _terms(sign: Sign, text: Text) -> list[str]:
    return sorted({word[0].decode().lower() for word in sign.finditer(text)})


def _runs(raw: bytes, covered: Sequence[Span]) -> list[Run]:
    """Join spans that only white space parts, and read what stands before each."""
    runs: list[Run] = []
    floor = 0
    for span in covered:
        if runs and not raw[runs[-1].span.stop : span.start].strip():
            runs[-1] = Run(Span(runs[-1].span.start, span.stop), runs[-1].line, runs[-1].is_inline)
        else:
            before = raw[max(floor, span.start - BEFORE_LONGEST) : span.start]
            text = before.rstrip()
            if text.endswith(b">"):
                between = _TAGS_BEHIND.search(before)
                text = before[: between.start()] if between else before
            line = text[max(text.rfind(b"\n"), text.rfind(b"\r")) + 1 :].lstrip()
            if line.startswith(b"<"):
                line = _TAGS_BEFORE.sub(b"", line)
            clause = signs.CLAUSE.search(line)
            line = (line[clause.end() :] if clause else line).strip()
            runs.append(Run(span, line, bool(line) and not _PARTS.search(before, len(text))))
        floor = runs[-1].span.stop
    return runs


def _announced(raw: bytes, run: Run, *, technical: bool) -> str:
    """Return that the words before a run announce it, as code does that assigns it or a list of changes.

    A dump falls into a news story anywhere, also behind a colon or behind ``says``. So words of every day announce a
    run only where the page or the line speaks of software.
    """
    line = run.line
    if signs.OUTPUT_HEADING.fullmatch(line):
        return f"it stands under the heading {run.said}"

    def is_technical() -> bool:
        return technical or signs.COMMON.pattern.search(line) is not None

    words = signs.announcing(line, inline=run.is_inline)
    by_colon = run.follows_colon and (
        signs.ANNOUNCES.search(line)
        or ((_words(line) >= SENTENCE_SHORTEST or signs.EXAMPLE.search(line)) and is_technical())
    )
    if by_colon or (words and (signs.OF_THE_TRADE.search(words[0]) or is_technical())):
        return f"the words before it announce it: {run.said}"
    if run.is_inline and (why := _goes_with_line(raw, run, technical=is_technical())):
        return why
    if signs.GOES_ON.match(raw, run.span.stop):
        return "it begins a sentence that goes on with a comma"
    return mentions.WHY if run.is_inline and mentions.mentioned(raw, run.span, "php_dump") else ""


def _goes_with_line(raw: bytes, run: Run, *, technical: bool) -> str:
    """Return that a run is a part of the line that it stands in."""
    if signs.CODE_BEFORE.search(run.line):
        return f"it stands in a line of code or in a quotation: {run.said}"
    noted = technical or signs.LIST_ITEM.match(run.line) or signs.CHANGE.match(run.line)
    if noted and signs.CHANGE.search(run.line):
        return f"a note on a change tells of it: {run.said}"
    if raw.startswith((b".", b",", b";"), run.span.stop) and not signs.SENTENCE_END.search(run.line):
        return f"it stands inside a sentence that begins {run.said}"
    return ""


def _words(line: bytes) -> int:
    """Return how many words a line has; a script without blanks counts one for every two characters."""
    text = line.decode("utf-8", "replace")
    return max(len(text.split()), sum(character > "\u2e7f" for character in text) // 2)


def _enclosed(raw: bytes, run: Run) -> str:
    """Return that a run stands in inverted commas or in a code span."""
    start, stop = run.span
    if not start or raw[start - 1] not in signs.OPENS_LAST:  # as of nearly all
        return ""
    opening = signs.OPENS.search(raw, max(0, start - 10), start)
    if opening is None or closes(raw, *opening.span()):
        return ""
    if opening["certain"] or signs.CLOSES.match(raw, stop):
        return "it stands in inverted commas or in a code span"
    return ""


def _by_claim(claims: Sequence[Claim], runs: Sequence[Run], verdicts: Sequence[str]) -> list[str]:
    order = sorted(range(len(claims)), key=lambda place: claims[place].span)
    reasons = [""] * len(claims)
    position = 0
    for place in order:
        while position < len(runs) and claims[place].span.start >= runs[position].span.stop:
            position += 1
        if position < len(runs):
            reasons[place] = verdicts[position]
    return reasons
