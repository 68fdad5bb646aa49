"""Inputs in Google Cloud Storage, on an emulator that this test starts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from pipeline import open_snapshot
from tests.containers import COMPRESSIONS, jsonl, parquet, zipped
from tests.corpus import PATIENCE, as_process, clean, rows, write

pytest.importorskip("gcsfs", reason="the extra gs is not installed")
emulator = pytest.importorskip("gcp_storage_emulator.server", reason="gcp-storage-emulator is not installed")

TEXTS = [b"Rain fell on day %d. Nobody minded.\n" % number for number in range(60)]
CORPUS = {
    "crawl/a.txt": TEXTS[0],
    "crawl/b.jsonl.gz": COMPRESSIONS["gz"](jsonl(TEXTS[1:20])),
    "crawl/deep/c.parquet": parquet(TEXTS[20:40], rows=7),
    "crawl/deep/d.zip": zipped({f"{number}.txt": text for number, text in enumerate(TEXTS[40:])}),
    "crawl/cover.jpg": b"\xff\xd8",
}


def put(address: str, name: str, raw: bytes) -> None:
    """Store an object."""
    url = f"{address}/upload/storage/v1/b/bucket/o?uploadType=media&name={quote(name, safe='')}"
    with urlopen(Request(url, raw, {"Content-Type": "application/octet-stream"}), timeout=PATIENCE):  # noqa: S310 - http
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Hold a bucket with a corpus, and return where its server listens."""
    server = emulator.create_server("127.0.0.1", 0, in_memory=True, default_bucket="bucket")
    server.start()
    try:
        found = f"http://127.0.0.1:{server._api._httpd.server_port}"
        for name, raw in CORPUS.items():
            put(found, name, raw)
        yield found
    finally:
        server.stop()


def read(address: str, source: str, out: Path) -> str:
    """Clean what stands at an address of the store, and return the version that stands then."""
    there = {"STORAGE_EMULATOR_HOST": address, "FSSPEC_GS_TOKEN": "anon", "GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false"}
    done = as_process("run", source, "--out", out, "--quiet", env=there)
    assert done.returncode == 0, done.stderr
    return open_snapshot(out).version


def test_a_bucket_gives_the_rows_that_a_folder_gives(address: str, tmp_path: Path) -> None:
    clean(write(tmp_path / "local", CORPUS) / "crawl", tmp_path / "expected")
    assert read(address, "gs://bucket/crawl", tmp_path / "clean") == "v000001"
    assert rows(tmp_path / "clean") == rows(tmp_path / "expected")
    assert read(address, "gs://bucket/crawl", tmp_path / "clean") == "v000001"
    put(address, "crawl/a.txt", b"Another page. It is short.\n")
    assert read(address, "gs://bucket/crawl", tmp_path / "clean") == "v000002"


def test_a_pattern_finds_what_it_means(address: str, tmp_path: Path) -> None:
    read(address, "gs://bucket/crawl/**/*.zip", tmp_path / "clean")
    assert [row["member"] for row in rows(tmp_path / "clean")["articles"]] == [f"{number}.txt" for number in range(20)]
