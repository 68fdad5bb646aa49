"""What the corpus tells of its sources: gathered shard by shard, judged once, and held to by every shard.

A corpus is judged when all of it was read, and its rows depend on the verdicts. So that it need not be read twice,
shards are cleaned by what is assumed of their sources: what the last snapshot decided, or else what a sample tells. A
shard of which that turns out to be wrong is cleaned again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.dates.evidence import UNDECIDED, Facts, SourceEvidence, Verdict, added, verdicts
from pipeline.engines.tally import MEDIA_CLOCKS
from pipeline.engines.task import ShardResult, ShardTask
from pipeline.store.manifest import Told


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What the last snapshot holds of what a shard tells: by source, and input by input."""

    facts: Mapping[str, Facts]
    told: Told


@dataclass(frozen=True, slots=True)
class Judged:
    """The facts of every shard, and what they decide together.

    Attributes:
        facts: By number of the shard, then by source.
        told: By number of the shard, input by input.
        decided: The verdict of each source that has one.
    """

    facts: Mapping[int, Mapping[str, Facts]]
    told: Mapping[int, Told]
    decided: Mapping[str, Verdict]


def for_work(decided: Mapping[str, Verdict]) -> tuple[tuple[str, Verdict], ...]:
    """Return verdicts as they travel to worker processes."""
    return tuple(sorted(decided.items()))


def decided_before(evidence: Mapping[str, SourceEvidence]) -> dict[str, Verdict]:
    """Return the verdicts that the rows of a snapshot were made with."""
    return {source: told.decided for source, told in evidence.items() if told.decided != UNDECIDED}


def sampled(gathered: Iterable[ShardResult]) -> dict[str, Verdict]:
    """Return the verdicts that a sample of each shard suggests."""
    return verdicts(added(result.facts for result in gathered))


def judge(gathered: Sequence[ShardResult], known: Mapping[int, KnownFacts]) -> Judged:
    """Return what all shards tell; an unchanged one tells what was ``known`` of it. The order of shards is nothing."""
    told = {result.number: known[result.number] if result.unchanged else result for result in gathered}
    facts = {number: of_shard.facts for number, of_shard in told.items()}
    return Judged(facts, {number: of_shard.told for number, of_shard in told.items()}, verdicts(added(facts.values())))


def to_clean(
    tasks: Sequence[ShardTask], gathered: Sequence[ShardResult], judged: Judged, before: Mapping[str, SourceEvidence]
) -> list[ShardTask]:
    """Return the shards that have to be cleaned, where facts were gathered before anything is cleaned.

    Those are the shards that changed, and those of whose sources something else was decided before.
    """
    unchanged = {result.number for result in gathered if result.unchanged}
    anew = {task.number: task for task in to_clean_again(tasks, gathered, judged, decided_before(before))}
    poison = {result.number: result.poison for result in gathered}
    return [
        anew.get(task.number) or replace(task, poison=poison[task.number])
        for task in tasks
        if task.number in anew or task.number not in unchanged
    ]


def to_clean_again(
    tasks: Sequence[ShardTask], results: Sequence[ShardResult], judged: Judged, assumed: Mapping[str, Verdict]
) -> list[ShardTask]:
    """Return the shards of whose sources something else was assumed than the corpus decides.

    All their inputs are cleaned, also those that did not change: the rows are then what a run over everything gives.
    """
    wrong = {
        source
        for source in {*judged.decided, *assumed}
        if judged.decided.get(source, UNDECIDED) != assumed.get(source, UNDECIDED)
    }
    poison = {result.number: result.poison for result in results}
    return [
        replace(task, former=None, poison=poison[task.number])
        for task in tasks
        if not wrong.isdisjoint(judged.facts[task.number])
    ]


def summary(judged: Judged, counts: Iterable[Mapping[str, int]]) -> dict[str, SourceEvidence]:
    """Return what the manifest keeps of each source; also of one of which nothing is decided it says so.

    A verdict that is the default itself would be left out.
    """
    clocks: dict[str, dict[str, int]] = {}
    for shard in counts:
        for name, number in shard.items():
            if name.startswith(MEDIA_CLOCKS):
                source, _, said = name.removeprefix(MEDIA_CLOCKS).rpartition(".")
                told = clocks.setdefault(source, {})
                told[said] = told.get(said, 0) + number
    return {
        source: SourceEvidence(
            seen, judged.decided.get(source, Verdict()), dict(sorted(clocks.get(source, {}).items()))
        )
        for source, seen in added(judged.facts.values()).items()
    }
