"""The tables are opened as a user would, with programs that know nothing of the project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from pipeline import open_snapshot
from pipeline.schema import TABLES
from tests.corpus import clean, write

PLAIN = {f"{number}.txt": b"Rain fell on day %d. Nobody minded.\n" % number for number in range(9)}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an output whose pages have neither leaks nor related items."""
    folder = tmp_path_factory.mktemp("plain")
    clean(write(folder / "pages", PLAIN), folder / "clean")
    return folder / "clean"


def by_pandas(folder: Path) -> list[dict[str, Any]]:
    frame = pd.read_parquet(folder)
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def by_polars(folder: Path) -> list[dict[str, Any]]:
    return pl.read_parquet(folder).to_dicts()


def duck(query: str) -> duckdb.DuckDBPyRelation:
    found = duckdb.sql(query)
    assert found is not None
    return found


def by_duckdb(folder: Path) -> list[dict[str, Any]]:
    found = duck(f"SELECT * FROM '{folder}/*.parquet'")  # noqa: S608 - a path of this test's own
    columns = [name for name in found.columns if name not in {"published_at", "updated_at"}]  # these ask for pytz
    return [dict(zip(columns, row, strict=True)) for row in found.select(*columns).fetchall()]


def by_arrow(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ds.dataset(folder).to_table().to_pylist()
    return rows


READERS = [by_pandas, by_polars, by_duckdb, by_arrow]
Reader = Callable[[Path], list[dict[str, Any]]]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("table", list(TABLES))
def test_every_table_opens_with_all_of_its_rows(committed: Path, reader: Reader, table: str) -> None:
    assert len(reader(committed / "current" / table)) == open_snapshot(committed).manifest.counts[table] > 0


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("table", ["related_items", "artifacts", "rejects"])
def test_a_table_without_rows_opens_too(plain: Path, reader: Reader, table: str) -> None:
    assert reader(plain / "current" / table) == []


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("table", ["articles", "rejects"])
def test_rows_stand_in_order_of_their_source(committed: Path, reader: Reader, table: str) -> None:
    found = [(row["source_uri"], row["record"]) for row in reader(committed / "current" / table)]
    assert found == sorted(found)


@pytest.mark.parametrize("reader", READERS)
def test_the_values_are_those_that_were_written(committed: Path, reader: Reader) -> None:
    expected = {row["doc_id"]: row for row in open_snapshot(committed).arrow("articles").to_pylist()}
    for row in reader(committed / "current/articles"):
        for name in ("source_uri", "title", "body", "n_words", "raw_size", "published_local"):
            wanted = expected[row["doc_id"]][name]
            assert pd.isna(row[name]) if wanted is None else row[name] == wanted, name
        assert list(row["title_flags"]) == expected[row["doc_id"]]["title_flags"]


@pytest.mark.parametrize("table", list(TABLES))
@pytest.mark.parametrize("name", ["committed", "plain"])
def test_arrow_sees_the_types_of_the_schema(request: pytest.FixtureRequest, name: str, table: str) -> None:
    folder: Path = request.getfixturevalue(name)
    assert ds.dataset(folder / "current" / table).schema.equals(TABLES[table].arrow())


@pytest.mark.parametrize("name", ["committed", "plain"])
def test_pandas_sees_the_types_that_were_promised(request: pytest.FixtureRequest, name: str) -> None:
    folder: Path = request.getfixturevalue(name)
    articles = pd.read_parquet(folder / "current/articles").dtypes.astype(str)
    assert articles["published_at"] == "datetime64[us, UTC]"
    assert articles["updated_at"] == "datetime64[us, UTC]"
    assert articles["published_local"] == "datetime64[us]"
    assert articles["n_words"] == "int32"
    assert articles["raw_size"] == articles["record"] == "int64"
    related = pd.read_parquet(folder / "current/related_items").dtypes.astype(str)
    assert related["media_local"] == "datetime64[ns]"
    assert related["position"] == "int32"


@pytest.mark.parametrize("name", ["committed", "plain"])
def test_polars_sees_the_types_that_were_promised(request: pytest.FixtureRequest, name: str) -> None:
    folder: Path = request.getfixturevalue(name)
    articles = pl.read_parquet_schema(next((folder / "current/articles").iterdir()))
    assert articles["published_at"] == pl.Datetime("us", "UTC")
    assert articles["published_local"] == pl.Datetime("us")
    assert articles["title_flags"] == articles["warnings"] == pl.List(pl.String)
    assert articles["lead_date"] == pl.Date
    assert articles["utc_offset_minutes"] == pl.Int16
    related = pl.read_parquet(folder / "current/related_items").schema
    assert related["media_local"] == pl.Datetime("ns")
    assert related["sort_key"] == pl.Int64


@pytest.mark.parametrize("name", ["committed", "plain"])
def test_duckdb_sees_the_types_that_were_promised(request: pytest.FixtureRequest, name: str) -> None:
    folder: Path = request.getfixturevalue(name)
    described = duck(f"DESCRIBE '{folder}/current/articles/*.parquet'").fetchall()
    articles = {row[0]: row[1] for row in described}
    assert articles["published_at"] == "TIMESTAMP WITH TIME ZONE"
    assert articles["published_local"] == "TIMESTAMP"
    assert articles["title_flags"] == "VARCHAR[]"
    assert articles["lead_date"] == "DATE"
    assert articles["n_words"] == "INTEGER"
    assert articles["record"] == "BIGINT"
    described = duck(f"DESCRIBE '{folder}/current/artifacts/*.parquet'").fetchall()
    assert {row[0]: row[1] for row in described}["raw"] == "BLOB"


def test_tables_join_on_their_identity(committed: Path) -> None:
    query = f"""
        SELECT count(*) FROM '{committed}/current/articles/*.parquet' AS a
        JOIN '{committed}/current/related_items/*.parquet' AS r USING (doc_id)
    """  # noqa: S608 - a path of this test's own
    (found,) = duck(query).fetchall()
    assert found[0] == open_snapshot(committed).manifest.counts["related_items"]


def test_every_file_of_a_table_opens_alone(committed: Path) -> None:
    for table in TABLES:
        for path in (committed / "current" / table).iterdir():
            assert isinstance(pa.parquet.read_table(path), pa.Table)
