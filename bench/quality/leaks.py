"""What servers and editors leak besides PHP's dumps: how much is cut, and how much goes with it that should stay.

Every registered family takes part. Characters that are not white are counted, so that a long leak weighs what it is.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bench.quality import leak_data, leak_dumps, leak_markup, leak_programs
from bench.quality.context import is_altered
from bench.quality.figures import SHARED_CASES, Figure, Section, at_least, at_most
from bench.quality.leak_pages import BEHIND, PROSE, Form, Forms, Shown, Tally, page, unmarked
from pipeline.model import Record, Span
from pipeline.profiles import load
from pipeline.stages import Cleaner

CLEANER = Cleaner(load())
_CUT = 95.0
_TOUCHED = 0.5
_ALTERED = 3.0

FORMS: Forms = {**leak_dumps.FORMS, **leak_data.FORMS, **leak_markup.FORMS, **leak_programs.FORMS}
"""How leaks of each family look, written by this benchmark."""
SHOWN: Shown = {**leak_dumps.SHOWN, **leak_data.SHOWN, **leak_markup.SHOWN, **leak_programs.SHOWN}
"""Pages that show such things on purpose, by family."""


def measure(seed: int, size: int) -> list[Section]:
    """Measure generated leaks of each family, prose without any, pages about code, and real pages where they stand."""
    families = [_family(random.Random(seed), family, size) for family in FORMS]
    others = [section(random.Random(seed), size) for section in (_side_by_side, _broken, _shown, _clean)]
    return [*families, *others, *_real()]


def _family(rng: random.Random, family: str, size: int) -> Section:
    figures: list[Figure] = []
    whole = Tally()
    for form, make in FORMS[family].items():
        tally = Tally()
        for _ in range(size):
            sample = page(rng, make)
            tally.add(sample.raw, sample.leaks)
        figures.append(at_least(f"{form}: characters cut", tally.cut, tally.leaked, _CUT))
        for count in ("leaked", "cut", "others", "touched"):
            setattr(whole, count, getattr(whole, count) + getattr(tally, count))
    figures += _totals("all forms", whole)
    return Section(
        f"Leaks: {family}", f"{size} pages of each form, leaks at head, foot, between and within", (*figures,)
    )


def _totals(what: str, tally: Tally) -> list[Figure]:
    return [
        at_least(f"{what}: characters cut", tally.cut, tally.leaked, _CUT),
        at_most(f"{what}: other characters touched", tally.touched, tally.others, _TOUCHED),
        Figure(f"{what}: precision", f"{tally.precision:.2f} %"),
    ]


def _side_by_side(rng: random.Random, size: int) -> Section:
    """Measure leaks of two forms beside each other, with little or nothing between them."""
    makers = [make for forms in FORMS.values() for make in forms.values()]
    tally = Tally()
    for _ in range(size * len(FORMS)):
        sample = page(rng, _beside(rng.choice(makers), rng.choice(makers), rng.choice(("\n\n", "\n", " ", ""))))
        tally.add(sample.raw, sample.leaks)
    share = Figure("characters cut", f"{100 * tally.cut / tally.leaked:.2f} % ({tally.cut} of {tally.leaked})")
    touched = at_most("other characters touched", tally.touched, tally.others, _TOUCHED)
    note = f"{size * len(FORMS)} pages with two forms of any family on one line or below each other"
    return Section("Leaks side by side", note, (share, touched))


def _beside(first: Form, second: Form, between: str) -> Form:
    return lambda rng: first(rng) + between + second(rng)


def _broken(rng: random.Random, size: int) -> Section:
    """Measure leaks that break off anywhere, with prose behind them that has the words they are made of."""
    figures = []
    for family, forms in FORMS.items():
        lost = sum(_loses_prose(rng, make) for make in forms.values() for _ in range(size))
        figures.append(at_most(f"{family}: pages that lost prose", lost, size * len(forms), 0))
    return Section(
        "Leaks that break off", f"{size} pages of each form, cut at any character, with prose behind", (*figures,)
    )


def _loses_prose(rng: random.Random, make: Form) -> bool:
    whole = unmarked(make(rng)).raw.decode()
    before, *behind = rng.sample(BEHIND, 4)
    broken = whole[: rng.randrange(1, len(whole) + 1)]
    raw = "\n\n".join([before, broken + rng.choice(("\n\n", "\n")) + behind[0], *behind[1:]]).encode()
    article = CLEANER.clean(Record("page.txt", 0, raw)).article
    columns = (article.kicker, article.title, article.deck, article.dateline_raw, article.lead_raw, article.body)
    left = " ".join(" ".join(column for column in columns if column).split())
    return any(said not in left for said in (before, *behind))


def _shown(rng: random.Random, size: int) -> Section:
    """Measure pages that show such things on purpose."""
    altered = dict.fromkeys(SHOWN, 0)
    for family, pages in SHOWN.items():
        altered[family] = sum(is_altered(rng.choice(pages)(rng).encode()) for _ in range(size))
    figures = tuple(at_most(f"{family}: pages altered", count, size, _ALTERED) for family, count in altered.items())
    return Section("Pages that show such leaks on purpose", "tutorials, questions, change logs, reports", figures)


def _clean(rng: random.Random, size: int) -> Section:
    cuts = sum(is_altered("\n\n".join(rng.sample(PROSE, 6)).encode()) for _ in range(size))
    note = f"{size} pages of prose with brackets, braces and other signs that leaks are made of"
    return Section("Clean news with signs", note, (Figure("pages cut", str(cuts), "0", cuts == 0),))


def _real() -> Iterator[Section]:
    leaks, negatives = SHARED_CASES / "leaks", SHARED_CASES / "hard_negatives"
    if not (leaks.is_dir() and negatives.is_dir()):
        yield Section("Leaks of real pages", f"not measured: there is no folder {SHARED_CASES}")
        return
    yield _real_leaks(leaks)
    pages = sorted(negatives.glob("*.txt"))
    altered = [sample.name for sample in pages if is_altered(sample.read_bytes())]
    note = f"pages of {negatives}" + (f"; altered: {', '.join(altered)}" if altered else "")
    yield Section("Real pages about code", note, (at_most("pages altered", len(altered), len(pages), _ALTERED),))


def _real_leaks(folder: Path) -> Section:
    """Measure each kind of leak; those that a browser shows apart from those that stood in comments and attributes."""
    tallies: dict[tuple[bool, str], Tally] = defaultdict(Tally)
    for row in map(json.loads, (folder / "index.jsonl").read_text("utf-8").splitlines()):
        raw = (folder / row["file"]).read_bytes()
        text = raw.decode()
        spans = [Span(len(text[:start].encode()), len(text[:stop].encode())) for start, stop in row["spans"]]
        visible = "text" in row["where"]
        for key in ((visible, row["kind"]), (visible, "all")):
            tallies[key].add(raw, spans)
    figures = []
    for (visible, kind), tally in sorted(tallies.items(), key=lambda entry: (not entry[0][0], entry[0][1])):
        where = "visible" if visible else "not visible"
        if kind != "all":
            share = 100 * tally.cut / tally.leaked
            figures.append(Figure(f"{where}, {kind}: characters cut", f"{share:.2f} % ({tally.cut} of {tally.leaked})"))
            figures.append(Figure(f"{where}, {kind}: others touched", f"{tally.touched} of {tally.others}"))
        elif visible:
            figures += _totals("visible", tally)
        else:
            figures.append(Figure("not visible: characters cut", f"{100 * tally.cut / tally.leaked:.2f} %"))
            figures.append(at_most("not visible: other characters touched", tally.touched, tally.others, _TOUCHED))
    return Section("Leaks of real pages", f"pages of {folder}, by kind of leak", (*figures,))
