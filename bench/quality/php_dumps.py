"""How much of what PHP prints is found and read right, whole and damaged, and how hostile documents scale.

Each random value is printed by a real ``php``, damaged or not, put into prose and cleaned as ``run`` does. A dump
counts for a damage only when the damage changes it. Its span is right when exactly one cut covers it and nothing
besides, white space and paragraph tags at its ends apart.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import regex

from bench.quality.damage import CUTS, DAMAGES, Change
from bench.quality.figures import Figure, Section
from bench.quality.hostile import hostile_section
from bench.quality.php_judge import Judge, can_be_told, end_can_be_told, nesting_can_be_told, text_of
from bench.quality.php_pages import PLACES, Page, text_columns, write_page
from bench.quality.php_values import JSON, Form, NoPhpError, Printed, print_strings, print_values
from pipeline.errors import RejectedDocument
from pipeline.model import Claim, Document, Record, Span
from pipeline.profiles import load
from pipeline.stages import Cleaner

VALUES_FOR_EACH, STRINGS_FOR_EACH = 4, 12
"""How many values and strings are printed for each that is wanted: a damage takes those that it changes."""
VALUES_LEAST, STRINGS_LEAST = 6500, 8000
"""So many are printed at least: one in a hundred changes by the rarest damage, and sixty of those say something."""
LONGEST = 6000
"""Bytes of the longest dump that is measured, so that a run ends soon."""
SEVERAL = 3
"""How many dumps stand in a row where several do."""
_BEFORE = regex.compile(rb"\A(?:\s|</?p>|<br ?/?>)++")
_BEHIND = regex.compile(rb"(?:\s|</?p>|<br ?/?>)\Z")
_ARROW = regex.compile(rb"=(?:>|&gt;)")
_DOTS = (b"\xe2\x80\xa6", b"...", b"&hellip;", b"[...]")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of dump with what is demanded of it undamaged, in percent."""

    name: str
    form: Form
    containers: bool
    span: float
    value: float


KINDS = (
    Kind("var_dump, arrays and objects", "var_dump", containers=True, span=99.5, value=99.5),
    Kind("var_dump, strings", "var_dump", containers=False, span=99.5, value=99.5),
    Kind("debug_zval_dump", "debug_zval_dump", containers=True, span=99, value=99),
    Kind("serialize", "serialize", containers=True, span=99, value=99),
    Kind("var_export", "var_export", containers=True, span=99, value=99),
    Kind("print_r", "print_r", containers=True, span=98, value=95),
    Kind("Xdebug's var_dump", "xdebug", containers=True, span=99, value=99),
    Kind("Xdebug's var_dump in HTML", "xdebug_html", containers=True, span=99, value=99),
)
DAMAGED_SPAN, DAMAGED_VALUE = 97.0, 93.0
"""What is demanded of each single damage, in percent."""


@dataclass(slots=True)
class Tally:
    """What came of the dumps of one kind under one damage."""

    dumps: int = 0
    spans: int = 0
    told: int = 0
    values: int = 0
    silent: int = 0
    prose_lost: int = 0
    out_of_order: int = 0
    undecided: int = 0
    crashes: list[Page] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def figure(self, what: str, span: float, value: float) -> Figure:
        """Return the shares of right spans and right values beside their targets."""
        if not self.dumps:
            return Figure(what, "nothing it changes")
        undecided = f", {self.undecided} more have no end that can be told" if self.undecided else ""
        spans, values = 100 * self.spans / self.dumps, 100 * self.values / (self.told or 1)
        shown = f"{spans:6.2f} {values:6.2f} % of {self.dumps}" + (f", {self.silent} silent" if self.silent else "")
        shown += undecided
        return Figure(what, shown, f"≥ {span:g} {value:g}", met=spans >= span and (values >= value or not self.told))


@dataclass(frozen=True, slots=True)
class Failure:
    """A dump that was not read right: the page, the dump's place in it, the claims on it, and the value it has."""

    page: Page
    dump: Span
    claims: tuple[Claim, ...]
    true: JSON


def measure(seed: int, size: int) -> list[Section]:
    """Measure every kind of dump under every damage, then hostile documents."""
    try:
        printed = print_values(seed, max(size * VALUES_FOR_EACH, VALUES_LEAST))
        strings = print_strings(seed, max(size * STRINGS_FOR_EACH, STRINGS_LEAST))
    except NoPhpError as missing:
        return [Section("PHP dumps", str(missing)), hostile_section()]
    with ProcessPoolExecutor() as processes:
        of_kinds = [printed if kind.containers else strings for kind in KINDS]
        measured = list(processes.map(partial(_tallies_of, seed=seed, size=size), KINDS, of_kinds))
    sections = [_section(kind, by_damage) for kind, by_damage in zip(KINDS, measured, strict=True)]
    every = [tally for by_damage in measured for tally in by_damage.values()]
    lost = sum(tally.prose_lost for tally in every)
    out_of_order = sum(tally.out_of_order for tally in every)
    crashes = sum(len(tally.crashes) for tally in every)
    prose = (
        Figure("bytes of prose cut", str(lost), "0", met=lost == 0),
        Figure("pages whose prose is not whole and in order", str(out_of_order), "0", met=out_of_order == 0),
        Figure("pages that raise an exception", str(crashes), "0", met=crashes == 0),
    )
    return [*sections, Section("Prose around all of these dumps", "white space apart", prose), hostile_section()]


def _tallies_of(kind: Kind, printed: list[Printed], seed: int, size: int) -> dict[str, Tally]:
    """Return the tallies of a kind; none when no value was printed in its form."""
    return dict(tallies(kind, printed, seed, size)) if any(kind.form in one.dumps for one in printed) else {}


def _section(kind: Kind, by_damage: Mapping[str, Tally]) -> Section:
    if not by_damage:
        return Section(kind.name, "not measured: this php has no Xdebug (Debian, Ubuntu: apt install php-xdebug)")
    figures = [
        tally.figure(what, *((kind.span, kind.value) if what == "none" else (DAMAGED_SPAN, DAMAGED_VALUE)))
        for what, tally in by_damage.items()
    ]
    note = "right spans, and right values up to the damage, of the dumps that the damage changes"
    return Section(kind.name, note, tuple(figures))


def tallies(kind: Kind, printed: Iterable[Printed], seed: int, size: int) -> Iterator[tuple[str, Tally]]:
    """Give the tally of each damage to the dumps of one kind, by the damage's name."""
    wanted = [one for one in printed if kind.form in one.dumps and one.is_container is kind.containers]
    texts = [(one.dumps[kind.form].removesuffix(b"\n"), one.values[kind.form]) for one in wanted]
    texts = [(text, value) for text, value in texts if len(text) <= LONGEST]
    for name, damage in DAMAGES.items():
        measuring = _Measuring(Judge(damage, kind.form), random.Random(seed))
        yield name, measuring.measure(texts, damage.apply, size)
    for name, cut in CUTS.items():
        rng = random.Random(seed)
        measuring = _Measuring(Judge(DAMAGES["none"], kind.form, cut_off=True), rng)
        yield name, measuring.measure(texts, partial(cut, rng), size)


class _Measuring:
    """Puts dumps into pages, cleans these, and judges what came of each dump."""

    def __init__(self, judge: Judge, rng: random.Random) -> None:
        self.judge = judge
        self.rng = rng
        self.cleaner = Cleaner(load())
        self.tally = Tally()

    def measure(self, texts: list[tuple[bytes, JSON]], change: Change, size: int) -> Tally:
        """Judge dumps until ``size`` of those that are changed were."""
        pending: list[tuple[bytes, JSON]] = []
        place = self._place()
        for text, value in texts:
            if self.tally.dumps >= size:
                break
            changed = change(text.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
            undamaged = self.judge.damage.name == "none" and not self.judge.cut_off
            if changed.strip() and (changed != text or undamaged):
                pending.append((changed, value))
            if len(pending) >= (SEVERAL if place == "several in a row" else 1):
                self._page(pending, place)
                pending, place = [], self._place()
        if pending:
            self._page(pending, place)
        return self.tally

    def _place(self) -> str:
        return "at the end" if self.judge.cut_off else self.rng.choice(PLACES)

    def _page(self, dumps: list[tuple[bytes, JSON]], place: str) -> None:
        ends_line = self.judge.form not in {"var_export", "serialize"}
        page = write_page([dump for dump, _ in dumps], place, self.rng, ends_line=ends_line)
        document = self._cleaned(page)
        claims = document.claims if document else ()
        spans = [self._dump(page, span, value, claims) for span, (_, value) in zip(page.dumps, dumps, strict=True)]
        self.tally.prose_lost += page.prose_lost(claims)
        if document and all(spans):
            self.tally.out_of_order += text_columns(document) != page.prose()

    def _cleaned(self, page: Page) -> Document | None:
        try:
            return self.cleaner.clean(Record("page.txt", 0, page.raw))
        except RejectedDocument:
            return None
        except Exception:  # noqa: BLE001 - no page may raise anything else; each that does is counted, not passed over
            self.tally.crashes.append(page)
            return None

    def _dump(self, page: Page, dump: Span, true: JSON, claims: Iterable[Claim]) -> bool:
        """Judge one dump; return whether its span is right. Tags around it are cuts of their own, and no dump."""
        here = tuple(claim for claim in claims if claim.span.start < dump.stop and claim.span.stop > dump.start)
        cuts = [claim for claim in here if claim.is_cut and claim.family == "php_dump"]
        if self.judge.cut_off and not end_can_be_told(self.judge.form, true, dump.of(page.raw)):
            self.tally.undecided += 1
            return False
        told = can_be_told(self.judge.form, true, self.judge.damage)
        span = len(cuts) == 1 and _same_span(page, cuts[0].span, dump, cut_off=self.judge.cut_off)
        value = len(cuts) == 1 and _right_value(page, cuts[0], true, self.judge)
        self.tally.dumps += 1
        self.tally.spans += span
        counted = told and nesting_can_be_told(self.judge.form, true, self.judge.damage)
        self.tally.told += counted
        self.tally.values += value and counted
        silent = bool(told and cuts and cuts[0].status in {"exact", "repaired"} and not (span and value))
        self.tally.silent += silent
        if not span or silent or (counted and not value):
            self.tally.failures.append(Failure(page, dump, here, true))
        return span


def _same_span(page: Page, span: Span, dump: Span, *, cut_off: bool) -> bool:
    if _trimmed(page.raw, span) == _trimmed(page.raw, dump):
        return True
    if not cut_off or span.start > dump.stop:
        return False
    rest = dump.of(page.raw)[span.stop - dump.start :].strip()
    return _trimmed(page.raw, span).start == _trimmed(page.raw, dump).start and (not rest or rest in _DOTS)


def _trimmed(raw: bytes, span: Span) -> Span:
    """Return a span without the white space and the paragraph tags at its ends."""
    text = span.of(raw)
    start = span.start + len(text) - len(_BEFORE.sub(b"", text))
    text = raw[start : span.stop]
    while (shorter := _BEHIND.sub(b"", text)) != text:
        text = shorter
    return Span(start, start + len(text))


def _right_value(page: Page, claim: Claim, true: JSON, judge: Judge) -> bool:
    """Whether the value of a cut is right; a string, or a head without a member, that breaks off has none."""
    if claim.value is not None:
        return judge.alike(true, json.loads(claim.value))
    broken_off = judge.cut_off and claim.status == "truncated"
    return broken_off and (text_of(true) is not None or not _ARROW.search(claim.span.of(page.raw)))
