"""The figures of a benchmark as lines and as a table."""

from __future__ import annotations

from collections.abc import Sequence

from bench.speed.measure import Rounds

HEADINGS = ("form", "pages", "MB", "leaking", "processes", "CPU to the floor", "spread", "MB a second", "peak MB")


def line(rounds: Rounds) -> str:
    """Return one line for the terminal."""
    form, number, size, leaking, processes, ratio, spread, speed, peak = cells(rounds)
    return (
        f"{form:8} {number:>9} pages {size:>6} MB {leaking:>5} leaking {processes} processes: "
        f"{ratio} x the floor ({spread}), {speed} MB/s, peak {peak} MB"
    )


def markdown(found: Sequence[Rounds], machine: str) -> str:
    """Return the table of a page."""
    rows = [HEADINGS, ("---",) * len(HEADINGS), *map(cells, found)]
    rounds = max(len(one.job) for one in found)
    told = f"Median of {rounds} rounds on {machine}; the spread is the smallest and the largest ratio of a round."
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + f"\n\n{told}\n"


def cells(rounds: Rounds) -> tuple[str, ...]:
    """Return what the table says of a setting."""
    setting = rounds.setting
    low, high = rounds.spread
    return (
        setting.form,
        f"{setting.documents:,}",
        f"{rounds.size / 1e6:.1f}",
        f"{setting.leaking:.0%}",
        str(setting.processes),
        f"{rounds.ratio:.2f}",
        f"{low:.2f}–{high:.2f}",
        f"{rounds.size / 1e6 / rounds.wall:.1f}",
        f"{rounds.memory / 1e6:.0f}",
    )
