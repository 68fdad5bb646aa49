"""What a section of the benchmark reports: figures, each beside its target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

SHARED_CASES = Path(__file__).resolve().parents[3] / "shared/cases"
"""Real cases with truth that stand beside some checkouts; sections that want them say so when they are not there."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number.

    Attributes:
        what: What was measured.
        value: The number, as it is printed.
        target: What it ought to be, as it is printed; empty for a number that is only told.
        met: Whether the target was reached; None without one.
    """

    what: str
    value: str
    target: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """The figures of one subject. ``note`` says what they were measured on, or why there are none."""

    title: str
    note: str
    figures: tuple[Figure, ...] = ()


Measure: TypeAlias = Callable[[int, int], list[Section]]
"""Measures a subject: takes the seed, and how many generated cases of each kind to read."""


def at_least(what: str, hits: int, of: int, target: float) -> Figure:
    """Return a share in percent that ought to be at least ``target``.

    >>> at_least("spans", 998, 1000, 99.5)
    Figure(what='spans', value='99.80 % (998 of 1000)', target='≥ 99.5 %', met=True)
    """
    share = 100 * hits / of if of else 0.0
    return Figure(what, f"{share:.2f} % ({hits} of {of})", f"≥ {target:g} %", share >= target)


def at_most(what: str, hits: int, of: int, target: float) -> Figure:
    """Return a share in percent that ought to be at most ``target``."""
    share = 100 * hits / of if of else 0.0
    return Figure(what, f"{share:.2f} % ({hits} of {of})", f"≤ {target:g} %", share <= target)
