"""``python -m bench.quality``: print every section, each figure beside its target; exit with 1 when one is missed."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping

import click

from bench.quality import context, datelines, framework_dumps, json_recovery, leadins, leaks, php_dumps, php_errors
from bench.quality.figures import Measure, Section

SUBJECTS: Mapping[str, Measure] = {
    "php_dumps": php_dumps.measure,
    "framework_dumps": framework_dumps.measure,
    "php_errors": php_errors.measure,
    "leaks": leaks.measure,
    "context": context.measure,
    "json_recovery": json_recovery.measure,
    "datelines": datelines.measure,
    "leadins": leadins.measure,
}
"""Every subject that is measured, in the order it is printed."""


@click.command()
@click.option("--seed", type=int, default=None, help="Seed of the generated cases; a fresh one when left out.")
@click.option("--size", type=click.IntRange(min=1), default=1000, show_default=True, help="Cases of each kind.")
@click.option("--only", type=click.Choice(sorted(SUBJECTS)), multiple=True, help="Measure this subject alone.")
def main(seed: int | None, size: int, only: tuple[str, ...]) -> None:
    """Measure how much is read right."""
    seed = secrets.randbelow(2**32) if seed is None else seed
    print(f"seed {seed}, {size} cases of each kind")
    missed = 0
    for name in only or SUBJECTS:
        for section in SUBJECTS[name](seed, size):
            _print(section)
            missed += sum(figure.met is False for figure in section.figures)
    if missed:
        print(f"\n{missed} targets missed")
    sys.exit(1 if missed else 0)


def _print(section: Section) -> None:
    print(f"\n{section.title}\n  {section.note}")
    width = max((len(figure.what) for figure in section.figures), default=0)
    for figure in section.figures:
        verdict = {None: "", True: "met", False: "MISSED"}[figure.met]
        print(f"  {figure.what:<{width}}  {figure.value:>32}  {figure.target:<10} {verdict}".rstrip())


if __name__ == "__main__":
    main()
