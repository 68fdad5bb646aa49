"""Tables on S3, on a server that this test starts: a commit by one conditional put, whatever breaks around it."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import tempfile
from pathlib import Path
from typing import Any

import pytest

from pipeline import open_snapshot
from pipeline.cli.options import COMMITTED, OUTPUT
from pipeline.errors import DescrapeError, OutputLockedError, SnapshotError, UsageError
from pipeline.job import Options, Outcome, replay, run
from pipeline.report import write as write_report
from pipeline.schema import TABLES
from pipeline.store.bucket import Bucket
from pipeline.store.bucket_gc import collect_on_s3
from pipeline.store.history import history, roll_back
from pipeline.store.mirror import CLAIM
from pipeline.store.past_runs import past_runs
from pipeline.store.restore import restore
from pipeline.store.snapshot import POINTER, SNAPSHOTS
from pipeline.verify import verify
from tests.corpus import FEW, PATIENCE, clean, contents, descrape, page, rows, small_shards, write
from tests.store.s3_server import TABLES_URL as URL
from tests.store.s3_server import Faults

s3fs = pytest.importorskip("s3fs", reason="the extra s3 is not installed")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture(autouse=True)
def faults(bucket: Faults, monkeypatch: pytest.MonkeyPatch) -> Faults:
    """Hold an empty bucket, and return what the proxy before it may be told."""
    small_shards(monkeypatch)
    return bucket


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Return a folder with a few of the invented pages."""
    return write(tmp_path / "pages", FEW)


def put(pages: Path, **options: Any) -> Outcome:  # noqa: ANN401 - as Options take them
    return run([str(pages)], URL, Options(**options))


def keys() -> dict[str, int]:
    return Bucket(URL).sizes("")


def test_tables_are_those_of_a_folder_and_every_reader_reads_them(pages: Path, tmp_path: Path) -> None:
    clean(pages, tmp_path / "local")
    assert put(pages).status == "committed"
    snapshot = open_snapshot(URL)
    assert snapshot.version == "v000001"
    assert rows(snapshot) == rows(tmp_path / "local")
    assert verify(snapshot, full=True).breaches == ()
    restore(snapshot, tmp_path / "again")
    readable = {name: raw for name, raw in contents(pages).items() if raw}
    assert contents(tmp_path / "again") == readable
    write_report(open_snapshot(URL), tmp_path / "report.html")
    assert "v000001" in (tmp_path / "report.html").read_text("utf-8")
    assert Bucket(URL).get(POINTER) is not None
    folders = {key.split("/")[2] for key in keys() if key.startswith(SNAPSHOTS)}
    assert folders == {*TABLES, CLAIM, "manifest.json", "manifest.json.sha256"}
    assert any(key.endswith("log.jsonl") for key in keys())


def test_only_the_tables_that_are_read_are_fetched(pages: Path) -> None:
    put(pages)
    snapshot = open_snapshot(URL)
    snapshot.arrow("rejects")
    assert {path.name for path in snapshot.path.iterdir() if path.is_dir()} == {"rejects"}


def test_a_second_run_goes_on_from_the_first(pages: Path, tmp_path: Path) -> None:
    clean(pages, tmp_path / "local")
    put(pages)
    assert put(pages).status == "unchanged"
    for raw, mirror in ((b"Changed. It is short.\n", None), (b"Changed again.\n\nIt is short.\n", tmp_path / "mirror")):
        write(pages, {"town/plain.txt": raw})
        assert put(pages, mirror=mirror).status == "committed"
        clean(pages, tmp_path / "local")
        assert rows(open_snapshot(URL)) == rows(tmp_path / "local")
    assert open_snapshot(URL).manifest.previous == "v000002"
    assert put(pages, mirror=tmp_path / "mirror").status == "unchanged"
    assert replay(URL).status == "unchanged"
    assert rows(open_snapshot(URL, "v000001")) != rows(open_snapshot(URL))


def test_what_a_mirror_holds_is_not_fetched_again(pages: Path, tmp_path: Path, faults: Faults) -> None:
    put(pages, mirror=tmp_path / "mirror")
    write(pages, {"town/plain.txt": b"Changed. It is short.\n"})
    put(pages)  # by another machine
    faults.path, faults.seen = ".parquet", []
    assert put(pages, mirror=tmp_path / "mirror").status == "unchanged"
    fetched = len(faults.seen)
    faults.seen = []
    assert put(pages, mirror=tmp_path / "other").status == "unchanged"
    assert 0 < fetched < len(faults.seen)


def test_a_mirror_is_of_one_address_and_no_output_of_its_own(pages: Path, tmp_path: Path) -> None:
    clean(pages, tmp_path / "local")
    with pytest.raises(UsageError, match="is an output itself"):
        put(pages, mirror=tmp_path / "local")
    put(pages, mirror=tmp_path / "mirror")
    with pytest.raises(UsageError, match="mirrors s3://bucket/tables/clean"):
        run([str(pages)], "s3://bucket/other", Options(mirror=tmp_path / "mirror"))
    with pytest.raises(UsageError, match="leave out --mirror"):
        run([str(pages)], tmp_path / "out", Options(mirror=tmp_path / "mirror"))


# ------------------------------------------------------------------------------------------- two at once


def test_of_two_that_commit_at_once_one_is_told_and_nothing_of_it_is_visible(pages: Path, tmp_path: Path) -> None:
    put(pages)
    other = write(tmp_path / "other", {**FEW, "town/new.txt": page("New", "It is new.")})
    write(pages, {"town/plain.txt": b"Changed. It is short.\n"})

    def overtaken() -> None:
        put(other)

    with pytest.raises(OutputLockedError, match="another run committed while this one worked"):
        run([str(pages)], URL, Options(), before_switch=overtaken)
    assert verify(open_snapshot(URL), full=True).breaches == ()
    assert "town/new.txt" in {row["source_uri"] for row in rows(open_snapshot(URL))["articles"]}
    assert open_snapshot(URL).version == "v000003"  # the loser had claimed the second
    assert put(pages).status == "committed"
    assert open_snapshot(URL).version == "v000004"


def _race(pages: Path, gate: Any, ends: Any, number: int) -> None:  # noqa: ANN401 - of multiprocessing
    write(pages, {f"town/{number}.txt": page(f"Number {number}", "It is new.")})
    try:
        run([str(pages)], URL, Options(), before_switch=gate.wait)
        ends.put((number, "committed"))
    except OutputLockedError:
        ends.put((number, "lost"))


def test_of_several_processes_at_the_gate_just_one_commits(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    gate, ends = context.Barrier(3), context.Queue()
    folders = [write(tmp_path / str(number), FEW) for number in range(3)]
    racers = [context.Process(target=_race, args=(folder, gate, ends, n)) for n, folder in enumerate(folders)]
    for racer in racers:
        racer.start()
    came = dict(ends.get(timeout=PATIENCE) for _ in racers)
    for racer in racers:
        racer.join()
    (winner,) = [number for number, end in came.items() if end == "committed"]
    uris = {row["source_uri"] for row in rows(open_snapshot(URL))["articles"]}
    assert {f"town/{n}.txt" for n in range(3)} & uris == {f"town/{winner}.txt"}
    assert verify(open_snapshot(URL), full=True).breaches == ()


# --------------------------------------------------------------------------------------- what is killed


def _killed(pages: Path, *, behind: bool) -> None:
    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if behind:
        from pipeline.store.mirror import MirroredOutput

        MirroredOutput.push_runs = lambda *_: die()  # type: ignore[method-assign] # behind the switch
        run([str(pages)], URL, Options())
    else:
        run([str(pages)], URL, Options(), before_switch=die)


@pytest.mark.parametrize("behind", [False, True])
def test_a_committer_killed_at_the_switch_leaves_all_or_nothing(pages: Path, tmp_path: Path, *, behind: bool) -> None:
    put(pages)
    before = rows(open_snapshot(URL))
    write(pages, {"town/plain.txt": b"Changed. It is short.\n"})
    clean(pages, tmp_path / "local")
    process = multiprocessing.get_context("fork").Process(target=_killed, args=(pages,), kwargs={"behind": behind})
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    seen = rows(open_snapshot(URL))
    assert seen == (rows(tmp_path / "local") if behind else before)
    # The next run goes on, and what the dead one left is collected once it has been passed.
    write(pages, {"town/plain.txt": b"Changed once more. It is short.\n"})
    put(pages)
    collected = collect_on_s3(URL, 1)
    assert collected.removed == ("v000001", "v000002")
    assert {key.split("/")[1] for key in keys() if key.startswith(SNAPSHOTS)} == {"v000003"}
    assert verify(open_snapshot(URL), full=True).breaches == ()


def test_what_may_still_be_on_its_way_is_not_collected(pages: Path) -> None:
    put(pages)
    Bucket(URL).put(f"{SNAPSHOTS}/v000002/{CLAIM}", b"another run")
    assert collect_on_s3(URL, 1).removed == ()
    write(pages, {"town/plain.txt": b"Changed. It is short.\n"})
    assert put(pages).version == "v000003"
    assert collect_on_s3(URL, 2, dry_run=True).removed == ("v000002",)
    assert collect_on_s3(URL, 2).removed == ("v000002",)
    assert collect_on_s3(URL, 2).kept == ("v000001", "v000003")
    assert collect_on_s3(URL, 3).removed == ()


def test_what_is_no_snapshot_is_neither_listed_nor_collected(pages: Path) -> None:
    put(pages)
    foreign = {f"{SNAPSHOTS}/{name}" for name in ("notes/manifest.json", "b1/part.parquet", "README.txt", "v1/x")}
    for key in foreign:
        Bucket(URL).put(key, b"somebody's own")
    assert [entry.version for entry in history(URL).entries] == ["v000001"]
    assert (history(URL).damaged, collect_on_s3(URL, 1).removed) == ((), ())
    assert foreign <= keys().keys()


# ------------------------------------------------------------------------------------- requests that fail


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        ("fails", POINTER),
        ("lost", POINTER),
        ("fails", CLAIM),
        ("lost", CLAIM),
        ("lost", "manifest.json"),
        ("fails", ".parquet"),
    ],
)
def test_a_put_that_fails_or_whose_answer_is_lost_is_done_once(
    pages: Path, faults: Faults, kind: str, end: str
) -> None:
    getattr(faults, kind)["PUT", end] = 2
    assert put(pages).status == "committed"
    assert getattr(faults, kind)["PUT", end] == 0
    assert open_snapshot(URL).version == "v000001"
    assert verify(open_snapshot(URL), full=True).breaches == ()


@pytest.mark.parametrize("end", [POINTER, ".parquet"])
def test_puts_that_fail_each_time_fail_the_run_and_change_nothing(pages: Path, faults: Faults, end: str) -> None:
    put(pages)
    before = rows(open_snapshot(URL))
    write(pages, {"town/plain.txt": b"Changed. It is short.\n"})
    faults.fails["PUT", end] = 10**6
    with pytest.raises(DescrapeError, match="failed 4 times"):
        put(pages)
    faults.fails.clear()
    assert rows(open_snapshot(URL)) == before
    assert put(pages).status == "committed"


def test_gets_that_fail_are_tried_again(pages: Path, faults: Faults) -> None:
    put(pages)
    faults.fails = {("GET", POINTER): 2, ("GET", "manifest.json"): 1, ("GET", ".parquet"): 2}
    assert len(rows(open_snapshot(URL))["articles"]) == len(FEW) - 1
    assert set(faults.fails.values()) == {0}


# ------------------------------------------------------------------------------------------ what is not there


def test_an_address_without_tables_says_so() -> None:
    with pytest.raises(SnapshotError, match="holds no snapshot yet"):
        open_snapshot(URL)
    with pytest.raises(UsageError, match="tables are written to folders and to s3://"):
        run(["pages"], "gs://bucket/clean")


def test_a_version_that_is_not_there_is_named(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(pages)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "held"))
    (tmp_path / "held").mkdir()
    for name in ("v000009", "../../outside", "", "latest"):
        with pytest.raises(SnapshotError, match=f"holds no snapshot '{re.escape(name)}'"):
            open_snapshot(URL, name)
    assert not (tmp_path / "outside").exists()


def test_a_client_that_knows_no_conditions_is_refused(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = s3fs.S3FileSystem().connect()
    members = client.meta.service_model.operation_model("PutObject").input_shape.members
    monkeypatch.delitem(members, "IfNoneMatch")
    with pytest.raises(UsageError, match="a newer botocore"):
        put(pages)
    assert not [key for key in keys() if not key.startswith("runs/")]


def test_the_commands_take_addresses(pages: Path) -> None:
    assert OUTPUT.convert(URL, None, None) == COMMITTED.convert(URL, None, None) == URL
    put(pages)
    checked = descrape("verify", URL)
    assert checked.returncode == 0, checked.stderr
    assert "every law holds" in checked.stdout
    explained = descrape("inspect", URL, "--doc", "harbour/ferry.txt")
    assert explained.stdout.startswith(f"harbour/ferry.txt  {len(FEW['harbour/ferry.txt'])} bytes"), explained.stderr


# ---------------------------------------------------------------------------------------------------- going back


def test_a_rollback_is_one_conditional_put_and_the_next_run_goes_on_from_there(pages: Path) -> None:
    put(pages)
    first = rows(open_snapshot(URL))
    write(pages, {"town/new.txt": b"A bridge opened.\n"})
    put(pages)
    assert [(entry.version, entry.previous) for entry in history(URL).entries] == [
        ("v000002", "v000001"),
        ("v000001", None),
    ]
    assert [each.version for each in past_runs(URL)] == ["v000002", "v000001"]
    assert roll_back(URL) == ("v000002", "v000001")
    assert (history(URL).current, rows(open_snapshot(URL))) == ("v000001", first)
    assert put(pages).version == "v000003"
    assert open_snapshot(URL).manifest.previous == "v000001"
    with pytest.raises(SnapshotError, match=r"holds no snapshot 'v9'; there are v000001, v000002, v000003"):
        roll_back(URL, "v9")


def test_a_rollback_meanwhile_makes_a_run_end_without_a_commit(pages: Path) -> None:
    put(pages)
    write(pages, {"town/new.txt": b"A bridge opened.\n"})
    put(pages)
    write(pages, {"town/newer.txt": b"It closed.\n"})

    def before_switch() -> None:
        roll_back(URL)

    with pytest.raises(OutputLockedError):
        run([str(pages)], URL, Options(), None, before_switch)
    assert history(URL).current == "v000001"
