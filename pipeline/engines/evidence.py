"""What the corpus tells of its sources: gathered shard by shard, judged once, and held to by every shard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.dates.evidence import Facts, SourceEvidence, Verdict, added, verdicts
from pipeline.engines.tally import MEDIA_CLOCKS
from pipeline.engines.task import ShardResult, ShardTask


@dataclass(frozen=True, slots=True)
class Judged:
    """The facts of every shard, and what they decide together.

    Attributes:
        facts: By number of the shard, then by source.
        decided: The verdict of each source that has one.
    """

    facts: Mapping[int, Mapping[str, Facts]]
    decided: Mapping[str, Verdict]

    def for_work(self) -> tuple[tuple[str, Verdict], ...]:
        """Return the verdicts as they travel to worker processes."""
        return tuple(sorted(self.decided.items()))


def judge(gathered: Sequence[ShardResult], known: Mapping[int, Mapping[str, Facts]]) -> Judged:
    """Return what all shards tell; an unchanged one tells what was ``known`` of it. The order of shards is nothing."""
    facts = {result.number: known[result.number] if result.unchanged else result.facts for result in gathered}
    return Judged(facts, verdicts(added(facts.values())))


def to_clean(
    tasks: Sequence[ShardTask], gathered: Sequence[ShardResult], judged: Judged, before: Mapping[str, SourceEvidence]
) -> list[ShardTask]:
    """Return the shards that have to be cleaned: those that changed, and those whose sources are judged anew.

    The rows of an input that did not change are then what a run over everything would give.
    """
    unchanged = {result.number for result in gathered if result.unchanged}
    anew = {
        source
        for source in {*judged.decided, *before}
        if judged.decided.get(source, Verdict()) != (before[source].decided if source in before else Verdict())
    }
    poison = {result.number: result.poison for result in gathered}
    wanted: list[ShardTask] = []
    for planned in tasks:
        task = replace(planned, poison=poison[planned.number])
        if not anew.isdisjoint(judged.facts[task.number]):
            wanted.append(replace(task, former=None))  # also its unchanged inputs are read otherwise now
        elif task.number not in unchanged:
            wanted.append(task)
    return wanted


def summary(judged: Judged, counts: Iterable[Mapping[str, int]]) -> dict[str, SourceEvidence]:
    """Return what the manifest keeps of each source."""
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
