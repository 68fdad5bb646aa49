"""A large container is divided so that several workers can clean it, and nothing of that shows in what comes of it."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline import open_snapshot
from pipeline.engines.shard import clean_shard
from pipeline.engines.task import ShardResult, ShardTask, Work
from pipeline.job.share import Share, run_share
from pipeline.job.share_commit import commit_shares
from pipeline.model import Record, Reject
from pipeline.store import documents, part_reading
from pipeline.store import parts as module
from pipeline.store.discovery import discover
from pipeline.store.documents import Documents
from pipeline.store.inputs import Input
from pipeline.store.parts import split
from pipeline.store.readers import SPLITTERS, compression
from pipeline.store.readers.reading import TO_THE_END, ReadSettings
from pipeline.verify import verify
from tests import corpus
from tests.containers import COMPRESSIONS, jsonl, parquet, saying
from tests.corpus import clean, many, rows, write

SETTINGS = ReadSettings(max_record_bytes=1000)
TEXTS = [b"Rain fell on day %d. Nobody minded. %s\n" % (number, b"It was wet. " * (number % 5)) for number in range(60)]
ODD = b"\xef\xbb\xbf" + b"".join(
    (
        jsonl(TEXTS[:20]),
        b"\n \t\r\n{bad\n" + b'{"text": 1}\n',
        jsonl([b"Too long. " * 200]),
        jsonl(TEXTS[20:40], url="https://pier.example/1").replace(b"\n", b"\r\n"),
        b"[]\n\n" * 3,
        jsonl(TEXTS[40:]).removesuffix(b"\n"),
    )
)
"""Lines of all kinds: blank, bad, without text, too long, and a last one that does not end."""
COMPRESSED = {"": bytes, **{f".{suffix}": compress for suffix, compress in COMPRESSIONS.items()}}

pytestmark = pytest.mark.usefixtures("let_go")


@pytest.fixture
def let_go() -> Iterator[None]:
    """Let the container go that a test read parts of."""
    yield
    part_reading.let_go()


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have parts of a few records."""
    corpus.small_parts(monkeypatch)


def divided(path: Path, raw: bytes, settings: ReadSettings = SETTINGS) -> tuple[Input, list[Input]]:
    """Return a container as it was found, and its parts."""
    path.write_bytes(raw)
    (item,) = discover([str(path)]).inputs
    return item, list(split([item], settings))


def given(item: Input, settings: ReadSettings = SETTINGS) -> list[tuple[Any, ...]]:
    """Return all that is told of what stands in an input."""
    return [
        (each.record, each.raw, each.origin, *((each.code, each.message) if isinstance(each, Reject) else ()))
        for each in Documents(item, settings)
    ]


# --------------------------------------------------------------------------------------------- reading


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("suffix", COMPRESSED)
def test_the_parts_of_json_lines_hold_what_the_file_holds(tmp_path: Path, suffix: str) -> None:
    item, parts = divided(tmp_path / f"a.jsonl{suffix}", COMPRESSED[suffix](ODD))
    assert len(parts) > 5
    whole = given(item)
    assert [each[0] for each in whole] == list(range(len(whole)))
    assert [each for part in parts for each in given(part)] == whole


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
@pytest.mark.parametrize("order", [slice(None, None, 2), slice(1, None, 3), slice(None, None, -1)])
def test_parts_are_read_alike_whichever_were_read_before(tmp_path: Path, suffix: str, order: slice) -> None:
    item, parts = divided(tmp_path / f"a.jsonl{suffix}", COMPRESSED[suffix](ODD))
    whole = {each[0]: each for each in given(item)}
    for part in parts[order]:
        found = given(part)
        assert [whole[each[0]] for each in found] == found
        assert part.part is not None
        assert found[0][0] == part.part.first


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("suffix", [".gz", ".zst", ".bz2", ".xz"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[: len(raw) * 3 // 4],
        lambda raw: raw[:-3],
        lambda raw: raw[: len(raw) // 2] + b"\xff\x00\xff" + raw[len(raw) // 2 + 3 :],
        lambda raw: raw + b"no such stream",
        lambda raw: raw + raw[: len(raw) // 2],
    ],
    ids=["broken off", "without its end", "damaged", "with something behind", "followed by half of it"],
)
def test_damage_is_told_once_and_costs_what_stands_behind(
    tmp_path: Path, suffix: str, damage: Callable[[bytes], bytes]
) -> None:
    several = b"".join(COMPRESSED[suffix](jsonl(TEXTS[start : start + 20])) for start in (0, 20, 40))
    item, parts = divided(tmp_path / f"a.jsonl{suffix}", damage(several))
    whole = given(item)
    assert len(parts) > 1
    assert [each for part in parts for each in given(part)] == whole
    assert [len(each) for each in whole].count(5) == 1
    assert whole[-1][3] in {"truncated", "corrupt"}


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("rows_of_group", [1, 4, 60])
def test_the_parts_of_parquet_hold_what_the_file_holds(tmp_path: Path, rows_of_group: int) -> None:
    raw = parquet(TEXTS, rows_of_group, n=list(range(60)), kind=["wet"] * 60)
    item, parts = divided(tmp_path / "a.parquet", raw)
    assert len(parts) > 2
    whole = given(item)
    assert [each[1] for each in whole] == TEXTS
    for order in (slice(None), slice(None, None, 2), slice(None, None, -1)):
        assert sorted(each for part in parts[order] for each in given(part)) == sorted(
            each for part in parts[order] for each in whole[part.place[1] : part.part.stop if part.part else None]
        )


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_damaged_row_group_costs_the_same_rows_however_it_is_divided(tmp_path: Path, at: float) -> None:
    raw = bytearray(parquet(TEXTS, 30))
    place = int(raw.index(b"day 30") * at) if at < 0.5 else int(len(raw) * at * 0.6)
    raw[place : place + 40] = bytes(40)
    item, parts = divided(tmp_path / "a.parquet", bytes(raw))
    whole = given(item)
    assert len(parts) > 2
    assert [each for part in parts for each in given(part)] == whole
    assert {each[3] for each in whole if len(each) > 3} == {"corrupt"}


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(("said", "lost"), [(4101, [4099, 4100, 8200, 8201]), (10**12, [4099])], ids=["some", "no end"])
def test_rows_that_are_not_there_are_told_alike_however_a_file_is_divided(
    tmp_path: Path, said: int, lost: list[int]
) -> None:
    texts = [b"Rain fell on day %d." % number for number in range(2 * 4099)]
    item, parts = divided(tmp_path / "a.parquet", saying(parquet(texts, 4099), 4099, said))
    whole = given(item)
    assert [each for part in parts for each in given(part)] == whole
    assert [each[0] for each in whole if len(each) > 3] == lost
    assert (len(parts) > 1) is (said < 10**6)


@pytest.mark.usefixtures("small_parts")
def test_who_reads_parts_in_order_unpacks_a_file_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, parts = divided(tmp_path / "a.jsonl.gz", COMPRESSIONS["gz"](jsonl(TEXTS)))
    begun: list[object] = []

    class Counted(compression.Decompressed):
        def __init__(self, *arguments: Any) -> None:  # noqa: ANN401 - as they are declared
            begun.append(arguments)
            super().__init__(*arguments)

    monkeypatch.setattr(compression, "Decompressed", Counted)
    for part in parts[::2]:
        list(Documents(part, SETTINGS))
    assert len(begun) == 1


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("form", ["jsonl.zst", "jsonl", "parquet"])
def test_a_file_is_let_go_when_its_last_part_was_read(tmp_path: Path, form: str) -> None:
    raw = parquet(TEXTS) if form == "parquet" else COMPRESSED[form.removeprefix("jsonl")](jsonl(TEXTS))
    _, parts = divided(tmp_path / f"a.{form}", raw)

    def is_open() -> bool:
        return any(os.path.realpath(link) == str(tmp_path / f"a.{form}") for link in Path("/proc/self/fd").iterdir())

    list(Documents(parts[0], SETTINGS))
    assert is_open()
    list(Documents(parts[-1], SETTINGS))
    assert not is_open()
    next(iter(Documents(parts[1], SETTINGS)))
    assert not is_open()


# --------------------------------------------------------------------------------------------- dividing


def test_a_small_container_is_not_divided(tmp_path: Path) -> None:
    for name, raw in {
        "a.jsonl": jsonl(TEXTS),
        "b.jsonl.gz": COMPRESSIONS["gz"](jsonl(TEXTS)),
        "c.parquet": parquet(TEXTS),
    }.items():
        item, parts = divided(tmp_path / name, raw)
        assert parts == [item]


@pytest.mark.parametrize(
    ("records", "most"), [(100, 100), (1000, 64), (5000, 5000 // 2 // 32 + 1), (200_000, 200_000 // 2 // 32)]
)
def test_a_file_has_not_too_many_parts_until_they_are_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, records: int, most: int
) -> None:
    for place in ("parts", "readers.jsonl"):
        monkeypatch.setattr(f"pipeline.store.{place}.PART_BYTES", 20)
    monkeypatch.setattr(module, "LEAST_BYTES", 1)
    monkeypatch.setattr(module, "LARGEST_PART", 20 * 32)
    _, parts = divided(tmp_path / "a.jsonl", b'{"text":"a"}\n' * records)
    found = [part.part for part in parts if part.part is not None]
    assert most // 2 <= len(found) <= most
    assert [part.first for part in found] == [0, *(part.stop for part in found[:-1])]
    assert found[-1].stop == TO_THE_END
    assert sum(part.size for part in found) == 13 * records
    assert {part.sha256 for part in parts} == {parts[0].sha256}
    assert max(part.size for part in found) < 20 * 32 * 2


@pytest.mark.usefixtures("small_parts")
def test_where_parts_end_does_not_depend_on_how_many_files_are_divided_at_once(tmp_path: Path) -> None:
    pages = {
        f"{name}.jsonl.gz": COMPRESSIONS["gz"](jsonl(TEXTS[::step]))
        for name, step in zip("abc", (1, -1, 2), strict=True)
    }
    items = discover([str(write(tmp_path / "pages", pages))]).inputs
    assert list(split(items, SETTINGS, threads=3)) == list(split(items, SETTINGS))


@pytest.mark.usefixtures("small_parts")
def test_a_file_that_cannot_be_divided_is_read_as_a_whole(tmp_path: Path) -> None:
    for name in ("a.jsonl.gz", "b.parquet", "c.jsonl.zst"):
        item, parts = divided(tmp_path / name, b"It is something else. " * 100)
        assert parts == [item]
        assert [each[3] for each in given(item)] == ["mislabelled"]


# --------------------------------------------------------------------------------------------- what changes


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("suffix", ["", ".zst"])
def test_no_two_rows_have_one_place_where_a_file_changes_while_it_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.jsonl{suffix}"
    _, parts = divided(path, COMPRESSED[suffix](jsonl(TEXTS)))
    found: list[Record | Reject] = []
    for number, part in enumerate(parts):
        for each in Documents(part, SETTINGS):
            found.append(each)
            if (number, each.record - part.place[1]) == (2, 1):
                os.utime(path, (1, 1))
    records = [each.record for each in found]
    assert len(records) == len(set(records))
    told = [each for each in found if isinstance(each, Reject)]
    assert {each.code for each in told} == {"changed_while_read"}
    assert len(told) == len(parts) - 2


@pytest.mark.usefixtures("small_parts", "at_once")
@pytest.mark.parametrize("form", ["jsonl", "jsonl.zst", "parquet"])
def test_parts_that_could_not_be_read_are_read_in_the_next_run_though_the_file_holds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    raw = parquet(TEXTS) if form == "parquet" else COMPRESSED[form.removeprefix("jsonl")](jsonl(TEXTS))
    pages = write(tmp_path / "pages", {f"a.{form}": raw})
    with monkeypatch.context() as patched:
        patched.setattr(documents, "part_of", written_to(pages / f"a.{form}", within=3))
        clean(pages, tmp_path / "clean")
    rejects = rows(tmp_path / "clean")["rejects"]
    assert {each["code"] for each in rejects} == {"changed_while_read"}
    clean(pages, tmp_path / "clean")
    clean(pages, tmp_path / "anew")
    assert snapshot_of(tmp_path / "clean") == snapshot_of(tmp_path / "anew")
    assert rows(tmp_path / "clean")["rejects"] == []


def written_to(path: Path, within: int) -> Callable[..., Any]:
    """Return what comes to parts of a file, to which somebody writes what it holds while such a part is read."""
    come_to = itertools.count(1)

    @contextmanager
    def part_of(*asked: Any) -> Iterator[Any]:  # noqa: ANN401 - as it is asked
        with part_reading.part_of(*asked) as (source, found):
            yield source, rewritten(found) if next(come_to) == within else found

    def rewritten(found: Iterator[Any]) -> Iterator[Any]:
        path.write_bytes(path.read_bytes())
        yield from found

    return part_of


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("form", ["jsonl", "jsonl.gz", "parquet"])
def test_a_container_that_looks_the_same_keeps_its_parts_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    raw = parquet(TEXTS) if form == "parquet" else COMPRESSED[form.removeprefix("jsonl")](jsonl(TEXTS))
    pages = write(tmp_path / "pages", {f"a.{form}": raw})
    os.utime(pages / f"a.{form}", (1, 1))
    monkeypatch.setattr("pipeline.store.seen.CLOCK_SLACK", -1000.0)
    clean(pages, tmp_path / "clean")
    before = [entry.place for entry in open_snapshot(tmp_path / "clean").manifest.inputs]
    assert len(before) > 2
    opened: list[str] = []
    monkeypatch.setattr(module, "opened_input", lambda item: opened.append(item.path))
    done = clean(pages, tmp_path / "clean")
    assert (done.status, opened) == ("unchanged", [])
    write(pages, {"b.txt": TEXTS[0]})
    assert clean(pages, tmp_path / "clean").status == "committed"
    assert opened == []
    assert [entry.place for entry in open_snapshot(tmp_path / "clean").manifest.inputs][:-1] == before
    monkeypatch.undo()


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("form", ["jsonl.gz", "parquet"])
def test_a_container_that_was_only_touched_keeps_its_parts_and_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    raw = parquet(TEXTS) if form == "parquet" else COMPRESSIONS["gz"](jsonl(TEXTS))
    pages = write(tmp_path / "pages", {f"a.{form}": raw})
    clean(pages, tmp_path / "clean")
    os.utime(pages / f"a.{form}", (1, 1))
    monkeypatch.setattr("pipeline.store.parts.SPLITTERS", dict.fromkeys(SPLITTERS))
    assert clean(pages, tmp_path / "clean", checksum=True).status == "unchanged"
    assert clean(pages, tmp_path / "clean").status == "unchanged"


@pytest.mark.usefixtures("small_parts")
def test_a_container_whose_time_is_believed_is_not_opened_to_divide_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = write(tmp_path / "pages", {"a.jsonl.gz": COMPRESSIONS["gz"](jsonl(TEXTS))})
    clean(pages, tmp_path / "clean")
    before = list(open_snapshot(tmp_path / "clean").manifest.inputs)
    (tmp_path / "clean/.seen").unlink()
    monkeypatch.setattr(module, "opened_input", None)
    write(pages, {"b.txt": TEXTS[0]})
    future = datetime(2999, 1, 1, tzinfo=UTC)
    assert clean(pages, tmp_path / "clean", since=future).status == "committed"
    assert list(open_snapshot(tmp_path / "clean").manifest.inputs)[:-1] == before


@pytest.mark.usefixtures("small_parts")
def test_a_file_is_divided_where_others_are_not_enough_for_all_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 2)
    pages = write(tmp_path / "pages", {f"{name}.jsonl": jsonl(TEXTS) for name in "ab"})
    clean(pages, tmp_path / "clean")
    divided_then = [entry.place for entry in open_snapshot(tmp_path / "clean").manifest.inputs]
    assert {uri for uri, first in divided_then if first} == {"a.jsonl", "b.jsonl"}
    write(pages, {"c.jsonl": jsonl(TEXTS)})
    outcome = clean(pages, tmp_path / "clean", checksum=True)
    assert outcome.input_files is not None
    assert (outcome.input_files.unchanged, outcome.input_files.new, outcome.input_files.cleaned_again) == (2, 1, 0)
    inputs = [entry.place for entry in open_snapshot(tmp_path / "clean").manifest.inputs]
    assert inputs == [*divided_then, ("c.jsonl", 0)]
    clean(pages, tmp_path / "anew")
    assert [entry.place for entry in open_snapshot(tmp_path / "anew").manifest.inputs] == [
        (f"{name}.jsonl", 0) for name in "abc"
    ]
    assert rows(tmp_path / "anew") == rows(tmp_path / "clean")


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("form", ["jsonl", "jsonl.gz", "parquet"])
def test_a_container_that_grows_or_shrinks_gives_the_rows_that_cleaning_it_anew_gives(
    tmp_path: Path, form: str
) -> None:
    def packed(texts: list[bytes]) -> bytes:
        return parquet(texts) if form == "parquet" else COMPRESSED[form.removeprefix("jsonl")](jsonl(texts))

    for texts in (TEXTS[:40], TEXTS, TEXTS[5:30], TEXTS[:1]):
        pages = write(tmp_path / "pages", {f"a.{form}": packed(texts), "b.txt": TEXTS[0]})
        assert clean(pages, tmp_path / "clean").status == "committed"
        assert clean(pages, tmp_path / "clean", checksum=True).status == "unchanged"
        clean(pages, tmp_path / "anew", rebuild=True)
        assert rows(tmp_path / "clean") == rows(tmp_path / "anew")
        assert verify(open_snapshot(tmp_path / "clean"), full=True).breaches == ()
    (tmp_path / "pages" / f"a.{form}").unlink()
    clean(tmp_path / "pages", tmp_path / "clean")
    assert rows(tmp_path / "clean") == rows(tmp_path / "anew")


# --------------------------------------------------------------------------------------------- who cleans it

PAGES = list(many(60).values())
CORPORA: dict[str, bytes] = {
    "a.jsonl": jsonl(PAGES),
    "a.jsonl.gz": COMPRESSIONS["gz"](jsonl(PAGES)),
    "a.jsonl.zst": COMPRESSIONS["zst"](jsonl(PAGES)),
    "broken.jsonl.zst": COMPRESSIONS["zst"](jsonl(PAGES[:40])) + COMPRESSIONS["zst"](jsonl(PAGES[40:]))[:-40],
    "a.parquet": parquet(PAGES, 60),
    "groups.parquet": parquet(PAGES, 7),
}


def snapshot_of(out: Path) -> dict[str, Any]:
    """Return all that a snapshot says, without what names the run and its times."""
    snapshot = open_snapshot(out)
    manifest = snapshot.manifest
    files = [(entry.table, entry.name.rpartition("-")[0], entry.rows, entry.shard) for entry in manifest.files]
    return {
        "rows": rows(snapshot),
        "files": files,
        "inputs": list(manifest.inputs),
        "shards": manifest.shards,
        "counts": manifest.counts,
        "evidence": manifest.evidence,
    }


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have few pages be worth workers."""
    monkeypatch.setattr("pipeline.engines.sameness.WORTH_A_WORKER", 1)


@pytest.mark.usefixtures("small_parts", "at_once")
@pytest.mark.parametrize("name", CORPORA)
def test_any_number_of_workers_makes_the_same_snapshot_of_one_container(tmp_path: Path, name: str) -> None:
    pages = write(tmp_path / "pages", {name: CORPORA[name]})
    for workers in (1, 2, 3):
        clean(pages, tmp_path / f"{workers}", workers=workers)
    one = snapshot_of(tmp_path / "1")
    assert len(one["shards"]) > 3
    assert snapshot_of(tmp_path / "2") == one
    assert snapshot_of(tmp_path / "3") == one
    assert verify(open_snapshot(tmp_path / "3"), full=True).breaches == ()


@pytest.mark.usefixtures("small_parts", "at_once")
def test_several_workers_clean_parts_of_one_container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.engines.local.clean_shard", noted_shard)
    pages = write(tmp_path / "pages", {"a.jsonl.zst": CORPORA["a.jsonl.zst"]})
    clean(pages, tmp_path / "clean", workers=2)
    assert len(list((pages / ".workers").iterdir())) == 2


def noted_shard(task: ShardTask, work: Work) -> ShardResult:
    """Clean a shard as ever, wait until another process does as well, and note which process it was."""
    if work.sample is not None:
        return clean_shard(task, work)
    noted = Path(task.items[0].path if isinstance(task.items[0], Input) else "").parent / ".workers"
    noted.mkdir(exist_ok=True)
    (noted / str(os.getpid())).touch()
    corpus.wait_until(lambda: len(list(noted.iterdir())) > 1)
    return clean_shard(task, work)


def killed_once(task: ShardTask, work: Work) -> ShardResult:
    """Clean a shard as ever, but the first of a run is one whose worker somebody kills."""
    return (clean_shard if work.sample is not None else corpus.killed_once)(task, work)


DEADLY = 17


def deadly_part(task: ShardTask, work: Work) -> ShardResult:
    """Clean a shard as ever, but die of one record of a container."""
    for item in task.items:
        part = item.part if isinstance(item, Input) else None
        holds = part is None or part.first <= DEADLY < part.stop
        if holds and not task.leaves(DEADLY) and (item.source_uri, DEADLY) not in task.poison and work.sample is None:
            os.kill(os.getpid(), signal.SIGKILL)
    return clean_shard(task, work)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("name", ["a.jsonl.zst", "a.parquet"])
def test_a_record_that_kills_its_worker_costs_itself_in_a_part_as_in_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, name: str
) -> None:
    pages = write(tmp_path / "pages", {name: CORPORA[name]})
    for engine in ("local", "poison"):
        monkeypatch.setattr(f"pipeline.engines.{engine}.clean_shard", deadly_part)
    with corpus.in_time():
        clean(pages, tmp_path / "whole", workers=2, max_worker_memory=2**32)
        request.getfixturevalue("small_parts")
        clean(pages, tmp_path / "parts", workers=2)
    assert len(open_snapshot(tmp_path / "parts").manifest.shards) > 3
    assert [row["record"] for row in rows(tmp_path / "parts")["rejects"]] == [DEADLY]
    assert rows(tmp_path / "parts") == rows(tmp_path / "whole")


@pytest.mark.usefixtures("small_parts", "at_once")
def test_a_worker_that_somebody_kills_costs_time_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = write(tmp_path / "pages", {"a.jsonl.gz": CORPORA["a.jsonl.gz"]})
    clean(pages, tmp_path / "healthy")
    monkeypatch.setattr("pipeline.engines.local.clean_shard", killed_once)
    with corpus.in_time():
        clean(pages, tmp_path / "clean", workers=2)
    assert snapshot_of(tmp_path / "clean") == snapshot_of(tmp_path / "healthy")


CLEANING = """
import sys
from pathlib import Path
import pytest
from pipeline.job import Options, run
from tests.corpus import small_parts

if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch:
        small_parts(patch)
        patch.setattr("pipeline.engines.sameness.WORTH_A_WORKER", 1)
        run([sys.argv[1]], Path(sys.argv[2]), Options(workers=2))
"""


@pytest.mark.usefixtures("small_parts", "at_once")
def test_a_run_that_is_killed_over_a_container_leaves_nothing_and_the_next_one_gives_all(tmp_path: Path) -> None:
    pages = write(tmp_path / "pages", {"a.jsonl.zst": COMPRESSIONS["zst"](jsonl(list(many(600).values())))})
    out = tmp_path / "clean"
    with subprocess.Popen([sys.executable, "-c", CLEANING, pages, out], env=corpus.environment()) as run:
        corpus.wait_until(lambda: any(out.glob(".staging/**/*.parquet")) or run.poll() is not None)
        run.kill()
    assert run.returncode == -signal.SIGKILL
    assert not (out / "current").exists()
    clean(pages, out, workers=2)
    clean(pages, tmp_path / "healthy")
    assert snapshot_of(out) == snapshot_of(tmp_path / "healthy")


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.parquet"])
def test_shares_of_a_job_clean_parts_of_one_container(tmp_path: Path, name: str) -> None:
    pages = write(tmp_path / "pages", {name: CORPORA[name]})
    for number in (1, 2, 3, 3, 1, 2):
        run_share(Share(number, 3), [str(pages)], tmp_path / "clean")
    commit_shares(tmp_path / "clean")
    clean(pages, tmp_path / "healthy")
    shared, healthy = snapshot_of(tmp_path / "clean"), snapshot_of(tmp_path / "healthy")
    for each in ("rows", "files", "inputs", "counts", "evidence"):
        assert shared[each] == healthy[each]
