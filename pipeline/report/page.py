"""The page itself: figures, drawings and gallery in one file that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from pipeline.errors import DescrapeError
from pipeline.log import counted, printable
from pipeline.own_page import MARK
from pipeline.report import charts
from pipeline.report.changes import change
from pipeline.report.charts import Branch, Part
from pipeline.report.figures import Figures, gather, ranked
from pipeline.report.gallery import Cut, sample
from pipeline.store.manifest import Manifest
from pipeline.store.snapshot import Snapshot

CUTS = 600
"""Leaks and look-alikes in the gallery, when nothing else is asked for."""
PAGE = 200
"""How many of them a page of the gallery holds."""
ROWS = 40
"""Rows of a table that could be as long as the corpus is wide, such as that of its sources."""

STATUSES = ("exact", "repaired", "truncated", "ambiguous", "kept")
DATELINES = ("exact", "partial", "ambiguous", "inconsistent", "none")
ALWAYS_TOLD = frozenset({"text", "leaks", "white space"})
"""What of the bytes is told also where there is none of it."""
RECOVERIES = ("strict", "envelope", "decoded", "repaired", "salvaged")
SHOWN = frozenset("\n\t\u00a0\u200c\u200d\u3000")
"""What is no printing letter and yet harmless: blanks, and the joiners of Persian and Indian scripts."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a chart: its name, its number, its bar."""

    name: str
    count: int
    bar: Markup


def render(snapshot: Snapshot, previous: Snapshot | None = None, cuts: int = CUTS) -> str:
    """Return the page of a snapshot as HTML. The same tables give the same page.

    Args:
        snapshot: What it shows.
        previous: The snapshot to tell the difference from; None for none.
        cuts: Leaks and look-alikes in the gallery at most.

    Raises:
        SnapshotError: A file of either is missing or damaged.
    """
    manifest, figures = snapshot.manifest, gather(snapshot)
    style = _resource("page.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _template().render(
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        mark=Markup(MARK),  # noqa: S704 - the project's own constant
        style=Markup(style),  # noqa: S704 - the project's own file
        manifest=manifest,
        figures=figures,
        flow=charts.flow(manifest.counts["inputs"], _branches(figures)),
        bytes_of=_bytes(figures),
        forms=_rows(ranked(_forms(manifest))[:ROWS], "plain"),
        encodings=_rows(ranked(figures.articles.encodings)[:ROWS], "plain"),
        languages=_rows(ranked(figures.articles.languages)[:ROWS], "plain"),
        unsure=figures.articles.rows - figures.articles.languages.total(),
        kinds=_kinds(figures),
        statuses=STATUSES,
        timeline=charts.timeline(figures.articles.days),
        datelines=_rows(_in_order(figures.articles.statuses, DATELINES)),
        recovery=_rows(_in_order(figures.recovery, RECOVERIES)),
        media=_rows(ranked(figures.media), "plain"),
        sources=_rows(ranked(manifest.counts.get("sources", {}))[:ROWS], "plain"),
        warnings=_rows(ranked(figures.articles.warnings), "warn"),
        slowest=_slowest(manifest),
        timings=_timings(manifest),
        evidence=_evidence(manifest),
        more_sources=max(len(manifest.evidence) - ROWS, 0),
        change=change(previous, snapshot) if previous is not None else None,
        gallery=list(_gallery(sample(snapshot, cuts))),
    )


def write(snapshot: Snapshot, target: Path, previous: Snapshot | None = None, cuts: int = CUTS) -> int:
    """Write the page of a snapshot to a file, whole or not at all; return its size in bytes.

    A device, a pipe or a link is written to, and stays what it is.

    Raises:
        SnapshotError: As for :func:`render`.
        DescrapeError: The file cannot be written.
    """
    page = render(snapshot, previous, cuts).encode()
    part = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if target.is_symlink() or (target.exists() and not target.is_file()):
            target.write_bytes(page)
        else:
            part.write_bytes(page)
            part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise DescrapeError(f"{target}: cannot be written: {error.strerror}") from None
    return len(page)


def visible(text: str) -> str:
    r"""Return text with controls and marks of direction made visible: what stands in a page must not move another.

    >>> visible("a\u202eb\nc")
    'a\\u202eb\nc'
    """
    if text.isprintable():
        return text
    return "".join(letter if letter in SHOWN else printable(letter) for letter in text)


def breakable(name: str) -> Markup:
    """Return a name that may be broken behind its underscores.

    >>> breakable("<a_b>")
    Markup('&lt;a_<wbr>b&gt;')
    """
    return Markup("<wbr>").join(part for part in name.replace("_", "_\0").split("\0"))


def size(number: float) -> str:
    """Return a number of bytes for people.

    >>> size(999), size(1234567)
    ('999 B', '1.2 MB')
    """
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:  # noqa: PLR2004 - a thousand of each make the next
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"


def share(part: float, whole: float) -> str:
    """Return a share for people; what is there is never told as nothing, nor a part as all.

    >>> share(2, 3), share(1, 100000), share(0, 3), share(99999, 100000)
    ('67 %', '< 1 %', '0 %', '> 99 %')
    """
    percent = 100 * part / whole if whole else 0.0
    if 0 < percent < 1:
        return "< 1 %"
    return "> 99 %" if 99 < percent < 100 else f"{round(percent)} %"  # noqa: PLR2004 - all but not quite all


@cache
def _template() -> jinja2.Template:
    """Return the template; every value in it is escaped unless it is markup of this package."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"breakable": breakable, "visible": visible, "size": size, "counted": counted}
    environment.globals["share"] = share
    return environment.from_string(_resource("page.html.jinja"))


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


def _branches(figures: Figures) -> list[Branch]:
    articles, cut = figures.articles.rows, figures.artifacts.documents_cut
    return [
        Branch("with leaks cut out", cut, "exact"),
        Branch("as they came", articles - cut, "text"),
        *(Branch(f"rejected: {group.code}", group.count, "reject") for group in figures.rejects),
    ]


def _forms(manifest: Manifest) -> Mapping[str, int]:
    """Return documents by the form of the files that they stood in."""
    forms: Counter[str] = Counter()
    for entry in manifest.inputs:
        forms[entry.form or "text"] += entry.records
    return forms


def _bytes(figures: Figures) -> list[tuple[str, str, int, Markup]]:
    """Return name, colour, bytes and bar of text, leaks and white space, and of what else the documents had."""
    named = {"artifact": "leaks", "boilerplate": "boilerplate", "blank": "white space"}
    covered = sum(figures.roles.values())
    left = {name: figures.roles.get(role, 0) for role, name in named.items()}
    whole = figures.articles.size
    parts = [
        ("text", "text", covered - sum(left.values())),
        ("leaks", "reject", left["leaks"]),
        ("boilerplate", "kept", left["boilerplate"]),
        ("white space", "blank", left["white space"]),
        ("around the text of HTML", "plain", max(whole - covered, 0)),
    ]
    return [
        (name, colour, value, charts.bar([Part(value, colour, name)], whole))
        for name, colour, value in parts
        if value or name in ALWAYS_TOLD
    ]


def _kinds(figures: Figures) -> list[tuple[str, list[tuple[str, int, Mapping[str, int], Markup]]]]:
    """Return for each family its rules, both most frequent first: name, rows, rows by status, bar."""
    rules: dict[tuple[str, str], dict[str, int]] = {}
    families: Counter[str] = Counter()
    for (family, rule, status), count in figures.artifacts.rows.items():
        rules.setdefault((family, rule), {})[status] = count
        families[family] += count
    most = max((sum(by_status.values()) for by_status in rules.values()), default=0)
    ordered = sorted(
        rules.items(), key=lambda entry: (-families[entry[0][0]], entry[0][0], -sum(entry[1].values()), entry[0][1])
    )
    return [
        (
            family,
            [
                (
                    rule,
                    sum(by_status.values()),
                    by_status,
                    charts.bar(
                        [Part(by_status.get(name, 0), name, f"{by_status.get(name, 0)} {name}") for name in STATUSES],
                        most,
                    ),
                )
                for (_, rule), by_status in own
            ],
        )
        for family, own in groupby(ordered, key=lambda entry: entry[0][0])
    ]


def _in_order(counts: Mapping[str, int], names: Sequence[str]) -> list[tuple[str, int]]:
    """Return counts in the order of their names; a name that this version does not know comes last."""
    known = [(name, counts[name]) for name in names if name in counts]
    return known + ranked({name: count for name, count in counts.items() if name not in names})


def _rows(counts: Sequence[tuple[str, int]], colour: str | None = None) -> list[Row]:
    most = max((count for _, count in counts), default=0)
    return [Row(name, count, charts.bar([Part(count, colour or name, name)], most)) for name, count in counts]


def _slowest(manifest: Manifest) -> list[tuple[str, float, int | None, Markup]]:
    most = max((entry.seconds for entry in manifest.slowest), default=0.0)
    return [
        (entry.where, entry.seconds, entry.size, charts.bar([Part(entry.seconds, "plain", "")], most))
        for entry in manifest.slowest
    ]


def _timings(manifest: Manifest) -> list[tuple[str, float, Markup]]:
    most = max(manifest.timings.values(), default=0.0)
    return [
        (name, seconds, charts.bar([Part(seconds, "plain", name)], most)) for name, seconds in manifest.timings.items()
    ]


def _evidence(manifest: Manifest) -> list[dict[str, Any]]:
    """Return what was seen of each source and what was decided by it, the largest sources first."""
    ordered = sorted(manifest.evidence.items(), key=lambda entry: (-entry[1].seen.documents, entry[0]))
    return [
        {
            "source": source,
            "documents": told.seen.documents,
            "orders": ", ".join(f"{name} {tally.count}" for name, tally in sorted(told.seen.orders.items())),
            "offsets": ", ".join(f"{name} {tally.count}" for name, tally in sorted(told.seen.offsets.items())),
            "decided": " ".join(filter(None, (told.decided.order, told.decided.offset))),
            "clocks": ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in told.media_clocks.items()),
        }
        for source, told in ordered[:ROWS]
    ]


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """A page of the gallery: the numbers of its first and last cut, and its cuts by kind."""

    first: int
    last: int
    kinds: list[tuple[tuple[str, str, str], list[Cut]]]


def _gallery(cuts: Sequence[Cut]) -> Iterator[GalleryPage]:
    for first in range(0, len(cuts), PAGE):
        page = cuts[first : first + PAGE]
        by_kind = groupby(page, key=lambda cut: (cut.family, cut.rule, cut.status))
        yield GalleryPage(first + 1, first + len(page), [(kind, list(own)) for kind, own in by_kind])
