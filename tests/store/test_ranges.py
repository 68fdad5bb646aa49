"""A server, or a cache before it, that answers with other bytes than those asked for: nothing of them is taken."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline.job import Options, run
from pipeline.store import remote
from pipeline.store.ranges import Expected, OtherBytesError, refuse_others
from tests.containers import jsonl
from tests.corpus import rows
from tests.store.s3_server import Faults

pytest.importorskip("aiohttp", reason="the extra http is not installed")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")

TEXTS = [f"Rain fell on day {number}. Nobody minded.\n".encode() for number in range(200)]
OTHERS = [f"Snow fell on day {number}. Nobody minded.\n".encode() for number in range(200)]
RAW, OTHER = jsonl(TEXTS), jsonl(OTHERS)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "BLOCK", 1000)
    monkeypatch.setattr("pipeline.store.documents.BUFFER", 1000)
    monkeypatch.setattr(remote, "FIRST_WAIT", 0.01)


class Server(ThreadingHTTPServer):
    """Serves one object, and lies so often about a part that does not begin at its first byte."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lie = ""
        self.times = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/crawl.jsonl"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        first, last = 0, len(RAW) - 1
        asked, lie = self.headers.get("Range"), ""
        if asked:
            first, last = (int(end) for end in asked.removeprefix("bytes=").split("-"))
            last = min(last, len(RAW) - 1)
        if first and self.server.times:
            self.server.times -= 1
            lie = self.server.lie
        content, named, tag, size = RAW[first : last + 1], f"bytes {first}-{last}", '"rain"', len(RAW)
        if lie == "elsewhere":
            content, named = RAW[: last + 1 - first], f"bytes 0-{last - first}"
        elif lie == "unnamed":
            content, named = RAW[: last + 1 - first], ""
        elif lie == "replaced":
            content, tag = OTHER[first : last + 1], '"snow"'
        elif lie == "grown":
            content, size = OTHER[first : last + 1], len(RAW) + 1
        elif lie == "begin as a whole":
            content, named = RAW[: last + 1 - first], ""
        self.send_response(206 if asked and lie != "begin as a whole" else 200)
        if named and asked:
            self.send_header("Content-Range", f"{named}/{size}")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    do_HEAD = do_GET  # noqa: N815 - a name of the protocol

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as serving:
        yield serving
        serving.shutdown()


LIES = ["elsewhere", "unnamed", "replaced", "grown", "begin as a whole"]


def bodies(out: Path) -> list[bytes]:
    return [f"{row['body']}\n".encode() for row in rows(out)["articles"]]


@pytest.mark.parametrize("lie", LIES)
def test_other_bytes_once_cost_nothing(server: Server, tmp_path: Path, lie: str) -> None:
    server.lie, server.times = lie, 1
    assert run([server.url], tmp_path / "clean", Options()).counts["rejects"] == 0
    assert server.times == 0
    assert bodies(tmp_path / "clean") == TEXTS


@pytest.mark.parametrize("lie", LIES)
def test_other_bytes_each_time_are_one_reject_and_nothing_is_mixed(server: Server, tmp_path: Path, lie: str) -> None:
    server.lie, server.times = lie, 10**6
    run([server.url], tmp_path / "clean", Options())
    (reject,) = rows(tmp_path / "clean")["rejects"]
    assert (reject["source_uri"], reject["code"]) == ("crawl.jsonl", "unreadable")
    assert "was asked for, and the answer is" in reject["message"]
    read = bodies(tmp_path / "clean")
    assert read == TEXTS[: len(read)]
    server.times = 0
    run([server.url], tmp_path / "clean", Options())
    assert bodies(tmp_path / "clean") == TEXTS


@pytest.mark.parametrize("shifts", [1, 10**6])
def test_s3_is_held_to_what_it_was_asked_for(tmp_path: Path, bucket: Faults, shifts: int) -> None:
    s3fs = pytest.importorskip("s3fs", reason="the extra s3 is not installed")
    s3fs.S3FileSystem().pipe("bucket/crawl.jsonl", RAW)
    bucket.path, bucket.shifts = "crawl.jsonl", shifts
    run(["s3://bucket/crawl.jsonl"], tmp_path / "clean", Options())
    read = bodies(tmp_path / "clean")
    assert read == TEXTS[: len(read)]
    rejects = rows(tmp_path / "clean")["rejects"]
    assert (len(read) == len(TEXTS)) is not bool(rejects)
    assert [row["code"] for row in rejects] == (["unreadable"] if shifts > 1 else [])


PART = {"Range": "bytes=500-999"}


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ({}, 200, {}),
        ({"Range": "bytes=0-999"}, 200, {}),
        (PART, 206, {"Content-Range": "bytes 500-999/4000"}),
        (PART, 206, {"Content-Range": "bytes 500-700/*"}),
        ({"Range": "bytes=500-"}, 206, {"Content-Range": "bytes 500-3999/4000"}),
        (PART, 416, {"Content-Range": "bytes */100"}),
        (PART, 503, {}),
    ],
)
def test_answers_that_fit_are_taken(asked: Mapping[str, str], status: int, told: Mapping[str, str]) -> None:
    refuse_others(asked, status, told, Expected(4000, '"tag"'))


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (200, {}),
        (206, {}),
        (206, {"Content-Range": "bytes 501-999/4000"}),
        (206, {"Content-Range": "bytes 500-1000/4000"}),
        (206, {"Content-Range": "bytes 500-999/4001"}),
        (206, {"Content-Range": "bytes 500-999/4000", "ETag": '"another"'}),
        (206, {"Content-Range": "bytes ٥٠٠-٩٩٩/4000"}),
    ],
)
def test_answers_with_other_bytes_are_refused(status: int, told: Mapping[str, Any]) -> None:
    with pytest.raises(OtherBytesError, match="was asked for, and the answer is"):
        refuse_others(PART, status, told, Expected(4000, '"tag"'))
