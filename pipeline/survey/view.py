"""A survey as tables, which terminal and web page show alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.dates.evidence import verdict
from pipeline.log import counted
from pipeline.survey import OTHERS, SourceSurvey, Survey
from pipeline.survey.counts import Seen, Top

LINES_LEAST = 2
"""Pages that a line must stand on to be listed."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a heading. ``numbers`` is how many of the first columns are figures.

    ``more`` rows are not shown; ``note`` says what else is to be known.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: int = 1
    more: int = 0
    note: str = ""


def headline(found: Survey) -> str:
    """Return what was surveyed, in a line."""
    told = f"{counted(found.read, 'document')} of {found.there}" if found.sampled else counted(found.read, "document")
    others = f", {found.together} of them told of together as {OTHERS}" if found.together else ""
    number = len(found.sources) - bool(found.together) + found.together
    ignored = f"; files of other kinds left alone: {found.ignored}" if found.ignored else ""
    return f"{told} from {counted(number, 'source')}{others}{ignored}"


def summary(source: SourceSurvey) -> str:
    """Return what a source is, in a line."""
    parts = [counted(source.documents, "document"), f"{source.size} bytes"]
    if source.rejects.total:
        parts.append(f"{counted(source.rejects.total, 'reject')}")
    if source.first is not None and source.last is not None:
        parts.append(f"{source.first:%Y-%m-%d} to {source.last:%Y-%m-%d}")
    profiles = ", ".join(f"{name} ({count})" for name, count in source.profiles.most_common())
    return "; ".join(parts) + (f"; read with {profiles}" if profiles else "")


def tables(source: SourceSurvey, most: int) -> Iterator[Table]:
    """Yield the tables of a source that have rows, each with so many rows at most."""
    every = (
        _leaks(source, most),
        _simple("Page shapes", "shape", source.shapes, most),
        _datelines(source, most),
        _order(source),
        _simple("Lead-ins", "shape", source.leads, most),
        _keys(source, most),
        _marks(source, most),
        _flags(source, most),
        _lines(source, most),
        _simple("Encodings", "encoding", source.encodings, most),
        _simple("Languages", "language", source.languages, most),
        _simple("Rejects", "code", source.rejects, most),
        _simple("Warnings", "warning", source.warnings, most),
    )
    return (table for table in every if table.rows)


def _note(top: Top[Any]) -> str:
    if not top.missed:
        return ""
    return f"there are too many to count them all: each may have been seen up to {counted(top.missed, 'time')} more"


def _cut(rows: Iterable[tuple[str, ...]], most: int) -> tuple[tuple[tuple[str, ...], ...], int]:
    every = tuple(rows)
    return every[:most], max(0, len(every) - most)


def _simple(title: str, what: str, top: Top[Seen], most: int) -> Table:
    rows, more = _cut(((str(entry.count), name, entry.example or entry.uri) for name, entry in top.ranked()), most)
    return Table(title, ("count", what, "example"), rows, more=more, note=_note(top))


def _leaks(source: SourceSurvey, most: int) -> Table:
    rows, more = _cut(
        (
            (str(leak.cut), str(leak.count - leak.cut), name, _counts(leak.statuses), leak.example)
            for name, leak in source.leaks.ranked()
        ),
        most,
    )
    columns = ("cut", "kept", "leak", "status", "excerpt")
    return Table("Leaks", columns, rows, numbers=2, more=more, note=_note(source.leaks))


def _datelines(source: SourceSurvey, most: int) -> Table:
    rows, more = _cut(
        (
            (str(stamps.count), shape, _counts(stamps.statuses), stamps.examples[0])
            for shape, stamps in source.datelines.ranked()
        ),
        most,
    )
    columns = ("count", "shape", "read as", "example")
    return Table("Timestamp lines", columns, rows, more=more, note=_note(source.datelines))


def _order(source: SourceSurvey) -> Table:
    """Return what the timestamps tell of the source: order of day and month, offset, clocks of pictures."""
    facts, decided = source.facts, verdict(source.facts)
    rows = [
        (
            str(tally.count),
            f"order {name}",
            ", ".join(tally.days),
            "decided" if decided.order == name else "not decided",
        )
        for name, tally in facts.orders.items()
    ]
    rows += [
        (
            str(tally.count),
            f"offset {name}",
            ", ".join(tally.days),
            "decided" if decided.offset == name else "not decided",
        )
        for name, tally in facts.offsets.items()
    ]
    rows += [
        (str(count), f"newest picture {said.replace('_', ' ')} than the page", "", "")
        for said, count in sorted(source.media_clocks.items())
    ]
    return Table("What the timestamps tell", ("pages", "what", "days", "verdict"), tuple(rows))


def _keys(source: SourceSurvey, most: int) -> Table:
    columns = {told.rpartition(" = ")[0]: told.rpartition(" = ")[2] for told in reversed(list(source.filled))}
    rows, more = _cut(
        (
            (
                str(key.count),
                f"{source.keys.fill(key):.0%}",
                path,
                _counts(key.types) + (f", {key.look}" if key.look else ""),
                columns.get(path.rpartition(".")[2], ""),
                " · ".join(key.examples),
            )
            for path, key in source.keys.paths.ranked()
        ),
        most,
    )
    short = f"on {counted(source.keys.cut_short, 'page')} there was too much data to look at all of it"
    notes = (_note(source.keys.paths), short if source.keys.cut_short else "")
    titles = ("count", "fill", "key", "type", "column", "examples")
    return Table("Keys of leaked data", titles, rows, numbers=2, more=more, note="; ".join(filter(None, notes)))


def _marks(source: SourceSurvey, most: int) -> Table:
    read = [(entry.count, shape, "read", entry.examples) for shape, entry in source.sign_offs.ranked()]
    unread = [(entry.count, shape, "not read", entry.examples) for shape, entry in source.marks.ranked()]
    both = sorted([*read, *unread], key=lambda row: -row[0])
    rows, more = _cut(((str(count), shape, said, " · ".join(shown[:3])) for count, shape, said, shown in both), most)
    note = _note(source.sign_offs) or _note(source.marks)
    return Table("Sign-offs", ("count", "shape", "is", "examples"), rows, more=more, note=note)


def _flags(source: SourceSurvey, most: int) -> Table:
    read = [(entry.count, name, "known", entry.example) for name, entry in source.flags.ranked()]
    unread = [(entry.count, name, "not known", entry.example) for name, entry in source.unread_flags.ranked()]
    both = sorted([*read, *unread], key=lambda row: -row[0])
    rows, more = _cut(((str(count), name, said, shown) for count, name, said, shown in both), most)
    note = _note(source.flags) or _note(source.unread_flags)
    return Table("Flags of titles", ("count", "flag", "is", "example"), rows, more=more, note=note)


def _lines(source: SourceSurvey, most: int) -> Table:
    rows, more = _cut(
        (
            (str(entry.count), f"{entry.count / max(1, source.articles):.0%}", line, entry.uri)
            for line, entry in source.lines.ranked()
            if entry.count >= LINES_LEAST
        ),
        most,
    )
    note = _note(source.lines) if rows else ""
    columns = ("pages", "share", "line", "first on")
    return Table("Lines that repeat at head or foot", columns, rows, numbers=2, more=more, note=note)


def _counts(counts: Counter[str]) -> str:
    """Return how often each thing was counted; of a single thing only what it is."""
    entries = counts.most_common()
    return entries[0][0] if len(entries) == 1 else ", ".join(f"{number} {name}" for name, number in entries)
