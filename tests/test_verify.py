"""`verify` finds what is wrong: every law is broken here by hand, with hashes made to fit where it takes that."""

from __future__ import annotations

import random
import resource
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace

from pipeline import open_snapshot
from pipeline.engines.shard import configuration
from pipeline.errors import RejectedDocument, SnapshotError
from pipeline.model import Document, Record, doc_id
from pipeline.profiles import load
from pipeline.schema import TABLES
from pipeline.stages import Cleaner
from pipeline.store.snapshot import Snapshot
from pipeline.verify import Verification, verify
from tests.corpus import PAGES, clean, in_processor_time, write
from tests.tampering import Row, forget, replace_file, rewrite, where, write_manifest

FERRY = "harbour/ferry.txt"
FERRY_ID = doc_id(FERRY)


@pytest.fixture
def snapshot(committed: Path, tmp_path: Path) -> Snapshot:
    """Return a copy of the snapshot, to be broken."""
    shutil.copytree(committed, tmp_path / "copy", symlinks=True)
    return open_snapshot(tmp_path / "copy")


def laws(found: Verification) -> set[str]:
    """Return the laws that do not hold."""
    return {breach.law for breach in found.breaches}


def shard_of(snapshot: Snapshot, uri: str) -> int:
    """Return the shard that holds the rows of an input."""
    (shard,) = [entry.shard for entry in snapshot.manifest.inputs if entry.uri == uri]
    return shard


# ------------------------------------------------------------------------------------------------- all is well


@pytest.mark.parametrize("full", [False, True])
def test_a_good_snapshot_breaks_no_law(committed: Path, *, full: bool) -> None:
    found = verify(open_snapshot(committed), full=full)
    assert found.breaches == ()
    assert found.documents == len(PAGES)
    assert found.files == len(open_snapshot(committed).manifest.files)
    assert found.proven is full


def test_a_snapshot_without_rows_breaks_no_law(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    clean(tmp_path / "none", tmp_path / "clean")
    assert verify(open_snapshot(tmp_path / "clean"), full=True).breaches == ()


def test_a_snapshot_whose_inputs_are_gone_breaks_no_law(tmp_path: Path) -> None:
    pages = write(tmp_path / "pages")
    clean(pages, tmp_path / "clean")
    (pages / FERRY).unlink()
    (pages / "noise.txt").unlink()
    clean(pages, tmp_path / "clean", rebuild=True)
    assert verify(open_snapshot(tmp_path / "clean"), full=True).breaches == ()


def test_cuts_are_not_proven_by_other_code_than_made_them(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.engines.shard.code_digest", lambda: "other code")
    found = verify(snapshot, full=True)
    assert (found.breaches, found.proven) == ((), False)


def test_nothing_is_written_by_looking(committed: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in committed.rglob("*")}
    verify(open_snapshot(committed), full=True)
    assert {path: path.stat().st_mtime_ns for path in committed.rglob("*")} == before


# ------------------------------------------------------------------------------------------------------ files


@pytest.mark.parametrize("seed", range(4))
def test_one_flipped_bit_in_any_file_is_found(snapshot: Snapshot, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same bits every time, not a secret
    for entry in snapshot.manifest.files:
        path = snapshot.path / entry.table / entry.name
        raw = path.read_bytes()
        at, bit = chance.randrange(len(raw)), chance.randrange(8)
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :])
        (breach,) = verify(snapshot).breaches
        assert (breach.law, breach.where) == ("all or nothing", f"{entry.table}/{entry.name}"), (seed, at, bit)
        path.write_bytes(raw)
    assert verify(snapshot).breaches == ()


def test_each_of_300_flipped_bits_is_found_wherever_it_stands(snapshot: Snapshot) -> None:
    chance = random.Random(20160327)  # noqa: S311 - as above
    files = sorted(path for path in snapshot.path.rglob("*") if path.is_file())
    sizes = [path.stat().st_size for path in files]
    for _ in range(300):
        (path,) = chance.choices(files, sizes)
        raw = path.read_bytes()
        at, bit = chance.randrange(len(raw)), chance.randrange(8)
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :])
        assert is_found(snapshot), (path.name, at, bit)
        path.write_bytes(raw)
    assert not is_found(snapshot)


def is_found(snapshot: Snapshot) -> bool:
    """Whether `verify` says that something is wrong with a snapshot."""
    forget(snapshot)
    try:
        return bool(verify(snapshot).breaches)
    except SnapshotError:
        return True


@pytest.mark.parametrize("table", list(TABLES))
def test_a_missing_file_is_found(snapshot: Snapshot, table: str) -> None:
    path = snapshot.files(table)[0]
    path.unlink()
    (breach,) = verify(snapshot).breaches
    assert breach.law == "all or nothing"
    assert str(breach) == f"all or nothing: {table}/{path.name}: is missing"


def test_a_missing_folder_is_found(snapshot: Snapshot) -> None:
    shutil.rmtree(snapshot.path / "ledger")
    assert laws(verify(snapshot)) == {"all or nothing"}


@pytest.mark.parametrize("name", ["notes.txt", "part-000099-0123456789ab.parquet", ".hidden", "_SUCCESS", "folder/"])
def test_a_stranger_in_the_folder_of_a_table_is_found(snapshot: Snapshot, name: str) -> None:
    path = snapshot.path / "articles" / name
    if name.endswith("/"):
        path.mkdir()
    else:
        path.write_bytes(snapshot.files("articles")[0].read_bytes())
    (breach,) = verify(snapshot).breaches
    assert breach.where == f"articles/{path.name}"
    assert breach.law == "all or nothing"


def test_a_file_that_became_a_folder_is_found(snapshot: Snapshot) -> None:
    path = snapshot.files("articles")[0]
    path.unlink()
    path.mkdir()
    assert laws(verify(snapshot)) == {"all or nothing"}


def test_a_file_that_is_no_parquet_is_found(snapshot: Snapshot) -> None:
    replace_file(snapshot, snapshot.manifest.of_table("articles")[0], b"PAR1 but nothing else PAR1")
    assert laws(verify(snapshot)) == {"all or nothing"}


def test_a_file_with_other_rows_than_listed_is_found(snapshot: Snapshot) -> None:
    entry = snapshot.manifest.of_table("articles")[0]
    table = pq.read_table(snapshot.path / "articles" / entry.name)
    replace_file(snapshot, entry, pa.concat_tables([table, table]))
    assert laws(verify(snapshot)) == {"all or nothing"}


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.drop_columns(["title"]),
        lambda table: table.append_column("colour", pa.nulls(table.num_rows, pa.string())),
        lambda table: table.rename_columns(["id", *table.column_names[1:]]),
        lambda table: table.cast(table.schema.set(2, pa.field("record", pa.int32(), nullable=False))),
    ],
)
def test_other_columns_than_those_of_the_schema_are_found(
    snapshot: Snapshot, change: Callable[[pa.Table], pa.Table]
) -> None:
    entry = snapshot.manifest.of_table("articles")[0]
    replace_file(snapshot, entry, change(pq.read_table(snapshot.path / "articles" / entry.name)))
    assert laws(verify(snapshot)) == {"schema"}


def test_a_table_that_is_gone_from_disk_and_manifest_is_found(snapshot: Snapshot) -> None:
    rewrite(snapshot, "related_items", lambda _: [])
    shutil.rmtree(snapshot.path / "related_items")
    kept = tuple(entry for entry in snapshot.manifest.files if entry.table != "related_items")
    write_manifest(snapshot, files=kept)
    assert verify(snapshot).breaches


def test_a_damaged_manifest_is_an_error(snapshot: Snapshot) -> None:
    (snapshot.path / "manifest.json").write_bytes(b"{")
    with pytest.raises(SnapshotError, match="is damaged"):
        verify(Snapshot(snapshot.path))


# ----------------------------------------------------------------------------------------------------- tiling


def ferry(**changes: object) -> Callable[[list[Row]], list[Row]]:
    """Return a change of the second tile of one document."""
    return where({"doc_id": FERRY_ID, "ordinal": 1}, **changes)


def without_second_tile(rows: list[Row]) -> list[Row]:
    return [row for row in rows if (row["doc_id"], row["ordinal"]) != (FERRY_ID, 1)]


def twice_the_second_tile(rows: list[Row]) -> list[Row]:
    return [row for row in rows for _ in range(2 if (row["doc_id"], row["ordinal"]) == (FERRY_ID, 1) else 1)]


def without_last_tile(rows: list[Row]) -> list[Row]:
    own = [row for row in rows if row["doc_id"] == FERRY_ID]
    return [row for row in rows if not own or row is not own[-1]]


def without_any_tile(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["doc_id"] != FERRY_ID]


@pytest.mark.parametrize(
    "change",
    [
        without_second_tile,
        twice_the_second_tile,
        without_last_tile,
        without_any_tile,
        ferry(start=lambda start: start + 1),
        ferry(start=lambda start: start - 1),
        ferry(stop=lambda stop: stop + 1),
        ferry(stop=-1),
        where({"doc_id": FERRY_ID, "ordinal": 0}, start=1),
        where({"doc_id": FERRY_ID, "ordinal": 0}, start=-1),
    ],
)
@pytest.mark.parametrize("full", [False, True])
def test_tiles_that_do_not_cover_the_document_are_found(
    snapshot: Snapshot, change: Callable[[list[Row]], list[Row]], *, full: bool
) -> None:
    rewrite(snapshot, "ledger", change)
    found = verify(snapshot, full=full)
    assert laws(found) == {"tiling"}
    assert {breach.where for breach in found.breaches} == {FERRY}


@pytest.mark.parametrize("size", [0, 1, 10**9])
def test_a_size_that_the_tiles_do_not_fill_is_found(snapshot: Snapshot, size: int) -> None:
    rewrite(snapshot, "articles", where({"source_uri": FERRY}, raw_size=size))
    assert laws(verify(snapshot)) == {"tiling"}


def test_artifacts_that_are_not_numbered_as_the_article_says_are_found(snapshot: Snapshot) -> None:
    rewrite(snapshot, "artifacts", where({"doc_id": FERRY_ID}, ordinal=1))
    assert laws(verify(snapshot)) == {"tiling"}


# ------------------------------------------------------------------------------------------------ restore

Tampering = tuple[str, Callable[[list[Row]], list[Row]]]

RESTORE: Mapping[str, Tampering] = {
    "a letter of the body": ("articles", where({"source_uri": FERRY}, body=lambda text: text.replace("day", "dog"))),
    "no title": ("articles", where({"source_uri": FERRY}, title=None)),
    "the hash of the document": ("articles", where({"source_uri": FERRY}, raw_sha256="0" * 64)),
    "the bytes of an artifact": (
        "artifacts",
        where({"doc_id": FERRY_ID}, raw=lambda raw: raw.replace(b"Tide", b"tide")),
    ),
    "where an artifact stands": ("artifacts", where({"doc_id": FERRY_ID}, start=lambda start: start + 1)),
    "white space": ("ledger", where({"doc_id": FERRY_ID, "role": "blank"}, raw=b"\t\t")),
    "an artifact that there is not": ("ledger", where({"doc_id": FERRY_ID, "role": "artifact"}, artifact=7)),
    "a column that there is not": ("ledger", where({"doc_id": FERRY_ID, "role": "title"}, role="colour")),
    "an artifact's bytes from nowhere": ("ledger", where({"doc_id": FERRY_ID, "role": "artifact"}, artifact=None)),
    "a place in the column": ("ledger", where({"doc_id": FERRY_ID, "role": "body"}, text_start=3)),
    "a place without a start": ("ledger", where({"doc_id": FERRY_ID, "role": "body"}, text_start=None, text_stop=5)),
}


@pytest.mark.parametrize("name", RESTORE)
def test_documents_that_do_not_come_back_are_found(snapshot: Snapshot, name: str) -> None:
    rewrite(snapshot, *RESTORE[name])
    assert "restore" in laws(verify(snapshot, full=True))


def test_a_reject_whose_bytes_are_others_is_found(snapshot: Snapshot) -> None:
    rewrite(snapshot, "rejects", where({"source_uri": "noise.txt"}, raw=b"Der Maler"))
    assert "restore" in laws(verify(snapshot, full=True))


def test_a_reject_whose_bytes_are_gone_is_found(snapshot: Snapshot) -> None:
    rewrite(snapshot, "rejects", where({"source_uri": "noise.txt"}, raw=None))
    assert laws(verify(snapshot, full=True)) & {"restore", "nothing is lost"}


# --------------------------------------------------------------------------------------- identity and order


def in_all_tables(snapshot: Snapshot, uri: str, **changes: object) -> None:
    """Change the rows of a document in every table."""
    own = doc_id(uri)
    for table in ("articles", "related_items", "artifacts", "ledger"):
        rewrite(snapshot, table, where({"doc_id": own}, **changes))


def test_a_doc_id_that_is_not_that_of_the_place_is_found(snapshot: Snapshot) -> None:
    in_all_tables(snapshot, FERRY, doc_id="0" * 32)
    assert "identity" in laws(verify(snapshot))


def test_a_source_uri_that_is_not_that_of_the_identity_is_found(snapshot: Snapshot) -> None:
    rewrite(snapshot, "articles", where({"source_uri": FERRY}, source_uri="harbour/ferrz.txt"))
    assert verify(snapshot).breaches


def test_a_record_that_is_not_that_of_the_identity_is_found(snapshot: Snapshot) -> None:
    rewrite(snapshot, "articles", where({"source_uri": FERRY}, record=1))
    assert verify(snapshot).breaches


def test_a_document_that_was_never_an_input_is_found(snapshot: Snapshot) -> None:
    renamed = "harbour/ferry.txu"
    in_all_tables(snapshot, FERRY, doc_id=doc_id(renamed))
    rewrite(snapshot, "articles", where({"source_uri": FERRY}, source_uri=renamed))
    assert "nothing is lost" in laws(verify(snapshot))


def test_rows_out_of_order_inside_a_file_are_found(snapshot: Snapshot) -> None:
    entries = snapshot.manifest.of_table("articles")
    assert any(entry.rows > 1 for entry in entries)
    rewrite(snapshot, "articles", lambda rows: rows[::-1])
    assert "order" in laws(verify(snapshot))


def test_files_out_of_order_are_found(snapshot: Snapshot) -> None:
    manifest = snapshot.manifest
    last = max(shard.number for shard in manifest.shards)
    files = []
    for entry in manifest.files:
        data = {name: getattr(entry, name) for name in entry.__struct_fields__}
        files.append(type(entry)(**{**data, "shard": last - entry.shard if entry.shard >= 0 else entry.shard}))
    write_manifest(snapshot, files=tuple(files))
    assert "order" in laws(verify(snapshot))


# ----------------------------------------------------------------------------------------------------- counts


def counts_of(snapshot: Snapshot, **changes: int) -> dict[str, Any]:
    counts = snapshot.manifest.counts
    return {**counts, **{name: counts[name] + more for name, more in changes.items()}}


@pytest.mark.parametrize(
    "changes",
    [{"inputs": 1}, {"articles": -1}, {"inputs": 1, "articles": 1}, *[{table: 1} for table in TABLES]],
)
def test_counts_that_do_not_add_up_are_found(snapshot: Snapshot, changes: dict[str, int]) -> None:
    write_manifest(snapshot, counts=counts_of(snapshot, **changes))
    assert laws(verify(snapshot)) == {"nothing is lost"}


def test_an_article_that_is_gone_is_found(snapshot: Snapshot) -> None:
    rewrite(snapshot, "articles", lambda rows: [row for row in rows if row["source_uri"] != FERRY], counted=False)
    assert "nothing is lost" in laws(verify(snapshot))


def test_an_article_that_is_gone_though_the_counts_fit_is_found(snapshot: Snapshot) -> None:
    rewrite(snapshot, "articles", lambda rows: [row for row in rows if row["source_uri"] != FERRY])
    write_manifest(snapshot, counts=counts_of(snapshot, inputs=-1))
    assert "nothing is lost" in laws(verify(snapshot))


def test_an_input_that_is_gone_from_the_manifest_is_found(snapshot: Snapshot) -> None:
    write_manifest(snapshot, inputs=snapshot.manifest.inputs[1:])
    assert laws(verify(snapshot)) == {"nothing is lost"}


def test_an_input_that_stands_twice_in_the_manifest_is_found(snapshot: Snapshot) -> None:
    inputs = snapshot.manifest.inputs
    write_manifest(snapshot, inputs=(inputs[0], *inputs[:-1]))
    assert "nothing is lost" in laws(verify(snapshot))


def test_an_input_with_another_hash_than_its_rows_is_found(snapshot: Snapshot) -> None:
    first, *others = snapshot.manifest.inputs
    changed = type(first)(first.uri, "0" * 64, first.size, first.shard)
    write_manifest(snapshot, inputs=(changed, *others))
    assert verify(snapshot, full=True).breaches


def test_a_reject_that_is_gone_is_found(snapshot: Snapshot) -> None:
    rewrite(snapshot, "rejects", lambda rows: [row for row in rows if row["source_uri"] != "noise.txt"], counted=False)
    assert "nothing is lost" in laws(verify(snapshot))


@pytest.mark.parametrize("table", ["related_items", "artifacts", "ledger"])
def test_rows_of_a_document_that_there_is_not_are_found(snapshot: Snapshot, table: str) -> None:
    rewrite(snapshot, table, lambda rows: [*rows, {**rows[-1], "doc_id": "0" * 32}])
    assert verify(snapshot, full=True).breaches


# ---------------------------------------------------------------------------------- no proof, no cut; idempotent

UNPROVEN: Mapping[str, Tampering] = {
    "the status of a leak": ("artifacts", where({"doc_id": FERRY_ID}, status="repaired", reason="made up")),
    "the family of a leak": ("artifacts", where({"doc_id": FERRY_ID}, family="php_error")),
    "the value of a leak": ("artifacts", where({"doc_id": FERRY_ID}, value='"made up"')),
    "the JSON of a leak": ("artifacts", where({"doc_id": FERRY_ID}, json="[]")),
    "where the payload stands": ("artifacts", where({"doc_id": FERRY_ID}, payload_start=0)),
    "the headline": ("articles", where({"source_uri": FERRY}, headline="Made up")),
    "the time": ("articles", where({"source_uri": FERRY}, published_local=None)),
    "the warnings": ("articles", where({"source_uri": FERRY}, warnings=["made_up"])),
    "the title of a related item": ("related_items", where({"doc_id": FERRY_ID}, title="Made up")),
    "no related items": ("related_items", lambda rows: [row for row in rows if row["doc_id"] != FERRY_ID]),
    "the number of a tile": ("ledger", where({"doc_id": FERRY_ID, "ordinal": 1}, ordinal=99)),
    "the role of a tile": ("ledger", where({"doc_id": FERRY_ID, "role": "blank"}, role="kicker")),
    "the reason for a reject": ("rejects", where({"source_uri": "noise.txt"}, code="empty")),
}


@pytest.mark.parametrize("name", UNPROVEN)
def test_rows_that_cleaning_again_does_not_give_are_found(snapshot: Snapshot, name: str) -> None:
    rewrite(snapshot, *UNPROVEN[name])
    found = laws(verify(snapshot, full=True))
    assert found
    assert found <= {"no proof, no cut", "tiling", "restore", "nothing is lost"}


def test_an_article_among_the_rejects_is_found(snapshot: Snapshot) -> None:
    """A page hidden away as a reject, its bytes whole and every count as it ought to be."""
    shard = shard_of(snapshot, "noise.txt")
    hidden = next(
        entry.uri
        for entry in snapshot.manifest.inputs
        if entry.shard == shard and entry.uri not in ("noise.txt", "blank.txt")
    )
    row = {"stage": "text", "code": "empty", "message": "made up", "run_id": "made up", "record": 0}
    own = doc_id(hidden)
    for table in ("articles", "related_items", "artifacts", "ledger"):
        rewrite(snapshot, table, lambda rows: [row for row in rows if row["doc_id"] != own])
    rewrite(
        snapshot,
        "rejects",
        lambda rows: sorted(
            [*rows, {**row, "source_uri": hidden, "raw": PAGES[hidden]}]
            if any(other["source_uri"] == "noise.txt" for other in rows)
            else rows,
            key=lambda found: str(found["source_uri"]),
        ),
    )
    assert verify(snapshot, full=True).breaches


def test_a_body_that_changes_when_it_is_cleaned_is_found(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    cleaning = Cleaner.clean
    body = next(row["body"] for row in snapshot.arrow("articles").to_pylist() if row["source_uri"] == FERRY)

    def shortening(self: Cleaner, record: Record) -> Document:
        document = cleaning(self, record)
        if record.raw == body.encode():
            return replace(document, article=replace(document.article, body=body[1:]))
        return document

    monkeypatch.setattr(Cleaner, "clean", shortening)
    found = verify(snapshot, full=True)
    assert [(breach.law, breach.where) for breach in found.breaches] == [("idempotent", FERRY)]


def test_a_body_that_is_rejected_when_it_is_cleaned_is_found(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaning = Cleaner.clean
    body = next(row["body"] for row in snapshot.arrow("articles").to_pylist() if row["source_uri"] == FERRY)

    def refusing(self: Cleaner, record: Record) -> Document:
        if record.raw == body.encode():
            raise RejectedDocument("text", "empty", "made up")
        return cleaning(self, record)

    monkeypatch.setattr(Cleaner, "clean", refusing)
    assert laws(verify(snapshot, full=True)) == {"idempotent"}


def test_a_document_that_is_rejected_now_is_found(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    cleaning = Cleaner.clean

    def refusing(self: Cleaner, record: Record) -> Document:
        if record.source_uri == FERRY:
            raise RejectedDocument("text", "empty", "made up")
        return cleaning(self, record)

    monkeypatch.setattr(Cleaner, "clean", refusing)
    assert laws(verify(snapshot, full=True)) == {"no proof, no cut"}


# ------------------------------------------------------------------------------------------------- and it never fails


NUMBERS = [
    (table, column.name)
    for table in ("articles", "artifacts", "ledger")
    for column in TABLES[table].columns
    if pa.types.is_integer(column.type)
]


@pytest.mark.parametrize(("table", "column"), NUMBERS)
def test_absurd_numbers_are_found_without_believing_them(snapshot: Snapshot, table: str, column: str) -> None:
    bits = TABLES[table].arrow().field(column).type.bit_width - 1
    own = open_snapshot(snapshot.path.parents[1])
    for value in (2**bits - 1, -(2**bits)):
        rewrite(own, table, where({"doc_id": FERRY_ID}, **{column: value}))
        with memory(2 * 2**30), in_processor_time(10):
            found = verify(own, full=True)
        assert found.breaches, value


@contextmanager
def memory(more: int) -> Iterator[None]:
    """Let no more than so many bytes be asked for, so that a test that fails does not take the machine with it."""
    if not Path("/proc/self/statm").exists():
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def test_one_document_that_does_not_come_back_hides_no_other(snapshot: Snapshot) -> None:
    rewrite(snapshot, *RESTORE["a column that there is not"])
    rewrite(snapshot, "articles", where({"source_uri": "town/quay.txt"}, raw_size=0))
    found = verify(snapshot, full=True)
    assert {breach.where for breach in found.breaches} >= {FERRY, "town/quay.txt"}
    assert found.documents == len(PAGES)


def test_the_configuration_of_the_manifest_is_what_proving_asks_for(snapshot: Snapshot) -> None:
    assert configuration(load(), snapshot.manifest.settings) == snapshot.manifest.configuration
