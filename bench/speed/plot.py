"""A plot of a benchmark as SVG: a bar a setting, as long as its ratio to the floor, with the spread of its rounds."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bench.speed.measure import Rounds

WIDTH, LABELS, ROW, BAR = 760, 260, 26, 14
"""Pixels: of the plot, of the labels at its left, of a row, of the bar in it."""


def plot(found: Sequence[Rounds]) -> str:
    """Return the plot. The line at 1 is the floor."""
    longest = max(max(one.ratios) for one in found) * 1.05
    scale = (WIDTH - LABELS - 50) / longest
    height = ROW * (len(found) + 1) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif">',
        "<style>text { font-size: 12px }</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for place, one in enumerate(found):
        parts += _bar(one, 8 + place * ROW, scale)
    floor = LABELS + scale
    bottom = ROW * len(found) + 8
    parts += [
        f'<line x1="{floor:.1f}" y1="4" x2="{floor:.1f}" y2="{bottom}" stroke="#c00" stroke-dasharray="4 3"/>',
        f'<text x="{floor:.1f}" y="{bottom + 16}" text-anchor="middle" fill="#c00">the floor</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _bar(one: Rounds, top: int, scale: float) -> list[str]:
    setting = one.setting
    label = f"{setting.form}, {setting.documents:,} pages, {setting.leaking:.0%} leaking, {setting.processes} proc."
    low, high = (LABELS + ratio * scale for ratio in one.spread)
    middle = top + BAR / 2
    return [
        f'<text x="{LABELS - 8}" y="{top + 11}" text-anchor="end">{escape(label)}</text>',
        f'<rect x="{LABELS}" y="{top}" width="{one.ratio * scale:.1f}" height="{BAR}" fill="#4477aa"/>',
        f'<line x1="{low:.1f}" y1="{middle}" x2="{high:.1f}" y2="{middle}" stroke="#222"/>',
        f'<text x="{high + 6:.1f}" y="{top + 11}">{one.ratio:.2f}</text>',
    ]
