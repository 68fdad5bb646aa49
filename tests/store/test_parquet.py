from __future__ import annotations

import gc
import json
import random
import resource
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import __version__, open_snapshot
from pipeline.errors import SnapshotError
from pipeline.schema import SCHEMA_VERSION, TABLES
from pipeline.store.parquet import DICTIONARIES, StagedTables, open_writer, seal
from pipeline.store.snapshot import read_file
from pipeline.store.tables import empty
from tests.corpus import clean, rows

TEXT = pa.table({"text": ["a", "b", "c"]})


@pytest.fixture
def tables(pages: Path, out: Path) -> dict[str, Path]:
    """Return the one file of every table."""
    clean(pages, out)
    return {table: open_snapshot(out).files(table)[0] for table in TABLES}


@pytest.mark.parametrize("table", list(TABLES))
def test_every_column_is_compressed_with_zstd(tables: dict[str, Path], table: str) -> None:
    with pq.ParquetFile(tables[table]) as file:
        group = file.metadata.row_group(0)
        assert {group.column(number).compression for number in range(group.num_columns)} == {"ZSTD"}


@pytest.mark.parametrize("table", list(TABLES))
def test_only_what_pages_near_each_other_repeat_has_a_dictionary(tables: dict[str, Path], table: str) -> None:
    with pq.ParquetFile(tables[table]) as file:
        group = file.metadata.row_group(0)
        columns = [group.column(number) for number in range(group.num_columns)]
    found = {column.path_in_schema for column in columns if column.dictionary_page_offset is not None}
    assert found == {*DICTIONARIES.get(table, ())}


@pytest.mark.parametrize("table", list(TABLES))
def test_a_bit_that_flips_in_any_page_is_noticed_on_reading(tables: dict[str, Path], table: str) -> None:
    raw = tables[table].read_bytes()
    with pq.ParquetFile(tables[table]) as file:
        group = file.metadata.row_group(0)
        columns = [group.column(number) for number in range(group.num_columns)]
    starts = [column.dictionary_page_offset or column.data_page_offset for column in columns]
    spans = [(start, start + column.total_compressed_size) for start, column in zip(starts, columns, strict=True)]
    chance = random.Random(table)  # noqa: S311 - the same bits every time, not a secret
    for start, stop in spans:
        at = chance.randrange(start, stop)
        flipped = bytearray(raw)
        flipped[at] ^= 1 << chance.randrange(8)
        tables[table].write_bytes(flipped)
        try:
            found = read_file(tables[table])
        except SnapshotError as error:
            assert tables[table].name in str(error)  # noqa: PT017 - a flip in a page's head may also do no harm
        else:
            tables[table].write_bytes(raw)
            assert found == read_file(tables[table])


def test_a_bit_that_flips_in_the_data_of_a_page_is_told_from_the_checksum(tmp_path: Path) -> None:
    path = tmp_path / "rejects.parquet"
    text = "Rain fell on the pier. " * 40
    row = {"source_uri": "a", "record": 0, "stage": "s", "code": "c", "message": text, "raw": None, "run_id": "r"}
    schema = TABLES["rejects"].arrow()
    with open_writer(path, TABLES["rejects"], "run") as writer:
        writer.write_table(pa.Table.from_pylist([row], schema))
    with pq.ParquetFile(path) as file:
        column = file.metadata.row_group(0).column(schema.get_field_index("message"))
        stop = (column.dictionary_page_offset or column.data_page_offset) + column.total_compressed_size
    raw = bytearray(path.read_bytes())
    raw[stop - 1] ^= 1
    path.write_bytes(raw)
    with pytest.raises(SnapshotError, match=r"(?i)crc|checksum"):
        read_file(path)


@pytest.mark.parametrize("table", list(TABLES))
def test_a_file_tells_its_version_its_meaning_and_its_run(tables: dict[str, Path], table: str, out: Path) -> None:
    with pq.ParquetFile(tables[table]) as file:
        found = {key.decode(): value.decode() for key, value in file.metadata.metadata.items()}
    run_id = open_snapshot(out).manifest.run_id
    assert found["descrape.version"] == __version__
    assert found["descrape.schema_version"] == str(SCHEMA_VERSION)
    assert found["descrape.run_id"] == run_id
    assert table in found["descrape.table"]
    meanings = {column.name: column.meaning for column in TABLES[table].columns}
    assert json.loads(found["descrape.columns"]) == meanings


@pytest.mark.parametrize("table", list(TABLES))
def test_a_file_has_the_columns_of_the_schema_each_with_its_meaning(tables: dict[str, Path], table: str) -> None:
    schema = pq.read_schema(tables[table])
    assert schema.equals(TABLES[table].arrow())
    for column in TABLES[table].columns:
        field = schema.field(column.name)
        assert field.metadata[b"meaning"].decode() == column.meaning
        assert (field.type, field.nullable) == (column.type, column.nullable)


def test_a_batch_is_a_row_group(pages: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.engines.shard.BATCH_DOCUMENTS", 3)
    clean(pages, out)
    (path,) = open_snapshot(out).files("articles")
    with pq.ParquetFile(path) as file:
        groups = [file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups)]
    assert sum(groups) == len(rows(out)["articles"])
    assert len(groups) > 1
    assert max(groups) <= 3


def test_a_table_without_rows_gets_no_staged_file(tmp_path: Path) -> None:
    with StagedTables(tmp_path, "000000", "run") as staged:
        staged.write({table: empty(table) for table in TABLES})
    assert staged.files == ()
    assert list(tmp_path.iterdir()) == []


def test_files_that_there_is_no_room_for_are_all_given_up(
    pages: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean(pages, out)
    said: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: said.append(str(told.exc_value)))
    batch = {table: open_snapshot(out).arrow(table) for table in ("ledger", "artifacts", "rejects")}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def written() -> None:
        with StagedTables(tmp_path, "000000", "run") as staged:
            staged.write(batch)
            resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
            staged.write(batch)

    try:
        with pytest.raises(OSError, match="File too large"):
            written()
        gc.collect()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert said == []


def test_what_is_sealed_is_what_stands_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(TEXT, path)
    done = seal(path, "articles", 3)
    assert (done.table, done.rows, done.path) == ("articles", 3, str(path))
    assert done.size == path.stat().st_size
    path.write_bytes(path.read_bytes() + b"x")
    assert seal(path, "articles", 3).sha256 != done.sha256


def test_files_are_the_same_bytes_but_for_the_run_that_wrote_them(pages: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        clean(pages, tmp_path / name)
    for table in TABLES:
        one, two = (open_snapshot(tmp_path / name) for name in ("one", "two"))
        raws = [
            snapshot.files(table)[0].read_bytes().replace(snapshot.manifest.run_id.encode(), b"RUN")
            for snapshot in (one, two)
        ]
        if table != "rejects":  # it names the run in a column
            assert len(raws[0]) == len(raws[1])
        assert one.arrow(table).schema == two.arrow(table).schema
