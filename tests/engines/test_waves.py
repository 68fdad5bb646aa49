"""Documents in waves: each stage for all of them before the next, with outcomes and limits of their own."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.engines.limits import Limit
from pipeline.engines.waves import WAVE_BYTES, WAVE_DOCUMENTS, Turn, clean_in_step, waves
from pipeline.errors import RejectedDocument
from pipeline.model import Document, Record, Reject
from pipeline.profiles import load
from pipeline.stages import Cleaner, Steps

CLEANER = Cleaner(load())
WITHOUT_REST = (("opening", "segments"), ("text", "article"))
"""Stages that follow one another without a rest between them."""
PAGE = b"Ferry Back\n\nSun Mar 27, 2016 11:55:38\n\nThe ferry came back. Nobody had missed it.\n"


def turn(steps: Steps[Document | Reject], raw: bytes = b"", uri: str = "a.txt") -> Turn:
    return Turn(Record(uri, 0, raw), "run", steps)


def cleaning(record: Record) -> Steps[Document | Reject]:
    return (yield from CLEANER.steps(CLEANER.open(record)))


def outcomes(turns: Sequence[Turn], seconds: float = 60) -> list[Document | Reject | None]:
    with Limit(seconds) as limit:
        clean_in_step(turns, limit)
    return [each.outcome for each in turns]


def test_every_stage_goes_over_all_documents_before_the_next() -> None:
    seen: list[str] = []

    def steps(name: str, count: int) -> Steps[Document | Reject]:
        for stage in range(count):
            seen.append(f"{name}{stage}")
            yield "stage"
        return Reject(name, 0, "clean", "none", "")

    found = outcomes([turn(steps("a", 2)), turn(steps("b", 3)), turn(steps("c", 1))])
    assert seen == ["a0", "b0", "c0", "a1", "b1", "b2"]
    assert [each.source_uri for each in found if isinstance(each, Reject)] == ["a", "b", "c"]


def test_nobody_rests_behind_a_light_stage() -> None:
    seen: list[str] = []

    def steps(name: str) -> Steps[Document | Reject]:
        for stage in ("opening", "segments", "text", "article"):
            seen.append(f"{name} {stage}")
            yield stage
        return Reject(name, 0, "clean", "none", "")

    outcomes([turn(steps("a")), turn(steps("b"))])
    assert seen == [f"{name} {stage}" for stages in WITHOUT_REST for name in "ab" for stage in stages]


def test_a_wave_gives_what_each_document_gives_alone() -> None:
    records = [Record(f"{number}.txt", 0, PAGE * number) for number in range(1, 5)]
    turns = [Turn(record, "run", cleaning(record)) for record in records]
    assert outcomes(turns) == [CLEANER.clean(record) for record in records]


def test_what_goes_wrong_with_one_document_costs_no_other() -> None:
    def failing(error: Exception) -> Steps[Document | Reject]:
        yield "stage"
        raise error

    record = Record("fine.txt", 0, PAGE)
    wrong: list[Exception] = [ValueError("bad luck"), MemoryError(), RejectedDocument("text", "empty", "nothing")]
    turns = [*(turn(failing(error), b"Rain.") for error in wrong), Turn(record, "run", cleaning(record))]
    *rejects, document = outcomes(turns)
    assert [each.code for each in rejects if isinstance(each, Reject)] == ["internal_error", "out_of_memory", "empty"]
    assert all(each.raw == b"Rain." and each.run_id == "run" for each in rejects if isinstance(each, Reject))
    assert isinstance(document, Document)


def test_a_document_is_charged_for_all_of_its_turns_and_for_no_other() -> None:
    def slow(stages: int) -> Steps[Document | Reject]:
        for _ in range(stages):
            sum(range(500_000))
            yield "stage"
        return Reject("done", 0, "clean", "none", "")

    endless, *others = outcomes([turn(slow(10**6)), *(turn(slow(1)) for _ in range(20))], seconds=0.3)
    assert isinstance(endless, Reject)
    assert endless.code == "too_slow"
    assert all(isinstance(each, Reject) and each.code == "none" for each in others)


def test_waves_are_bounded_in_documents_and_in_bytes_and_keep_the_order() -> None:
    small = [turn(cleaning(Record("a.txt", 0, PAGE)), PAGE) for _ in range(WAVE_DOCUMENTS + 1)]
    assert [len(wave) for wave in waves(small)] == [WAVE_DOCUMENTS, 1]
    large = turn(cleaning(Record("a.txt", 0, PAGE)), b"x" * WAVE_BYTES)
    assert list(waves([small[0], "between", large, small[1]])) == [[small[0], "between", large], [small[1]]]
