"""Pages about code and clean news: how many are altered; and whether real leaks are cut all the same."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

from bench.quality import php_errors
from bench.quality.figures import SHARED_CASES, Figure, Section, at_least, at_most
from pipeline.families import FAMILIES, FAMILY_NAMES
from pipeline.model import Record, Span
from pipeline.profiles import load
from pipeline.stages import Cleaner, segments

_RAW = Path(__file__).resolve().parents[2] / "data/raw"
_ALTERED = 3.0
_CUT = 99.5
_KINDS = ("php_error", "print_r", "var_dump")

SHOWN_SHAPES = (
    "A Short Guide to Lists\n\nPHP prints a list with {call}($rows), as in\n\n{payload}\n\nThe rest is up to you.",
    "Why does my page break?\n\nNow I get this error:\n\n{payload}\n\nWhat did I do wrong?\n\nAsk your web host.",
    "Notes\n\n2.1.0\n\n* Added a map\n* Fixed: {payload}\n* Removed the old map\n* Updated names\n",
    "The town's site was down on Monday. Visitors met the words “{payload}” and nothing else.\n\nIt was back by noon.",
    "Beim Aufruf der Seite erscheint folgende Meldung:\n\n{payload}\n\nWer weiß Rat?\n",
    "Depuis hier le site affiche :\n\n{payload}\n\nMerci de votre aide.\n",
    "Al abrir la página el servidor devuelve:\n\n{payload}\n\n¿Alguna idea?\n",
    "Example 1\n\n    $rows = load();\n    echo $rows;\n\nOutput\n\n{payload}\n\nNote the blanks.\n",
    "README\n\nRun `seat --all` and `seat --one`. In the end `seat()` gives\n\n```\n{payload}\n```\n",
    "# Reading rows\n\nThe first call:\n\n{payload}\n\nThe second call:\n\n{payload}\n",
    "Q: My rows are gone.\nA: Look at seat().\nQ: It says\n\n{payload}\n\nA: Then look again at `rows`.\n",
    "<?php seat(); ?>\n\nThe above example will output something similar to:\n\n{payload}\n",
)
"""Pages that show what a server printed, each in another way; of this benchmark's own invention."""
_DUMPS = ('string(5) "Ferry"', "array(1) {\n  [0]=>\n  int(7)\n}", 'array(1) {\n  ["a"]=>\n  string(2) "ok"\n}')
CALLS = ("print_r", "var_dump", "var_export")


def measure(seed: int, size: int) -> list[Section]:
    """Measure generated pages about code, the sample's own prose, and real pages where they stand beside it."""
    return [_generated(random.Random(seed), size), _news(random.Random(seed), size), *_real()]


def is_altered(raw: bytes) -> bool:
    """Return whether anything is cut from a page.

    >>> is_altered(b"Rain fell.")
    False
    """
    return any(claim.is_cut for claim in segments.read(raw).claims)


def _generated(rng: random.Random, size: int) -> Section:
    altered = 0
    for _ in range(size):
        payload = rng.choice(_DUMPS) if rng.random() < 0.5 else php_errors.one(rng)  # noqa: PLR2004 - an even share
        altered += is_altered(rng.choice(SHOWN_SHAPES).format(call=rng.choice(CALLS), payload=payload).encode())
    note = "dumps and errors shown by a manual, a question, a change log, a report, in five languages"
    return Section("Generated pages about code", note, (at_most("pages altered", altered, size, _ALTERED),))


def _news(rng: random.Random, size: int) -> Section:
    cleaner = Cleaner(load())
    bodies = [
        cleaner.clean(Record(page.name, 0, page.read_bytes())).article.body
        for page in sorted(_RAW.glob("[!d]*/*.txt"))
        if page.parent.name != "code-blog"
    ]
    bodies += [php_errors.prose(rng) for _ in range(size)]
    cuts = sum(is_altered(body.encode()) for body in bodies)
    note = f"{len(bodies)} bodies: the sample's, cleaned, and generated ones with words of warning in them"
    return Section("Clean news", note, (Figure("pages cut", str(cuts), "0", cuts == 0),))


def _real() -> Iterator[Section]:
    negatives, leaks = SHARED_CASES / "hard_negatives", SHARED_CASES / "leaks"
    if not (negatives.is_dir() and leaks.is_dir()):
        yield Section("Real pages about code, and real leaks", f"not measured: there is no folder {SHARED_CASES}")
        return
    pages = sorted(negatives.glob("*.txt"))
    altered = [page.name for page in pages if is_altered(page.read_bytes())]
    note = f"pages of {negatives}" + (f"; altered: {', '.join(altered)}" if altered else "")
    yield Section("Real pages about code", note, (at_most("pages altered", len(altered), len(pages), _ALTERED),))
    yield Section("Real leaks of PHP", f"pages of {leaks}", tuple(_recall(leaks, kind) for kind in _KINDS))


def _recall(folder: Path, kind: str) -> Figure:
    """Return how many spans of a kind are cut; without a target where no grammar reads the kind at the root."""
    found = total = 0
    for row in map(json.loads, (folder / "index.jsonl").read_text("utf-8").splitlines()):
        if row["kind"] != kind:
            continue
        raw = (folder / row["file"]).read_bytes()
        text = raw.decode()
        cuts = {claim.span for claim in segments.read(raw).claims if claim.is_cut}
        spans = {Span(len(text[:start].encode()), len(text[:stop].encode())) for start, stop in row["spans"]}
        found += len(spans & cuts)
        total += len(spans)
    rules = {grammar.rule for family in FAMILIES for grammar in family.grammars}
    what = f"{kind}: exact span"
    if kind == "var_dump" or kind not in rules | set(FAMILY_NAMES):
        return Figure(what, f"{found} of {total}")  # the real ones are a bare `int(1)`, which proves nothing
    return at_least(what, found, total, _CUT)
