"""Drawings as SVG: plain functions from numbers to markup. Text is escaped, and nothing needs a script or a style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from markupsafe import Markup, escape

COLUMNS = 92
"""Columns of a chart over time at most."""
FLOW_WIDTH, FLOW_HEIGHT, FLOW_GAP = 760, 300, 26
FLOW_NODE, FLOW_LEAST = 14, 3
OUTLYING = 200
"""One document in so many, at either end, may be left to a remark, such as one whose year is a slip of the pen."""


class Part(NamedTuple):
    """A part of a bar: how much, its class of colour, and what it is called when somebody points at it."""

    value: float
    colour: str
    name: str


def bar(parts: Sequence[Part], whole: float) -> Markup:
    """Return a bar whose parts stand one behind the other; ``whole`` is what the full width means.

    >>> bar([Part(1, "exact", "1 exact")], 2).count("<rect")
    1
    """
    drawn: list[Markup] = []
    position = 0.0
    for part in parts:
        if part.value > 0:
            width = max(100 * part.value / whole, 0.4) if whole else 0.0
            drawn.append(_rect(position, 0, width, 10, part.colour, part.name))
            position += width
    return Markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
    ).format(Markup("").join(drawn))


def _rect(x: float, y: float, width: float, height: float, colour: str, name: str) -> Markup:  # noqa: PLR0913, PLR0917 - a rectangle
    return Markup(
        '<rect x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}" class="{}"><title>{}</title></rect>'
    ).format(x, y, width, height, colour, name)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Documents over time: the drawing, what one column is, and what lies outside of it."""

    drawing: Markup
    first: date
    last: date
    unit: str
    most: int
    outside: int


def timeline(days: Mapping[date, int]) -> Timeline | None:
    """Return a chart of documents by day, or by longer spans where there are too many days; None when there are none.

    >>> timeline({date(2016, 3, 27): 2, date(2016, 3, 29): 1}).unit
    'day'
    """
    if not days:
        return None
    first, last = _bulk(days)
    span = (last - first).days + 1
    step = -(-span // COLUMNS)
    counts = [0] * -(-span // step)
    outside = 0
    for day, count in days.items():
        if first <= day <= last:
            counts[(day - first).days // step] += count
        else:
            outside += count
    most = max(counts)
    drawn = [
        _rect(place + 0.08, 40 - 40 * count / most, 0.84, 40 * count / most, "day", _span(first, place, step, count))
        for place, count in enumerate(counts)
        if count
    ]
    wide = max(len(counts), 14)  # so that a few days do not become a few walls
    drawing = Markup(
        '<svg class="timeline" viewBox="0 0 {} 40" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    ).format(wide, f"Documents from {first} to {last}", Markup("").join(drawn))
    return Timeline(drawing, first, last, "day" if step == 1 else f"{step} days", most, outside)


def _bulk(days: Mapping[date, int]) -> tuple[date, date]:
    """Return the first and the last day to draw: without the outermost few documents, if those stand far off."""
    ordered = sorted(days)
    spare = -(-sum(days.values()) // OUTLYING)
    low = _passed(days, ordered, spare)
    high = len(ordered) - 1 - _passed(days, ordered[::-1], spare)
    if low < high and 2 * (ordered[high] - ordered[low]) < ordered[-1] - ordered[0]:
        return ordered[low], ordered[high]
    return ordered[0], ordered[-1]


def _passed(days: Mapping[date, int], ordered: Sequence[date], spare: int) -> int:
    """Return how many of the first days hold no more than the spare documents together."""
    for place, day in enumerate(ordered):
        spare -= days[day]
        if spare < 0:
            return place
    return 0


def _span(first: date, place: int, step: int, count: int) -> str:
    start = first + timedelta(days=place * step)
    end = start + timedelta(days=step - 1)
    return f"{start}: {count}" if step == 1 else f"{start} to {end}: {count}"


class Branch(NamedTuple):
    """What became of a part of the inputs."""

    name: str
    number: int
    colour: str


def flow(whole: int, branches: Sequence[Branch]) -> Markup:
    """Return inputs flowing into what became of them, each band as wide as its share.

    >>> flow(2, [Branch("articles", 2, "text")]).count("<path")
    1
    """
    shown = [branch for branch in branches if branch.number]
    room = FLOW_HEIGHT - FLOW_GAP * max(len(shown) - 1, 0) - FLOW_GAP
    heights = [max(room * branch.number / whole, FLOW_LEAST) for branch in shown]
    height = sum(heights)
    bands: list[Markup] = []
    left, right = FLOW_GAP / 2 * (1 + max(len(shown) - 1, 0)), FLOW_GAP / 2
    top = left
    begin, end = 130, 430
    for branch, thick in zip(shown, heights, strict=True):
        bands.append(_band(begin + FLOW_NODE, left, end, right, thick, branch))
        left += thick
        right += thick + FLOW_GAP
    node = _rect(begin, top, FLOW_NODE, height, "in", f"{whole} inputs")
    label = Markup('<text x="{}" y="{:.1f}" text-anchor="end"><tspan class="n">{:,}</tspan> inputs</text>').format(
        begin - 10, top + height / 2 + 5, whole
    )
    told = escape("; ".join(f"{branch.number} {branch.name}" for branch in shown))
    return Markup(
        '<svg class="flow" viewBox="0 0 {} {:.0f}" role="img" aria-label="{} inputs: {}">{}{}{}</svg>'
    ).format(FLOW_WIDTH, right + 4, whole, told, Markup("").join(bands), node, label)


def _band(x: float, y: float, to_x: float, to_y: float, thick: float, branch: Branch) -> Markup:  # noqa: PLR0913, PLR0917 - two ends of a band
    middle = (x + to_x) / 2
    path = (
        f"M{x:.1f} {y:.1f}C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
        f"V{to_y + thick:.1f}C{middle:.1f} {to_y + thick:.1f} {middle:.1f} {y + thick:.1f} {x:.1f} {y + thick:.1f}Z"
    )
    return Markup(
        '<path d="{}" class="band {}"><title>{}</title></path>'
        '<rect x="{:.1f}" y="{:.1f}" width="{}" height="{:.1f}" class="{}"/>'
        '<text x="{:.1f}" y="{:.1f}"><tspan class="n">{:,}</tspan> {}</text>'
    ).format(
        path,
        branch.colour,
        f"{branch.number} {branch.name}",
        to_x,
        to_y,
        FLOW_NODE,
        thick,
        branch.colour,
        to_x + FLOW_NODE + 10,
        to_y + thick / 2 + 5,
        branch.number,
        branch.name,
    )
