"""The same pages through other tools, as they would be put together for this: what that costs, and what comes out.

None of them was made to find what a server leaked; the table says what each leaves, loses and drops, beside what it
takes. What is true of a page is known, for it was made: its prose, its leak, its time, its related items.
"""

from __future__ import annotations

import html
import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
import regex

from bench.speed.measure import PROFILE
from bench.speed.pages import SEED, Corpus

WORD = regex.compile(r"\w+")
LEAK = regex.compile(r"contenttypeid|Undefined array key")
"""What stands in every leak of the corpus and in no prose."""
WARM_UP = 100
"""Pages before those that are measured."""
STAMPS = ("%a %b %d, %Y %H:%M:%S", "%Y-%m-%d %H:%M")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a tool makes of a page; None for what it does not give at all.

    Attributes:
        text: The text it keeps; None when it drops the page.
        when: The time it reads.
        items: How many related items it gives.
    """

    text: str | None
    when: datetime | None = None
    items: int | None = None


Tool = Callable[[str], Cleaned]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is so of a page: its text without the leak, its time, how many items its leak lists."""

    text: str
    leaks: bool
    when: datetime | None
    items: int


def truths(corpus: Corpus) -> Iterator[tuple[str, Truth]]:
    """Yield each page of a corpus with what is true of it."""
    for number in range(corpus.documents):
        whole, leak = (part.decode() for part in corpus.page_and_leak(number))
        when = next((found for line in whole.splitlines()[:8] if (found := _stamp(line))), None)
        items = leak.count("contenttypeid")
        yield whole, Truth(whole.replace(leak, "") if leak else whole, bool(leak), when, items)


def _stamp(line: str) -> datetime | None:
    for form in STAMPS:
        try:
            return datetime.strptime(line, form)  # noqa: DTZ007 - a wall clock
        except ValueError:
            continue
    return None


# --- the tools


def descrape() -> Tool:
    """Return this program, one page at a time."""
    from pipeline.model import Record
    from pipeline.profiles import load
    from pipeline.stages import Cleaner

    cleaner = Cleaner(load([str(PROFILE)]))

    def clean(page: str) -> Cleaned:
        found = cleaner.clean(Record("page.txt", 0, page.encode()))
        told = found.article
        parts = (told.kicker, told.title, told.deck, told.dateline_raw, told.lead_raw, told.body, told.sign_off)
        return Cleaned("\n\n".join(filter(None, parts)), found.dateline.published_local, len(found.related))

    return clean


def datatrove() -> Tool:
    """Return datatrove's mending of text and its filters of C4 and Gopher."""
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter, GopherQualityFilter
    from datatrove.pipeline.formatters import FTFYFormatter

    mend, filters = FTFYFormatter(), (C4QualityFilter(filter_no_terminal_punct=False), GopherQualityFilter())

    def clean(page: str) -> Cleaned:
        document = Document(text=mend.format(page), id="page")
        for one in filters:
            kept = one.filter(document)
            if kept is not True:
                return Cleaned(None)
        return Cleaned(document.text)

    return clean


def clean_text() -> Tool:
    """Return clean-text with its defaults."""
    from cleantext import clean

    return lambda page: Cleaned(clean(page, no_line_breaks=False))


def trafilatura() -> Tool:
    """Return trafilatura on the page as HTML, a paragraph a paragraph."""
    from trafilatura import extract

    def clean(page: str) -> Cleaned:
        paragraphs = "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in page.split("\n\n"))
        return Cleaned(extract(f"<html><body><article>{paragraphs}</article></body></html>"))

    return clean


def libraries() -> Tool:
    """Return a loop over the first lines with dateparser, and json_repair on what looks like JSON."""
    import dateparser
    import json_repair

    def clean(page: str) -> Cleaned:
        lines = [line for line in page.splitlines() if line.strip()][:4]
        when = next((found for line in lines if len(line) < 60 and (found := dateparser.parse(line))), None)  # noqa: PLR2004 - as a user would
        start = page.find("[{")
        if start < 0:
            return Cleaned(page, when, 0)
        data = json_repair.loads(page[start:])
        items = sum(isinstance(one, dict) for one in data) if isinstance(data, list) else 0
        return Cleaned(page[:start], when, items)

    return clean


TOOLS: dict[str, Callable[[], Tool]] = {
    "descrape": descrape,
    "datatrove: FTFY, C4, Gopher": datatrove,
    "clean-text": clean_text,
    "trafilatura": trafilatura,
    "dateparser and json_repair": libraries,
}

# --- the judging


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a corpus by one tool: microseconds of processor time a page, and shares; None for what it lacks."""

    microseconds: float
    kept: float
    leaking: float
    lost: float
    dates: float | None
    items: float | None


def judge(tool: Tool, pages: Sequence[tuple[str, Truth]]) -> Judged:
    """Run a tool over pages and hold what it makes of them to the truth."""
    for page, _ in pages[:WARM_UP]:  # what a tool loads and learns at first is not counted
        tool(page)
    start = time.process_time()
    made = [tool(page) for page, _ in pages]
    spent = time.process_time() - start
    pairs = [(cleaned, truth) for cleaned, (_, truth) in zip(made, pages, strict=True)]
    kept = [(cleaned.text, truth) for cleaned, truth in pairs if cleaned.text is not None]
    dated = [cleaned.when == truth.when for cleaned, truth in pairs if truth.when is not None]
    listed = [(cleaned.items or 0, truth.items) for cleaned, truth in pairs if truth.items]
    return Judged(
        spent / len(pages) * 1e6,
        len(kept) / len(pages),
        _share([LEAK.search(text) is not None for text, truth in kept if truth.leaks]),
        statistics.fmean([_lost(text, truth.text) for text, truth in kept] or [1.0]),
        _share(dated) if any(cleaned.when for cleaned in made) else None,
        sum(min(pair) for pair in listed) / max(sum(true for _, true in listed), 1)
        if any(cleaned.items is not None for cleaned in made)
        else None,
    )


def _share(found: Sequence[bool]) -> float:
    return sum(found) / max(len(found), 1)


def _lost(text: str, true: str) -> float:
    """Return the share of the words of a page's own text that are gone, whatever the case of their letters."""
    words, left = (Counter(WORD.findall(one.casefold())) for one in (true, text))
    return (words - left).total() / max(words.total(), 1)


HEADINGS = ("tool", "µs a page", "pages kept", "leaks left", "words lost", "times right", "items found")


def row(name: str, judged: Judged) -> tuple[str, ...]:
    """Return a line of the table."""
    shares = (judged.kept, judged.leaking, judged.lost, judged.dates, judged.items)
    told = ("–" if share is None else f"{share:.1%}" for share in shares)
    return (name, f"{judged.microseconds:,.0f}", *told)


@click.command()
@click.option("--documents", default=1000, show_default=True, type=click.IntRange(min=1), help="Pages.")
@click.option("--leaking", default=0.3, show_default=True, type=click.FloatRange(0, 1), help="Share that leaks.")
@click.option("--seed", default=SEED, show_default=True, help="What the pages are made from.")
@click.option("--only", type=click.Choice(list(TOOLS)), help="One tool.")
@click.option("--write", "path", type=click.Path(path_type=Path), help="File for the figures, as JSON.")
def main(documents: int, leaking: float, seed: str, only: str | None, path: Path | None) -> None:
    """Measure other tools on the same pages."""
    pages = list(truths(Corpus(documents, leaking, seed)))
    rows = [HEADINGS, ("---",) * len(HEADINGS)]
    for name in [only] if only else TOOLS:
        rows.append(row(name, judge(TOOLS[name](), pages)))
        print(*rows[-1], sep="  ", flush=True)
    print("\n".join(f"| {' | '.join(one)} |" for one in rows))
    if path is not None:
        path.write_text(json.dumps([dict(zip(HEADINGS, one, strict=True)) for one in rows[2:]], indent=2) + "\n")


if __name__ == "__main__":
    main()
