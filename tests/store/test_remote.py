"""Inputs that stand elsewhere, on servers that this test starts: S3 by moto, and HTTP; with connections that break."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline import open_snapshot
from pipeline.errors import UsageError
from pipeline.job import Options, run
from pipeline.store import remote
from pipeline.store.discovery import discover
from pipeline.store.readers.source import SourceError
from pipeline.verify import verify
from tests.containers import COMPRESSIONS, jsonl, parquet, zipped
from tests.corpus import PAGES, clean, rows, write
from tests.store.s3_server import Faults

s3fs = pytest.importorskip("s3fs", reason="the extra s3 is not installed")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")

TEXTS = [b"Rain fell on day %d. Nobody minded.\n" % number for number in range(300)]
CORPUS = {
    "crawl/a.txt": TEXTS[0],
    "crawl/b.jsonl.gz": COMPRESSIONS["gz"](jsonl(TEXTS[1:100])),
    "crawl/deep/c.parquet": parquet(TEXTS[100:200], rows=40),
    "crawl/deep/d.zip": zipped({f"{number}.txt": text for number, text in enumerate(TEXTS[200:220])}),
    "crawl/cover.jpg": b"\xff\xd8",
}


@pytest.fixture
def faults(bucket: Faults) -> Faults:
    """Hold a bucket with a corpus behind a proxy, and return what the proxy may be told."""
    for name, raw in CORPUS.items():
        s3fs.S3FileSystem().pipe(f"bucket/{name}", raw)
    return bucket


@pytest.fixture
def expected(tmp_path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what the corpus gives on this machine."""
    clean(write(tmp_path / "local", CORPUS) / "crawl", tmp_path / "expected")
    return rows(tmp_path / "expected")


@pytest.mark.usefixtures("faults")
def test_a_bucket_gives_the_rows_that_a_folder_gives(tmp_path: Path, expected: dict[str, Any]) -> None:
    out = tmp_path / "clean"
    assert run(["s3://bucket/crawl"], out, Options()).counts["ignored"] == 1
    assert rows(out) == expected
    assert verify(open_snapshot(out), full=True).breaches == ()
    assert run(["s3://bucket/crawl"], out, Options()).status == "unchanged"
    s3fs.S3FileSystem().pipe("bucket/crawl/a.txt", b"Another page. It is short.\n")
    assert run(["s3://bucket/crawl"], out, Options()).status == "committed"


@pytest.mark.usefixtures("faults")
@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("s3://bucket/crawl/a.txt", ["a.txt"]),
        ("s3://bucket/crawl/*.gz", ["b.jsonl.gz"]),
        ("s3://bucket/crawl/**/*.zip", ["deep/d.zip"]),
        ("s3://bucket/crawl/deep/", ["c.parquet", "d.zip"]),
    ],
)
def test_objects_patterns_and_folders_are_named_as_on_this_machine(source: str, names: list[str]) -> None:
    assert [item.source_uri for item in discover([source]).inputs] == names


@pytest.mark.usefixtures("faults")
@pytest.mark.parametrize("source", ["s3://bucket/nothing", "s3://bucket/*.nothing", "s3://nowhere/a.txt"])
def test_an_address_where_nothing_is_ends_the_run_and_is_named(source: str) -> None:
    with pytest.raises(UsageError) as refused:
        discover([source])
    assert source in str(refused.value)


@pytest.mark.parametrize("cuts", [1, 3])
def test_a_connection_that_breaks_costs_nothing(
    faults: Faults, tmp_path: Path, expected: dict[str, Any], cuts: int
) -> None:
    faults.cuts = cuts
    run(["s3://bucket/crawl"], tmp_path / "clean", Options())
    assert faults.cuts == 0
    assert rows(tmp_path / "clean") == expected


def test_one_that_breaks_each_time_costs_what_stands_behind_it_until_the_next_run(
    faults: Faults, tmp_path: Path, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "TRIES", 2)
    monkeypatch.setattr(remote, "BLOCK", 500)
    faults.path, faults.cuts = "b.jsonl", 10**6
    out = tmp_path / "clean"
    run(["s3://bucket/crawl"], out, Options())
    (reject,) = rows(out)["rejects"]
    assert (reject["source_uri"], reject["code"]) == ("b.jsonl.gz", "unreadable")
    assert "failed 2 times" in reject["message"]
    others = [row for row in expected["articles"] if row["source_uri"] != "b.jsonl.gz"]
    assert [row for row in rows(out)["articles"] if row["source_uri"] != "b.jsonl.gz"] == others
    assert verify(open_snapshot(out), full=True).breaches == ()
    faults.cuts = 0
    assert run(["s3://bucket/crawl"], out, Options()).status == "committed"
    assert rows(out) == expected


def test_reading_goes_on_from_the_byte_where_it_failed(faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = bytes(range(256)) * 40
    s3fs.S3FileSystem().pipe("bucket/crawl/x.bin", raw)
    monkeypatch.setattr(remote, "BLOCK", 1000)
    faults.path = "x.bin"
    with remote.opened("s3://bucket/crawl/x.bin") as source:
        begin = source.read(5000)
        faults.cuts = 2
        faults.seen.clear()
        assert begin + source.read() == raw
    assert faults.seen
    assert all(not asked.startswith("bytes=0-") for asked in faults.seen)


def test_what_replaces_an_object_is_never_mixed_with_what_was_read(
    faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = s3fs.S3FileSystem()
    monkeypatch.setattr(remote, "BLOCK", 1000)
    system.pipe("bucket/crawl/x.bin", b"a" * 10_000)
    faults.path = "x.bin"
    with remote.opened("s3://bucket/crawl/x.bin") as source:
        assert source.read(5000) == b"a" * 5000
        system.pipe("bucket/crawl/x.bin", b"b" * 10_000)
        with pytest.raises(SourceError) as refused:
            source.finish()
    assert refused.value.code == "changed_while_read"


# ------------------------------------------------------------------------------------------------------ others


@pytest.mark.parametrize("ranges", [True, False])
def test_http_servers_are_read_with_ranges_and_without(tmp_path: Path, *, ranges: bool) -> None:
    pytest.importorskip("aiohttp", reason="the extra http is not installed")
    files = {"/crawl/b.jsonl.gz": CORPUS["crawl/b.jsonl.gz"], "/crawl/c.parquet": CORPUS["crawl/deep/c.parquet"]}

    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            raw = files.get(self.path.partition("?")[0])
            if raw is None:
                self.send_error(404)
                return
            asked = self.headers.get("Range") if ranges else None
            first, last = 0, len(raw) - 1
            if asked:
                begin, _, end = asked.removeprefix("bytes=").partition("-")
                first, last = int(begin), min(int(end or last), last)
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {first}-{last}/{len(raw)}")
            else:
                self.send_response(200)
            if ranges:
                self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Length", str(last + 1 - first))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(raw[first : last + 1])

        do_HEAD = do_GET  # noqa: N815 - a name of the protocol

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        at = f"http://127.0.0.1:{server.server_port}/crawl"
        run([f"{at}/b.jsonl.gz?page=1", f"{at}/c.parquet"], tmp_path / "clean", Options())
    finally:
        server.shutdown()
        server.server_close()
    found = rows(tmp_path / "clean")
    assert found["rejects"] == []
    assert [row["source_uri"] for row in found["articles"]] == ["b.jsonl.gz"] * 99 + ["c.parquet"] * 100


class Odd(BaseHTTPRequestHandler):
    """Answers with the status that the path names, and does not tell the size of what it gives."""

    def do_GET(self) -> None:
        self.send_response(int(self.path.split("/")[1]))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(b"Rain fell.")

    do_HEAD = do_GET  # noqa: N815 - a name of the protocol

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_what_a_web_server_does_not_give_is_told_for_what_it_is() -> None:
    pytest.importorskip("aiohttp", reason="the extra http is not installed")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = f"http://127.0.0.1:{server.server_port}"
    try:
        for path, why in (("404/a.txt", "no such object"), ("500/a.txt", "cannot be reached: .*500")):
            with pytest.raises(UsageError, match=why):
                discover([f"{at}/{path}"])
        (item,) = discover([f"{at}/200/a.txt"]).inputs
        with pytest.raises(SourceError, match="does not tell its size"), remote.opened(item.path):
            pass
    finally:
        server.shutdown()
        server.server_close()
    with pytest.raises(UsageError, match="cannot be reached"):
        discover([f"{at}/200/a.txt"])


def test_memory_is_read_too(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec", reason="the extra http is not installed")
    system = fsspec.filesystem("memory")
    for name, raw in PAGES.items():
        system.pipe(f"/pages/{name}", raw)
    run(["memory://pages"], tmp_path / "clean", Options())
    clean(write(tmp_path / "pages"), tmp_path / "expected")
    assert rows(tmp_path / "clean") == rows(tmp_path / "expected")


def test_an_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(url: str, **_: object) -> None:
        raise ImportError(f"no module for {url}")

    monkeypatch.setattr("fsspec.core.url_to_fs", missing)
    with pytest.raises(UsageError, match=r"pip install 'descrape\[gs\]'"):
        discover(["gs://bucket/crawl"])
    with pytest.raises(UsageError, match="are not read"):
        discover(["ftp://host/crawl"])
